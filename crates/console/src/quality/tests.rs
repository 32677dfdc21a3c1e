use askama::Template as _;
use tingxin_desk::{
    CalibrationReport, CalibrationResult, GroupRate, Invitation, RateGroup, ReaderStanding, RuleAgreement,
    RuleHealth, SampleStanding, SessionAgreement, ThresholdStanding,
};
use tingxin_statistics::agreement::{Agreement, AlphaDrift};
use tingxin_statistics::distribution::Interval;
use tingxin_statistics::minimum::TooFew;
use tingxin_statistics::sampled::{CorrectedRate, Share};
use tingxin_statistics::threshold::{AtThreshold, ThresholdProposal};
use tingxin_store::{
    Calibration, CalibrationReader, Demotion, DrawnWeek, EvidenceStream, NewSamplePlan, RuleChange,
    SamplePlan, SampleUnit, ThresholdChange, ThresholdReplay,
};
use tingxin_text::domain::{Role, Rule, RuleState, TeamId, UtcMillis};

use super::*;
use crate::frame::{Frame, Section, Viewer};
use crate::text::Lang;

const AT: UtcMillis = UtcMillis::from_millis(1_793_491_200_000);

fn frame(role: Role, lang: Lang) -> Frame {
    let viewer = Viewer { name: "zhuguan".to_owned(), role, csrf: "secret".to_owned() };
    Frame::new(lang, Some(viewer), Section::Rules, "/rules")
}

fn share(value: f64, low: f64, high: f64) -> Share {
    Share { value, interval: Interval { low, high }, judged: 40 }
}

fn demoted() -> RuleHealth {
    let from = EvidenceStream::Sample;
    let found = Demotion { precision: 0.25, high: 0.41, bar: 0.5, judged: 40, from };
    let change = RuleChange {
        rule: Rule::AgentLapse,
        state: RuleState::Hint,
        since: AT,
        note: None,
        measured: Some(found),
        threshold: None,
        made_by: "system".to_owned(),
        made_at: AT,
    };
    RuleHealth {
        rule: Rule::AgentLapse,
        precision: Some(share(0.25, 0.13, 0.41)),
        from: Some(from),
        recall: None,
        judged: 40,
        state: RuleState::Hint,
        change: Some(change),
        coming: None,
    }
}

#[test]
fn a_rule_that_made_itself_a_hint_says_so_with_reason_and_date() {
    let page = |role, lang| RulesPage::new(frame(role, lang), &[demoted()], None).render().unwrap();

    let html = page(Role::Supervisor, Lang::Zh);
    for said in [
        "仅提示",
        "自动降级：准确率区间上限 41%",
        "25%（95% 区间 13%–41%）",
        "随机抽检",
        "2026-11-01",
        "更改状态",
    ] {
        assert!(html.contains(said), "{said}: {html}");
    }
    let english = page(Role::Reviewer, Lang::En);
    assert!(english.contains("Made itself a hint: upper end of its precision 41%"), "{english}");
    assert!(!english.contains("action=\"/rules\""), "a reviewer switches none");
}

#[test]
fn the_sample_says_how_far_it_is_read_and_whether_readers_agree() {
    let plan = NewSamplePlan { unit: SampleUnit::Team, per_week: 4, seed: 99, since_week: AT.week() };
    let plan = SamplePlan { version: 1, plan, made_by: "user:zhuguan".to_owned(), made_at: AT };
    let week = DrawnWeek {
        week: AT.week(),
        version: 1,
        contacts: 900,
        drawn: 40,
        judged: 31,
        twice: 2,
        drawn_at: AT,
    };
    let agreed = Agreement { alpha: 0.71, interval: Interval { low: 0.52, high: 0.86 }, units: 33 };
    let agreement = [
        (Rule::Escalation, Ok(Some(agreed))),
        (Rule::Abuse, Ok(None)),
        (Rule::Recovery, Err(TooFew { needed: 30, have: 12 })),
    ];
    let agreement =
        agreement.into_iter().map(|(rule, agreement)| RuleAgreement { rule, agreement }).collect();
    let standing = SampleStanding { plans: vec![plan], weeks: vec![week], due: Some(9), agreement };

    let html = SamplesPage::new(frame(Role::Reviewer, Lang::Zh), standing, None).render().unwrap();

    for said in [
        "待您抽检 9 通",
        "<td>900</td><td>40</td><td>31</td><td>9</td><td>2</td>",
        "0.71",
        "0.52–0.86",
        "无从计算",
        "12 / 30",
    ] {
        assert!(html.contains(said), "{said}: {html}");
    }
    assert!(!html.contains("action=\"/samples\""), "a reviewer plans nothing");
}

#[test]
fn a_corrected_rate_stands_beside_the_raw_one_or_says_what_is_missing() {
    let team = || RateGroup::Team(TeamId::new("beijing-01").unwrap());
    let interval = Interval { low: 0.11, high: 0.19 };
    let known = CorrectedRate { raw: 0.2, corrected: 0.15, error: 0.02, interval, judged: 90 };
    let rate = |rule, raw, corrected| GroupRate { group: team(), rule, contacts: 1_000, raw, corrected };
    let few = Err(TooFew { needed: 30, have: 4 });
    let rates =
        [rate(Rule::Escalation, 0.2, Ok(known)), rate(Rule::Abuse, 0.1, few), rate(Rule::Recovery, 0.0, few)];

    let table = RateTable::new(&rates, Lang::Zh);

    let told: Vec<_> = table.lines.iter().map(|line| (line.raw.as_str(), line.corrected.as_str())).collect();
    assert_eq!(told, [("20%", "15%（95% 区间 11%–19%）"), ("10%", "数据不足：现有 4 / 30")]);
}

fn session(closed_at: Option<UtcMillis>) -> Calibration {
    let reader = |name: &str, done| CalibrationReader { name: name.to_owned(), done };
    Calibration {
        id: uuid::Uuid::nil(),
        title: "十一月校准".to_owned(),
        expert: "user:zhuanjia".to_owned(),
        team: None,
        contacts: 40,
        readers: vec![reader("user:lina", 40), reader("user:zhuanjia", 12)],
        made_by: "user:zhuguan".to_owned(),
        made_at: AT,
        closed_at,
    }
}

#[test]
fn a_session_says_who_has_read_how_much_and_after_its_end_who_has_moved_away_from_the_expert() {
    let open = CalibrationReport { session: session(None), result: None };
    let page = |report, lang| CalibrationPage::new(frame(Role::Supervisor, lang), report).render().unwrap();

    let html = page(open, Lang::Zh);

    assert!(
        html.contains("12 / 40") && html.contains("结束校准，查看结果") && !html.contains("与专家是否一致"),
        "{html}"
    );
    let agreed = |alpha: f64| Agreement {
        alpha,
        interval: Interval { low: alpha - 0.1, high: alpha + 0.1 },
        units: 40,
    };
    let before = vec![SessionAgreement { title: "十月".to_owned(), closed_at: AT, agreement: agreed(0.8) }];
    let drift = Some(AlphaDrift { change: -0.3, interval: Interval { low: -0.44, high: -0.16 } });
    let reader = "user:lina".to_owned();
    let standing =
        ReaderStanding { reader, agreement: Ok(Some(agreed(0.5))), missed: 7, extra: 2, before, drift };
    let rules = vec![RuleAgreement { rule: Rule::Abuse, agreement: Err(TooFew { needed: 30, have: 29 }) }];
    let result = Some(CalibrationResult { rules, readers: vec![standing] });
    let html = page(CalibrationReport { session: session(Some(AT)), result: result.clone() }, Lang::Zh);
    for said in [
        "0.50（95% 区间 0.40–0.60）",
        "<td>7</td><td>2</td>",
        "十月: 0.80",
        "-0.30（95% 区间 -0.44 … -0.16） 有变化",
        "29 / 30",
    ] {
        assert!(html.contains(said), "{said}: {html}");
    }
    let english = page(CalibrationReport { session: session(Some(AT)), result }, Lang::En);
    assert!(english.contains("Beside the expert") && english.contains("has moved"), "{english}");
}

#[test]
fn a_reader_is_told_of_own_invitations_alone_and_a_lead_can_open_a_session() {
    let own =
        Invitation {
            session: uuid::Uuid::nil(), title: "十一月校准".to_owned(), contacts: 40, done: 40
        };
    let reader = CalibrationsPage::new(frame(Role::Reviewer, Lang::Zh), vec![own], None, 30..=100, None);
    let html = reader.render().unwrap();
    assert!(
        html.contains("待判 0 / 40")
            && !html.contains("/next")
            && !html.contains("<form method=\"post\" action=\"/calibrations"),
        "{html}"
    );

    let led = LedSessions {
        sessions: vec![session(None)],
        readers: vec!["lina".to_owned(), "wang".to_owned()],
        teams: vec![TeamId::new("beijing-01").unwrap()],
    };
    let notice = Some(CalibrationNotice::Refused);
    let page =
        CalibrationsPage::new(frame(Role::Supervisor, Lang::Zh), Vec::new(), Some(led), 30..=100, notice);
    let html = page.render().unwrap();
    for said in ["name=\"reader_wang\"", "min=\"30\" max=\"100\"", "1 / 2", "进行中", "请填写名称和通数"]
    {
        assert!(html.contains(said), "{said}: {html}");
    }
}

#[test]
fn a_threshold_is_proposed_with_its_gain_tried_on_the_archive_and_keeps_its_history() {
    let at = |threshold, precision, recall| AtThreshold {
        threshold,
        precision: share(precision, precision - 0.1, precision + 0.1),
        recall: share(recall, recall - 0.1, recall + 0.1),
    };
    let (now, then) = (at(0.6, 0.8, 0.4), at(0.5, 0.75, 0.7));
    let proposal = ThresholdProposal { now, then, gain: Interval { low: 0.05, high: 0.31 } };
    let replay = ThresholdReplay { before: 0.7, contacts: 900, stay: 40, appear: 25, go: 0 };
    let change = RuleChange {
        rule: Rule::Escalation,
        state: RuleState::On,
        since: AT,
        note: Some("漏得太多".to_owned()),
        measured: None,
        threshold: Some(ThresholdChange { threshold: 0.6, replay }),
        made_by: "user:zhuguan".to_owned(),
        made_at: AT,
    };
    let standing = ThresholdStanding {
        rule: Rule::Escalation,
        shipped: 0.6,
        now: 0.6,
        proposal: Ok(Some(proposal)),
        history: vec![change],
    };
    let page =
        |role, replay| ThresholdPage::new(frame(role, Lang::Zh), &standing, replay, None).render().unwrap();

    let html = page(Role::Supervisor, Some((0.5, replay)));

    for said in [
        "F1 提高（已按所有试过的阈值校正的 95% 区间 0.05–0.31）",
        "70%（95% 区间 60%–80%）",
        "<dt>新增标记</dt><dd>25</dd>",
        "改为 0.50",
        "0.70 → 0.60",
        "+25 / −0（共 900 通）",
        "漏得太多",
    ] {
        assert!(html.contains(said), "{said}: {html}");
    }
    assert!(
        page(Role::Supervisor, None).contains("value=\"0.50\""),
        "the proposed one is offered to be tried"
    );
    assert!(!page(Role::Reviewer, Some((0.5, replay))).contains("method=\"post\" action=\"/rules"));
}
