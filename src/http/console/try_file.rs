//! An own file, analysed and not stored. Its name is never sent: the script of the page sends the
//! bytes alone, and words that were pasted come as a field of the form.

use std::io::Cursor;

use actix_web::http::StatusCode;
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, web};

use super::page::{frame, page};
use crate::console::{Section, TriedFile, TryPage, TryTrouble};
use crate::domain::{Channel, RedactedContact, Refusal, UtcMillis};
use crate::http::access::{Allowed, TryFiles};
use crate::http::body;
use crate::http::error::{ApiError, Problem};
use crate::http::state::ServiceState;
use crate::ingest::{self, ReadError, ReadOptions};
use crate::pipeline::LaneError;
use crate::redact::Redactor;

/// Most contacts of a file that are analysed.
///
/// **Source**: set by the project, with [`TURNS`]: a page that a person still reads, and a few
/// seconds of the lane that others wait for, too.
const CONTACTS: usize = 50;

/// Most turns of them together.
const TURNS: usize = 1_000;

/// Most refusals that are shown.
const REFUSALS: usize = 50;

pub(super) async fn form(
    who: Allowed<TryFiles>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
) -> Result<HttpResponse, ApiError> {
    let frame = frame(&request, Some(who.console()?), Section::Try);
    page(&request, StatusCode::OK, &TryPage::new(frame, most_mib(&state), None))
}

pub(super) async fn send(
    who: Allowed<TryFiles>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
    payload: web::Payload,
) -> Result<HttpResponse, ApiError> {
    let frame = frame(&request, Some(who.console()?), Section::Try);
    let most = most_mib(&state);
    let sent = match body::read_whole(&mut payload.into_inner(), request.headers(), &state).await {
        Ok(held) => sent(&request, &held.bytes),
        Err(refusal) if refusal.problem() == Problem::BodyTooLarge => {
            let status = refusal.problem().status();
            return page(&request, status, &TryPage::new(frame, most, Some(TryTrouble::TooLarge)));
        }
        Err(refusal) => return Err(refusal),
    };
    if sent.bytes.is_empty() {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return page(&request, status, &TryPage::new(frame, most, Some(TryTrouble::Nothing)));
    }
    let turn = state.gates.turn(sent.bytes.len()).await?;
    let redactor = state.redactor.clone();
    let read = web::block(move || read(&redactor, sent)).await.map_err(|_| ApiError::internal())?;
    drop(turn);
    let ReadFile { contacts, refused, cut } = read;
    let mut tried = TriedFile { contacts: Vec::with_capacity(contacts.len()), refused, cut };
    state.lane.judge_by(state.store.rule_thresholds(UtcMillis::now()).await?);
    for contact in contacts {
        // One by one: others who wait for the lane come in between.
        match state.lane.analyse(vec![contact.clone()]).await {
            Ok(done) => tried.contacts.extend(done.into_iter().map(|one| (contact.clone(), one.analysis))),
            Err(LaneError::Busy) => {
                let status = StatusCode::SERVICE_UNAVAILABLE;
                return page(&request, status, &TryPage::new(frame, most, Some(TryTrouble::Busy)));
            }
            Err(failure) => return Err(failure.into()),
        }
    }
    let object = format!("{} contacts", tried.contacts.len());
    state.desk.write_down(&who, "file.try", object, true).await?;
    page(&request, StatusCode::OK, &TryPage::found(frame, most, &tried))
}

fn most_mib(state: &ServiceState) -> usize {
    (state.limits.body_bytes / 1024 / 1024).max(1)
}

/// What came in.
struct SentFile {
    bytes: Bytes,
    channel: Option<Channel>,
}

/// The file, or the words of the form.
fn sent(request: &HttpRequest, body: &Bytes) -> SentFile {
    let of_name = |name: &str| Channel::from_name(name);
    if !actix_web::HttpMessage::content_type(request)
        .eq_ignore_ascii_case("application/x-www-form-urlencoded")
    {
        let query = form_urlencoded::parse(request.query_string().as_bytes());
        let channel = query.filter(|(name, _)| name == "channel").find_map(|(_, value)| of_name(&value));
        return SentFile { bytes: body.clone(), channel };
    }
    let (mut text, mut channel) = (String::new(), None);
    for (name, value) in form_urlencoded::parse(body) {
        match &*name {
            "text" => value.trim().clone_into(&mut text),
            "channel" => channel = of_name(&value),
            _ => {}
        }
    }
    SentFile { bytes: text.into(), channel }
}

/// What is in it.
struct ReadFile {
    contacts: Vec<RedactedContact>,
    refused: Vec<Refusal>,
    cut: bool,
}

/// Reads and redacts. The contacts are called after the word «file», for nobody was told its name.
fn read(redactor: &Redactor, sent: SentFile) -> ReadFile {
    let options = ReadOptions { channel: sent.channel, explain: true, ..ReadOptions::default() };
    let mut found = ReadFile { contacts: Vec::new(), refused: Vec::new(), cut: false };
    let mut turns = 0;
    for item in ingest::read(Box::new(Cursor::new(sent.bytes)), "file", &options) {
        match item {
            Ok(placed) => {
                let contact = redactor.redact(placed.contact).contact;
                turns += contact.body.len();
                if found.contacts.len() == CONTACTS || turns > TURNS {
                    found.cut = true;
                    break;
                }
                found.contacts.push(contact);
            }
            Err(_) if found.refused.len() == REFUSALS => found.cut = true,
            Err(ReadError::Refused(refusal) | ReadError::Notice(refusal)) => found.refused.push(refusal),
            // Bytes in memory do not break off; what unpacks them may say so.
            Err(ReadError::Broken { .. }) => {
                found.refused.push(Refusal::new("unreadable_file", "it cannot be unpacked to its end"));
            }
        }
    }
    found
}
