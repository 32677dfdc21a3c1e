//! How well the rules do, and what their flags are good for.

use std::collections::BTreeMap;

use tingxin_statistics::sampled::{ReadContact, Share, plain_share, precision, recall};
use tingxin_store::{
    Demotion, EvidenceStream, NewAudit, NewRuleChange, QueueWord, RuleChange, SampledContact, Store,
    states_at,
};
use tingxin_text::domain::{Rule, RuleState, RuleStates, UtcMillis};

use crate::figures::PERIOD_WEEKS;
use crate::{Caller, Desk, DeskError};

/// Precision below which a rule makes itself a hint.
///
/// **Source**: set by the project. Where every second flag is wrong, a reviewer's time is better spent on the other rules.
pub const PRECISION_BAR: f64 = 0.5;

/// A change of a rule as somebody asks for it.
#[derive(Debug, Clone)]
pub struct RuleAsked {
    /// Which rule.
    pub rule: Rule,
    /// What its flags shall be good for.
    pub state: RuleState,
    /// From when; `None` for now.
    pub since: Option<UtcMillis>,
    /// Why, as it was written. It is redacted before it is stored.
    pub note: String,
}

/// How one rule does.
#[derive(Debug, Clone, PartialEq)]
pub struct RuleHealth {
    /// Which rule.
    pub rule: Rule,
    /// Of its flags, the share that people agree with; `None` below the minimum.
    pub precision: Option<Share>,
    /// What that rests on; `None` where there is none.
    pub from: Option<EvidenceStream>,
    /// Of what people find, the share that it has raised; from the sample alone. `None` below the minimum.
    pub recall: Option<Share>,
    /// Flags that were judged: those behind `precision`, or those of the sample that are there so far.
    pub judged: usize,
    /// What its flags are good for now.
    pub state: RuleState,
    /// The change that made it so; `None` where nobody ever touched the rule.
    pub change: Option<RuleChange>,
    /// A change that has not begun yet.
    pub coming: Option<RuleChange>,
}

impl Desk {
    /// How every rule does, over the weeks of the figures.
    ///
    /// # Errors
    /// [`DeskError::Store`].
    pub async fn rule_health(&self) -> Result<Vec<RuleHealth>, DeskError> {
        let now = UtcMillis::now();
        let evidence = RuleEvidence::load(&self.store, now).await?;
        let changes = self.store.rule_changes().await?;
        let states = states_at(&changes, now);
        let health = |rule: &Rule| {
            let own = || changes.iter().filter(|change| change.rule == *rule && change.threshold.is_none());
            let measured = evidence.precision(*rule, None);
            RuleHealth {
                rule: *rule,
                precision: measured.as_ref().map(|(share, _)| *share),
                from: measured.as_ref().map(|(_, from)| *from),
                recall: recall(&evidence.read(*rule, None)).ok(),
                judged: measured.map_or_else(|| evidence.flags_read(*rule), |(share, _)| share.judged),
                state: states.of(*rule),
                change: own().rfind(|change| change.since <= now).cloned(),
                coming: own().find(|change| change.since > now).cloned(),
            }
        };
        Ok(Rule::ALL.iter().map(health).collect())
    }

    /// Of the flags of every rule, the share that the readers of the random sample agree with; without rules that have too
    /// few of them. What reviewers say of the queue is no random sample and is left out.
    ///
    /// # Errors
    /// [`DeskError::Store`].
    pub async fn sampled_precision(&self, now: UtcMillis) -> Result<Vec<(Rule, Share)>, DeskError> {
        let sampled = self.store.sampled(now.week() - PERIOD_WEEKS).await?;
        let of = |rule: &Rule| {
            let read: Vec<ReadContact> =
                sampled.iter().filter_map(|one| read_contact(one, *rule, None)).collect();
            precision(&read).ok().map(|share| (*rule, share))
        };
        Ok(Rule::ALL.iter().filter_map(of).collect())
    }

    /// What the flags of every rule are good for now.
    ///
    /// # Errors
    /// [`DeskError::Store`].
    pub async fn rule_states(&self) -> Result<RuleStates, DeskError> {
        Ok(self.store.rule_states(UtcMillis::now()).await?)
    }

    /// Switches a rule by hand.
    ///
    /// # Errors
    /// [`DeskError::OtherTeam`] for whoever is limited to a team: rules are everybody's. [`DeskError::Field`] for the note
    /// and for a time that has passed; [`DeskError::Store`].
    pub async fn switch_rule(&self, caller: &Caller, asked: RuleAsked) -> Result<(), DeskError> {
        if caller.team.is_some() {
            return Err(DeskError::OtherTeam);
        }
        let now = UtcMillis::now();
        let since = asked.since.unwrap_or(now);
        if since.start_of_day() < now.start_of_day() {
            return Err(DeskError::field("/since", "a rule cannot be switched for days that have passed"));
        }
        let change = NewRuleChange {
            rule: asked.rule,
            state: asked.state,
            since: since.max(now),
            note: Some(self.note(&asked.note)?),
            measured: None,
            threshold: None,
            entry: entry(caller, (asked.rule, asked.state), now),
        };
        self.store.change_rule(&change).await?;
        self.forget_figures().await;
        Ok(())
    }
}

fn entry(caller: &Caller, (rule, state): (Rule, RuleState), at: UtcMillis) -> NewAudit {
    let action = match state {
        RuleState::On => "rule.on",
        RuleState::Hint => "rule.hint",
        RuleState::Off => "rule.off",
    };
    let (actor, object) = (caller.actor.clone(), rule.as_str().to_owned());
    NewAudit { at, actor, action, object, result: "ok", purpose: None }
}

/// Makes every rule a hint whose precision is shown to lie below the bar; which.
///
/// After a person has switched a rule, only what was judged since then speaks against it: else it would be a hint again at
/// once.
///
/// # Errors
/// [`DeskError::Store`].
pub async fn demote(store: &Store, now: UtcMillis) -> Result<Vec<Rule>, DeskError> {
    let evidence = RuleEvidence::load(store, now).await?;
    let changes = store.rule_changes().await?;
    let states = states_at(&changes, now);
    let mut demoted = Vec::new();
    for rule in Rule::ALL.iter().copied().filter(|rule| states.counts(*rule)) {
        let last = changes.iter().rfind(|change| change.rule == rule && change.since <= now);
        let Some(found) = evidence.against(rule, last.map(|change| change.since)) else { continue };
        let change = NewRuleChange {
            rule,
            state: RuleState::Hint,
            since: now,
            note: None,
            measured: Some(found),
            threshold: None,
            entry: entry(&Caller::system(), (rule, RuleState::Hint), now),
        };
        store.change_rule(&change).await?;
        tracing::warn!(rule = rule.as_str(), high = found.high, "a rule is only a hint from now on");
        demoted.push(rule);
    }
    Ok(demoted)
}

/// What people said in the weeks of the figures.
struct RuleEvidence {
    sampled: Vec<SampledContact>,
    queue: BTreeMap<Rule, Vec<QueueWord>>,
}

impl RuleEvidence {
    async fn load(store: &Store, now: UtcMillis) -> Result<Self, DeskError> {
        let since = now.week() - PERIOD_WEEKS;
        let mut queue: BTreeMap<Rule, Vec<QueueWord>> = BTreeMap::new();
        for word in store.queue_words(UtcMillis::of_week(since)).await? {
            queue.entry(word.rule).or_default().push(word);
        }
        Ok(Self { sampled: store.sampled(since).await?, queue })
    }

    /// Contacts of the sample that the first reader is done with and could tell about a rule.
    fn read(&self, rule: Rule, since: Option<UtcMillis>) -> Vec<ReadContact> {
        self.sampled.iter().filter_map(|one| read_contact(one, rule, since)).collect()
    }

    fn flags_read(&self, rule: Rule) -> usize {
        self.read(rule, None).iter().filter(|one| one.flagged).count()
    }

    /// Precision and where it comes from: the sample where that is enough, else the queue. They are never mixed.
    fn precision(&self, rule: Rule, since: Option<UtcMillis>) -> Option<(Share, EvidenceStream)> {
        if let Ok(share) = precision(&self.read(rule, since)) {
            return Some((share, EvidenceStream::Sample));
        }
        let words = self.queue.get(&rule).map(Vec::as_slice).unwrap_or_default();
        let recent: Vec<&QueueWord> =
            words.iter().filter(|word| since.is_none_or(|since| word.at >= since)).collect();
        let confirmed = recent.iter().filter(|word| word.confirmed).count();
        plain_share(confirmed, recent.len()).ok().map(|share| (share, EvidenceStream::Queue))
    }

    /// What shows that a rule lies below its bar.
    fn against(&self, rule: Rule, since: Option<UtcMillis>) -> Option<Demotion> {
        let (share, from) = self.precision(rule, since)?;
        (share.interval.high < PRECISION_BAR).then_some(Demotion {
            precision: share.value,
            high: share.interval.high,
            bar: PRECISION_BAR,
            judged: share.judged,
            from,
        })
    }
}

/// What the first reader says about a rule in a contact; `None` where nobody is done with it, where nobody could tell, and
/// where it was read before `since`.
pub(crate) fn read_contact(
    one: &SampledContact,
    rule: Rule,
    since: Option<UtcMillis>,
) -> Option<ReadContact> {
    let reading = one.readings.first().filter(|reading| reading.done)?;
    if since.is_some_and(|since| reading.read_at < since) {
        return None;
    }
    let found = reading.says(rule)?;
    Some(ReadContact { probability: one.probability, flagged: one.flagged.contains(&rule), found })
}
