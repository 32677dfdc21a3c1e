//! Every alert has a page that says what to do, and every page an alert.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

fn rules() -> String {
    std::fs::read_to_string(root().join("deploy/prometheus/rules.yml")).unwrap()
}

fn alerts() -> BTreeSet<String> {
    let rules = rules();
    rules.lines().filter_map(|line| line.trim().strip_prefix("- alert: ")).map(str::to_owned).collect()
}

fn page(alert: &str) -> String {
    std::fs::read_to_string(root().join(format!("docs/runbooks/{alert}.md"))).unwrap()
}

#[test]
fn every_alert_has_a_page_and_every_page_an_alert() {
    let files = std::fs::read_dir(root().join("docs/runbooks")).unwrap();
    let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
    let pages: BTreeSet<_> =
        names.filter(|name| name != "README.md").map(|name| name.replace(".md", "")).collect();

    assert!(alerts().len() > 10);
    assert_eq!(pages, alerts());
    let index = page("README");
    assert!(pages.iter().all(|page| index.contains(&format!("]({page}.md)"))), "{index}");
}

/// The alerts that a unit test expects to fire, and those that one expects to stay quiet.
fn tested() -> [BTreeSet<String>; 2] {
    let mut tested = [BTreeSet::new(), BTreeSet::new()];
    for file in ["rules_test.yml", "rules_days_test.yml", "rules_weeks_test.yml"] {
        let text = std::fs::read_to_string(root().join("deploy/prometheus").join(file)).unwrap();
        let mut alert = String::new();
        for line in text.lines().map(str::trim) {
            if let Some(name) = line.strip_prefix("- alertname: ") {
                name.clone_into(&mut alert);
            } else if line == "exp_alerts: []" {
                tested[1].insert(alert.clone());
            } else if line == "exp_alerts:" {
                tested[0].insert(alert.clone());
            }
        }
    }
    tested
}

#[test]
fn every_alert_has_a_test_in_which_it_fires_and_one_in_which_it_does_not() {
    let [fires, stays_quiet] = tested();
    assert_eq!(alerts().difference(&fires).collect::<Vec<_>>(), Vec::<&String>::new(), "never fires");
    assert_eq!(alerts().difference(&stays_quiet).collect::<Vec<_>>(), Vec::<&String>::new(), "always fires");
}

#[test]
fn the_bars_of_the_rules_are_those_of_the_desk() {
    let rules = rules();
    assert!(rules.contains(&format!("tingxin_reading_drift_psi_error) > {}\n", tingxin::desk::DRIFT_BAR)));
    let usual = "max by (source, channel) (tingxin_source_usual_contacts_hour)";
    assert!(rules.contains(&format!("{usual} >= {}\n", tingxin::desk::SENDS_LEAST)));
}

#[test]
fn an_alert_names_its_page() {
    let rules = rules();
    let mut alert = "";
    let mut named = 0;
    for line in rules.lines().map(str::trim) {
        alert = line.strip_prefix("- alert: ").unwrap_or(alert);
        if let Some(url) = line.strip_prefix("runbook_url: ") {
            assert!(url.trim_matches('"').ends_with(&format!("/{alert}.md")), "{alert}: {url}");
            named += 1;
        }
    }
    assert_eq!(named, rules.matches("- alert: ").count());
}

#[test]
fn a_page_says_in_both_languages_what_it_means_what_it_harms_how_to_look_and_what_to_do() {
    for alert in alerts() {
        let page = page(&alert);
        let (chinese, english) = page.split_once("## English").unwrap();
        for part in ["含义：", "影响：", "排查：", "处理："] {
            assert!(chinese.contains(&format!("**{part}**")), "{alert}: {part}");
        }
        for part in ["Meaning.", "Impact.", "Diagnosis.", "Mitigation."] {
            assert!(english.contains(&format!("**{part}**")), "{alert}: {part}");
        }
    }
}

#[test]
fn a_page_names_metrics_and_rules_that_exist() {
    let metrics = tingxin::metrics::describe_all().unwrap();
    let rules = rules();
    for alert in alerts() {
        let page = page(&alert);
        let words = page.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == ':'));
        for word in words {
            let base = ["_bucket", "_sum", "_count"].iter().find_map(|end| word.strip_suffix(end));
            let known = match word {
                _ if word.starts_with("tingxin_") => {
                    metrics.contains(&format!("| `{}` |", base.unwrap_or(word)))
                }
                _ if word.starts_with("tingxin:") || word.starts_with("slo:") => {
                    rules.contains(&format!("- record: {word}\n"))
                }
                _ => true,
            };
            assert!(known, "{alert}: {word}");
        }
    }
}
