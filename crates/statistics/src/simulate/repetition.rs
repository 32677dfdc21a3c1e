//! An experiment many times over, and the share and mean of what came out.

use rand_chacha::ChaCha8Rng;

use super::finding::Options;
use crate::count;
use crate::resample::generator;

/// `repetitions` results of `body`, in the order of the repetitions whatever the number of threads.
pub(super) fn repeat<T: Send>(
    options: &Options,
    experiment: u64,
    repetitions: usize,
    body: impl Fn(&mut ChaCha8Rng) -> T + Sync,
) -> Vec<T> {
    let threads = options.threads.max(1);
    let body = &body;
    let work = |first: usize| -> Vec<(usize, T)> {
        let own = (first..repetitions).step_by(threads);
        own.map(|repetition| {
            let number = u64::try_from(repetition).unwrap_or(u64::MAX);
            (repetition, body(&mut generator(options.seed, &[experiment, number])))
        })
        .collect()
    };
    let mut results: Vec<(usize, T)> = std::thread::scope(|scope| {
        let handles: Vec<_> = (0..threads).map(|first| scope.spawn(move || work(first))).collect();
        handles
            .into_iter()
            .flat_map(|handle| handle.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect()
    });
    results.sort_by_key(|(repetition, _)| *repetition);
    results.into_iter().map(|(_, result)| result).collect()
}

/// Share of true values; NaN (which meets no target) for none at all.
pub(super) fn rate(hits: impl IntoIterator<Item = bool>) -> f64 {
    mean(hits.into_iter().map(|hit| if hit { 1.0 } else { 0.0 }))
}

/// Mean; NaN for no values.
pub(super) fn mean(values: impl IntoIterator<Item = f64>) -> f64 {
    let (sum, n) = values.into_iter().fold((0.0, 0_usize), |(sum, n), value| (sum + value, n + 1));
    sum / count(n)
}
