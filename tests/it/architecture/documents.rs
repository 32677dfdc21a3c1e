//! What documents point at is there.

use std::fs;
use std::path::{Path, PathBuf};

use super::report;

/// Documents for people who work on the code.
const DOCUMENTS: [&str; 7] = [
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "README.md",
    "RELEASING.md",
    "SECURITY.md",
    "docs/STYLE.md",
    "docs/glossary.md",
];

/// Folders whose pages are all looked at.
const FOLDERS: [&str; 2] = ["docs/adr", "docs/scoring"];

/// A release writes it.
const WRITTEN_LATER: &str = "docs/evidence.md";

/// Folders at the top. A path in backticks begins with one of them; anything else is no path.
const TOP: [&str; 11] = [
    "benches/",
    "config/",
    "crates/",
    "deploy/",
    "docs/",
    "migrations/",
    "models/",
    "samples/",
    "scripts/",
    "src/",
    "tests/",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn documents() -> Vec<PathBuf> {
    let mut pages: Vec<PathBuf> = DOCUMENTS.iter().map(|page| root().join(page)).collect();
    for folder in FOLDERS {
        pages.extend(fs::read_dir(root().join(folder)).unwrap().map(|entry| entry.unwrap().path()));
    }
    pages
}

/// The paths in backticks, those in a command line too: `a/{b,c}.rs` are two.
fn paths(line: &str) -> Vec<String> {
    let spans = line.split('`').skip(1).step_by(2);
    let words = spans.flat_map(str::split_whitespace);
    words.filter(|word| TOP.iter().any(|top| word.starts_with(top))).flat_map(expand).collect()
}

fn expand(word: &str) -> Vec<String> {
    let Some((before, (inner, after))) =
        word.split_once('{').and_then(|(before, rest)| Some((before, rest.split_once('}')?)))
    else {
        return vec![word.to_owned()];
    };
    inner.split(',').map(|one| format!("{before}{one}{after}")).collect()
}

/// Where the links of a line lead inside the repository.
fn links(line: &str) -> Vec<&str> {
    line.split("](")
        .skip(1)
        .filter_map(|rest| rest.split([')', '#']).next())
        .filter(|target| !target.is_empty() && !target.contains("://") && !target.starts_with("mailto:"))
        .collect()
}

#[test]
fn every_path_that_a_document_names_is_there() {
    let (mut problems, mut found) = (Vec::new(), 0);
    for page in documents() {
        let text = fs::read_to_string(&page).unwrap();
        for (at, line) in text.lines().enumerate() {
            let beside = page.parent().unwrap();
            let named = paths(line).into_iter().map(|path| (root().join(&path), path));
            let linked = links(line).into_iter().map(|path| (beside.join(path), path.to_owned()));
            for (place, path) in named.chain(linked) {
                found += 1;
                if !place.exists() && path != WRITTEN_LATER {
                    problems.push(format!("{}:{}: there is no `{path}`", page.display(), at + 1));
                }
            }
        }
    }
    assert!(found > 100, "the search found only {found} paths");
    report(&problems);
}

#[test]
fn the_index_of_decisions_lists_each_with_its_title() {
    let index = fs::read_to_string(root().join("docs/adr/README.md")).unwrap();
    let mut problems = Vec::new();
    for entry in fs::read_dir(root().join("docs/adr")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        let text = fs::read_to_string(&path).unwrap();
        let Some((number, title)) = text.lines().next().unwrap().trim_start_matches("# ").split_once(" — ")
        else {
            continue;
        };
        let row = format!("| [{number}]({name}) | {title} |");
        if !index.contains(&row) {
            problems.push(format!("docs/adr/README.md lacks the row `{row}`"));
        }
    }
    report(&problems);
}
