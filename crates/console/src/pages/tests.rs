use super::*;
use crate::{AuditAsked, AuditPage, HomePage};
use crate::{Lang, QueueInput, Review, ReviewQuery, Section, Spoken, Viewer};
use serde_json::{Value, json};
use tingxin_desk::{AuditStanding, UpkeepState};
use tingxin_store::{AuditCheck, BoundedCount, ContactRecord, ContactSummary, FlaggedContact};
use tingxin_text::domain::{
    Analysis, Body, Channel, ContactRef, ContactState, Kind, RedactedContact, Speaker,
};

/// A redacted contact in the form in which the store keeps it.
fn contact(lines: &[(&str, &str)]) -> RedactedContact {
    let turns: Vec<Value> = lines
        .iter()
        .enumerate()
        .map(|(n, (speaker, text))| {
            json!({"speaker": speaker, "text": {"text": text}, "start_ms": n * 6_500, "end_ms": n * 6_500 + 4_000})
        })
        .collect();
    serde_json::from_value(json!({
        "header": {
            "source": "hotline-10086", "contact_id": "H-20261104-000465", "revision": 1, "channel": "hotline",
            "started_at": "2026-11-04T19:03:55+08:00", "business_process": "broadband_fault",
            "staff": {"id": "A1007", "team": "hohhot-02"}, "survey": {"satisfaction": 2, "scale": 5},
        },
        "customer": null,
        "body": {"transcript": turns},
    }))
    .unwrap()
}

fn transcript() -> RedactedContact {
    contact(&[
        ("system", "欢迎致电，本次通话将被录音。"),
        ("agent", "晚上好，请问您遇到什么问题了？"),
        ("customer", "我家宽带又断了，这都第三次了！我电话是[电话]。"),
        ("agent", "非常抱歉，我马上帮您查。"),
        ("customer", "嗯。"),
        ("agent", "您家里自己的路由器有问题，这个我们不管。"),
        ("customer", "<b>什么叫不管</b>？太气人了，我要去工信部投诉你们！"),
        ("agent", "对不起，我已经给您报了加急工单。"),
        ("customer", "行吧，谢谢你，快点处理。"),
    ])
}

fn emotions(anger: f64) -> Value {
    json!({"anger": anger, "neutral": 1.0 - anger})
}

fn analysis(contact: &RedactedContact) -> Analysis {
    let moods = [0.0, 0.0, 0.7, 0.0, 0.1, 0.5, 0.95, 0.0, 0.2];
    let Body::Transcript(turns) = &contact.body else { panic!("a transcript") };
    let utterances: Vec<Value> = turns
        .iter()
        .enumerate()
        .map(|(index, turn)| {
            let scored = turn.speaker != Speaker::System;
            let anger: f64 = moods[index];
            json!({
                "index": index, "speaker": turn.speaker, "text": turn.text.text, "tokens": [],
                "emotion": scored.then_some(if anger > 0.5 { "anger" } else { "neutral" }),
                "emotions": scored.then(|| emotions(anger)),
                "valence": scored.then_some(-0.9 * anger), "valence_sd": scored.then_some(0.2),
                "scorable": scored && index != 4,
                "evidence": if index == 6 { json!([{"start": 12, "end": 16, "weight": -0.72}]) } else { json!([]) },
            })
        })
        .collect();
    serde_json::from_value(json!({
        "schema": Analysis::SCHEMA, "source": "hotline-10086", "contact_id": "H-20261104-000465", "revision": 1,
        "engine": {"model": "lexicon-1", "model_sha256": "ab".repeat(32), "lexicon_version": "0123456789ab", "rules_version": "rules-1"},
        "utterances": utterances, "reported": [],
        "signals": [
            {"name": "customer_start", "value": -0.62, "kind": "valence", "low": -0.8, "high": -0.41, "utterances": [2]},
            {"name": "customer_end", "value": -0.1, "kind": "valence", "low": -0.3, "high": 0.1, "utterances": [8]},
            {"name": "regulator_risk", "value": 0.93, "kind": "probability", "low": null, "high": null, "utterances": [6]},
            {"name": "abuse", "value": 0.02, "kind": "probability", "low": null, "high": null, "utterances": []},
        ],
        "flags": [
            {"rule": "regulator_risk", "severity": "high", "probability": 0.93, "utterances": [6], "reason": "客户在第7轮提到工信部，可能向监管投诉。", "status": "candidate"},
            {"rule": "agent_lapse", "severity": "medium", "probability": 0.88, "utterances": [5], "reason": "坐席在第6轮把问题推给客户。", "status": "candidate"},
            {"rule": "abuse", "severity": "info", "probability": 0.81, "utterances": [6], "reason": "坐席在第7轮受到言语攻击，建议关怀。", "status": "candidate"},
        ],
        "redactions": [],
        "skipped": [{"feature": "escalation", "reason": "fewer than 6 customer turns"}],
    }))
    .unwrap()
}

fn note() -> RedactedContact {
    let mut value = serde_json::to_value(transcript()).unwrap();
    value["body"] = json!({"note": [{"text": "客户强烈不满，要求退费。"}, {"text": "已承诺24小时内回访。"}]});
    serde_json::from_value(value).unwrap()
}

fn note_analysis() -> Analysis {
    let mut value = serde_json::to_value(analysis(&transcript())).unwrap();
    value["utterances"] = json!([]);
    value["reported"] = json!([
        {"index": 0, "text": "客户强烈不满，要求退费。", "tokens": [], "about": "customer", "emotion": "anger",
         "emotions": emotions(0.9), "valence": -0.81, "valence_sd": 0.2, "evidence": [{"start": 2, "end": 6, "weight": -0.81}]},
        {"index": 1, "text": "已承诺24小时内回访。", "tokens": [], "about": null, "emotion": null,
         "emotions": null, "valence": null, "valence_sd": null, "evidence": []},
    ]);
    value["flags"] = json!([{"rule": "reported_distress", "severity": "medium", "probability": 0.9,
        "utterances": [0], "reason": "员工记录客户强烈不满。", "status": "candidate"}]);
    serde_json::from_value(value).unwrap()
}

fn record(contact: RedactedContact) -> ContactRecord {
    ContactRecord {
        id: "0190a1b2-0000-7000-8000-000000000001".parse().unwrap(),
        state: ContactState::Analysed,
        received_at: UtcMillis::from_millis(1_793_000_000_000),
        contact,
    }
}

fn queue(count: u128) -> Vec<FlaggedContact> {
    let flags = analysis(&transcript()).flags;
    let header = transcript().header;
    (1..=count)
        .map(|n| FlaggedContact {
            contact: ContactSummary {
                id: ContactRef(uuid::Uuid::from_u128(0x0190_a1b2_0000_7000_8000_0000_0000_0000 + n)),
                source: header.source.clone(),
                contact_id: header.contact_id.clone(),
                revision: 1,
                kind: Kind::Transcript,
                channel: Channel::Hotline,
                business_process: header.business_process.clone(),
                staff: header.staff.clone(),
                started_at: header.started_at,
                received_at: UtcMillis::from_millis(0),
                state: ContactState::Analysed,
                utterances: 9,
                flags: 3,
            },
            flags: flags.clone(),
            customer_valence: vec![-0.6, -0.1, -0.85, -0.2],
        })
        .collect()
}

fn frame(role: Option<Role>, section: Section, lang: Lang) -> Frame {
    let viewer = role.map(|role| Viewer { name: "zhijian".to_owned(), role, csrf: "secret".to_owned() });
    Frame::new(lang, viewer, section, "/review")
}

fn review(lang: Lang, open: Option<(RedactedContact, Analysis)>) -> ReviewPage {
    let shown = open.is_some().then(|| record(transcript()).id);
    let input = QueueInput { items: &queue(3), next: Some("more"), open: shown, ..QueueInput::default() };
    let queue = QueueView::new(input, &ReviewQuery::default(), lang);
    let around = queue.neighbours();
    let contact = open.map(|(contact, analysis)| {
        let review = Review { around, may_judge: true, ..Review::default() };
        ContactView::new(&record(contact), Some(&analysis), review, lang)
    });
    ReviewPage { frame: frame(Some(Role::Reviewer), Section::Review, lang), queue, contact }
}

fn user(name: &str, role: Role) -> User {
    User { name: name.to_owned(), role, team: None, disabled: false, created_at: UtcMillis::from_millis(0) }
}

fn users(lang: Lang) -> UsersPage {
    let users = vec![user("zhijian", Role::Admin), user("b", Role::Staff)];
    UsersPage { frame: frame(Some(Role::Admin), Section::Users, lang), notice: None, users, least: 12 }
}

fn one_user(lang: Lang) -> UserPage {
    let (frame, user) = (frame(Some(Role::Admin), Section::Users, lang), user("b", Role::Staff));
    UserPage { frame, notice: None, user, staff: Some(StaffId::new("A1001").unwrap()), least: 12 }
}

fn keys(lang: Lang) -> KeysPage {
    let key = ApiKey {
        name: "cc".to_owned(),
        prefix: "tx_abc".to_owned(),
        role: Role::Integrator,
        team: None,
        created_at: UtcMillis::from_millis(0),
        expires_at: None,
        revoked_at: None,
    };
    KeysPage {
        frame: frame(Some(Role::Admin), Section::Keys, lang),
        notice: None,
        secret: Some("s".to_owned()),
        keys: vec![key],
        now: UtcMillis::from_millis(1),
    }
}

fn aside(lang: Lang) -> crate::SetAsidePage {
    let one = tingxin_store::SetAside {
        contact: ContactRef::fresh(),
        source: tingxin_text::domain::SourceId::new("hotline-10086").unwrap(),
        contact_id: tingxin_text::domain::ContactId::new("H-1").unwrap(),
        revision: 1,
        channel: Channel::Hotline,
        attempts: 5,
        deaths: 5,
        reason: "process_died".to_owned(),
        queued_at: UtcMillis::from_millis(0),
        since: UtcMillis::from_millis(0),
    };
    crate::SetAsidePage {
        frame: frame(Some(Role::Admin), Section::SetAside, lang),
        notice: None,
        contacts: vec![one],
    }
}

/// Every page, by name.
fn pages(lang: Lang) -> Vec<(&'static str, String)> {
    let outside = || frame(None, Section::Outside, lang);
    let of = |role, section| frame(Some(role), section, lang);
    let failed = Some(Notice { good: false, text: lang.texts().login_failed.to_owned() });
    let (words, read) = (transcript(), analysis(&transcript()));
    vec![
        ("login", LoginPage { frame: outside(), notice: failed, name: String::new(), next: None }.render()),
        ("setup", SetupPage { frame: outside(), notice: None, token: "t".to_owned(), least: 12 }.render()),
        ("queue", review(lang, None).render()),
        ("contact", review(lang, Some((words, read))).render()),
        ("note", review(lang, Some((note(), note_analysis()))).render()),
        ("help", HelpPage { frame: of(Role::Reviewer, Section::Help) }.render()),
        ("home", HomePage::new(of(Role::Admin, Section::Home), Some(UpkeepState::default())).render()),
        ("error", ErrorPage { frame: outside(), kind: ErrorKind::Forbidden, request_id: None }.render()),
        ("users", users(lang).render()),
        ("user", one_user(lang).render()),
        (
            "password",
            PasswordPage { frame: of(Role::Reviewer, Section::Password), notice: None, least: 12 }.render(),
        ),
        ("keys", keys(lang).render()),
        ("set aside", aside(lang).render()),
        (
            "audit",
            AuditPage {
                frame: of(Role::Auditor, Section::Audit),
                entries: vec![],
                next: None,
                asked: AuditAsked::default(),
                standing: Some(AuditStanding {
                    check: AuditCheck::Broken { seq: 17 },
                    at: UtcMillis::from_millis(0),
                }),
            }
            .render(),
        ),
    ]
    .into_iter()
    .map(|(name, html)| (name, html.unwrap()))
    .collect()
}

fn page(lang: Lang, name: &str) -> String {
    let found = pages(lang).into_iter().find(|(known, _)| *known == name);
    found.map(|(_, html)| html).unwrap()
}

fn is_han(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

#[test]
fn every_page_has_a_language_a_heading_a_main_part_and_a_way_past_the_navigation() {
    for (lang, tag) in [(Lang::Zh, "<html lang=\"zh-CN\">"), (Lang::En, "<html lang=\"en\">")] {
        for (name, html) in pages(lang) {
            assert!(html.contains(tag), "{name}");
            assert_eq!(html.matches("<h1").count(), 1, "{name}");
            assert_eq!(html.matches("<main id=\"main\"").count(), 1, "{name}");
            assert!(html.contains("href=\"#main\""), "{name}");
        }
    }
}

#[test]
fn no_page_needs_a_looser_content_security_policy() {
    for (name, html) in pages(Lang::Zh) {
        for banned in
            [" style=", "<style", "<script>", " onclick=", " onload=", "javascript:", "http://", "https://"]
        {
            assert!(!html.contains(banned), "{name} holds {banned}");
        }
    }
}

#[test]
fn no_template_prints_anything_unescaped() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/templates");
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let template = std::fs::read_to_string(&path).unwrap();

        assert!(!template.contains("|safe") && !template.contains("| safe"), "{}", path.display());
    }
}

#[test]
fn what_a_customer_says_is_never_markup() {
    let html = page(Lang::Zh, "contact");

    assert!(!html.contains("<b>什么叫不管"), "the words of a customer became an element");
    assert!(html.contains("&#60;b&#62;什么叫不管"));
}

#[test]
fn a_contact_shows_why_where_and_how_sure() {
    let html = page(Lang::Zh, "contact");

    for part in [
        "客户在第7轮提到工信部，可能向监管投诉。",
        "置信度 93%",
        "待复核",
        "href=\"#turn-7\"",
        "id=\"turn-7\"",
        "class=\"word neg strong\"",
        "使情绪值变化 −0.72",
        "文字太少，未评分",
        "系统播报，不评分",
        "客户发言少于 6 轮",
        "词典模型 lexicon-1",
    ] {
        assert!(html.contains(part), "{part} is missing");
    }
}

#[test]
fn a_note_keeps_reported_emotion_apart_from_spoken_emotion() {
    let html = page(Lang::Zh, "note");

    assert!(html.contains("员工记录的客户情绪"));
    assert!(html.contains("未转述情绪"));
    assert!(!html.contains("<svg class=\"curve\""), "a note has no curve");
}

#[test]
fn no_single_contact_gets_a_figure_for_who_moved_whom() {
    for lang in [Lang::Zh, Lang::En] {
        let html = page(lang, "contact");

        assert!(!html.contains("耦合") && !html.contains("感染系数") && !html.contains("coupling"));
    }
}

#[test]
fn the_english_pages_are_english() {
    for name in ["login", "setup", "help", "home", "error", "users", "user", "password", "keys", "audit"] {
        let html = page(Lang::En, name).replace("中文", "");

        assert!(
            !html.contains(is_han),
            "{name}: {}",
            html.chars().filter(|c| is_han(*c)).collect::<String>()
        );
    }
}

#[test]
fn the_auditors_page_names_the_first_broken_entry() {
    let html = page(Lang::Zh, "audit");

    assert!(html.contains("从第 17 条起与写入时不一致"), "{html}");
    assert!(html.contains("role=\"alert\""), "{html}");
}

#[test]
fn an_empty_queue_says_what_to_do() {
    let queue = QueueView::new(QueueInput::default(), &ReviewQuery::default(), Lang::Zh);
    let page =
        ReviewPage { frame: frame(Some(Role::Reviewer), Section::Review, Lang::Zh), queue, contact: None };

    assert!(page.render().unwrap().contains("tingxin import"));
}

#[test]
fn after_the_last_contact_of_a_part_comes_the_next_part() {
    let items = queue(3);
    let open = Some(items[2].contact.id);

    let total = BoundedCount { counted: 3, more: false };
    let input = QueueInput { items: &items, total, next: Some("more"), open, ..QueueInput::default() };
    let around = QueueView::new(input, &ReviewQuery::default(), Lang::Zh).neighbours();

    assert_eq!(around.next.as_deref(), Some("/review?cursor=more"));
    assert_eq!(around.previous, Some(format!("/review/{}", items[1].contact.id)));
    assert_eq!(around.position.as_deref(), Some("3 / 3"));
}

#[test]
fn an_analysis_of_an_older_revision_is_not_laid_over_new_words() {
    let mut old = analysis(&transcript());
    old.revision = 7;

    let view = ContactView::new(&record(transcript()), Some(&old), Review::default(), Lang::Zh);

    assert!(view.waiting.is_some() && view.flags.is_empty() && view.curve.is_none());
}
