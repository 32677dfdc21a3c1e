//! How often a rule applies, corrected by the random sample for what the rule gets wrong.

use std::collections::BTreeMap;

use tingxin_statistics::case_mix::Expected;
use tingxin_statistics::count;
use tingxin_statistics::minimum::{Minimum, TooFew, enough};
use tingxin_statistics::naming::{StaffRate, corrected_records};
use tingxin_statistics::sampled::{CorrectedRate, GroupFrame, ReadContact, corrected_rate};
use tingxin_store::{FrameCount, SampledContact, Store};
use tingxin_text::domain::{Channel, Rule, RuleStates, StaffId, TeamId, UtcMillis};

use crate::figures::PERIOD_WEEKS;
use crate::rate_group::RateGroup;
use crate::rules::read_contact;
use crate::{Caller, Desk, DeskError};

/// How often a rule applies to the contacts of a group.
#[derive(Debug, Clone, PartialEq)]
pub struct GroupRate {
    /// Whose.
    pub group: RateGroup,
    /// Which rule.
    pub rule: Rule,
    /// Contacts in the drawn weeks.
    pub contacts: usize,
    /// As the rule has it, uncorrected.
    pub raw: f64,
    /// Corrected, or how many contacts are still to be read.
    pub corrected: Result<CorrectedRate, TooFew>,
}

impl Desk {
    /// Rates of teams and channels, and of staff from their minimum on, in the order of their names. A caller who is limited to a
    /// team gets that team and its members.
    ///
    /// # Errors
    /// [`DeskError::Store`].
    pub async fn corrected_rates(&self, caller: &Caller) -> Result<Vec<GroupRate>, DeskError> {
        group_rates(&self.store, caller, &self.rule_states().await?).await
    }
}

/// Rates of what a caller may see, of rules that are on.
async fn group_rates(
    store: &Store,
    caller: &Caller,
    states: &RuleStates,
) -> Result<Vec<GroupRate>, DeskError> {
    let since = UtcMillis::now().week() - PERIOD_WEEKS;
    let counts = store.frame_counts(since).await?;
    let sampled = store.sampled(since).await?;
    let mut frames: BTreeMap<RateGroup, GroupCount> = BTreeMap::new();
    for one in counts.iter().filter(|one| caller.sees(one.team.as_ref())) {
        for group in groups(one.channel, one.team.as_ref(), one.staff.as_ref(), caller) {
            frames.entry(group).or_default().add(one);
        }
    }
    let mut rates = Vec::new();
    for (group, counted) in &frames {
        let own: Vec<&SampledContact> = sampled.iter().filter(|one| belongs(one, group, caller)).collect();
        for rule in Rule::ALL.iter().copied().filter(|rule| states.counts(*rule)) {
            let rate = counted.rate(group, rule, &own);
            let person = matches!(group, RateGroup::Staff(_));
            if !person || rate.corrected.is_ok() && enough(Minimum::StaffCompare, rate.contacts).is_ok() {
                rates.push(rate);
            }
        }
    }
    Ok(rates)
}

/// The records of staff as the random sample corrects them, from their minimum on: naming holds the model's own against them.
pub(crate) async fn corrected_staff(
    store: &Store,
    states: &RuleStates,
) -> Result<BTreeMap<StaffId, BTreeMap<Rule, Expected>>, DeskError> {
    let rates = group_rates(store, &Caller::system(), states).await?;
    let mut people: BTreeMap<StaffId, BTreeMap<Rule, Expected>> = BTreeMap::new();
    for rule in Rule::ALL {
        let known: Vec<(&StaffId, StaffRate)> = rates.iter().filter_map(|one| one.of_staff(*rule)).collect();
        let records = corrected_records(&known.iter().map(|(_, rate)| *rate).collect::<Vec<_>>());
        for ((staff, _), record) in known.iter().zip(records) {
            if let Some(record) = record {
                people.entry((*staff).clone()).or_default().insert(*rule, record);
            }
        }
    }
    Ok(people)
}

impl GroupRate {
    fn of_staff(&self, rule: Rule) -> Option<(&StaffId, StaffRate)> {
        let RateGroup::Staff(staff) = &self.group else { return None };
        let rate = self.corrected.ok().filter(|_| self.rule == rule)?;
        Some((staff, StaffRate { contacts: self.contacts, rate }))
    }
}

fn groups(
    channel: Channel,
    team: Option<&TeamId>,
    staff: Option<&StaffId>,
    caller: &Caller,
) -> Vec<RateGroup> {
    // Of a channel the caller of one team would see a part and take it for the whole.
    let channel = caller.team.is_none().then_some(RateGroup::Channel(channel));
    let team = team.cloned().map(RateGroup::Team);
    let staff = staff.cloned().map(RateGroup::Staff);
    channel.into_iter().chain(team).chain(staff).collect()
}

fn belongs(one: &SampledContact, group: &RateGroup, caller: &Caller) -> bool {
    caller.sees(one.team.as_ref())
        && groups(one.channel, one.team.as_ref(), one.staff.as_ref(), caller).contains(group)
}

/// Contacts of a group.
#[derive(Default)]
struct GroupCount {
    contacts: usize,
    flagged: BTreeMap<Rule, usize>,
}

impl GroupCount {
    fn add(&mut self, one: &FrameCount) {
        match one.rule {
            None => self.contacts += one.contacts,
            Some(rule) => *self.flagged.entry(rule).or_default() += one.contacts,
        }
    }

    fn rate(&self, group: &RateGroup, rule: Rule, drawn: &[&SampledContact]) -> GroupRate {
        let flagged = self.flagged.get(&rule).copied().unwrap_or_default();
        let mut read: Vec<ReadContact> =
            drawn.iter().filter_map(|one| read_contact(one, rule, None)).collect();
        // What was drawn and is not read yet is a sample of the sample: it is read in the order of a lot.
        let share = count(read.len()) / count(drawn.len().max(1));
        for one in &mut read {
            one.probability *= share;
        }
        let frame = GroupFrame { contacts: self.contacts, flagged };
        GroupRate {
            group: group.clone(),
            rule,
            contacts: self.contacts,
            raw: count(flagged) / count(self.contacts.max(1)),
            corrected: corrected_rate(frame, &read),
        }
    }
}
