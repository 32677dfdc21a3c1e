//! A contact that a table or plain text fills in fact by fact.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::answers::shown_label;
use super::columns::{self, Column};
use super::item::{Placed, ReadOptions};
use super::told::When;
use super::v1::{ContactV1, CustomerV1, NoteV1, StaffV1, SurveyV1, UtteranceV1};
use super::{check, clock, code, limits, voices, wild};
use crate::domain::{Kind, Refusal, Speaker};

/// What an identifier must be that a spreadsheet has made a number of.
const WHOLE: &str = "written out: a spreadsheet has rounded it (2.02611E+17) and others to the same; format the column as \
                     text and export again";

/// Memory of a draft beside what was said.
const DRAFT_BYTES: usize = 2048;

/// Memory of a turn beside its text.
const TURN_BYTES: usize = 128;

/// What is known so far. After the first refusal nothing more is kept: the contact is lost anyway.
pub(super) struct Draft {
    first_line: u64,
    facts: Vec<(Column, String)>,
    contact: ContactV1,
    satisfaction: Option<u8>,
    scale: Option<u8>,
    turns: Vec<UtteranceV1>,
    turn_lines: Vec<u64>,
    /// Beginning and end of each turn as its row has them, and when the row says that it was said.
    whens: Vec<[Option<When>; 3]>,
    /// Labels that nobody knows, and the line of the first.
    open: BTreeMap<String, usize>,
    asked: u64,
    note: Option<String>,
    bytes: usize,
    refusal: Option<Refusal>,
}

impl Draft {
    /// A contact that begins on `line`.
    pub(super) fn begin(line: u64) -> Self {
        Self {
            first_line: line,
            facts: Vec::new(),
            contact: ContactV1::default(),
            satisfaction: None,
            scale: None,
            turns: Vec::new(),
            turn_lines: Vec::new(),
            whens: Vec::new(),
            open: BTreeMap::new(),
            asked: line,
            note: None,
            bytes: 0,
            refusal: None,
        }
    }

    /// The line on which it begins.
    pub(super) const fn line(&self) -> u64 {
        self.first_line
    }

    /// About how many bytes of memory it takes.
    pub(super) fn weight(&self) -> usize {
        DRAFT_BYTES + self.bytes + self.turns.len() * TURN_BYTES
    }

    /// Whether something was said or written already.
    pub(super) fn has_words(&self) -> bool {
        !self.turns.is_empty() || self.note.is_some()
    }

    /// Whether only the agent speaks in it, or only the customer.
    pub(super) fn has_one_side(&self) -> bool {
        let says = |who| self.turns.iter().any(|turn| turn.speaker == who);
        says(Speaker::Agent) != says(Speaker::Customer)
    }

    /// Whether the contact is lost already.
    pub(super) fn is_refused(&self) -> bool {
        self.refusal.is_some()
    }

    /// Whether it is known to be a note.
    pub(super) fn is_note(&self) -> bool {
        self.contact.kind == Some(Kind::Note) || self.note.is_some()
    }

    /// What was given for `column`.
    pub(super) fn fact(&self, column: Column) -> Option<&str> {
        self.facts.iter().find(|(known, _)| *known == column).map(|(_, value)| value.as_str())
    }

    /// Refuses the contact because of `line`.
    pub(super) fn refuse(&mut self, mut refusal: Refusal, line: u64) {
        if self.refusal.is_none() {
            refusal.line = Some(line);
            self.refusal = Some(refusal);
            self.turns = Vec::new();
            self.whens = Vec::new();
            self.note = None;
            self.bytes = 0;
        }
    }

    /// Takes in a fact about the whole contact. Blank means «as before»; a contradiction is
    /// refused.
    pub(super) fn set(&mut self, column: Column, value: &str, line: u64) {
        let value = value.trim();
        if value.is_empty() || self.is_refused() {
            return;
        }
        match self.fact(column) {
            Some(known) if known == value => {}
            Some(_) => {
                let message =
                    format!("`{}` differs from an earlier one of the same contact", column.as_str());
                self.refuse(Refusal::new(code::INCONSISTENT, message).at(column.as_str()), line);
            }
            None => {
                self.facts.push((column, value.to_owned()));
                if let Err(expected) = self.interpret(column, value) {
                    let message = format!("`{}` must be {expected}", column.as_str());
                    self.refuse(Refusal::new(code::INVALID_VALUE, message).at(column.as_str()), line);
                }
            }
        }
    }

    fn interpret(&mut self, column: Column, value: &str) -> Result<(), &'static str> {
        let contact = &mut self.contact;
        let text = value.to_owned();
        match column {
            Column::Source => contact.source = text,
            Column::ContactId | Column::CustomerId | Column::StaffId if is_rounded(value) => {
                return Err(WHOLE);
            }
            Column::ContactId => contact.contact_id = text,
            Column::BusinessProcess => {
                contact.business_process = Some(wild::process(value).map_or(text, str::to_owned));
            }
            Column::CustomerId => contact.customer = Some(CustomerV1 { id: text }),
            Column::StaffId => contact.staff.get_or_insert_default().id = text,
            Column::Team => contact.staff.get_or_insert_default().team = Some(text),
            Column::Channel => {
                contact.channel = Some(columns::channel(value).ok_or("a channel such as hotline or 热线")?);
            }
            Column::Kind => {
                contact.kind = Some(columns::kind(value).ok_or("transcript or note")?);
            }
            Column::StartedAt => {
                let moment = columns::moment(value).ok_or("a time such as 2026-11-01 08:00:05")?;
                contact.started_at = Some(moment.to_rfc3339());
            }
            Column::Revision => {
                contact.revision = Some(value.parse().map_err(|_| "a whole number from 1")?);
            }
            Column::Satisfaction => {
                self.satisfaction = Some(value.parse().map_err(|_| "a whole number from 1")?);
            }
            Column::Scale => {
                self.scale = Some(value.parse().map_err(|_| "a whole number from 2 to 10")?);
            }
            Column::Speaker | Column::Text | Column::StartMs | Column::EndMs => {}
        }
        Ok(())
    }

    /// Adds a turn that was found on `line`.
    pub(super) fn say(&mut self, turn: UtteranceV1, line: u64) {
        if !self.grow(turn.text.len(), line) {
            return;
        }
        if self.turns.len() == limits::UTTERANCES {
            let message = format!("more than {} utterances", limits::UTTERANCES);
            self.refuse(Refusal::new(code::TOO_LARGE, message).at(Column::Text.as_str()), line);
            return;
        }
        self.turns.push(turn);
        self.turn_lines.push(line);
    }

    /// Adds a turn of a row, with the times of the row.
    pub(super) fn say_at(&mut self, turn: UtteranceV1, whens: [Option<When>; 3], line: u64) {
        self.say(turn, line);
        if !self.is_refused() {
            self.whens.push(whens);
        }
    }

    /// Takes note of a label that nobody knows, or of a turn without one: it is asked about when the contact is complete.
    pub(super) fn ask(&mut self, label: &str, line: u64) {
        if self.open.is_empty() {
            self.asked = line;
        }
        *self.open.entry(shown_label(label)).or_default() += 1;
    }

    /// Adds a line to the note.
    pub(super) fn write(&mut self, text: &str, line: u64) {
        if self.grow(text.len(), line) {
            join(self.note.get_or_insert_default(), text);
        }
    }

    /// Adds a line to whatever was said or written last.
    pub(super) fn go_on(&mut self, text: &str, line: u64) {
        if self.note.is_some() {
            self.write(text, line);
        } else if self.grow(text.len(), line)
            && let Some(turn) = self.turns.last_mut()
        {
            join(&mut turn.text, text);
        }
    }

    /// Counts what is held in memory; false when the contact is refused.
    fn grow(&mut self, bytes: usize, line: u64) -> bool {
        self.bytes = self.bytes.saturating_add(bytes);
        if self.bytes > limits::CONTACT_BYTES {
            let message = format!("the contact is longer than {} MiB", limits::CONTACT_BYTES / 1024 / 1024);
            self.refuse(Refusal::new(code::TOO_LARGE, message), line);
        }
        !self.is_refused()
    }

    /// Checks the whole; what is not said is taken from `options` and `default_id`.
    pub(super) fn finish(
        mut self,
        name: &Arc<str>,
        options: &ReadOptions,
        default_id: Option<String>,
    ) -> Result<Placed, Refusal> {
        if let Some(refusal) = self.refusal {
            let line = refusal.line.unwrap_or(self.first_line);
            return Err(refusal.in_file(name, line));
        }
        if !self.open.is_empty() {
            let unlabelled = self.open.remove("").unwrap_or_default();
            let question = voices::question(&self.open, unlabelled).at(Column::Speaker.as_str());
            return Err(question.in_file(name, self.asked));
        }
        if self.whens.len() == self.turns.len() {
            let told = self.contact.started_at.as_deref().and_then(columns::moment);
            if let Some(start) = clock::apply(&mut self.turns, &mut self.turn_lines, &self.whens, told) {
                self.contact.started_at = Some(start.to_rfc3339());
            }
        }
        let contact = &mut self.contact;
        if contact.source.is_empty() {
            options.default_source().clone_into(&mut contact.source);
        }
        if contact.contact_id.is_empty() {
            contact.contact_id = default_id.unwrap_or_default();
        }
        contact.channel = contact.channel.or(Some(options.default_channel(None)));
        contact.note = self.note.map(|text| NoteV1 { text });
        contact.utterances = (!self.turns.is_empty()).then_some(self.turns);
        let absent = |column: Column| {
            let message = format!("`{}` is missing", column.as_str());
            Refusal::new(code::MISSING_FIELD, message).at(column.as_str()).in_file(name, self.first_line)
        };
        if contact.staff.as_ref().is_some_and(|StaffV1 { id, .. }| id.is_empty()) {
            return Err(absent(Column::StaffId));
        }
        contact.survey = match (self.satisfaction, self.scale) {
            (Some(satisfaction), Some(scale)) => Some(SurveyV1 { satisfaction, scale }),
            (Some(_), None) => return Err(absent(Column::Scale)),
            (None, _) => None,
        };
        let line = self.first_line;
        let contact = check::check(self.contact).map_err(|mut refusal| {
            let (column, turn) = refusal.field.as_deref().map_or((None, None), Column::of_pointer);
            let line = turn.and_then(|turn| self.turn_lines.get(turn)).copied().unwrap_or(self.first_line);
            if let Some(column) = column {
                refusal.field = Some(column.as_str().to_owned());
            }
            refusal.in_file(name, line)
        })?;
        Ok(Placed { contact, file: Arc::clone(name), line })
    }
}

/// «2.02611E+17»: the last digits are lost, and with them what tells one from another.
fn is_rounded(value: &str) -> bool {
    let parts =
        value.split_once(['E', 'e']).and_then(|(number, power)| Some((number, power.strip_prefix('+')?)));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    parts.is_some_and(|(number, power)| digits(power) && digits(&number.replacen('.', "", 1)))
}

fn join(text: &mut String, line: &str) {
    if !text.is_empty() {
        text.push('\n');
    }
    text.push_str(line);
}
