//! How much of the development lines redaction finds, and how little else it takes out.

use serde_json::Value;
use tingxin::domain::{RawText, Span};
use tingxin::evaluate::{FoundShare, PersonalPlace, RedactionCount, RedactionReport};

const LINES: &str = include_str!("../../../models/redaction/dev.jsonl");
/// Lines by other hands than those that wrote the rules.
const SECOND: &str = include_str!("../../../models/redaction/second.jsonl");
/// Lines that the tagger has learnt from, by two writers.
const TRAIN: &str = include_str!("../../../models/redaction/train.jsonl");
/// Lines that neither rules nor tagger were made with: only the sums may be looked at.
const HELD: &str = include_str!("../../../models/redaction/held.jsonl");
/// Recognised speech and typed chat that the tagger has not learnt from.
const FRESH: &str = include_str!("../../../models/redaction/fresh.jsonl");

fn texts(lines: &str) -> impl Iterator<Item = RawText> {
    lines.lines().map(|line| {
        let line: Value = serde_json::from_str(line).unwrap();
        RawText::new(line["text"].as_str().unwrap().to_owned())
    })
}

fn measured(lines: &str) -> RedactionReport {
    let mut count = RedactionCount::default();
    for line in lines.lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        let spans = line["spans"].as_array().unwrap().iter();
        let places: Vec<PersonalPlace> = spans
            .map(|span| {
                let at = |name: &str| usize::try_from(span[name].as_u64().unwrap()).unwrap();
                PersonalPlace {
                    span: Span::new(at("start"), at("end")),
                    kind: span["kind"].as_str().unwrap().to_owned(),
                }
            })
            .collect();
        let text = RawText::new(line["text"].as_str().unwrap().to_owned());
        count.count(&places, line["group"].as_str(), &super::redactor().places(&text));
    }
    count.report()
}

fn below(shares: &[FoundShare], least: f64) -> Vec<String> {
    let below = shares.iter().filter(|share| share.share < least);
    below.map(|share| format!("{}: {} of {}", share.name, share.hits, share.total)).collect()
}

#[test]
fn lines_by_other_hands_keep_their_recall_and_their_precision() {
    let report = measured(SECOND);

    assert!(report.clean_texts >= 250, "{} hard negatives", report.clean_texts);
    let sure: Vec<FoundShare> =
        report.recall_by_group.iter().filter(|group| group.name != "name_nocue").cloned().collect();
    assert!(sure.len() >= 12, "{sure:?}");
    assert_eq!(below(&sure, 0.95), Vec::<String>::new());
    assert_eq!(below(&report.recall_by_group, 0.80), Vec::<String>::new(), "names without a cue, too");
    assert!(report.precision.share >= 0.97, "{:?}", report.precision);
}

#[test]
fn development_lines_keep_their_recall_and_their_precision() {
    let report = measured(LINES);

    assert!(report.clean_texts >= 400, "{} hard negatives", report.clean_texts);
    let kinds: Vec<FoundShare> =
        report.recall_by_group.iter().filter(|group| group.name != "nocue").cloned().collect();
    assert!(kinds.len() >= 12, "{kinds:?}");
    assert_eq!(below(&kinds, 0.98), Vec::<String>::new());
    assert_eq!(below(&report.recall_by_group, 0.90), Vec::<String>::new(), "names without a cue, too");
    assert!(report.precision.share >= 0.97, "{:?}", report.precision);
}

#[test]
fn lines_that_nothing_was_made_with_keep_their_recall_and_their_precision() {
    let report = measured(HELD);

    assert!(report.recall.share >= 0.92, "{:?}", report.recall);
    assert!(report.precision.share >= 0.95, "{:?}", report.precision);
}

#[test]
fn recognised_speech_and_typed_chat_keep_their_recall_and_their_precision() {
    let report = measured(FRESH);

    assert!(report.clean_texts >= 350, "{} hard negatives", report.clean_texts);
    assert!(report.recall.share >= 0.975, "{:?}", report.recall);
    assert_eq!(below(&report.recall_by_kind, 0.96), Vec::<String>::new());
    assert_eq!(below(&report.recall_by_group, 0.90), Vec::<String>::new(), "names without a cue, too");
    assert!(report.precision.share >= 0.97, "{:?}", report.precision);
}

#[test]
fn lines_that_the_tagger_learnt_from_keep_their_recall_and_their_precision() {
    let report = measured(TRAIN);

    assert!(report.clean_texts >= 1_400, "{} hard negatives", report.clean_texts);
    assert!(report.recall.share >= 0.97, "{:?}", report.recall);
    assert_eq!(below(&report.recall_by_kind, 0.95), Vec::<String>::new());
    assert!(report.precision.share >= 0.95, "{:?}", report.precision);
}

#[test]
fn what_is_redacted_stays_as_it_is_when_it_is_redacted_again() {
    let redactor = super::redactor();
    for text in [HELD, FRESH, SECOND, LINES].into_iter().flat_map(texts).chain(texts(TRAIN).step_by(3)) {
        let once = redactor.remark(&text).as_str().to_owned();
        let twice = redactor.remark(&RawText::new(once.clone())).as_str().to_owned();

        assert_eq!(twice, once);
    }
}

#[test]
fn every_thread_finds_the_same_places() {
    let places = || -> Vec<_> { texts(SECOND).map(|text| super::redactor().places(&text)).collect() };

    let alone = places();
    let threads: Vec<_> = (0..4).map(|_| std::thread::spawn(places)).collect();

    assert!(threads.into_iter().all(|thread| thread.join().unwrap() == alone));
}

#[test]
fn a_place_is_counted_in_the_characters_of_the_original() {
    let text = RawText::new("号码１９９００００１２３４，找王建国".to_owned());

    let places = super::redactor().places(&text);

    let spans: Vec<(usize, usize)> = places.iter().map(|place| (place.span.start, place.span.end)).collect();
    assert_eq!(spans, [(2, 13), (15, 18)]);
}
