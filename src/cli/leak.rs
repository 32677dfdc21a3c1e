//! V5 of `tingxin simulate`: whether words of the other side reach the score of an utterance.

use super::error::CliError;
use crate::contagion;
use crate::domain::{Body, ContactMeasures, RedactedContact, ScoredContact};
use crate::ingest;
use crate::redact::{PseudonymKey, Redactor};
use crate::score::{self, ScoreCache, Scorer};
use crate::segment::Segmenter;
use crate::simulate::{Finding, Target, finding};

/// An angry customer's turns, and what staff answer with and without repeating them.
const QUARRELS: [(&str, &str, &str); 4] = [
    (
        "宽带断了三天没人管，你们到底干什么吃的，气死我了",
        "您说宽带断了三天没人管，我先帮您查一下线路记录，请稍等。",
        "我先帮您查一下线路记录，请稍等。",
    ),
    (
        "话费莫名其妙多扣了五十块，太坑人了，我非常生气",
        "您反映话费莫名其妙多扣了五十块，我现在核对一下本月账单明细。",
        "我现在核对一下本月账单明细。",
    ),
    (
        "等了两个小时还没轮到我，什么破营业厅，烦死了",
        "您等了两个小时还没轮到，我这边给您登记一下取号时间。",
        "我这边给您登记一下取号时间。",
    ),
    (
        "信号差得要命，电话都打不出去，你们就是骗子",
        "您那里信号差，电话打不出去，我帮您看看附近基站的情况。",
        "我帮您看看附近基站的情况。",
    ),
];

/// What a customer says who is not upset.
const CALM: &str = "你好，我想问一下我家现在用的是什么套餐";

/// Mean change of the valence of what staff say: with another customer's turn before it, and when
/// they repeat an angry customer's words.
pub(super) fn findings() -> Result<Vec<Finding>, CliError> {
    let mut reader = ToneReader::new()?;
    let (mut context, mut echo) = (0.0, 0.0);
    for (angry, repeating, plain) in QUARRELS {
        context += (reader.tone(angry, plain)? - reader.tone(CALM, plain)?).abs();
        echo += (reader.tone(angry, repeating)? - reader.tone(angry, plain)?).abs();
    }
    let quarrels = crate::statistics::count(QUARRELS.len());
    Ok(vec![
        finding(
            "V5 leak: mean |Δ valence| with a stranger's turn before it",
            context / quarrels,
            Target::AtMost(0.0),
        ),
        finding(
            "V5 echo: mean |Δ valence| when staff repeat an angry turn",
            echo / quarrels,
            Target::AtMost(0.1),
        ),
    ])
}

/// The stages of the service, as far as a tone needs them.
struct ToneReader {
    redactor: Redactor,
    segmenter: Segmenter,
    scorer: Scorer,
}

impl ToneReader {
    fn new() -> Result<Self, CliError> {
        let model = score::load(score::DEFAULT_MODEL).map_err(CliError::failure)?;
        Ok(Self {
            redactor: Redactor::new(PseudonymKey::new([0; 32])),
            segmenter: Segmenter::new().map_err(CliError::failure)?,
            scorer: Scorer::new(model, ScoreCache::new(0)),
        })
    }

    /// The tone of what staff answer to a customer, as the statistics see it.
    fn tone(&mut self, customer: &str, agent: &str) -> Result<f64, CliError> {
        let contact = serde_json::json!({
            "source": "simulate", "contact_id": "V5", "channel": "hotline",
            "utterances": [{"speaker": "customer", "text": customer}, {"speaker": "agent", "text": agent}],
        });
        let raw = ingest::parse_contact(contact.to_string().as_bytes()).map_err(CliError::failure)?;
        let redacted: RedactedContact = self.redactor.redact(raw).contact;
        let scored = self.scorer.score(vec![self.segmenter.segment(redacted)]).map_err(CliError::failure)?;
        let measured = scored.first().and_then(measures);
        let exchange = measured.and_then(|measures| measures.exchanges.first().copied());
        Ok(exchange.and_then(|exchange| exchange.agent).map_or(0.0, |tone| f64::from(tone.valence)))
    }
}

fn measures(contact: &ScoredContact) -> Option<ContactMeasures> {
    debug_assert!(matches!(contact.body, Body::Transcript(_)), "written as one above");
    contagion::reduce(contact, &contagion::measure(contact), None)
}
