//! One name, one type: who reads a name without its path must not have to guess which type it is.

use std::collections::BTreeMap;

use super::{Source, report, sources};

/// What opens a type at the level of a module.
const KEYWORDS: [&str; 5] = ["struct ", "enum ", "trait ", "type ", "union "];

/// The types that a file defines at the level of its module, each with its line, tests aside.
fn types(source: &Source) -> Vec<(usize, String)> {
    let own_tests = source.text.find("#[cfg(test)]\nmod tests {").unwrap_or(source.text.len());
    let last = source.text[..own_tests].lines().count();
    let mut types = Vec::new();
    let mut in_macro = false;
    for (line, code) in source.code().filter(|(line, _)| *line <= last) {
        let name = if in_macro { named_in_macro(code) } else { named_by_keyword(code) };
        if let Some(name) = name {
            types.push((line, name));
        }
        in_macro = opens_macro(code) || (in_macro && code.trim_start().starts_with("#["));
    }
    types
}

/// Macros of this project that define one type a call, by the name that stands first:
/// `closed_set! {`.
fn opens_macro(code: &str) -> bool {
    code.strip_suffix("! {").is_some_and(|name| name != "labels" && name.chars().all(is_of_name))
}

/// `Emotion {`, `SourceId by impersonal`, `pub Texts:`.
fn named_in_macro(code: &str) -> Option<String> {
    let name: String = without_visibility(code.trim_start()).chars().take_while(|c| is_of_name(*c)).collect();
    name.starts_with(|c: char| c.is_ascii_uppercase()).then_some(name)
}

/// `pub(super) struct Name`, without indentation.
fn named_by_keyword(code: &str) -> Option<String> {
    let rest = without_visibility(code);
    let rest = KEYWORDS.iter().find_map(|keyword| rest.strip_prefix(keyword))?;
    Some(rest.chars().take_while(|c| is_of_name(*c)).collect())
}

fn without_visibility(code: &str) -> &str {
    let Some(rest) = code.strip_prefix("pub") else { return code };
    let rest = rest.strip_prefix('(').and_then(|rest| rest.split_once(')')).map_or(rest, |(_, rest)| rest);
    rest.trim_start()
}

fn is_of_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

#[test]
fn no_type_name_stands_twice() {
    let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for source in sources().iter().filter(|source| !source.path.to_string_lossy().contains("tests")) {
        for (line, name) in types(source) {
            places.entry(name).or_default().push(format!("{}:{line}", source.path.display()));
        }
    }
    assert!(places.len() > 300, "the search found only {} types", places.len());
    let problems: Vec<String> = places
        .iter()
        .filter(|(_, at)| at.len() > 1)
        .map(|(name, at)| format!("`{name}` is several types: {}", at.join(", ")))
        .collect();
    report(&problems);
}
