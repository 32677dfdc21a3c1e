//! The house rules that the compiler does not check: who may import whom, which module may name
//! which crate, and how large a file may be. `circles` forbids files that need each other.

mod callers;
mod circles;
mod documents;
mod names;

use std::fs;
use std::path::{Path, PathBuf};

/// For each layer the layers it may import. A layer that is missing here may import everything.
const MAY_IMPORT: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("events", &["domain"]),
    ("lexicon", &[]),
    ("ingest", &["domain"]),
    ("redact", &["domain", "segment"]),
    ("segment", &["domain", "lexicon"]),
    ("score", &["domain", "lexicon"]),
    ("contagion", &["domain"]),
    ("statistics", &[]),
    ("staff", &["domain", "statistics"]),
    ("simulate", &["statistics"]),
    ("flag", &["domain"]),
    ("evaluate", &["domain", "lexicon"]),
    ("pipeline", &["domain", "events", "segment", "score", "contagion", "flag"]),
    ("store", &["domain"]),
    ("desk", &["domain", "redact", "staff", "statistics", "store"]),
    ("worker", &["desk", "domain", "events", "flag", "pipeline", "staff", "store"]),
    ("metrics", &["domain", "events"]),
    ("export", &["desk", "domain", "secrets"]),
    ("deliver", &["desk", "domain", "store"]),
    ("sources", &["desk", "domain", "events", "ingest", "redact", "store"]),
    ("console", &["desk", "domain", "staff", "statistics", "store"]),
    ("python", &["domain", "events", "ingest", "pipeline", "redact", "score", "segment"]),
    (
        "http",
        &[
            "domain",
            "events",
            "ingest",
            "redact",
            "pipeline",
            "staff",
            "statistics",
            "store",
            "metrics",
            "console",
            "desk",
            "export",
            "secrets",
            // The trace to which a request belongs.
            "telemetry",
        ],
    ),
];

/// Names that may stand in these places only: a crate, or a method that breaks a seal.
const ONLY_IN: &[(&str, &[&str])] = &[
    ("sqlx::", &["store"]),
    ("prometheus::", &["metrics"]),
    ("jieba_rs::", &["segment"]),
    ("nalgebra::", &["statistics", "simulate"]),
    ("statrs::", &["statistics"]),
    ("rand::", &["statistics", "simulate"]),
    ("pulp::", &["score"]),
    ("pyo3::", &["python"]),
    ("regex_automata::", &["segment"]),
    ("safetensors::", &["score"]),
    ("tokenizers::", &["score"]),
    ("rust_bert::", &["score"]),
    ("tch::", &["score"]),
    ("regex_syntax::", &["segment"]),
    ("actix_web::", &["http", "app"]),
    ("askama::", &["console"]),
    ("rust_embed::", &["console", "cli"]),
    ("clap::", &["cli", "main", "ingest", "settings"]),
    ("figment::", &["settings", "score"]),
    ("age::", &["cli"]),
    ("argon2::", &["desk"]),
    ("reqwest::", &["deliver"]),
    ("async_nats::", &["sources"]),
    ("rdkafka::", &["sources"]),
    ("rust_xlsxwriter::", &["export"]),
    ("parquet::", &["export"]),
    ("calamine::", &["ingest"]),
    ("csv::", &["ingest", "export"]),
    ("flate2::", &["ingest"]),
    ("zip::", &["ingest"]),
    ("encoding_rs::", &["ingest"]),
    ("indicatif::", &["cli"]),
    ("opentelemetry::", &["telemetry"]),
    ("opentelemetry_otlp::", &["telemetry"]),
    ("opentelemetry_sdk::", &["telemetry"]),
    ("tracing_opentelemetry::", &["telemetry"]),
    ("comfy_table::", &["cli"]),
    ("unicode_normalization::", &["domain"]),
    (".expose()", &["redact"]),
    ("RedactedText::declared_by_redact", &["redact"]),
    ("UtcMillis::now()", &["desk", "http", "worker", "sources", "app", "cli"]),
];

/// Layers that share a crate with others.
const MODULES_OF_CRATES: &[&str] = &[
    "domain",
    "ingest",
    "lexicon",
    "redact",
    "segment",
    "contagion",
    "evaluate",
    "events",
    "flag",
    "pipeline",
];

const MAX_FILE_LINES: usize = 400;

struct Source {
    path: PathBuf,
    layer: String,
    text: String,
}

impl Source {
    /// Lines of code with their numbers: comments are left out, for they may name anything.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text
            .lines()
            .enumerate()
            .map(|(at, line)| (at + 1, line))
            .filter(|(_, line)| !line.trim_start().starts_with("//"))
    }
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
}

/// Every source of the workspace with its layer: a module of the service and of the crates that
/// hold several, else the crate.
fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = Vec::new();
    for folder in code_folders() {
        rust_files(&folder, &mut paths);
    }
    paths.sort();
    let sources: Vec<Source> = paths
        .into_iter()
        .map(|path| {
            let inside: Vec<_> =
                path.strip_prefix(root).unwrap().iter().map(|part| part.to_str().unwrap()).collect();
            let layer = match inside.as_slice() {
                ["src", module, ..] | ["crates", "text" | "signals", "src", module, ..] => {
                    module.trim_end_matches(".rs")
                }
                ["crates", "statistics", "src", "simulate", ..] => "simulate",
                ["crates", name, ..] => name,
                _ => panic!("{} lies outside the workspace", path.display()),
            };
            Source { text: fs::read_to_string(&path).unwrap(), layer: layer.to_owned(), path }
        })
        .collect();
    assert!(sources.len() > 20, "the walk over the workspace found only {} files", sources.len());
    sources
}

/// `src` of the service and of every crate.
fn code_folders() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let crates = fs::read_dir(root.join("crates")).unwrap().map(|entry| entry.unwrap().path().join("src"));
    std::iter::once(root.join("src")).chain(crates).collect()
}

/// The layers that a line names: `crate::NAME` and the crates of the workspace.
fn layers_named(code: &str) -> Vec<String> {
    let word = |text: &str| text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let modules =
        ["crate::", "tingxin_text::", "tingxin_signals::"].iter().flat_map(|of| code.split(of).skip(1));
    let crates = code.split("tingxin_").skip(1).map(word);
    modules.map(word).chain(crates).collect()
}

fn report(problems: &[String]) {
    assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
}

#[test]
fn data_flows_one_way() {
    let mut problems = Vec::new();
    for source in sources() {
        let Some((_, allowed)) = MAY_IMPORT.iter().find(|(layer, _)| *layer == source.layer) else {
            continue;
        };
        for (line, code) in source.code() {
            for name in layers_named(code) {
                let known = MAY_IMPORT.iter().any(|(layer, _)| *layer == name)
                    || ["app", "cli", "settings", "telemetry"].contains(&name.as_str());
                if known && name != source.layer && !allowed.contains(&name.as_str()) {
                    problems.push(format!(
                        "{}:{line}: `{}` may not know `{name}`",
                        source.path.display(),
                        source.layer
                    ));
                }
            }
        }
    }
    report(&problems);
}

#[test]
fn imports_are_written_one_layer_a_line() {
    // A grouped `use crate::{a, b}` would slip through the check above, where a crate holds several
    // layers.
    let grouped = |source: &Source, code: &str| {
        let several = !source.path.components().any(|part| part.as_os_str() == "crates")
            || MODULES_OF_CRATES.contains(&source.layer.as_str());
        code.contains("tingxin_text::{")
            || code.contains("tingxin_signals::{")
            || (several && code.contains("crate::{"))
    };
    let problems: Vec<String> = sources()
        .iter()
        // The root's `lib.rs` gives the layers of the other crates their names, and imports
        // nothing.
        .filter(|source| source.layer != "lib")
        .flat_map(|source| {
            source
                .code()
                .filter(|(_, code)| grouped(source, code))
                .map(|(line, _)| format!("{}:{line}: split `{{…}}` by layer", source.path.display()))
                .collect::<Vec<_>>()
        })
        .collect();
    report(&problems);
}

#[test]
fn a_crate_is_named_in_its_own_layer_only() {
    let mut problems = Vec::new();
    for source in sources() {
        for (line, code) in source.code() {
            for (name, places) in ONLY_IN {
                if names(code, name) && !places.contains(&source.layer.as_str()) {
                    problems.push(format!(
                        "{}:{line}: `{name}` may stand in {places:?} only",
                        source.path.display()
                    ));
                }
            }
        }
    }
    report(&problems);
}

/// Whether `code` names `name` as a whole, so that `my_csv::` is not `csv::`.
fn names(code: &str, name: &str) -> bool {
    code.match_indices(name).any(|(at, _)| {
        name.starts_with('.')
            || !code.get(..at).unwrap().ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':')
    })
}

#[test]
fn a_file_is_one_room() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = Vec::new();
    for folder in code_folders().into_iter().chain(["tests", "benches"].map(|folder| root.join(folder))) {
        rust_files(&folder, &mut paths);
    }
    let problems: Vec<String> = paths
        .iter()
        .map(|path| (path, fs::read_to_string(path).unwrap().lines().count()))
        .filter(|(_, lines)| *lines > MAX_FILE_LINES)
        .map(|(path, lines)| format!("{}: {lines} lines, at most {MAX_FILE_LINES}", path.display()))
        .collect();
    report(&problems);
}

#[test]
fn no_test_is_switched_off() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = Vec::new();
    for folder in code_folders().into_iter().chain([root.join("tests")]) {
        rust_files(&folder, &mut paths);
    }
    let attribute = concat!("#[", "ignore");
    let problems: Vec<String> = paths
        .iter()
        .filter(|path| fs::read_to_string(path).unwrap().contains(attribute))
        .map(|path| format!("{}: a test that does not run proves nothing", path.display()))
        .collect();
    report(&problems);
}
