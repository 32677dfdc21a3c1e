//! NeMo: manifests with a segment a line, and the JSON of its recogniser that tells speakers apart.

use serde_json::Value;

use super::super::told::{Document, FileForm, ToldContact, ToldContacts, ToldTurn, When};
use super::super::values::{any, has_list, list, number_of, text, word};

pub(super) struct Nemo;

impl FileForm for Nemo {
    fn name(&self) -> &'static str {
        "nemo"
    }

    fn example(&self) -> &'static str {
        "{\"audio_filepath\":\"calls/call-1.wav\",\"offset\":0.0,\"duration\":2.3,\"label\":\"agent\",\"text\":\"您好，请问什么事？\"}\n{\"audio_filepath\":\"calls/call-1.wav\",\"offset\":2.6,\"duration\":2.5,\"label\":\"customer\",\"text\":\"我家宽带又断了。\"}\n"
    }

    fn recognises(&self, document: &Document<'_>) -> bool {
        let Document::Json(value) = document else { return false };
        (text(value, "audio_filepath").is_some() && worded(value).is_some())
            || (value.get("session_id").is_some() && has_list(value, "words"))
    }

    fn contacts(&self, document: &Document<'_>) -> ToldContacts {
        let Document::Json(value) = document else { return Ok(Vec::new()) };
        if has_list(value, "words") && value.get("session_id").is_some() {
            return Ok(vec![session(value)]);
        }
        let start = number_of(value, "offset").unwrap_or_default();
        let end = number_of(value, "duration").map(|length| start + length);
        let label = any(value, &["speaker", "label", "speaker_id", "speaker_label"]).and_then(word);
        let turn = ToldTurn {
            label: label.filter(|label| label != "infer"),
            speaker: None,
            text: worded(value).unwrap_or_default(),
            start: Some(When::Millis(start * 1000.0)),
            end: end.map(|end| When::Millis(end * 1000.0)),
        };
        let path = text(value, "audio_filepath").unwrap_or_default();
        let file = path.rsplit(['/', '\\']).next().unwrap_or_default();
        let id = file.rsplit_once('.').map_or(file, |(stem, _)| stem).to_owned();
        Ok(vec![ToldContact { id: Some(id), turns: vec![turn], in_pieces: true, ..ToldContact::default() }])
    }
}

fn worded(value: &Value) -> Option<String> {
    any(value, &["text", "pred_text"]).and_then(word)
}

/// Sentences where there are some, else words of one voice in a row.
fn session(value: &Value) -> ToldContact {
    let mut turns: Vec<ToldTurn> = Vec::new();
    let sentences = list(value, "sentences");
    for part in if sentences.is_empty() { list(value, "words") } else { sentences } {
        let label = any(part, &["speaker_label", "speaker"]).and_then(word);
        let words = any(part, &["text", "sentence", "word"]).and_then(word).unwrap_or_default();
        let end = any(part, &["end_time", "end"]).and_then(When::seconds);
        match turns.last_mut() {
            Some(last) if sentences.is_empty() && last.label == label => {
                if last.text.ends_with(|c: char| c.is_ascii_alphanumeric()) {
                    last.text.push(' ');
                }
                last.text.push_str(&words);
                last.end = end;
            }
            _ => {
                let start = any(part, &["start_time", "start"]).and_then(When::seconds);
                turns.push(ToldTurn { label, speaker: None, text: words, start, end });
            }
        }
    }
    ToldContact { id: text(value, "session_id"), turns, ..ToldContact::default() }
}
