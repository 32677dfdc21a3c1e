//! 讯飞: a list of `onebest` with a speaker's number, or the lattice of `orderResult`.

use serde_json::Value;

use super::super::told::{Document, FileForm, ToldContact, ToldContacts, ToldTurn, When};
use super::super::values::{any, at, items, list, text, unwrapped};

pub(super) struct Xfyun;

impl FileForm for Xfyun {
    fn name(&self) -> &'static str {
        "xfyun"
    }

    fn example(&self) -> &'static str {
        r#"[{"bg":"0","ed":"900","onebest":"您好。","speaker":"1"},{"bg":"1200","ed":"3000","onebest":"我家宽带又断了。","speaker":"2"}]"#
    }

    fn recognises(&self, document: &Document<'_>) -> bool {
        matches!(document, Document::Json(value) if !turns(value).is_empty())
    }

    fn contacts(&self, document: &Document<'_>) -> ToldContacts {
        let Document::Json(value) = document else { return Ok(Vec::new()) };
        let id = any(value, &["task_id", "taskId", "orderId"]).and_then(super::super::values::word);
        let id = id.or_else(|| at(value, "content.orderInfo.orderId").and_then(super::super::values::word));
        Ok(vec![ToldContact { id, turns: turns(value), ..ToldContact::default() }])
    }
}

fn turns(value: &Value) -> Vec<ToldTurn> {
    let inner = any(value, &["data", "orderResult"]).or_else(|| at(value, "content.orderResult"));
    let parsed = inner.and_then(unwrapped);
    let value = parsed.as_ref().or(inner).unwrap_or(value);
    if items(value).first().is_some_and(|first| first.get("onebest").is_some()) {
        return items(value).iter().map(best).collect();
    }
    list(value, "lattice").iter().filter_map(lattice).collect()
}

fn best(part: &Value) -> ToldTurn {
    ToldTurn {
        label: text(part, "speaker").filter(|speaker| speaker != "0"),
        speaker: None,
        text: text(part, "onebest").unwrap_or_default(),
        start: part.get("bg").and_then(When::millis),
        end: part.get("ed").and_then(When::millis),
    }
}

/// One sentence: its words are the best of each place.
fn lattice(part: &Value) -> Option<ToldTurn> {
    let best = part.get("json_1best")?;
    let parsed = unwrapped(best);
    let sentence = at(parsed.as_ref().unwrap_or(best), "st")?;
    let words =
        list(sentence, "rt").iter().flat_map(|rt| list(rt, "ws")).filter_map(|ws| at(ws, "cw.0.w")?.as_str());
    Some(ToldTurn {
        label: text(sentence, "rl").filter(|role| role != "0"),
        speaker: None,
        text: words.collect(),
        start: at(sentence, "bg").and_then(When::millis),
        end: at(sentence, "ed").and_then(When::millis),
    })
}
