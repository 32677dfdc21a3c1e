//! Work on a sequence with several threads, results in the order of the sequence.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::Builder;

/// Most weight in hand. By bytes of text: four contacts of the largest size, or the batches of
/// sixteen threads.
const IN_HAND: usize = 4 * 1024 * 1024;

/// One batch and where its result goes.
struct BatchJob<B, R> {
    batch: B,
    answer: SyncSender<R>,
}

/// Why the results ended early.
#[derive(Debug)]
pub(super) enum Stopped<E> {
    /// A thread could not be started, or ended in the middle of its work.
    Thread(std::io::Error),
    /// The taker of results wants no more.
    Taker(E),
}

/// Takes batches from `batches`, lets each go through one of at most `count` workers, and hands the
/// results to `take` in the order of the batches. `make` makes a worker on its thread, and a thread
/// is started only when there is a batch that no other one is free for.
///
/// Results never overtake each other: with every batch travels a slot for its result, and the slots
/// are emptied in order. Memory is bounded by `3 × count` batches, however slow the taker is, and
/// by what batches weigh: [`IN_HAND`] in all, of those that were read and whose results are not
/// taken.
///
/// When the taker stops, the threads are left behind instead of joined: the reading one may be
/// waiting for a terminal, and the process is about to end anyway.
pub(super) fn in_order<B, R, W, M, E>(
    batches: impl Iterator<Item = B> + Send + 'static,
    count: usize,
    weigh: fn(&B) -> usize,
    make: M,
    mut take: impl FnMut(R) -> Result<(), E>,
) -> Result<(), Stopped<E>>
where
    B: Send + 'static,
    R: Send + 'static,
    W: FnMut(B) -> R,
    M: Fn() -> W + Send + Sync + 'static,
{
    let (jobs, waiting) = sync_channel::<BatchJob<B, R>>(count);
    let (slots, results) = sync_channel::<(Receiver<R>, usize)>(2 * count);
    let scales = Arc::new(Scales::default());
    let weighing = Arc::clone(&scales);
    let mut crew = Crew {
        waiting: Arc::new(Mutex::new(waiting)),
        make: Arc::new(make),
        busy: Arc::default(),
        count,
        started: 0,
    };
    let reader = Builder::new().name("tingxin-read".to_owned());
    let reader = reader
        .spawn(move || {
            for batch in batches {
                let weight = weigh(&batch);
                weighing.put(weight);
                crew.call()?;
                let (answer, slot) = sync_channel(1);
                // Fails when the taker has stopped: nothing left to do.
                if slots.send((slot, weight)).is_err() || jobs.send(BatchJob { batch, answer }).is_err() {
                    break;
                }
            }
            Ok(())
        })
        .map_err(Stopped::Thread)?;
    for (slot, weight) in results {
        let result = slot.recv().map_err(|_| lost())?;
        take(result).map_err(Stopped::Taker)?;
        scales.take(weight);
    }
    reader.join().map_err(|_| lost())?.map_err(Stopped::Thread)
}

/// What is in hand, by weight.
#[derive(Default)]
struct Scales {
    held: Mutex<usize>,
    lighter: Condvar,
}

impl Scales {
    /// Waits until there is room; anything is let through when nothing else is in hand.
    fn put(&self, weight: usize) {
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let full = |held: &mut usize| *held > 0 && held.saturating_add(weight) > IN_HAND;
        let mut held = self.lighter.wait_while(held, full).unwrap_or_else(PoisonError::into_inner);
        *held = held.saturating_add(weight);
    }

    fn take(&self, weight: usize) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        *held = held.saturating_sub(weight);
        self.lighter.notify_one();
    }
}

/// The workers that were started.
struct Crew<B, R, M> {
    waiting: Arc<Mutex<Receiver<BatchJob<B, R>>>>,
    make: Arc<M>,
    /// Batches that were handed out and are not done.
    busy: Arc<AtomicUsize>,
    count: usize,
    started: usize,
}

impl<B, R, W, M> Crew<B, R, M>
where
    B: Send + 'static,
    R: Send + 'static,
    W: FnMut(B) -> R,
    M: Fn() -> W + Send + Sync + 'static,
{
    /// Makes sure that somebody will take one more batch.
    fn call(&mut self) -> std::io::Result<()> {
        let busy = self.busy.fetch_add(1, Ordering::Relaxed);
        if busy < self.started || self.started >= self.count.max(1) {
            return Ok(());
        }
        let (waiting, make, busy) =
            (Arc::clone(&self.waiting), Arc::clone(&self.make), Arc::clone(&self.busy));
        let thread = Builder::new().name("tingxin-analyze".to_owned());
        match thread.spawn(move || serve(&waiting, &busy, make())) {
            Ok(_) => self.started += 1,
            Err(cause) if self.started == 0 => return Err(cause),
            // The machine gives no more threads; those that are there do the work.
            Err(_) => self.count = self.started,
        }
        Ok(())
    }
}

fn serve<B, R>(waiting: &Mutex<Receiver<BatchJob<B, R>>>, busy: &AtomicUsize, mut work: impl FnMut(B) -> R) {
    loop {
        // The lock is held while waiting: one worker waits for a job, the others for the lock.
        let job = waiting.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok(BatchJob { batch, answer }) = job else { return };
        let result = work(batch);
        busy.fetch_sub(1, Ordering::Relaxed);
        // The taker may have stopped; then the result is for nobody.
        let _ = answer.send(result);
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
        in_order(
            0..500,
            workers,
            |_| IN_HAND / 3,
            move || work,
            |result| {
                taken.push(result);
                Ok::<_, Infallible>(())
            },
        )
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
    fn no_more_workers_are_made_than_there_are_batches() {
        let workers = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&workers);
        let make = move || {
            counted.fetch_add(1, Ordering::Relaxed);
            |n: u32| n
        };

        in_order(0..3, 1024, |_| 0, make, |_| Ok::<_, Infallible>(())).unwrap();

        assert!((1..=3).contains(&workers.load(Ordering::Relaxed)));
    }

    #[test]
    fn a_taker_that_stops_ends_it_although_the_batches_never_do() {
        let mut taken = 0;

        let stopped = in_order(
            0u64..,
            2,
            |_| 1,
            || |n: u64| n,
            |_| {
                taken += 1;
                if taken == 3 { Err("enough") } else { Ok(()) }
            },
        );

        assert!(matches!(stopped, Err(Stopped::Taker("enough"))));
    }

    #[test]
    fn a_worker_that_panics_is_reported_and_does_not_hang_the_others() {
        let work = |n: u32| if n == 7 { std::panic::resume_unwind(Box::new(())) } else { n };

        let stopped = in_order(0..100, 2, |_| 2 * IN_HAND, move || work, |_| Ok::<_, Infallible>(()));

        assert!(matches!(stopped, Err(Stopped::Thread(_))));
    }
}
