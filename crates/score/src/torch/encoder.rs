//! The final states of this project's own models.

use std::sync::Arc;

use rust_bert::bert::{BertConfig, BertEmbeddings, BertModel};
use tch::nn::VarStore;

use super::stored::StoredTensors;
use super::{SequenceTensors, alone, values};
use crate::encoder::{BertShape, EmbeddedPass, Parameters, Pass, Sequence, Tensors, Weights};

/// A BERT without pooler, shared by the threads of a process.
pub(crate) struct Encoder {
    stored: StoredTensors,
    /// For evidence: rust-bert hands out no layer's entrance to go back to.
    weights: Arc<Weights>,
}

/// One thread's BERT.
struct States {
    model: BertModel<BertEmbeddings>,
    rows: Vec<f32>,
    embedded: EmbeddedPass,
}

impl Encoder {
    pub(crate) fn read(tensors: &Tensors<'_>, shape: &BertShape) -> Result<Self, String> {
        let weights = Arc::new(Weights::read(tensors, shape)?);
        Ok(Self { stored: StoredTensors::read(tensors, shape, &[], make)?, weights })
    }
}

impl Parameters for Encoder {
    fn pass(&self) -> Result<Box<dyn Pass>, String> {
        let embedded = EmbeddedPass::new(&self.weights)?;
        Ok(Box::new(States { model: self.stored.build(make)?, rows: Vec::new(), embedded }))
    }
}

#[expect(clippy::unnecessary_wraps, reason = "making a classifier can fail, and both are handed on alike")]
fn make(store: &VarStore, config: &BertConfig) -> Result<BertModel<BertEmbeddings>, String> {
    Ok(BertModel::new_with_optional_pooler(store.root() / "bert", config, false))
}

impl Pass for States {
    fn run(&mut self, batch: &[Sequence]) -> Result<&[f32], String> {
        self.rows.clear();
        for sequence in batch {
            let SequenceTensors { ids, mask, types } = SequenceTensors::of(sequence);
            let output = alone(|| {
                let (ids, mask, types) = (Some(&ids), Some(&mask), Some(&types));
                self.model.forward_t(ids, mask, types, None, None, None, None, false)
            });
            self.rows.extend(values(&output.map_err(|cause| cause.to_string())?.hidden_state)?);
        }
        Ok(&self.rows)
    }

    fn relevance(
        &mut self,
        batch: &[Sequence],
        chosen: &[usize],
        direction: &[f32],
    ) -> Result<Vec<f32>, String> {
        let chosen: Vec<Sequence> = chosen.iter().filter_map(|at| batch.get(*at).cloned()).collect();
        self.embedded.run(&chosen)?;
        let all: Vec<usize> = (0..chosen.len()).collect();
        self.embedded.relevance(&chosen, &all, direction)
    }
}
