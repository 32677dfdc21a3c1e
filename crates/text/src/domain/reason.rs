//! Why a flag was raised: the facts that a rule found, and the sentence that tells them.
//!
//! Rules find facts and know no language. The sentence is made where somebody reads it, so it can
//! be in Chinese or in English and no program has to read a number back out of it.

use serde::{Deserialize, Serialize};

use super::{Emotion, Kind, Lang, LapseAct, Threat};

/// What a rule found. Turns count from 0; quotations are redacted and cut to a few characters.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(tag = "rule", rename_all = "snake_case")]
pub enum Facts {
    /// The customer's mood got clearly worse.
    Escalation {
        /// The first turn of the worse part.
        since: Option<usize>,
        /// What prevailed in the last three turns, where they were negative.
        left: Option<Emotion>,
    },
    /// The customer left in a negative mood.
    NegativeEnding {
        /// What prevailed in the last three turns.
        left: Option<Emotion>,
    },
    /// The customer is probably dissatisfied and did not complain.
    LikelyDissatisfied {
        /// Expected satisfaction, 1 to 5.
        satisfaction: f64,
    },
    /// A negative customer had calmed down by the end.
    Recovery {
        /// The last turn of the negative part.
        after: Option<usize>,
    },
    /// An agent turn was negative.
    AgentLapse {
        /// The agent's turn.
        turn: usize,
        /// What was heard in it.
        heard: HeardLapse,
        /// Whether a calm customer was negative after it.
        turned: bool,
    },
    /// The agent was insulted or threatened.
    Abuse {
        /// Whether it was said, or written down by staff.
        kind: Kind,
    },
    /// The customer spoke of a step outside the company.
    RegulatorRisk {
        /// The customer's turn; none in a note.
        turn: Option<usize>,
        /// The step that was named.
        threat: Threat,
        /// The words.
        words: String,
    },
    /// A complaint was taken and no time limit was told.
    DeadlineNotTold {
        /// The agent's turn that took the matter on record.
        turn: usize,
    },
    /// Nobody asked whether the customer is satisfied.
    SatisfactionNotAsked {
        /// Whether the customer raised a matter; otherwise the customer was upset.
        raised: bool,
    },
    /// Staff report an upset customer in a note.
    ReportedDistress {
        /// The words of the note.
        words: String,
    },
}

/// What was heard in a negative turn of an agent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum HeardLapse {
    /// Words that act on the customer.
    Wording {
        /// How.
        act: LapseAct,
        /// The words.
        words: String,
    },
    /// A negative tone.
    Tone {
        /// Which.
        emotion: Emotion,
    },
}

impl Facts {
    /// The words that are quoted, if any are.
    pub(super) const fn words_mut(&mut self) -> Option<&mut String> {
        match self {
            Self::AgentLapse { heard: HeardLapse::Wording { words, .. }, .. }
            | Self::RegulatorRisk { words, .. }
            | Self::ReportedDistress { words } => Some(words),
            Self::AgentLapse { heard: HeardLapse::Tone { .. }, .. }
            | Self::Escalation { .. }
            | Self::NegativeEnding { .. }
            | Self::LikelyDissatisfied { .. }
            | Self::Recovery { .. }
            | Self::Abuse { .. }
            | Self::DeadlineNotTold { .. }
            | Self::SatisfactionNotAsked { .. } => None,
        }
    }

    /// The facts in one sentence. `turns` are those that the flag points at.
    pub(super) fn sentence(&self, turns: &[usize], lang: Lang) -> String {
        match lang {
            Lang::Zh => self.in_chinese(turns),
            Lang::En => self.in_english(turns),
        }
    }

    fn in_chinese(&self, turns: &[usize]) -> String {
        match self {
            Self::Escalation { since, left } => {
                let since = since.map_or_else(|| "后段".to_owned(), |turn| format!("{}起", turn_zh(turn)));
                let left = left.map(|left| format!("，最后三轮仍以{}为主", left.zh())).unwrap_or_default();
                format!("{since}客户情绪明显变差{left}")
            }
            Self::NegativeEnding { left } => {
                let left = match left {
                    Some(Emotion::Sadness) => "失望或难过",
                    Some(Emotion::Fear) => "担忧",
                    Some(Emotion::Disgust) => "厌烦",
                    _ => "愤怒",
                };
                format!("客户最后三轮情绪仍为负面，带着{left}结束这次服务")
            }
            Self::LikelyDissatisfied { satisfaction } => {
                let look =
                    if turns.is_empty() { String::new() } else { format!("，可留意{}", turns_zh(turns)) };
                format!("客户没有投诉，但预计满意度只有{satisfaction:.1}分（满分5分）{look}")
            }
            Self::Recovery { after } => {
                let after = after.map_or_else(|| "后段".to_owned(), |turn| format!("{}之后", turn_zh(turn)));
                format!("客户前半段情绪负面，{after}逐渐缓和，最后三轮已不再负面")
            }
            Self::AgentLapse { turn, heard, turned } => {
                let what = match heard {
                    HeardLapse::Wording { act, words } => format!("{}：“{words}”", act_zh(*act)),
                    HeardLapse::Tone { emotion } => format!("带有明显的{}情绪", emotion.zh()),
                };
                let turned = if *turned { "，之后客户由平静转为不满" } else { "" };
                format!("{}坐席的话{what}{turned}，请人工复核", turn_zh(*turn))
            }
            Self::Abuse { kind: Kind::Transcript } => {
                format!("{}坐席受到辱骂或威胁，请主管关怀并给予支持", turns_zh(turns))
            }
            Self::Abuse { kind: Kind::Note } => "记录显示员工受到辱骂或威胁，请主管关怀并给予支持".to_owned(),
            Self::RegulatorRisk { turn, threat, words } => {
                let who =
                    turn.map_or_else(|| "记录显示客户".to_owned(), |turn| format!("{}客户", turn_zh(turn)));
                format!("{who}{}：“{words}”", threat_zh(*threat))
            }
            Self::DeadlineNotTold { turn } => {
                format!("{}坐席登记了客户的问题，但之后没有告知答复或处理时限", turn_zh(*turn))
            }
            Self::SatisfactionNotAsked { raised } => {
                let matter = if *raised { "客户反映了问题" } else { "客户情绪明显不好" };
                format!("{matter}，坐席到结束也没有询问是否满意或是否解决")
            }
            Self::ReportedDistress { words } => {
                format!("记录写到客户“{words}”，结尾看不出客户已经平复")
            }
        }
    }

    fn in_english(&self, turns: &[usize]) -> String {
        match self {
            Self::Escalation { since, left } => {
                let since = since.map_or_else(
                    || "Late in the contact".to_owned(),
                    |turn| format!("From turn {}", turn + 1),
                );
                let left = left
                    .map(|left| format!("; {} prevails in the last three turns", left.as_str()))
                    .unwrap_or_default();
                format!("{since} the customer's mood gets clearly worse{left}")
            }
            Self::NegativeEnding { left } => {
                let left = match left {
                    Some(Emotion::Sadness) => "disappointed or sad",
                    Some(Emotion::Fear) => "worried",
                    Some(Emotion::Disgust) => "annoyed",
                    _ => "angry",
                };
                format!("The customer's last three turns are still negative; the contact ends {left}")
            }
            Self::LikelyDissatisfied { satisfaction } => {
                let look =
                    if turns.is_empty() { String::new() } else { format!("; see {}", turns_en(turns)) };
                format!("No complaint, but the expected satisfaction is only {satisfaction:.1} of 5{look}")
            }
            Self::Recovery { after } => {
                let after = after.map_or_else(
                    || "late in the contact".to_owned(),
                    |turn| format!("after turn {}", turn + 1),
                );
                format!(
                    "The customer begins negative, calms down {after} and is no longer negative in the last three turns"
                )
            }
            Self::AgentLapse { turn, heard, turned } => {
                let what = match heard {
                    HeardLapse::Wording { act, words } => format!("{}: “{words}”", act_en(*act)),
                    HeardLapse::Tone { emotion } => format!("carry clear {}", emotion.as_str()),
                };
                let turned = if *turned { "; a calm customer is displeased after it" } else { "" };
                format!("The agent's words in turn {} {what}{turned}. Please check", turn + 1)
            }
            Self::Abuse { kind: Kind::Transcript } => {
                format!("The agent is insulted or threatened in {}; please offer support", turns_en(turns))
            }
            Self::Abuse { kind: Kind::Note } => {
                "The note reports that staff were insulted or threatened; please offer support".to_owned()
            }
            Self::RegulatorRisk { turn, threat, words } => {
                let who = turn.map_or_else(
                    || "By the note, the customer".to_owned(),
                    |turn| format!("In turn {} the customer", turn + 1),
                );
                format!("{who} {}: “{words}”", threat_en(*threat))
            }
            Self::DeadlineNotTold { turn } => {
                format!("In turn {} the agent records the matter and tells no time limit after it", turn + 1)
            }
            Self::SatisfactionNotAsked { raised } => {
                let matter =
                    if *raised { "The customer raises a problem" } else { "The customer is clearly upset" };
                format!(
                    "{matter}, and to the end the agent does not ask whether it is solved or satisfactory"
                )
            }
            Self::ReportedDistress { words } => {
                format!(
                    "The note says of the customer “{words}” and does not say that the customer calmed down"
                )
            }
        }
    }
}

/// «第7轮»; people count from one.
fn turn_zh(turn: usize) -> String {
    format!("第{}轮", turn + 1)
}

/// Most turns that a sentence names.
const NAMED: usize = 3;

/// «第5轮、第9轮», at most three of them.
fn turns_zh(turns: &[usize]) -> String {
    let named: Vec<String> = turns.iter().take(NAMED).map(|turn| turn_zh(*turn)).collect();
    let more = if turns.len() > NAMED { "等" } else { "" };
    format!("{}{more}", named.join("、"))
}

/// `turns 5, 9`, at most three of them.
fn turns_en(turns: &[usize]) -> String {
    let named: Vec<String> = turns.iter().take(NAMED).map(|turn| (turn + 1).to_string()).collect();
    let noun = if turns.len() == 1 { "turn" } else { "turns" };
    let more = if turns.len() > NAMED { " and others" } else { "" };
    format!("{noun} {}{more}", named.join(", "))
}

const fn act_zh(act: LapseAct) -> &'static str {
    match act {
        LapseAct::Blame => "像是在指责客户",
        LapseAct::Refusal => "像是生硬拒绝",
        LapseAct::Command => "像是命令口吻",
        LapseAct::Sarcasm => "像是在讽刺",
        LapseAct::Impatience => "显得不耐烦",
        LapseAct::Dismissal => "像是在敷衍",
    }
}

const fn act_en(act: LapseAct) -> &'static str {
    match act {
        LapseAct::Blame => "seem to blame the customer",
        LapseAct::Refusal => "seem a blunt refusal",
        LapseAct::Command => "sound like an order",
        LapseAct::Sarcasm => "seem sarcastic",
        LapseAct::Impatience => "seem impatient",
        LapseAct::Dismissal => "seem to brush the customer off",
    }
}

const fn threat_zh(threat: Threat) -> &'static str {
    match threat {
        Threat::Regulator => "提到要向监管部门投诉",
        Threat::Media => "提到要找媒体或上网曝光",
        Threat::Legal => "提到要走法律途径",
        Threat::Churn => "提到要转网或不再使用",
        Threat::Complaint => "提到要投诉",
    }
}

const fn threat_en(threat: Threat) -> &'static str {
    match threat {
        Threat::Regulator => "speaks of going to the regulator",
        Threat::Media => "speaks of going public",
        Threat::Legal => "speaks of legal steps",
        Threat::Churn => "speaks of leaving for another operator",
        Threat::Complaint => "speaks of a complaint",
    }
}
