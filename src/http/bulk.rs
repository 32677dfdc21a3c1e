//! Contacts as a stream of lines, answered line by line.
//!
//! What arrives while one group of lines is stored is the next group, one transaction of at most
//! [`BATCH_LINES`]: with `synchronous=FULL` a commit costs about the same for one row and for a
//! hundred. The stream is read no faster than it is stored, and answers that nobody reads stop it
//! after a while.

use std::pin::pin;
use std::time::{Duration, Instant};

use actix_web::dev::Payload;
use actix_web::http::header::{self, HeaderValue};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, web};
use futures_util::StreamExt;
use serde::Serialize;
use tokio::sync::mpsc;
use tracing::Instrument as _;

use super::access::{Allowed, WriteContacts};
use super::body;
use super::error::{ApiError, Problem, ProblemBody};
use super::idempotency;
use super::intake;
use super::lines::{StreamLine, StreamLines};
use super::packed;
use super::query::{Asked, NoQuery};
use super::state::ServiceState;
use crate::domain::{ContactRef, Intake, Refusal, TeamId};
use crate::events::IngestOutcome;
use crate::store::{Party, on_behalf_of};

/// Most lines of one transaction. At 128 a commit is some hundredth of the cost of a line.
const BATCH_LINES: usize = 128;

/// Parts of the answer that wait for a slow reader: up to 130,000 lines, 12 MB. Some clients send
/// everything before they read anything.
const ANSWER_PARTS: usize = 1024;

/// Longest wait for a client that does not read its answers.
const READER_PATIENCE: Duration = Duration::from_secs(30);

/// The same once the service stops: the end of the process must not wait for one client.
const READER_PATIENCE_AT_STOP: Duration = Duration::from_secs(3);

/// The answer to one line of the request.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = BulkLine)]
pub(super) struct LineAnswer {
    /// Which line, from 1.
    line: u64,
    /// `queued`, `updated`, `unchanged`; `refused` when the line must be mended; `failed` when the
    /// same line may be sent again later.
    status: &'static str,
    /// Our key of the contact.
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<ContactRef>,
    /// The stable name of the reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
    /// A sentence for people. Never holds text of a contact.
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<String>,
    /// JSON pointer of the field at fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    pointer: Option<String>,
}

/// Send a stream of contacts
///
/// One contact a line (NDJSON), any number of lines; one answer a line, in the same order, as soon
/// as the contact is durable. A line that is refused does not stop the stream. Repeating a stream
/// is safe: what is there already is `unchanged`. An `Idempotency-Key` is refused, because the
/// answers of a stream cannot be replayed. Read the answers while sending. The body may be packed
/// with gzip (`Content-Encoding: gzip`).
///
/// When the service stops, the lines that it has are stored and answered, and a last answer
/// `failed` with the code `stopping` ends the stream: send the lines without an answer again.
#[utoipa::path(
    post,
    path = "/api/v1/contacts/bulk",
    operation_id = "send_contacts",
    tag = "contacts",
    request_body(content = String, content_type = "application/x-ndjson", description = "One `tingxin.contact.v1` a line, each at most 2 MiB"),
    responses(
        (status = 200, body = LineAnswer, content_type = "application/x-ndjson", description = "One answer a line"),
        (status = 400, body = ProblemBody, content_type = "application/problem+json", description = "A parameter is not accepted, or there is an `Idempotency-Key`"),
        (status = 415, body = ProblemBody, content_type = "application/problem+json", description = "The body is not `application/x-ndjson` in UTF-8, or is packed otherwise than with gzip"),
    )
)]
pub(super) async fn send_contacts(
    caller: Allowed<WriteContacts>,
    request: HttpRequest,
    Asked(NoQuery {}): Asked<NoQuery>,
    payload: web::Payload,
    state: web::Data<ServiceState>,
) -> Result<HttpResponse, ApiError> {
    idempotency::refuse_key(request.headers())?;
    body::check_type_alone(
        request.headers(),
        &["application/x-ndjson", "application/ndjson", "application/jsonl"],
    )?;
    let is_packed = packed::is_gzip(request.headers())?;
    intake::check_backlog(&state).await?;
    let place = state.gates.stream(&caller.actor.name)?;
    let (answers, parts) = mpsc::channel(ANSWER_PARTS);
    let account = Party::stream_of(&caller.actor.name);
    let work = async move {
        let _place = place;
        let lines = StreamLines::new(state.limits.body_bytes);
        let waited = Duration::ZERO;
        let stream = Stream { lines, state, own: caller.team.clone(), answers, end: None, waited };
        let payload = payload.into_inner();
        stream.run(if is_packed { packed::unpacked(payload) } else { payload }).await;
    };
    actix_web::rt::spawn(on_behalf_of(account, work).in_current_span());
    let parts = futures_util::stream::unfold(parts, |mut parts| async {
        parts.recv().await.map(|part| (Ok::<_, std::convert::Infallible>(part), parts))
    });
    // A compressor would hold answers back until it has a block full.
    let identity = (header::CONTENT_ENCODING, HeaderValue::from_static("identity"));
    Ok(HttpResponse::Ok().insert_header(identity).content_type("application/x-ndjson").streaming(parts))
}

fn stopping() -> ApiError {
    let detail = "the service is stopping: send the lines without an answer again";
    ApiError::new(Problem::Stopping, detail).retry_after(2)
}

struct Stream {
    state: web::Data<ServiceState>,
    /// The team that the caller is limited to.
    own: Option<TeamId>,
    lines: StreamLines,
    answers: mpsc::Sender<Bytes>,
    /// How the body ended, once it has.
    end: Option<Result<(), ApiError>>,
    /// How long the client was waited for since the last whole line. A byte now and then is no
    /// progress.
    waited: Duration,
}

impl Stream {
    async fn run(mut self, mut payload: Payload) {
        loop {
            let batch = self.lines.take(BATCH_LINES);
            if !batch.is_empty() {
                let answers = self.store_and_read_on(batch, &mut payload).await;
                if !self.send(&answers).await {
                    return;
                }
            } else if let Some(end) = &self.end {
                if let Err(broken) = end {
                    // What broke off may be sent again; what is too large will be too large again.
                    let again = broken.problem() != Problem::BodyTooLarge;
                    let answer = if again { LineAnswer::failed } else { LineAnswer::refused };
                    let last = answer(self.lines.next_number(), broken);
                    self.send(&[last]).await;
                }
                return;
            } else {
                let asked = Instant::now();
                let part = self.next_part_in_time(&mut payload).await;
                self.take(part);
                self.waited = match self.lines.waiting() {
                    0 => self.waited + asked.elapsed(),
                    _ => Duration::ZERO,
                };
            }
        }
    }

    /// Stores a batch while the next one comes in: a commit takes as long as a hundred lines need
    /// to arrive, and the larger the group, the fewer commits. A client that sends nothing
    /// meanwhile may be waiting for these answers, so its patience is not measured here.
    async fn store_and_read_on(&mut self, batch: Vec<StreamLine>, payload: &mut Payload) -> Vec<LineAnswer> {
        let (state, own) = (self.state.clone(), self.own.clone());
        let span = tracing::info_span!("intake", contacts = batch.len());
        let mut storing = pin!(store(&state, own.as_ref(), batch).instrument(span));
        loop {
            tokio::select! {
                biased;
                answers = &mut storing => return answers,
                part = self.next_part(payload), if self.end.is_none() && self.has_room() => self.take(part),
            }
        }
    }

    /// Whether more may be read before something is stored.
    fn has_room(&self) -> bool {
        self.lines.waiting() < BATCH_LINES && self.lines.held() < self.state.limits.body_bytes
    }

    /// The next part of the body, or `None` at its end.
    async fn next_part(&self, payload: &mut Payload) -> Result<Option<Bytes>, ApiError> {
        let part = tokio::select! {
            // First, for a client that sends without a pause would never let the other one look.
            biased;
            () = self.state.stopped() => return Err(stopping()),
            part = payload.next() => part.transpose(),
        };
        part.map_err(|cause| packed::broken(&cause))
    }

    /// The next part while nothing else is in hand, so that it is the client who is waited for: a
    /// line must come to its end within the time that a body may take.
    async fn next_part_in_time(&self, payload: &mut Payload) -> Result<Option<Bytes>, ApiError> {
        let patience = self.state.limits.body_timeout;
        let left = patience.saturating_sub(self.waited);
        let part = tokio::time::timeout(left, self.next_part(payload)).await;
        part.unwrap_or_else(|_| Err(body::too_slow(patience)))
    }

    fn take(&mut self, part: Result<Option<Bytes>, ApiError>) {
        match part {
            Ok(Some(part)) => self.lines.push(&part),
            Ok(None) => {
                self.lines.end();
                self.end = Some(Ok(()));
            }
            Err(broken) => self.end = Some(Err(broken)),
        }
    }

    /// Hands answers to the client. `false` when it has gone away or does not read.
    async fn send(&self, answers: &[LineAnswer]) -> bool {
        let mut text = Vec::new();
        for answer in answers {
            if serde_json::to_writer(&mut text, answer).is_err() {
                return false;
            }
            text.push(b'\n');
        }
        tokio::select! {
            sent = self.answers.send(Bytes::from(text)) => sent.is_ok(),
            () = tokio::time::sleep(READER_PATIENCE) => false,
            () = self.state.stopped_for(READER_PATIENCE_AT_STOP) => false,
        }
    }
}

/// One answer for each line, in order.
async fn store(state: &ServiceState, own: Option<&TeamId>, batch: Vec<StreamLine>) -> Vec<LineAnswer> {
    let numbers: Vec<u64> = batch.iter().map(|line| line.number).collect();
    match try_store(state, own, batch).await {
        Ok(answers) => answers,
        Err(failure) => numbers.iter().map(|line| LineAnswer::failed(*line, &failure)).collect(),
    }
}

async fn try_store(
    state: &ServiceState,
    own: Option<&TeamId>,
    batch: Vec<StreamLine>,
) -> Result<Vec<LineAnswer>, ApiError> {
    intake::check_backlog(state).await?;
    let bytes = batch.iter().map(|line| line.text.as_ref().map_or(0, Bytes::len)).sum();
    // Before the turn, which others wait for: a batch may rest first.
    let _batch = state.gates.batch(&state.store).await;
    let _turn = state.gates.turn(bytes).await?;
    let redactor = state.redactor.clone();
    let read = web::block(move || {
        let read =
            |line: StreamLine| (line.number, line.text.and_then(|text| intake::read_line(&redactor, &text)));
        batch.into_iter().map(read).collect::<Vec<(u64, Result<Intake, Refusal>)>>()
    });
    let read = read.await;
    let read = read.map_err(|_| ApiError::internal())?;
    let (mut answers, mut numbers, mut intakes) = (Vec::new(), Vec::new(), Vec::new());
    for (number, read) in read {
        match read {
            Ok(intake) => {
                numbers.push(number);
                intakes.push(intake);
            }
            Err(refusal) => {
                intake::note(state, None, IngestOutcome::Refused);
                answers.push(LineAnswer::refused(number, &ApiError::from(refusal)));
            }
        }
    }
    if !intakes.is_empty() {
        // What is refused is refused whether or not the rest can be stored.
        let kept = intake::keep(state, own, &intakes).await;
        let kept = kept.unwrap_or_else(|failure| vec![Err(failure); numbers.len()]);
        answers.extend(numbers.into_iter().zip(kept).map(|(number, kept)| LineAnswer::of(number, kept)));
    }
    answers.sort_by_key(|answer| answer.line);
    Ok(answers)
}

impl LineAnswer {
    fn of(line: u64, kept: Result<intake::KeptContact, ApiError>) -> Self {
        match kept {
            Ok(kept) => Self {
                line,
                status: kept.outcome.as_str(),
                id: Some(kept.id),
                code: None,
                message: None,
                pointer: None,
            },
            Err(error) if error.problem().status().is_client_error() => Self::refused(line, &error),
            Err(error) => Self::failed(line, &error),
        }
    }

    fn refused(line: u64, error: &ApiError) -> Self {
        Self { status: "refused", ..Self::failed(line, error) }
    }

    fn failed(line: u64, error: &ApiError) -> Self {
        let body = error.body();
        Self {
            line,
            status: "failed",
            id: None,
            code: Some(body.code),
            message: Some(body.detail),
            pointer: body.pointer,
        }
    }
}
