//! What the terminal can show, by the conventions terminals have: `NO_COLOR`, `COLUMNS`, their
//! width, the language of the locale.

use std::io::IsTerminal as _;
use std::sync::OnceLock;

use crate::domain::Lang;

/// The language in which this process speaks to people. A locale belongs to the process, so this
/// does, too; nothing that machines read depends on it.
static SPOKEN: OnceLock<Lang> = OnceLock::new();

/// Widest table: longer lines are hard to follow with the eye.
const WIDEST: u16 = 160;

/// Columns of the terminal behind standard output, or `None` when it is a file or a pipe and
/// `COLUMNS` says nothing either.
pub(super) fn width() -> Option<u16> {
    let said = convention("COLUMNS").and_then(|columns| columns.parse().ok());
    said.or_else(|| {
        std::io::stdout()
            .is_terminal()
            .then(terminal_size::terminal_size)
            .flatten()
            .map(|(terminal_size::Width(columns), _)| columns)
    })
    .map(|columns: u16| columns.clamp(40, WIDEST))
}

/// Whether standard output shows colours: it is a terminal, and nobody asked for none
/// (no-color.org).
pub(super) fn colours() -> bool {
    let refused = convention("NO_COLOR").is_some_and(|value| !value.is_empty());
    let dumb = convention("TERM").is_some_and(|value| value == "dumb");
    std::io::stdout().is_terminal() && !refused && !dumb
}

/// Chooses the language: what was asked for, or that of the locale. Only the first call counts.
pub(super) fn speak(asked: Option<Lang>) {
    let _ = SPOKEN.set(asked.unwrap_or_else(of_locale));
}

/// The language that was chosen.
pub(super) fn lang() -> Lang {
    *SPOKEN.get_or_init(of_locale)
}

/// A text in that language.
pub(super) fn said<'a>(zh: &'a str, en: &'a str) -> &'a str {
    match lang() {
        Lang::Zh => zh,
        Lang::En => en,
    }
}

/// Chinese in a Chinese locale. The first of the variables that is not empty decides (POSIX).
fn of_locale() -> Lang {
    let named = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().filter_map(convention);
    let mut named = named.filter(|value| !value.is_empty());
    match named.next() {
        Some(locale) if locale.starts_with("zh") => Lang::Zh,
        _ => Lang::En,
    }
}

#[expect(clippy::disallowed_methods, reason = "conventions of terminals are no settings of this program")]
fn convention(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
