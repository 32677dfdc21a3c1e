//! FunASR: `sentence_info` with milliseconds and `spk`, `stamp_sents` of its server, or text alone.

use serde_json::Value;

use super::super::told::{Document, FileForm, ToldContact, ToldContacts, ToldTurn, When};
use super::super::values::{any, has_list, items, list, text, word};

pub(super) struct FunAsr;

impl FileForm for FunAsr {
    fn name(&self) -> &'static str {
        "funasr"
    }

    fn example(&self) -> &'static str {
        r#"[{"key":"call-1","text":"您好。我家宽带又断了。","sentence_info":[{"text":"您好。","start":0,"end":900,"spk":0},{"text":"我家宽带又断了。","start":1200,"end":3000,"spk":1}]}]"#
    }

    fn recognises(&self, document: &Document<'_>) -> bool {
        let Document::Json(value) = document else { return false };
        let one = |value: &Value| {
            has_list(value, "sentence_info")
                || has_list(value, "stamp_sents")
                || (value.get("key").is_some_and(Value::is_string)
                    && value.get("text").is_some_and(Value::is_string)
                    && value
                        .as_object()
                        .is_some_and(|fields| fields.len() <= 6 && !fields.contains_key("role")))
        };
        one(value) || items(value).first().is_some_and(one)
    }

    fn contacts(&self, document: &Document<'_>) -> ToldContacts {
        let Document::Json(value) = document else { return Ok(Vec::new()) };
        let many = items(value);
        Ok(if many.is_empty() { vec![contact(value)] } else { many.iter().map(contact).collect() })
    }
}

fn contact(value: &Value) -> ToldContact {
    let sentences = any(value, &["sentence_info", "stamp_sents"]).map(items).unwrap_or_default();
    let turns = if sentences.is_empty() {
        vec![ToldTurn { text: text(value, "text").unwrap_or_default(), ..ToldTurn::default() }]
    } else {
        sentences.iter().map(sentence).collect()
    };
    let id = any(value, &["key", "wav_name"]).and_then(word);
    ToldContact { id, turns, ..ToldContact::default() }
}

fn sentence(sentence: &Value) -> ToldTurn {
    let words = any(sentence, &["text", "sentence", "text_seg"]).and_then(word).unwrap_or_default();
    let mark = text(sentence, "punc").filter(|_| sentence.get("text_seg").is_some()).unwrap_or_default();
    ToldTurn {
        label: any(sentence, &["spk", "speaker"]).and_then(word),
        speaker: None,
        text: words + &mark,
        start: sentence.get("start").and_then(When::millis),
        end: sentence.get("end").and_then(When::millis),
    }
}

/// DashScope's recogniser of files: `transcripts` of channels with `sentences`.
pub(super) struct Paraformer;

impl FileForm for Paraformer {
    fn name(&self) -> &'static str {
        "paraformer"
    }

    fn example(&self) -> &'static str {
        r#"{"file_url":"https://example.com/a.wav","transcripts":[{"channel_id":0,"text":"您好。","sentences":[{"begin_time":0,"end_time":900,"text":"您好。","speaker_id":0},{"begin_time":1200,"end_time":3000,"text":"我家宽带又断了。","speaker_id":1}]}]}"#
    }

    fn recognises(&self, document: &Document<'_>) -> bool {
        let Document::Json(value) = document else { return false };
        list(value, "transcripts").iter().any(|one| has_list(one, "sentences"))
    }

    fn contacts(&self, document: &Document<'_>) -> ToldContacts {
        let Document::Json(value) = document else { return Ok(Vec::new()) };
        let channels = list(value, "transcripts");
        let mut turns = Vec::new();
        for channel in channels {
            // Two channels are two sides; in one, voices are told apart.
            let of_channel = text(channel, "channel_id").filter(|_| channels.len() > 1);
            for sentence in list(channel, "sentences") {
                let label = of_channel.clone().or_else(|| text(sentence, "speaker_id"));
                turns.push(ToldTurn {
                    label,
                    speaker: None,
                    text: text(sentence, "text").unwrap_or_default(),
                    start: sentence.get("begin_time").and_then(When::millis),
                    end: sentence.get("end_time").and_then(When::millis),
                });
            }
        }
        super::super::told::by_start(&mut turns);
        Ok(vec![ToldContact { id: text(value, "task_id"), turns, ..ToldContact::default() }])
    }
}
