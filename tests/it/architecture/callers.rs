//! A public function that nothing but tests calls is no feature.

use std::collections::BTreeMap;

use super::{report, sources};

/// Public functions that tests alone call, each with the reason.
const FOR_TESTS: &[(&str, &str)] = &[
    ("run_one", "tests let the worker take one step at a time"),
    ("is_api", "the OpenAPI document is compared with the routes"),
    ("shares_tables_with", "two segmenters of one process must hold one dictionary"),
];

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| !word.is_empty())
}

#[test]
fn no_public_function_serves_tests_alone() {
    let templates = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("crates/console/templates");
    let pages = std::fs::read_dir(templates)
        .unwrap()
        .map(|page| std::fs::read_to_string(page.unwrap().path()).unwrap());
    let mut uses: BTreeMap<String, usize> = BTreeMap::new();
    for word in pages.collect::<Vec<_>>().iter().flat_map(|page| words(page)) {
        *uses.entry(word.to_owned()).or_default() += 1;
    }
    let (mut public, mut defined) = (Vec::new(), BTreeMap::<String, usize>::new());
    for source in sources().iter().filter(|source| !source.path.to_string_lossy().contains("tests")) {
        let own_tests = source.text.find("#[cfg(test)]\nmod tests {").unwrap_or(source.text.len());
        let last = source.text[..own_tests].lines().count();
        for (line, code) in source.code().filter(|(line, _)| *line <= last) {
            for word in words(code) {
                *uses.entry(word.to_owned()).or_default() += 1;
            }
            if let Some((before, name)) = code.split_once("fn ") {
                let name = words(name).next().unwrap_or_default().to_owned();
                *defined.entry(name.clone()).or_default() += 1;
                if before.trim_start().starts_with("pub ") {
                    public.push((format!("{}:{line}", source.path.display()), name));
                }
            }
        }
    }
    let alone = |name: &str| uses[name] <= defined[name] && FOR_TESTS.iter().all(|(known, _)| *known != name);
    let problems: Vec<String> = public
        .iter()
        .filter(|(_, name)| alone(name))
        .map(|(at, name)| format!("{at}: nothing calls `{name}`"))
        .collect();
    report(&problems);
}
