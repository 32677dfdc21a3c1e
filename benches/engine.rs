//! The embedded engine alone, as other inference engines are measured: forward pass and heads, no
//! evidence, no cache.
//!
//! `cargo bench --bench engine -- FILE` reads labelled utterances (`models/corpus/labelled.py`) and
//! prints one JSON object: utterances a second of two threads, best of the rounds, and how many
//! tokens a text has. `models/train/speed.py` puts it beside others. Not a criterion bench: the
//! rate of a whole file on two threads at once is what is compared.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a bench may fail by panicking and prints its figures"
)]
#![expect(clippy::cast_precision_loss, clippy::as_conversions, reason = "counts of texts")]

use std::sync::Barrier;
use std::time::Instant;

use tingxin::score::{self, Forward, Tokenised, Voice};

const THREADS: usize = 2;
const ROUNDS: usize = 5;

fn texts(file: &str) -> Vec<(String, Voice)> {
    let voice = |row: &serde_json::Value| match row.get("speaker").and_then(serde_json::Value::as_str) {
        Some("agent") => Voice::Agent,
        Some("note") => Voice::Report,
        _ => Voice::Customer,
    };
    std::fs::read_to_string(file)
        .unwrap()
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .map(|row| (row.get("text").and_then(serde_json::Value::as_str).unwrap().to_owned(), voice(&row)))
        .collect()
}

/// Seconds that all threads need for their shares, begun together.
fn round(lanes: &mut [(Forward, Vec<Tokenised>)]) -> f64 {
    let start = &Barrier::new(lanes.len());
    std::thread::scope(|scope| {
        let work = move |(model, texts): &mut (Forward, Vec<Tokenised>)| {
            start.wait();
            let began = Instant::now();
            assert_eq!(model.run(texts).unwrap().len(), texts.len());
            began.elapsed().as_secs_f64()
        };
        let running: Vec<_> = lanes.iter_mut().map(|lane| scope.spawn(move || work(lane))).collect();
        running.into_iter().map(|thread| thread.join().unwrap()).fold(0.0, f64::max)
    })
}

fn main() {
    // `cargo bench` adds `--bench`.
    let Some(file) = std::env::args().skip(1).find(|argument| !argument.starts_with("--")) else {
        println!("cargo bench --bench engine -- FILE   FILE: labelled utterances, one JSON object a line");
        return;
    };
    let texts = texts(&file);
    let mut lanes: Vec<(Forward, Vec<Tokenised>)> = (0..THREADS)
        .map(|at| {
            let model = score::forward(score::DEFAULT_MODEL).unwrap();
            let mine = texts.iter().skip(at).step_by(THREADS);
            let mine = mine.map(|(text, voice)| model.prepare(text, *voice).unwrap()).collect();
            (model, mine)
        })
        .collect();
    let tokens: usize = lanes.iter().flat_map(|(_, texts)| texts).map(Tokenised::tokens).sum();
    let best = (0..=ROUNDS).map(|_| round(&mut lanes)).fold(f64::INFINITY, f64::min);
    println!(
        "{}",
        serde_json::json!({
            "model": score::DEFAULT_MODEL,
            "threads": THREADS,
            "utterances_per_second": texts.len() as f64 / best,
            "tokens_per_utterance": tokens as f64 / texts.len() as f64,
        })
    );
}
