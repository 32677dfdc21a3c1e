//! Dense layers: rows times weights that were packed once, in the processor's vector registers.
//!
//! The only place that names the vector library. A result is one chain of fused multiply-adds over
//! the inputs, in their order, begun at the bias: it has the same bits whatever stands in the rows
//! beside it, and whatever registers the processor has.

use pulp::{Arch, Simd, WithSimd};

/// Outputs that are computed together with registers of sixteen values: three registers for each of
/// eight rows.
const WIDE: usize = 48;

/// Outputs that are computed together in all other registers: two of eight values, four of four.
const NARROW: usize = 16;

/// Inputs that are taken at once: a panel of 384 × 16 values (24 KiB) stays in the first-level
/// cache. One of 384 × 48 does not and is read in order; half the depth was no faster.
const DEPTH: usize = 384;

/// Steps of the innermost loop that are written out: 190 GFLOP/s instead of 170 with registers of
/// sixteen.
const UNROLLED: usize = 4;

/// A dense layer: `out = x · weightᵀ + bias`.
pub(super) struct Dense {
    stages: Vec<WeightBlock>,
    bias: Vec<f32>,
    inputs: usize,
    /// Outputs of a panel: [`WIDE`] or [`NARROW`].
    panel: usize,
}

/// The weights of at most [`DEPTH`] inputs.
struct WeightBlock {
    /// First input.
    from: usize,
    depth: usize,
    /// For the outputs of every panel their weights, input by input.
    panels: Vec<f32>,
}

impl Dense {
    /// Packs weights that are given row by row, one row per output.
    pub(super) fn new(weight: &[f32], bias: Vec<f32>, inputs: usize) -> Result<Self, String> {
        if weight.len() != bias.len() * inputs {
            return Err(format!("{} weights are not {} rows of {inputs}", weight.len(), bias.len()));
        }
        if !bias.len().is_multiple_of(NARROW) {
            return Err(format!("{} outputs are no multiple of {NARROW}", bias.len()));
        }
        let wide = Arch::new().dispatch(RegisterWidth) == 16 && bias.len().is_multiple_of(WIDE);
        let width = if wide { WIDE } else { NARROW };
        let stages = (0..inputs).step_by(DEPTH).map(|from| {
            let depth = DEPTH.min(inputs - from);
            let mut panels = Vec::with_capacity(depth * bias.len());
            for panel in weight.chunks_exact(width * inputs) {
                for input in from..from + depth {
                    panels.extend(panel.iter().skip(input).step_by(inputs));
                }
            }
            WeightBlock { from, depth, panels }
        });
        Ok(Self { stages: stages.collect(), bias, inputs, panel: width })
    }

    /// The layer that carries a gradient of the outputs back to the inputs: `weightᵀ` without a
    /// bias.
    pub(super) fn back(weight: &[f32], inputs: usize) -> Result<Self, String> {
        let turned: Vec<f32> =
            (0..inputs).flat_map(|input| weight.iter().skip(input).step_by(inputs.max(1)).copied()).collect();
        Self::new(&turned, vec![0.0; inputs], weight.len().checked_div(inputs).unwrap_or_default())
    }

    /// Number of outputs.
    pub(super) const fn outputs(&self) -> usize {
        self.bias.len()
    }
}

/// Applies layers; owns the buffer in which it packs rows.
pub(super) struct Multiplier {
    arch: Arch,
    packed: Vec<f32>,
}

impl Multiplier {
    /// For processors of the kind `arch`.
    pub(super) const fn new(arch: Arch) -> Self {
        Self { arch, packed: Vec::new() }
    }

    /// `x` holds rows of as many values as the layer has inputs; `out` is overwritten with as many
    /// rows of outputs.
    pub(super) fn apply(&mut self, layer: &Dense, x: &[f32], out: &mut Vec<f32>) {
        // What was there is overwritten: the sums of the first stage begin at the bias.
        out.resize(x.len() / layer.inputs.max(1) * layer.outputs(), 0.0);
        for stage in &layer.stages {
            self.arch.dispatch(Product { layer, stage, x, out, packed: &mut self.packed });
        }
    }
}

/// `out += x · weightsᵀ` over the inputs of one stage.
struct Product<'a> {
    layer: &'a Dense,
    stage: &'a WeightBlock,
    x: &'a [f32],
    out: &'a mut [f32],
    packed: &'a mut Vec<f32>,
}

#[expect(
    clippy::inline_always,
    reason = "only what is inlined into the dispatched function uses its registers"
)]
impl WithSimd for Product<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        // As many sums as leave room for the operands among the registers: 32 of sixteen values, or
        // sixteen.
        match (S::F32_LANES, self.layer.panel) {
            (16, WIDE) => self.run::<S, 8, 3, WIDE>(simd),
            (16, NARROW) => self.run::<S, 12, 1, NARROW>(simd),
            (8, NARROW) => self.run::<S, 6, 2, NARROW>(simd),
            (4, NARROW) => self.run::<S, 3, 4, NARROW>(simd),
            _ => self.plain(),
        }
    }
}

/// How many values a register holds.
struct RegisterWidth;

impl WithSimd for RegisterWidth {
    type Output = usize;

    fn with_simd<S: Simd>(self, _: S) -> usize {
        S::F32_LANES
    }
}

#[expect(clippy::inline_always, reason = "as above")]
impl Product<'_> {
    /// `ROWS` rows and one panel of `VECTORS` registers at a time.
    #[inline(always)]
    fn run<S: Simd, const ROWS: usize, const VECTORS: usize, const PANEL: usize>(mut self, simd: S) {
        self.pack::<ROWS>();
        let outputs = self.layer.outputs();
        for (at, panel) in self.stage.panels.chunks_exact(self.stage.depth * PANEL).enumerate() {
            let blocks = self.packed.chunks_exact(self.stage.depth * ROWS);
            for (rows, out) in blocks.zip(self.out.chunks_mut(ROWS * outputs)) {
                let mut sums = [[simd.splat_f32s(0.0); VECTORS]; ROWS];
                let bias = self.layer.bias.get(at * PANEL..(at + 1) * PANEL).unwrap_or_default();
                for (sums, out) in sums.iter_mut().zip(out.chunks_exact(outputs)) {
                    let sum = out.get(at * PANEL..(at + 1) * PANEL).unwrap_or_default();
                    let part = if self.stage.from == 0 { bias } else { sum };
                    sums.iter_mut().zip(S::as_simd_f32s(part).0).for_each(|(sum, old)| *sum = *old);
                }
                sums = tile::<S, ROWS, VECTORS>(simd, rows, panel, sums);
                for (sums, out) in sums.iter().zip(out.chunks_exact_mut(outputs)) {
                    let part = out.get_mut(at * PANEL..(at + 1) * PANEL).unwrap_or_default();
                    S::as_mut_simd_f32s(part).0.iter_mut().zip(sums).for_each(|(new, sum)| *new = *sum);
                }
            }
        }
    }

    /// The same sums one by one, for processors without registers.
    fn plain(self) {
        let (width, outputs, WeightBlock { from, depth, panels }) =
            (self.layer.panel, self.layer.outputs(), self.stage);
        for (x, out) in self.x.chunks_exact(self.layer.inputs).zip(self.out.chunks_exact_mut(outputs)) {
            let x = x.get(*from..from + depth).unwrap_or_default();
            if *from == 0 {
                out.copy_from_slice(&self.layer.bias);
            }
            for (panel, out) in panels.chunks_exact(depth * width).zip(out.chunks_exact_mut(width)) {
                for (value, weights) in x.iter().zip(panel.chunks_exact(width)) {
                    out.iter_mut().zip(weights).for_each(|(sum, weight)| *sum = value.mul_add(*weight, *sum));
                }
            }
        }
    }

    /// Puts the values of `ROWS` rows side by side, input by input; missing rows of the last block
    /// are zero.
    #[inline(always)]
    fn pack<const ROWS: usize>(&mut self) {
        let WeightBlock { from, depth, .. } = *self.stage;
        let inputs = self.layer.inputs;
        self.packed.clear();
        self.packed.resize(self.x.len().div_ceil(inputs * ROWS) * depth * ROWS, 0.0);
        let blocks = self.packed.chunks_exact_mut(depth * ROWS);
        for (block, rows) in blocks.zip(self.x.chunks(inputs * ROWS)) {
            for (at, row) in rows.chunks_exact(inputs).enumerate() {
                let part = row.get(from..from + depth).unwrap_or_default();
                for (group, value) in block.as_chunks_mut::<ROWS>().0.iter_mut().zip(part) {
                    if let Some(place) = group.get_mut(at) {
                        *place = *value;
                    }
                }
            }
        }
    }
}

/// The sums of `ROWS` packed rows with one panel, all in registers.
#[expect(clippy::inline_always, reason = "as above")]
#[inline(always)]
fn tile<S: Simd, const ROWS: usize, const VECTORS: usize>(
    simd: S,
    rows: &[f32],
    panel: &[f32],
    mut sums: [[S::f32s; VECTORS]; ROWS],
) -> [[S::f32s; VECTORS]; ROWS] {
    let (values, last_values) = rows.as_chunks::<ROWS>().0.as_chunks::<UNROLLED>();
    let (weights, last_weights) = S::as_simd_f32s(panel).0.as_chunks::<VECTORS>().0.as_chunks::<UNROLLED>();
    for (values, weights) in values.iter().zip(weights) {
        for (values, weights) in values.iter().zip(weights) {
            add::<S, ROWS, VECTORS>(simd, values, weights, &mut sums);
        }
    }
    for (values, weights) in last_values.iter().zip(last_weights) {
        add::<S, ROWS, VECTORS>(simd, values, weights, &mut sums);
    }
    sums
}

/// One input of all rows times its weights.
#[expect(clippy::inline_always, reason = "as above")]
#[inline(always)]
fn add<S: Simd, const ROWS: usize, const VECTORS: usize>(
    simd: S,
    values: &[f32; ROWS],
    weights: &[S::f32s; VECTORS],
    sums: &mut [[S::f32s; VECTORS]; ROWS],
) {
    for (sums, value) in sums.iter_mut().zip(values) {
        let value = simd.splat_f32s(*value);
        for (sum, weight) in sums.iter_mut().zip(weights) {
            *sum = simd.mul_add_f32s(value, *weight, *sum);
        }
    }
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
    fn a_row_gives_the_same_bits_in_any_company_and_in_any_registers() {
        for outputs in [NARROW * 2, WIDE * 2] {
            same_bits(outputs);
        }
    }

    fn same_bits(outputs: usize) {
        let (inputs, rows) = (501, 100);
        let layer = Dense::new(&values(inputs * outputs, 1), values(outputs, 2), inputs).unwrap();
        let x = values(inputs * rows, 3);
        let (mut all, mut few) = (Vec::new(), Vec::new());
        Multiplier::new(Arch::new()).apply(&layer, &x, &mut all);

        for arch in [Arch::new(), Arch::Scalar] {
            for (from, count) in [(0, 1), (0, 2), (1, 3), (50, 5), (7, 22), (0, 99)] {
                let part = &x[from * inputs..(from + count) * inputs];
                Multiplier::new(arch).apply(&layer, part, &mut few);
                let same = &all[from * outputs..(from + count) * outputs];
                assert!(few.iter().zip(same).all(|(a, b)| a.to_bits() == b.to_bits()), "{from} {count}");
            }
        }
    }

    #[test]
    fn a_product_is_the_sum_of_products() {
        let (inputs, outputs) = (900, 32);
        let (weight, bias, x) = (values(inputs * outputs, 4), values(outputs, 5), values(inputs * 2, 6));
        let layer = Dense::new(&weight, bias.clone(), inputs).unwrap();
        let mut out = Vec::new();
        Multiplier::new(Arch::new()).apply(&layer, &x, &mut out);

        for (row, x) in out.chunks_exact(outputs).zip(x.chunks_exact(inputs)) {
            for ((y, weight), bias) in row.iter().zip(weight.chunks_exact(inputs)).zip(&bias) {
                let products = x.iter().zip(weight).map(|(a, b)| f64::from(*a) * f64::from(*b));
                let expected = f64::from(*bias) + products.sum::<f64>();
                assert!((f64::from(*y) - expected).abs() < 1e-4, "{y} {expected}");
            }
        }
    }

    #[test]
    fn weights_of_another_shape_are_refused() {
        assert!(Dense::new(&[0.0; 31], vec![0.0; 16], 2).is_err());
        assert!(Dense::new(&[0.0; 6], vec![0.0; 3], 2).is_err());
    }
}
