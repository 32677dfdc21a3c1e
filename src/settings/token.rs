//! The file that holds what a scraper of the metrics must show.

use std::path::{Path, PathBuf};

/// Fewest characters of a token: `openssl rand -hex 24` makes 48.
const SHORTEST: usize = 16;

/// Why the token cannot be used. Never repeats the content of the file.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// It cannot be read.
    #[error("token file {path}: {cause}")]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        cause: std::io::Error,
    },
    /// It is too easy to guess, or more than one line.
    #[error(
        "token file {0} must hold one line of at least 16 characters; make it with: openssl rand -hex 24"
    )]
    NotAToken(PathBuf),
}

/// Reads the token.
///
/// # Errors
/// [`TokenError`] with a sentence that says what to do.
pub fn read_token(path: &Path) -> Result<String, TokenError> {
    let text =
        std::fs::read_to_string(path).map_err(|cause| TokenError::Io { path: path.to_owned(), cause })?;
    let token = text.trim();
    if token.chars().count() < SHORTEST || token.chars().any(char::is_whitespace) {
        return Err(TokenError::NotAToken(path.to_owned()));
    }
    Ok(token.to_owned())
}
