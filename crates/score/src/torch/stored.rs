//! Weights as libtorch wants them, one copy for all threads.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use rust_bert::Activation;
use rust_bert::bert::BertConfig;
use tch::nn::VarStore;
use tch::{Device, Tensor};

use crate::encoder::{BertShape, PLACES, Tensors, VOICES, WORDS};

/// The small number that rust-bert adds to variances, whatever a model's settings say.
const EPSILON: f32 = 1e-12;

/// The parameters of a model, by name, and how it is built.
pub(super) struct StoredTensors {
    config: BertConfig,
    /// A tensor may be sent to another thread and not be looked at by two; nobody waits here but at
    /// the start.
    tensors: Mutex<HashMap<String, Tensor>>,
}

impl StoredTensors {
    /// Reads what `make` asks for. Sizes are those of the tensors, so that the settings cannot
    /// contradict them.
    pub(super) fn read<M>(
        tensors: &Tensors<'_>,
        shape: &BertShape,
        labels: &[String],
        make: impl FnOnce(&VarStore, &BertConfig) -> Result<M, String>,
    ) -> Result<Self, String> {
        let config = bert_config(tensors, shape, labels)?;
        let store = VarStore::new(Device::Cpu);
        make(&store, &config)?;
        let mut found = HashMap::new();
        for (name, blank) in store.variables() {
            let (has, wanted) = (tensors.shape(&name)?, blank.size());
            if !has.iter().map(|length| i64::try_from(*length).ok()).eq(wanted.iter().copied().map(Some)) {
                return Err(format!("`{name}` is {has:?} long, not {wanted:?}"));
            }
            let tensor = Tensor::from_slice(&tensors.values(&name)?).f_reshape(wanted.as_slice());
            found.insert(name, tensor.map_err(|cause| cause.to_string())?);
        }
        Ok(Self { config, tensors: Mutex::new(found) })
    }

    /// Builds a model on these parameters without copying them.
    pub(super) fn build<M>(
        &self,
        make: impl FnOnce(&VarStore, &BertConfig) -> Result<M, String>,
    ) -> Result<M, String> {
        let store = VarStore::new(Device::Cpu);
        let model = make(&store, &self.config)?;
        let tensors = self.tensors.lock().unwrap_or_else(PoisonError::into_inner);
        for (name, mut variable) in store.variables() {
            let tensor = tensors.get(&name).ok_or_else(|| format!("the weights lack `{name}`"))?;
            tch::no_grad(|| variable.set_data(tensor));
        }
        Ok(model)
    }
}

fn bert_config(tensors: &Tensors<'_>, shape: &BertShape, labels: &[String]) -> Result<BertConfig, String> {
    if (shape.layer_norm_eps - EPSILON).abs() > EPSILON / 2.0 {
        return Err(format!(
            "config.json: `layer_norm_eps` is {:e}; rust-bert computes with {EPSILON:e} only",
            shape.layer_norm_eps
        ));
    }
    let number = |size: usize| i64::try_from(size).map_err(|_| format!("a size of {size}"));
    let rows = |table: &str| number(tensors.rows(table)?);
    Ok(BertConfig {
        hidden_act: Activation::gelu,
        hidden_size: number(shape.hidden_size)?,
        intermediate_size: rows("bert.encoder.layer.0.intermediate.dense")?,
        max_position_embeddings: rows(PLACES)?,
        num_attention_heads: number(shape.num_attention_heads)?,
        num_hidden_layers: number(shape.num_hidden_layers)?,
        type_vocab_size: rows(VOICES)?,
        vocab_size: rows(WORDS)?,
        id2label: Some((0_i64..).zip(labels.iter().cloned()).collect()),
        ..BertConfig::default()
    })
}
