//! Where files go when they were read: `done`, or `failed` with a sentence beside.

use std::fmt::Write as _;
use std::fs::Metadata;
use std::io;
use std::path::{Path, PathBuf};

use super::super::parcel::Turned;
use crate::domain::{DAY_MILLIS, Refusal, UtcMillis};

/// Where files go whose contacts were all taken.
pub(super) const DONE: &str = "done";

/// Where the others go.
pub(super) const FAILED: &str = "failed";

/// What the name of the file with the reason adds to that of the file.
const REASON: &str = ".reason.txt";

/// Names that are tried for a file before its move is given up.
const MOST_NAMES: u32 = 10_000;

/// The two folders.
pub(super) struct Away {
    root: PathBuf,
}

impl Away {
    /// Makes them in `root`.
    pub(super) fn within(root: &Path) -> io::Result<Self> {
        for name in [DONE, FAILED] {
            std::fs::create_dir_all(root.join(name))?;
        }
        Ok(Self { root: root.to_owned() })
    }

    /// Moves a file to `done`.
    pub(super) fn done(&self, path: &Path) -> io::Result<()> {
        let to = self.place(DONE, path)?;
        moved(path, &to)
    }

    /// Moves a file to `failed` and says beside it why. The reason comes first: a process that is
    /// killed in between reads the file once more, and leaves none without a reason.
    pub(super) fn fail(&self, path: &Path, turned: &Turned) -> io::Result<()> {
        let to = self.place(FAILED, path)?;
        let mut reason = to.clone().into_os_string();
        reason.push(REASON);
        std::fs::write(&reason, sentences(turned))?;
        moved(path, &to)
    }

    /// Removes files of `done` that were put there more than so many days before `now`; how many.
    pub(super) fn sweep(&self, days: u32, now: UtcMillis) -> io::Result<u64> {
        let before = now.plus_millis(-i64::from(days) * DAY_MILLIS);
        sweep(&self.root.join(DONE), before)
    }

    /// A free place for a file under `folder`, on the same way as it had in the watched folder.
    fn place(&self, folder: &str, path: &Path) -> io::Result<PathBuf> {
        let way = path.strip_prefix(&self.root).map_err(io::Error::other)?;
        let to = self.root.join(folder).join(way);
        if let Some(parent) = to.parent() {
            std::fs::create_dir_all(parent)?;
        }
        let (stem, end) = named(&to);
        let names = std::iter::once(to.clone())
            .chain((2..MOST_NAMES).map(|n| to.with_file_name(format!("{stem}.{n}{end}"))));
        let mut free = names.filter(|name| std::fs::symlink_metadata(name).is_err());
        free.next().ok_or_else(|| io::Error::other("no free name is left for it"))
    }
}

/// A name in two parts, so that a second `calls.csv.gz` becomes `calls.2.csv.gz`.
fn named(path: &Path) -> (String, String) {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    match name.split_once('.') {
        Some((stem, end)) if !stem.is_empty() => (stem.to_owned(), format!(".{end}")),
        _ => (name, String::new()),
    }
}

/// Somebody else may have moved it: another process that watches the same folder.
fn moved(from: &Path, to: &Path) -> io::Result<()> {
    match std::fs::rename(from, to) {
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

fn sweep(folder: &Path, before: UtcMillis) -> io::Result<u64> {
    let mut removed = 0;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let about = entry.metadata()?;
        if about.is_dir() {
            removed += sweep(&entry.path(), before)?;
        } else if put_there(&about).is_some_and(|at| at < before) {
            std::fs::remove_file(entry.path())?;
            removed += 1;
        }
    }
    Ok(removed)
}

/// When a file was moved to where it is. The time of its content does not say so: a file of last
/// year that was taken in today is kept.
#[cfg(unix)]
fn put_there(about: &Metadata) -> Option<UtcMillis> {
    use std::os::unix::fs::MetadataExt as _;
    about.ctime().checked_mul(1_000).map(UtcMillis::from_millis)
}

#[cfg(not(unix))]
fn put_there(about: &Metadata) -> Option<UtcMillis> {
    let since = about.created().ok()?.duration_since(std::time::UNIX_EPOCH).ok()?;
    i64::try_from(since.as_millis()).ok().map(UtcMillis::from_millis)
}

/// What stands beside a file, in both languages, without a word of a contact.
fn sentences(turned: &Turned) -> String {
    let Turned { taken, refused, said } = turned;
    let mut text = format!(
        "收下 {taken} 条服务记录，没有收下 {refused} 条。改好后把文件放回原来的文件夹即可，已收下的不会重复。\n\
         {taken} contacts were taken, {refused} were not. Mend the file and put it back where it was: nothing is taken twice.\n\n"
    );
    for refusal in said {
        // Writing to a text cannot fail.
        let _ = writeln!(text, "{}", sentence(refusal));
    }
    let more = refused.saturating_sub(u64::try_from(said.len()).unwrap_or(u64::MAX));
    if more > 0 {
        let _ = writeln!(text, "另有 {more} 条。And {more} more.");
    }
    text
}

/// `17, contact_id: … (invalid_value，内容不符合要求)`.
fn sentence(refusal: &Refusal) -> String {
    let Refusal { line, field, code, message, .. } = refusal;
    let line = line.map(|line| format!("{line}")).unwrap_or_default();
    let field = field.as_deref().map(|field| format!(" {field}")).unwrap_or_default();
    let place = format!("{line}{field}");
    let place = if place.is_empty() { place } else { format!("{}: ", place.trim_start()) };
    let zh = refusal.zh().map(|zh| format!("，{zh}")).unwrap_or_default();
    format!("{place}{message} ({code}{zh})")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_file_of_the_same_name_gets_a_name_of_its_own() {
        let folder = tempfile::tempdir().unwrap();
        let away = Away::within(folder.path()).unwrap();
        for content in ["1", "2"] {
            let path = folder.path().join("calls.csv.gz");
            std::fs::write(&path, content).unwrap();
            away.done(&path).unwrap();
        }

        let read = |name| std::fs::read_to_string(folder.path().join(name)).unwrap();
        assert_eq!([read("done/calls.csv.gz"), read("done/calls.2.csv.gz")], ["1", "2"]);
    }

    #[test]
    fn only_what_was_put_there_long_ago_is_removed() {
        let folder = tempfile::tempdir().unwrap();
        let away = Away::within(folder.path()).unwrap();
        let path = folder.path().join("calls.csv");
        std::fs::write(&path, "1").unwrap();
        let old = std::time::UNIX_EPOCH;
        std::fs::File::options().write(true).open(&path).unwrap().set_modified(old).unwrap();
        away.done(&path).unwrap();

        let now = UtcMillis::now();
        let today = away.sweep(7, now).unwrap();
        assert_eq!(today, 0, "its content is old, and it came today");
        assert!(folder.path().join("done/calls.csv").exists());
        assert_eq!(away.sweep(7, now.plus_millis(8 * DAY_MILLIS)).unwrap(), 1);
    }

    #[test]
    fn the_reason_says_where_and_why_and_what_to_do() {
        let mut turned = Turned { taken: 3, ..Turned::default() };
        turned.add(Refusal::new("invalid_value", "must be 1 or more").at("/revision").in_file("a.csv", 7));
        turned.refused += 5;

        let text = sentences(&turned);

        assert!(text.contains("7 /revision: must be 1 or more (invalid_value，内容不符合要求)"), "{text}");
        assert!(text.contains("3 contacts were taken, 6 were not") && text.contains("And 5 more"), "{text}");
    }
}
