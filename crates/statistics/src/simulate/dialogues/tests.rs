use std::fmt::Write;

use rand::Rng;

use super::*;

const TOP: &str = "dialogue_id\tturn\trole\tvalence_class\tsatisfaction\n";

fn word(class: i8) -> &'static str {
    match class {
        -1 => "negative",
        0 => "neutral",
        _ => "positive",
    }
}

/// Service dialogues: the customer keeps a mood, the agent answers positives in kind with
/// probability `kind`, satisfaction follows the customer's mean.
fn service(kind: f64, dialogues: usize) -> String {
    let mut rng = generator(5, &[10]);
    let mut text = TOP.to_owned();
    for id in 0..dialogues {
        let temper = rng.random::<f64>();
        let customer: Vec<i8> = (0..rng.random_range(6..16_u8))
            .map(|_| {
                let u = rng.random::<f64>() + 0.9 * temper;
                if u < 0.5 { -1 } else { i8::from(u > 1.1) }
            })
            .collect();
        let mean = customer.iter().map(|class| f64::from(*class)).sum::<f64>() / count(customer.len());
        let score = mean + 0.15 * (rng.random::<f64>() - 0.5);
        let satisfaction = if score < -0.25 { 1 } else { 2 + u8::from(score > 0.25) };
        for (turn, class) in customer.iter().enumerate() {
            let warm = 0.3 + if *class == 1 { kind } else { 0.0 };
            let agent = i8::from(rng.random::<f64>() < warm);
            for (place, role, class) in [(2 * turn, "customer", *class), (2 * turn + 1, "agent", agent)] {
                writeln!(text, "d{id}\t{place}\t{role}\t{}\t{satisfaction}", word(class)).unwrap();
            }
        }
    }
    text
}

fn value(findings: &[Finding], check: &str) -> f64 {
    findings.iter().find(|finding| finding.check.contains(check)).unwrap().value
}

#[test]
fn a_dialogue_is_read_and_turns_of_one_side_are_merged() {
    let text = format!(
        "{TOP}a\t1\tagent\tneutral\t3\na\t2\tcustomer\tnegative\t3\na\t3\tcustomer\tneutral\t3\na\t4\tagent\tpositive\t3\n"
    );
    let corpus = read(&text).unwrap();
    assert!(corpus.refused.is_empty());
    assert_eq!(corpus.dialogues[0].satisfaction, Some(3));
    let (pair, branched) = corpus.dialogues[0].answered();
    assert_eq!((pair.customer, pair.agent), (vec![-0.5], vec![1.0]));
    assert_eq!((branched.negative, branched.positive), (vec![0.5], vec![0.0]));
}

#[test]
fn a_bad_row_is_named_by_its_line_and_takes_its_dialogue_along() {
    let text = format!(
        "{TOP}a\t1\tagent\tneutral\t\nb\t1\tagent\tneutral\t\nb\t2\tboss\tneutral\t\nc\tx\tagent\tneutral\t\nd\t1\tagent\tjoy\t\n\
         e\t1\tagent\tneutral\t4\nf\t2\tagent\tneutral\t\nf\t2\tagent\tneutral\t\ng\t1\tagent\tneutral\t1\ng\t2\tagent\tneutral\t2\nh\t1\n\t1\tagent\tneutral\t\n"
    );
    let corpus = read(&text).unwrap();
    let kept: Vec<&str> = corpus.dialogues.iter().map(|dialogue| dialogue.id.as_str()).collect();
    assert_eq!(kept, ["a"]);
    let refused: Vec<String> = corpus.refused.iter().map(ToString::to_string).collect();
    assert_eq!(
        refused,
        [
            "line 4: role \"boss\" is neither agent nor customer",
            "line 5: turn \"x\" is not a whole number",
            "line 6: valence_class \"joy\" is none of negative, neutral, positive",
            "line 7: satisfaction \"4\" is none of 1, 2, 3",
            "line 9: turn 2 after turn 2 of the same dialogue",
            "line 11: satisfaction differs within the dialogue",
            "line 12: 2 columns, 4 or 5 are expected",
            "line 13: dialogue_id is empty",
        ]
    );
}

#[test]
fn another_header_is_refused_and_the_last_column_may_be_missing() {
    assert_eq!(read("id\tturn\n").unwrap_err().line, 1);
    assert_eq!(read("").unwrap_err().line, 1);
    let corpus = read("\u{feff}dialogue_id\tturn\trole\tvalence_class\r\na\t1\tagent\tneutral\r\n").unwrap();
    assert_eq!((corpus.dialogues.len(), corpus.dialogues[0].satisfaction), (1, None));
}

#[test]
fn an_agent_who_answers_kindness_in_kind_has_a_positive_branch_and_no_negative_one() {
    let corpus = read(&service(0.3, 600)).unwrap();
    let findings = check(&corpus, &Options::default());
    assert!((value(&findings, "β⁺") - 0.3).abs() < 0.05, "{findings:?}");
    assert!(value(&findings, "β⁻").abs() < 0.05, "{findings:?}");
    assert!(value(&findings, "z against") > 3.0 && value(&findings, "partner effect") > 0.1);
    // A customer's mean nearly decides the satisfaction of this world.
    assert!(value(&findings, "mean + peak + end") > 0.75, "{findings:?}");
}

#[test]
fn an_agent_who_does_not_listen_does_not_pass_the_positive_control() {
    let corpus = read(&service(0.0, 300)).unwrap();
    let options = Options { only: Some(vec!["V11".to_owned()]), ..Options::default() };
    let findings = check(&corpus, &options);
    assert_eq!(findings.len(), 2);
    assert!(value(&findings, "z against") < 3.0 && !findings[1].holds, "{findings:?}");
}

#[test]
fn an_empty_corpus_holds_nothing() {
    let findings = check(&Corpus::default(), &Options::default());
    assert!(findings.iter().all(|finding| !finding.holds), "{findings:?}");
}
