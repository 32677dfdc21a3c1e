//! 阿里云智能对话分析: `tickets` as they are uploaded, `asrResult` as they come back.

use serde_json::Value;

use super::super::code;
use super::super::columns;
use super::super::told::{Document, FileForm, ToldContact, ToldContacts, ToldTurn, When};
use super::super::values::{any, at, field, has_list, items, list, text, unwrapped, word};
use crate::domain::Refusal;

pub(super) struct Aliyun;

impl FileForm for Aliyun {
    fn name(&self) -> &'static str {
        "aliyun-sca"
    }

    fn example(&self) -> &'static str {
        r#"{"tickets":[{"tid":"t-1","dialogue":[{"role":"客服","identity":"A1001","words":"您好，请问什么事？","begin":0,"end":2300},{"role":"客户","words":"我家宽带又断了。","begin":2600,"end":5100}]}]}"#
    }

    fn recognises(&self, document: &Document<'_>) -> bool {
        let Document::Json(value) = document else { return false };
        has_list(value, "tickets")
            || has_list(value, "callList")
            || is_dialogue(value)
            || !results(value).is_empty()
    }

    fn contacts(&self, document: &Document<'_>) -> ToldContacts {
        let Document::Json(value) = document else { return Ok(Vec::new()) };
        if has_list(value, "tickets") {
            return Ok(list(value, "tickets").iter().map(ticket).collect());
        }
        if is_dialogue(value) {
            return Ok(vec![ticket(value)]);
        }
        if has_list(value, "callList") {
            let message =
                "an upload of recordings (`callList`) without their words; give the result of the analysis";
            return Err(Refusal::new(code::UNSUPPORTED_FORMAT, message));
        }
        Ok(results(value).into_iter().map(|found| result(&found)).collect())
    }
}

fn is_dialogue(value: &Value) -> bool {
    list(value, "dialogue").first().is_some_and(|turn| turn.get("words").is_some())
}

fn ticket(ticket: &Value) -> ToldContact {
    let turns: Vec<ToldTurn> = list(ticket, "dialogue").iter().map(turn).collect();
    let first = list(ticket, "dialogue").first();
    let began = any(ticket, &["callTime", "beginTime", "startTime"])
        .or_else(|| first.and_then(|turn| turn.get("beginTime")));
    ToldContact {
        id: any(ticket, &["tid", "callId", "id"]).and_then(word),
        started_at: began.and_then(word).as_deref().and_then(columns::moment),
        staff: any(ticket, &["customerServiceId", "agentId"]).and_then(word),
        team: text(ticket, "skillGroupName"),
        customer: text(ticket, "customerId"),
        turns,
        ..ToldContact::default()
    }
}

fn turn(turn: &Value) -> ToldTurn {
    ToldTurn {
        label: text(turn, "role").or_else(|| text(turn, "identity")),
        speaker: None,
        text: text(turn, "words").unwrap_or_default(),
        start: field(turn, "begin").and_then(When::millis),
        end: field(turn, "end").and_then(When::millis),
    }
}

/// The results in an answer: alone, in a list, or inside `data` and `resultInfo`, in lower or upper case, as JSON or as text.
fn results(value: &Value) -> Vec<Value> {
    if !heard(value).is_empty() {
        return vec![value.clone()];
    }
    let inner = [
        "data",
        "Data.ResultInfo",
        "resultInfo",
        "resultInfo.resultInfo",
        "data.resultInfo",
        "data.resultInfo.resultInfo",
    ];
    for place in inner {
        let Some(found) = at(value, place) else { continue };
        let parsed = unwrapped(found);
        let found = parsed.as_ref().unwrap_or(found);
        let many = if found.is_array() { items(found).to_vec() } else { vec![found.clone()] };
        let many: Vec<Value> = many.into_iter().filter(|one| !heard(one).is_empty()).collect();
        if !many.is_empty() {
            return many;
        }
    }
    Vec::new()
}

fn heard(value: &Value) -> &[Value] {
    let Some(found) = field(value, "asrResult") else { return &[] };
    if found.is_array() { items(found) } else { list(found, "asrResult") }
}

fn result(value: &Value) -> ToldContact {
    let recording = field(value, "recording").unwrap_or(value);
    let agent = field(value, "agent").unwrap_or(&Value::Null);
    let began = any(recording, &["callTime", "startTime"]);
    ToldContact {
        id: any(recording, &["callId", "id", "name"])
            .or_else(|| any(value, &["tid", "callId", "taskId"]))
            .and_then(word),
        started_at: began.and_then(|began| match When::unitless(began) {
            Some(When::Moment(at)) => Some(at),
            _ => None,
        }),
        staff: text(agent, "id"),
        team: text(agent, "skillGroup"),
        // `caller` and `callee` are not taken: which of them is the customer depends on who dialled.
        turns: heard(value).iter().map(turn).collect(),
        ..ToldContact::default()
    }
}
