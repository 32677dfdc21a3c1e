//! `tingxin evaluate` in a shell.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::support::shell::{Ended, Shell};

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

/// Runs `evaluate` for machines on one file with this content.
fn figures(content: &str, flags: &[&str]) -> (Value, Ended) {
    let shell = Shell::new();
    let file = shell.write("labels.ndjson", content);
    let mut arguments = vec!["evaluate", "--output", "json"];
    arguments.extend(flags);
    arguments.push(file.to_str().unwrap());
    let ended = shell.run(&arguments);
    (serde_json::from_str(&ended.out).unwrap_or_else(|_| panic!("{ended:?}")), ended)
}

/// A contact of as many customer turns as there are texts.
fn contact(id: usize, texts: &[&str], survey: Option<u8>) -> String {
    let turns: Vec<Value> = texts
        .iter()
        .flat_map(|text| {
            [json!({"speaker": "customer", "text": text}), json!({"speaker": "agent", "text": "请您稍等"})]
        })
        .collect();
    let mut contact = json!({
        "schema": "tingxin.contact.v1", "source": "test", "contact_id": format!("c{id}"),
        "channel": "hotline", "utterances": turns,
    });
    if let Some(grade) = survey {
        contact["survey"] = json!({"satisfaction": grade, "scale": 5});
    }
    contact.to_string()
}

#[test]
fn labels_become_figures_for_machines() {
    let (figures, ended) = figures(LABELS, &[]);

    assert_eq!(ended.status, 0, "{}", ended.err);
    assert_eq!(figures["utterances"], 3);
    assert_eq!(figures["valence"]["utterances"], 4);
    assert_eq!(figures["per_class"].as_array().unwrap().len(), 3);
    assert_eq!(figures["absent_classes"], json!(["happiness", "surprise", "sadness", "fear", "disgust"]));
    for name in ["accuracy", "macro_f1", "calibration_error"] {
        assert!((0.0..=1.0).contains(&figures[name].as_f64().unwrap()), "{name}");
    }
}

#[test]
fn a_table_of_labels_gives_the_figures_of_its_lines() {
    let table = "\u{feff}文本;说话人;情绪;极性;编号;标注人\n\
                 气死我了，你们太欺负人了！;客户;愤怒;;1;li\n\
                 \"非常感谢，\n你帮了大忙\";客户;感激;;2;li\n\
                 我想查一下套餐余量;;neutral;中性;3;li\n\
                 太让人失望了;;;负面;4;li\n\
                 好的;;1;;5;li\n";
    let shell = Shell::new();
    shell.write("labels.csv", table);

    let ended = shell.run(&["evaluate", "--model", "lexicon", "--output", "json", "labels.csv"]);

    let figures: Value = serde_json::from_str(&ended.out).unwrap_or_else(|_| panic!("{ended:?}"));
    assert_eq!(figures["utterances"], 3);
    assert_eq!(figures["valence"]["utterances"], 4);
    assert_eq!((ended.status, &figures["refused"]), (2, &json!(1)), "a number is no class");
    assert!(ended.err.contains("标注人") && ended.err.contains("\"line\":7"), "{}", ended.err);
}

#[test]
fn figures_for_people_are_chinese_in_a_chinese_locale() {
    let ended = Shell::new().run_with(
        &["evaluate", "--language", "zh", "--model", "lexicon", "--no-control", "-"],
        LABELS.as_bytes(),
    );

    assert!(ended.out.contains("八类情绪 宏平均 F1") && ended.out.contains("精确率"), "{}", ended.out);
}

#[test]
fn the_same_labels_give_the_same_figures_but_for_the_speed() {
    let timeless = || {
        let (mut figures, _) = figures(LABELS, &["--fairness"]);
        for model in figures["models"].as_array_mut().unwrap() {
            let speed = model.as_object_mut().unwrap().remove("utterances_per_second");
            assert!(speed.unwrap().as_f64().unwrap() > 0.0);
        }
        figures["files"] = Value::Null;
        figures.to_string()
    };

    assert_eq!(timeless(), timeless());
}

#[test]
fn people_get_one_table_of_all_models_and_the_classes_left_out() {
    let ended = Shell::new().run_with(&["evaluate", "-"], LABELS.as_bytes());

    assert_eq!(ended.status, 0, "{}", ended.err);
    let (first, rest) = ended.out.split_once("Details of tingxin-emotion-4").unwrap();
    for title in ["8 emotions", "3 valences", "accuracy", "calibration error", "utterances/s"] {
        assert!(first.contains(title.split(' ').next().unwrap()), "{title}\n{first}");
    }
    assert!(first.contains("redaction and segmentation included"), "{first}");
    assert!(!first.contains("abuse"), "nothing is labelled with it\n{first}");
    assert!(rest.contains("left out of macro F1: happiness, surprise, sadness, fear, disgust"), "{rest}");
}

#[test]
fn the_lexicon_stands_beside_every_model_unless_it_is_left_out() {
    let names = |figures: &Value| -> Vec<String> {
        let rows = figures["models"].as_array().unwrap();
        rows.iter().map(|row| row["engine"]["model"].as_str().unwrap().to_owned()).collect()
    };

    let (both, _) = figures(LABELS, &["--model", "tingxin-emotion", "--model", "tingxin-emotion"]);
    let (alone, _) = figures(LABELS, &["--model", "tingxin-emotion", "--no-control"]);
    let (control, _) = figures(LABELS, &["--model", "lexicon"]);

    assert_eq!(names(&both), ["tingxin-emotion-4", "lexicon-1"]);
    assert_eq!(names(&alone), ["tingxin-emotion-4"]);
    assert_eq!(names(&control), ["lexicon-1"]);
    // The figures at the top are those of the first row.
    assert_eq!(both["engine"]["model"], "tingxin-emotion-4");
    for field in ["accuracy", "macro_f1", "per_class", "confusion", "calibration_error", "valence"] {
        assert_eq!(both[field], both["models"][0][field], "{field}");
    }
}

#[test]
fn abuse_is_compared_where_it_is_labelled() {
    let lines = concat!(
        r#"{"text":"你他妈就是个废物","abuse":true}"#,
        "\n",
        r#"{"text":"你这个蠢货，滚","abuse":true}"#,
        "\n",
        r#"{"text":"我想办个套餐","abuse":false}"#,
        "\n",
    );

    let (figures, ended) = figures(lines, &[]);

    assert_eq!(ended.status, 0, "{}", ended.err);
    let abuse = &figures["models"][0]["abuse"];
    assert_eq!((&abuse["utterances"], &abuse["positives"]), (&json!(3), &json!(2)));
    assert_eq!(abuse["precision"], 1.0, "{abuse}");
    assert!(abuse["f1_interval"]["low"].as_f64() <= abuse["f1"].as_f64());
}

#[test]
fn the_mood_of_surveyed_contacts_is_compared_with_what_the_customers_answered() {
    let mut lines = LABELS.to_owned();
    for id in 0..4 {
        let angry = ["气死我了", "你们太欺负人了", "我要投诉你们"];
        let calm = ["我想查一下套餐", "那流量还有多少", "那就先这样"];
        let glad = ["太好了，非常感谢", "你真热心", "服务很满意，谢谢你"];
        for (texts, grade) in [(angry, 1), (calm, 3), (glad, 5)] {
            writeln!(lines, "{}", contact(id * 10 + usize::from(grade), &texts, Some(grade))).unwrap();
        }
    }
    writeln!(lines, "{}", contact(99, &["没人问过我满不满意"], None)).unwrap();

    let (figures, ended) = figures(&lines, &[]);

    assert_eq!(ended.status, 0, "{}", ended.err);
    assert_eq!(figures["utterances"], 3, "labelled lines are read beside them");
    assert_eq!(figures["contacts_without_survey"], 1);
    let found = &figures["models"][0]["satisfaction"];
    assert_eq!(found["contacts"], 12);
    for part in ["mean_worst_end", "mean", "end"] {
        assert!(found[part]["rho"].as_f64().unwrap() > 0.8, "{part}: {found}");
        assert!(found[part]["interval"]["low"].is_number(), "{part}: {found}");
    }
}

#[test]
fn fairness_counts_pairs_of_every_attribute_and_names_the_gate() {
    let shell = Shell::new();
    let file = shell.write("labels.ndjson", LABELS);

    let (figures, _) = figures(LABELS, &["--fairness"]);
    let people = shell.run(&["evaluate", "--fairness", file.to_str().unwrap()]);
    let without = shell.run(&["evaluate", file.to_str().unwrap()]);

    let lines = figures["models"][0]["fairness"].as_array().unwrap();
    let names: Vec<_> = lines.iter().map(|line| line["attribute"].as_str().unwrap()).collect();
    assert_eq!(names, ["name", "gender", "site", "dialect"]);
    for line in lines {
        let pairs = line["pairs"].as_u64().unwrap() + line["alike_after_redaction"].as_u64().unwrap();
        assert_eq!(pairs, 4, "one pair for each text: {line}");
        assert!(line["within_gate"].is_boolean());
    }
    assert!(people.out.contains("Fairness") && people.out.contains("≤ 1 %"), "{}", people.out);
    assert!(!without.out.contains("Fairness"), "it costs time, so it is off");
}

#[test]
fn a_sentence_of_a_note_is_read_as_a_report() {
    let line =
        |speaker| format!(r#"{{"text":"客户情绪激动，已安抚","speaker":"{speaker}","emotion":"anger"}}"#);

    let (note, _) = figures(&line("note"), &["--model", "lexicon"]);
    let (customer, _) = figures(&line("customer"), &["--model", "lexicon"]);

    assert_eq!(note["accuracy"], 1.0, "the note says that the customer was angry");
    assert_eq!(customer["accuracy"], 0.0, "in a customer's own mouth the sentence reports nobody's anger");
}

#[test]
fn a_line_that_is_refused_is_named_and_costs_no_other() {
    let shell = Shell::new();
    let bad = shell
        .write("bad.ndjson", format!("{{\"text\":\"geheim\",\"emotion\":\"fury\"}}\n{LABELS}not json\n"));
    let good = shell.write("good.ndjson", LABELS);

    let ended = shell.run(&["evaluate", "--output", "json", bad.to_str().unwrap(), good.to_str().unwrap()]);

    assert_eq!(ended.status, 2, "{}", ended.err);
    let refusals: Vec<Value> = ended.err.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(refusals.len(), 2, "{}", ended.err);
    assert_eq!(refusals[0]["line"], 1);
    assert_eq!(refusals[1]["line"], 7);
    assert!(refusals[0]["file"].as_str().unwrap().ends_with("bad.ndjson"));
    assert!(refusals[0]["message"].as_str().unwrap().contains("fury"), "{}", ended.err);
    assert!(!ended.err.contains("geheim"), "{}", ended.err);
    let figures: Value = serde_json::from_str(&ended.out).unwrap();
    assert_eq!((&figures["utterances"], &figures["refused"]), (&json!(6), &json!(2)));
}

#[test]
fn a_file_that_is_not_there_is_named_and_the_others_are_read() {
    let shell = Shell::new();
    let file = shell.write("labels.ndjson", LABELS);

    let ended = shell.run(&["evaluate", "--output", "json", "nowhere.ndjson", file.to_str().unwrap()]);

    assert_eq!(ended.status, 1);
    assert!(ended.err.contains("nowhere.ndjson"), "{}", ended.err);
    let figures: Value = serde_json::from_str(&ended.out).unwrap();
    assert_eq!(figures["utterances"], 3);
}

#[test]
fn a_contact_that_is_refused_names_its_field() {
    let broken = contact(1, &["你好"], Some(3)).replace("\"scale\":5", "\"scale\":99");

    let (_, ended) = figures(&format!("{LABELS}{broken}\n"), &[]);

    assert_eq!(ended.status, 2);
    assert!(ended.err.contains("/survey/scale") && ended.err.contains("\"line\":6"), "{}", ended.err);
}

#[test]
fn without_any_label_there_is_nothing_to_compare_with() {
    let ended = Shell::new().run_with(&["evaluate", "-"], r#"{"text":"好的"}"#.as_bytes());

    assert_eq!(ended.status, 1);
    assert!(ended.err.contains("nothing to compare with"), "{}", ended.err);
}

#[test]
fn the_shipped_model_keeps_the_rates_of_the_behavioural_tests() {
    let shell = Shell::new();

    let ended = shell.run(&["evaluate", "--checks", "--no-control", "--output", "json"]);

    assert_eq!(ended.status, 0, "{}", ended.err);
    let found: Value = serde_json::from_str(&ended.out).unwrap();
    let capabilities = found["capabilities"].as_array().unwrap();
    assert!(capabilities.len() >= 20, "{}", capabilities.len());
    for one in capabilities {
        let (cases, passed) = (one["cases"].as_u64().unwrap(), one["passed"].as_u64().unwrap());
        assert!(cases >= 50 && passed <= cases, "{one}");
        assert!(one["low"].as_f64().unwrap() <= one["high"].as_f64().unwrap(), "{one}");
        assert!(["minimum", "invariance", "direction"].contains(&one["kind"].as_str().unwrap()), "{one}");
    }
    assert!(found["model"].as_str().unwrap().starts_with("tingxin-emotion-"));
}

#[test]
fn behavioural_tests_of_another_model_hold_no_rate_and_name_what_fails() {
    let shell = Shell::new();

    let ended = shell.run(&["evaluate", "--checks", "--misses", "--no-control", "--model", "lexicon"]);
    let both = shell.run(&["evaluate", "--checks", "labels.ndjson"]);

    assert_eq!(ended.status, 0, "{}", ended.err);
    assert!(
        ended.out.contains("final_mark") && ended.out.contains("lexicon-1 does not hold in:"),
        "{}",
        ended.out
    );
    assert_eq!(both.status, 64, "files and --checks are two questions: {both:?}");
}

#[test]
fn the_expected_satisfaction_stands_beside_the_survey() {
    let contacts: String = (0..6_usize)
        .map(|n| {
            let text = if n % 2 == 0 {
                "你们太气人了，根本没人管"
            } else {
                "太感谢了，帮了我大忙"
            };
            contact(n, &[text; 3], Some(if n % 2 == 0 { 1 } else { 5 })) + "\n"
        })
        .collect();

    let (found, ended) = figures(&contacts, &[]);

    assert_eq!(ended.status, 0, "{}", ended.err);
    let satisfaction = &found["satisfaction"];
    assert!(satisfaction["expected"]["rho"].as_f64().unwrap() > 0.8, "{satisfaction}");
    assert!((satisfaction["auc"].as_f64().unwrap() - 1.0).abs() < 1e-9, "{satisfaction}");
    assert!(satisfaction["calibration_error"].as_f64().unwrap() < 0.5, "{satisfaction}");
    let control = &found["models"][1]["satisfaction"];
    assert!(
        control["expected"].is_null() && control["auc"].is_null(),
        "word lists expect nothing: {control}"
    );
}
