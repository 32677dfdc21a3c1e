//! Work on a sequence with several threads, results in the order of the sequence.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::Builder;

/// One batch and where its result goes.
type Job<B, R> = (B, SyncSender<R>);

/// Why the results ended early.
#[derive(Debug)]
pub(super) enum Stopped<E> {
    /// A thread could not be started, or ended in the middle of its work.
    Thread(std::io::Error),
    /// The taker of results wants no more.
    Taker(E),
}

/// Takes batches from `batches`, lets each go through one of `workers`, and hands the results to
/// `take` in the order of the batches.
///
/// Results never overtake each other: with every batch travels a slot for its result, and the slots
/// are emptied in order. Memory is bounded by `3 × workers` batches, however slow the taker is.
///
/// When the taker stops, the threads are left behind instead of joined: the reading one may be
/// waiting for a terminal, and the process is about to end anyway.
pub(super) fn in_order<B, R, W, E>(
    batches: impl Iterator<Item = B> + Send + 'static,
    workers: Vec<W>,
    mut take: impl FnMut(R) -> Result<(), E>,
) -> Result<(), Stopped<E>>
where
    B: Send + 'static,
    R: Send + 'static,
    W: FnMut(B) -> R + Send + 'static,
{
    let count = workers.len();
    let (jobs, waiting) = sync_channel::<Job<B, R>>(count);
    let (slots, results) = sync_channel::<Receiver<R>>(2 * count);
    let waiting = Arc::new(Mutex::new(waiting));
    for work in workers {
        let waiting = Arc::clone(&waiting);
        let thread = Builder::new().name("tingxin-analyze".to_owned());
        thread.spawn(move || serve(&waiting, work)).map_err(Stopped::Thread)?;
    }
    drop(waiting);
    let reader = Builder::new().name("tingxin-read".to_owned());
    let reader = reader
        .spawn(move || {
            for batch in batches {
                let (answer, slot) = sync_channel(1);
                // Fails when the taker has stopped or every worker has ended: nothing left to do.
                if slots.send(slot).is_err() || jobs.send((batch, answer)).is_err() {
                    return;
                }
            }
        })
        .map_err(Stopped::Thread)?;
    for slot in results {
        let result = slot.recv().map_err(|_| lost())?;
        take(result).map_err(Stopped::Taker)?;
    }
    reader.join().map_err(|_| lost())
}

fn serve<B, R>(waiting: &Mutex<Receiver<Job<B, R>>>, mut work: impl FnMut(B) -> R) {
    loop {
        // The lock is held while waiting: one worker waits for a job, the others for the lock.
        let job = waiting.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok((batch, answer)) = job else { return };
        // The taker may have stopped; then the result is for nobody.
        let _ = answer.send(work(batch));
    }
}

fn lost<E>() -> Stopped<E> {
    Stopped::Thread(std::io::Error::other("a thread ended in the middle of its work"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::convert::Infallible;

    fn doubled(workers: usize) -> Vec<u32> {
        let mut taken = Vec::new();
        let work = |n: u32| {
            // Later batches are the faster ones: without slots they would overtake.
            (0..(500 - n) * 200).for_each(|x| _ = std::hint::black_box(x));
            n * 2
        };
        in_order(0..500, vec![work; workers], |result| {
            taken.push(result);
            Ok::<_, Infallible>(())
        })
        .unwrap();
        taken
    }

    #[test]
    fn results_keep_the_order_of_their_batches_for_any_number_of_workers() {
        let expected: Vec<u32> = (0..500).map(|n| n * 2).collect();
        for workers in [1, 2, 5] {
            assert_eq!(doubled(workers), expected);
        }
    }

    #[test]
    fn a_taker_that_stops_ends_it_although_the_batches_never_do() {
        let mut taken = 0;

        let stopped = in_order(0u64.., vec![|n: u64| n; 2], |_| {
            taken += 1;
            if taken == 3 { Err("enough") } else { Ok(()) }
        });

        assert!(matches!(stopped, Err(Stopped::Taker("enough"))));
    }

    #[test]
    fn a_worker_that_panics_is_reported_and_does_not_hang_the_others() {
        let work = |n: u32| if n == 7 { std::panic::resume_unwind(Box::new(())) } else { n };

        let stopped = in_order(0..100, vec![work; 2], |_| Ok::<_, Infallible>(()));

        assert!(matches!(stopped, Err(Stopped::Thread(_))));
    }
}
