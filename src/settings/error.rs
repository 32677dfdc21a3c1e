//! Why settings are refused.

use std::path::PathBuf;

/// Why the settings cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The named file is not there.
    #[error("there is no settings file {0}")]
    NoFile(PathBuf),
    /// A name is unknown or a value has the wrong type. The message names the setting and where it
    /// was given, never its value, which may be a secret.
    #[error("{0}")]
    Unreadable(String),
    /// A value is out of its range.
    #[error("setting {name}: {reason}")]
    Invalid {
        /// The setting.
        name: &'static str,
        /// What it must be.
        reason: &'static str,
    },
}
