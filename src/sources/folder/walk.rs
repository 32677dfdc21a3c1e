//! Which files of a watched folder are meant to be taken in.

use std::fs::{DirEntry, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use super::complete::FileLook;
use super::put_away::{DONE, FAILED};

/// Endings under which programs write what is not complete yet.
const PARTIAL: [&str; 9] =
    ["tmp", "temp", "part", "partial", "filepart", "crdownload", "download", "swp", "writing"];

/// The files below `folder` with how each looks, in the order of their paths. What is hidden or
/// partial by its name, links, and what was put away are left out: a link leads out of the folder,
/// and moving it would move nothing.
pub(super) fn files(folder: &Path) -> io::Result<Vec<(PathBuf, FileLook)>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name() != DONE && entry.file_name() != FAILED {
            add(&entry, &mut found);
        }
    }
    found.sort();
    Ok(found)
}

/// A file that goes away while it is looked at was never there.
fn add(entry: &DirEntry, found: &mut Vec<(PathBuf, FileLook)>) {
    let name = entry.file_name();
    let Ok(kind) = entry.file_type() else { return };
    if is_aside(&name.to_string_lossy()) {
        return;
    }
    if kind.is_dir() {
        let inside = std::fs::read_dir(entry.path()).into_iter().flatten().flatten();
        inside.for_each(|entry| add(&entry, found));
    } else if kind.is_file()
        && let Ok(about) = entry.metadata()
    {
        found.push((entry.path(), of(&about)));
    }
}

/// How a file looks now; `None` when it is not there.
pub(super) fn look(path: &Path) -> Option<FileLook> {
    std::fs::symlink_metadata(path).ok().map(|about| of(&about))
}

fn of(about: &Metadata) -> FileLook {
    FileLook { bytes: about.len(), changed: about.modified().unwrap_or(SystemTime::UNIX_EPOCH) }
}

fn is_aside(name: &str) -> bool {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    name.starts_with(['.', '~'])
        || name.ends_with('~')
        || ending.is_some_and(|ending| PARTIAL.contains(&ending.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_are_being_written_and_hidden_ones_are_left_alone() {
        for aside in
            [".calls.csv", "calls.csv.tmp", "calls.CSV.PART", "calls.csv~", "~$calls.xlsx", "a.filepart"]
        {
            assert!(is_aside(aside), "{aside}");
        }
        for meant in ["calls.csv", "2026.11.01 通话", "part.json", "tmp"] {
            assert!(!is_aside(meant), "{meant}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn folders_in_it_are_read_and_links_and_what_was_put_away_are_not() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        for name in ["hall", "done", "failed", "hall/done", ".cache"] {
            std::fs::create_dir(root.join(name)).unwrap();
        }
        for name in ["b.csv", "hall/a.json", "hall/done/c.json", "done/d.csv", "failed/e.csv", ".cache/f.csv"]
        {
            std::fs::write(root.join(name), "1").unwrap();
        }
        std::os::unix::fs::symlink("/etc/hostname", root.join("link.csv")).unwrap();
        std::os::unix::fs::symlink(root, root.join("circle")).unwrap();

        let found: Vec<_> = files(root).unwrap().into_iter().map(|(path, _)| path).collect();

        assert_eq!(found, ["b.csv", "hall/a.json", "hall/done/c.json"].map(|name| root.join(name)));
    }
}
