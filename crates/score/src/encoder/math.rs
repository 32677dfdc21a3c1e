//! The arithmetic of the encoder beside its matrix products: norms, activations, attention.
//!
//! Written so that the compiler computes eight values at once where the caller's registers allow
//! it. Sums run over eight lanes, in an order that depends on the length of a row alone: no
//! processor and no company changes a bit.

#![expect(
    clippy::inline_always,
    reason = "only what is inlined into a dispatched function uses its registers"
)]

pub(super) const LANES: usize = 8;

/// A dense layer for one row alone, such as the heads.
pub(super) struct DenseRow {
    /// Row-major, one row per output.
    pub(super) weight: Vec<f32>,
    pub(super) bias: Vec<f32>,
    pub(super) inputs: usize,
}

impl DenseRow {
    /// `weight · x + bias`.
    pub(super) fn apply(&self, x: &[f32]) -> Vec<f32> {
        self.weight.chunks_exact(self.inputs).zip(&self.bias).map(|(row, bias)| dot(row, x) + bias).collect()
    }
}

/// Scale and shift of a layer norm.
pub(super) struct Norm {
    pub(super) weight: Vec<f32>,
    pub(super) bias: Vec<f32>,
}

impl Norm {
    /// Normalises every row of `x + added` into `x`. `added` may be empty.
    #[inline(always)]
    pub(super) fn apply(&self, x: &mut [f32], added: &[f32], epsilon: f32) {
        let width = self.weight.len();
        for (at, row) in x.chunks_exact_mut(width).enumerate() {
            if let Some(more) = added.get(at * width..(at + 1) * width) {
                row.iter_mut().zip(more).for_each(|(value, more)| *value += more);
            }
            self.one(row, epsilon);
        }
    }

    #[inline(always)]
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

/// Lanes of a sum over a row: several registers, so that one addition need not wait for the one
/// before.
const SUM_LANES: usize = 4 * LANES;

/// Sum of `of` every value.
#[inline(always)]
pub(super) fn sum(row: &[f32], of: impl Fn(f32) -> f32) -> f32 {
    let (chunks, rest) = row.as_chunks::<SUM_LANES>();
    let mut lanes = [0.0_f32; SUM_LANES];
    for chunk in chunks {
        lanes.iter_mut().zip(chunk).for_each(|(lane, value)| *lane += of(*value));
    }
    lanes.iter().sum::<f32>() + rest.iter().map(|value| of(*value)).sum::<f32>()
}

#[inline(always)]
pub(super) fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut lanes = [0.0_f32; LANES];
    for (a, b) in a.as_chunks::<LANES>().0.iter().zip(b.as_chunks::<LANES>().0) {
        lanes.iter_mut().zip(a.iter().zip(b)).for_each(|(lane, (a, b))| *lane += a * b);
    }
    lanes.iter().sum()
}

/// `out += factor · row`.
#[inline(always)]
pub(super) fn add_scaled(out: &mut [f32], factor: f32, row: &[f32]) {
    for (out, row) in out.as_chunks_mut::<LANES>().0.iter_mut().zip(row.as_chunks::<LANES>().0) {
        // Read whole, then written whole: value by value, the compiler fears that the two overlap.
        let mut sums = *out;
        sums.iter_mut().zip(row).for_each(|(sum, value)| *sum += factor * value);
        *out = sums;
    }
}

/// What attention needs to know of a model, and its buffers.
pub(super) struct Attention {
    pub(super) width: usize,
    pub(super) heads: usize,
    /// `1/√(size of a head)`.
    pub(super) scale: f32,
    /// Keys of one head, turned: for every place in the head's space a row of all keys.
    keys: Vec<f32>,
    /// Shares of one query.
    pub(super) scores: Vec<f32>,
}

impl Attention {
    /// Checks the shape: whole registers for every head.
    pub(super) fn new(width: usize, heads: usize) -> Result<Self, String> {
        let size = width.checked_div(heads).unwrap_or_default();
        if size == 0 || size * heads != width || !size.is_multiple_of(LANES) {
            return Err(format!("{heads} heads do not divide the width {width} into multiples of {LANES}"));
        }
        #[expect(clippy::cast_precision_loss, clippy::as_conversions, reason = "some dozen values")]
        let scale = 1.0 / (size as f32).sqrt();
        Ok(Self { width, heads, scale, keys: Vec::new(), scores: Vec::new() })
    }

    /// One sequence: `qkv` holds for every token query, key and value; `seen` gets what the token
    /// sees.
    #[inline(always)]
    pub(super) fn apply(&mut self, qkv: &[f32], seen: &mut [f32]) {
        let (width, size) = (self.width, self.width / self.heads);
        let length = seen.len() / width;
        for at in (0..width).step_by(size) {
            self.turn_keys(qkv, at, length);
            for (token, seen) in qkv.chunks_exact(width * 3).zip(seen.chunks_exact_mut(width)) {
                self.weigh(token.get(at..at + size).unwrap_or_default(), length);
                let seen = seen.get_mut(at..at + size).unwrap_or_default();
                seen.fill(0.0);
                for (share, other) in self.scores.iter().zip(qkv.chunks_exact(width * 3)) {
                    add_scaled(
                        seen,
                        *share,
                        other.get(width * 2 + at..width * 2 + at + size).unwrap_or_default(),
                    );
                }
            }
        }
    }

    /// The share of each of `length` turned keys in the answer to a query.
    #[inline(always)]
    pub(super) fn weigh(&mut self, query: &[f32], length: usize) {
        let room = length.next_multiple_of(LANES);
        self.scores.clear();
        self.scores.resize(room, 0.0);
        for (factor, keys) in query.iter().zip(self.keys.chunks_exact(room)) {
            add_scaled(&mut self.scores, factor * self.scale, keys);
        }
        // Registers are whole; what is beyond the last key weighs nothing.
        self.scores.iter_mut().skip(length).for_each(|score| *score = f32::NEG_INFINITY);
        softmax(&mut self.scores);
        self.scores.truncate(length);
    }

    /// So that the scores of one query with eight keys are computed at once, without sums across a
    /// register.
    #[inline(always)]
    pub(super) fn turn_keys(&mut self, qkv: &[f32], at: usize, length: usize) {
        let (size, room) = (self.width / self.heads, length.next_multiple_of(LANES));
        self.keys.clear();
        self.keys.resize(size * room, 0.0);
        for (token, values) in qkv.chunks_exact(self.width * 3).enumerate() {
            let key = values.get(self.width + at..self.width + at + size).unwrap_or_default();
            for (place, value) in self.keys.iter_mut().skip(token).step_by(room).zip(key) {
                *place = *value;
            }
        }
    }
}

/// Gaussian error linear unit, the exact form `x · Φ(x)` that BERT was trained with.
#[inline(always)]
pub(super) fn gelu(from: &[f32], to: &mut [f32]) {
    for (to, x) in to.iter_mut().zip(from) {
        *to = x * (0.5 * (1.0 + erf(x * std::f32::consts::FRAC_1_SQRT_2)));
    }
}

/// Multiplies a gradient by the slope of [`gelu`] at `values`: `Φ(x) + x · φ(x)`.
#[inline(always)]
pub(super) fn gelu_back(values: &[f32], gradient: &mut [f32]) {
    /// `1/√(2π)`.
    const PEAK: f32 = 0.398_942_3;
    for (gradient, x) in gradient.iter_mut().zip(values) {
        let below = 0.5 * (1.0 + erf(*x * std::f32::consts::FRAC_1_SQRT_2));
        *gradient *= below + x * PEAK * exp(-0.5 * x * x);
    }
}

/// The error function by the rational approximation that Eigen and ONNX Runtime use; at most 5e-7
/// off. No branches, so that it runs on several values at once: `libm`'s would take half of the
/// whole time.
#[inline(always)]
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

/// `eˣ`: a power of two times a polynomial of degree 5 (Cephes), at most 2e-7 off, relatively.
/// `std`'s computes one value after the other, and another last digit with another C library.
#[inline(always)]
pub(super) fn exp(x: f32) -> f32 {
    /// 1.5 · 2²³: added, it leaves the nearest whole number in the lowest bits.
    const ROUND: f32 = 12_582_912.0;
    const FACTORS: [f32; 6] =
        [1.987_569_1e-4, 1.398_199_9e-3, 8.333_452e-3, 4.166_579_6e-2, 1.666_666_5e-1, 0.5];
    let x = x.clamp(-87.0, 88.0);
    let shifted = x * std::f32::consts::LOG2_E + ROUND;
    let whole = shifted - ROUND;
    // ln 2 in two parts, the first of which has few digits: the products are exact.
    let rest = x - whole * 0.693_359_4 + whole * 2.121_944_4e-4;
    let part = FACTORS.iter().fold(0.0, |sum, factor| sum * rest + factor);
    let power = f32::from_bits((shifted.to_bits() << 23).wrapping_add(0x3f80_0000));
    (part * rest * rest + rest + 1.0) * power
}

/// Turns logits into probabilities, in place.
#[inline(always)]
pub(crate) fn softmax(row: &mut [f32]) {
    let most = largest(row);
    for value in row.iter_mut() {
        *value = exp(*value - most);
    }
    let total = sum(row, |value| value);
    for value in row.iter_mut() {
        *value /= total;
    }
}

/// The largest value; NaN is passed over.
#[inline(always)]
fn largest(row: &[f32]) -> f32 {
    let (chunks, rest) = row.as_chunks::<LANES>();
    let mut lanes = [f32::NEG_INFINITY; LANES];
    for chunk in chunks {
        lanes.iter_mut().zip(chunk).for_each(|(lane, value)| *lane = larger(*lane, *value));
    }
    lanes.iter().chain(rest).copied().fold(f32::NEG_INFINITY, larger)
}

fn larger(a: f32, b: f32) -> f32 {
    if b > a { b } else { a }
}

/// `1 / (1 + e⁻ˣ)`.
pub(crate) fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + exp(-x))
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn the_exponential_is_close_to_the_library_s() {
        for step in -8_700..8_800_i16 {
            let x = f32::from(step) / 100.0;
            assert!((exp(x) / x.exp() - 1.0).abs() < 3e-7, "exp({x}) = {}", exp(x));
        }
        assert!(exp(f32::NEG_INFINITY) < 1e-37);
    }

    #[test]
    fn a_token_sees_the_values_of_those_that_fit_its_question() {
        let (width, length) = (16, 11);
        let mut qkv = vec![0.0; length * width * 3];
        for (token, row) in qkv.chunks_exact_mut(width * 3).enumerate() {
            let mark = f32::from(u8::try_from(token).unwrap());
            row[0] = 30.0;
            row[width] = if token == 4 { 30.0 } else { 0.0 };
            row[width * 2..].fill(mark);
        }
        let mut seen = vec![9.0; length * width];
        Attention::new(width, 2).unwrap().apply(&qkv, &mut seen);

        // The first head asks for token 4 alone; the second asks for nothing and sees the mean of
        // all.
        assert!(
            seen.chunks_exact(width).all(|row| (row[0] - 4.0).abs() < 1e-4 && (row[15] - 5.0).abs() < 1e-4)
        );
    }

    #[test]
    fn heads_of_half_a_register_are_refused() {
        assert!(
            Attention::new(24, 5).is_err()
                && Attention::new(24, 6).is_err()
                && Attention::new(24, 0).is_err()
        );
    }

    #[test]
    fn probabilities_add_up_and_keep_the_order() {
        let mut row = [1000.0, 998.0, -5.0];

        softmax(&mut row);

        assert!((row.iter().sum::<f32>() - 1.0).abs() < 1e-6);
        assert!(row[0] > row[1] && row[1] > row[2]);
    }
}
