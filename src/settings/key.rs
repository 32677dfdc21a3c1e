//! The file that holds the pseudonym key.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::redact::PseudonymKey;

/// Why the key cannot be used. Never repeats the content of the file.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// It is there and cannot be read, or is not and cannot be made.
    #[error("key file {path}: {cause}")]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        cause: std::io::Error,
    },
    /// Something else stands in it.
    #[error("key file {0} must hold exactly 64 hexadecimal digits")]
    NotAKey(PathBuf),
    /// Others may read it, or the group may change it.
    #[error("key file {path} is open to others (mode {mode:o}); run: chmod 600 {path}")]
    Exposed {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The operating system gives no random bytes.
    #[error("the operating system gives no random bytes: {0}")]
    NoEntropy(getrandom::Error),
}

/// A key and the file it came from.
#[derive(Debug)]
pub struct KeyFile {
    /// The key.
    pub key: PseudonymKey,
    /// The file, if this call made it.
    pub created: Option<PathBuf>,
}

impl KeyFile {
    /// Reads the key, or makes file and key when there is none.
    ///
    /// # Errors
    /// [`KeyError`] with a sentence that says what to do.
    pub fn load_or_create(path: &Path) -> Result<Self, KeyError> {
        match std::fs::read_to_string(path) {
            Ok(text) => {
                check_mode(path)?;
                let bytes = from_hex(text.trim()).ok_or_else(|| KeyError::NotAKey(path.to_owned()))?;
                Ok(Self { key: PseudonymKey::new(bytes), created: None })
            }
            Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => Self::create(path),
            Err(cause) => Err(KeyError::Io { path: path.to_owned(), cause }),
        }
    }

    /// A key that is kept nowhere, for commands that store nothing.
    ///
    /// # Errors
    /// [`KeyError::NoEntropy`].
    pub fn throw_away() -> Result<PseudonymKey, KeyError> {
        random().map(PseudonymKey::new)
    }

    /// Writes a file beside it that gets its name when it is whole and on the disk: half a key would stop
    /// every later start, and another process may read at any moment.
    fn create(path: &Path) -> Result<Self, KeyError> {
        let bytes = random()?;
        let io = |cause| KeyError::Io { path: path.to_owned(), cause };
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        // Only its owner may read it from the beginning on.
        let mut file = tempfile::NamedTempFile::new_in(folder).map_err(io)?;
        for byte in bytes {
            write!(file, "{byte:02x}").map_err(io)?;
        }
        writeln!(file).map_err(io)?;
        // Contacts will be stored under this key: it must outlive a power cut as they do.
        file.as_file().sync_all().map_err(io)?;
        // A link never takes a name that is taken. Where there are no links, renaming must do.
        let named = std::fs::hard_link(file.path(), path).or_else(|cause| match cause.kind() {
            std::io::ErrorKind::AlreadyExists => Err(cause),
            _ => file.persist_noclobber(path).map(drop).map_err(|failed| failed.error),
        });
        match named {
            Ok(()) => {}
            // Another process of the same installation was faster: its key is the key.
            Err(late) if late.kind() == std::io::ErrorKind::AlreadyExists => {
                return Self::load_or_create(path);
            }
            Err(failed) => return Err(io(failed)),
        }
        // The name is on the disk when the folder is.
        std::fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(io)?;
        Ok(Self { key: PseudonymKey::new(bytes), created: Some(path.to_owned()) })
    }
}

fn random() -> Result<[u8; 32], KeyError> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(KeyError::NoEntropy)?;
    Ok(bytes)
}

#[cfg(unix)]
fn check_mode(path: &Path) -> Result<(), KeyError> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = std::fs::metadata(path)
        .map_err(|cause| KeyError::Io { path: path.to_owned(), cause })?
        .permissions()
        .mode()
        & 0o777;
    // A group may read: that is how Kubernetes hands secrets to a process that is not root.
    if mode & 0o027 == 0 { Ok(()) } else { Err(KeyError::Exposed { path: path.to_owned(), mode }) }
}

#[cfg(not(unix))]
fn check_mode(_: &Path) -> Result<(), KeyError> {
    Ok(())
}

fn from_hex(text: &str) -> Option<[u8; 32]> {
    // `from_str_radix` alone would let a plus sign pass.
    if text.len() != 64 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let mut bytes = [0; 32];
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * at..2 * at + 2)?, 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_that_was_made_is_the_key_that_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("k");

        let made = KeyFile::load_or_create(&path).unwrap();
        let read = KeyFile::load_or_create(&path).unwrap();

        assert_eq!(made.created.as_deref(), Some(path.as_path()));
        assert_eq!(read.created, None);
        let digits = std::fs::read_to_string(&path).unwrap();
        assert!(from_hex(digits.trim()).is_some());
    }

    #[test]
    fn processes_that_start_together_have_one_key_and_none_sees_half_of_it() {
        for _ in 0..100 {
            let folder = tempfile::tempdir().unwrap();
            let path = folder.path().join("k");
            let start = || {
                std::thread::spawn({
                    let path = path.clone();
                    move || KeyFile::load_or_create(&path)
                })
            };
            let starts = [start(), start(), start(), start()];

            let files = starts.map(|start| start.join().unwrap().unwrap());

            assert_eq!(files.iter().filter(|file| file.created.is_some()).count(), 1);
            assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing else is left");
        }
    }

    #[test]
    #[cfg(unix)]
    fn only_its_owner_may_read_a_new_key_and_an_open_one_is_refused() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("k");
        KeyFile::load_or_create(&path).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);

        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();

        let refused = KeyFile::load_or_create(&path).unwrap_err().to_string();
        assert!(refused.contains("chmod 600"), "{refused}");
    }

    #[test]
    fn a_file_that_holds_something_else_is_refused_without_repeating_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("k");
        KeyFile::load_or_create(&path).unwrap();
        for content in ["", "geheim", &"+f".repeat(32), &"ab".repeat(33)] {
            std::fs::write(&path, content).unwrap();

            let refused = KeyFile::load_or_create(&path).unwrap_err().to_string();

            assert!(refused.contains("64 hexadecimal digits"), "{refused}");
            assert!(content.is_empty() || !refused.contains(content), "{refused}");
        }
    }
}
