//! Documents that are written from the code.

use std::path::Path;

/// Compares a file of the project with what the code says; with `UPDATE_DOCS=1` writes it instead.
#[expect(clippy::disallowed_methods, reason = "a setting of the tests, not of the product")]
pub(crate) fn assert_current(file: &Path, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    if std::env::var("UPDATE_DOCS").is_ok() {
        std::fs::write(&path, text).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(written == text, "{} is out of date: run with UPDATE_DOCS=1 and commit it", file.display());
}
