//! The fuzz targets on what is known: every fixture and sample, and copies of them with bytes that
//! chance has changed. `make fuzz` goes on from here without an end.

use std::path::{Path, PathBuf};

use proptest::prelude::Rng as _;
use proptest::test_runner::{RngAlgorithm, TestRng};

#[expect(unreachable_pub, reason = "the targets of another workspace, to which they are public")]
#[path = "../../fuzz/src/lib.rs"]
mod targets;

/// Bytes of a file that are taken: what is longer repeats itself.
const LONGEST: usize = 16 * 1024;

fn seeds() -> Vec<Vec<u8>> {
    fn collect(folder: &Path, into: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { collect(&path, into) } else { into.push(path) }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = Vec::new();
    for folder in ["tests/fixtures/forms", "tests/fixtures/ingest", "samples/chat"] {
        collect(&root.join(folder), &mut paths);
    }
    paths.sort();
    let mut seeds: Vec<Vec<u8>> = paths
        .iter()
        // It takes a second to see that it is one, and has a test of its own.
        .filter(|path| !path.ends_with("bomb.gz"))
        .map(|path| std::fs::read(path).unwrap())
        .collect();
    for bytes in &mut seeds {
        bytes.truncate(LONGEST);
    }
    seeds
}

/// A copy with some bytes changed, cut off or repeated.
fn broken(rng: &mut TestRng, seed: &[u8]) -> Vec<u8> {
    let mut below = |most: usize| usize::try_from(rng.next_u32()).unwrap() % most.max(1);
    let mut copy = seed.to_vec();
    for _ in 0..=below(8) {
        if copy.is_empty() {
            break;
        }
        let at = below(copy.len());
        match below(4) {
            0 => copy.truncate(at),
            1 => copy[at] = u8::try_from(below(256)).unwrap(),
            2 => copy[at] ^= 1 << below(8),
            _ => {
                let end = (at + below(64)).min(copy.len());
                let part = copy[at..end].to_vec();
                copy.splice(at..at, part);
            }
        }
    }
    copy
}

#[test]
fn what_the_fuzz_targets_ask_holds_for_every_fixture_and_for_broken_copies_of_it() {
    let mut rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let all = [
        targets::read_any,
        targets::read_json,
        targets::read_ndjson,
        targets::read_csv,
        targets::read_text,
        targets::read_archive,
        targets::read_workbook,
        targets::redact,
        targets::segment,
        targets::search,
        targets::analysis,
    ];
    let seeds = seeds();
    assert!(seeds.len() > 50, "{}", seeds.len());

    for seed in &seeds {
        targets::read_any(seed);
        for target in all {
            target(&broken(&mut rng, seed));
        }
    }
}
