//! Several threads that analyse one list; the answers keep its order.

use std::sync::{Mutex, PoisonError};

use tingxin_text::domain::{RawContact, Refusal};
use tingxin_text::ingest::{ContactStream, ReadError};

use super::stages::{PackageStages, StageParts};

/// Contacts that travel together, as in `tingxin analyze`.
const BATCH: usize = 64;

/// Most threads: each holds a model of its own.
const MOST_THREADS: usize = 256;

/// A contact as it was read, or why it was not.
type ReadItem = Result<RawContact, Refusal>;

/// What became of one contact.
pub(super) enum PackageAnswer {
    /// The analysis, byte by byte what `tingxin analyze` writes on its line.
    Analysis(Vec<u8>),
    /// Why there is none, as `tingxin analyze` writes it on standard error.
    Refusal(Vec<u8>),
}

/// The stages of every thread. Two callers may work with one crew: whoever comes second waits for free stages.
pub(super) struct ScoringCrew {
    stages: Vec<Mutex<PackageStages>>,
    engine: String,
}

impl ScoringCrew {
    pub(super) fn load(model: &str, threads: usize) -> Result<Self, String> {
        if threads == 0 || threads > MOST_THREADS {
            return Err(format!("threads must be 1 to {MOST_THREADS}"));
        }
        let parts = StageParts::new()?;
        let first = parts.stages(model)?;
        let engine = serde_json::to_string(first.engine()).map_err(|cause| cause.to_string())?;
        let others = (1..threads).map(|_| parts.stages(model));
        let stages = std::iter::once(Ok(first)).chain(others);
        Ok(Self { stages: stages.map(|one| one.map(Mutex::new)).collect::<Result<_, String>>()?, engine })
    }

    pub(super) fn engine(&self) -> &str {
        &self.engine
    }

    /// Analyses what was read; one answer for each item, in order.
    pub(super) fn analyse(&self, items: Vec<ReadItem>) -> Result<Vec<PackageAnswer>, String> {
        self.analyse_items(items.into_iter())
    }

    /// Analyses a file as it is read. Notices are left out: no contact is lost with them.
    pub(super) fn analyse_stream(&self, stream: ContactStream) -> Result<Vec<PackageAnswer>, String> {
        let mut broken = None;
        let items = stream.filter_map(|item| match item {
            Ok(placed) => Some(Ok(placed.contact)),
            Err(ReadError::Refused(refusal)) => Some(Err(refusal)),
            Err(ReadError::Notice(_)) => None,
            Err(ReadError::Broken { name, cause }) => {
                broken = Some(format!("{name} cannot be read: {cause}"));
                None
            }
        });
        let answers = self.analyse_items(items);
        broken.map_or(answers, Err)
    }

    fn analyse_items(
        &self,
        items: impl Iterator<Item = ReadItem> + Send,
    ) -> Result<Vec<PackageAnswer>, String> {
        let queue = Mutex::new((items, 0));
        let done = Mutex::new(Vec::new());
        let serve = |stages: &Mutex<PackageStages>| -> Result<(), String> {
            while let Some((at, batch)) = next(&queue) {
                let mut stages = stages.lock().unwrap_or_else(PoisonError::into_inner);
                let answers = answers(&mut stages, batch)?;
                done.lock().unwrap_or_else(PoisonError::into_inner).push((at, answers));
            }
            Ok(())
        };
        std::thread::scope(|scope| {
            let (first, others) = self.stages.split_first().ok_or_else(lost)?;
            let serve = &serve;
            let helpers: Vec<_> = others.iter().map(|stages| scope.spawn(move || serve(stages))).collect();
            serve(first)?;
            helpers.into_iter().try_for_each(|helper| helper.join().map_err(|_| lost())?)
        })?;
        let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
        done.sort_by_key(|(at, _)| *at);
        Ok(done.into_iter().flat_map(|(_, answers)| answers).collect())
    }
}

/// The next batch and its place in the order.
fn next<I: Iterator<Item = ReadItem>>(queue: &Mutex<(I, usize)>) -> Option<(usize, Vec<ReadItem>)> {
    let mut queue = queue.lock().unwrap_or_else(PoisonError::into_inner);
    let (items, count) = &mut *queue;
    let batch: Vec<ReadItem> = items.take(BATCH).collect();
    *count += 1;
    (!batch.is_empty()).then_some((*count, batch))
}

fn answers(stages: &mut PackageStages, batch: Vec<ReadItem>) -> Result<Vec<PackageAnswer>, String> {
    let (mut contacts, mut refusals) = (Vec::new(), Vec::new());
    for item in batch {
        match item {
            Ok(contact) => {
                contacts.push(contact);
                refusals.push(None);
            }
            Err(refusal) => refusals.push(Some(refusal)),
        }
    }
    let mut analysed = stages.analyse(contacts)?.into_iter();
    let one = |refusal: Option<Refusal>| match refusal.map_or_else(|| analysed.next(), |why| Some(Err(why))) {
        Some(Ok(one)) => serde_json::to_vec(&one.analysis).map(PackageAnswer::Analysis),
        Some(Err(refusal)) => serde_json::to_vec(&refusal).map(PackageAnswer::Refusal),
        None => Err(serde_json::Error::io(std::io::Error::other(lost()))),
    };
    refusals.into_iter().map(one).collect::<Result<_, _>>().map_err(|cause| cause.to_string())
}

fn lost() -> String {
    "a thread ended in the middle of its work".to_owned()
}
