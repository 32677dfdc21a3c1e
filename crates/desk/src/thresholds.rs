//! From which score a rule raises flags: what the random sample proposes, what it would have made of the archive, and who changed
//! it when.
//!
//! The machine proposes and never switches: a lower threshold is work for reviewers, a higher one is silence about somebody.

use std::collections::BTreeMap;

use tingxin_statistics::count;
use tingxin_statistics::minimum::TooFew;
use tingxin_statistics::resample::generator;
use tingxin_statistics::threshold::{ScoredRead, ThresholdProposal, propose};
use tingxin_store::{NewAudit, NewRuleChange, RuleChange, ThresholdChange, ThresholdReplay, thresholds_at};
use tingxin_text::domain::{ContactRef, Rule, SignalName, UtcMillis};

use crate::error::off_the_event_loop;
use crate::figures::PERIOD_WEEKS;
use crate::rules::{PRECISION_BAR, read_contact};
use crate::{Caller, Desk, DeskError};

/// Most contacts of the archive that a threshold is replayed on, the latest first. Set by the project: some seconds of reading.
pub const MOST_REPLAYED: usize = 20_000;

/// Analyses read at once.
const PORTION: u32 = 500;

/// Lowest and highest threshold that can be set: below the first nearly everything would be flagged, and no rule on lists claims
/// more than the last.
pub const BOUNDS: std::ops::RangeInclusive<f64> = 0.30..=0.95;

/// Names the random numbers of the intervals.
const SEED: u64 = 20_261_202;

/// How the threshold of a rule stands.
#[derive(Debug, Clone)]
pub struct ThresholdStanding {
    /// Which rule.
    pub rule: Rule,
    /// As the project ships it.
    pub shipped: f64,
    /// As it is now.
    pub now: f64,
    /// A better one by the random sample; `Ok(None)` where none is shown to be better.
    pub proposal: Result<Option<ThresholdProposal>, TooFew>,
    /// Changes of it, in the order in which they begin, those that have not begun among them.
    pub history: Vec<RuleChange>,
}

/// A threshold as somebody asks for it.
#[derive(Debug, Clone)]
pub struct ThresholdAsked {
    /// Of which rule.
    pub rule: Rule,
    /// From which score on a flag shall be raised.
    pub threshold: f64,
    /// From when; `None` for now.
    pub since: Option<UtcMillis>,
    /// Why, as it was written. It is redacted before it is stored.
    pub note: String,
}

impl Desk {
    /// How the threshold of a rule stands, over the weeks of the figures.
    ///
    /// # Errors
    /// [`DeskError::NotFound`] for a rule without a threshold, [`DeskError::Store`], [`DeskError::Broken`].
    pub async fn threshold_standing(&self, rule: Rule) -> Result<ThresholdStanding, DeskError> {
        let (signal, shipped) = scored(rule)?;
        let now = UtcMillis::now();
        let mut history = self.store.rule_changes().await?;
        let in_force = thresholds_at(&history, now).of(rule).unwrap_or(shipped);
        history.retain(|change| change.rule == rule && change.threshold.is_some());
        let read = self.scored_reads(rule, signal, now).await?;
        let proposal =
            off_the_event_loop(move || propose(&read, in_force, PRECISION_BAR, &mut generator(SEED, &[])));
        Ok(ThresholdStanding { rule, shipped, now: in_force, proposal: proposal.await?, history })
    }

    /// Contacts of the sample that were read, with their scores.
    async fn scored_reads(
        &self,
        rule: Rule,
        signal: SignalName,
        now: UtcMillis,
    ) -> Result<Vec<ScoredRead>, DeskError> {
        let since = now.week() - PERIOD_WEEKS;
        let sampled = self.store.sampled(since).await?;
        let scores = self.store.drawn_scores(signal, since).await?;
        let scores: BTreeMap<ContactRef, f64> =
            scores.into_iter().map(|one| (one.contact, one.score)).collect();
        let mut read: Vec<ScoredRead> = sampled
            .iter()
            .filter_map(|one| {
                let said = read_contact(one, rule, None)?;
                let score = *scores.get(&one.contact)?;
                Some(ScoredRead { probability: said.probability, score, found: said.found })
            })
            .collect();
        // What was drawn and is not read yet is a sample of the sample.
        let share = count(read.len()) / count(sampled.len().max(1));
        read.iter_mut().for_each(|one| one.probability *= share);
        Ok(read)
    }

    /// What another threshold would make of the archive: the latest contacts of the weeks of the figures, at most
    /// [`MOST_REPLAYED`].
    ///
    /// # Errors
    /// [`DeskError::NotFound`] for a rule without a threshold, [`DeskError::Field`], [`DeskError::Store`].
    pub async fn replay_threshold(&self, rule: Rule, threshold: f64) -> Result<ThresholdReplay, DeskError> {
        let (signal, shipped) = scored(rule)?;
        if !BOUNDS.contains(&threshold) {
            let reason = format!("a number from {} to {}", BOUNDS.start(), BOUNDS.end());
            return Err(DeskError::field("/threshold", reason));
        }
        let now = UtcMillis::now();
        let since = UtcMillis::of_week(now.week() - PERIOD_WEEKS);
        let before = self.store.rule_thresholds(now).await?.of(rule).unwrap_or(shipped);
        let mut replay = ThresholdReplay { before, contacts: 0, stay: 0, appear: 0, go: 0 };
        let mut last = None;
        while replay.contacts < MOST_REPLAYED {
            let portion = self.store.signal_scores(signal, since, last, PORTION).await?;
            let Some(end) = portion.last() else { break };
            last = Some(end.contact);
            for one in &portion {
                replay.contacts += 1;
                match (one.score >= before, one.score >= threshold) {
                    (true, true) => replay.stay += 1,
                    (false, true) => replay.appear += 1,
                    (true, false) => replay.go += 1,
                    (false, false) => {}
                }
            }
        }
        Ok(replay)
    }

    /// Sets the threshold of a rule for contacts that are analysed from a day on, and keeps what it would have made of the
    /// archive. Flags that are there stay: they are what the machine said.
    ///
    /// # Errors
    /// [`DeskError::OtherTeam`] for whoever is limited to a team: rules are everybody's. [`DeskError::NotFound`] for a rule
    /// without a threshold; [`DeskError::Field`]; [`DeskError::Store`].
    pub async fn change_threshold(&self, caller: &Caller, asked: ThresholdAsked) -> Result<(), DeskError> {
        if caller.team.is_some() {
            return Err(DeskError::OtherTeam);
        }
        let now = UtcMillis::now();
        let since = asked.since.unwrap_or(now);
        if since.start_of_day() < now.start_of_day() {
            return Err(DeskError::field(
                "/since",
                "a threshold cannot be changed for days that have passed",
            ));
        }
        let note = Some(self.note(&asked.note)?);
        let replay = self.replay_threshold(asked.rule, asked.threshold).await?;
        let change = NewRuleChange {
            rule: asked.rule,
            state: self.rule_states().await?.of(asked.rule),
            since: since.max(now),
            note,
            measured: None,
            threshold: Some(ThresholdChange { threshold: asked.threshold, replay }),
            entry: NewAudit {
                at: now,
                actor: caller.actor.clone(),
                action: "rule.threshold",
                object: asked.rule.as_str().to_owned(),
                result: "ok",
                purpose: None,
            },
        };
        Ok(self.store.change_rule(&change).await?)
    }
}

fn scored(rule: Rule) -> Result<(SignalName, f64), DeskError> {
    rule.signal().zip(rule.shipped_threshold()).ok_or(DeskError::NotFound)
}
