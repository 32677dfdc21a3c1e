//! How a table is laid out: its mark between cells, where its header line is, what its columns mean.

use ::csv::{ReaderBuilder, StringRecord};

use super::answers::shown_label;
use super::columns::Column;
use super::item::ReadOptions;
use super::{code, dialogue, roles, wild};
use crate::domain::{Refusal, Speaker};

/// Rows among which the header line is looked for: titles and notes may stand above it.
const LOOKED_AT: usize = 20;

/// Fewest known column names that make a line a header line. One alone may be a word of a conversation.
const MIN_COLUMNS: usize = 2;

/// What a column holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Meaning {
    Fact(Column),
    /// The words of one side.
    Said(Speaker),
    /// Nothing that is taken.
    Unknown,
}

/// What a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Layout {
    /// One turn.
    Turn,
    /// What both sides said, in two columns.
    Pair,
    /// A whole call in one cell.
    Call,
}

/// A table's layout.
#[derive(Debug, Clone)]
pub(super) struct Shape {
    pub(super) delimiter: u8,
    /// Rows above the header line that are not blank.
    pub(super) above: usize,
    pub(super) columns: Vec<Meaning>,
    pub(super) layout: Layout,
    /// The unit of `start_ms` and `end_ms` in milliseconds, where the column's name says it.
    pub(super) unit: Option<f64>,
    /// Names of the columns that are not taken.
    pub(super) left_out: Vec<String>,
    /// `name=meaning` of the others.
    how: Vec<String>,
}

impl Shape {
    /// Where a column of that meaning is.
    pub(super) fn at(&self, column: Column) -> Option<usize> {
        self.columns.iter().position(|known| *known == Meaning::Fact(column))
    }

    /// How the table was understood.
    pub(super) fn how(&self) -> String {
        let row = match self.layout {
            Layout::Turn => "one row a turn",
            Layout::Pair => "one row holds what both sides said",
            Layout::Call => "one row a call",
        };
        let id = if self.at(Column::ContactId).is_some() { "" } else { "; contact_id from the file's name" };
        format!("header line is row {}; {row}; {}{id}", self.above + 1, self.how.join(", "))
    }
}

/// The rows at the beginning of a text.
fn rows(text: &str, delimiter: u8) -> Vec<StringRecord> {
    let mut builder = ReaderBuilder::new();
    builder.delimiter(delimiter).has_headers(false).flexible(true);
    let reader = builder.from_reader(text.as_bytes());
    let rows = reader.into_records().map_while(Result::ok);
    rows.filter(|row| row.iter().any(|cell| !cell.trim().is_empty())).take(LOOKED_AT + 30).collect()
}

fn is_told(cell: &str, options: &ReadOptions) -> bool {
    meant(cell, options).is_some() || (!options.columns.names(cell) && roles::label(cell).is_some())
}

/// «sep=;», which spreadsheets write and read.
fn told_delimiter(text: &str) -> Option<u8> {
    let line = text.trim_start_matches('\u{feff}').lines().next()?.trim().trim_matches('"');
    let mark = line
        .get(..4)
        .filter(|word| word.eq_ignore_ascii_case("sep="))
        .and_then(|_| line.as_bytes().get(4))?;
    Some(*mark)
}

/// Whether a cell is the line «sep=;», which comes before the header line.
pub(super) fn tells_delimiter(cell: &str) -> bool {
    told_delimiter(cell).is_some() || cell.trim().trim_start_matches('\u{feff}').eq_ignore_ascii_case("sep=")
}

/// The mark between the cells of a table whose header line has a cell that `is_needed`; none where
/// the text is no such table.
pub(super) fn delimiter_of(text: &str, is_needed: impl Fn(&str) -> bool) -> Option<u8> {
    let told = told_delimiter(text);
    let marks = told.map_or_else(|| vec![b',', b';', b'\t', b'|'], |mark| vec![mark]);
    marks.into_iter().find(|mark| {
        let rows = rows(text, *mark);
        let header = rows.get(usize::from(told.is_some()));
        header.is_some_and(|header| header.len() > 1 && header.iter().any(&is_needed))
    })
}

/// Where a table begins.
struct HeaderPlace {
    /// What stands between two cells.
    delimiter: u8,
    /// Lines above the header.
    above: usize,
    /// Cells of the header whose meaning is known.
    known: usize,
}

fn header_place(text: &str, options: &ReadOptions) -> HeaderPlace {
    let told = told_delimiter(text);
    let marks: Vec<u8> = told.map_or_else(|| vec![b',', b';', b'\t', b'|'], |mark| vec![mark]);
    let mut best =
        HeaderPlace { delimiter: told.unwrap_or(b','), above: usize::from(told.is_some()), known: 0 };
    for mark in marks {
        for (index, row) in rows(text, mark).iter().take(LOOKED_AT).enumerate() {
            let known = row.iter().filter(|cell| is_told(cell, options)).count();
            if known > best.known {
                best = HeaderPlace { delimiter: mark, above: index, known };
            }
        }
    }
    best
}

/// Whether a text is a table.
pub(super) fn is_table(text: &str, options: &ReadOptions) -> bool {
    let HeaderPlace { delimiter: mark, above, known } = header_place(text, options);
    if told_delimiter(text).is_some() {
        return true;
    }
    let header = rows(text, mark);
    let Some(header) = header.get(above) else { return false };
    let fewest = if options.columns.is_empty() { MIN_COLUMNS } else { 1 };
    // A line of somebody's words may hold two such words, and then others beside them.
    known >= fewest && header.iter().all(|cell| cell.chars().count() <= 40)
        || header.len() > 1 && header.iter().any(is_dialogue_column)
}

/// Names that only a column with a whole call has.
fn is_dialogue_column(name: &str) -> bool {
    [
        "对话内容",
        "对话记录",
        "聊天记录",
        "通话文本",
        "录音文本",
        "转写文本",
        "转写结果",
        "dialogue",
        "transcript",
    ]
    .contains(&name.trim().to_lowercase().as_str())
}

/// The layout of the table that begins with `text`.
///
/// # Errors
/// A refusal of the whole table, in words that say which column is missing or stands twice.
pub(super) fn of(text: &str, options: &ReadOptions) -> Result<Shape, Refusal> {
    let HeaderPlace { delimiter, above, .. } = header_place(text, options);
    let rows = rows(text, delimiter);
    let header = rows.get(above).cloned().unwrap_or_default();
    let mut shape = Shape {
        delimiter,
        above,
        columns: Vec::with_capacity(header.len()),
        layout: Layout::Turn,
        unit: None,
        left_out: Vec::new(),
        how: Vec::new(),
    };
    let has_text = header.iter().any(|cell| meant(cell, options) == Some(Column::Text));
    for cell in &header {
        let meaning = meaning(cell, options, has_text, &shape)?;
        let name = shown_label(cell);
        match &meaning {
            Meaning::Unknown if !name.is_empty() => shape.left_out.push(format!("`{name}`")),
            Meaning::Unknown => {}
            Meaning::Said(who) => shape.how.push(format!("{name}=words of {who}")),
            Meaning::Fact(column) => {
                if *column == Column::StartMs {
                    shape.unit = unit(cell);
                }
                shape.how.push(format!("{name}={}", column.as_str()));
            }
        }
        shape.columns.push(meaning);
    }
    let said = |who| shape.columns.contains(&Meaning::Said(who));
    if said(Speaker::Agent) || said(Speaker::Customer) {
        shape.layout = Layout::Pair;
    } else if let Some(at) = shape.at(Column::Text) {
        let cells =
            rows.iter().skip(above + 1).filter_map(|row| row.get(at)).filter(|cell| !cell.trim().is_empty());
        let (whole, all) =
            cells.fold((0, 0), |(whole, all), cell| (whole + usize::from(is_call(cell)), all + 1));
        if whole > 0 && whole * 2 >= all && shape.at(Column::Kind).is_none() {
            shape.layout = Layout::Call;
        }
    } else {
        let message = "there is no column `text`; say which column holds the words with --map COLUMN=text";
        return Err(Refusal::new(code::MISSING_FIELD, message).at(Column::Text.as_str()));
    }
    Ok(shape)
}

/// Whether a cell holds a whole call.
fn is_call(cell: &str) -> bool {
    dialogue::is_one(cell) || cell.trim_start().starts_with("[{")
}

fn meant(cell: &str, options: &ReadOptions) -> Option<Column> {
    options.columns.or_else(cell, wild::named)
}

/// What a column means, beside those before it.
fn meaning(cell: &str, options: &ReadOptions, has_text: bool, shape: &Shape) -> Result<Meaning, Refusal> {
    let Some(column) = meant(cell, options) else {
        let side = (!options.columns.names(cell)).then(|| side(cell)).flatten();
        return Ok(side.filter(|_| !has_text).map_or(Meaning::Unknown, Meaning::Said));
    };
    if shape.at(column).is_none() {
        return Ok(Meaning::Fact(column));
    }
    if matches!(column, Column::ContactId | Column::Text | Column::Speaker) && Column::named(cell).is_some() {
        let message = format!(
            "two columns mean `{0}`; say which one with --map COLUMN={0}, and leave the other out with --map COLUMN=",
            column.as_str()
        );
        return Err(Refusal::new(code::DUPLICATE_FIELD, message).at(column.as_str()));
    }
    Ok(Meaning::Unknown)
}

/// The side whose words a column of that name holds: «客服», «客户话术», `agent_text`.
fn side(name: &str) -> Option<Speaker> {
    let name = name.trim().to_lowercase();
    let ends = [
        "内容",
        "话术",
        "文本",
        "说话内容",
        "发言",
        "问题",
        "回答",
        "回复",
        "提问",
        "_text",
        " text",
        "_message",
        "_utterance",
    ];
    let stem = ends.iter().find_map(|end| name.strip_suffix(end)).unwrap_or(&name);
    roles::label(&name).or_else(|| roles::label(stem))
}

/// What the name of a column says about its unit, in milliseconds.
fn unit(name: &str) -> Option<f64> {
    let name = name.trim().to_lowercase();
    if name.contains("ms") || name.contains("毫秒") {
        Some(1.0)
    } else if name.contains('秒') || name.ends_with("_s") || name.contains("sec") || name.contains("(s)") {
        Some(1000.0)
    } else {
        None
    }
}

/// Who a label of a row means, as answered or as the word says.
pub(super) fn speaker(label: &str, options: &ReadOptions) -> Option<Speaker> {
    options.speakers.get(label).or_else(|| roles::meant(label))
}
