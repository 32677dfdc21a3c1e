//! The parameters of an encoder, read from a `.safetensors` file with Hugging Face's names.

use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};
use serde::Deserialize;

use super::math::{DenseRow, Norm};
use super::product::Dense;

/// Tables whose number of rows says what a model can take.
pub(crate) const WORDS: &str = "bert.embeddings.word_embeddings";
pub(crate) const PLACES: &str = "bert.embeddings.position_embeddings";
pub(crate) const VOICES: &str = "bert.embeddings.token_type_embeddings";

/// What `config.json` says: the fields of a Hugging Face BERT that matter here, and our own.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct EncoderConfig {
    #[serde(flatten)]
    pub(super) shape: BertShape,
    /// Ours: what the heads mean.
    pub(super) tingxin: Heads,
}

/// How a BERT is built, as far as the tensors do not tell.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct BertShape {
    pub(crate) hidden_size: usize,
    pub(crate) num_hidden_layers: usize,
    pub(crate) num_attention_heads: usize,
    pub(crate) layer_norm_eps: f32,
    hidden_act: String,
}

/// What the outputs mean and how sure they are.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Heads {
    /// Most tokens of a sequence, with the two special ones.
    pub(super) longest: usize,
    /// Temperatures by voice, see `voice_row`.
    pub(super) emotion_temperature: [f32; 5],
    /// Temperatures of the three valences by voice.
    pub(super) valence_temperature: [f32; 5],
    /// How much the three valences have to say about the eight emotions: 0 nothing, 1 everything.
    pub(super) valence_share: f32,
    /// Temperature of the probability of abuse.
    pub(super) abuse_temperature: f32,
}

/// The embeddings of all tokens, half of a small model: they stay as exact as the file has them.
enum WordEmbeddings {
    Half(Vec<half::f16>),
    Single(Vec<f32>),
}

/// One transformer layer. `attend` computes query, key and value at once.
pub(super) struct Layer {
    pub(super) attend: Dense,
    pub(super) mixed: Dense,
    pub(super) after_attention: Norm,
    pub(super) wide: Dense,
    pub(super) narrow: Dense,
    pub(super) after_feed: Norm,
}

/// The last layer's products the other way round.
pub(super) struct Backward {
    pub(super) attend: Dense,
    pub(super) mixed: Dense,
    pub(super) wide: Dense,
    pub(super) narrow: Dense,
}

/// All parameters of the embedded forward pass, in single precision.
pub(crate) struct Weights {
    pub(super) width: usize,
    pub(super) heads: usize,
    pub(super) epsilon: f32,
    words: WordEmbeddings,
    places: Vec<f32>,
    voices: Vec<f32>,
    pub(super) norm: Norm,
    pub(super) layers: Vec<Layer>,
    /// The last layer the other way round.
    pub(super) backward: Backward,
}

impl BertShape {
    /// Refuses what no engine computes.
    pub(crate) fn check(&self) -> Result<(), String> {
        if self.hidden_act != "gelu" {
            return Err(format!("the activation `{}` is not known, only `gelu`", self.hidden_act));
        }
        if self.num_attention_heads == 0 || !self.hidden_size.is_multiple_of(self.num_attention_heads) {
            return Err("the heads do not divide the width".to_owned());
        }
        Ok(())
    }
}

impl Heads {
    /// Most tokens of a sequence beside its two marks.
    pub(super) fn inner(&self) -> usize {
        self.longest.saturating_sub(2).max(1)
    }
}

impl Weights {
    /// Takes the parameters out of a file.
    pub(crate) fn read(tensors: &Tensors<'_>, shape: &BertShape) -> Result<Self, String> {
        let width = shape.hidden_size;
        let layers =
            (0..shape.num_hidden_layers).map(|at| tensors.layer(at, width)).collect::<Result<_, _>>()?;
        Ok(Self {
            width,
            heads: shape.num_attention_heads,
            epsilon: shape.layer_norm_eps,
            words: tensors.words(width)?,
            places: tensors.table(PLACES, width)?,
            voices: tensors.table(VOICES, width)?,
            norm: tensors.norm("bert.embeddings.LayerNorm", width)?,
            layers,
            backward: tensors.backward(shape.num_hidden_layers.saturating_sub(1), width)?,
        })
    }

    /// What a token brings in: the sum of its embedding, that of its place in the sequence, from 0,
    /// and that of whose words they are. Nothing for a number that the model does not have.
    pub(super) fn enter(&self, id: u32, place: usize, voice: usize, x: &mut Vec<f32>) {
        let rest = self.row(&self.places, place).iter().zip(self.row(&self.voices, voice));
        let id = usize::try_from(id).unwrap_or(usize::MAX);
        match &self.words {
            WordEmbeddings::Half(words) => {
                let word = self.row(words, id).iter().map(|value| value.to_f32());
                x.extend(word.zip(rest).map(|(word, (place, voice))| word + place + voice));
            }
            WordEmbeddings::Single(words) => {
                x.extend(
                    self.row(words, id).iter().zip(rest).map(|(word, (place, voice))| word + place + voice),
                );
            }
        }
    }

    fn row<'a, T>(&self, table: &'a [T], at: usize) -> &'a [T] {
        let from = at.saturating_mul(self.width);
        table.get(from..from.saturating_add(self.width)).unwrap_or_default()
    }
}

/// The tensors of a file, read as single precision.
pub(crate) struct Tensors<'a>(SafeTensors<'a>);

impl<'a> Tensors<'a> {
    /// Looks into a file whose tensors are `F16` or `F32`.
    pub(crate) fn open(file: &'a [u8]) -> Result<Self, String> {
        SafeTensors::deserialize(file).map(Self).map_err(|cause| cause.to_string())
    }

    fn tensor(&self, name: &str) -> Result<TensorView<'a>, String> {
        self.0.tensor(name).map_err(|_| format!("the weights lack `{name}`"))
    }

    /// Length of a tensor in every dimension.
    pub(crate) fn shape(&self, name: &str) -> Result<Vec<usize>, String> {
        Ok(self.tensor(name)?.shape().to_vec())
    }

    /// Number of rows of a table.
    pub(crate) fn rows(&self, table: &str) -> Result<usize, String> {
        Ok(self.shape(&format!("{table}.weight"))?.first().copied().unwrap_or_default())
    }

    /// All values of a tensor, row after row.
    pub(crate) fn values(&self, name: &str) -> Result<Vec<f32>, String> {
        let tensor = self.tensor(name)?;
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

    /// The embeddings of the tokens, in the precision of the file.
    fn words(&self, width: usize) -> Result<WordEmbeddings, String> {
        // Checks their number and that each is one.
        let single = self.table(WORDS, width)?;
        let tensor = self.tensor(&format!("{WORDS}.weight"))?;
        if tensor.dtype() != Dtype::F16 {
            return Ok(WordEmbeddings::Single(single));
        }
        let bytes = tensor.data().as_chunks::<2>().0.iter();
        Ok(WordEmbeddings::Half(bytes.map(|bytes| half::f16::from_le_bytes(*bytes)).collect()))
    }

    fn table(&self, name: &str, width: usize) -> Result<Vec<f32>, String> {
        let values = self.values(&format!("{name}.weight"))?;
        if values.is_empty() || !values.len().is_multiple_of(width) {
            return Err(format!("`{name}` has no rows of {width} values"));
        }
        Ok(values)
    }

    pub(super) fn head(&self, name: &str, inputs: usize) -> Result<DenseRow, String> {
        let (weight, bias) = (self.values(&format!("{name}.weight"))?, self.values(&format!("{name}.bias"))?);
        if weight.len() != bias.len() * inputs {
            return Err(format!("`{name}` does not take {inputs} values"));
        }
        Ok(DenseRow { weight, bias, inputs })
    }

    fn norm(&self, name: &str, width: usize) -> Result<Norm, String> {
        let (weight, bias) = (self.values(&format!("{name}.weight"))?, self.values(&format!("{name}.bias"))?);
        if weight.len() != width || bias.len() != width {
            return Err(format!("`{name}` is not {width} wide"));
        }
        Ok(Norm { weight, bias })
    }

    /// Query, key and value of a layer as one matrix.
    fn attend(&self, at: usize, width: usize) -> Result<DenseRow, String> {
        let mut all = DenseRow { weight: Vec::new(), bias: Vec::new(), inputs: width };
        for part in ["query", "key", "value"] {
            let one = self.head(&part_of(at, &format!("attention.self.{part}")), width)?;
            if one.bias.len() != width {
                return Err(format!("layer {at}: {part} is not {width} wide"));
            }
            all.weight.extend(one.weight);
            all.bias.extend(one.bias);
        }
        Ok(all)
    }

    fn backward(&self, at: usize, width: usize) -> Result<Backward, String> {
        let turned = |part: &str, inputs| Dense::back(&self.head(&part_of(at, part), inputs)?.weight, inputs);
        let inner = self.head(&part_of(at, "intermediate.dense"), width)?.bias.len();
        Ok(Backward {
            attend: Dense::back(&self.attend(at, width)?.weight, width)?,
            mixed: turned("attention.output.dense", width)?,
            wide: turned("intermediate.dense", width)?,
            narrow: turned("output.dense", inner)?,
        })
    }

    fn layer(&self, at: usize, width: usize) -> Result<Layer, String> {
        let name = |part: &str| part_of(at, part);
        let dense = |part: &str, inputs| {
            let DenseRow { weight, bias, inputs } = self.head(&name(part), inputs)?;
            Dense::new(&weight, bias, inputs).map_err(|cause| format!("layer {at}: {part}: {cause}"))
        };
        let attend = self.attend(at, width)?;
        let wide = dense("intermediate.dense", width)?;
        Ok(Layer {
            attend: Dense::new(&attend.weight, attend.bias, width)
                .map_err(|cause| format!("layer {at}: {cause}"))?,
            mixed: dense("attention.output.dense", width)?,
            after_attention: self.norm(&name("attention.output.LayerNorm"), width)?,
            narrow: dense("output.dense", wide.outputs())?,
            wide,
            after_feed: self.norm(&name("output.LayerNorm"), width)?,
        })
    }
}

/// Hugging Face's name of a part of a layer.
fn part_of(layer: usize, part: &str) -> String {
    format!("bert.encoder.layer.{layer}.{part}")
}
