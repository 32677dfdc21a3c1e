//! Lists of messages as language models take them: `{"messages":[{"role":"user","content":"…"}]}`, and ShareGPT's
//! `{"conversations":[{"from":"human","value":"…"}]}`.

use serde_json::Value;

use super::super::told::{Document, FileForm, ToldContact, ToldContacts, ToldTurn, When};
use super::super::values::{any, field, items, list, text};
use crate::domain::{Channel, Speaker};

pub(super) struct Messages;

/// Every role of such a list.
const ROLES: [(&str, Speaker); 10] = [
    ("user", Speaker::Customer),
    ("human", Speaker::Customer),
    ("assistant", Speaker::Agent),
    ("gpt", Speaker::Agent),
    ("model", Speaker::Agent),
    ("system", Speaker::System),
    ("developer", Speaker::System),
    ("tool", Speaker::System),
    ("function", Speaker::System),
    ("observation", Speaker::System),
];

impl FileForm for Messages {
    fn name(&self) -> &'static str {
        "openai-messages"
    }

    fn example(&self) -> &'static str {
        r#"{"messages":[{"role":"assistant","content":"您好，请问什么事？"},{"role":"user","content":"我家宽带又断了。"}]}"#
    }

    fn recognises(&self, document: &Document<'_>) -> bool {
        let Document::Json(value) = document else { return false };
        let messages = found(value);
        !messages.is_empty() && messages.iter().all(|message| role(message).is_some())
    }

    fn contacts(&self, document: &Document<'_>) -> ToldContacts {
        let Document::Json(value) = document else { return Ok(Vec::new()) };
        let turns = found(value).iter().map(turn).collect();
        let id = any(value, &["conversation_id", "session_id", "id", "custom_id"]);
        Ok(vec![ToldContact {
            id: id.and_then(super::super::values::word),
            channel: Some(Channel::Chat),
            turns,
            ..ToldContact::default()
        }])
    }
}

fn found(value: &Value) -> &[Value] {
    if value.is_array() {
        return items(value);
    }
    let messages = list(value, "messages");
    if messages.is_empty() { list(value, "conversations") } else { messages }
}

/// The role of a message; its words stand in `content` or `value`, as text or in parts.
fn role(message: &Value) -> Option<Speaker> {
    let role = message.get("role").or_else(|| message.get("from"))?.as_str()?.trim().to_lowercase();
    let worded =
        ["content", "value", "tool_calls", "function_call"].iter().any(|name| message.get(name).is_some());
    ROLES.iter().find(|(name, _)| *name == role && worded).map(|(_, speaker)| *speaker)
}

/// Whether a value is one message.
pub(in super::super) fn is_message(value: &Value) -> bool {
    role(value).is_some()
}

fn turn(message: &Value) -> ToldTurn {
    let words = any(message, &["content", "value"]).map(content).unwrap_or_default();
    ToldTurn {
        label: text(message, "role").or_else(|| text(message, "from")),
        speaker: role(message),
        text: words,
        start: any(message, &["timestamp", "created_at", "create_time"]).and_then(When::unitless),
        end: None,
    }
}

/// `"好"`, or parts of which some are text.
fn content(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(parts) => {
            let texts = parts.iter().filter_map(|part| match part {
                Value::String(text) => Some(text.clone()),
                _ => field(part, "text").and_then(Value::as_str).map(str::to_owned),
            });
            texts.collect::<Vec<_>>().join("\n")
        }
        _ => String::new(),
    }
}
