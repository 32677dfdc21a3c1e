//! The dashboards as files: Grafana itself is not started. What their expressions find stands in `monitoring.rs`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::{Value, json};
use tingxin::domain::{Channel, Emotion, Rule};
use tingxin::events::{Ending, IngestOutcome, Stage};
use tingxin::metrics;

use crate::support::dashboards::{all, expressions, panels};
use crate::support::tools::{assert_clean, assert_written_by};

#[test]
fn the_files_are_what_their_source_says() {
    assert_written_by("scripts/dashboards.py");
}

#[test]
fn every_board_has_what_grafana_asks_of_one() {
    let mut ids = BTreeSet::new();
    for board in all() {
        let uid = board["uid"].as_str().unwrap();
        assert!(uid.starts_with("tingxin-") && uid.len() <= 40 && ids.insert(uid.to_owned()), "{uid}");
        assert!(board["schemaVersion"].as_u64().unwrap() >= 39, "{uid}");
        assert!(board["title"].as_str().unwrap().starts_with("听心 · "), "{uid}");
        assert!(board["id"].is_null(), "{uid}: the number is Grafana's own");
        let variables = board["templating"]["list"].as_array().unwrap();
        assert_eq!(variables[0]["type"], "datasource", "{uid}");
        let names: Vec<_> = variables.iter().map(|variable| variable["name"].as_str().unwrap()).collect();
        for expression in expressions(&board) {
            let used = expression.split('$').skip(1).map(|rest| {
                rest.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).next().unwrap().to_owned()
            });
            for name in used.filter(|name| !name.starts_with("__")) {
                assert!(names.contains(&name.as_str()), "{uid}: ${name} in {expression}");
            }
        }
    }
    assert_eq!(ids.len(), 3);
}

#[test]
fn every_panel_has_a_number_a_place_words_a_unit_and_the_chosen_source() {
    for board in all() {
        let (mut ids, mut cells) = (BTreeSet::new(), BTreeSet::new());
        for panel in board["panels"].as_array().unwrap() {
            assert!(ids.insert(panel["id"].as_u64().unwrap()), "{panel}");
            let [x, y, w, h] = ["x", "y", "w", "h"].map(|name| panel["gridPos"][name].as_u64().unwrap());
            assert!(w > 0 && h > 0 && x + w <= 24, "{panel}");
            for cell in (x..x + w).flat_map(|x| (y..y + h).map(move |y| (x, y))) {
                assert!(cells.insert(cell), "two panels in one place: {}", panel["title"]);
            }
            let title = panel["title"].as_str().unwrap();
            assert!(!title.is_empty() && !title.contains('_') && !title.is_ascii(), "{title}");
        }
        for panel in panels(&board) {
            let title = &panel["title"];
            assert!(!panel["description"].as_str().unwrap().is_empty(), "{title}");
            assert!(!panel["fieldConfig"]["defaults"]["unit"].as_str().unwrap().is_empty(), "{title}");
            assert_eq!(panel["datasource"]["uid"], "${datasource}", "{title}");
            for target in panel["targets"].as_array().unwrap() {
                assert_eq!(target["datasource"]["uid"], "${datasource}", "{title}");
                assert!(!target["expr"].as_str().unwrap().is_empty(), "{title}");
            }
        }
    }
}

/// Where the boards put a code into words: the names of series, and the words of columns.
fn words() -> BTreeMap<String, BTreeSet<String>> {
    let mut words: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut heard = |code: &str, word: &Value| {
        words.entry(code.to_owned()).or_default().insert(word.as_str().unwrap().to_owned());
    };
    for board in all() {
        for panel in panels(&board) {
            for change in panel["fieldConfig"]["overrides"].as_array().unwrap() {
                for property in change["properties"].as_array().unwrap() {
                    if property["id"] == "displayName" {
                        heard(change["matcher"]["options"].as_str().unwrap(), &property["value"]);
                    } else if property["id"] == "mappings" {
                        for (code, word) in property["value"][0]["options"].as_object().unwrap() {
                            heard(code, &word["text"]);
                        }
                    }
                }
            }
        }
    }
    words
}

#[test]
fn a_board_says_the_words_of_the_console() {
    let words = words();
    let mut names: Vec<(&str, &str)> = Vec::new();
    names.extend(Channel::ALL.iter().map(|one| (one.as_str(), one.zh())));
    names.extend(Emotion::ALL.iter().map(|one| (one.as_str(), one.zh())));
    names.extend(Rule::ALL.iter().map(|one| (one.as_str(), one.zh())));
    names.extend(Ending::ALL.iter().map(|one| (one.as_str(), one.zh())));
    names.extend(Stage::ALL.iter().map(|one| (one.as_str(), one.zh())));
    names.extend(IngestOutcome::ALL.iter().map(|one| (one.as_str(), one.zh())));
    for (code, word) in names {
        assert!(
            words.get(code).is_some_and(|heard| heard.iter().eq([word])),
            "{code} {word}: {:?}",
            words.get(code)
        );
    }
}

#[test]
fn every_expression_can_be_read_and_rests_on_what_exists() {
    let expressions: Vec<String> = all().iter().flat_map(expressions).collect();
    assert!(expressions.len() > 50);
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let rules = std::fs::read_to_string(root.join("deploy/prometheus/rules.yml")).unwrap();
    let page = metrics::describe_all().unwrap();
    for expression in &expressions {
        for name in expression.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == ':')) {
            let base =
                ["_bucket", "_sum", "_count"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name);
            if name.starts_with("tingxin_") {
                assert!(page.contains(&format!("| `{base}` |")), "{name} is no metric of the service");
            } else if name.contains(':') && !name.starts_with(':') {
                assert!(rules.contains(&format!("- record: {name}\n")), "{name} is recorded by no rule");
            }
        }
    }
    // Prometheus' own parser; JSON is YAML.
    let filled = expressions.iter().map(|expression| crate::support::dashboards::filled(expression));
    let rules: Vec<_> =
        filled.enumerate().map(|(n, expr)| json!({ "record": format!("board:{n}"), "expr": expr })).collect();
    let file = tempfile::NamedTempFile::with_suffix(".yml").unwrap();
    std::fs::write(file.path(), json!({ "groups": [{ "name": "boards", "rules": rules }] }).to_string())
        .unwrap();
    assert_clean(&["check", "rules", file.path().to_str().unwrap()], "");
}
