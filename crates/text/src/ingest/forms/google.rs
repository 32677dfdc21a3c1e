//! Google's insights of customer experience: `entries` as they are uploaded, and a conversation's `transcriptSegments`.

use serde_json::Value;

use super::super::columns;
use super::super::told::{Document, FileForm, ToldContact, ToldContacts, ToldTurn, When, number};
use super::super::values::{any, at, field, items, list, text, word};
use crate::domain::{Channel, Speaker, UtcMillis};

pub(super) struct GoogleInsights;

impl FileForm for GoogleInsights {
    fn name(&self) -> &'static str {
        "google-insights"
    }

    fn example(&self) -> &'static str {
        r#"{"conversation_info":{"categories":[{"display_name":"broadband"}]},"entries":[{"text":"您好，请问什么事？","user_id":1,"role":"AGENT","start_timestamp_usec":0},{"text":"我家宽带又断了。","user_id":2,"role":"CUSTOMER","start_timestamp_usec":2600000}]}"#
    }

    fn recognises(&self, document: &Document<'_>) -> bool {
        let Document::Json(value) = document else { return false };
        let entry = |entry: &Value| {
            entry.get("text").is_some()
                && ["role", "user_id", "userId", "start_timestamp_usec"]
                    .iter()
                    .any(|name| entry.get(name).is_some())
        };
        list(value, "entries").first().is_some_and(entry) || !segments(value).is_empty()
    }

    fn contacts(&self, document: &Document<'_>) -> ToldContacts {
        let Document::Json(value) = document else { return Ok(Vec::new()) };
        let entries = list(value, "entries");
        let turns = if entries.is_empty() {
            segments(value).iter().map(segment).collect()
        } else {
            entries.iter().map(entry).collect()
        };
        let name = any(value, &["name", "conversation_id"]).and_then(word);
        let is_chat = text(value, "medium").is_some_and(|medium| medium == "CHAT");
        Ok(vec![ToldContact {
            id: name.map(|name| name.rsplit('/').next().unwrap_or_default().to_owned()),
            channel: is_chat.then_some(Channel::Chat),
            started_at: text(value, "startTime").as_deref().and_then(columns::moment),
            staff: text(value, "agentId"),
            turns,
            ..ToldContact::default()
        }])
    }
}

fn segments(value: &Value) -> &[Value] {
    at(value, "transcript.transcriptSegments").map(items).unwrap_or_default()
}

fn who(role: &str) -> Option<Speaker> {
    match role.to_ascii_uppercase().as_str() {
        "AGENT" | "HUMAN_AGENT" | "ANY_AGENT" => Some(Speaker::Agent),
        "AUTOMATED_AGENT" => Some(Speaker::System),
        "CUSTOMER" | "END_USER" => Some(Speaker::Customer),
        _ => None,
    }
}

fn entry(entry: &Value) -> ToldTurn {
    let role = text(entry, "role").filter(|role| !role.contains("UNSPECIFIED"));
    let label = role.or_else(|| text(entry, "user_id"));
    ToldTurn {
        speaker: label.as_deref().and_then(who),
        label,
        text: text(entry, "text").unwrap_or_default(),
        start: field(entry, "start_timestamp_usec").and_then(number).map(micros),
        end: None,
    }
}

/// Microseconds from the start, or since 1970.
#[expect(clippy::as_conversions, clippy::cast_possible_truncation, reason = "epoch times of this century")]
fn micros(number: f64) -> When {
    if number > 1e15 {
        When::Moment(UtcMillis::from_millis((number / 1000.0) as i64))
    } else {
        When::Millis(number / 1000.0)
    }
}

fn segment(segment: &Value) -> ToldTurn {
    let role = at(segment, "segmentParticipant.role").and_then(word);
    let label = role.or_else(|| text(segment, "channelTag").map(|tag| format!("channel {tag}")));
    ToldTurn {
        speaker: label.as_deref().and_then(who),
        label,
        text: text(segment, "text").unwrap_or_default(),
        start: at(segment, "words.0.startOffset")
            .and_then(When::seconds)
            .or_else(|| field(segment, "messageTime").and_then(When::written)),
        end: None,
    }
}
