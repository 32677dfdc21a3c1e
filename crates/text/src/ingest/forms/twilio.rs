//! Twilio: `sentences` of a transcript by channel, and messages of a conversation by author.

use serde_json::Value;

use super::super::roles;
use super::super::told::{Document, FileForm, ToldContact, ToldContacts, ToldTurn, When};
use super::super::values::{any, at, field, items, list, text, word};
use crate::domain::{Channel, Speaker};

pub(super) struct Twilio;

impl FileForm for Twilio {
    fn name(&self) -> &'static str {
        "twilio"
    }

    fn example(&self) -> &'static str {
        r#"{"channel":{"participants":[{"channel_participant":1,"role":"Agent"},{"channel_participant":2,"role":"Customer"}]},"sentences":[{"media_channel":1,"sentence_index":0,"start_time":"0.0","end_time":"2.3","transcript":"您好，请问什么事？"},{"media_channel":2,"sentence_index":1,"start_time":"2.6","end_time":"5.1","transcript":"我家宽带又断了。"}]}"#
    }

    fn recognises(&self, document: &Document<'_>) -> bool {
        let Document::Json(value) = document else { return false };
        list(value, "sentences").first().is_some_and(|one| one.get("media_channel").is_some())
            || messages(value).first().is_some_and(|one| {
                one.get("author").is_some_and(Value::is_string) && one.get("body").is_some()
            })
    }

    fn contacts(&self, document: &Document<'_>) -> ToldContacts {
        let Document::Json(value) = document else { return Ok(Vec::new()) };
        let sentences = list(value, "sentences");
        if sentences.is_empty() {
            return Ok(vec![conversation(value)]);
        }
        let roles: Vec<(String, Speaker)> =
            ["channel.participants", "participants", "transcript.channel.participants"]
                .iter()
                .filter_map(|path| at(value, path))
                .flat_map(items)
                .filter_map(|one| {
                    let channel = any(one, &["channel_participant", "media_channel"]).and_then(word)?;
                    Some((channel, roles::label(&text(one, "role")?)?))
                })
                .collect();
        let id = any(value, &["transcript_sid", "sid"]).or_else(|| sentences.first()?.get("transcript_sid"));
        let turns = sentences.iter().map(|one| sentence(one, &roles)).collect();
        Ok(vec![ToldContact { id: id.and_then(word), turns, ..ToldContact::default() }])
    }
}

fn sentence(one: &Value, roles: &[(String, Speaker)]) -> ToldTurn {
    let label = text(one, "media_channel");
    ToldTurn {
        speaker: roles.iter().find(|(channel, _)| Some(channel) == label.as_ref()).map(|(_, who)| *who),
        label,
        text: text(one, "transcript").unwrap_or_default(),
        start: one.get("start_time").and_then(When::seconds),
        end: one.get("end_time").and_then(When::seconds),
    }
}

fn messages(value: &Value) -> &[Value] {
    if value.is_array() { items(value) } else { list(value, "messages") }
}

fn conversation(value: &Value) -> ToldContact {
    let found = messages(value);
    // The participants, where the export holds them, say who an author is.
    let roles: Vec<(String, Speaker)> = list(value, "participants")
        .iter()
        .filter_map(|one| {
            let who = text(one, "role").or_else(|| at(one, "attributes.role").and_then(word));
            Some((any(one, &["sid", "identity"]).and_then(word)?, roles::label(&who?)?))
        })
        .collect();
    let turns = found
        .iter()
        .map(|one| {
            let (author, sid) = (text(one, "author"), text(one, "participant_sid"));
            let known = roles.iter().find(|(id, _)| Some(id) == author.as_ref() || Some(id) == sid.as_ref());
            ToldTurn {
                speaker: known.map(|(_, who)| *who),
                label: author,
                text: text(one, "body").unwrap_or_default(),
                start: any(one, &["date_created", "date_sent"]).and_then(When::written),
                end: None,
            }
        })
        .collect();
    let id = field(value, "conversation_sid").or_else(|| found.first()?.get("conversation_sid"));
    ToldContact { id: id.and_then(word), channel: Some(Channel::Chat), turns, ..ToldContact::default() }
}
