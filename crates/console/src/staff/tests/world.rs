//! People, teams and pages to look at.

use std::collections::BTreeMap;

use crate::staff::*;
use crate::{Frame, Lang, Page, Section, Viewer};
use tingxin_desk::{AsOf, TrainerDesk};
use tingxin_staff::{
    Beside, BesideStrangers, Branch, CarriedOver, Checks, CoachingOutcome, Coupling, Figure, Indicator,
    Lately, LimitsOf, Load, Month, Power, Profile, Queue, Shown, Soothed, StaffLine, Step, TeamDays, ToneDay,
    Trend,
};
use tingxin_statistics::case_mix::Expected;
use tingxin_statistics::distribution::Interval;
use tingxin_statistics::effect::CoachingEffect;
use tingxin_statistics::minimum::TooFew;
use tingxin_statistics::naming::{Assessment, Direction, Missing, Ratio, Standing};
use tingxin_statistics::resample::Surrogates;
use tingxin_store::{Coaching, FlagRow, Incident};
use tingxin_text::domain::{FlagStatus, Permission, Programme, Role, StaffId, TeamId, UtcMillis};

const NOW: UtcMillis = UtcMillis::from_millis(1_795_000_000_000);

const AS_OF: AsOf = AsOf { at: NOW, weeks: 13, waiting: 3, by_other_engines: 2 };

fn interval(low: f64, high: f64) -> Interval {
    Interval { low, high }
}

/// A figure with 120 contacts and 20 expected events.
fn figure(indicator: Indicator, observed: f64, standing: Standing, missing: Vec<Missing>) -> Figure {
    let expected = Expected { observed, expected: 20.0, variance: 16.0, trials: 120.0 };
    let direction = if observed > 20.0 { Direction::Worse } else { Direction::Better };
    let effect = (observed / 20.0).ln();
    let value = observed / 20.0;
    let verdict = Assessment {
        standing,
        direction,
        z: 0.0,
        z_overdispersed: 0.0,
        effect,
        interval: interval(effect - 0.2, effect + 0.2),
        probability_beyond: 0.9,
        reliability: 0.8,
        ratio: Some(Ratio { value, interval: interval(value * 0.7, value * 1.4) }),
        missing,
    };
    let limits = LimitsOf { watch: interval(12.0, 28.0), investigate: interval(8.0, 32.0) };
    Figure { indicator, expected, verdict, limits }
}

fn line(staff: &str, figures: Vec<Figure>) -> StaffLine {
    let contacts = if figures.is_empty() { 12 } else { 120 };
    let team = Some(TeamId::new("hohhot-02").unwrap());
    StaffLine { staff: StaffId::new(staff).unwrap(), team, contacts, incidents: 3, figures }
}

/// A1001 named worse, A1002 watched, A1003 as expected, A1004 named better.
pub(super) fn lines() -> Vec<StaffLine> {
    let soothing = |observed, standing, missing| figure(Indicator::Unsoothed, observed, standing, missing);
    let asking = |observed| figure(Indicator::NotAsked, observed, Standing::AsExpected, vec![]);
    vec![
        line("A1001", vec![soothing(38.0, Standing::Named, vec![]), asking(11.0)]),
        line("A1002", vec![soothing(29.0, Standing::Watch, vec![Missing::Discovery, Missing::Confirmation])]),
        line("A1003", vec![soothing(21.0, Standing::AsExpected, vec![Missing::Discovery]), asking(21.0)]),
        line("A1004", vec![soothing(6.0, Standing::Named, vec![])]),
    ]
}

/// Twelve contacts a person: what the demonstration data hold.
pub(super) fn few() -> Vec<StaffLine> {
    let mut few = line("A1001", vec![figure(Indicator::Unsoothed, 4.0, Standing::AsExpected, vec![])]);
    few.contacts = 12;
    for figure in &mut few.figures {
        figure.expected = Expected { observed: 4.0, expected: 3.0, variance: 2.0, trials: 12.0 };
        figure.verdict.standing = Standing::NotEnoughData { contacts: 12.0, needed: 30.0 };
        figure.verdict.missing = vec![Missing::Contacts];
    }
    vec![few, line("A1002", vec![])]
}

fn coaching() -> Vec<Coaching> {
    vec![Coaching {
        id: uuid::Uuid::from_u128(7),
        staff: StaffId::new("A1003").unwrap(),
        team: None,
        indicator: "unsoothed".to_owned(),
        note: "先复述<b>问题</b>再解释".to_owned(),
        agreed_by: "peixun".to_owned(),
        agreed_at: NOW,
        ended_at: None,
        due_at: Some(NOW),
        programme: Some(Programme::Train),
        training: None,
        training_title: None,
        private_note: None,
        shared_note: None,
        acknowledged_at: None,
        acknowledged_note: None,
        done_at: None,
    }]
}

fn outcomes() -> Vec<CoachingOutcome> {
    let effect = CoachingEffect {
        difference: -0.05,
        interval: interval(-0.09, -0.01),
        p: 0.01,
        crude: -0.08,
        regression_to_mean: -0.02,
        peers: -0.01,
        matched: 3,
        unmatched: vec![],
    };
    vec![
        CoachingOutcome { indicator: Indicator::Unsoothed, effect: Ok(effect) },
        CoachingOutcome {
            indicator: Indicator::Lapse,
            effect: Err("1 units, at least 2 are needed".to_owned()),
        },
    ]
}

pub(super) fn branch(value: f64, low: f64, high: f64) -> Branch {
    Branch { value, low, high, contacts: 412, attenuated: false, reliability: None }
}

fn coupling(infection: Shown) -> Coupling {
    Coupling {
        compensation: Shown::Estimate(branch(0.06, 0.02, 0.10)),
        infection,
        wear_down: Shown::TooFew { needed: 400, have: 130 },
        reciprocity: Shown::Uncertain(branch(0.01, -0.04, 0.06)),
        linear: Shown::NotEstimable,
    }
}

fn profile() -> Profile {
    let load = |day| Load { day, contacts: 20, load: 4.5, hostile_turns: 12.2, abusive_turns: 1.1 };
    let steps = (0..120).map(|n| Step { at: NOW, sum: f64::from(n) * 0.04 }).collect();
    Profile {
        staff: StaffId::new("A1001").unwrap(),
        loads: (20_700..20_760).map(load).collect(),
        trends: vec![(
            Indicator::Unsoothed,
            Trend {
                steps,
                alarm: 4.5,
                alarmed_at: Some(113),
                lately: Some(Lately { excess: 0.021, limit: 0.048 }),
            },
        )],
        lapses: None,
        checks: checks(),
        wording: Err(TooFew { needed: 30, have: 12 }),
    }
}

fn flag(status: FlagStatus, reason: &str) -> FlagRow {
    FlagRow {
        id: serde_json::from_value(serde_json::json!(uuid::Uuid::from_u128(1))).unwrap(),
        contact: "0190a1b2-0000-7000-8000-000000000001".parse().unwrap(),
        source: serde_json::from_value(serde_json::json!("hotline-10086")).unwrap(),
        contact_id: serde_json::from_value(serde_json::json!("H-1")).unwrap(),
        channel: tingxin_text::domain::Channel::Hotline,
        team: None,
        started_at: Some(NOW),
        flag: serde_json::from_value(serde_json::json!({
            "rule": "agent_lapse", "severity": "medium", "probability": 0.93, "utterances": [5],
            "reason": reason, "status": status,
        }))
        .unwrap(),
    }
}

fn frame(role: Role, section: Section, lang: Lang) -> Frame {
    let viewer = Viewer { name: "peixun".to_owned(), role, csrf: "secret".to_owned() };
    Frame::new(lang, Some(viewer), section, "/here")
}

pub(super) fn coaching_page(lang: Lang, role: Role, lines: &[StaffLine], coached: bool) -> String {
    let (coaching, outcomes) = if coached { (coaching(), outcomes()) } else { (vec![], vec![]) };
    let input = CoachingInput {
        as_of: AS_OF,
        lines,
        team: None,
        indicator: Indicator::Unsoothed,
        coaching: &coaching,
        outcomes: &outcomes,
        outside: &[],
        open: &coaching,
        names: &BTreeMap::from([(StaffId::new("A1001").unwrap(), "王芳".to_owned())]),
        found: None,
        now: NOW.plus_millis(1),
        waiting: role.allows(Permission::CoachingWrite).then_some(TrainerDesk {
            care: 3,
            care_overdue: 1,
            agreed: 2,
            agreed_overdue: 0,
            unread: 2,
            proposed: 7,
            chosen: 1,
        }),
    };
    CoachingPage::new(frame(role, Section::Coaching, lang), &input, None).render().unwrap()
}

pub(super) fn person_page(lang: Lang, own: bool, line: &StaffLine) -> String {
    let flags = [flag(FlagStatus::Candidate, "未经确认"), flag(FlagStatus::Confirmed, "已经确认")];
    let (coupling, profile, coaching) =
        (coupling(Shown::Estimate(branch(-0.05, -0.09, -0.01))), profile(), coaching());
    let seen = Power { coached: 1, peers: 5, contacts: 80.0, rate: 0.17, detectable: 0.062 };
    let power = [(Indicator::Unsoothed, Some(seen)), (Indicator::Lapse, None)];
    let input = PersonInput {
        as_of: AS_OF,
        line,
        coupling: &coupling,
        soothing: Soothed { shown: Shown::Estimate(branch(0.08, 0.03, 0.13)), check: Some(BY_CHANCE) },
        carry_over: Shown::TooFew { needed: 500, have: 120 }.into(),
        power: if own { &[] } else { &power },
        profile: &profile,
        flags: &flags,
        coaching: &coaching,
        name: Some("王芳"),
        now: NOW,
    };
    let (role, section, subject) = if own {
        (Role::Staff, Section::Own, PersonOfPage::Own(input))
    } else {
        (Role::Trainer, Section::Coaching, PersonOfPage::Other(input))
    };
    PersonPage::new(frame(role, section, lang), subject, None).render().unwrap()
}

pub(super) fn nothing(lang: Lang, subject: &PersonOfPage<'_>) -> String {
    PersonPage::new(frame(Role::Staff, Section::Own, lang), *subject, None).render().unwrap()
}

pub(super) fn teams_page(lang: Lang, role: Role) -> String {
    let day = |day, tone| ToneDay { day, tone, members: 6, contacts: 80 };
    let team = |name: &str, days| TeamDays {
        team: TeamId::new(name).unwrap(),
        days,
        contacts: 480,
        load: 0.31,
        abusive_turns: 4.2,
        carry_over: CarriedOver { shown: Shown::Estimate(branch(-0.06, -0.09, -0.03)), placebo_p: Some(0.4) },
    };
    let teams = [
        team(
            "hohhot-01",
            (0..9).map(|n| day(20_700 + n, 0.01 * f64::from(u8::try_from(n).unwrap()))).collect(),
        ),
        team("hohhot-02", vec![]),
        team("hohhot-03", vec![day(20_700, -0.04)]),
    ];
    let incident = Incident {
        id: uuid::Uuid::from_u128(9),
        begins_at: NOW,
        ends_at: NOW.plus_millis(3_600_000),
        channel: None,
        business_process: None,
        team: None,
        note: "outage".to_owned(),
        declared_by: "zhuguan".to_owned(),
        declared_at: NOW,
        revoked_at: None,
    };
    let icc = Surrogates { observed: 0.12, mean: 0.02, sd: 0.03, drawn: 200, p_above: 0.01 };
    let input = TeamsInput {
        as_of: AS_OF,
        teams: &teams.iter().collect::<Vec<_>>(),
        icc: Some(&icc),
        incidents: &[incident],
        team: None,
        rates: &[],
        typed: None,
    };
    TeamsPage::new(frame(role, Section::Teams, lang), &input, None).render().unwrap()
}

fn queue(infection: Shown) -> Queue {
    let met = BesideStrangers { observed: -0.08, strangers: -0.01, sd: 0.02 };
    let month = |back: i64, found| Month { since_week: 2_900 - 4 * back, contacts: 240, found };
    Queue {
        coupling: coupling(infection),
        beside: Beside { compensation: Some(branch(0.01, -0.02, 0.04)), ..Beside::default() },
        months: vec![month(0, Ok((met, met))), month(1, Err(TooFew { needed: 100, have: 60 }))],
    }
}

pub(super) fn signals_page(lang: Lang, infection: Shown, checks: &Checks) -> String {
    let queues = [
        ("hotline/broadband_fault".to_owned(), queue(Shown::Estimate(branch(-0.03, -0.08, 0.02)))),
        ("hall/".to_owned(), queue(Shown::TooFew { needed: 30, have: 8 })),
    ];
    let input = SignalsInput { as_of: AS_OF, centre: &queue(infection), queues: &queues, checks };
    SignalsPage::new(frame(Role::Reviewer, Section::Signals, lang), &input).render().unwrap()
}

pub(super) fn numbers_page(lang: Lang) -> String {
    NumbersPage::new(frame(Role::Staff, Section::Numbers, lang)).render().unwrap()
}

const BY_CHANCE: Surrogates =
    Surrogates { observed: -0.05, mean: 0.001, sd: 0.012, drawn: 100, p_above: 0.99 };

pub(super) fn checks() -> Checks {
    let one = Some(BY_CHANCE);
    Checks { contacts: 2_000, compensation: one, infection: one, ..Checks::default() }
}

/// Every page in every state, by name.
pub(super) fn pages(lang: Lang) -> Vec<(&'static str, String)> {
    let (known, few) = (lines(), few());
    let low = Shown::Estimate(branch(-0.05, -0.09, -0.01));
    vec![
        ("coaching", coaching_page(lang, Role::Trainer, &known, true)),
        ("coaching-few", coaching_page(lang, Role::Trainer, &few, false)),
        ("coaching-empty", coaching_page(lang, Role::Supervisor, &[], false)),
        ("person", person_page(lang, false, &known[0])),
        ("person-few", person_page(lang, false, &few[1])),
        ("me", person_page(lang, true, &known[0])),
        ("me-unlinked", nothing(lang, &PersonOfPage::Unlinked)),
        ("me-nothing", nothing(lang, &PersonOfPage::Nothing)),
        ("teams", teams_page(lang, Role::Supervisor)),
        ("signals", signals_page(lang, low, &checks())),
        ("signals-few", signals_page(lang, Shown::TooFew { needed: 400, have: 130 }, &Checks::default())),
        ("numbers", numbers_page(lang)),
    ]
}
