//! The shipped weights on both engines.

use serde::Deserialize;
use tingxin::domain::{Channel, Emotion, Speaker, UtteranceScore};
use tingxin::score::{self, EngineKind};

use super::{MODEL, folder};
use crate::support::words::{read_all, read_in};

/// Largest difference of a probability between two engines on the same weights.
const TOLERANCE: f32 = 1e-3;

type Texts = Vec<(Option<Speaker>, String)>;

/// The sentences whose probabilities the training program wrote down.
fn written_down() -> Texts {
    #[derive(Deserialize)]
    struct Line {
        text: String,
        speaker: String,
    }
    let lines = std::fs::read_to_string(folder().join("parity.ndjson")).unwrap();
    let lines = lines.lines().map(|line| serde_json::from_str::<Line>(line).unwrap());
    lines.map(|line| (Speaker::from_name(&line.speaker), line.text)).collect()
}

/// Three hundred lines of the corpus, evenly taken from one of its files.
fn of_the_corpus() -> Texts {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/models/corpus/contacts/hl.txt");
    let text = std::fs::read_to_string(file).unwrap();
    let turn = |line: &str| {
        let (speaker, rest) = line.split_once(' ')?;
        let speaker = match speaker {
            "A" => Speaker::Agent,
            "C" => Speaker::Customer,
            _ => return None,
        };
        Some((Some(speaker), rest.split_once(' ')?.1.to_owned()))
    };
    let turns: Texts = text.lines().filter_map(turn).collect();
    let step = turns.len() / 300;
    assert!(step > 0, "{} turns", turns.len());
    turns.into_iter().step_by(step).take(300).collect()
}

fn borrowed(texts: &Texts) -> Vec<(Option<Speaker>, &str)> {
    texts.iter().map(|(speaker, text)| (*speaker, text.as_str())).collect()
}

fn differing(a: &UtteranceScore, b: &UtteranceScore) -> f32 {
    let emotions =
        Emotion::ALL.iter().map(|emotion| (a.emotions.get(*emotion) - b.emotions.get(*emotion)).abs());
    emotions.chain([(a.abuse - b.abuse).abs()]).fold(0.0, f32::max)
}

#[test]
fn both_engines_give_the_same_probabilities() {
    let (written, corpus) = (written_down(), of_the_corpus());
    assert!(written.len() >= 100 && corpus.len() == 300, "{} {}", written.len(), corpus.len());
    let mut texts: Texts = written.into_iter().chain(corpus).collect();
    // Longer than one sequence, and in the voice that nobody speaks with.
    texts.push((Some(Speaker::Customer), "你们凭什么乱扣费，今天不解决我就投诉。".repeat(14)));
    texts.push((None, "客户对处理结果非常不满，扬言投诉。".to_owned()));
    let texts = borrowed(&texts);
    let mut ours = score::load(MODEL).unwrap();
    let mut theirs = score::load_on(MODEL, EngineKind::RustBert).unwrap();

    for channel in [Channel::Chat, Channel::Hotline] {
        // All in one call: sequences of every length side by side.
        let (ours, theirs) = (read_in(channel, &mut *ours, &texts), read_in(channel, &mut *theirs, &texts));

        let furthest = ours.iter().zip(&theirs).map(|(a, b)| differing(a, b)).fold(0.0, f32::max);
        println!("{channel}: largest difference of {} texts: {furthest:e}", texts.len());
        for ((a, b), text) in ours.iter().zip(&theirs).zip(&texts) {
            assert!(differing(a, b) <= TOLERANCE, "{text:?}: {a:?}, {b:?}");
            assert_eq!(a.scorable, b.scorable, "{text:?}");
            assert!((a.valence.get() - b.valence.get()).abs() <= 2.0 * TOLERANCE, "{text:?}");
        }
    }
}

#[test]
fn company_and_threads_change_no_bit() {
    let texts = written_down();
    let texts = borrowed(&texts);
    let mut model = score::load_on(MODEL, EngineKind::RustBert).unwrap();
    let together = read_all(&mut *model, &texts);

    let alone: Vec<_> = std::thread::scope(|scope| {
        let read = |part: &[(Option<Speaker>, &str)]| {
            let mut model = score::load_on(MODEL, EngineKind::RustBert).unwrap();
            part.iter().flat_map(|text| read_all(&mut *model, &[*text])).collect::<Vec<_>>()
        };
        let threads: Vec<_> = texts.chunks(70).map(|part| scope.spawn(move || read(part))).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });

    assert_eq!(together, alone);
}

#[test]
fn an_analysis_says_which_engine_computed_it() {
    let model = score::load_on(MODEL, EngineKind::RustBert).unwrap();

    assert_eq!(model.identity().name, "tingxin-emotion-4+rust-bert");
    assert_eq!(model.identity().sha256, score::load(MODEL).unwrap().identity().sha256);
}

#[test]
fn word_lists_need_no_engine_and_say_so() {
    let refused = score::load_on("lexicon", EngineKind::RustBert).err().unwrap().to_string();

    assert!(refused.contains("word lists") && refused.contains("rust-bert"), "{refused}");
}
