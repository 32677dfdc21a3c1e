//! Backups that only the holder of a key can read: the `age` format (age-encryption.org/v1).

use std::fs::File;
use std::io::{BufReader, BufWriter, Write as _};
use std::path::Path;
use std::str::FromStr as _;

use age::x25519::{Identity, Recipient};

use super::error::CliError;
use super::privacy::private;

/// A public key on the command line.
pub(super) fn recipient(text: &str) -> Result<Recipient, String> {
    Recipient::from_str(text).map_err(|_| "is a public key of age, as in age1…".to_owned())
}

/// Writes `from` to the new file `to`, readable for the holders of the keys only.
pub(super) fn seal(from: &Path, to: &Path, recipients: &[Recipient]) -> Result<(), CliError> {
    let failed = |cause: std::io::Error| {
        CliError::failure(format!("cannot encrypt the backup to {}: {cause}", to.display()))
    };
    let keys = recipients.iter().map(|key| {
        let key: &dyn age::Recipient = key;
        key
    });
    let encryptor = age::Encryptor::with_recipients(keys).map_err(CliError::failure)?;
    let mut plain = File::open(from).map_err(failed)?;
    let sealed = private(to).map_err(failed)?;
    let mut out = encryptor.wrap_output(BufWriter::new(sealed)).map_err(failed)?;
    std::io::copy(&mut plain, &mut out).map_err(failed)?;
    let mut file = out.finish().map_err(failed)?;
    file.flush().map_err(failed)?;
    file.get_ref().sync_all().map_err(failed)
}

/// Writes what `from` holds to the new file `to`, with the secret keys of the file `identity`.
pub(super) fn open(from: &Path, to: &Path, identity: &Path) -> Result<(), CliError> {
    let keys = identities(identity)?;
    let failed = |cause: std::io::Error| {
        CliError::failure(format!("cannot decrypt the backup {}: {cause}", from.display()))
    };
    let sealed = BufReader::new(File::open(from).map_err(failed)?);
    let wrong = |cause: age::DecryptError| {
        CliError::failure(format!("cannot decrypt the backup {}: {cause}", from.display()))
    };
    let decryptor = age::Decryptor::new_buffered(sealed).map_err(wrong)?;
    let keys = keys.iter().map(|key| {
        let key: &dyn age::Identity = key;
        key
    });
    let mut plain = decryptor.decrypt(keys).map_err(wrong)?;
    let mut out = private(to).map_err(failed)?;
    std::io::copy(&mut plain, &mut out).map_err(failed)?;
    out.sync_all().map_err(failed)
}

/// The secret keys of a file as `age-keygen` writes it: one a line, comments begin with `#`.
fn identities(file: &Path) -> Result<Vec<Identity>, CliError> {
    let text = std::fs::read_to_string(file)
        .map_err(|cause| CliError::failure(format!("cannot read {}: {cause}", file.display())))?;
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    // The line itself is never repeated: it is the secret.
    let keys: Result<Vec<_>, _> = lines.map(Identity::from_str).collect();
    match keys {
        Ok(keys) if !keys.is_empty() => Ok(keys),
        _ => Err(CliError::failure(format!(
            "{} holds no secret key of age: a line begins with AGE-SECRET-KEY-1",
            file.display()
        ))),
    }
}
