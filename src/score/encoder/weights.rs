//! The parameters of an encoder, read from a `.safetensors` file with Hugging Face's names.

use safetensors::{Dtype, SafeTensors};
use serde::Deserialize;

use super::math::{Linear, Norm};

/// What `config.json` says: the fields of a Hugging Face BERT that matter here, and our own.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Config {
    hidden_size: usize,
    num_hidden_layers: usize,
    num_attention_heads: usize,
    layer_norm_eps: f32,
    hidden_act: String,
    /// Ours: what the heads mean.
    pub(super) tingxin: Heads,
}

/// What the outputs mean and how sure they are.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Heads {
    /// Most tokens of a sequence, with the two special ones.
    pub(super) longest: usize,
    /// Temperatures by voice: customer, agent, note.
    pub(super) emotion_temperature: [f32; 3],
    /// Temperatures of the three valences by voice.
    pub(super) valence_temperature: [f32; 3],
    /// How much the three valences have to say about the eight emotions: 0 nothing, 1 everything.
    pub(super) valence_share: f32,
    /// Temperature of the probability of abuse.
    pub(super) abuse_temperature: f32,
}

/// One transformer layer. `attend` computes query, key and value at once.
pub(super) struct Layer {
    pub(super) attend: Linear,
    pub(super) mixed: Linear,
    pub(super) after_attention: Norm,
    pub(super) wide: Linear,
    pub(super) narrow: Linear,
    pub(super) after_feed: Norm,
}

/// All parameters, in single precision.
pub(super) struct Weights {
    pub(super) width: usize,
    pub(super) heads: usize,
    /// `1/√(size of a head)`.
    pub(super) scale: f32,
    pub(super) epsilon: f32,
    words: Vec<f32>,
    pub(super) places: Vec<f32>,
    pub(super) voices: Vec<f32>,
    pub(super) norm: Norm,
    pub(super) layers: Vec<Layer>,
    /// Eight emotions, three valences, abuse.
    pub(super) classifier: Linear,
}

impl Heads {
    /// Most tokens of a sequence beside its two marks.
    pub(super) fn inner(&self) -> usize {
        self.longest.saturating_sub(2).max(1)
    }
}

impl Weights {
    /// Reads a file whose tensors are `F16` or `F32`.
    pub(super) fn read(file: &[u8], config: &Config) -> Result<Self, String> {
        if config.hidden_act != "gelu" {
            return Err(format!("the activation `{}` is not known, only `gelu`", config.hidden_act));
        }
        let file = SafeTensors::deserialize(file).map_err(|cause| cause.to_string())?;
        let width = config.hidden_size;
        if config.num_attention_heads == 0 || !width.is_multiple_of(config.num_attention_heads) {
            return Err("the heads do not divide the width".to_owned());
        }
        let tensors = Tensors(file);
        let layers =
            (0..config.num_hidden_layers).map(|at| tensors.layer(at, width)).collect::<Result<_, _>>()?;
        let size = width / config.num_attention_heads;
        #[expect(
            clippy::cast_precision_loss,
            clippy::as_conversions,
            reason = "a head has some dozen values"
        )]
        let scale = 1.0 / (size as f32).sqrt();
        Ok(Self {
            width,
            heads: config.num_attention_heads,
            scale,
            epsilon: config.layer_norm_eps,
            words: tensors.table("bert.embeddings.word_embeddings", width)?,
            places: tensors.table("bert.embeddings.position_embeddings", width)?,
            voices: tensors.table("bert.embeddings.token_type_embeddings", width)?,
            norm: tensors.norm("bert.embeddings.LayerNorm", width)?,
            layers,
            classifier: tensors.linear("classifier", width)?,
        })
    }

    /// The embedding of a token; a number that the model does not have is an empty slice.
    pub(super) fn word(&self, id: u32) -> &[f32] {
        self.row(&self.words, usize::try_from(id).unwrap_or(usize::MAX))
    }

    /// The embedding of a place in the sequence, from 0.
    pub(super) fn place(&self, at: usize) -> &[f32] {
        self.row(&self.places, at)
    }

    /// The embedding of whose words they are.
    pub(super) fn voice(&self, at: usize) -> &[f32] {
        self.row(&self.voices, at)
    }

    fn row<'a>(&self, table: &'a [f32], at: usize) -> &'a [f32] {
        let from = at.saturating_mul(self.width);
        table.get(from..from.saturating_add(self.width)).unwrap_or_default()
    }

    /// Number of tokens that the model knows.
    pub(super) fn vocabulary(&self) -> usize {
        self.words.len() / self.width.max(1)
    }
}

struct Tensors<'a>(SafeTensors<'a>);

impl Tensors<'_> {
    fn values(&self, name: &str) -> Result<Vec<f32>, String> {
        let tensor = self.0.tensor(name).map_err(|_| format!("the weights lack `{name}`"))?;
        let values: Vec<f32> = match tensor.dtype() {
            Dtype::F32 => {
                tensor.data().as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect()
            }
            Dtype::F16 => tensor
                .data()
                .as_chunks::<2>()
                .0
                .iter()
                .map(|bytes| half::f16::from_le_bytes(*bytes).to_f32())
                .collect(),
            other => return Err(format!("`{name}` is {other:?}; F16 and F32 can be read")),
        };
        match values.iter().find(|value| !value.is_finite()) {
            None => Ok(values),
            Some(bad) => Err(format!("`{name}` holds the value {bad}")),
        }
    }

    fn table(&self, name: &str, width: usize) -> Result<Vec<f32>, String> {
        let values = self.values(&format!("{name}.weight"))?;
        if values.is_empty() || !values.len().is_multiple_of(width) {
            return Err(format!("`{name}` has no rows of {width} values"));
        }
        Ok(values)
    }

    fn linear(&self, name: &str, inputs: usize) -> Result<Linear, String> {
        let (weight, bias) = (self.values(&format!("{name}.weight"))?, self.values(&format!("{name}.bias"))?);
        if weight.len() != bias.len() * inputs {
            return Err(format!("`{name}` does not take {inputs} values"));
        }
        Ok(Linear { weight, bias, inputs })
    }

    fn norm(&self, name: &str, width: usize) -> Result<Norm, String> {
        let (weight, bias) = (self.values(&format!("{name}.weight"))?, self.values(&format!("{name}.bias"))?);
        if weight.len() != width || bias.len() != width {
            return Err(format!("`{name}` is not {width} wide"));
        }
        Ok(Norm { weight, bias })
    }

    fn layer(&self, at: usize, width: usize) -> Result<Layer, String> {
        let name = |part: &str| format!("bert.encoder.layer.{at}.{part}");
        let mut attend = Linear { weight: Vec::new(), bias: Vec::new(), inputs: width };
        for part in ["query", "key", "value"] {
            let one = self.linear(&name(&format!("attention.self.{part}")), width)?;
            if one.outputs() != width {
                return Err(format!("layer {at}: {part} is not {width} wide"));
            }
            attend.weight.extend(one.weight);
            attend.bias.extend(one.bias);
        }
        let wide = self.linear(&name("intermediate.dense"), width)?;
        Ok(Layer {
            attend,
            mixed: self.linear(&name("attention.output.dense"), width)?,
            after_attention: self.norm(&name("attention.output.LayerNorm"), width)?,
            narrow: self.linear(&name("output.dense"), wide.outputs())?,
            wide,
            after_feed: self.norm(&name("output.LayerNorm"), width)?,
        })
    }
}
