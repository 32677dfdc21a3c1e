//! How stored things look from outside.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;

use super::error::ApiError;
use super::query::encode;
use crate::domain::{
    Body, BusinessProcess, Channel, ContactId, ContactRef, ContactState, CustomerPseudonym, Kind,
    RedactedLine, RedactedText, RedactionKind, SourceId, Speaker, Staff, Survey, UtcMillis,
};
use crate::secrets;
use crate::store::{ContactRecord, Page};

/// Part of a list.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct List<T> {
    /// The rows.
    pub(super) items: Vec<T>,
    /// Goes into `cursor` of the next request; null at the end of the list.
    pub(super) next: Option<String>,
}

impl<Row, T: From<Row>> From<Page<Row>> for List<T> {
    fn from(page: Page<Row>) -> Self {
        let items = page.items.into_iter().map(T::from).collect();
        Self { items, next: page.next.as_ref().map(encode) }
    }
}

/// A stored contact without personal data.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Contact)]
pub(super) struct StoredContactView {
    /// Our key.
    id: ContactRef,
    /// How far it is.
    state: ContactState,
    /// When it came in.
    #[schema(value_type = String, format = DateTime)]
    received_at: UtcMillis,
    /// Where it came from.
    source: SourceId,
    /// Its id there.
    contact_id: ContactId,
    /// Current revision.
    revision: u32,
    /// Transcript or note.
    kind: Kind,
    /// Touchpoint.
    channel: Channel,
    /// When it began.
    #[schema(value_type = Option<String>, format = DateTime)]
    started_at: Option<UtcMillis>,
    /// What it was about.
    business_process: Option<BusinessProcess>,
    /// Who served.
    staff: Option<Staff>,
    /// Stands for the customer: HMAC-SHA-256 of the id under the service's secret key.
    customer: Option<CustomerPseudonym>,
    /// What the customer answered afterwards.
    survey: Option<Survey>,
    /// Turns of a transcript; empty for a note.
    utterances: Vec<UtteranceView>,
    /// Sentences of a note; empty for a transcript.
    note: Vec<SentenceView>,
}

/// One turn of a stored transcript.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = ContactUtterance)]
pub(super) struct UtteranceView {
    /// Position in the contact, from 0.
    index: usize,
    /// Who speaks.
    speaker: Speaker,
    /// What was said, without personal data.
    #[schema(value_type = String)]
    text: RedactedText,
    /// Milliseconds from the start of the contact.
    start_ms: Option<u64>,
    /// Milliseconds from the start of the contact.
    end_ms: Option<u64>,
    /// What was taken out of the text.
    redactions: Vec<RedactionView>,
}

/// One sentence of a stored note.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = ContactSentence)]
pub(super) struct SentenceView {
    /// Position in the note, from 0.
    index: usize,
    /// The sentence, without personal data.
    #[schema(value_type = String)]
    text: RedactedText,
    /// What was taken out of the text.
    redactions: Vec<RedactionView>,
}

/// A replaced place in a text.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = ContactRedaction)]
pub(super) struct RedactionView {
    /// First character of the replacement.
    start: usize,
    /// One past its last character.
    end: usize,
    /// What stood there.
    kind: RedactionKind,
}

impl From<ContactRecord> for StoredContactView {
    fn from(record: ContactRecord) -> Self {
        let ContactRecord { id, state, received_at, contact } = record;
        let kind = contact.body.kind();
        let (mut utterances, mut note) = (Vec::new(), Vec::new());
        match contact.body {
            Body::Transcript(turns) => {
                utterances = turns
                    .into_iter()
                    .enumerate()
                    .map(|(index, turn)| {
                        let (text, redactions) = line(turn.text);
                        let (start_ms, end_ms) = (turn.start_ms, turn.end_ms);
                        UtteranceView { index, speaker: turn.speaker, text, start_ms, end_ms, redactions }
                    })
                    .collect();
            }
            Body::Note(sentences) => {
                note = sentences
                    .into_iter()
                    .enumerate()
                    .map(|(index, sentence)| {
                        let (text, redactions) = line(sentence);
                        SentenceView { index, text, redactions }
                    })
                    .collect();
            }
        }
        let header = contact.header;
        Self {
            id,
            state,
            received_at,
            source: header.source,
            contact_id: header.contact_id,
            revision: header.revision,
            kind,
            channel: header.channel,
            started_at: header.started_at,
            business_process: header.business_process,
            staff: header.staff,
            customer: contact.customer,
            survey: header.survey,
            utterances,
            note,
        }
    }
}

fn line(line: RedactedLine) -> (RedactedText, Vec<RedactionView>) {
    let RedactedLine { text, redactions } = line;
    let view =
        |r: crate::domain::Redaction| RedactionView { start: r.span.start, end: r.span.end, kind: r.kind };
    (text, redactions.into_iter().map(view).collect())
}

/// 200 with an entity tag, or 304 when the client has this very content. The tag is weak, for the
/// same content may travel compressed or not.
pub(super) fn tagged<T: Serialize>(request: &HttpRequest, content: &T) -> Result<HttpResponse, ApiError> {
    let body = serde_json::to_vec(content).map_err(|cause| {
        tracing::error!(%cause, "an answer cannot be written as JSON");
        ApiError::internal()
    })?;
    let digest = secrets::digest(&body);
    let tag = format!("W/\"{}\"", digest.get(..32).unwrap_or(&digest));
    let known = request.headers().get(header::IF_NONE_MATCH).and_then(|tags| tags.to_str().ok());
    let bare = tag.trim_start_matches("W/");
    let same = known.is_some_and(|tags| {
        tags.split(',').map(str::trim).any(|one| one == "*" || one.trim_start_matches("W/") == bare)
    });
    let mut response = if same { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response.insert_header((header::ETAG, tag));
    Ok(if same { response.finish() } else { response.content_type("application/json").body(body) })
}
