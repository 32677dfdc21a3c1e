//! What is sent: one body and one signature for each kind of receiver, as each documents it.
//!
//! * generic: Standard Webhooks (`webhook-id`, `webhook-timestamp`, `webhook-signature`), which
//!   libraries of every language check;
//! * `DingTalk`: time and signature in the address, Markdown;
//! * `WeCom`: the key stands in the address and nothing is signed, Markdown;
//! * `Feishu`: time and signature in the body, text.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use reqwest::Url;
use serde_json::{Value, json};

use crate::desk::hooks::Delivery;
use crate::desk::secrets::mac_sha256;
use crate::domain::{Channel, HookForm, NewsKind, Rule, UtcMillis};
use crate::store::News;

/// Alerts of one message; more are counted.
const MOST_LINES: usize = 10;

/// A request, ready to be sent.
pub struct Signed {
    /// Where to.
    pub url: Url,
    /// What stands above the body.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: String,
}

fn base64(bytes: impl AsRef<[u8]>) -> String {
    BASE64_STANDARD.encode(bytes)
}

/// The request of a delivery; `None` when the address cannot be read.
#[must_use]
pub fn signed(delivery: &Delivery, now: UtcMillis) -> Option<Signed> {
    let told = &delivery.hook.told;
    let mut url = Url::parse(&told.url).ok()?;
    let seconds = now.as_millis().div_euclid(1000);
    let (mut headers, secret) = (Vec::new(), told.secret.as_str());
    let body = match told.form {
        HookForm::Generic => {
            let events: Vec<Value> = delivery.news.iter().map(event).collect();
            let body = json!({"schema": "tingxin.events.v1", "events": events}).to_string();
            let id = delivery.news.last()?.id.to_string();
            let signature = base64(mac_sha256(&key_of(secret), format!("{id}.{seconds}.{body}").as_bytes()));
            headers.push(("webhook-id", id));
            headers.push(("webhook-timestamp", seconds.to_string()));
            headers.push(("webhook-signature", format!("v1,{signature}")));
            body
        }
        HookForm::Dingtalk => {
            if !secret.is_empty() {
                let at = now.as_millis().to_string();
                let sign = base64(mac_sha256(secret.as_bytes(), format!("{at}\n{secret}").as_bytes()));
                url.query_pairs_mut().append_pair("timestamp", &at).append_pair("sign", &sign);
            }
            let text = message(&delivery.news, "\n\n");
            json!({"msgtype": "markdown", "markdown": {"title": "听心告警", "text": text}}).to_string()
        }
        HookForm::Wecom => {
            json!({"msgtype": "markdown", "markdown": {"content": message(&delivery.news, "\n")}}).to_string()
        }
        HookForm::Feishu => {
            let text = message(&delivery.news, "\n");
            let content = json!({"text": text});
            if secret.is_empty() {
                json!({"msg_type": "text", "content": content}).to_string()
            } else {
                let at = seconds.to_string();
                // The time and the secret are the key here, and the message is empty.
                let sign = base64(mac_sha256(format!("{at}\n{secret}").as_bytes(), b""));
                json!({"msg_type": "text", "content": content, "timestamp": at, "sign": sign}).to_string()
            }
        }
    };
    Some(Signed { url, headers, body })
}

/// The bytes of a secret: those that `whsec_` names, as Standard Webhooks has it, else the text itself.
fn key_of(secret: &str) -> Vec<u8> {
    let named = secret.strip_prefix("whsec_").and_then(|text| BASE64_STANDARD.decode(text).ok());
    named.unwrap_or_else(|| secret.as_bytes().to_vec())
}

/// An event as `GET /api/v1/events` has it.
fn event(news: &News) -> Value {
    let contact = news.contact.as_ref().map(|contact| {
        json!({
            "id": contact.id, "source": contact.source, "contact_id": contact.contact_id,
            "channel": contact.channel, "staff": contact.staff, "team": contact.team,
            "started_at": contact.started_at,
        })
    });
    json!({
        "schema": "tingxin.event.v1", "id": news.id, "cursor": news.seq.to_string(), "type": news.kind,
        "at": news.at, "object": news.object, "contact": contact, "detail": news.detail,
    })
}

/// What people read in a group: no words of anybody, and no more than ten lines.
#[must_use]
pub fn message(news: &[News], line_end: &str) -> String {
    let mut lines = vec!["【听心告警】".to_owned()];
    lines.extend(news.iter().take(MOST_LINES).map(line));
    if news.len() > MOST_LINES {
        lines.push(format!("另有 {} 条，请到控制台查看", news.len() - MOST_LINES));
    }
    lines.join(line_end)
}

fn line(news: &News) -> String {
    let count = news.detail.get("count").and_then(Value::as_u64).unwrap_or_default();
    match (news.kind, news.detail.get("alert").and_then(Value::as_str)) {
        (NewsKind::AlertRaised, Some("escalation_surge")) => {
            let usual = news.detail.get("usual").and_then(Value::as_f64).unwrap_or_default();
            format!("情绪升级激增：近一小时 {count} 通，往常同时段约 {usual:.0} 通，疑似故障")
        }
        (NewsKind::AlertRaised, Some("appeals_overdue")) => format!("申诉超时：{count} 件未按时处理"),
        (NewsKind::AlertRaised, Some("cases_overdue")) => format!("回访超时：{count} 件未按时办结"),
        (NewsKind::AlertRaised, Some("source_silent")) => {
            format!("来源中断：{}近一小时没有送来记录，往常同时段至少 {count} 条", named_source(news))
        }
        (NewsKind::AlertRaised, Some("reading_drift")) => {
            let psi = news.detail.get("psi").and_then(Value::as_f64).unwrap_or_default();
            format!(
                "情绪读数偏移：{}最近 {count} 条对话的读数与模型定标时相差较大（PSI {psi:.2}），请抽样复核",
                named_source(news)
            )
        }
        (NewsKind::AlertRaised, Some("test")) => "测试消息：推送已接通".to_owned(),
        (NewsKind::AlertRaised, _) => format!("告警：{}", news.object),
        _ => {
            let contact = news.contact.as_ref();
            let named = contact.map(|contact| format!("{}/{}", contact.source, contact.contact_id));
            let team = contact.and_then(|contact| contact.team.as_ref()).map(|team| format!("（{team}）"));
            let rule = news.detail.get("rule").and_then(Value::as_str).and_then(Rule::from_name);
            let what = rule.map_or(news.kind.zh(), Rule::zh);
            format!("{what}：{}{}", named.unwrap_or_default(), team.unwrap_or_default())
        }
    }
}

/// Source and channel of an alert, as far as it names them.
fn named_source(news: &News) -> String {
    let text = |name: &str| news.detail.get(name).and_then(Value::as_str);
    let channel = text("channel").and_then(Channel::from_name).map(Channel::zh).unwrap_or_default();
    text("source").map_or_else(|| format!("「{channel}」"), |source| format!("「{source}」（{channel}）"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_of_standard_webhooks_is_decoded_and_any_other_is_its_own_key() {
        assert_eq!(key_of("whsec_aGVsbG8="), b"hello");
        assert_eq!(key_of("a plain secret"), b"a plain secret");
    }
}
