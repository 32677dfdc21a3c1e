//! What members of closed sets are called in the language of the page.

use tingxin_text::domain::{
    AlertKind, AppealState, BusinessProcess, CaseAct, CaseCause, CaseKind, CaseOrigin, CaseOutcome,
    CaseState, CaseTerm, Channel, ContactState, Emotion, ExportForm, ExportKind, ExportReason, FlagStatus,
    HookForm, HookScope, NewsKind, Objection, Programme, Purpose, RedactionKind, Role, Rule, RuleState,
    Severity, SignalName, Speaker,
};

use tingxin_staff::Indicator;
use tingxin_store::{ContactSort, DistributionMethod, EvidenceStream, SampleUnit};

use super::text::{Lang, Spoken, fill};

/// Something with a name that people read.
pub trait Label: Copy {
    /// The name in that language.
    fn label(self, lang: Lang) -> &'static str;
}

/// Somebody as the store names them: `user:li.na`, `key:crm`.
pub(super) fn actor(name: &str, lang: Lang) -> String {
    match name.split_once(':') {
        Some(("user", account)) => account.to_owned(),
        Some(("key", key)) => fill(lang.texts().by_key, key),
        _ => name.to_owned(),
    }
}

macro_rules! labels {
    ($($name:ident { $($variant:ident => $en:literal),+ $(,)? })+) => {$(
        impl Label for $name {
            fn label(self, lang: Lang) -> &'static str {
                match lang {
                    Lang::Zh => self.zh(),
                    Lang::En => match self { $(Self::$variant => $en),+ },
                }
            }
        }
    )+};
}

labels! {
    Channel {
        Hotline => "Hotline", Hall => "Business hall", Visit => "Home visit", Outbound => "Outbound call",
        Chat => "Online chat", VipManager => "VIP manager", AccountManager => "Account manager",
        CommunityManager => "Community manager", OnlineHall => "Online hall",
    }
    Speaker { Agent => "Agent", Customer => "Customer", System => "System" }
    Emotion {
        Happiness => "happy", Gratitude => "grateful", Neutral => "calm", Surprise => "surprised",
        Sadness => "disappointed", Fear => "worried", Anger => "angry", Disgust => "annoyed",
    }
    Rule {
        Escalation => "Escalation", NegativeEnding => "Negative ending",
        LikelyDissatisfied => "Probably dissatisfied", AgentLapse => "Agent lapse",
        RegulatorRisk => "Outside complaint risk", Abuse => "Agent was abused", Recovery => "Calmed down",
        DeadlineNotTold => "No time limit told", SatisfactionNotAsked => "Satisfaction not asked",
        ReportedDistress => "Upset customer in note",
    }
    Programme { Train => "train", Motivate => "motivate", Empower => "empower", Support => "support" }
    ExportKind {
        Contacts => "Contacts", Analyses => "Readings", Flags => "Flags", Staff => "Figures of staff",
        Teams => "Figures of teams",
    }
    ExportForm { Csv => "CSV", Xlsx => "Excel workbook", Parquet => "Parquet", Vcon => "vCon" }
    ExportReason {
        Review => "review", Coaching => "coaching", Reporting => "reporting", Complaint => "complaint",
        Checking => "checking", Transfer => "transfer",
    }
    HookForm { Generic => "generic", Dingtalk => "DingTalk", Wecom => "WeCom", Feishu => "Feishu" }
    HookScope { Events => "every event", Alerts => "alerts" }
    AlertKind {
        EscalationSurge => "A surge of escalations: {n} contacts within an hour; an outage?",
        AppealsOverdue => "{n} appeals are overdue", CasesOverdue => "{n} cases are overdue",
        Test => "A test: messages arrive",
    }
    NewsKind {
        FlagRaised => "New flag", FlagWithdrawn => "Flag withdrawn", FlagJudged => "Verdict",
        AppealMoved => "Appeal", CaseMoved => "Case", SatisfactionPredicted => "Predicted satisfaction",
        AlertRaised => "Alert",
    }
    RuleState { On => "on", Hint => "hint only", Off => "off" }
    DistributionMethod { Load => "whoever has least", Turn => "in turn" }
    SampleUnit { Staff => "member of staff", Team => "team", Channel => "channel" }
    EvidenceStream { Sample => "random sample", Queue => "review queue" }
    ContactState { Queued => "Waiting", Analysed => "Analysed", Quarantined => "Set aside" }
    ContactSort { Newest => "Newest first", Oldest => "Oldest first", Dissatisfied => "Least satisfied first" }
    Indicator {
        Unsoothed => "Began and ended negative", NegativeEnding => "Negative ending",
        Escalation => "Escalation", Lapse => "Agent lapse", NotAsked => "Satisfaction not asked",
    }
    Severity { High => "High", Medium => "Medium", Low => "Low", Info => "Care" }
    FlagStatus { Candidate => "To review", Confirmed => "Confirmed", Rejected => "Rejected", Unclear => "Unclear" }
    AppealState {
        Filed => "With the supervisor", Answered => "Answered by the supervisor", Forwarded => "With a second reviewer",
        Upheld => "Upheld", Overturned => "Overturned",
    }
    CaseKind { Callback => "Call back", Matter => "Matter to settle" }
    CaseOrigin {
        Promise => "promised call back", NegativeEnding => "negative ending", LikelyDissatisfied => "probably dissatisfied",
        NotSettled => "came back after it was closed", Person => "opened by a person", Suggested => "suggested by the system",
    }
    CaseState { Open => "Nobody has it", Taken => "In hand", Forwarded => "With a department", Closed => "Closed" }
    CaseTerm { ThreeDays => "3 days", DayAfterRepair => "24 hours after a repair", Promised => "as promised" }
    CaseCause { NotKnown => "did not know", NotAble => "was not able", NotWilling => "was not willing", System => "systems and rules" }
    CaseOutcome {
        Settled => "settled", Explained => "explained, the customer agrees", NotSettled => "not settled, the customer knows",
        Unreachable => "nobody reached", NoNeed => "no call back needed",
    }
    CaseAct {
        Opened => "opened", Taken => "taken", Assigned => "assigned", Forwarded => "handed to a department",
        Closed => "closed", Reopened => "reopened", CameBack => "the customer came back",
    }
    Objection {
        Misread => "emotion misread", Context => "context ignored", Quotation => "reported or quoted",
        RuleDoesNotFit => "rule does not fit", Done => "needed, and done", NoOccasion => "no occasion for it",
        Other => "something else",
    }
    RedactionKind {
        Phone => "phone number", IdCard => "identity card number", BankCard => "bank card number",
        Plate => "number plate", Email => "e-mail address", Name => "name", Address => "address",
        BirthDate => "date of birth", Number => "number",
    }
    Role {
        Reviewer => "Reviewer", Trainer => "Trainer", Supervisor => "Supervisor", Staff => "Staff",
        Admin => "Administrator", Auditor => "Auditor", Integrator => "Integrator", Analyst => "Analyst", Demo => "Demo",
        Monitor => "Monitor",
    }
    Purpose {
        Review => "Review", Coaching => "Coaching", Own => "Own results", Audit => "Audit", Api => "Another system",
        Export => "Export",
    }
    SignalName {
        CustomerStart => "Customer at the start", CustomerMean => "Customer on average",
        CustomerWorst => "Customer at the worst", CustomerEnd => "Customer at the end",
        Escalation => "Escalation", Recovery => "Calmed down", NegativeEnding => "Negative ending",
        MoodDrop => "Mood turned worse", MoodLift => "Mood turned better",
        AgentFirst => "Agent negative first, customer after it",
        AgentLapse => "Agent lapse", RegulatorRisk => "Outside complaint risk", Abuse => "Abuse of the agent",
        ReportedNegative => "Negative customer in note",
    }
}

/// What a rule means, for the help page.
#[must_use]
pub const fn meaning(rule: Rule, lang: Lang) -> &'static str {
    match (rule, lang) {
        (Rule::Escalation, Lang::Zh) => "客户的情绪明显变差，并且持续不愉快。",
        (Rule::Escalation, Lang::En) => "The customer's mood got clearly worse and stayed unpleasant.",
        (Rule::NegativeEnding, Lang::Zh) => "客户带着不满结束了这次服务，适合安排回访修复关系。",
        (Rule::NegativeEnding, Lang::En) => "The customer left upset; a call back may repair the relation.",
        (Rule::LikelyDissatisfied, Lang::Zh) => {
            "客户没有投诉，但多半并不满意。可以安排回访，弄清还有什么没办好。"
        }
        (Rule::LikelyDissatisfied, Lang::En) => {
            "The customer did not complain and is probably dissatisfied: a call back may tell what is still open."
        }
        (Rule::AgentLapse, Lang::Zh) => {
            "坐席可能有不当表达，如指责、生硬拒绝或不耐烦。必须经人工确认，确认前不展示给他人。"
        }
        (Rule::AgentLapse, Lang::En) => {
            "An agent turn may blame, refuse bluntly or show impatience. A person must confirm it first."
        }
        (Rule::RegulatorRisk, Lang::Zh) => "客户提到监管、媒体、诉讼或离网，可能向外部投诉。",
        (Rule::RegulatorRisk, Lang::En) => {
            "The customer named a regulator, the media, a court or another operator."
        }
        (Rule::Abuse, Lang::Zh) => "坐席受到辱骂或威胁。这是关怀提醒：员工需要支持，绝不是过错。",
        (Rule::Abuse, Lang::En) => {
            "The agent was insulted or threatened: a reminder to support them, never a fault."
        }
        (Rule::Recovery, Lang::Zh) => "原本不满的客户到结束时已经平静下来，值得学习和表扬。",
        (Rule::Recovery, Lang::En) => "An upset customer had calmed down by the end: worth learning from.",
        (Rule::DeadlineNotTold, Lang::Zh) => "受理了投诉或故障，但没有告知处理时限。",
        (Rule::DeadlineNotTold, Lang::En) => "A complaint or fault was taken and no time limit was told.",
        (Rule::SatisfactionNotAsked, Lang::Zh) => "处理了问题，但没有询问客户是否满意。",
        (Rule::SatisfactionNotAsked, Lang::En) => {
            "A problem was handled and nobody asked whether the customer is satisfied."
        }
        (Rule::ReportedDistress, Lang::Zh) => "员工在记录里写到客户情绪激动或不满。这是转述，不是客户原话。",
        (Rule::ReportedDistress, Lang::En) => {
            "Staff wrote that the customer was upset: a report, not the customer's own words."
        }
    }
}

/// The icon of a rule: the id of a symbol in `templates/icons.html`.
#[must_use]
pub const fn icon(rule: Rule) -> &'static str {
    match rule {
        Rule::Escalation => "i-escalation",
        Rule::NegativeEnding => "i-ending",
        Rule::LikelyDissatisfied => "i-silent",
        Rule::AgentLapse => "i-lapse",
        Rule::RegulatorRisk => "i-regulator",
        Rule::Abuse => "i-support",
        Rule::Recovery => "i-recovery",
        Rule::DeadlineNotTold => "i-deadline",
        Rule::SatisfactionNotAsked => "i-ask",
        Rule::ReportedDistress => "i-note",
    }
}

/// The colour family of a flag: abuse asks for support and recovery is good work, so neither looks
/// like a fault.
#[must_use]
pub const fn tone(rule: Rule, severity: Severity) -> &'static str {
    match (rule, severity) {
        (Rule::Abuse, _) => "support",
        (Rule::Recovery, _) => "good",
        (_, Severity::High) => "high",
        (_, Severity::Medium) => "medium",
        (_, Severity::Low) => "low",
        (_, Severity::Info) => "support",
    }
}

/// Slug, Chinese, English of the processes that the shipped samples and the import guide use.
const PROCESSES: &[(&str, &str, &str)] = &[
    ("account_cancellation", "销户", "Account cancellation"),
    ("billing_dispute", "话费争议", "Billing dispute"),
    ("broadband_fault", "宽带故障", "Broadband fault"),
    ("callback", "回访", "Callback"),
    ("complaint_handling", "投诉处理", "Complaint handling"),
    ("enterprise", "集团业务", "Enterprise"),
    ("fraud_spam", "诈骗与骚扰", "Fraud and spam"),
    ("general", "综合咨询", "General enquiry"),
    ("hall_service", "营业厅服务", "Hall service"),
    ("installation", "上门安装", "Installation"),
    ("iptv", "电视业务", "Television"),
    ("mobile_network", "移动网络", "Mobile network"),
    ("number_portability", "携号转网", "Number portability"),
    ("package_change", "套餐变更", "Plan change"),
    ("payment", "缴费", "Payment"),
    ("points_loyalty", "积分与会员", "Points and loyalty"),
    ("real_name", "实名认证", "Real-name registration"),
    ("roaming", "漫游", "Roaming"),
    ("sim_card", "号卡业务", "SIM card"),
    ("terminal", "终端", "Handsets"),
    ("value_added_service", "增值业务", "Value-added service"),
];

/// The process that people call so in either language, or whose slug it is; `None` for a name that no process may have.
#[must_use]
pub fn process_of(name: &str) -> Option<BusinessProcess> {
    let name = name.trim();
    let known = PROCESSES.iter().find(|(_, zh, en)| *zh == name || en.eq_ignore_ascii_case(name));
    BusinessProcess::new(known.map_or(name, |(slug, _, _)| slug)).ok()
}

/// Names of the well-known processes, to choose from.
#[must_use]
pub fn process_names(lang: Lang) -> Vec<&'static str> {
    processes(lang).map(|(_, name)| name).collect()
}

/// Slug and name of every well-known process.
pub(super) fn processes(lang: Lang) -> impl Iterator<Item = (&'static str, &'static str)> {
    PROCESSES.iter().map(move |(slug, zh, en)| (*slug, if lang == Lang::Zh { *zh } else { *en }))
}

/// The name of a business process; the slug itself when it is not one of the well-known ones.
#[must_use]
pub fn process(process: &BusinessProcess, lang: Lang) -> String {
    let slug = process.as_str();
    PROCESSES
        .iter()
        .find(|(known, _, _)| *known == slug)
        .map_or(slug, |(_, zh, en)| match lang {
            Lang::Zh => zh,
            Lang::En => en,
        })
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_insulted_agent_never_looks_like_a_fault() {
        for severity in Severity::ALL {
            assert_eq!(tone(Rule::Abuse, *severity), "support");
            assert_eq!(tone(Rule::Recovery, *severity), "good");
        }
    }

    #[test]
    fn an_unknown_process_keeps_the_name_its_source_gave() {
        let known = BusinessProcess::new("broadband_fault").unwrap();
        let own = BusinessProcess::new("cloud_desktop").unwrap();

        assert_eq!(process(&known, Lang::Zh), "宽带故障");
        assert_eq!(process(&own, Lang::En), "cloud_desktop");
    }

    #[test]
    fn a_process_is_known_by_its_chinese_name_its_english_one_and_its_slug() {
        let slug = |name: &str| process_of(name).map(|process| process.as_str().to_owned());

        assert_eq!(slug("宽带故障").as_deref(), Some("broadband_fault"));
        assert_eq!(slug(" broadband fault ").as_deref(), Some("broadband_fault"));
        assert_eq!(slug("cloud_desktop").as_deref(), Some("cloud_desktop"));
        assert_eq!(slug("没有这种业务"), None);
    }

    #[test]
    fn every_rule_has_an_icon_that_the_sprite_draws() {
        let sprite = include_str!("../templates/icons.html");

        for rule in Rule::ALL {
            assert!(sprite.contains(&format!("id=\"{}\"", icon(*rule))), "{rule}");
        }
    }
}
