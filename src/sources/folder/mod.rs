//! A watched folder: what lies in it is taken in and moved to `done` or `failed` in it.
//!
//! It is looked at again and again. Notices of the kernel (inotify) are not used: such folders lie
//! on network drives, where there are none, and they miss what came before the start.

mod complete;
mod put_away;
mod walk;

use std::collections::{HashMap, VecDeque};
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::parcel::{Fate, Parcel, Source, SourceError};
use crate::domain::UtcMillis;
use crate::ingest::ReadOptions;
use complete::{FileLook, SeenFiles};
use put_away::Away;

/// Pause between two looks at the folder.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Files that are given at once: so many are moved away together, and a stop waits for no more.
const AT_ONCE: usize = 64;

/// Pause between two looks for files in `done` that are kept no longer.
const SWEEP_EVERY: Duration = Duration::from_hours(1);

/// How a folder is watched.
#[derive(Debug, Clone)]
pub struct FolderTerms {
    /// The folder.
    pub path: PathBuf,
    /// How long a file must stay as it is before it counts as complete.
    pub quiet: Duration,
    /// Days after which a file in `done` is removed; 0 keeps it.
    pub done_days: u32,
    /// What the files cannot say about themselves.
    pub reading: ReadOptions,
}

/// A watched folder.
pub struct FolderSource {
    terms: FolderTerms,
    away: Away,
    seen: SeenFiles,
    /// Complete and not given yet. A folder with a hundred thousand files is not walked for every sixty-four of them.
    ready: VecDeque<(PathBuf, FileLook)>,
    /// As it was when each file was given.
    given: HashMap<PathBuf, FileLook>,
    looked: Option<Instant>,
    swept: Option<Instant>,
}

impl FolderSource {
    /// Looks whether the folder is there and can be written to, and makes `done` and `failed` in it.
    ///
    /// # Errors
    /// [`SourceError::Files`].
    pub fn open(terms: FolderTerms) -> Result<Self, SourceError> {
        let at = |path: &Path, cause| SourceError::Files { path: path.display().to_string(), cause };
        // Made by nobody: a mistyped path, or a drive that is not mounted, must not look like a quiet day.
        std::fs::read_dir(&terms.path).map_err(|cause| at(&terms.path, cause))?;
        let away = Away::within(&terms.path).map_err(|cause| at(&terms.path, cause))?;
        let (seen, ready, given) = (SeenFiles::default(), VecDeque::new(), HashMap::new());
        Ok(Self { terms, away, seen, ready, given, looked: None, swept: None })
    }

    /// Looks which files are complete now, in the order of their names.
    async fn look(&mut self) -> Result<(), SourceError> {
        let path = self.terms.path.clone();
        let looks = tokio::task::spawn_blocking(move || walk::files(&path)).await.map_err(io::Error::other);
        let looks = looks
            .and_then(|looks| looks)
            .map_err(|cause| SourceError::Files { path: self.terms.path.display().to_string(), cause })?;
        self.ready = self.seen.complete(looks, self.terms.quiet, Instant::now()).into();
        Ok(())
    }

    /// The next files that are complete.
    fn give(&mut self) -> Vec<Parcel<PathBuf>> {
        self.given.clear();
        let most = self.ready.len().min(AT_ONCE);
        let next: Vec<_> = self.ready.drain(..most).collect();
        let parcel = |(path, look): (PathBuf, FileLook)| {
            self.given.insert(path.clone(), look);
            let (opened, name) = (path.clone(), shown(&self.terms.path, &path));
            let open = move || -> io::Result<Box<dyn Read + Send>> { Ok(Box::new(File::open(&opened)?)) };
            Parcel { ticket: path, name, open: Arc::new(open) }
        };
        next.into_iter().map(parcel).collect()
    }

    fn sweep(&mut self) {
        if self.terms.done_days == 0 || self.swept.is_some_and(|at| at.elapsed() < SWEEP_EVERY) {
            return;
        }
        self.swept = Some(Instant::now());
        match self.away.sweep(self.terms.done_days, UtcMillis::now()) {
            Ok(0) => {}
            Ok(files) => tracing::info!(files, "files that were taken in long ago are removed"),
            Err(failure) => tracing::warn!(%failure, "files that were taken in long ago stay for now"),
        }
    }

    fn put_away(&mut self, path: &Path, fate: &Fate) -> io::Result<()> {
        let given = self.given.remove(path);
        if matches!(fate, Fate::Later) {
            return Ok(());
        }
        // Whoever still wrote to it, or put another file in its place, has it read once more.
        if walk::look(path).is_none_or(|now| Some(now) != given) {
            return Ok(());
        }
        match fate {
            Fate::Refused(turned) => self.away.fail(path, turned),
            Fate::Taken | Fate::Later => self.away.done(path),
        }
    }
}

/// What a file is called in refusals: its way from the watched folder.
fn shown(folder: &Path, path: &Path) -> String {
    path.strip_prefix(folder).unwrap_or(path).to_string_lossy().into_owned()
}

impl Source for FolderSource {
    type Ticket = PathBuf;

    fn name(&self) -> &'static str {
        "folder"
    }

    fn reading(&self) -> ReadOptions {
        self.terms.reading.clone()
    }

    async fn parcels(&mut self) -> Result<Vec<Parcel<PathBuf>>, SourceError> {
        if self.ready.is_empty() {
            if let Some(looked) = self.looked {
                tokio::time::sleep(LOOK_EVERY.saturating_sub(looked.elapsed())).await;
            }
            self.sweep();
            self.looked = Some(Instant::now());
            self.look().await?;
        }
        Ok(self.give())
    }

    async fn settle(&mut self, path: PathBuf, fate: Fate) -> Result<(), SourceError> {
        self.put_away(&path, &fate)
            .map_err(|cause| SourceError::Files { path: shown(&self.terms.path, &path), cause })
    }
}

impl FolderSource {
    /// Whether some file lies there that is not complete yet.
    #[must_use]
    pub fn is_waiting(&self) -> bool {
        self.seen.is_waiting()
    }
}
