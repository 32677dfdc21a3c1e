//! From which score a rule raises a flag: as shipped, and as people have changed it.

use std::collections::BTreeMap;

use super::{Rule, SignalName};

/// Probability from which an event in the course of mood is flagged.
///
/// **Source**: on labelled service dialogues flags from .8 on have precision .82–.95 («escalation»)
/// and .62–.94 («recovery») for utterance models of macro-F1 .63–.94, but find only .07–.75 and
/// .11–.80 of the events. The lexicon model is unsure of itself: on the 80 sample contacts that the
/// project ships, flags from .8 on are right in 13 of 14 cases and find 13 of 54 events; from .6 on
/// 32 of 33 and 32 of 54. Those figures are in-sample, for the bar was chosen on the same contacts;
/// reviewers' verdicts will replace them. None of 500 neutral dialogues reaches .3. A flag of .6 is
/// a candidate of medium severity; from .8 on it is as good as certain.
const EVENT: f64 = 0.6;

/// Probability from which a lapse is shown to a reviewer.
///
/// **Source**: agents are negative in 0.3–0.5 % of their turns. A flag names a person, so the bar
/// is higher than for the customer's side.
const LAPSE: f64 = 0.9;

/// Probability from which a step outside is flagged.
///
/// **Source**: set by the project. Missing one costs more than a needless look, so the bar is lower
/// than for events.
const OUTSIDE: f64 = 0.7;

/// Probability from which staff are offered support.
///
/// **Source**: set by the project; being asked needlessly how one is does no harm.
const ABUSE: f64 = 0.8;

/// Probability from which a note is flagged. **Source**: set by the project.
const REPORTED: f64 = 0.8;

impl Rule {
    /// The signal that the rule compares with a threshold; `None` for rules that compare wording with lists, and for the one
    /// that also asks what other rules found.
    #[must_use]
    pub const fn signal(self) -> Option<SignalName> {
        match self {
            Self::Escalation => Some(SignalName::Escalation),
            Self::NegativeEnding => Some(SignalName::NegativeEnding),
            Self::AgentLapse => Some(SignalName::AgentLapse),
            Self::RegulatorRisk => Some(SignalName::RegulatorRisk),
            Self::Abuse => Some(SignalName::Abuse),
            Self::Recovery => Some(SignalName::Recovery),
            Self::ReportedDistress => Some(SignalName::ReportedNegative),
            Self::LikelyDissatisfied | Self::DeadlineNotTold | Self::SatisfactionNotAsked => None,
        }
    }

    /// The threshold that the project ships; `None` where there is no [`signal`](Self::signal).
    #[must_use]
    pub const fn shipped_threshold(self) -> Option<f64> {
        match self {
            Self::Escalation | Self::NegativeEnding | Self::Recovery => Some(EVENT),
            Self::AgentLapse => Some(LAPSE),
            Self::RegulatorRisk => Some(OUTSIDE),
            Self::Abuse => Some(ABUSE),
            Self::ReportedDistress => Some(REPORTED),
            Self::LikelyDissatisfied | Self::DeadlineNotTold | Self::SatisfactionNotAsked => None,
        }
    }
}

/// Thresholds that people have changed; all others are as shipped.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RuleThresholds(BTreeMap<Rule, f64>);

impl FromIterator<(Rule, f64)> for RuleThresholds {
    /// Of several thresholds of a rule the last counts.
    fn from_iter<T: IntoIterator<Item = (Rule, f64)>>(changed: T) -> Self {
        Self(changed.into_iter().collect())
    }
}

impl RuleThresholds {
    /// From which score a rule raises a flag; `None` for a rule without a signal.
    #[must_use]
    pub fn of(&self, rule: Rule) -> Option<f64> {
        let shipped = rule.shipped_threshold()?;
        Some(self.0.get(&rule).copied().unwrap_or(shipped))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_with_a_signal_has_a_threshold_and_what_people_changed_counts() {
        let changed: RuleThresholds =
            [(Rule::Abuse, 0.6), (Rule::Abuse, 0.7), (Rule::DeadlineNotTold, 0.5)].into_iter().collect();

        for rule in Rule::ALL {
            assert_eq!(rule.signal().is_some(), rule.shipped_threshold().is_some(), "{rule}");
        }
        assert_eq!(changed.of(Rule::Abuse), Some(0.7));
        assert_eq!(changed.of(Rule::Escalation), Rule::Escalation.shipped_threshold());
        assert_eq!(changed.of(Rule::DeadlineNotTold), None, "a list has no threshold");
    }
}
