use super::*;
use crate::domain::{Channel, Emotion, FlagStatus, Rule, Speaker};
use crate::events::{Ending, IngestOutcome, Stage};

fn rendered(metrics: &Metrics) -> String {
    metrics.database_said(Some(Backlog {
        waiting: 7,
        quarantined: 1,
        oldest_seconds: 12.5,
        appeals_open: 3,
        appeals_overdue: 2,
        flags: StreamWaiting { count: 9, oldest_seconds: 60.0 },
        verdicts: vec![(Rule::Abuse, FlagStatus::Confirmed, 4)],
        coaching_open: 6,
        ..Backlog::default()
    }));
    metrics.render().unwrap()
}

#[test]
fn every_event_moves_its_series() {
    let metrics = Metrics::new().unwrap();

    metrics.note(Event::Ingested { channel: Some(Channel::Hotline), outcome: IngestOutcome::Queued });
    metrics.note(Event::Ingested { channel: None, outcome: IngestOutcome::Refused });
    metrics.note(Event::Analysed { channel: Channel::Hall, queue_seconds: 4.0 });
    let (channel, speaker, emotion) = (Channel::Hall, Speaker::Customer, Emotion::Anger);
    metrics.note(Event::Scored { channel, speaker, emotion, count: 3 });
    metrics.note(Event::Ended { channel, ending: Ending::Negative });
    metrics.note(Event::Heard { speaker, valence: -0.5 });
    metrics.note(Event::Unread { channel, count: 2 });
    metrics.note(Event::Dissatisfied { channel, spoken: false });
    metrics.note(Event::Flagged { rule: Rule::Abuse, channel: Channel::Chat });
    metrics.note(Event::StageDone { stage: Stage::Score, seconds: 0.02 });
    metrics.note(Event::AttemptFailed);
    metrics.note(Event::Quarantined);
    metrics.note(Event::CacheLooked { hits: 5, misses: 2 });
    metrics.note(Event::Answered { route: RouteName("/livez"), method: "GET", status: 200, seconds: 0.001 });
    metrics.note(Event::Shed);
    assert!(!rendered(&metrics).contains("tingxin_audit_intact"), "nobody has looked yet");
    metrics.note(Event::AuditChecked { intact: false, at_seconds: 1_793_491_200 });
    metrics.set_audit_held(12);
    metrics.note(Event::WorkWentOn);

    let text = rendered(&metrics);
    assert!(text.contains("tingxin_worker_still_seconds 0."), "{text}");
    for line in [
        "tingxin_contacts_ingested_total{channel=\"hotline\",outcome=\"queued\"} 1",
        "tingxin_contacts_ingested_total{channel=\"unknown\",outcome=\"refused\"} 1",
        "tingxin_contacts_analysed_total{channel=\"hall\"} 1",
        "tingxin_queue_wait_seconds_bucket{le=\"5\"} 1",
        "tingxin_utterances_total{channel=\"hall\",emotion=\"anger\",speaker=\"customer\"} 3",
        "tingxin_contact_endings_total{channel=\"hall\",outcome=\"negative\"} 1",
        "tingxin_utterance_valence_bucket{speaker=\"customer\",le=\"-0.4\"} 1",
        "tingxin_utterances_unread_total{channel=\"hall\"} 2",
        "tingxin_dissatisfied_contacts_total{channel=\"hall\",outcome=\"silent\"} 1",
        "tingxin_review_waiting{stream=\"flags\"} 9",
        "tingxin_review_oldest_seconds{stream=\"flags\"} 60",
        "tingxin_verdicts_day{outcome=\"confirmed\",rule=\"abuse\"} 4",
        "tingxin_coaching_open 6",
        "tingxin_flags_total{channel=\"chat\",rule=\"abuse\"} 1",
        "tingxin_stage_duration_seconds_bucket{stage=\"score\",le=\"0.025\"} 1",
        "tingxin_analysis_attempts_failed_total 1",
        "tingxin_contacts_quarantined_total 1",
        "tingxin_score_cache_lookups_total{result=\"hit\"} 5",
        "tingxin_score_cache_lookups_total{result=\"miss\"} 2",
        "tingxin_http_requests_total{method=\"GET\",route=\"/livez\",status=\"2xx\"} 1",
        "tingxin_requests_shed_total 1",
        "tingxin_audit_intact 0",
        "tingxin_audit_checked_timestamp_seconds 1793491200",
        "tingxin_audit_entries_held 12",
        "tingxin_queue_contacts{state=\"waiting\"} 7",
        "tingxin_queue_contacts{state=\"quarantined\"} 1",
        "tingxin_oldest_unscored_contact_seconds 12.5",
        "tingxin_database_up 1",
    ] {
        assert!(text.lines().any(|found| found == line), "no line `{line}` in\n{text}");
    }
}

#[test]
fn a_silent_database_leaves_a_gap_and_not_a_stale_number() {
    let metrics = Metrics::new().unwrap();
    rendered(&metrics);
    metrics.database_said(None);

    let text = metrics.render().unwrap();

    assert!(text.contains("tingxin_database_up 0"));
    assert!(
        text.contains("tingxin_database_silent_seconds 0."),
        "when it answered last is still known: {text}"
    );
    assert!(!text.contains("tingxin_queue_contacts"));
    assert!(!text.contains("tingxin_oldest_unscored"));
}

#[test]
fn what_is_watched_is_told_with_its_error_and_its_bounds_for_no_more_than_so_many_sources() {
    let metrics = Metrics::new().unwrap();
    assert!(
        metrics.look_is_due() && !rendered(&metrics).contains("tingxin_reading_drift"),
        "nobody has looked"
    );
    let (channel, rule) = (Channel::Hotline, Rule::Abuse);
    let source = |n: u64| WatchedSource {
        source: format!("s{n}"),
        channel,
        last_at_seconds: 1_793_491_200.0,
        hour: n,
        usual: (n > 0).then_some(12),
    };
    metrics.looked(Watched {
        drifts: vec![WatchedDrift { channel, psi: 0.25, error: 0.125 }],
        sources: (0..100).map(source).collect(),
        rules: vec![WatchedRule { rule, precision: 0.75, low: 0.5, high: 0.875, judged: 40 }],
    });

    let text = rendered(&metrics);
    assert!(!metrics.look_is_due());
    for line in [
        "tingxin_reading_drift_psi{channel=\"hotline\"} 0.25",
        "tingxin_reading_drift_psi_error{channel=\"hotline\"} 0.125",
        "tingxin_rule_precision_ratio{bound=\"estimate\",rule=\"abuse\"} 0.75",
        "tingxin_rule_precision_ratio{bound=\"low\",rule=\"abuse\"} 0.5",
        "tingxin_rule_precision_ratio{bound=\"high\",rule=\"abuse\"} 0.875",
        "tingxin_rule_precision_flags{rule=\"abuse\"} 40",
        "tingxin_source_last_contact_timestamp_seconds{channel=\"hotline\",source=\"s0\"} 1793491200",
        "tingxin_source_contacts_hour{channel=\"hotline\",source=\"s63\"} 63",
        "tingxin_source_usual_contacts_hour{channel=\"hotline\",source=\"s1\"} 12",
    ] {
        assert!(text.lines().any(|found| found == line), "no line `{line}` in\n{text}");
    }
    assert!(!text.contains("source=\"s64\""), "names of the operator are bounded");
    assert!(!text.contains("tingxin_source_usual_contacts_hour{channel=\"hotline\",source=\"s0\"}"));
}

#[test]
fn only_one_engine_is_reported_at_a_time() {
    let metrics = Metrics::new().unwrap();
    let engine = |model: &str| Engine {
        model: model.to_owned(),
        model_sha256: String::new(),
        lexicon_version: String::new(),
        rules_version: "3".to_owned(),
    };

    metrics.describe(&engine("lexicon-1"));
    metrics.describe(&engine("lexicon-2"));

    let text = rendered(&metrics);
    let version = env!("CARGO_PKG_VERSION");
    let line = format!("tingxin_build_info{{model=\"lexicon-2\",rules=\"3\",version=\"{version}\"}} 1");
    assert!(text.contains(&line), "{text}");
    assert_eq!(text.lines().filter(|line| line.starts_with("tingxin_build_info")).count(), 1);
}

fn read_of(team: &str) -> ContactRead<'_> {
    ContactRead {
        team: Some(team),
        topic: Some("billing_dispute"),
        ending: Ending::Negative,
        rules: &[Rule::Escalation],
    }
}

#[test]
fn a_team_is_told_from_its_fifth_contact_on_and_never_less() {
    let metrics = Metrics::new().unwrap();
    for _ in 0..4 {
        metrics.note_contact(&read_of("一班"));
    }
    assert!(!rendered(&metrics).contains("一班"), "four contacts point at somebody");

    for _ in 0..2 {
        metrics.note_contact(&read_of("一班"));
    }

    let text = rendered(&metrics);
    for line in [
        "tingxin_team_contact_endings_total{outcome=\"negative\",team=\"一班\"} 6",
        "tingxin_team_flags_total{rule=\"escalation\",team=\"一班\"} 6",
        "tingxin_topic_contact_endings_total{outcome=\"negative\",topic=\"billing_dispute\"} 6",
    ] {
        assert!(text.lines().any(|found| found == line), "no line `{line}` in\n{text}");
    }
}

#[test]
fn five_hundred_teams_make_fewer_than_five_thousand_series() {
    let metrics = Metrics::new().unwrap();
    metrics.expect_routes((0..120).map(|_| (RouteName("/api/v1/contacts"), "GET")));
    for number in 0..500 {
        let (team, topic) = (format!("t{number}"), format!("p{}", number % 100));
        for ending in Ending::ALL {
            for _ in 0..5 {
                let read =
                    ContactRead { team: Some(&team), topic: Some(&topic), ending: *ending, rules: Rule::ALL };
                metrics.note_contact(&read);
            }
        }
    }

    let text = rendered(&metrics);
    let series = text.lines().filter(|line| !line.starts_with('#')).count();
    assert!(series < 5000, "{series}");
    assert!(text.contains("team=\"other\"") && text.contains("topic=\"other\""), "the rest is counted");
}

#[test]
fn the_number_of_series_stays_far_below_five_thousand() {
    let metrics = Metrics::new().unwrap();
    metrics.expect_routes((0..60).map(|_| (RouteName("/api/v1/contacts"), "GET")));

    let series = rendered(&metrics).lines().filter(|line| !line.starts_with('#')).count();

    assert!(series < 600, "{series}");
}
