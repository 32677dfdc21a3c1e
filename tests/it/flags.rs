//! What the rules promise, on contacts built by hand.

use tingxin::domain::{
    About, CueKind, Emotion, Flag, LapseAct, NoteOutcome, Rule, RuleThresholds, ScoredContact, Severity,
    SignalName, Signals, Threat,
};
use tingxin::{contagion, flag};

use crate::support::scored::{Line, Script, angry, contact, escalating, line};

fn flags(contact: &ScoredContact) -> Vec<Flag> {
    flag::raise(contact, &contagion::measure(contact), &RuleThresholds::default())
}

fn rules(contact: &ScoredContact) -> Vec<Rule> {
    flags(contact).into_iter().map(|flag| flag.rule).collect()
}

fn value(signals: &Signals, name: SignalName) -> f64 {
    signals.get(name).unwrap_or_else(|| panic!("{name} was not measured")).value
}

#[test]
fn a_blaming_agent_is_a_lapse_with_the_words_to_look_at() {
    let contact = contact("blame")
        .customer(line("我|想|核对|账单"))
        .agent(line("您|自己|不看|能|怪|谁").cue(CueKind::Lapse(LapseAct::Blame), "怪谁", 4))
        .customer(angry())
        .transcript();

    let flags = flags(&contact);

    assert_eq!(flags[0].rule, Rule::AgentLapse);
    assert_eq!(flags[0].severity, Severity::High);
    assert_eq!(flags[0].utterances, [1]);
    assert_eq!(
        flags[0].reason(),
        "第2轮坐席的话像是在指责客户：“怪谁”，之后客户由平静转为不满，请人工复核（把握95%）"
    );
}

#[test]
fn an_agent_who_quotes_the_customer_has_not_lapsed() {
    let contact = contact("quote")
        .customer(line("网络|断|了|我|很|恼火").felt(Emotion::Anger, 0.95))
        .agent(
            line("您|说|网络|断|了|很|恼火|我|记录|一下|马上|核实")
                .felt(Emotion::Anger, 0.95)
                .because("恼火", -0.8),
        )
        .transcript();

    let signals = contagion::measure(&contact);

    assert!(value(&signals, SignalName::AgentLapse) < 0.1);
}

#[test]
fn an_agent_who_is_annoyed_in_own_words_has_lapsed() {
    let contact = contact("annoyed")
        .customer(line("网络|断|了|我|很|恼火").felt(Emotion::Anger, 0.95))
        .agent(line("烦|死|了|没|完|没|了").felt(Emotion::Disgust, 0.97).because("烦死了", -0.8))
        .transcript();

    assert!(rules(&contact).contains(&Rule::AgentLapse));
}

#[test]
fn a_sympathetic_agent_has_not_lapsed() {
    let contact = contact("sympathy")
        .customer(line("奶奶|走|了").felt(Emotion::Sadness, 0.95))
        .agent(line("听到|这个|我|也|很|难过").felt(Emotion::Sadness, 0.97))
        .transcript();

    assert!(!rules(&contact).contains(&Rule::AgentLapse));
}

#[test]
fn a_refusal_with_courtesy_is_policy_and_no_lapse() {
    let refusal = || line("抱歉|线上|办|不了").cue(CueKind::Lapse(LapseAct::Refusal), "办不了", 4);
    let polite = contact("polite").agent(refusal().cue(CueKind::Courtesy, "抱歉", 3)).transcript();
    let rude = contact("rude").agent(refusal()).transcript();

    assert!(!rules(&polite).contains(&Rule::AgentLapse));
    assert!(rules(&rude).contains(&Rule::AgentLapse));
}

#[test]
fn asking_how_number_portability_works_is_no_risk() {
    let ask = line("携号转网|怎么|办").cue(CueKind::Threat(Threat::Churn), "携号转网", 1);
    let contact = contact("ask").customer(ask.clone()).agent(line("我|说明")).customer(ask).transcript();

    let signals = contagion::measure(&contact);

    assert!(value(&signals, SignalName::RegulatorRisk) < 0.2);
    assert!(flag::raise(&contact, &signals, &RuleThresholds::default()).is_empty());
}

#[test]
fn a_calm_request_to_leave_is_service_and_an_angry_one_is_a_risk() {
    let leave = || line("我|要|办|携号转网").cue(CueKind::Threat(Threat::Churn), "要办携号转网", 4);
    let calm = contact("calm").customer(leave()).transcript();
    let angry = contact("angry").customer(leave().felt(Emotion::Anger, 0.95)).transcript();

    assert!(!rules(&calm).contains(&Rule::RegulatorRisk));
    assert!(rules(&angry).contains(&Rule::RegulatorRisk));
}

#[test]
fn a_frightened_customer_who_names_the_police_asks_for_help() {
    let contact = contact("police")
        .customer(line("公安局|要|冻结|我|的|卡").felt(Emotion::Fear, 0.97).cue(
            CueKind::Threat(Threat::Legal),
            "公安局",
            2,
        ))
        .transcript();

    assert!(value(&contagion::measure(&contact), SignalName::RegulatorRisk) < 0.3);
}

#[test]
fn an_angry_threat_with_the_ministry_is_urgent() {
    let contact = contact("ministry")
        .customer(angry())
        .customer(line("我|要|投诉|到|工信部").felt(Emotion::Anger, 0.95).cue(
            CueKind::Threat(Threat::Regulator),
            "投诉到工信部",
            4,
        ))
        .transcript();

    let flags = flags(&contact);

    assert_eq!((flags[0].rule, flags[0].severity), (Rule::RegulatorRisk, Severity::High));
    assert_eq!(flags[0].utterances, [1]);
    assert!(
        flags[0].reason().starts_with("第2轮客户提到要向监管部门投诉：“投诉到工信部”"),
        "{}",
        flags[0].reason()
    );
}

#[test]
fn hints_at_leaving_add_up() {
    let hint = || {
        line("别家|便宜|得|多").felt(Emotion::Disgust, 0.9).cue(CueKind::Threat(Threat::Churn), "别家便宜", 2)
    };
    let one = contagion::measure(&contact("one").customer(hint()).transcript());
    let three =
        contagion::measure(&contact("three").customer(hint()).customer(hint()).customer(hint()).transcript());

    assert!(value(&one, SignalName::RegulatorRisk) < 0.4);
    assert!(value(&three, SignalName::RegulatorRisk) > 0.7);
}

#[test]
fn insults_are_a_need_for_support_and_no_fault() {
    let contact = contact("insult")
        .customer(line("你们|是|废物").felt(Emotion::Anger, 0.95).cue(CueKind::Abuse, "废物", 2))
        .agent(line("您|先|消消气"))
        .transcript();

    let flags = flags(&contact);

    let abuse = flags.iter().find(|flag| flag.rule == Rule::Abuse).unwrap();
    assert_eq!(abuse.severity, Severity::Info);
    assert_eq!(abuse.reason(), "第1轮坐席受到辱骂或威胁，请主管关怀并给予支持（把握93%）");
    assert!(flags.iter().all(|flag| flag.rule != Rule::AgentLapse));
}

#[test]
fn the_model_may_find_an_insult_that_no_list_knows() {
    let contact = contact("insult").customer(angry().abusive(0.9)).transcript();

    assert!(rules(&contact).contains(&Rule::Abuse));
}

fn complaint() -> Script {
    contact("complaint")
        .customer(line("宽带|断|了").cue(CueKind::ProblemRaised, "宽带断了", 3))
        .agent(line("我|给|您|登记").cue(CueKind::ComplaintTaken, "登记", 3))
        .customer(line("什么|时候|答复"))
        .agent(line("会|尽快|的"))
        .customer(line("行|吧"))
}

#[test]
fn a_complaint_on_record_without_a_time_limit_is_flagged() {
    let contact = complaint().agent(line("再见")).transcript();

    assert_eq!(rules(&contact), [Rule::DeadlineNotTold, Rule::SatisfactionNotAsked]);
}

#[test]
fn telling_the_deadline_and_asking_for_satisfaction_leaves_nothing_to_flag() {
    let contact = complaint()
        .agent(line("两天|内|答复|您|您|满意|吗").cue(CueKind::DeadlineTold, "两天内", 3).cue(
            CueKind::SatisfactionAsked,
            "满意吗",
            3,
        ))
        .transcript();

    assert_eq!(rules(&contact), []);
}

#[test]
fn a_time_named_before_the_record_is_no_time_limit() {
    let contact = contact("wait")
        .customer(line("宽带|断|了").cue(CueKind::ProblemRaised, "宽带断了", 3))
        .agent(line("拔|掉|等|半分钟").cue(CueKind::DeadlineTold, "等半分钟", 3))
        .customer(line("拔|过|了"))
        .agent(line("我|看看"))
        .customer(line("好"))
        .agent(line("给|您|登记").cue(CueKind::ComplaintTaken, "登记", 3))
        .transcript();

    assert!(rules(&contact).contains(&Rule::DeadlineNotTold));
}

#[test]
fn a_delighted_customer_raises_no_problem_whatever_the_words() {
    let delighted =
        line("孩子|高兴|坏了").felt(Emotion::Happiness, 0.9).cue(CueKind::ProblemRaised, "坏了", 3);
    let contact = contact("delight")
        .customer(delighted)
        .agent(line("登记|好|了").cue(CueKind::ComplaintTaken, "登记", 3))
        .agent(line("再见"))
        .agent(line("慢走"))
        .transcript();

    assert!(flags(&contact).is_empty());
}

fn reported(words: &str, emotion: Emotion, strength: u8) -> Line {
    line(words).cue(CueKind::Reported { about: About::Customer, emotion }, words, strength)
}

fn outcome(words: &str, outcome: NoteOutcome) -> Line {
    line(words).cue(CueKind::Outcome(outcome), words, 3)
}

#[test]
fn a_note_about_a_furious_customer_left_unsettled_is_urgent() {
    let contact = contact("note")
        .customer(reported("客户极为愤怒", Emotion::Anger, 4))
        .customer(outcome("问题未解决", NoteOutcome::Unresolved))
        .note();

    let flags = flags(&contact);

    assert_eq!(flags.len(), 1);
    assert_eq!((flags[0].rule, flags[0].severity), (Rule::ReportedDistress, Severity::High));
    assert_eq!(flags[0].utterances, [0]);
    assert!(flags[0].reason().starts_with("记录写到客户“客户极为愤怒”"), "{}", flags[0].reason());
}

#[test]
fn a_note_that_ends_with_the_customer_calmed_is_not_flagged() {
    let contact = contact("note")
        .customer(reported("客户情绪激动", Emotion::Anger, 4))
        .customer(outcome("客户情绪平复", NoteOutcome::Appeased))
        .note();

    assert!(flags(&contact).is_empty());
    assert!(value(&contagion::measure(&contact), SignalName::ReportedNegative) > 0.4);
}

#[test]
fn what_staff_report_never_becomes_what_a_customer_expressed() {
    let contact = contact("note").customer(reported("客户愤怒", Emotion::Anger, 4)).note();

    let signals = contagion::measure(&contact);

    let measured: Vec<_> = signals.measured.iter().map(|signal| signal.name).collect();
    assert_eq!(measured, [SignalName::RegulatorRisk, SignalName::Abuse, SignalName::ReportedNegative]);
}

#[test]
fn a_staff_members_own_distress_is_not_the_customers() {
    let staff = line("员工落泪").cue(
        CueKind::Reported { about: About::Staff, emotion: Emotion::Sadness },
        "员工落泪",
        4,
    );
    let contact = contact("note").customer(staff).note();

    assert!(value(&contagion::measure(&contact), SignalName::ReportedNegative) < 1e-9);
}

#[test]
fn flags_come_with_the_most_urgent_first() {
    let mut script = escalating();
    script = script
        .customer(angry().cue(CueKind::ProblemRaised, "气人", 3).cue(CueKind::Abuse, "气人", 3))
        .agent(line("登记|了").cue(CueKind::ComplaintTaken, "登记", 3));

    let severities: Vec<_> = flags(&script.transcript()).iter().map(|flag| flag.severity).collect();

    let rank = |s: &Severity| Severity::ALL.iter().position(|other| other == s).unwrap();
    assert!(severities.windows(2).all(|pair| rank(&pair[0]) <= rank(&pair[1])), "{severities:?}");
    assert!(severities.len() >= 4);
}

#[test]
fn no_reason_speaks_of_causes() {
    let contacts = [
        escalating().transcript(),
        complaint().customer(angry()).transcript(),
        contact("note").customer(reported("客户愤怒", Emotion::Anger, 5)).note(),
    ];
    for flag in contacts.iter().flat_map(flags) {
        for word in ["因为", "导致", "造成", "由于", "引起"] {
            assert!(!flag.reason().contains(word), "{}", flag.reason());
        }
    }
}

#[test]
fn a_threshold_that_people_raised_or_lowered_decides_whether_a_flag_is_raised() {
    let contact = escalating().transcript();
    let signals = contagion::measure(&contact);
    let score = value(&signals, SignalName::Escalation);
    let raised = |bar: f64| {
        let bars: RuleThresholds = [(Rule::Escalation, bar)].into_iter().collect();
        flag::raise(&contact, &signals, &bars).iter().any(|flag| flag.rule == Rule::Escalation)
    };

    assert!(raised(score) && raised(score - 0.05) && !raised(score + 0.001), "{score}");
}
