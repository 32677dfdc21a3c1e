//! Chatwoot: messages of a conversation with `message_type` 0 incoming, 1 outgoing, 2 activity, 3 template.

use serde_json::Value;

use super::super::told::{Document, FileForm, ToldContact, ToldContacts, ToldTurn, When};
use super::super::values::{any, at, items, list, text, word};
use crate::domain::{Channel, Speaker};

pub(super) struct Chatwoot;

impl FileForm for Chatwoot {
    fn name(&self) -> &'static str {
        "chatwoot"
    }

    fn example(&self) -> &'static str {
        r#"{"payload":[{"id":1,"content":"我家宽带又断了。","message_type":0,"created_at":1793491200,"private":false,"conversation_id":12,"sender":{"type":"contact"}},{"id":2,"content":"马上为您处理。","message_type":1,"created_at":1793491260,"private":false,"conversation_id":12,"sender":{"type":"user"}}]}"#
    }

    fn recognises(&self, document: &Document<'_>) -> bool {
        let Document::Json(value) = document else { return false };
        messages(value)
            .first()
            .is_some_and(|one| one.get("message_type").is_some() && one.get("content").is_some())
    }

    fn contacts(&self, document: &Document<'_>) -> ToldContacts {
        let Document::Json(value) = document else { return Ok(Vec::new()) };
        let found = messages(value);
        let mut told = ToldContact { channel: Some(Channel::Chat), ..ToldContact::default() };
        for message in found {
            if message.get("private").and_then(Value::as_bool) == Some(true) {
                told.left_out = vec!["private messages are notes among staff and not taken".to_owned()];
            } else {
                told.turns.push(turn(message));
            }
        }
        let id = any(value, &["conversation_id", "display_id", "id"])
            .or_else(|| found.first()?.get("conversation_id"));
        told.id = id.and_then(word);
        Ok(vec![told])
    }
}

fn messages(value: &Value) -> &[Value] {
    if value.is_array() {
        return items(value);
    }
    let places = ["payload", "messages", "data.payload", "conversation.messages"];
    places
        .iter()
        .filter_map(|path| at(value, path))
        .map(items)
        .find(|list| !list.is_empty())
        .unwrap_or_else(|| list(value, "payload"))
}

fn turn(message: &Value) -> ToldTurn {
    let kind = text(message, "message_type");
    let is_bot = at(message, "sender.type").and_then(Value::as_str).is_some_and(|kind| kind == "agent_bot");
    ToldTurn {
        speaker: match kind.as_deref() {
            Some("0" | "incoming") => Some(Speaker::Customer),
            Some("1" | "outgoing") if is_bot => Some(Speaker::System),
            Some("1" | "outgoing") => Some(Speaker::Agent),
            _ => Some(Speaker::System),
        },
        label: kind.map(|kind| format!("message_type {kind}")),
        text: text(message, "content").unwrap_or_default(),
        start: message.get("created_at").and_then(When::unitless),
        end: None,
    }
}
