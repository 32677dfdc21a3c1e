//! A small BERT classifier of random weights, written as Hugging Face writes one and computed here
//! a second time, in plain loops of double precision.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use safetensors::Dtype;
use safetensors::tensor::TensorView;

const WIDTH: usize = 16;
const HEADS: usize = 4;
const LAYERS: usize = 2;
const WIDE: usize = 24;
/// Places of a sequence: short, so that a test can exceed them.
const PLACES: usize = 20;
const TYPES: usize = 2;

/// The marks first, as `bert-base-chinese` has them; then every character that the tests write.
const TOKENS: [&str; 20] = [
    "[PAD]", "[UNK]", "[CLS]", "[SEP]", "你", "们", "太", "慢", "了", "好", "谢", "气", "死", "我", "，",
    "ab", "##cd", "5", "不", "是",
];

/// The model and the folder it lies in.
pub(super) struct Tiny {
    weights: BTreeMap<String, (Vec<usize>, Vec<f32>)>,
    folder: PathBuf,
}

impl Tiny {
    /// Writes a model with these classes into `folder`.
    pub(super) fn write(folder: &Path, labels: &[&str]) -> Self {
        std::fs::create_dir_all(folder).unwrap();
        let tiny = Self { weights: weights(labels.len()), folder: folder.to_owned() };
        let names: BTreeMap<String, &str> =
            labels.iter().enumerate().map(|(at, name)| (at.to_string(), *name)).collect();
        tiny.configure(&serde_json::json!({
            "architectures": ["BertForSequenceClassification"], "model_type": "bert", "hidden_act": "gelu",
            "hidden_size": WIDTH, "num_hidden_layers": LAYERS, "num_attention_heads": HEADS,
            "intermediate_size": WIDE, "max_position_embeddings": PLACES, "type_vocab_size": TYPES,
            "vocab_size": TOKENS.len(), "layer_norm_eps": 1e-12, "pad_token_id": 0, "id2label": names,
        }));
        std::fs::write(folder.join("vocab.txt"), TOKENS.join("\n") + "\n").unwrap();
        let bytes: BTreeMap<&String, Vec<u8>> = tiny
            .weights
            .iter()
            .map(|(name, (_, v))| (name, v.iter().flat_map(|v| v.to_le_bytes()).collect()))
            .collect();
        let views = tiny.weights.iter().map(|(name, (shape, _))| {
            (name.clone(), TensorView::new(Dtype::F32, shape.clone(), &bytes[name]).unwrap())
        });
        safetensors::serialize_to_file(views, None, &folder.join("model.safetensors")).unwrap();
        tiny
    }

    /// Replaces `config.json`.
    pub(super) fn configure(&self, config: &serde_json::Value) {
        std::fs::write(self.folder.join("config.json"), config.to_string()).unwrap();
    }

    /// `config.json`.
    pub(super) fn config(&self) -> serde_json::Value {
        serde_json::from_slice(&std::fs::read(self.folder.join("config.json")).unwrap()).unwrap()
    }

    pub(super) fn folder(&self) -> &str {
        self.folder.to_str().unwrap()
    }

    /// Probabilities of the classes for these tokens between their marks.
    pub(super) fn classes(&self, tokens: &[&str]) -> Vec<f64> {
        let id = |token: &str| TOKENS.iter().position(|known| *known == token).unwrap();
        let ids =
            [vec![id("[CLS]")], tokens.iter().map(|token| id(token)).collect(), vec![id("[SEP]")]].concat();
        let mut x: Vec<Vec<f64>> = ids.iter().enumerate().map(|(place, id)| self.embed(*id, place)).collect();
        for layer in 0..LAYERS {
            x = self.layer(&format!("bert.encoder.layer.{layer}"), &x);
        }
        let pooled: Vec<f64> = self.linear("bert.pooler.dense", &x[0]).iter().map(|v| v.tanh()).collect();
        softmax(&self.linear("classifier", &pooled))
    }

    fn embed(&self, id: usize, place: usize) -> Vec<f64> {
        let row = |table: &str, at: usize| {
            let values = &self.weights[&format!("bert.embeddings.{table}.weight")].1;
            values[at * WIDTH..(at + 1) * WIDTH].iter().map(|v| f64::from(*v)).collect::<Vec<_>>()
        };
        let (word, place) = (row("word_embeddings", id), row("position_embeddings", place));
        let sum = add(&add(&word, &place), &row("token_type_embeddings", 0));
        self.norm("bert.embeddings.LayerNorm", &sum)
    }

    fn layer(&self, name: &str, x: &[Vec<f64>]) -> Vec<Vec<f64>> {
        let all = |part: &str| -> Vec<Vec<f64>> {
            x.iter().map(|row| self.linear(&format!("{name}.attention.self.{part}"), row)).collect()
        };
        let (query, key, value) = (all("query"), all("key"), all("value"));
        let size = WIDTH / HEADS;
        x.iter()
            .zip(&query)
            .map(|(row, query)| {
                let mut seen = vec![0.0; WIDTH];
                for head in 0..HEADS {
                    let part = head * size..(head + 1) * size;
                    let scores: Vec<f64> = key
                        .iter()
                        .map(|key| {
                            dot(&query[part.clone()], &key[part.clone()])
                                / f64::from(u8::try_from(size).unwrap()).sqrt()
                        })
                        .collect();
                    for (share, value) in softmax(&scores).iter().zip(&value) {
                        for at in part.clone() {
                            seen[at] += share * value[at];
                        }
                    }
                }
                let mixed = self.linear(&format!("{name}.attention.output.dense"), &seen);
                let attended = self.norm(&format!("{name}.attention.output.LayerNorm"), &add(row, &mixed));
                let wide = self.linear(&format!("{name}.intermediate.dense"), &attended);
                let wide: Vec<f64> = wide.iter().map(|v| 0.5 * v * (1.0 + erf(v / 2.0_f64.sqrt()))).collect();
                let fed = self.linear(&format!("{name}.output.dense"), &wide);
                self.norm(&format!("{name}.output.LayerNorm"), &add(&attended, &fed))
            })
            .collect()
    }

    fn linear(&self, name: &str, x: &[f64]) -> Vec<f64> {
        let (weight, bias) =
            (&self.weights[&format!("{name}.weight")].1, &self.weights[&format!("{name}.bias")].1);
        let rows = weight.chunks_exact(x.len());
        let sum = |row: &[f32]| row.iter().zip(x).map(|(w, x)| f64::from(*w) * x).sum::<f64>();
        rows.zip(bias).map(|(row, bias)| sum(row) + f64::from(*bias)).collect()
    }

    fn norm(&self, name: &str, x: &[f64]) -> Vec<f64> {
        let (weight, bias) =
            (&self.weights[&format!("{name}.weight")].1, &self.weights[&format!("{name}.bias")].1);
        let count = f64::from(u16::try_from(x.len()).unwrap());
        let mean = x.iter().sum::<f64>() / count;
        let variance = x.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / count;
        let scaled = x.iter().map(|v| (v - mean) / (variance + 1e-12).sqrt());
        scaled.zip(weight).zip(bias).map(|((v, w), b)| v * f64::from(*w) + f64::from(*b)).collect()
    }
}

/// Every tensor of the model. The classifier's are large, so that its classes differ clearly.
fn weights(classes: usize) -> BTreeMap<String, (Vec<usize>, Vec<f32>)> {
    let mut state = 7_u32;
    let mut all = BTreeMap::new();
    let mut put = |name: &str, shape: &[usize], middle: f32, spread: f32| {
        let values = std::iter::repeat_with(|| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            middle + spread * (f32::from(u16::try_from(state >> 16).unwrap()) / 32_768.0 - 1.0)
        });
        all.insert(name.to_owned(), (shape.to_vec(), values.take(shape.iter().product()).collect()));
    };
    for (table, rows) in [("word", TOKENS.len()), ("position", PLACES), ("token_type", TYPES)] {
        put(&format!("bert.embeddings.{table}_embeddings.weight"), &[rows, WIDTH], 0.0, 1.0);
    }
    let mut dense = vec![
        ("bert.pooler.dense".to_owned(), WIDTH, WIDTH, 0.4),
        ("classifier".to_owned(), classes, WIDTH, 1.5),
    ];
    let mut norms = vec!["bert.embeddings.LayerNorm".to_owned()];
    for layer in (0..LAYERS).map(|layer| format!("bert.encoder.layer.{layer}")) {
        for part in
            ["attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense"]
        {
            dense.push((format!("{layer}.{part}"), WIDTH, WIDTH, 0.4));
        }
        dense.push((format!("{layer}.intermediate.dense"), WIDE, WIDTH, 0.4));
        dense.push((format!("{layer}.output.dense"), WIDTH, WIDE, 0.4));
        norms.extend(["attention.output", "output"].map(|part| format!("{layer}.{part}.LayerNorm")));
    }
    for (name, outputs, inputs, spread) in dense {
        put(&format!("{name}.weight"), &[outputs, inputs], 0.0, spread);
        put(&format!("{name}.bias"), &[outputs], 0.0, 0.2);
    }
    for name in norms {
        put(&format!("{name}.weight"), &[WIDTH], 1.0, 0.2);
        put(&format!("{name}.bias"), &[WIDTH], 0.0, 0.2);
    }
    all
}

fn add(a: &[f64], b: &[f64]) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| a + b).collect()
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn softmax(logits: &[f64]) -> Vec<f64> {
    let most = logits.iter().copied().fold(f64::MIN, f64::max);
    let raised: Vec<f64> = logits.iter().map(|v| (v - most).exp()).collect();
    let total: f64 = raised.iter().sum();
    raised.iter().map(|v| v / total).collect()
}

/// The error function by its power series, which converges quickly for the small values here.
fn erf(x: f64) -> f64 {
    let (mut term, mut sum) = (x, x);
    for n in 1..200 {
        let n = f64::from(n);
        term *= -x * x / n;
        sum += term / (2.0 * n + 1.0);
    }
    2.0 / std::f64::consts::PI.sqrt() * sum
}
