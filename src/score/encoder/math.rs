//! The arithmetic of the encoder. The only place that names the matrix library.
//!
//! Every function gives one row the same bits whatever stands in the rows beside it, for batches of two rows
//! or more; a test holds it to that. Sums run over eight lanes, in an order that does not depend on the batch.

use ndarray::linalg::general_mat_mul;
use ndarray::{ArrayView2, ArrayViewMut2, ShapeBuilder as _};

const LANES: usize = 8;

/// A dense layer: `out = x · weightᵀ + bias`.
pub(super) struct Linear {
    /// Row-major, one row per output.
    pub(super) weight: Vec<f32>,
    pub(super) bias: Vec<f32>,
    pub(super) inputs: usize,
}

impl Linear {
    /// Number of outputs.
    pub(super) const fn outputs(&self) -> usize {
        self.bias.len()
    }

    /// `x` holds rows of `inputs` values; `out` is overwritten with as many rows of `outputs` values.
    pub(super) fn apply(&self, x: &[f32], out: &mut Vec<f32>) {
        let rows = x.len() / self.inputs.max(1);
        out.clear();
        for _ in 0..rows {
            out.extend_from_slice(&self.bias);
        }
        let weight = Block::dense(self.outputs(), self.inputs).of(&self.weight);
        let target = Block::dense(rows, self.outputs()).of_mut(out);
        let turned = weight.map(ArrayView2::reversed_axes);
        product(1.0, Block::dense(rows, self.inputs).of(x), turned, 1.0, target);
    }

    /// One row alone, for the heads: the library computes a single row in another order than several.
    pub(super) fn apply_row(&self, x: &[f32]) -> Vec<f32> {
        self.weight.chunks_exact(self.inputs).zip(&self.bias).map(|(row, bias)| dot(row, x) + bias).collect()
    }
}

/// A stretch of rows inside a wider matrix.
#[derive(Clone, Copy)]
pub(super) struct Block {
    pub(super) rows: usize,
    pub(super) columns: usize,
    /// Distance of two rows.
    pub(super) stride: usize,
}

impl Block {
    /// A dense matrix.
    const fn dense(rows: usize, columns: usize) -> Self {
        Self { rows, columns, stride: columns }
    }

    /// The block at the beginning of `values`.
    fn of<'a>(&self, values: &'a [f32]) -> Option<ArrayView2<'a, f32>> {
        let values = values.get(..self.length())?;
        ArrayView2::from_shape((self.rows, self.columns).strides((self.stride, 1)), values).ok()
    }

    fn of_mut<'a>(&self, values: &'a mut [f32]) -> Option<ArrayViewMut2<'a, f32>> {
        let values = values.get_mut(..self.length())?;
        ArrayViewMut2::from_shape((self.rows, self.columns).strides((self.stride, 1)), values).ok()
    }

    const fn length(&self) -> usize {
        if self.rows == 0 { 0 } else { (self.rows - 1) * self.stride + self.columns }
    }
}

/// `out = scale · a · b + keep · out`. Blocks that do not lie inside their values are a defect of this module;
/// nothing is computed then.
fn product(
    scale: f32,
    a: Option<ArrayView2<'_, f32>>,
    b: Option<ArrayView2<'_, f32>>,
    keep: f32,
    out: Option<ArrayViewMut2<'_, f32>>,
) {
    debug_assert!(a.is_some() && b.is_some() && out.is_some(), "a block lies outside its values");
    if let (Some(a), Some(b), Some(mut out)) = (a, b, out) {
        general_mat_mul(scale, &a, &b, keep, &mut out);
    }
}

/// `out = scale · a · bᵀ`; `out` is dense.
pub(super) fn times_transposed(a: (&[f32], Block), b: (&[f32], Block), scale: f32, out: &mut [f32]) {
    let turned = b.1.of(b.0).map(ArrayView2::reversed_axes);
    product(scale, a.1.of(a.0), turned, 0.0, Block::dense(a.1.rows, b.1.rows).of_mut(out));
}

/// `target = a · b`, with `a` dense and `target` a block of `out`.
pub(super) fn times(a: &[f32], b: (&[f32], Block), out: &mut [f32], target: Block) {
    product(1.0, Block::dense(target.rows, b.1.rows).of(a), b.1.of(b.0), 0.0, target.of_mut(out));
}

/// Scale and shift of a layer norm.
pub(super) struct Norm {
    pub(super) weight: Vec<f32>,
    pub(super) bias: Vec<f32>,
}

impl Norm {
    /// Normalises every row of `x + added` into `x`. `added` may be empty.
    pub(super) fn apply(&self, x: &mut [f32], added: &[f32], epsilon: f32) {
        let width = self.weight.len();
        for (at, row) in x.chunks_exact_mut(width).enumerate() {
            if let Some(more) = added.get(at * width..(at + 1) * width) {
                row.iter_mut().zip(more).for_each(|(value, more)| *value += more);
            }
            self.one(row, epsilon);
        }
    }

    #[expect(clippy::cast_precision_loss, clippy::as_conversions, reason = "a row has some hundred values")]
    fn one(&self, row: &mut [f32], epsilon: f32) {
        let count = row.len() as f32;
        let mean = sum(row, |value| value) / count;
        let variance = sum(row, |value| (value - mean) * (value - mean)) / count;
        let scale = 1.0 / (variance + epsilon).sqrt();
        for ((value, weight), bias) in row.iter_mut().zip(&self.weight).zip(&self.bias) {
            *value = (*value - mean) * scale * weight + bias;
        }
    }
}

fn sum(row: &[f32], of: impl Fn(f32) -> f32) -> f32 {
    let chunks = row.chunks_exact(LANES);
    let rest: f32 = chunks.remainder().iter().map(|value| of(*value)).sum();
    let mut lanes = [0.0_f32; LANES];
    for chunk in chunks {
        lanes.iter_mut().zip(chunk).for_each(|(lane, value)| *lane += of(*value));
    }
    lanes.iter().sum::<f32>() + rest
}

fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut lanes = [0.0_f32; LANES];
    for (a, b) in a.chunks_exact(LANES).zip(b.chunks_exact(LANES)) {
        lanes.iter_mut().zip(a.iter().zip(b)).for_each(|(lane, (a, b))| *lane += a * b);
    }
    lanes.iter().sum()
}

/// Gaussian error linear unit, the exact form `x · Φ(x)` that BERT was trained with.
pub(super) fn gelu(values: &mut [f32]) {
    for value in values {
        *value *= 0.5 * (1.0 + erf(*value * std::f32::consts::FRAC_1_SQRT_2));
    }
}

/// The error function by the rational approximation that Eigen and ONNX Runtime use; at most 5e-7 off.
/// No branches, so that it runs on several values at once: `libm`'s would take half of the whole time.
fn erf(x: f32) -> f32 {
    const UPPER: [f32; 7] = [
        -2.726_142_3e-10,
        2.770_681_4e-8,
        -2.101_024e-6,
        -5.692_506_4e-5,
        -7.349_906_3e-4,
        -2.954_6e-3,
        -1.609_603_3e-2,
    ];
    const LOWER: [f32; 5] =
        [-1.456_607_2e-5, -2.133_740_6e-4, -1.682_827e-3, -7.373_329_2e-3, -1.426_473_9e-2];
    let x = x.clamp(-4.0, 4.0);
    let square = x * x;
    let upper = UPPER.iter().fold(0.0, |sum, factor| sum * square + factor);
    let lower = LOWER.iter().fold(0.0, |sum, factor| sum * square + factor);
    x * upper / lower
}

/// Turns logits into probabilities, in place.
pub(super) fn softmax(row: &mut [f32]) {
    let most = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut total = 0.0;
    for value in row.iter_mut() {
        *value = (*value - most).exp();
        total += *value;
    }
    for value in row.iter_mut() {
        *value /= total;
    }
}

/// `1 / (1 + e⁻ˣ)`.
pub(super) fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + (-x).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[expect(clippy::cast_precision_loss, clippy::as_conversions, reason = "24 bits fit")]
    fn values(count: usize, seed: u32) -> Vec<f32> {
        let mut state = seed;
        std::iter::repeat_with(|| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as f32 / 8_388_608.0 - 1.0
        })
        .take(count)
        .collect()
    }

    #[test]
    fn a_row_gives_the_same_bits_in_any_company() {
        let (inputs, outputs, rows) = (384, 96, 200);
        let layer = Linear { weight: values(inputs * outputs, 1), bias: values(outputs, 2), inputs };
        let x = values(inputs * rows, 3);
        let (mut all, mut few) = (Vec::new(), Vec::new());
        layer.apply(&x, &mut all);

        for (from, count) in [(0, 2), (1, 3), (50, 5), (7, 22), (100, 64), (0, 199)] {
            layer.apply(&x[from * inputs..(from + count) * inputs], &mut few);
            let same = &all[from * outputs..(from + count) * outputs];
            assert!(few.iter().zip(same).all(|(a, b)| a.to_bits() == b.to_bits()), "{from} {count}");
        }
    }

    #[test]
    fn the_error_function_is_close_to_known_values() {
        for (x, known) in [
            (0.0, 0.0),
            (0.1, 0.112_462_916),
            (0.5, 0.520_499_9),
            (1.0, 0.842_700_8),
            (2.0, 0.995_322_3),
            (3.0, 0.999_977_9),
            (-1.5, -0.966_105_15),
            (9.0, 1.0),
        ] {
            assert!((erf(x) - known).abs() < 6e-7, "erf({x}) = {}", erf(x));
        }
    }

    #[test]
    fn probabilities_add_up_and_keep_the_order() {
        let mut row = [1000.0, 998.0, -5.0];

        softmax(&mut row);

        assert!((row.iter().sum::<f32>() - 1.0).abs() < 1e-6);
        assert!(row[0] > row[1] && row[1] > row[2]);
    }
}
