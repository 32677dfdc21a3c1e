//! A whole conversation in one text, such as one cell of a table: «客服：您好\n客户：我要退费».

use super::told::{ToldTurn, When};
use super::turn_line::{self, Stamp, TurnLine};
use super::voices;

/// Stands for a line break in a cell, so that a line is a row.
pub(super) const BREAK: char = '\u{2028}';

/// The turns of a text that names at least two, or begins with one that is known.
///
/// `None` when nobody is named in it, or when two speakers stand on one line and it cannot be told where the one ends.
pub(super) fn split(text: &str) -> Option<Vec<ToldTurn>> {
    let mut turns: Vec<ToldTurn> = Vec::new();
    let mut named = 0;
    let text = text
        .replace("<br/>", "\n")
        .replace("<br />", "\n")
        .replace("<br>", "\n")
        .replace("\\n", "\n")
        .replace(BREAK, "\n");
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if let Some(turn) = turn_line::parse(line) {
            named += 1;
            let (before, inside) = turn_line::inside(turn.text).ok()?;
            turns.push(told(&TurnLine { text: before, ..turn }));
            named += inside.len();
            turns.extend(inside.iter().map(told));
        } else if let Some((label, words)) = voices::inner_label(line) {
            named += 1;
            turns.push(ToldTurn {
                label: Some(label.to_owned()),
                text: words.to_owned(),
                ..ToldTurn::default()
            });
        } else if let Some(last) = turns.last_mut() {
            last.text.push('\n');
            last.text.push_str(line);
        } else {
            return None;
        }
    }
    (named > 0).then_some(turns)
}

/// Whether a text names two turns or more.
pub(super) fn is_one(text: &str) -> bool {
    split(text).is_some_and(|turns| turns.len() > 1)
}

fn told(turn: &TurnLine<'_>) -> ToldTurn {
    let (start, end) = match turn.stamp {
        Some(Stamp::Clock(start, end)) => (Some(When::of_clock(start)), end.map(When::of_clock)),
        Some(Stamp::Moment(at)) => (Some(When::Moment(at)), None),
        None => (None, None),
    };
    ToldTurn { label: None, speaker: Some(turn.speaker), text: turn.text.to_owned(), start, end }
}

/// The words of one turn that begin with who says them.
pub(super) fn first(text: &str) -> Option<ToldTurn> {
    if let Some(turn) = turn_line::parse(text) {
        return Some(told(&turn));
    }
    let (label, words) = voices::inner_label(text)?;
    Some(ToldTurn { label: Some(label.to_owned()), text: words.to_owned(), ..ToldTurn::default() })
}
