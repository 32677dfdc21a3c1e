//! One JSON value → contacts: `tingxin.contact.v1`, or the form of another system.

use std::collections::VecDeque;
use std::sync::Arc;

use serde_json::Value;

use super::assemble::Assembler;
use super::item::{Placed, ReadError, ReadOptions};
use super::lenient::without_unknown;
use super::told::{Document, FileForm, ToldContact, ToldContacts};
use super::{code, forms, limits, lines, mapped, parse};
use crate::domain::Refusal;

/// What came out of a file, in order.
type Items = VecDeque<Result<Placed, ReadError>>;

/// Reads the values of one file.
pub(super) struct Interpreter {
    assembler: Assembler,
    name: Arc<str>,
    /// A contact that comes in pieces, with the form and the line of its first.
    open: Option<(ToldContact, &'static str, u64)>,
    ready: Items,
}

/// Fields of `tingxin.contact.v1` that no other system has together: with one of them a refusal speaks of that form.
const OWN: [&str; 7] = ["source", "utterances", "revision", "business_process", "survey", "schema", "kind"];

impl Interpreter {
    pub(super) fn new(name: &Arc<str>, options: &ReadOptions) -> Self {
        Self {
            assembler: Assembler::new(name, options),
            name: Arc::clone(name),
            open: None,
            ready: VecDeque::new(),
        }
    }

    /// What is ready to be handed out.
    pub(super) fn next(&mut self) -> Option<Result<Placed, ReadError>> {
        self.ready.pop_front()
    }

    /// Takes in a value that begins on `line`.
    ///
    /// # Errors
    /// When it is no JSON at all: then nobody knows where the next one begins.
    pub(super) fn take(&mut self, json: &[u8], line: u64) -> Result<(), Refusal> {
        let mut own = None;
        if self.assembler.options().columns.is_empty() && json.len() <= limits::CONTACT_BYTES {
            match parse::line(json) {
                Ok(contact) => {
                    self.finish();
                    self.explain_own(line);
                    self.ready.push_back(Ok(Placed { contact, file: Arc::clone(&self.name), line }));
                    return Ok(());
                }
                Err(refusal) if refusal.code == code::INVALID_JSON => return Err(refusal),
                Err(refusal) => own = Some(refusal),
            }
        }
        let Ok(value) = serde_json::from_slice::<Value>(json) else {
            let refusal = if json.len() > limits::CONTACT_BYTES { lines::too_long() } else { invalid() };
            return Err(own.unwrap_or(refusal));
        };
        self.foreign(&value, own, line);
        Ok(())
    }

    fn explain_own(&mut self, line: u64) {
        if self.assembler.options().explain {
            let message = "read as tingxin.contact.v1".to_owned();
            self.ready.extend(self.assembler.notice(code::UNDERSTOOD, message, line).map(Err));
        }
    }

    /// A value that is no `tingxin.contact.v1`, for the reason in `own`.
    fn foreign(&mut self, value: &Value, own: Option<Refusal>, line: u64) {
        let options = self.assembler.options();
        if !options.columns.is_empty() {
            let heard = mapped::contacts(value, &options.columns);
            return self.hear(heard, "JSON by --map", line);
        }
        let is_own = OWN.iter().filter(|name| value.get(name).is_some()).count() > 1;
        if is_own && options.ignore_unknown && own.as_ref().is_some_and(|own| own.code == code::UNKNOWN_FIELD)
        {
            return self.lenient(value, line);
        }
        if !is_own && let Some((form, heard)) = heard(value) {
            return self.hear(heard, form.name(), line);
        }
        self.finish();
        let shares =
            OWN.iter().chain(&["contact_id", "channel", "note"]).any(|name| value.get(name).is_some());
        let refusal = match own {
            Some(own) if shares || value.as_object().is_none_or(|fields| fields.len() < 2) => own,
            None if shares => lines::too_long(),
            _ => unknown_form(),
        };
        let refused = self.assembler.refuse(refusal, line);
        self.ready.push_back(refused);
    }

    /// The same contact without the fields that nobody knows.
    fn lenient(&mut self, value: &Value, line: u64) {
        let (known, dropped) = without_unknown(value);
        if !dropped.is_empty() {
            let message = format!("unknown fields are ignored: {}", dropped.join(", "));
            self.ready.extend(self.assembler.notice(code::LEFT_OUT, message, line).map(Err));
        }
        let item = match parse::contact(known.to_string().as_bytes()) {
            Ok(contact) => Ok(Placed { contact, file: Arc::clone(&self.name), line }),
            Err(refusal) => self.assembler.refuse(refusal, line),
        };
        self.ready.push_back(item);
    }

    fn hear(&mut self, heard: ToldContacts, form: &'static str, line: u64) {
        let told = match heard {
            Ok(told) => told,
            Err(refusal) => {
                self.finish();
                let refused = self.assembler.refuse(refusal, line);
                return self.ready.push_back(refused);
            }
        };
        for told in told {
            if let Some((open, ..)) = &mut self.open
                && told.in_pieces
                && open.id == told.id
            {
                // More than a contact may hold is not kept, only counted by being too many.
                if open.turns.len() <= limits::UTTERANCES {
                    open.turns.extend(told.turns);
                }
                continue;
            }
            self.finish();
            if told.in_pieces {
                self.open = Some((told, form, line));
            } else {
                self.ready.extend(self.assembler.put(told, form, line));
            }
        }
    }

    /// Ends the contact that came in pieces.
    pub(super) fn finish(&mut self) {
        if let Some((told, form, line)) = self.open.take() {
            self.ready.extend(self.assembler.put(told, form, line));
        }
    }
}

/// The form of a value and what it says; lists of documents under one name are read one by one.
fn heard(value: &Value) -> Option<(&'static dyn FileForm, ToldContacts)> {
    let document = Document::Json(value);
    if let Some(form) = forms::of_json(&document) {
        return Some((form, form.contacts(&document)));
    }
    let fields = value.as_object()?;
    fields.values().filter_map(Value::as_array).find_map(|inner| {
        let form = forms::of_json(&Document::Json(inner.first()?))?;
        let each = inner.iter().map(|one| form.contacts(&Document::Json(one)));
        Some((form, each.collect::<Result<Vec<_>, _>>().map(|all| all.into_iter().flatten().collect())))
    })
}

fn invalid() -> Refusal {
    Refusal::new(code::INVALID_JSON, "not valid JSON")
}

fn unknown_form() -> Refusal {
    let message = "JSON in no form that is known (`tingxin formats` lists them): say where what stands, for example \
                   --map id=contact_id --map turns.who=speaker --map turns.words=text";
    Refusal::new(code::UNSUPPORTED_FORMAT, message)
}
