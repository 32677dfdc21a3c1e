//! [`ToldContact`] → contact: what is missing is derived, times are counted from the start, and all of it can be explained.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use super::clock::Clock;
use super::item::{Placed, ReadError, ReadOptions};
use super::told::ToldContact;
use super::v1::{ContactV1, CustomerV1, StaffV1, UtteranceV1};
use super::voices::{self, Voices};
use super::{check, code, limits};
use crate::domain::{ContactId, Refusal, StaffId, TeamId, UtcMillis};

/// Assembles the contacts of one file.
pub(super) struct Assembler {
    name: Arc<str>,
    options: ReadOptions,
    /// Contacts so far, for the default id.
    count: u64,
    /// What was said already: a notice is said once a file.
    said: BTreeSet<String>,
}

impl Assembler {
    pub(super) fn new(name: &Arc<str>, options: &ReadOptions) -> Self {
        Self { name: Arc::clone(name), options: options.clone(), count: 0, said: BTreeSet::new() }
    }

    /// The options of this reading.
    pub(super) fn options(&self) -> &ReadOptions {
        &self.options
    }

    /// A notice of this file, unless it was given before.
    pub(super) fn notice(&mut self, code: &'static str, message: String, line: u64) -> Option<ReadError> {
        let refusal = Refusal::new(code, message.clone()).in_file(&self.name, line);
        self.said.insert(message).then_some(ReadError::Notice(refusal))
    }

    /// A contact, and what is to be said about it before.
    pub(super) fn put(&mut self, told: ToldContact, form: &str, line: u64) -> Vec<Result<Placed, ReadError>> {
        self.count += 1;
        let default_id = default_id(&self.name, self.count);
        let mut items = Vec::new();
        for left_out in &told.left_out {
            items.extend(self.notice(code::LEFT_OUT, left_out.clone(), line).map(Err));
        }
        let made = make(told, default_id, &self.options);
        let made = made.and_then(|Made { contact, how, unknown }| {
            if unknown > 0 {
                let message = format!(
                    "{unknown} turns do not say who speaks, the others do: they are shown as `system` and not scored"
                );
                items.extend(self.notice(code::LEFT_OUT, message, line).map(Err));
            }
            if self.options.explain && self.said.insert(code::UNDERSTOOD.to_owned()) {
                let message = format!("read as {form}: {how}");
                let refusal = Refusal::new(code::UNDERSTOOD, message).in_file(&self.name, line);
                items.push(Err(ReadError::Notice(refusal)));
            }
            check::check(contact)
        });
        items.push(match made {
            Ok(contact) => Ok(Placed { contact, file: Arc::clone(&self.name), line }),
            Err(refusal) => Err(ReadError::Refused(refusal.in_file(&self.name, line))),
        });
        items
    }

    /// The refusal of something in this file.
    pub(super) fn refuse(&mut self, refusal: Refusal, line: u64) -> Result<Placed, ReadError> {
        self.count += 1;
        Err(ReadError::Refused(refusal.in_file(&self.name, line)))
    }
}

/// The id of the `count`th contact of a file that gives it none: `hall`, `hall-2`, …
pub(super) fn default_id(file: &str, count: u64) -> String {
    let stem = if file == "-" { None } else { Path::new(file).file_stem() };
    // «calls.csv.gz» is called as «calls.csv» is.
    let is_packed = Path::new(file).extension().is_some_and(|end| end.eq_ignore_ascii_case("gz"));
    let stem = stem.map(|stem| if is_packed { Path::new(stem).file_stem().unwrap_or(stem) } else { stem });
    let stem = stem.map_or_else(|| "stdin".to_owned(), |stem| stem.to_string_lossy().into_owned());
    if count == 1 { stem } else { format!("{stem}-{count}") }
}

struct Made {
    contact: ContactV1,
    how: String,
    unknown: usize,
}

fn make(told: ToldContact, default_id: String, options: &ReadOptions) -> Result<Made, Refusal> {
    let ToldContact { id, channel, started_at, staff, team, customer, mut turns, goes_on, .. } = told;
    turns.retain(|turn| !turn.text.trim().is_empty());
    if turns.len() > limits::UTTERANCES {
        let message = format!("more than {} utterances", limits::UTTERANCES);
        return Err(Refusal::new(code::TOO_LARGE, message));
    }
    if turns.iter().map(|turn| turn.text.len()).sum::<usize>() > limits::CONTACT_BYTES {
        let message = format!("the contact is longer than {} MiB", limits::CONTACT_BYTES / 1024 / 1024);
        return Err(Refusal::new(code::TOO_LARGE, message));
    }
    let clock = Clock::of(&mut turns, started_at);
    let Voices { turns, labels, unknown } = voices::hear(turns, goes_on, &options.speakers)?;
    let told_id = id.filter(|id| ContactId::new(id).is_ok());
    let mut how = vec![match &told_id {
        Some(_) => "contact_id as in the file".to_owned(),
        None => format!("contact_id `{}` from the file's name", voices_safe(&default_id)),
    }];
    how.push(format!("source `{}`", options.default_source()));
    how.push(format!("channel `{}`", options.default_channel(channel)));
    how.push(format!("{} turns", turns.len()));
    if !labels.is_empty() {
        let who: Vec<_> = labels.iter().map(|(label, who)| format!("{label}={who}")).collect();
        how.push(format!("speakers {}", who.join(",")));
    }
    how.push(clock.how().to_owned());
    let utterances = turns
        .into_iter()
        .map(|voice| {
            let (start_ms, end_ms) = clock.span(&voice.turn);
            UtteranceV1 { speaker: voice.speaker, text: voice.text.trim().to_owned(), start_ms, end_ms }
        })
        .collect();
    let staff = staff.filter(|id| StaffId::new(id).is_ok());
    let contact = ContactV1 {
        source: options.default_source().to_owned(),
        contact_id: told_id.unwrap_or(default_id),
        channel: Some(options.default_channel(channel)),
        started_at: clock.start.map(UtcMillis::to_rfc3339),
        staff: staff.map(|id| StaffV1 { id, team: team.filter(|team| TeamId::new(team).is_ok()) }),
        customer: customer.filter(|id| id.chars().count() <= 128).map(|id| CustomerV1 { id }),
        utterances: Some(utterances),
        ..ContactV1::default()
    };
    Ok(Made { contact, how: how.join("; "), unknown })
}

/// A file's name in a notice: without long numbers, as labels.
fn voices_safe(name: &str) -> String {
    super::answers::shown_label(name)
}
