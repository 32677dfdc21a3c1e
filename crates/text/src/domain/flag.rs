//! Flags: reasons to listen to a contact.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Facts, Lang, closed_set};

closed_set! {
    /// The rule that raised a flag.
    Rule {
        /// The customer's mood got clearly worse and stayed negative.
        Escalation => "escalation", "情绪升级";
        /// The customer left in a negative mood.
        NegativeEnding => "negative_ending", "负面收尾";
        /// The customer is probably dissatisfied and did not complain.
        LikelyDissatisfied => "likely_dissatisfied", "可能不满意";
        /// An agent turn was negative. Always confirmed by a person before anyone else sees it.
        AgentLapse => "agent_lapse", "坐席失当";
        /// The customer may go to a regulator, the media, a court or another operator.
        RegulatorRisk => "regulator_risk", "外部投诉风险";
        /// The agent was insulted or threatened: a need for support, never a fault.
        Abuse => "abuse", "坐席受辱骂";
        /// A negative customer had calmed down by the end: worth learning from.
        Recovery => "recovery", "情绪缓和";
        /// A complaint was taken and no time limit was told.
        DeadlineNotTold => "deadline_not_told", "未告知时限";
        /// A problem was handled and nobody asked whether the customer is satisfied.
        SatisfactionNotAsked => "satisfaction_not_asked", "未询问满意";
        /// Staff report an upset customer in a note.
        ReportedDistress => "reported_distress", "记录客户不满";
    }
}

closed_set! {
    /// How urgently a person should look.
    Severity {
        /// Today.
        High => "high", "高";
        /// This week.
        Medium => "medium", "中";
        /// When there is time.
        Low => "low", "低";
        /// Nothing is wrong: support for staff, or good work.
        Info => "info", "关怀";
    }
}

closed_set! {
    /// What people have said about a flag.
    FlagStatus {
        /// Raised by the machine, seen by nobody.
        Candidate => "candidate", "待复核";
        /// A reviewer agrees.
        Confirmed => "confirmed", "已确认";
        /// A reviewer disagrees.
        Rejected => "rejected", "误报";
        /// A reviewer has listened and cannot tell. It counts for nothing.
        Unclear => "unclear", "存疑";
    }
}

closed_set! {
    /// Why a reviewer disagrees with a flag.
    Objection {
        /// The emotion was misread.
        Misread => "misread", "情绪读错了";
        /// What came before gives it another sense.
        Context => "context", "没看上下文";
        /// Somebody else's words are repeated.
        Quotation => "quotation", "转述或引用";
        /// The rule does not fit such a matter.
        RuleDoesNotFit => "rule_does_not_fit", "规则不适用";
        /// The act was needed, and it was done.
        Done => "done", "需要，也做到了";
        /// There was no occasion for the act.
        NoOccasion => "no_occasion", "本来就不需要";
        /// Something else.
        Other => "other", "其他";
    }
}

closed_set! {
    /// What the flags of a rule are good for at present.
    RuleState {
        /// They wait for a reviewer and count.
        On => "on", "启用";
        /// They are shown on the contact, wait for nobody and count for nothing.
        Hint => "hint", "仅提示";
        /// They are shown nowhere.
        Off => "off", "停用";
    }
}

/// The state of every rule at a moment.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RuleStates(BTreeMap<Rule, RuleState>);

impl FromIterator<(Rule, RuleState)> for RuleStates {
    /// Of several states of a rule the last counts.
    fn from_iter<T: IntoIterator<Item = (Rule, RuleState)>>(states: T) -> Self {
        Self(states.into_iter().collect())
    }
}

impl RuleStates {
    /// The state of a rule; one that nobody ever touched is on.
    #[must_use]
    pub fn of(&self, rule: Rule) -> RuleState {
        self.0.get(&rule).copied().unwrap_or(RuleState::On)
    }

    /// Whether the flags of a rule wait for reviewers and count.
    #[must_use]
    pub fn counts(&self, rule: Rule) -> bool {
        self.of(rule) == RuleState::On
    }

    /// Whether they are shown anywhere.
    #[must_use]
    pub fn shows(&self, rule: Rule) -> bool {
        self.of(rule) != RuleState::Off
    }

    /// Rules whose flags wait for nobody.
    #[must_use]
    pub fn not_counted(&self) -> Vec<Rule> {
        self.0.keys().copied().filter(|rule| !self.counts(*rule)).collect()
    }

    /// Rules whose flags are shown nowhere.
    #[must_use]
    pub fn not_shown(&self) -> Vec<Rule> {
        self.0.keys().copied().filter(|rule| !self.shows(*rule)).collect()
    }
}

impl FlagStatus {
    /// What may be shown to whoever does not judge: nothing about a person before somebody
    /// confirmed it.
    pub const SHOWN_TO_OTHERS: Self = Self::Confirmed;
}

impl Rule {
    /// What a reviewer may object to a flag of this rule. A rule on a missing act asks three
    /// things: needed and missing is a confirmation, the other two stand first here.
    #[must_use]
    pub const fn objections(self) -> &'static [Objection] {
        match self {
            Self::DeadlineNotTold | Self::SatisfactionNotAsked => {
                &[Objection::Done, Objection::NoOccasion, Objection::Misread, Objection::Other]
            }
            _ => &[
                Objection::Misread,
                Objection::Context,
                Objection::Quotation,
                Objection::RuleDoesNotFit,
                Objection::Other,
            ],
        }
    }
}

/// A reason to listen to a contact.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(into = "PublishedFlag", from = "PublishedFlag")]
pub struct Flag {
    /// What raised it.
    pub rule: Rule,
    /// How urgent.
    pub severity: Severity,
    /// Probability that the event happened, in [0, 1], as far as the model is calibrated.
    pub probability: f64,
    /// The turns to look at, by index.
    pub utterances: Vec<usize>,
    /// Why it was raised.
    pub why: Why,
    /// Always `candidate` when it leaves the machine.
    pub status: FlagStatus,
}

/// Why a flag was raised, as it is kept.
#[derive(Debug, Clone, PartialEq)]
pub enum Why {
    /// What the rule found.
    Facts(Facts),
    /// The Chinese sentence that a release before facts were kept had made.
    Sentence(String),
}

impl Flag {
    /// Why it was raised, in one sentence without the probability. A flag of an older release has
    /// its Chinese sentence only.
    #[must_use]
    pub fn sentence(&self, lang: Lang) -> String {
        match &self.why {
            Why::Facts(facts) => facts.sentence(&self.utterances, lang),
            Why::Sentence(sentence) => sentence.clone(),
        }
    }

    /// The sentence of the published analysis: Chinese, with the probability.
    #[must_use]
    pub fn reason(&self) -> String {
        match &self.why {
            // Never 100 %: no model is that sure.
            Why::Facts(_) => {
                let percent = (self.probability * 100.0).round().clamp(0.0, 99.0);
                format!("{}（把握{percent:.0}%）", self.sentence(Lang::Zh))
            }
            Why::Sentence(sentence) => sentence.clone(),
        }
    }
}

/// A reason to listen to a contact.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = Flag)]
pub struct PublishedFlag {
    /// What raised it.
    rule: Rule,
    /// How urgent.
    severity: Severity,
    /// Probability that the event happened, in [0, 1], as far as the model is calibrated.
    probability: f64,
    /// The turns to look at, by index.
    utterances: Vec<usize>,
    /// What the rule found; absent in stored flags that have their sentence alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    facts: Option<Facts>,
    /// One Chinese sentence why.
    reason: String,
    /// Always `candidate` when it leaves the machine.
    status: FlagStatus,
}

impl From<Flag> for PublishedFlag {
    fn from(flag: Flag) -> Self {
        let reason = flag.reason();
        let facts = match flag.why {
            Why::Facts(facts) => Some(facts),
            Why::Sentence(_) => None,
        };
        let Flag { rule, severity, probability, utterances, status, .. } = flag;
        Self { rule, severity, probability, utterances, facts, reason, status }
    }
}

impl From<PublishedFlag> for Flag {
    fn from(published: PublishedFlag) -> Self {
        let PublishedFlag { rule, severity, probability, utterances, facts, reason, status } = published;
        let why = facts.map_or(Why::Sentence(reason), Why::Facts);
        Self { rule, severity, probability, utterances, why, status }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{HeardLapse, LapseAct};
    use super::*;

    #[test]
    fn a_flag_of_an_older_release_keeps_its_sentence() {
        let kept = r#"{"rule":"abuse","severity":"info","probability":0.9,"utterances":[2],"reason":"第3轮坐席受到辱骂（把握90%）","status":"candidate"}"#;

        let flag: Flag = serde_json::from_str(kept).unwrap();

        assert_eq!(flag.reason(), "第3轮坐席受到辱骂（把握90%）");
        assert_eq!(serde_json::to_string(&flag).unwrap(), kept);
    }

    #[test]
    fn facts_are_told_in_both_languages_and_survive_the_wire() {
        let flag = Flag {
            rule: Rule::AgentLapse,
            severity: Severity::High,
            probability: 0.999,
            utterances: vec![1],
            why: Why::Facts(Facts::AgentLapse {
                turn: 1,
                heard: HeardLapse::Wording { act: LapseAct::Blame, words: "怪谁".to_owned() },
                turned: true,
            }),
            status: FlagStatus::Candidate,
        };

        let read: Flag = serde_json::from_str(&serde_json::to_string(&flag).unwrap()).unwrap();

        assert_eq!(read, flag);
        assert_eq!(
            read.reason(),
            "第2轮坐席的话像是在指责客户：“怪谁”，之后客户由平静转为不满，请人工复核（把握99%）"
        );
        assert_eq!(
            read.sentence(Lang::En),
            "The agent's words in turn 2 seem to blame the customer: “怪谁”; a calm customer is displeased after it. \
             Please check"
        );
    }
}
