//! How fast each stage is on one thread, in utterances of the sample contacts.
//!
//! The cache is off unless a name says otherwise, so that the figures are of reading, not of
//! remembering.

#![expect(clippy::unwrap_used, reason = "a bench may fail by panicking")]

use std::hint::black_box;
use std::path::Path;
use std::sync::Arc;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use tingxin::domain::{
    Intake, RawContact, RawText, RedactedContact, Redaction, RuleThresholds, ScoredContact, SegmentedContact,
};
use tingxin::events::Deaf;
use tingxin::ingest;
use tingxin::pipeline::Analyzer;
use tingxin::redact::{PseudonymKey, Redactor};
use tingxin::score::{self, ScoreCache, Scorer};
use tingxin::segment::Segmenter;
use tingxin::{contagion, flag};

/// Texts whose scores are kept by default.
const CACHE: usize = 100_000;

fn samples(folder: &Path, found: &mut Vec<RawContact>) {
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            samples(&path, found);
        } else if path.extension().is_some_and(|e| e == "json") {
            found.push(ingest::parse_contact(&std::fs::read(path).unwrap()).unwrap());
        }
    }
}

fn redactor() -> Redactor {
    Redactor::new(PseudonymKey::new([7; 32]))
}

fn scorer(cache: usize) -> Scorer {
    Scorer::new(score::load("lexicon").unwrap(), ScoreCache::new(cache))
}

fn stages(criterion: &mut Criterion) {
    let mut raw = Vec::new();
    samples(&Path::new(env!("CARGO_MANIFEST_DIR")).join("samples"), &mut raw);
    let redactor = redactor();
    let segmenter = Segmenter::new().unwrap();
    let redacted: Vec<RedactedContact> = raw.iter().cloned().map(|c| redactor.redact(c).contact).collect();
    let cut: Vec<SegmentedContact> = redacted.iter().cloned().map(|c| segmenter.segment(c)).collect();
    let scored: Vec<ScoredContact> = scorer(0).score(cut.clone()).unwrap();
    let utterances = raw.iter().map(|contact| u64::try_from(contact.body.len()).unwrap()).sum();

    let mut group = criterion.benchmark_group("stage");
    group.throughput(Throughput::Elements(utterances));
    group.bench_function("redact", |bench| {
        let work = |contacts: Vec<RawContact>| -> Vec<Intake> {
            contacts.into_iter().map(|contact| redactor.redact(contact)).collect()
        };
        bench.iter_batched(|| raw.clone(), work, BatchSize::LargeInput);
    });
    // What the learnt tagger costs beside the rules: the same lines, each alone.
    let alone: fn(&Redactor, &RawText) -> Vec<Redaction> = Redactor::rules;
    for (name, find) in
        [("redact lines, rules alone", alone), ("redact lines, rules and tagger", Redactor::places)]
    {
        group.bench_function(name, |bench| {
            bench.iter(|| {
                for (_, text) in raw.iter().flat_map(|contact| contact.body.texts()) {
                    black_box(find(&redactor, text));
                }
            });
        });
    }
    group.bench_function("segment", |bench| {
        let work = |contacts: Vec<RedactedContact>| -> Vec<SegmentedContact> {
            contacts.into_iter().map(|contact| segmenter.segment(contact)).collect()
        };
        bench.iter_batched(|| redacted.clone(), work, BatchSize::LargeInput);
    });
    for (name, cache) in [("score, no cache", 0), ("score, cached", CACHE)] {
        let mut reader = scorer(cache);
        group.bench_function(name, |bench| {
            bench.iter_batched(
                || cut.clone(),
                |contacts| reader.score(contacts).unwrap(),
                BatchSize::LargeInput,
            );
        });
    }
    let mut encoder = Scorer::new(score::load(score::DEFAULT_MODEL).unwrap(), ScoreCache::new(0));
    group.bench_function("score, encoder, no cache", |bench| {
        bench.iter_batched(
            || cut.clone(),
            |contacts| encoder.score(contacts).unwrap(),
            BatchSize::LargeInput,
        );
    });
    let shipped = RuleThresholds::default();
    group.bench_function("signals and flags", |bench| {
        bench.iter(|| {
            for contact in &scored {
                black_box(flag::raise(contact, &contagion::measure(contact), &shipped));
            }
        });
    });
    group.finish();
}

fn whole(criterion: &mut Criterion) {
    let mut raw = Vec::new();
    samples(&Path::new(env!("CARGO_MANIFEST_DIR")).join("samples"), &mut raw);
    let redactor = redactor();
    let utterances = raw.iter().map(|contact| u64::try_from(contact.body.len()).unwrap()).sum();

    let mut group = criterion.benchmark_group("pipeline");
    group.throughput(Throughput::Elements(utterances));
    for (name, cache) in [("redact to flags, no cache", 0), ("redact to flags, cached", CACHE)] {
        let mut analyzer = Analyzer::new(Segmenter::new().unwrap(), scorer(cache), Arc::new(Deaf));
        group.bench_function(name, |bench| {
            bench.iter_batched(
                || raw.clone(),
                |contacts| {
                    let redacted = contacts.into_iter().map(|contact| redactor.redact(contact).contact);
                    analyzer.analyse(redacted.collect()).unwrap()
                },
                BatchSize::LargeInput,
            );
        });
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20);
    targets = stages, whole
}
criterion_main!(benches);
