//! vCon 0.0.1 to 0.4.0: text dialogs, else a transcript among the analyses, with the roles of the parties.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::Value;

use super::super::told::{Document, FileForm, ToldContact, ToldContacts, ToldTurn, When, number};
use super::super::values::{any, at, field, has_list, items, list, text, unwrapped, without_tags, word};
use super::super::{code, columns, roles};
use super::turns;
use crate::domain::{Channel, Refusal, Speaker};

pub(super) struct Vcon;

impl FileForm for Vcon {
    fn name(&self) -> &'static str {
        "vcon"
    }

    fn example(&self) -> &'static str {
        r#"{"vcon":"0.4.0","uuid":"0198e000-0000-7000-8000-000000000001","created_at":"2026-11-01T08:00:00+08:00","extensions":["CC"],"parties":[{"name":"坐席","role":"agent"},{"name":"来电","role":"customer"}],"dialog":[{"type":"text","start":"2026-11-01T08:00:00+08:00","parties":0,"mediatype":"text/plain","encoding":"none","body":"您好，请问什么事？"},{"type":"text","start":"2026-11-01T08:00:05+08:00","parties":1,"mediatype":"text/plain","encoding":"none","body":"我家宽带又断了。"}]}"#
    }

    fn recognises(&self, document: &Document<'_>) -> bool {
        let Document::Json(value) = document else { return false };
        value.get("vcon").is_some_and(Value::is_string)
            || (has_list(value, "parties") && (has_list(value, "dialog") || has_list(value, "analysis")))
            || sealed(value).is_some()
    }

    fn contacts(&self, document: &Document<'_>) -> ToldContacts {
        let Document::Json(value) = document else { return Ok(Vec::new()) };
        if let Some(sentence) = sealed(value) {
            return Err(Refusal::new(code::UNSUPPORTED_FORMAT, sentence));
        }
        let parties = list(value, "parties");
        let (mut turns, is_chat) = written(value, parties);
        if turns.is_empty() {
            turns = transcript(value, parties);
        }
        if turns.is_empty() {
            return Err(nothing(value));
        }
        let of = |who: Speaker| parties.iter().find(|party| role(party) == Some(who));
        let agent = of(Speaker::Agent);
        let began = list(value, "dialog").first().and_then(|dialog| field(dialog, "start"));
        let began = began.or_else(|| field(value, "created_at")).and_then(word);
        Ok(vec![ToldContact {
            id: text(value, "uuid"),
            channel: is_chat.then_some(Channel::Chat),
            started_at: began.as_deref().and_then(columns::moment),
            staff: agent.and_then(|agent| text(agent, "uuid")),
            team: agent.and_then(|agent| text(agent, "dept")),
            customer: of(Speaker::Customer)
                .and_then(|customer| any(customer, &["tel", "uuid", "mailto"]))
                .and_then(word),
            turns,
            ..ToldContact::default()
        }])
    }
}

/// What a signed or an encrypted vCon is, which holds nothing that could be read here.
fn sealed(value: &Value) -> Option<&'static str> {
    if value.get("ciphertext").is_some()
        && (value.get("protected").is_some() || value.get("recipients").is_some())
    {
        return Some("an encrypted vCon (JWE); decrypt it and give the vCon inside");
    }
    (value.get("payload").is_some_and(Value::is_string) && value.get("signatures").is_some()).then_some(
        "a signed vCon (JWS); verify the signature and give the vCon inside, which is its `payload`",
    )
}

/// Why nothing was said.
fn nothing(value: &Value) -> Refusal {
    let dialogs = list(value, "dialog");
    let kinds: Vec<String> = dialogs.iter().filter_map(|dialog| text(dialog, "type")).collect();
    let sentence = if kinds.iter().any(|kind| kind.starts_with("recording") || kind == "video") {
        "a vCon that holds a recording and no transcript; have it written down, and give the vCon with an analysis of type \
         `transcript`"
    } else if !kinds.is_empty() && kinds.iter().all(|kind| kind == "incomplete" || kind == "transfer") {
        "a vCon of a call that did not come about: its dialogs are `incomplete` or `transfer`"
    } else {
        "a vCon without text dialogs and without a transcript"
    };
    Refusal::new(code::UNSUPPORTED_FORMAT, sentence)
}

/// The role of the CC extension, of its forerunner in `meta`, or that of a bot.
fn role(party: &Value) -> Option<Speaker> {
    let role = text(party, "role").or_else(|| at(party, "meta.role").and_then(word));
    match role.as_deref().map(str::to_lowercase).as_deref() {
        Some("supervisor" | "sme") => Some(Speaker::Agent),
        Some("thirdparty") => None,
        Some(role) => roles::label(role),
        None => text(party, "type").filter(|kind| kind == "bot").map(|_| Speaker::System),
    }
}

/// The turn of the `index`th party.
fn of_party(parties: &[Value], index: usize) -> (Option<String>, Option<Speaker>) {
    (Some(format!("party {index}")), parties.get(index).and_then(role))
}

/// Text dialogs, and whether there are any.
fn written(value: &Value, parties: &[Value]) -> (Vec<ToldTurn>, bool) {
    let texts = list(value, "dialog").iter().filter(|dialog| {
        let kind = text(dialog, "mediatype").or_else(|| text(dialog, "mimetype")).unwrap_or_default();
        text(dialog, "type")
            .is_some_and(|of| of == "text" || (of != "recording" && kind.starts_with("text/")))
    });
    let turns: Vec<ToldTurn> = texts
        .filter_map(|dialog| {
            let index = field(dialog, "originator").and_then(index).or_else(|| {
                let parties = field(dialog, "parties")?;
                index(parties).or_else(|| index(items(parties).first()?))
            });
            let (label, speaker) = index.map_or((None, None), |index| of_party(parties, index));
            let start = field(dialog, "start").and_then(When::written);
            Some(ToldTurn { label, speaker, text: body(dialog)?, start, end: None })
        })
        .collect();
    let any = !turns.is_empty();
    (turns, any)
}

#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "checked before"
)]
fn index(value: &Value) -> Option<usize> {
    number(value).filter(|index| (0.0..10_000.0).contains(index)).map(|index| index as usize)
}

/// The body as its encoding says; HTML without its tags.
fn body(dialog: &Value) -> Option<String> {
    let raw = field(dialog, "body")?;
    let raw = raw.as_str().map_or_else(|| raw.to_string(), str::to_owned);
    let decoded = match text(dialog, "encoding").as_deref() {
        Some("base64url" | "base64") => {
            let plain = raw.trim().trim_end_matches('=');
            let bytes = URL_SAFE_NO_PAD.decode(plain).or_else(|_| STANDARD.decode(raw.trim())).ok()?;
            String::from_utf8(bytes).ok()?
        }
        Some("json") => serde_json::from_str::<String>(&raw).unwrap_or(raw),
        _ => raw,
    };
    let kind = text(dialog, "mediatype").or_else(|| text(dialog, "mimetype")).unwrap_or_default();
    Some(if kind.starts_with("text/html") { without_tags(&decoded) } else { decoded })
}

/// The first transcript among analyses and attachments whose turns are understood.
fn transcript(value: &Value, parties: &[Value]) -> Vec<ToldTurn> {
    let found = list(value, "analysis").iter().chain(list(value, "attachments"));
    let transcripts = found.filter(|one| {
        let kind = text(one, "type").or_else(|| text(one, "purpose")).unwrap_or_default();
        kind == "transcript"
            || kind == "wtf_transcription"
            || text(one, "schema").is_some_and(|schema| schema.starts_with("wtf"))
    });
    transcripts.map(|one| turns_of(one, parties)).find(|turns| !turns.is_empty()).unwrap_or_default()
}

fn turns_of(transcript: &Value, parties: &[Value]) -> Vec<ToldTurn> {
    let Some(body) = field(transcript, "body") else { return Vec::new() };
    let decoded =
        body.as_str().and_then(|_| self::body(transcript)).and_then(|text| serde_json::from_str(&text).ok());
    let parsed = decoded.or_else(|| unwrapped(body));
    let body = parsed.as_ref().unwrap_or(body);
    let names = field(body, "speakers");
    let mut said = turns::of(body).unwrap_or_default();
    for turn in &mut said {
        let Some(label) = &turn.label else { continue };
        // A label of a voice may have a name of its own, or be the number, the name or the telephone of a party.
        let own = names
            .and_then(|names| field(names, label))
            .and_then(|name| word(name).or_else(|| any(name, &["role", "label", "name"]).and_then(word)));
        let label = own.unwrap_or_else(|| label.clone());
        let of = label.parse::<usize>().ok().or_else(|| {
            let known = |party: &Value| {
                ["name", "tel", "mailto", "role", "uuid"]
                    .iter()
                    .any(|key| text(party, key).as_ref() == Some(&label))
            };
            parties.iter().position(known)
        });
        turn.speaker = roles::label(&label).or_else(|| role(parties.get(of?)?));
        turn.label = Some(label);
    }
    said
}
