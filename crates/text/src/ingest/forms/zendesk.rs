//! Zendesk: comments of a ticket with their users, messages of a conversation, the history of a chat.

use serde_json::Value;

use super::super::roles;
use super::super::told::{Document, FileForm, ToldContact, ToldContacts, ToldTurn, When};
use super::super::values::{any, at, field, has_list, items, list, text, without_tags, word};
use crate::domain::{Channel, Speaker};

pub(super) struct Zendesk;

impl FileForm for Zendesk {
    fn name(&self) -> &'static str {
        "zendesk"
    }

    fn example(&self) -> &'static str {
        r#"{"ticket":{"id":35436},"comments":[{"id":1,"author_id":7,"body":"我家宽带又断了。","public":true,"created_at":"2026-11-01T00:00:00Z"},{"id":2,"author_id":8,"body":"马上为您处理。","public":true,"created_at":"2026-11-01T00:01:00Z"}],"users":[{"id":7,"role":"end-user"},{"id":8,"role":"agent"}]}"#
    }

    fn recognises(&self, document: &Document<'_>) -> bool {
        let Document::Json(value) = document else { return false };
        let comment = |one: &Value| {
            one.get("author_id").is_some() && any(one, &["body", "plain_body", "html_body"]).is_some()
        };
        comments(value).first().is_some_and(comment)
            || list(value, "history").iter().any(|one| one.get("msg").is_some())
            || has_chats(value)
            || list(value, "messages").first().is_some_and(|one| at(one, "author.type").is_some())
    }

    fn contacts(&self, document: &Document<'_>) -> ToldContacts {
        let Document::Json(value) = document else { return Ok(Vec::new()) };
        Ok(if has_chats(value) {
            list(value, "chats").iter().map(chat).collect()
        } else if has_list(value, "history") {
            vec![chat(value)]
        } else if comments(value).is_empty() {
            vec![conversation(value)]
        } else {
            vec![ticket(value)]
        })
    }
}

fn has_chats(value: &Value) -> bool {
    list(value, "chats").first().is_some_and(|chat| has_list(chat, "history"))
}

fn comments(value: &Value) -> &[Value] {
    let direct = list(value, "comments");
    let inside = at(value, "ticket.comments").map(items).unwrap_or_default();
    if direct.is_empty() { inside } else { direct }
}

/// Whoever opened the ticket is the customer; the users say what the others are.
fn ticket(value: &Value) -> ToldContact {
    let ticket = field(value, "ticket").unwrap_or(value);
    let requester = text(ticket, "requester_id");
    let mut known: Vec<(String, Speaker)> = list(value, "users")
        .iter()
        .filter_map(|user| Some((text(user, "id")?, roles::label(&text(user, "role")?)?)))
        .collect();
    known.extend(requester.map(|id| (id, Speaker::Customer)));
    known.extend(text(ticket, "assignee_id").map(|id| (id, Speaker::Agent)));
    let (mut told, mut private) = (ToldContact::default(), 0);
    for comment in comments(value) {
        if comment.get("public").and_then(Value::as_bool) == Some(false) {
            private += 1;
            continue;
        }
        let author = text(comment, "author_id");
        let html = || text(comment, "html_body").map(|body| without_tags(&body));
        told.turns.push(ToldTurn {
            speaker: known.iter().find(|(id, _)| Some(id) == author.as_ref()).map(|(_, who)| *who),
            label: author.map(|id| format!("author {id}")),
            text: any(comment, &["plain_body", "body"]).and_then(word).or_else(html).unwrap_or_default(),
            start: comment.get("created_at").and_then(When::written),
            end: None,
        });
    }
    if private > 0 {
        told.left_out.push("comments that are not public are notes among staff and not taken".to_owned());
    }
    told.id = any(ticket, &["id", "ticket_id"]).and_then(word);
    told.channel = Some(Channel::Chat);
    told.staff = text(ticket, "assignee_id");
    told
}

fn chat(value: &Value) -> ToldContact {
    let said = list(value, "history").iter().filter(|one| one.get("msg").is_some());
    let turns = said.map(|one| {
        let kind = text(one, "sender_type");
        let nick = text(one, "nick").unwrap_or_default();
        let by_nick = match nick.split(':').next() {
            Some("visitor") => Some(Speaker::Customer),
            Some("agent") => Some(Speaker::Agent),
            Some("trigger" | "system") => Some(Speaker::System),
            _ => None,
        };
        ToldTurn {
            speaker: kind.as_deref().and_then(roles::label).or(by_nick),
            label: kind.or_else(|| text(one, "name")),
            text: text(one, "msg").unwrap_or_default(),
            start: one.get("timestamp").and_then(When::unitless),
            end: None,
        }
    });
    ToldContact {
        id: text(value, "id"),
        channel: Some(Channel::Chat),
        turns: turns.collect(),
        ..ToldContact::default()
    }
}

/// Messages of Sunshine Conversations.
fn conversation(value: &Value) -> ToldContact {
    let turns = list(value, "messages").iter().map(|one| {
        let label = at(one, "author.type").and_then(word);
        ToldTurn {
            speaker: match label.as_deref() {
                Some("user") => Some(Speaker::Customer),
                Some("business") => Some(Speaker::Agent),
                _ => None,
            },
            label,
            text: at(one, "content.text").and_then(word).unwrap_or_default(),
            start: field(one, "received").and_then(When::written),
            end: None,
        }
    });
    let id = at(value, "conversation.id").or_else(|| field(value, "conversationId")).and_then(word);
    ToldContact { id, channel: Some(Channel::Chat), turns: turns.collect(), ..ToldContact::default() }
}
