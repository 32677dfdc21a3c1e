//! The encoder model: the same numbers as the program that trained it, in any company.

use std::collections::BTreeMap;

use serde::Deserialize;
use tingxin::domain::{Channel, Emotion, Speaker};
use tingxin::score;

use crate::support::words::{read_all, read_in};

const CUSTOMER: Option<Speaker> = Some(Speaker::Customer);

const MODEL: &str = "tingxin-emotion";

/// Largest difference of a probability between two engines on the same weights.
const TOLERANCE: f32 = 1e-3;

/// One sentence with the probabilities that the training program computed from the shipped weights.
#[derive(Debug, Deserialize)]
struct Known {
    text: String,
    speaker: String,
    channel: Channel,
    emotions: BTreeMap<String, f32>,
    abuse: f32,
}

fn known() -> Vec<Known> {
    let path =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("models").join(MODEL).join("parity.ndjson");
    std::fs::read_to_string(path).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn speaker(known: &Known) -> Option<Speaker> {
    Speaker::from_name(&known.speaker)
}

#[test]
fn probabilities_are_those_of_the_training_program() {
    let known = known();
    let mut model = score::load(MODEL).unwrap();

    assert!(known.len() >= 100, "{}", known.len());
    for one in &known {
        let score = read_in(one.channel, &mut *model, &[(speaker(one), one.text.as_str())]).remove(0);
        for emotion in Emotion::ALL {
            let (p, expected) = (score.emotions.get(*emotion), one.emotions[emotion.as_str()]);
            assert!((p - expected).abs() <= TOLERANCE, "{}: {emotion} {p}, not {expected}", one.text);
        }
        assert!((score.abuse - one.abuse).abs() <= TOLERANCE, "{}: abuse {}", one.text, score.abuse);
    }
}

#[test]
fn company_and_batches_change_no_bit() {
    let known = known();
    let texts: Vec<_> = known.iter().map(|one| (CUSTOMER, one.text.as_str())).take(60).collect();
    let mut model = score::load(MODEL).unwrap();

    let together = read_all(&mut *model, &texts);

    for (text, score) in texts.iter().zip(&together) {
        assert_eq!(&read_all(&mut *model, &[*text])[0], score, "{text:?}");
    }
}

#[test]
fn a_text_longer_than_a_sequence_is_read_to_its_end() {
    let calm = "我想查一下上个月的话费明细和剩余流量，".repeat(12);
    let angry = format!("{calm}你们凭什么乱扣费，今天不解决我就去工信部投诉你们！");

    let scores = read_all(&mut *score::load(MODEL).unwrap(), &[(CUSTOMER, &calm), (CUSTOMER, &angry)]);

    assert_ne!(scores[0].emotions, scores[1].emotions);
}

#[test]
fn nothing_but_marks_is_not_read() {
    let scores = read_all(&mut *score::load(MODEL).unwrap(), &[(CUSTOMER, "……"), (CUSTOMER, "嗯")]);

    assert!(!scores[0].scorable && scores[1].scorable);
}
