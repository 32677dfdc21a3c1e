//! 通义听悟: paragraphs of words with a speaker's number.

use serde_json::Value;

use super::super::told::{Document, FileForm, ToldContact, ToldContacts, ToldTurn, When};
use super::super::values::{at, has_list, list, text};

pub(super) struct Tingwu;

/// Where the paragraphs stand: in the file of a task, in its transcription, or wrapped in `Data`.
const PLACES: [&str; 4] = ["", "Transcription", "Data.Transcription", "Data"];

impl FileForm for Tingwu {
    fn name(&self) -> &'static str {
        "tingwu"
    }

    fn example(&self) -> &'static str {
        r#"{"TaskId":"t-1","Transcription":{"Paragraphs":[{"ParagraphId":"p1","SpeakerId":"1","Words":[{"Id":10,"SentenceId":1,"Start":0,"End":900,"Text":"您好，"}]},{"ParagraphId":"p2","SpeakerId":"2","Words":[{"Id":20,"SentenceId":2,"Start":1200,"End":3000,"Text":"我家宽带又断了。"}]}]}}"#
    }

    fn recognises(&self, document: &Document<'_>) -> bool {
        matches!(document, Document::Json(value) if place(value).is_some())
    }

    fn contacts(&self, document: &Document<'_>) -> ToldContacts {
        let Document::Json(value) = document else { return Ok(Vec::new()) };
        let turns =
            place(value).map(|found| list(found, "Paragraphs")).unwrap_or_default().iter().map(paragraph);
        let id =
            text(value, "TaskId").or_else(|| at(value, "Data.TaskId").and_then(super::super::values::word));
        Ok(vec![ToldContact { id, turns: turns.collect(), ..ToldContact::default() }])
    }
}

fn place(value: &Value) -> Option<&Value> {
    let found = PLACES.iter().filter_map(|path| if path.is_empty() { Some(value) } else { at(value, path) });
    found.into_iter().find(|found| has_list(found, "Paragraphs"))
}

fn paragraph(paragraph: &Value) -> ToldTurn {
    let words = list(paragraph, "Words");
    let joined: String =
        words.iter().filter_map(|word| word.get("Text").or_else(|| word.get("text"))?.as_str()).collect();
    let time = |word: Option<&Value>, name: &str| {
        word.and_then(|word| super::super::values::field(word, name)).and_then(When::millis)
    };
    ToldTurn {
        label: text(paragraph, "SpeakerId"),
        speaker: None,
        text: joined,
        start: time(words.first(), "Start"),
        end: time(words.last(), "End"),
    }
}
