//! One row of a table → its contact.

use ::csv::StringRecord;
use serde_json::Value;

use super::columns::Column;
use super::dialogue::{self, BREAK};
use super::draft::Draft;
use super::item::ReadOptions;
use super::shape::{self, Layout, Meaning, Shape};
use super::told::{Document, ToldTurn, When};
use super::v1::UtteranceV1;
use super::values::unwrapped;
use super::{code, forms, voices, wild};
use crate::domain::{Refusal, Speaker};

/// What the cells of a row say about its turn.
#[derive(Default)]
struct Cells<'a> {
    speaker: &'a str,
    text: &'a str,
    said: Vec<(Speaker, &'a str)>,
    start: Option<When>,
    end: Option<When>,
    /// When the row says that it was said, or the contact began.
    moment: Option<When>,
}

/// Adds a row to its contact. What is not taken over is added to `left_out`.
pub(super) fn fill(
    draft: &mut Draft,
    (shape, options): (&Shape, &ReadOptions),
    row: &StringRecord,
    line: u64,
    left_out: &mut Vec<String>,
) {
    if draft.is_refused() {
        return;
    }
    if row.iter().skip(shape.columns.len()).any(|cell| !cell.trim().is_empty()) {
        let message = format!("the row has {} cells, the header line has {}", row.len(), shape.columns.len());
        draft.refuse(Refusal::new(code::INVALID_VALUE, message), line);
        return;
    }
    let mut cells = Cells::default();
    for (meaning, cell) in shape.columns.iter().zip(row) {
        match meaning {
            Meaning::Unknown => {}
            Meaning::Said(who) => cells.said.push((*who, cell)),
            Meaning::Fact(column) => {
                if let Err(refusal) =
                    take(*column, cell, draft, &mut cells, RowContext { shape, left_out, line })
                {
                    draft.refuse(refusal.at(column.as_str()), line);
                    return;
                }
            }
        }
    }
    match shape.layout {
        Layout::Turn => turn(draft, &cells, (shape, options), line),
        Layout::Pair => {
            for (who, text) in cells.said.iter().filter(|(_, text)| !text.trim().is_empty()) {
                say(draft, *who, text, &cells, line);
            }
        }
        Layout::Call => call(draft, &cells, options, line),
    }
}

/// What a cell is read with beside its column.
struct RowContext<'a> {
    shape: &'a Shape,
    /// Columns that say nothing the product reads; each is named once.
    left_out: &'a mut Vec<String>,
    /// From 1.
    line: u64,
}

/// Takes in one cell.
fn take<'a>(
    column: Column,
    cell: &'a str,
    draft: &mut Draft,
    cells: &mut Cells<'a>,
    row: RowContext<'_>,
) -> Result<(), Refusal> {
    let RowContext { shape, left_out, line } = row;
    match column {
        Column::Speaker => cells.speaker = cell,
        Column::Text => cells.text = cell,
        Column::StartMs | Column::EndMs if cell.trim().is_empty() => {}
        Column::StartMs | Column::EndMs => {
            let when = time(cell.trim(), shape.unit).ok_or_else(|| {
                let message = format!("`{}` must be a number of milliseconds or a time", column.as_str());
                Refusal::new(code::INVALID_VALUE, message)
            })?;
            *(if column == Column::StartMs { &mut cells.start } else { &mut cells.end }) = Some(when);
        }
        Column::StartedAt if shape.layout != Layout::Call => {
            let value = Value::String(cell.trim().to_owned());
            cells.moment = When::written(&value).or_else(|| match When::unitless(&value) {
                Some(When::Moment(at)) => Some(When::Moment(at)),
                _ => None,
            });
            if cells.moment.is_none() {
                draft.set(column, cell, line);
            }
        }
        Column::BusinessProcess if wild::process(cell).is_none() && !cell.is_ascii() => {
            left_out.push(
                "`business_process` is not taken where it is a Chinese name without a known slug".to_owned(),
            );
        }
        Column::Satisfaction if cell.trim().parse::<u8>().is_err() && !cell.trim().is_empty() => {
            match wild::satisfaction(cell) {
                Some(grade) => {
                    draft.set(column, &grade.to_string(), line);
                    draft.set(Column::Scale, "5", line);
                }
                None => left_out.push("`satisfaction` is not taken where it is no grade".to_owned()),
            }
        }
        Column::Satisfaction if shape.at(Column::Scale).is_none() => {
            if !cell.trim().is_empty() {
                left_out
                    .push("`satisfaction` is not taken: no column `scale` says out of how many".to_owned());
            }
        }
        fact => draft.set(fact, cell, line),
    }
    Ok(())
}

/// A time of a cell that is not blank; `None` when it is no time.
fn time(cell: &str, unit: Option<f64>) -> Option<When> {
    let value = Value::String(cell.to_owned());
    match (cell.parse::<f64>(), unit) {
        (Ok(number), _) if !number.is_finite() || number < 0.0 => None,
        (Ok(number), Some(unit)) => Some(When::Millis(number * unit)),
        (Ok(_), None) => When::unitless(&value),
        (Err(_), _) => When::written(&value),
    }
}

fn say(draft: &mut Draft, speaker: Speaker, text: &str, cells: &Cells<'_>, line: u64) {
    let turn = UtteranceV1 { speaker, text: text.replace(BREAK, "\n"), start_ms: None, end_ms: None };
    draft.say_at(turn, [cells.start, cells.end, cells.moment], line);
}

fn turn(draft: &mut Draft, cells: &Cells<'_>, (shape, options): (&Shape, &ReadOptions), line: u64) {
    let label = cells.speaker.trim();
    if draft.is_note() && label.is_empty() {
        draft.write(&cells.text.replace(BREAK, "\n"), line);
        return;
    }
    if !label.is_empty() {
        let who = shape::speaker(label, options);
        if who.is_none() {
            draft.ask(label, line);
        }
        return say(draft, who.unwrap_or(Speaker::System), cells.text, cells, line);
    }
    // Without a column for it, the words may begin with who says them.
    if let Some(said) = dialogue::first(cells.text) {
        let who = said.speaker.or_else(|| shape::speaker(said.label.as_deref()?, options));
        if who.is_none() {
            draft.ask(said.label.as_deref().unwrap_or_default(), line);
        }
        return say(draft, who.unwrap_or(Speaker::System), &said.text, cells, line);
    }
    match options.speakers.unlabelled() {
        Some(who) => say(draft, who, cells.text, cells, line),
        None if cells.text.trim().is_empty() => {}
        None if shape.at(Column::Speaker).is_none() => draft.ask("", line),
        None => {
            draft.refuse(
                Refusal::new(code::MISSING_FIELD, "`speaker` is missing").at(Column::Speaker.as_str()),
                line,
            );
        }
    }
}

/// A whole call in one cell: lines with speakers, or JSON.
fn call(draft: &mut Draft, cells: &Cells<'_>, options: &ReadOptions, line: u64) {
    let turns = dialogue::split(cells.text).or_else(|| in_json(cells.text));
    let Some(turns) = turns else {
        if !cells.text.trim().is_empty() {
            draft.refuse(
                voices::question(&std::collections::BTreeMap::new(), 1).at(Column::Text.as_str()),
                line,
            );
        }
        return;
    };
    for turn in turns {
        let who = match &turn.label {
            Some(label) => {
                options.speakers.get(label).or(turn.speaker).or_else(|| shape::speaker(label, options))
            }
            None => turn.speaker,
        };
        if who.is_none() {
            draft.ask(turn.label.as_deref().unwrap_or("*"), line);
        }
        let said = UtteranceV1 {
            speaker: who.unwrap_or(Speaker::System),
            text: turn.text,
            start_ms: None,
            end_ms: None,
        };
        draft.say_at(said, [turn.start, turn.end, None], line);
    }
}

fn in_json(cell: &str) -> Option<Vec<ToldTurn>> {
    let value = unwrapped(&Value::String(cell.to_owned()))?;
    let document = Document::Json(&value);
    let told = forms::of_json(&document)?.contacts(&document).ok()?;
    Some(told.into_iter().flat_map(|told| told.turns).collect())
}

/// What identifies a contact, from a row.
pub(super) fn cell(shape: &Shape, row: &StringRecord, column: Column) -> String {
    shape.at(column).and_then(|at| row.get(at)).unwrap_or_default().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_cells_are_numbers_clocks_or_moments() {
        assert_eq!(time("1234.5", Some(1.0)), Some(When::Millis(1234.5)));
        assert_eq!(time("1.5", Some(1000.0)), Some(When::Millis(1500.0)));
        assert_eq!(time("00:01:05", None), Some(When::Millis(65_000.0)));
        assert_eq!(time("-1", None), None);
        assert_eq!(time("x", None), None);
    }
}
