//! Plain text: «客服：…» and «客户：…» lines, one or several contacts a file.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::answers::shown_label;
use super::assemble::default_id;
use super::columns::{self, Column};
use super::draft::Draft;
use super::item::{Placed, ReadError, ReadOptions};
use super::lines::{Input, InputLine, InputLines, damaged, failed, too_long};
use super::turn_line::{self, Stamp, TurnLine};
use super::v1::UtteranceV1;
use super::{code, voices};
use crate::domain::{Refusal, UtcMillis};

/// A time of day rather than the time since the start: nobody's first words come an hour into a
/// call.
const CLOCK_OF_DAY_MS: u64 = 60 * 60 * 1000;
const DAY_MS: u64 = 24 * CLOCK_OF_DAY_MS;

/// The contacts of a text file.
pub(super) struct TextStream {
    lines: InputLines,
    name: Arc<str>,
    options: ReadOptions,
    /// Contacts so far, for the default id.
    count: u64,
    /// Id from a `=== id` line, and its line.
    next_id: Option<(String, u64)>,
    /// The contact after a separator that could not be read.
    damaged: Option<Open>,
    /// Whether it is still to be said how the file was understood.
    explains: bool,
    ended: bool,
}

/// The contact being read, and how its times count.
struct Open {
    draft: Draft,
    origin: Option<Stamp>,
    /// Words before a colon at the beginning of lines that name no known speaker, each with how often it stood there.
    unknown: BTreeMap<String, usize>,
}

impl Open {
    fn begin(draft: Draft) -> Self {
        Self { draft, origin: None, unknown: BTreeMap::new() }
    }
}

impl TextStream {
    pub(super) fn new(input: Input, name: &str, options: &ReadOptions) -> Self {
        Self {
            lines: InputLines::new(input),
            name: name.into(),
            options: options.clone(),
            count: 0,
            next_id: None,
            damaged: None,
            explains: options.explain,
            ended: false,
        }
    }

    fn finish(&mut self, mut open: Open) -> Result<Placed, ReadError> {
        self.count += 1;
        // One side is known, and the other one has a name of its own: its words are not those of the first.
        open.unknown.retain(|_, times| *times >= MIN_TIMES);
        if open.draft.has_one_side() && !open.unknown.is_empty() {
            let line = open.draft.line();
            open.draft.refuse(voices::question(&open.unknown, 0), line);
        }
        let id = default_id(&self.name, self.count);
        open.draft.finish(&self.name, &self.options, Some(id)).map_err(ReadError::Refused)
    }

    /// How the file was understood.
    fn explanation(&self) -> ReadError {
        let message = format!(
            "read as text, a line with who speaks for every turn: contact_id as in `编号：` or `=== id ===`, else from the \
             file's name; source `{}` and channel `{}` where no head line says them",
            self.options.default_source(),
            self.options.default_channel(None)
        );
        ReadError::Notice(Refusal::new(code::UNDERSTOOD, message).in_file(&self.name, 1))
    }

    /// Opens a contact when there is none yet.
    fn opened<'a>(&mut self, open: &'a mut Option<Open>) -> &'a mut Open {
        let line = self.lines.number;
        open.get_or_insert_with(|| {
            let mut draft = Draft::begin(line);
            if let Some((id, line)) = self.next_id.take() {
                draft.set(Column::ContactId, &id, line);
            }
            Open::begin(draft)
        })
    }

    /// Takes in a line that separates nothing.
    fn line(&mut self, text: &str, open: &mut Option<Open>) {
        let number = self.lines.number;
        let answers = self.options.speakers.clone();
        let Open { draft, origin, unknown } = self.opened(open);
        if let Some((label, words)) = named(text)
            && let Some(speaker) = answers.get(label)
        {
            spoken(draft, origin, (Some(TurnLine { speaker, stamp: None, text: words }), words), number);
        } else if let Some(turn) = turn_line::parse(text) {
            spoken(draft, origin, (Some(turn), turn.text), number);
        } else if draft.has_words() && !draft.is_note() {
            if let Some((label, _)) = named(text) {
                *unknown.entry(shown_label(label)).or_default() += 1;
            }
            spoken(draft, origin, (None, text.trim_end()), number);
        } else if draft.has_words() {
            draft.go_on(text.trim_end(), number);
        } else if let Some((column, value)) = head(text) {
            draft.set(column, value, number);
        } else if let Some(note) = note(text) {
            draft.write(note, number);
        } else if draft.is_note() {
            draft.write(text, number);
        } else {
            let message =
                "the line neither says who speaks, as in `客服：…`, nor is a head line such as `编号：…`";
            draft.refuse(Refusal::new(code::UNKNOWN_LINE, message), number);
        }
    }
}

/// So often a word before a colon at the beginning of a line is who speaks, and no word of the line before.
const MIN_TIMES: usize = 2;

/// Longest word that may be a name, in characters.
const MAX_NAME: usize = 8;

/// «张先生：好»: a short word before a colon, without marks and blanks.
fn named(text: &str) -> Option<(&str, &str)> {
    let (label, words) = text.trim().split_once(['：', ':'])?;
    let label = label.trim();
    let plausible =
        (1..=MAX_NAME).contains(&label.chars().count()) && label.chars().all(char::is_alphanumeric);
    (plausible && !label.chars().all(|c| c.is_ascii_digit()) && !words.trim().is_empty())
        .then(|| (label, words.trim()))
}

/// Takes in the words of a line: those of the turn that it begins, or else of the turn before it, and the turns inside.
fn spoken(
    draft: &mut Draft,
    origin: &mut Option<Stamp>,
    (begun, words): (Option<TurnLine<'_>>, &str),
    line: u64,
) {
    let Ok((before, others)) = turn_line::inside(words) else {
        draft.refuse(ambiguous(), line);
        return;
    };
    if begun.is_none() && !before.is_empty() {
        draft.go_on(before, line);
    }
    let first = begun.map(|turn| TurnLine { text: before, ..turn });
    for turn in first.into_iter().chain(others) {
        let turn = utterance(&turn, draft, origin, line);
        draft.say(turn, line);
    }
}

/// Whose words these are nobody guesses: the other side would be flagged for them.
fn ambiguous() -> Refusal {
    let message = "two speakers stand on one line and it cannot be told where the one ends; begin a line with every \
                   `客服：` and `客户：`";
    Refusal::new(code::AMBIGUOUS_SPEAKERS, message)
}

/// Whether the first line that is neither blank, a separator nor a head line is a turn or a note.
pub(super) fn begins_plainly(text: &str) -> bool {
    let mut lines =
        text.lines().map(|line| line.trim_start_matches('\u{feff}')).filter(|line| !line.trim().is_empty());
    lines
        .find(|line| separator(line).is_none() && head(line).is_none())
        .is_some_and(|line| turn_line::parse(line).is_some() || note(line).is_some())
}

/// «编号：H-1» before the first turn.
fn head(text: &str) -> Option<(Column, &str)> {
    let (name, value) = text.split_once(['：', ':'])?;
    let column = Column::named(name)?;
    let is_head = !matches!(column, Column::Speaker | Column::Text | Column::StartMs | Column::EndMs);
    is_head.then_some((column, value))
}

/// «记录：客户要求退费».
fn note(text: &str) -> Option<&str> {
    let (name, value) = text.split_once(['：', ':'])?;
    (columns::kind(name) == Some(crate::domain::Kind::Note)).then_some(value.trim())
}

/// The id in «=== H-1 ===», or nothing for a bare separator; `None` when the line is neither.
fn separator(text: &str) -> Option<&str> {
    let text = text.trim();
    let mark = text.chars().next().filter(|c| matches!(c, '=' | '-' | '*'))?;
    let inner = text.trim_start_matches(mark);
    if text.len() - inner.len() < 3 {
        return None;
    }
    let inner = inner.trim_end_matches(mark).trim();
    (inner.is_empty() || mark == '=').then_some(inner)
}

/// Gives a turn its times, counted from the start of the contact.
fn utterance(turn: &TurnLine<'_>, draft: &mut Draft, origin: &mut Option<Stamp>, line: u64) -> UtteranceV1 {
    if origin.is_none()
        && let Some(Stamp::Moment(moment)) = turn.stamp
    {
        let told = draft.fact(Column::StartedAt).and_then(columns::moment);
        if told.is_none() {
            draft.set(Column::StartedAt, &moment.to_rfc3339(), line);
        }
        // A start that is told after the first words would make their times negative.
        *origin = Some(Stamp::Moment(told.filter(|told| *told <= moment).unwrap_or(moment)));
    }
    *origin = origin.or(turn.stamp);
    let (start_ms, end_ms) = match (turn.stamp, *origin) {
        (Some(Stamp::Moment(at)), Some(Stamp::Moment(from))) => (since(from, at), None),
        (Some(Stamp::Clock(start, end)), Some(Stamp::Clock(from, _))) => {
            (Some(offset(start, from)), end.map(|end| offset(end, from)))
        }
        _ => (None, None),
    };
    UtteranceV1 { speaker: turn.speaker, text: turn.text.to_owned(), start_ms, end_ms }
}

fn since(from: UtcMillis, at: UtcMillis) -> Option<u64> {
    u64::try_from(at.as_millis().saturating_sub(from.as_millis())).ok()
}

/// Times of day count from the first of them, over midnight too; other times are offsets already.
fn offset(at: u64, first: u64) -> u64 {
    if first < CLOCK_OF_DAY_MS {
        at
    } else {
        at.checked_sub(first).unwrap_or((at + DAY_MS).saturating_sub(first))
    }
}

impl Iterator for TextStream {
    type Item = Result<Placed, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        if std::mem::take(&mut self.explains) {
            return Some(Err(self.explanation()));
        }
        let mut open = self.damaged.take();
        while !self.ended {
            match self.lines.next() {
                Ok(None) => self.ended = true,
                Ok(Some(InputLine::Text(text))) => {
                    if let Some(id) = separator(&text) {
                        let finished: Option<Open> = open.take();
                        self.next_id = (!id.is_empty()).then(|| (id.to_owned(), self.lines.number));
                        if let Some(finished) = finished {
                            return Some(self.finish(finished));
                        }
                    } else if !text.trim().is_empty() {
                        self.line(&text, &mut open);
                    }
                }
                Ok(Some(InputLine::Damaged(text))) => {
                    // Also a separator that cannot be read in full ends the contact before it; the
                    // one after it has lost its id.
                    let finished = separator(&text).and_then(|_| open.take());
                    let number = self.lines.number;
                    self.opened(&mut open).draft.refuse(damaged(), number);
                    if let Some(finished) = finished {
                        self.damaged = open.take();
                        return Some(self.finish(finished));
                    }
                }
                Ok(Some(InputLine::TooLong)) => {
                    let number = self.lines.number;
                    self.opened(&mut open).draft.refuse(too_long(), number);
                }
                Err(cause) => {
                    self.ended = true;
                    return Some(Err(failed(&self.name, cause)));
                }
            }
        }
        open.map(|open| self.finish(open))
    }
}
