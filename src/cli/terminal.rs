//! What the terminal can show, by the conventions terminals have: `NO_COLOR`, `COLUMNS`, their
//! width.

use std::io::IsTerminal as _;

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

#[expect(clippy::disallowed_methods, reason = "conventions of terminals are no settings of this program")]
fn convention(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
