//! The engine `rust-bert`: the same models computed by libtorch, and BERT classifiers that an
//! operator brings along.
//!
//! Every sequence is run alone, with its mask. Batches of padded sequences would be twice as fast,
//! but libtorch adds up rows of different batches in different orders, and the same text must have
//! the same bits in any company.

mod classifier;
mod encoder;
mod labels;
mod stored;

pub(super) use classifier::Classifier;
pub(super) use encoder::Encoder;

use std::iter::repeat_n;

use super::encoder::Sequence;
use tch::Tensor;

/// What a sequence is to a model: token numbers, mask and types, each one row.
struct SequenceTensors {
    ids: Tensor,
    mask: Tensor,
    types: Tensor,
}

impl SequenceTensors {
    fn of(sequence: &Sequence) -> Self {
        let length = sequence.ids.len();
        let voice = i64::try_from(sequence.voice).unwrap_or_default();
        Self {
            ids: row(sequence.ids.iter().map(|id| i64::from(*id))),
            mask: row(repeat_n(1, length)),
            types: row(repeat_n(voice, length)),
        }
    }
}

/// One row of a batch.
fn row(values: impl Iterator<Item = i64>) -> Tensor {
    Tensor::from_slice(&values.collect::<Vec<_>>()).unsqueeze(0)
}

/// Runs `work` on one thread and without memory of gradients: there is a worker for every core
/// already.
fn alone<T>(work: impl FnOnce() -> T) -> T {
    // OpenMP keeps this number for each thread by itself, and a model may move between threads.
    tch::set_num_threads(1);
    tch::no_grad(work)
}

/// All values of a tensor, row after row.
fn values(tensor: &Tensor) -> Result<Vec<f32>, String> {
    let flat = tensor.f_reshape([-1]).and_then(|flat| Vec::try_from(&flat));
    flat.map_err(|cause| cause.to_string())
}
