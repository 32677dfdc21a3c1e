//! The forward pass of a BERT encoder over packed sequences: all tokens of a batch in one matrix, no padding.

use super::math::{self, Block};
use super::weights::{Layer, Weights};

/// Buffers that a thread uses again and again.
#[derive(Default)]
pub(super) struct Workspace {
    x: Vec<f32>,
    qkv: Vec<f32>,
    seen: Vec<f32>,
    wide: Vec<f32>,
    narrow: Vec<f32>,
    scores: Vec<f32>,
}

/// One sequence of a batch.
#[derive(Debug, Clone)]
pub(super) struct Sequence {
    /// Token numbers, with the special ones.
    pub(super) ids: Vec<u32>,
    /// Row of the type embeddings: whose words they are.
    pub(super) voice: usize,
}

impl Workspace {
    /// Final states of all tokens, one row after the other in the order of the sequences.
    pub(super) fn run(&mut self, weights: &Weights, batch: &[Sequence]) -> &[f32] {
        self.embed(weights, batch);
        for layer in &weights.layers {
            self.layer(weights, layer, batch);
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
        weights.norm.apply(&mut self.x, &[], weights.epsilon);
    }

    fn layer(&mut self, weights: &Weights, layer: &Layer, batch: &[Sequence]) {
        layer.attend.apply(&self.x, &mut self.qkv);
        self.seen.clear();
        self.seen.resize(self.x.len(), 0.0);
        let mut from = 0;
        for sequence in batch {
            self.attend(weights, from, sequence.ids.len());
            from += sequence.ids.len();
        }
        layer.mixed.apply(&self.seen, &mut self.narrow);
        layer.after_attention.apply(&mut self.x, &self.narrow, weights.epsilon);
        layer.wide.apply(&self.x, &mut self.wide);
        math::gelu(&mut self.wide);
        layer.narrow.apply(&self.wide, &mut self.narrow);
        layer.after_feed.apply(&mut self.x, &self.narrow, weights.epsilon);
    }

    /// Attention of the sequence whose tokens stand in `length` rows from `from` on.
    fn attend(&mut self, weights: &Weights, from: usize, length: usize) {
        let (width, stride) = (weights.width, weights.width * 3);
        let size = width / weights.heads;
        let block = Block { rows: length, columns: size, stride };
        for head in 0..weights.heads {
            let at = from * stride + head * size;
            let part = |which: usize| self.qkv.get(at + which * width..).unwrap_or_default();
            self.scores.resize(length * length, 0.0);
            let scores = self.scores.get_mut(..length * length).unwrap_or_default();
            math::times_transposed((part(0), block), (part(1), block), weights.scale, scores);
            scores.chunks_exact_mut(length).for_each(math::softmax);
            let out = self.seen.get_mut(from * width + head * size..).unwrap_or_default();
            math::times(scores, (part(2), block), out, Block { stride: width, ..block });
        }
    }
}
