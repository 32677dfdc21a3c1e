//! What staff are compared on. Each is an *unwanted* event that a contact has or has not.

use tingxin_statistics::soothing::NEGATIVE_START;
use tingxin_text::domain::{ContactMeasures, Observation, Rule, closed_set};

closed_set! {
    /// An unwanted event of a contact, and where it could have happened.
    Indicator {
        /// A contact that began negative also ended negative.
        Unsoothed => "unsoothed", "负面开场未能缓和";
        /// The customer left in a negative mood.
        NegativeEnding => "negative_ending", "负面收尾";
        /// The customer's mood got clearly worse.
        Escalation => "escalation", "情绪升级";
        /// A turn of staff was negative.
        Lapse => "agent_lapse", "坐席失当";
        /// A matter was raised and nobody asked if it is settled.
        NotAsked => "satisfaction_not_asked", "未询问满意";
    }
}

/// Number of indicators.
pub(super) const INDICATORS: usize = 5;

/// Probability from which an event of the course of mood counts as having happened. The most
/// probable reading, not the bar of a flag: an expectation is compared with counts, and a bar of .8
/// would miss most events of everybody.
const HAPPENED: f32 = 0.5;

/// Probability from which a lapse counts; that of the flag, for it is what reviewers confirm.
const LAPSED: f32 = 0.9;

impl Indicator {
    /// Whether the event happened; `None` where it could not have.
    #[must_use]
    pub fn of(self, contact: &ContactMeasures) -> Option<bool> {
        match self {
            Self::Unsoothed => {
                contact.start.filter(|start| *start < NEGATIVE_START)?;
                contact.ends_negative.map(|probability| probability >= HAPPENED)
            }
            Self::NegativeEnding => contact.ends_negative.map(|probability| probability >= HAPPENED),
            Self::Escalation => contact.escalated.map(|probability| probability >= HAPPENED),
            Self::Lapse => contact.lapse.map(|probability| probability >= LAPSED),
            Self::NotAsked => contact.asked.map(|asked| !asked),
        }
    }

    /// The same as the rates see it: a contact within a declared incident says nothing, nor does what is under appeal; what
    /// was overturned did not happen.
    #[must_use]
    pub fn seen(self, contact: &Observation) -> Option<bool> {
        // Nobody is blamed for what was declared wrong at that time.
        let happened = self.of(&contact.measures).filter(|_| !contact.incident)?;
        let (worse, _) = self.evidence();
        match contact.contested.iter().find(|contest| contest.rule == worse) {
            None => Some(happened),
            Some(contest) => contest.overturned.then_some(false),
        }
    }

    /// What reviewers confirm when the record is worse, and when it is better.
    #[must_use]
    pub const fn evidence(self) -> (Rule, Rule) {
        match self {
            Self::Unsoothed | Self::NegativeEnding => (Rule::NegativeEnding, Rule::Recovery),
            Self::Escalation => (Rule::Escalation, Rule::Recovery),
            Self::Lapse => (Rule::AgentLapse, Rule::Recovery),
            Self::NotAsked => (Rule::SatisfactionNotAsked, Rule::Recovery),
        }
    }

    /// The rule whose corrected rate is about the same event; `None` where readers of the random sample are asked about no such
    /// one: they do not say how a contact began.
    #[must_use]
    pub fn sampled(self) -> Option<Rule> {
        (self != Self::Unsoothed).then_some(self.evidence().0)
    }

    /// Position in [`Indicator::ALL`].
    #[must_use]
    pub fn place(self) -> usize {
        Self::ALL.iter().position(|one| *one == self).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use tingxin_text::domain::{Channel, ContactRef, Contest, UtcMillis};

    use super::*;

    #[test]
    fn there_are_as_many_as_the_sums_have_room_for() {
        assert_eq!(Indicator::ALL.len(), INDICATORS);
    }

    #[test]
    fn a_calm_beginning_gives_no_chance_to_soothe() {
        let calm =
            ContactMeasures { start: Some(0.1), ends_negative: Some(0.9), ..ContactMeasures::default() };
        assert_eq!(Indicator::Unsoothed.of(&calm), None);
        assert_eq!(Indicator::NegativeEnding.of(&calm), Some(true));
    }

    #[test]
    fn what_is_under_appeal_says_nothing_and_what_was_overturned_did_not_happen() {
        let measures =
            ContactMeasures { ends_negative: Some(0.9), escalated: Some(0.9), ..ContactMeasures::default() };
        let contact = |contested: Vec<Contest>| Observation {
            id: ContactRef::fresh(),
            channel: Channel::Hotline,
            process: None,
            staff: None,
            team: None,
            happened_at: UtcMillis::from_millis(0),
            repeated: false,
            incident: false,
            measures: measures.clone(),
            contested,
        };
        let about = |overturned| contact(vec![Contest { rule: Rule::NegativeEnding, overturned }]);

        assert_eq!(Indicator::NegativeEnding.seen(&contact(Vec::new())), Some(true));
        assert_eq!(Indicator::NegativeEnding.seen(&about(false)), None);
        assert_eq!(Indicator::NegativeEnding.seen(&about(true)), Some(false));
        assert_eq!(
            Indicator::Escalation.seen(&about(false)),
            Some(true),
            "another flag of the contact stands"
        );
    }
}
