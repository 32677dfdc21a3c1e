//! The second engine, and models that an operator brings along. What needs libtorch is compiled
//! with the feature `rust-bert` only; `scripts/test.sh` runs this module in both builds.

#[cfg(feature = "rust-bert")]
mod classifier;
#[cfg(feature = "rust-bert")]
mod parity;
#[cfg(feature = "rust-bert")]
mod tiny;

use std::path::PathBuf;

use tingxin::domain::Speaker;
use tingxin::score;

use crate::support::shell::Shell;
use crate::support::words::read_all;

const MODEL: &str = "tingxin-emotion";

/// The shipped model as an operator's own folder.
fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("models").join(MODEL)
}

#[test]
fn a_model_trained_as_ours_may_lie_in_any_folder() {
    let folder = folder();
    let texts = [(Some(Speaker::Customer), "你们凭什么乱扣费"), (Some(Speaker::Agent), "好的，我帮您看一下")];
    let mut named = score::load(MODEL).unwrap();
    let mut placed = score::load(folder.to_str().unwrap()).unwrap();

    assert_eq!(named.identity().sha256, placed.identity().sha256);
    assert_eq!(read_all(&mut *named, &texts), read_all(&mut *placed, &texts));
}

#[test]
fn the_embedded_engine_says_which_folders_it_cannot_compute() {
    let shell = Shell::new();
    let folder = shell.path("theirs");
    std::fs::create_dir(&folder).unwrap();
    let of = |folder: &std::path::Path| score::load(folder.to_str().unwrap()).err().unwrap().to_string();

    assert!(of(&folder).contains("config.json"), "{}", of(&folder));
    std::fs::write(folder.join("config.json"), r#"{"model_type":"bert"}"#).unwrap();
    assert!(of(&folder).contains("give --engine rust-bert"), "{}", of(&folder));
}

#[test]
fn an_engine_that_nobody_knows_is_wrong_usage() {
    let ended = Shell::new().run(&["evaluate", "--engine", "abacus", "-"]);

    assert_eq!(ended.status, 64);
    assert!(ended.err.contains("embedded, rust-bert"), "{}", ended.err);
}

#[cfg(not(feature = "rust-bert"))]
#[test]
fn a_program_without_the_engine_says_how_to_build_one_with_it() {
    let shell = Shell::new();
    let ours = folder();
    let theirs = shell.path("theirs");
    std::fs::create_dir(&theirs).unwrap();
    std::fs::write(theirs.join("config.json"), "{}").unwrap();

    for model in [MODEL, ours.to_str().unwrap(), theirs.to_str().unwrap()] {
        let ended = shell.run(&["analyze", "--engine", "rust-bert", "--model", model, "-"]);

        assert_eq!(ended.status, 1, "{model}");
        let says =
            ended.err.contains("scripts/setup-libtorch.sh") && ended.err.contains("--features rust-bert");
        assert!(says, "{}", ended.err);
    }
}
