//! 华为云: turns with `role`, `content`, `beginTime`, `endTime` and the call's id in each of them.

use serde_json::Value;

use super::super::told::{Document, FileForm, ToldContact, ToldContacts, ToldTurn, When};
use super::super::values::{any, at, field, items, text, word};

pub(super) struct Huawei;

/// Where the turns stand.
const PLACES: [&str; 9] =
    ["", "dialog", "dialogs", "content", "contents", "data", "segments", "result", "result.segments"];

impl FileForm for Huawei {
    fn name(&self) -> &'static str {
        "huawei-cloud"
    }

    fn example(&self) -> &'static str {
        r#"[{"callId":"c-1","role":"staff","content":"您好，请问什么事？","beginTime":0,"endTime":2300,"language":"zh"},{"callId":"c-1","role":"customer","content":"我家宽带又断了。","beginTime":2600,"endTime":5100,"language":"zh"}]"#
    }

    fn recognises(&self, document: &Document<'_>) -> bool {
        let Document::Json(value) = document else { return false };
        turns(value).is_some() || is_turn(value)
    }

    fn contacts(&self, document: &Document<'_>) -> ToldContacts {
        let Document::Json(value) = document else { return Ok(Vec::new()) };
        if is_turn(value) {
            let id = call(value);
            return Ok(vec![ToldContact {
                id,
                turns: vec![turn(value)],
                in_pieces: true,
                ..ToldContact::default()
            }]);
        }
        let of_all = call(value);
        let mut found: Vec<ToldContact> = Vec::new();
        for one in turns(value).unwrap_or_default() {
            let id = call(one).or_else(|| of_all.clone());
            match found.iter_mut().find(|told| told.id == id) {
                Some(told) => told.turns.push(turn(one)),
                None => found.push(ToldContact { id, turns: vec![turn(one)], ..ToldContact::default() }),
            }
        }
        Ok(found)
    }
}

fn turns(value: &Value) -> Option<&[Value]> {
    let lists = PLACES.iter().filter_map(|path| if path.is_empty() { Some(value) } else { at(value, path) });
    lists.map(items).find(|turns| turns.first().is_some_and(is_turn))
}

fn is_turn(value: &Value) -> bool {
    value.get("role").is_some()
        && value.get("content").is_some_and(Value::is_string)
        && field(value, "beginTime").is_some()
}

fn call(value: &Value) -> Option<String> {
    any(value, &["callId", "call_id", "sessionId"]).and_then(word)
}

fn turn(value: &Value) -> ToldTurn {
    ToldTurn {
        label: text(value, "role"),
        speaker: None,
        text: text(value, "content").unwrap_or_default(),
        start: field(value, "beginTime").and_then(When::unitless),
        end: field(value, "endTime").and_then(When::unitless),
    }
}
