//! When a file is complete: it looks as it did a while ago.

use std::collections::HashMap;
use std::path::PathBuf;
use std::time::{Duration, Instant, SystemTime};

/// How a file looks from outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct FileLook {
    pub(super) bytes: u64,
    pub(super) changed: SystemTime,
}

/// Files that were seen, with how they looked and since when.
#[derive(Default)]
pub(super) struct SeenFiles {
    files: HashMap<PathBuf, (FileLook, Instant)>,
    waiting: bool,
}

impl SeenFiles {
    /// Those that have not changed for `quiet`. By our own clock and not by the time of the file:
    /// the clock of a network drive goes its own way, and programs that copy set old times.
    pub(super) fn complete(
        &mut self,
        looks: Vec<(PathBuf, FileLook)>,
        quiet: Duration,
        now: Instant,
    ) -> Vec<(PathBuf, FileLook)> {
        let mut files = HashMap::with_capacity(looks.len());
        let mut complete = Vec::new();
        for (path, look) in looks {
            let same = self.files.get(&path).filter(|(before, _)| *before == look);
            let since = same.map_or(now, |(_, since)| *since);
            if now.saturating_duration_since(since) >= quiet {
                complete.push((path.clone(), look));
            }
            files.insert(path, (look, since));
        }
        self.waiting = complete.len() < files.len();
        // What is not there any more is forgotten.
        self.files = files;
        complete
    }

    /// Whether some file was not complete at the last look.
    pub(super) const fn is_waiting(&self) -> bool {
        self.waiting
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_grows_waits_until_it_has_rested() {
        let quiet = Duration::from_secs(5);
        let start = Instant::now();
        let mut seen = SeenFiles::default();
        let mut at = |second: u64, bytes: u64| {
            let look = FileLook { bytes, changed: SystemTime::UNIX_EPOCH };
            let now = start + Duration::from_secs(second);
            seen.complete(vec![(PathBuf::from("a.csv"), look)], quiet, now).len()
        };

        let complete = [at(0, 1), at(4, 2), at(6, 2), at(9, 2), at(10, 3), at(15, 3)];

        assert_eq!(complete, [0, 0, 0, 1, 0, 1], "it grew at 4 and at 10");
    }

    #[test]
    fn with_no_rest_asked_for_everything_is_complete() {
        let look = FileLook { bytes: 1, changed: SystemTime::UNIX_EPOCH };
        let mut seen = SeenFiles::default();

        let complete = seen.complete(vec![(PathBuf::from("a"), look)], Duration::ZERO, Instant::now());

        assert_eq!((complete.len(), seen.is_waiting()), (1, false));
    }
}
