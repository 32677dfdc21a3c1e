//! Any list of turns: objects that each hold words and who says them, under one of the names that systems use.

use serde_json::Value;

use super::super::dialogue;
use super::super::roles;
use super::super::told::{Document, FileForm, ToldContact, ToldContacts, ToldTurn, When};
use super::super::values::{any, at, field, items, word};

pub(super) struct AnyTurns;

/// Names for words.
const WORDS: [&str; 17] = [
    "text",
    "content",
    "words",
    "message",
    "body",
    "transcript",
    "sentence",
    "utterance",
    "msg",
    "onebest",
    "FinalSentence",
    "value",
    "display_text",
    "original_text",
    "asr_text",
    "内容",
    "文本",
];

/// Names for whoever speaks.
const VOICES: [&str; 25] = [
    "speaker",
    "role",
    "speaker_label",
    "spk",
    "speaker_id",
    "speaker_name",
    "participant_role",
    "participant",
    "sender",
    "sender_type",
    "from",
    "author",
    "identity",
    "user_type",
    "channel_id",
    "channel",
    "channel_tag",
    "user_id",
    "name",
    "author_id",
    "message_type",
    "角色",
    "说话人",
    "发言人",
    "nick",
];

/// Names for beginnings and ends; those in [`MILLIS`] say their unit.
const STARTS: [&str; 18] = [
    "start_ms",
    "begin_ms",
    "startMs",
    "begin_time",
    "beginTime",
    "begin",
    "bg",
    "start",
    "start_time",
    "from_time",
    "offset",
    "timestamp",
    "time",
    "created_at",
    "send_time",
    "date",
    "开始时间",
    "时间",
];
const ENDS: [&str; 8] = ["end_ms", "endMs", "end_time", "endTime", "end", "ed", "to_time", "结束时间"];
const MILLIS: [&str; 4] = ["start_ms", "begin_ms", "end_ms", "startMs"];

/// Names under which lists of turns stand.
const LISTS: [&str; 36] = [
    "turns",
    "utterances",
    "dialogue",
    "dialog",
    "dialogs",
    "dialogues",
    "messages",
    "conversation",
    "conversations",
    "segments",
    "sentences",
    "transcript",
    "transcripts",
    "transcription",
    "entries",
    "paragraphs",
    "history",
    "records",
    "items",
    "results",
    "result",
    "data",
    "content",
    "contents",
    "payload",
    "lines",
    "chat",
    "log",
    "logs",
    "ResultDetail",
    "body",
    "speech_segments",
    "对话",
    "对话内容",
    "内容",
    "phrases",
];

/// Names of a contact's id.
const IDS: [&str; 18] = [
    "contact_id",
    "call_id",
    "conversation_id",
    "session_id",
    "dialogue_id",
    "dialog_id",
    "ticket_id",
    "record_id",
    "task_id",
    "uuid",
    "uniqueid",
    "cid",
    "tid",
    "id",
    "编号",
    "流水号",
    "通话流水号",
    "会话id",
];

impl FileForm for AnyTurns {
    fn name(&self) -> &'static str {
        "turns"
    }

    fn example(&self) -> &'static str {
        r#"{"call_id":"c-1","turns":[{"speaker":"坐席","text":"您好，请问什么事？","start_ms":0},{"speaker":"客户","text":"我家宽带又断了。","start_ms":2600}]}"#
    }

    fn recognises(&self, document: &Document<'_>) -> bool {
        matches!(document, Document::Json(value) if is_turn(value) || in_one_text(value).is_some() || find(value, 0).is_some())
    }

    fn contacts(&self, document: &Document<'_>) -> ToldContacts {
        let Document::Json(value) = document else { return Ok(Vec::new()) };
        let id = id(value);
        let started_at = any(value, &["started_at", "start_time", "call_time", "begin_time", "created_at"])
            .and_then(moment);
        if let Some(turns) = in_one_text(value) {
            return Ok(vec![ToldContact { id, started_at, turns, ..ToldContact::default() }]);
        }
        if is_turn(value) {
            let told = ToldContact {
                id: any(value, IDS.get(..16).unwrap_or_default()).and_then(word),
                turns: vec![turn(value)],
                in_pieces: true,
                ..ToldContact::default()
            };
            return Ok(vec![told]);
        }
        Ok(vec![ToldContact {
            id,
            started_at,
            turns: of(value).unwrap_or_default(),
            ..ToldContact::default()
        }])
    }
}

/// A call whose words stand in one text, «客服：…» and «客户：…» one below the other.
fn in_one_text(value: &Value) -> Option<Vec<ToldTurn>> {
    let texts = WORDS.iter().chain(&LISTS).filter_map(|name| field(value, name)?.as_str());
    texts.filter(|text| dialogue::is_one(text)).find_map(dialogue::split)
}

fn moment(value: &Value) -> Option<crate::domain::UtcMillis> {
    match When::unitless(value) {
        Some(When::Moment(at)) => Some(at),
        _ => None,
    }
}

fn id(value: &Value) -> Option<String> {
    any(value, &IDS).and_then(word)
}

/// The turns of the list that is found in `value`.
pub(super) fn of(value: &Value) -> Option<Vec<ToldTurn>> {
    find(value, 0).map(|turns| turns.iter().map(turn).collect())
}

/// How deep lists are looked for.
const DEPTH: usize = 3;

fn find(value: &Value, depth: usize) -> Option<&[Value]> {
    if value.is_array() {
        let turns = items(value);
        // Some turns have no words, as where somebody coughs; the first one may.
        return (!turns.is_empty()
            && turns.iter().take(3).any(is_turn)
            && turns.iter().all(Value::is_object))
        .then_some(turns);
    }
    if depth == DEPTH || !value.is_object() {
        return None;
    }
    LISTS.iter().filter_map(|name| field(value, name)).find_map(|inner| find(inner, depth + 1))
}

/// Whether a value is one turn: words, and a voice or a time.
pub(in super::super) fn is_turn(value: &Value) -> bool {
    let worded = any(value, &WORDS).is_some_and(Value::is_string);
    let voiced = voice(value).is_some();
    let timed = any(value, &STARTS).is_some_and(|at| !at.is_array()) && any(value, &ENDS).is_some();
    worded && (voiced || timed) && in_one_text(value).is_none()
}

/// Who speaks: a word or a number, or an object with a role or a name.
fn voice(value: &Value) -> Option<String> {
    VOICES
        .iter()
        .filter_map(|name| field(value, name))
        .find_map(|voice| word(voice).or_else(|| any(voice, &["role", "type", "name", "id"]).and_then(word)))
}

fn turn(value: &Value) -> ToldTurn {
    let when = |names: &[&str]| {
        names.iter().find_map(|name| {
            let value = field(value, name)?;
            if MILLIS.contains(name) { When::millis(value) } else { When::unitless(value) }
        })
    };
    let label = voice(value);
    ToldTurn {
        speaker: label.as_deref().and_then(roles::label),
        label,
        text: any(value, &WORDS).and_then(word).unwrap_or_default(),
        start: when(&STARTS).or_else(|| at(value, "timestamps.from").and_then(When::written)),
        end: when(&ENDS),
    }
}
