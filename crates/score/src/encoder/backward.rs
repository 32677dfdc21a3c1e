//! Which tokens moved the valence: the gradient at the entrance of the last layer, times what
//! entered.
//!
//! Real occlusion – leaving out a word and reading the rest again – costs one pass per word. The
//! final states are no cheap substitute, for each of them knows the whole sentence. One layer
//! earlier a token still mostly stands for itself, and going back through one layer costs a quarter
//! of a pass of four. `models/train/evidence.py` measures how well each depth agrees with real
//! occlusion.

use super::forward::Workspace;
use super::math::{self, Attention, Norm};
use super::product::{Dense, Multiplier};
use super::sequence::Sequence;
use super::task::Task;
use super::trace::Trace;
use super::weights::Weights;

impl Workspace {
    /// For every token of the sequences `chosen` of the batch that was run last: how far
    /// `direction · final state`, summed over the tokens of its sequence, changes with what the
    /// token brought into the last layer.
    pub(super) fn relevance(
        &mut self,
        weights: &Weights,
        batch: &[Sequence],
        chosen: &[usize],
        direction: &[f32],
    ) -> Vec<f32> {
        let mut end = 0;
        let mut ranges = Vec::with_capacity(batch.len());
        for sequence in batch {
            ranges.push(end..end + sequence.ids.len());
            end += sequence.ids.len();
        }
        let stretches: Vec<_> = chosen.iter().filter_map(|at| ranges.get(*at).cloned()).collect();
        if stretches.is_empty() {
            return Vec::new();
        }
        let trace = self.trace.some(end, &stretches);
        let lengths: Vec<usize> = stretches.iter().map(std::ops::Range::len).collect();
        let at_entrance = self.back(weights, &trace, &lengths, direction);
        at_entrance
            .chunks_exact(weights.width)
            .zip(trace.x.chunks_exact(weights.width))
            .map(|(gradient, x)| gradient.iter().zip(x).map(|(g, x)| g * x).sum())
            .collect()
    }

    /// The gradient at the entrance of the last layer, for sequences of these lengths.
    fn back(&mut self, weights: &Weights, trace: &Trace, lengths: &[usize], direction: &[f32]) -> Vec<f32> {
        let Some(layer) = weights.layers.last() else { return Vec::new() };
        let Self { arch, multiplier, attention, .. } = self;
        let (back, epsilon) = (&weights.backward, weights.epsilon);
        let mut gradient = direction.repeat(lengths.iter().sum());
        let (x, added) = (&trace.middle, &trace.narrow);
        Task::NormBack { norm: &layer.after_feed, x, added, epsilon, gradient: &mut gradient }.run(*arch);
        let mut inner = applied(multiplier, &back.narrow, &gradient);
        Task::GeluBack { values: &trace.wide, gradient: &mut inner }.run(*arch);
        add(&mut gradient, &applied(multiplier, &back.wide, &inner));
        let (x, added) = (&trace.x, &trace.mixed);
        Task::NormBack { norm: &layer.after_attention, x, added, epsilon, gradient: &mut gradient }
            .run(*arch);
        let seen = applied(multiplier, &back.mixed, &gradient);
        let mut qkv = vec![0.0; trace.qkv.len()];
        Task::AttendBack { attention, lengths, qkv: &trace.qkv, seen: &seen, gradient: &mut qkv }.run(*arch);
        add(&mut gradient, &applied(multiplier, &back.attend, &qkv));
        gradient
    }
}

fn applied(multiplier: &mut Multiplier, layer: &Dense, x: &[f32]) -> Vec<f32> {
    let mut out = Vec::new();
    multiplier.apply(layer, x, &mut out);
    out
}

fn add(to: &mut [f32], more: &[f32]) {
    to.iter_mut().zip(more).for_each(|(to, more)| *to += more);
}

impl Norm {
    /// Turns the gradient of the normalised rows of `x + added` into that of `x`, in place.
    #[inline(always)]
    #[expect(
        clippy::inline_always,
        reason = "only what is inlined into a dispatched function uses its registers"
    )]
    #[expect(clippy::cast_precision_loss, clippy::as_conversions, reason = "a row has some hundred values")]
    pub(super) fn back(&self, x: &[f32], added: &[f32], epsilon: f32, gradient: &mut [f32]) {
        let width = self.weight.len();
        let mut unit = vec![0.0; width];
        let rows = x.chunks_exact(width).zip(added.chunks_exact(width));
        for ((x, added), gradient) in rows.zip(gradient.chunks_exact_mut(width)) {
            unit.iter_mut().zip(x.iter().zip(added)).for_each(|(unit, (x, added))| *unit = x + added);
            let count = width as f32;
            let mean = math::sum(&unit, |value| value) / count;
            let variance = math::sum(&unit, |value| (value - mean) * (value - mean)) / count;
            let scale = 1.0 / (variance + epsilon).sqrt();
            for value in &mut unit {
                *value = (*value - mean) * scale;
            }
            gradient.iter_mut().zip(&self.weight).for_each(|(value, weight)| *value *= weight);
            let level = math::sum(gradient, |value| value) / count;
            let slope = math::dot(gradient, &unit) / count;
            for (value, unit) in gradient.iter_mut().zip(&unit) {
                *value = (*value - level - unit * slope) * scale;
            }
        }
    }
}

#[expect(clippy::inline_always, reason = "as above")]
impl Attention {
    /// One sequence: the gradient of query, key and value of every token from that of what the
    /// tokens see.
    #[inline(always)]
    pub(super) fn back(&mut self, qkv: &[f32], seen: &[f32], out: &mut [f32]) {
        let (width, size) = (self.width, self.width / self.heads);
        let length = seen.len() / width;
        let part = |row: usize, which: usize, at: usize| {
            let from = row * width * 3 + which * width + at;
            from..from + size
        };
        for at in (0..width).step_by(size) {
            self.turn_keys(qkv, at, length);
            for (token, seen) in seen.chunks_exact(width).enumerate() {
                let query = qkv.get(part(token, 0, at)).unwrap_or_default();
                let seen = seen.get(at..at + size).unwrap_or_default();
                self.weigh(query, length);
                let values = (0..length).map(|other| qkv.get(part(other, 2, at)).unwrap_or_default());
                let answers: Vec<f32> = values.map(|value| math::dot(seen, value)).collect();
                let level: f32 = self.scores.iter().zip(&answers).map(|(share, answer)| share * answer).sum();
                for (other, (share, answer)) in self.scores.iter().zip(&answers).enumerate() {
                    let slope = share * (answer - level) * self.scale;
                    let key = qkv.get(part(other, 1, at)).unwrap_or_default();
                    math::add_scaled(out.get_mut(part(token, 0, at)).unwrap_or_default(), slope, key);
                    math::add_scaled(out.get_mut(part(other, 1, at)).unwrap_or_default(), slope, query);
                    math::add_scaled(out.get_mut(part(other, 2, at)).unwrap_or_default(), *share, seen);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(count: usize, seed: u16) -> Vec<f32> {
        let mut state = u32::from(seed);
        let next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            f32::from(u16::try_from(state >> 16).unwrap()) / 32_768.0 - 1.0
        };
        std::iter::repeat_with(next).take(count).collect()
    }

    /// Compares a gradient with the quotient of differences of `of` at every place of `x`.
    fn check(x: &[f32], gradient: &[f32], of: impl Fn(&[f32]) -> Vec<f32>, direction: &[f32]) {
        let along = |x: &[f32]| -> f64 {
            of(x).iter().zip(direction).map(|(y, d)| f64::from(*y) * f64::from(*d)).sum()
        };
        let step = 0.01;
        for at in 0..x.len() {
            let moved = |by: f32| {
                let mut moved = x.to_vec();
                moved[at] += by;
                along(&moved)
            };
            let quotient = (moved(step) - moved(-step)) / f64::from(2.0 * step);
            assert!((quotient - f64::from(gradient[at])).abs() < 3e-3, "{at}: {quotient} {}", gradient[at]);
        }
    }

    #[test]
    fn the_way_back_through_a_norm_is_its_gradient() {
        let norm = Norm { weight: values(16, 1), bias: values(16, 2) };
        let (x, added, direction) = (values(32, 3), values(32, 4), values(32, 5));
        let mut gradient = direction.clone();
        norm.back(&x, &added, 1e-12, &mut gradient);

        let forth = |x: &[f32]| {
            let mut x = x.to_vec();
            norm.apply(&mut x, &added, 1e-12);
            x
        };
        check(&x, &gradient, forth, &direction);
    }

    #[test]
    fn the_way_back_through_the_activation_is_its_gradient() {
        let (x, direction) = (values(64, 6).iter().map(|x| x * 3.0).collect::<Vec<_>>(), values(64, 7));
        let mut gradient = direction.clone();
        math::gelu_back(&x, &mut gradient);

        let forth = |x: &[f32]| {
            let mut y = x.to_vec();
            math::gelu(x, &mut y);
            y
        };
        check(&x, &gradient, forth, &direction);
    }

    #[test]
    fn the_way_back_through_attention_is_its_gradient() {
        let (width, length) = (16, 5);
        let (qkv, direction) = (values(width * 3 * length, 8), values(width * length, 9));
        let mut gradient = vec![0.0; qkv.len()];
        Attention::new(width, 2).unwrap().back(&qkv, &direction, &mut gradient);

        let forth = |qkv: &[f32]| {
            let mut seen = vec![0.0; width * length];
            Attention::new(width, 2).unwrap().apply(qkv, &mut seen);
            seen
        };
        check(&qkv, &gradient, forth, &direction);
    }
}
