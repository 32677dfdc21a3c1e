//! Amazon Connect Contact Lens, as files and as segments in real time, and Transcribe Call Analytics.

use serde_json::Value;

use super::super::roles;
use super::super::told::{Document, FileForm, ToldContact, ToldContacts, ToldTurn, When};
use super::super::values::{any, at, has_list, items, list, text, word};
use crate::domain::{Channel, Speaker};

pub(super) struct ContactLens;

impl FileForm for ContactLens {
    fn name(&self) -> &'static str {
        "contact-lens"
    }

    fn example(&self) -> &'static str {
        r#"{"Version":"1.1.0","Channel":"VOICE","Participants":[{"ParticipantId":"a","ParticipantRole":"AGENT"},{"ParticipantId":"c","ParticipantRole":"CUSTOMER"}],"Transcript":[{"Id":"1","ParticipantId":"a","Content":"您好，请问什么事？","BeginOffsetMillis":0,"EndOffsetMillis":2300},{"Id":"2","ParticipantId":"c","Content":"我家宽带又断了。","BeginOffsetMillis":2600,"EndOffsetMillis":5100}]}"#
    }

    fn recognises(&self, document: &Document<'_>) -> bool {
        let Document::Json(value) = document else { return false };
        let first = parts(value).into_iter().next();
        first.is_some_and(|part| {
            part.get("Content").is_some()
                && (part.get("ParticipantId").is_some() || part.get("ParticipantRole").is_some())
        })
    }

    fn contacts(&self, document: &Document<'_>) -> ToldContacts {
        let Document::Json(value) = document else { return Ok(Vec::new()) };
        let roles: Vec<(String, String)> = list(value, "Participants")
            .iter()
            .filter_map(|one| Some((text(one, "ParticipantId")?, text(one, "ParticipantRole")?)))
            .collect();
        let turns =
            parts(value).into_iter().filter(|part| is_said(part)).map(|part| turn(part, &roles)).collect();
        let id = ["CustomerMetadata.ContactId", "ContactId", "JobName"];
        let is_chat = text(value, "Channel").is_some_and(|channel| channel.eq_ignore_ascii_case("chat"));
        Ok(vec![ToldContact {
            id: id.iter().find_map(|path| at(value, path)).and_then(word),
            channel: is_chat.then_some(Channel::Chat),
            turns,
            ..ToldContact::default()
        }])
    }
}

/// The parts of a transcript: of a file, or one by one as they came in real time.
fn parts(value: &Value) -> Vec<&Value> {
    let whole = list(value, "Transcript");
    if !whole.is_empty() {
        return whole.iter().collect();
    }
    let segments =
        any(value, &["Segments", "RealtimeContactAnalysisSegments"]).map(items).unwrap_or_default();
    segments
        .iter()
        .filter_map(|segment| at(segment, "Transcript").or_else(|| at(segment, "Utterance")))
        .collect()
}

/// Chats also list who came and went.
fn is_said(part: &Value) -> bool {
    text(part, "Type").is_none_or(|kind| kind.eq_ignore_ascii_case("message"))
}

fn turn(part: &Value, roles: &[(String, String)]) -> ToldTurn {
    let id = text(part, "ParticipantId");
    let role = text(part, "ParticipantRole")
        .or_else(|| roles.iter().find(|(known, _)| Some(known) == id.as_ref()).map(|(_, role)| role.clone()));
    // In files of one call the ids are often the roles themselves.
    let label = role.or(id);
    let speaker = label.as_deref().and_then(|role| match role.to_ascii_uppercase().as_str() {
        "SYSTEM" | "CUSTOM_BOT" => Some(Speaker::System),
        _ => roles::label(role),
    });
    ToldTurn {
        label,
        speaker,
        text: text(part, "Content").unwrap_or_default(),
        start: any(part, &["BeginOffsetMillis"])
            .and_then(When::millis)
            .or_else(|| part.get("AbsoluteTime").and_then(When::written)),
        end: any(part, &["EndOffsetMillis"]).and_then(When::millis),
    }
}

/// Amazon Transcribe without roles: `results` with segments of neutral speakers.
pub(super) struct Transcribe;

impl FileForm for Transcribe {
    fn name(&self) -> &'static str {
        "amazon-transcribe"
    }

    fn example(&self) -> &'static str {
        r#"{"jobName":"call-1","results":{"transcripts":[{"transcript":"您好。我家宽带又断了。"}],"audio_segments":[{"id":0,"transcript":"您好。","start_time":"0.0","end_time":"0.9","speaker_label":"spk_0"},{"id":1,"transcript":"我家宽带又断了。","start_time":"1.2","end_time":"3.0","speaker_label":"spk_1"}]}}"#
    }

    fn recognises(&self, document: &Document<'_>) -> bool {
        let Document::Json(value) = document else { return false };
        at(value, "results").is_some_and(|results| has_list(results, "transcripts"))
    }

    fn contacts(&self, document: &Document<'_>) -> ToldContacts {
        let Document::Json(value) = document else { return Ok(Vec::new()) };
        let results = at(value, "results").unwrap_or(value);
        let segments = list(results, "audio_segments");
        let turns =
            if segments.is_empty() { of_items(results) } else { segments.iter().map(segment).collect() };
        Ok(vec![ToldContact { id: text(value, "jobName"), turns, ..ToldContact::default() }])
    }
}

fn segment(segment: &Value) -> ToldTurn {
    ToldTurn {
        label: any(segment, &["speaker_label", "channel_label"]).and_then(word),
        speaker: None,
        text: text(segment, "transcript").unwrap_or_default(),
        start: segment.get("start_time").and_then(When::seconds),
        end: segment.get("end_time").and_then(When::seconds),
    }
}

/// Words one by one; those of one voice in a row are a turn. Marks have no time.
fn of_items(results: &Value) -> Vec<ToldTurn> {
    let mut turns: Vec<ToldTurn> = Vec::new();
    for item in list(results, "items") {
        let label = any(item, &["speaker_label", "channel_label"]).and_then(word);
        let said = at(item, "alternatives.0.content").and_then(word).unwrap_or_default();
        let is_mark = text(item, "type").is_some_and(|kind| kind == "punctuation");
        let end = item.get("end_time").and_then(When::seconds);
        match turns.last_mut() {
            Some(last) if is_mark || last.label == label => {
                if !is_mark && last.text.ends_with(|c: char| c.is_ascii_alphanumeric()) {
                    last.text.push(' ');
                }
                last.text.push_str(&said);
                last.end = end.or(last.end);
            }
            _ => {
                let start = item.get("start_time").and_then(When::seconds);
                turns.push(ToldTurn { label, speaker: None, text: said, start, end });
            }
        }
    }
    turns
}
