//! Genesys Cloud: a conversation's `transcripts` of `phrases` with the purpose of each participant.

use serde_json::Value;

use super::super::told::{Document, FileForm, ToldContact, ToldContacts, ToldTurn, When};
use super::super::values::{at, field, has_list, list, number_of, text, word};
use crate::domain::{Channel, Speaker};

pub(super) struct Genesys;

impl FileForm for Genesys {
    fn name(&self) -> &'static str {
        "genesys"
    }

    fn example(&self) -> &'static str {
        r#"{"conversationId":"c-1","mediaType":"call","startTime":1793491200000,"transcripts":[{"transcriptId":"t-1","phrases":[{"text":"您好，请问什么事？","startTimeMs":1793491200000,"duration":{"milliseconds":2300},"participantPurpose":"internal","phraseIndex":0},{"text":"我家宽带又断了。","startTimeMs":1793491202600,"duration":{"milliseconds":2500},"participantPurpose":"external","phraseIndex":1}]}]}"#
    }

    fn recognises(&self, document: &Document<'_>) -> bool {
        matches!(document, Document::Json(value) if list(value, "transcripts").iter().any(|one| has_list(one, "phrases")))
    }

    fn contacts(&self, document: &Document<'_>) -> ToldContacts {
        let Document::Json(value) = document else { return Ok(Vec::new()) };
        let phrases = list(value, "transcripts").iter().flat_map(|transcript| list(transcript, "phrases"));
        let agent = list(value, "participants").iter().find(|one| {
            text(one, "participantPurpose").is_some_and(|purpose| purpose == "agent" || purpose == "internal")
        });
        let kind = text(value, "mediaType").unwrap_or_default();
        let started = field(value, "startTime").and_then(When::unitless);
        Ok(vec![ToldContact {
            id: text(value, "conversationId"),
            channel: matches!(kind.as_str(), "message" | "chat" | "webchat" | "email")
                .then_some(Channel::Chat),
            started_at: match started {
                Some(When::Moment(at)) => Some(at),
                _ => None,
            },
            staff: agent.and_then(|agent| text(agent, "userId")),
            team: agent.and_then(|agent| text(agent, "teamId")),
            turns: phrases.map(phrase).collect(),
            ..ToldContact::default()
        }])
    }
}

fn phrase(phrase: &Value) -> ToldTurn {
    let purpose = text(phrase, "participantPurpose");
    let speaker = match purpose.as_deref() {
        Some("internal" | "agent" | "user") => Some(Speaker::Agent),
        Some("external" | "customer") => Some(Speaker::Customer),
        Some("ivr" | "acd" | "bot" | "botflow" | "workflow" | "voicemail" | "system") => {
            Some(Speaker::System)
        }
        _ => None,
    };
    let start = field(phrase, "startTimeMs").and_then(When::unitless);
    let length = at(phrase, "duration.milliseconds")
        .and_then(super::super::told::number)
        .or_else(|| number_of(phrase, "durationMs"));
    ToldTurn {
        label: purpose.or_else(|| field(phrase, "participantId").and_then(word)),
        speaker,
        text: text(phrase, "decoratedText").or_else(|| text(phrase, "text")).unwrap_or_default(),
        start,
        end: length.and_then(|length| Some(after(start?, length))),
    }
}

#[expect(clippy::as_conversions, clippy::cast_possible_truncation, reason = "milliseconds of a phrase")]
fn after(start: When, length: f64) -> When {
    match start {
        When::Moment(at) => When::Moment(at.plus_millis(length as i64)),
        When::Millis(at) => When::Millis(at + length),
        When::Unitless(at) => When::Unitless(at + length),
    }
}
