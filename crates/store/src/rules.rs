//! What the flags of a rule are good for, and since when.

use serde::{Deserialize, Serialize};
use sqlx::FromRow;

use super::audit::append;
use super::{NewAudit, Store, StoreError, decode, reading, sql_samples as sql, writing};
use tingxin_text::domain::{
    RedactedText, Rule, RuleState, RuleStates, RuleThresholds, UtcMillis, closed_set,
};

closed_set! {
    /// What a figure about a rule rests on. The two are never mixed.
    EvidenceStream {
        /// Contacts that were drawn by lot.
        Sample => "sample", "随机抽检";
        /// Flags that were worked off, the most urgent first.
        Queue => "queue", "复核队列";
    }
}

/// Why the machine has made a rule a hint.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Demotion {
    /// Share of flags that people agreed with.
    pub precision: f64,
    /// Upper end of its interval.
    pub high: f64,
    /// What it should have been at least.
    pub bar: f64,
    /// Flags behind it.
    pub judged: usize,
    /// Where they come from.
    pub from: EvidenceStream,
}

/// What another threshold would make of flags that are there, and of those that are not.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ThresholdReplay {
    /// The threshold in force when it was replayed.
    pub before: f64,
    /// Contacts that were looked at.
    pub contacts: usize,
    /// Contacts with a flag under both.
    pub stay: usize,
    /// Contacts that would get one.
    pub appear: usize,
    /// Contacts that would lose theirs.
    pub go: usize,
}

/// From which score a rule raises a flag, as somebody decided.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ThresholdChange {
    /// In (0, 1).
    pub threshold: f64,
    /// What that would have made of the archive.
    pub replay: ThresholdReplay,
}

/// A change of a rule.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleChange {
    /// Which rule.
    pub rule: Rule,
    /// What its flags are good for.
    pub state: RuleState,
    /// From when.
    pub since: UtcMillis,
    /// Why, in the words of whoever decided.
    pub note: Option<String>,
    /// Why, where the machine found it.
    pub measured: Option<Demotion>,
    /// The threshold, where the change is about that; the state stays what it was then.
    pub threshold: Option<ThresholdChange>,
    /// Account, key or `system`.
    pub made_by: String,
    /// When it was decided.
    pub made_at: UtcMillis,
}

/// A change to be kept.
#[derive(Debug, Clone, PartialEq)]
pub struct NewRuleChange {
    /// Which rule.
    pub rule: Rule,
    /// What its flags shall be good for.
    pub state: RuleState,
    /// From when.
    pub since: UtcMillis,
    /// Why, in words.
    pub note: Option<RedactedText>,
    /// Why, where the machine found it.
    pub measured: Option<Demotion>,
    /// The threshold, where the change is about that; `state` is what it is then, and is not changed.
    pub threshold: Option<ThresholdChange>,
    /// The entry of the audit log, which says who and when.
    pub entry: NewAudit,
}

/// The state of every rule at a moment, from changes in the order in which they begin.
#[must_use]
pub fn states_at(changes: &[RuleChange], now: UtcMillis) -> RuleStates {
    let begun = changes.iter().filter(|change| change.since <= now && change.threshold.is_none());
    begun.map(|change| (change.rule, change.state)).collect()
}

/// The thresholds that people have changed, at a moment; from changes in the order in which they begin.
#[must_use]
pub fn thresholds_at(changes: &[RuleChange], now: UtcMillis) -> RuleThresholds {
    let begun = changes.iter().filter(|change| change.since <= now);
    begun.filter_map(|change| Some((change.rule, change.threshold?.threshold))).collect()
}

#[derive(FromRow)]
struct ChangeRow {
    rule: String,
    state: String,
    since: i64,
    note: Option<String>,
    measured: Option<String>,
    threshold: Option<f64>,
    replay: Option<String>,
    made_by: String,
    made_at: i64,
}

impl TryFrom<ChangeRow> for RuleChange {
    type Error = StoreError;

    fn try_from(row: ChangeRow) -> Result<Self, StoreError> {
        let measured = row.measured.as_deref();
        let replay =
            row.replay.as_deref().map(|text| decode::json("rule_changes.replay", text)).transpose()?;
        let threshold = row.threshold.zip(replay);
        Ok(Self {
            threshold: threshold.map(|(threshold, replay)| ThresholdChange { threshold, replay }),
            rule: decode::text("rule_changes.rule", &row.rule)?,
            state: decode::text("rule_changes.state", &row.state)?,
            since: UtcMillis::from_millis(row.since),
            note: row.note,
            measured: measured.map(|text| decode::json("rule_changes.measured", text)).transpose()?,
            made_by: row.made_by,
            made_at: UtcMillis::from_millis(row.made_at),
        })
    }
}

impl Store {
    /// Every change of every rule, in the order in which they begin.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn rule_changes(&self) -> Result<Vec<RuleChange>, StoreError> {
        let rows: Vec<ChangeRow> =
            reading!(self, |db| sqlx::query_as(sql::RULE_CHANGES).fetch_all(db).await?);
        rows.into_iter().map(RuleChange::try_from).collect()
    }

    /// The state of every rule at a moment.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn rule_states(&self, now: UtcMillis) -> Result<RuleStates, StoreError> {
        Ok(states_at(&self.rule_changes().await?, now))
    }

    /// The thresholds that people have changed, at a moment.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn rule_thresholds(&self, now: UtcMillis) -> Result<RuleThresholds, StoreError> {
        Ok(thresholds_at(&self.rule_changes().await?, now))
    }

    /// Keeps a change and writes it to the audit log.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn change_rule(&self, change: &NewRuleChange) -> Result<(), StoreError> {
        let NewRuleChange { rule, state, since, note, measured, threshold, entry } = change;
        let replay = threshold.as_ref().map(|change| &change.replay);
        let replay = replay.map(|replay| decode::to_json("rule_changes.replay", replay)).transpose()?;
        let measured =
            measured.as_ref().map(|found| decode::to_json("rule_changes.measured", found)).transpose()?;
        writing!(self, |tx| {
            sqlx::query(sql::ADD_RULE_CHANGE)
                .bind(rule.as_str())
                .bind(state.as_str())
                .bind(since.as_millis())
                .bind(note.as_ref().map(RedactedText::as_str))
                .bind(measured.as_deref())
                .bind(&entry.actor.name)
                .bind(entry.at.as_millis())
                .bind(threshold.map(|change| change.threshold))
                .bind(replay.as_deref())
                .execute(&mut *tx)
                .await?;
            append!(tx, entry);
        });
        Ok(())
    }
}
