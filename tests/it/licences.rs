//! What is linked into the binary is permissively licensed: `deny.toml` read without `cargo deny`,
//! so that the rule holds on every machine that can build at all.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

/// Whether an SPDX expression can be satisfied with the allowed licences alone.
fn satisfied(expression: &str, allowed: &BTreeSet<String>) -> bool {
    let text = expression.trim();
    // Outermost OR before outermost AND; crates.io still has the old `/` for OR.
    for (separator, any) in [(" OR ", true), ("/", true), (" AND ", false)] {
        let parts = split_outside_brackets(text, separator);
        if parts.len() > 1 {
            let mut results = parts.iter().map(|part| satisfied(part, allowed));
            return if any { results.any(|ok| ok) } else { results.all(|ok| ok) };
        }
    }
    match text.strip_prefix('(').and_then(|inner| inner.strip_suffix(')')) {
        Some(inner) => satisfied(inner, allowed),
        None => allowed.contains(text),
    }
}

fn split_outside_brackets<'a>(text: &'a str, separator: &str) -> Vec<&'a str> {
    let (mut parts, mut depth, mut from) = (Vec::new(), 0, 0);
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ if depth == 0 && at >= from && text[at..].starts_with(separator) => {
                parts.push(&text[from..at]);
                from = at + separator.len();
            }
            _ => {}
        }
    }
    parts.push(&text[from..]);
    parts
}

fn allowed() -> BTreeSet<String> {
    let file = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/deny.toml")).unwrap();
    let list = file.split_once("\nallow = [").unwrap().1.split_once(']').unwrap().0;
    list.split(',').map(|entry| entry.trim().trim_matches('"').to_owned()).filter(|e| !e.is_empty()).collect()
}

fn metadata() -> serde_json::Value {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked", "--all-features"])
        .args(["--filter-platform", "x86_64-unknown-linux-gnu"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Packages that end up in the binary: reached from the root by normal and build dependencies.
fn linked(metadata: &serde_json::Value) -> BTreeSet<String> {
    let edges: BTreeMap<&str, Vec<&str>> = metadata["resolve"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|node| {
            let targets = node["deps"]
                .as_array()
                .unwrap()
                .iter()
                .filter(|dep| dep["dep_kinds"].as_array().unwrap().iter().any(|kind| kind["kind"] != "dev"))
                .map(|dep| dep["pkg"].as_str().unwrap())
                .collect();
            (node["id"].as_str().unwrap(), targets)
        })
        .collect();
    let mut reached = BTreeSet::new();
    let mut waiting = vec![metadata["resolve"]["root"].as_str().unwrap()];
    while let Some(id) = waiting.pop() {
        if reached.insert(id.to_owned()) {
            waiting.extend(&edges[id]);
        }
    }
    reached
}

#[test]
fn nothing_in_the_binary_has_a_licence_that_operators_could_not_accept() {
    let (allowed, metadata) = (allowed(), metadata());
    let linked = linked(&metadata);
    assert!(linked.len() > 100 && allowed.contains("MIT"), "{} packages", linked.len());

    let refused: Vec<String> = metadata["packages"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|package| linked.contains(package["id"].as_str().unwrap()))
        .filter(|package| !package["license"].as_str().is_some_and(|l| satisfied(l, &allowed)))
        .map(|package| format!("{} {}: {}", package["name"], package["version"], package["license"]))
        .collect();

    assert!(refused.is_empty(), "{refused:#?}");
}

#[test]
fn an_expression_is_read_as_spdx_means_it() {
    let allowed = BTreeSet::from(["MIT".to_owned(), "Unicode-3.0".to_owned()]);

    assert!(satisfied("GPL-3.0-only OR MIT", &allowed));
    assert!(satisfied("(MIT OR Apache-2.0) AND Unicode-3.0", &allowed));
    assert!(!satisfied("(MIT OR Apache-2.0) AND GPL-2.0-only", &allowed));
    assert!(satisfied("Unlicense/MIT", &allowed));
}
