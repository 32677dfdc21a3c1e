//! `tingxin evaluate` in a shell.

use serde_json::Value;

use crate::support::shell::Shell;

const LABELS: &str = concat!(
    r#"{"text":"气死我了，你们太欺负人了！","speaker":"customer","emotion":"anger"}"#,
    "\n",
    r#"{"text":"非常感谢，你帮了大忙","speaker":"customer","emotion":"gratitude","id":"x","weight":2}"#,
    "\n\n",
    r#"{"text":"我想查一下套餐余量","emotion":"neutral","valence_class":"neutral"}"#,
    "\n",
    r#"{"text":"我的号码是19900001234，太让人失望了","valence_class":"negative"}"#,
    "\n",
);

#[test]
fn labels_become_figures_for_machines() {
    let shell = Shell::new();
    let file = shell.write("labels.ndjson", LABELS);

    let ended = shell.run(&["evaluate", "--output", "json", file.to_str().unwrap()]);

    assert_eq!(ended.status, 0, "{}", ended.err);
    let figures: Value = serde_json::from_str(&ended.out).unwrap();
    assert_eq!(figures["utterances"], 3);
    assert_eq!(figures["valence"]["utterances"], 4);
    assert_eq!(figures["per_class"].as_array().unwrap().len(), 3);
    assert_eq!(
        figures["absent_classes"],
        serde_json::json!(["happiness", "surprise", "sadness", "fear", "disgust"])
    );
    for name in ["accuracy", "macro_f1", "calibration_error"] {
        assert!((0.0..=1.0).contains(&figures[name].as_f64().unwrap()), "{name}");
    }
}

#[test]
fn the_same_labels_give_the_same_bytes() {
    let shell = Shell::new();
    let file = shell.write("labels.ndjson", LABELS);
    let arguments = ["evaluate", "--output", "json", file.to_str().unwrap()];

    assert_eq!(shell.run(&arguments).out, shell.run(&arguments).out);
}

#[test]
fn people_get_tables_that_name_the_classes_left_out() {
    let ended = Shell::new().run_with(&["evaluate", "-"], LABELS.as_bytes());

    assert_eq!(ended.status, 0, "{}", ended.err);
    assert!(
        ended.out.contains("left out of macro F1: happiness, surprise, sadness, fear, disgust"),
        "{}",
        ended.out
    );
}

#[test]
fn a_label_nobody_knows_is_a_failure_with_its_line() {
    let shell = Shell::new();
    let file =
        shell.write("labels.ndjson", format!("{LABELS}{{\"text\":\"geheim\",\"emotion\":\"fury\"}}\n"));

    let ended = shell.run(&["evaluate", file.to_str().unwrap()]);

    assert_eq!(ended.status, 1);
    assert!(ended.err.contains("line 6") && ended.err.contains("fury"), "{}", ended.err);
    assert!(!ended.err.contains("geheim"), "{}", ended.err);
}

#[test]
fn without_any_label_there_is_nothing_to_compare_with() {
    let ended = Shell::new().run_with(&["evaluate", "-"], r#"{"text":"好的"}"#.as_bytes());

    assert_eq!(ended.status, 1);
    assert!(ended.err.contains("nothing to compare with"), "{}", ended.err);
}
