//! The quarter as a whole: its contacts, and what is to be found in each.

use std::sync::Arc;

use serde_json::json;

use crate::cli::input::Unread;
use crate::domain::{ContactId, Rule, Speaker, UtcMillis};
use crate::ingest::{Placed, parse_contact};

use super::chance::SeededChance;
use super::compose::Composer;
use super::plan::{self, Slot};

/// The whole quarter, without its words: they are put together when they are asked for.
pub(in crate::cli::demo) struct Quarter {
    /// Puts them together.
    pub(super) composer: Composer,
    slots: Vec<Slot>,
    /// The moment up to which it goes.
    pub(in crate::cli::demo) now: UtcMillis,
}

/// What a customer says whose matter was closed too early.
const AGAIN: [(Speaker, &str); 6] = [
    (Speaker::Agent, "您好请讲"),
    (Speaker::Customer, "我上次反映的那个事你们说办好了其实根本没解决还是老样子"),
    (Speaker::Agent, "给您添麻烦了我先看一下上次的记录"),
    (Speaker::Customer, "当时说好再联系我结果没人联系"),
    (Speaker::Agent, "我转给上次负责的同事请他接着跟进"),
    (Speaker::Customer, "那我再等等吧"),
];

/// What a person knows who has read a contact.
pub(in crate::cli::demo) struct Read {
    /// When.
    pub(in crate::cli::demo) at: UtcMillis,
    /// Rules that apply.
    truth: Vec<Rule>,
    number: u64,
}

impl Quarter {
    /// The quarter up to `now`, or fewer weeks of it.
    pub(in crate::cli::demo) fn up_to(now: UtcMillis, weeks: i64) -> Arc<Self> {
        Arc::new(Self { composer: Composer::new(), slots: plan::slots(now, weeks), now })
    }

    /// How many contacts it has.
    pub(in crate::cli::demo) fn len(&self) -> usize {
        self.slots.len()
    }

    /// Its contacts, the latest week first.
    pub(in crate::cli::demo) fn contacts(
        self: Arc<Self>,
    ) -> impl Iterator<Item = Result<Placed, Unread>> + Send {
        let file: Arc<str> = "quarter".into();
        (0..self.slots.len()).filter_map(move |at| {
            let contact = parse_contact(self.composer.compose(self.slots.get(at)?).json.as_bytes());
            let line = u64::try_from(at).unwrap_or_default() + 1;
            let placed = contact.map(|contact| Placed { contact, file: Arc::clone(&file), line });
            Some(placed.map_err(|refusal| Unread::Refused(refusal.in_file(&file, line))))
        })
    }

    /// A later contact of the same customer about the same matter: it was said to be settled and is not.
    pub(in crate::cli::demo) fn again(&self, read: &Read, at: UtcMillis) -> Option<Result<Placed, Unread>> {
        let slot = self.slots.get(usize::try_from(read.number).ok()?.checked_sub(1)?)?;
        let mut contact: serde_json::Value = serde_json::from_str(&self.composer.compose(slot).json).ok()?;
        let fields = contact.as_object_mut()?;
        fields.remove("survey");
        fields.insert("contact_id".to_owned(), format!("R-{:06}", read.number).into());
        fields.insert("started_at".to_owned(), at.to_rfc3339().into());
        let lines = AGAIN.map(|(speaker, text)| json!({"speaker": speaker.as_str(), "text": text}));
        fields.insert("utterances".to_owned(), json!(lines));
        let file: Arc<str> = "again".into();
        let read = parse_contact(contact.to_string().as_bytes());
        let placed = read.map(|contact| Placed { contact, file: Arc::clone(&file), line: 1 });
        Some(placed.map_err(|refusal| Unread::Refused(refusal.in_file(&file, 1))))
    }

    /// What somebody finds who reads a contact.
    pub(in crate::cli::demo) fn read(&self, id: &ContactId) -> Option<Read> {
        let number: u64 = id.as_str().strip_prefix("Q-")?.parse().ok()?;
        let slot = self.slots.get(usize::try_from(number).ok()?.checked_sub(1)?)?;
        let truth = self.composer.compose(slot).truth;
        Some(Read { at: slot.at, truth, number })
    }
}

/// Of a thousand flags for which the scene tells nothing, so many are right all the same: reviewers hear more than the
/// labels of a scene say. One share is poor on purpose, so that the rule makes itself a hint.
const RIGHT: [(Rule, u32); 6] = [
    (Rule::DeadlineNotTold, 300),
    (Rule::SatisfactionNotAsked, 850),
    (Rule::Escalation, 500),
    (Rule::LikelyDissatisfied, 650),
    (Rule::Abuse, 800),
    (Rule::RegulatorRisk, 800),
];

impl Read {
    /// Whether a rule applies.
    pub(in crate::cli::demo) fn finds(&self, rule: Rule, flagged: bool) -> bool {
        let right = RIGHT.iter().find(|(listed, _)| *listed == rule);
        let heard = || right.is_some_and(|(_, share)| self.happens(&format!("right {rule}"), *share));
        self.truth.contains(&rule) || (flagged && heard())
    }

    /// Whether something happens to this contact that happens to so many of a thousand; always the same answer.
    pub(in crate::cli::demo) fn happens(&self, what: &str, per_mille: u32) -> bool {
        let what = what.bytes().fold(7, |sum: u64, byte| sum.wrapping_mul(31) + u64::from(byte));
        SeededChance::of(&[self.number, what]).happens(per_mille)
    }
}
