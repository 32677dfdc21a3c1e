//! JSON of Whisper, WhisperX, whisper.cpp and the transcription API: `segments` with seconds, `transcription` with milliseconds.

use serde_json::Value;

use super::super::told::{Document, FileForm, ToldContact, ToldContacts, ToldTurn, When};
use super::super::values::{any, at, has_list, items, list, text};

pub(super) struct Whisper;

impl FileForm for Whisper {
    fn name(&self) -> &'static str {
        "whisper"
    }

    fn example(&self) -> &'static str {
        r#"{"segments":[{"start":0.0,"end":2.3,"text":"您好，请问什么事？","speaker":"SPEAKER_00"},{"start":2.6,"end":5.1,"text":"我家宽带又断了。","speaker":"SPEAKER_01"}],"language":"zh"}"#
    }

    fn recognises(&self, document: &Document<'_>) -> bool {
        let Document::Json(value) = document else { return false };
        let fits = |segment: &Value| {
            any(segment, &["text", "transcript"]).is_some_and(Value::is_string)
                && segment.get("start").is_some()
                && segment.get("end").is_some()
        };
        list(value, "segments").first().is_some_and(fits)
            || (value.is_array()
                && items(value).first().is_some_and(|first| fits(first) && is_whispers(first)))
            || list(value, "transcription").first().is_some_and(|one| one.get("offsets").is_some())
    }

    fn contacts(&self, document: &Document<'_>) -> ToldContacts {
        let Document::Json(value) = document else { return Ok(Vec::new()) };
        let turns = if has_list(value, "transcription") {
            list(value, "transcription").iter().map(native).collect()
        } else {
            let segments = if value.is_array() { items(value) } else { list(value, "segments") };
            segments.iter().map(segment).collect()
        };
        let id = any(value, &["task_id", "request_id", "audio_id"]).and_then(super::super::values::word);
        Ok(vec![ToldContact { id, turns, ..ToldContact::default() }])
    }
}

/// Fields that only segments of Whisper have; a bare list of turns may come from anywhere.
fn is_whispers(segment: &Value) -> bool {
    ["words", "tokens", "avg_logprob", "no_speech_prob"].iter().any(|name| segment.get(name).is_some())
}

fn segment(segment: &Value) -> ToldTurn {
    let speaker = any(segment, &["speaker", "speaker_id"]).and_then(super::super::values::word);
    ToldTurn {
        label: speaker,
        speaker: None,
        text: text(segment, "text").or_else(|| text(segment, "transcript")).unwrap_or_default(),
        start: segment.get("start").and_then(When::seconds),
        end: segment.get("end").and_then(When::seconds),
    }
}

/// A line of whisper.cpp.
fn native(line: &Value) -> ToldTurn {
    ToldTurn {
        label: text(line, "speaker"),
        speaker: None,
        text: text(line, "text").unwrap_or_default(),
        start: at(line, "offsets.from").and_then(When::millis),
        end: at(line, "offsets.to").and_then(When::millis),
    }
}
