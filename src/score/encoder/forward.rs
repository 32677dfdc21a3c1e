//! The forward pass of a BERT encoder over packed sequences: all tokens of a batch in one matrix, no padding.

use pulp::Arch;

use super::backward::Trace;
use super::math::{self, Attention};
use super::product::Multiplier;
use super::weights::{Layer, Weights};

/// Buffers that a thread uses again and again.
pub(super) struct Workspace {
    pub(super) arch: Arch,
    pub(super) multiplier: Multiplier,
    pub(super) attention: Attention,
    x: Vec<f32>,
    qkv: Vec<f32>,
    seen: Vec<f32>,
    wide: Vec<f32>,
    narrow: Vec<f32>,
    /// How the last layer came to its result.
    pub(super) trace: Trace,
}

/// One sequence of a batch.
#[derive(Debug, Clone)]
pub(in crate::score) struct Sequence {
    /// Token numbers, with the special ones.
    pub(in crate::score) ids: Vec<u32>,
    /// Row of the type embeddings: whose words they are.
    pub(in crate::score) voice: usize,
}

impl Workspace {
    /// For a model of that shape.
    pub(super) fn new(weights: &Weights) -> Result<Self, String> {
        let arch = Arch::new();
        let attention = Attention::new(weights.width, weights.heads)?;
        let multiplier = Multiplier::new(arch);
        let [x, qkv, seen, wide, narrow] = [const { Vec::new() }; 5];
        Ok(Self { arch, multiplier, attention, x, qkv, seen, wide, narrow, trace: Trace::default() })
    }

    /// Final states of all tokens, one row after the other in the order of the sequences.
    pub(super) fn run(&mut self, weights: &Weights, batch: &[Sequence]) -> &[f32] {
        self.embed(weights, batch);
        for (at, layer) in weights.layers.iter().enumerate() {
            self.layer(layer, batch, weights.epsilon, at + 1 == weights.layers.len());
        }
        &self.x
    }

    fn embed(&mut self, weights: &Weights, batch: &[Sequence]) {
        self.x.clear();
        for sequence in batch {
            let voice = weights.voice(sequence.voice);
            for (place, id) in sequence.ids.iter().enumerate() {
                let (word, place) = (weights.word(*id), weights.place(place));
                let sums =
                    word.iter().zip(place).zip(voice).map(|((word, place), voice)| word + place + voice);
                self.x.extend(sums);
            }
        }
        let x = &mut self.x;
        self.arch.dispatch(|| weights.norm.apply(x, &[], weights.epsilon));
    }

    /// `last` keeps what the way back needs.
    fn layer(&mut self, layer: &Layer, batch: &[Sequence], epsilon: f32, last: bool) {
        let Self { arch, multiplier, attention, x, qkv, seen, wide, narrow, trace } = self;
        let keep = |kept: &mut Vec<f32>, values: &Vec<f32>| {
            if last {
                kept.clone_from(values);
            }
        };
        keep(&mut trace.x, x);
        multiplier.apply(&layer.attend, x, qkv);
        keep(&mut trace.qkv, qkv);
        seen.resize(x.len(), 0.0);
        arch.dispatch(|| {
            let (mut qkv, mut seen) = (qkv.as_slice(), seen.as_mut_slice());
            for sequence in batch {
                let size = (sequence.ids.len() * attention.width).min(seen.len());
                let (now, rest) = seen.split_at_mut(size);
                attention.apply(qkv.get(..size * 3).unwrap_or_default(), now);
                (qkv, seen) = (qkv.get(size * 3..).unwrap_or_default(), rest);
            }
        });
        multiplier.apply(&layer.mixed, seen, narrow);
        keep(&mut trace.mixed, narrow);
        arch.dispatch(|| layer.after_attention.apply(x, narrow, epsilon));
        keep(&mut trace.middle, x);
        multiplier.apply(&layer.wide, x, wide);
        keep(&mut trace.wide, wide);
        arch.dispatch(|| math::gelu(wide));
        multiplier.apply(&layer.narrow, wide, narrow);
        keep(&mut trace.narrow, narrow);
        arch.dispatch(|| layer.after_feed.apply(x, narrow, epsilon));
    }
}
