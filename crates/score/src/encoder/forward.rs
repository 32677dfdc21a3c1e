//! The forward pass of a BERT encoder over packed sequences: all tokens of a batch in one matrix,
//! no padding.

use pulp::Arch;

use super::math::Attention;
use super::product::Multiplier;
use super::sequence::Sequence;
use super::task::Task;
use super::trace::Trace;
use super::weights::{Layer, Weights};

/// Buffers that a thread uses again and again.
pub(super) struct Workspace {
    pub(super) arch: Arch,
    pub(super) multiplier: Multiplier,
    pub(super) attention: Attention,
    x: Vec<f32>,
    seen: Vec<f32>,
    active: Vec<f32>,
    /// How the layer that was computed last came to its result; the way back reads it.
    pub(super) trace: Trace,
}

impl Workspace {
    /// For a model of that shape.
    pub(super) fn new(weights: &Weights) -> Result<Self, String> {
        let arch = Arch::new();
        let attention = Attention::new(weights.width, weights.heads)?;
        let multiplier = Multiplier::new(arch);
        let [x, seen, active] = [const { Vec::new() }; 3];
        Ok(Self { arch, multiplier, attention, x, seen, active, trace: Trace::default() })
    }

    /// Final states of all tokens, one row after the other in the order of the sequences.
    pub(super) fn run(&mut self, weights: &Weights, batch: &[Sequence]) -> &[f32] {
        self.embed(weights, batch);
        let lengths: Vec<usize> = batch.iter().map(|sequence| sequence.ids.len()).collect();
        for (at, layer) in weights.layers.iter().enumerate() {
            self.layer(layer, &lengths, weights.epsilon, at + 1 == weights.layers.len());
        }
        &self.x
    }

    fn embed(&mut self, weights: &Weights, batch: &[Sequence]) {
        self.x.clear();
        for sequence in batch {
            for (place, id) in sequence.ids.iter().enumerate() {
                weights.enter(*id, place, sequence.voice, &mut self.x);
            }
        }
        Task::Norm { norm: &weights.norm, x: &mut self.x, added: &[], epsilon: weights.epsilon }
            .run(self.arch);
    }

    /// `last` keeps what the way back needs beside what stands in the buffers anyway.
    fn layer(&mut self, layer: &Layer, lengths: &[usize], epsilon: f32, last: bool) {
        let Self { arch, multiplier, attention, x, seen, active, trace } = self;
        let Trace { x: entrance, qkv, mixed, middle, wide, narrow } = trace;
        let keep = |kept: &mut Vec<f32>, values: &Vec<f32>| {
            if last {
                kept.clone_from(values);
            }
        };
        keep(entrance, x);
        multiplier.apply(&layer.attend, x, qkv);
        seen.resize(x.len(), 0.0);
        Task::Attend { attention, lengths, qkv, seen }.run(*arch);
        multiplier.apply(&layer.mixed, seen, mixed);
        Task::Norm { norm: &layer.after_attention, x, added: mixed, epsilon }.run(*arch);
        keep(middle, x);
        multiplier.apply(&layer.wide, x, wide);
        active.resize(wide.len(), 0.0);
        Task::Gelu { from: wide, to: active }.run(*arch);
        multiplier.apply(&layer.narrow, active, narrow);
        Task::Norm { norm: &layer.after_feed, x, added: narrow, epsilon }.run(*arch);
    }
}
