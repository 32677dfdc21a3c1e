//! A classifier that an operator brings along.

use tingxin::domain::{Emotion, EmotionScores, Speaker, UtteranceScore};
use tingxin::score::{self, EmotionModel, EngineKind};

use super::tiny::Tiny;
use crate::support::shell::Shell;
use crate::support::words::read_all;

const CUSTOMER: Option<Speaker> = Some(Speaker::Customer);

/// Classes in another order than ours, and fewer.
const EMOTIONS: [&str; 4] = ["anger", "neutral", "Happiness", "sadness"];

fn load(tiny: &Tiny) -> Box<dyn EmotionModel> {
    score::load_on(tiny.folder(), EngineKind::RustBert).unwrap()
}

fn refusal(tiny: &Tiny) -> String {
    score::load_on(tiny.folder(), EngineKind::RustBert).err().unwrap().to_string()
}

fn one(model: &mut dyn EmotionModel, text: &str) -> UtteranceScore {
    read_all(model, &[(CUSTOMER, text)]).remove(0)
}

fn close(scores: &EmotionScores, emotion: Emotion, expected: f64) {
    let p = f64::from(scores.get(emotion));
    assert!((p - expected).abs() < 1e-5, "{emotion}: {p}, not {expected}");
}

#[test]
fn probabilities_are_those_of_the_same_arithmetic_in_plain_loops() {
    let shell = Shell::new();
    let tiny = Tiny::write(&shell.path("tiny"), &EMOTIONS);
    let mut model = load(&tiny);

    // Lower case, pieces of words and an unknown character, as `vocab.txt` asks for.
    for (text, tokens) in [
        ("你们太慢了", vec!["你", "们", "太", "慢", "了"]),
        ("谢谢，ABCD", vec!["谢", "谢", "，", "ab", "##cd"]),
        ("气死我了5龘", vec!["气", "死", "我", "了", "5", "[UNK]"]),
    ] {
        let (score, expected) = (one(&mut *model, text), tiny.classes(&tokens));
        for (class, expected) in
            [Emotion::Anger, Emotion::Neutral, Emotion::Happiness, Emotion::Sadness].into_iter().zip(expected)
        {
            close(&score.emotions, class, expected);
        }
        close(&score.emotions, Emotion::Gratitude, 0.0);
        let sum: f32 = score.emotions.parts().iter().sum();
        assert!((sum - 1.0).abs() < 1e-5, "{sum}");
        assert!(score.scorable && score.abuse == 0.0 && score.evidence.is_empty());
    }
}

#[test]
fn company_changes_no_bit_of_a_classifier() {
    let shell = Shell::new();
    let mut model = load(&Tiny::write(&shell.path("tiny"), &EMOTIONS));
    let texts = [
        (CUSTOMER, "你"),
        (CUSTOMER, "你们太慢了，气死我了"),
        (CUSTOMER, "好"),
        (Some(Speaker::Agent), "是不是"),
    ];

    let together = read_all(&mut *model, &texts);

    for (text, score) in texts.iter().zip(&together) {
        assert_eq!(&read_all(&mut *model, &[*text])[0], score, "{text:?}");
    }
}

#[test]
fn a_long_text_is_the_mean_of_its_parts_by_their_length() {
    let shell = Shell::new();
    let tiny = Tiny::write(&shell.path("tiny"), &EMOTIONS);
    // 20 places: 18 tokens between two marks.
    let tokens: Vec<&str> = ["你", "们", "太", "慢", "了"].repeat(5);

    let score = one(&mut *load(&tiny), &tokens.concat());

    let (long, short) = (tiny.classes(&tokens[..18]), tiny.classes(&tokens[18..]));
    close(&score.emotions, Emotion::Anger, (20.0 * long[0] + 9.0 * short[0]) / 29.0);
}

#[test]
fn a_valence_claims_no_single_emotion() {
    let shell = Shell::new();
    let tiny = Tiny::write(&shell.path("tiny"), &["negative", "neutral", "positive"]);

    let score = one(&mut *load(&tiny), "你们太慢了");

    let classes = tiny.classes(&["你", "们", "太", "慢", "了"]);
    for emotion in Emotion::ALL {
        let expected = match emotion {
            Emotion::Neutral => classes[1],
            Emotion::Surprise => 0.0,
            Emotion::Happiness | Emotion::Gratitude => classes[2] / 2.0,
            _ => classes[0] / 4.0,
        };
        close(&score.emotions, *emotion, expected);
    }
}

#[test]
fn classes_of_other_names_need_a_file_that_says_what_they_mean() {
    let shell = Shell::new();
    let tiny = Tiny::write(&shell.path("tiny"), &["LABEL_0", "好评", "anger"]);
    let say = |text: &str| std::fs::write(shell.path("tiny/labels.toml"), text).unwrap();
    assert!(refusal(&tiny).contains("LABEL_0, 好评; write into labels.toml"), "{}", refusal(&tiny));

    say("[labels]\nLABEL_0 = \"neutral\"\n\"好评\" = \"cheerful\"\n");
    assert!(refusal(&tiny).contains("mean: 好评; write"), "{}", refusal(&tiny));
    say("[labels]\nLABEL_0 = \"neutral\"\n\"好评\" = \"positive\"\nLABEL_9 = \"anger\"\n");
    assert!(refusal(&tiny).contains("no class `LABEL_9`"), "{}", refusal(&tiny));

    say("[labels]\nLABEL_0 = \"neutral\"\n\"好评\" = \"positive\"\n");
    let mut model = load(&tiny);
    let with_file = model.identity().sha256.clone();
    close(&one(&mut *model, "好").emotions, Emotion::Neutral, tiny.classes(&["好"])[0]);
    drop(model);
    // What a class means is part of the model: another file, another identity.
    say("[labels]\nLABEL_0 = \"neutral\"\n\"好评\" = \"gratitude\"\n");
    assert_ne!(load(&tiny).identity().sha256, with_file);
}

#[test]
fn what_would_be_computed_wrongly_is_refused() {
    let shell = Shell::new();
    let tiny = Tiny::write(&shell.path("tiny"), &["negative", "positive"]);
    let sound = tiny.config();
    for (field, value, hint) in [
        ("model_type", serde_json::json!("roberta"), "only `bert`"),
        ("hidden_act", serde_json::json!("relu"), "only `gelu`"),
        ("layer_norm_eps", serde_json::json!(1e-5), "computes with 1e-12 only"),
        ("problem_type", serde_json::json!("multi_label_classification"), "exclude each other"),
        ("position_embedding_type", serde_json::json!("relative_key"), "absolute"),
        ("num_attention_heads", serde_json::json!(3), "do not divide"),
        ("num_hidden_layers", serde_json::json!(3), "lack `bert.encoder.layer.2"),
        ("hidden_size", serde_json::json!(32), "long, not"),
        ("id2label", serde_json::json!({"0": "negative", "1": "neutral", "2": "positive"}), "`classifier."),
        ("id2label", serde_json::json!({"0": "negative", "2": "positive"}), "none for 1"),
        ("id2label", serde_json::json!({"0": "negative"}), "at least two"),
    ] {
        let mut config = sound.clone();
        config[field] = value;
        tiny.configure(&config);
        assert!(refusal(&tiny).contains(hint), "{}", refusal(&tiny));
    }
    tiny.configure(&sound);
    std::fs::remove_file(shell.path("tiny/vocab.txt")).unwrap();
    assert!(refusal(&tiny).contains("tokenizer.json"), "{}", refusal(&tiny));
}

#[test]
fn the_program_analyses_with_it_and_says_so() {
    let shell = Shell::new();
    let tiny = Tiny::write(&shell.path("my model"), &EMOTIONS);
    let contact = shell.write(
        "contact.json",
        r#"{"schema":"tingxin.contact.v1","contact_id":"c","source":"s","channel":"chat",
            "utterances":[{"speaker":"customer","text":"你们太慢了"},{"speaker":"agent","text":"好"}]}"#,
    );
    let run = |threads: &str| {
        let contact = contact.to_str().unwrap();
        shell.run(&[
            "analyze",
            "--engine",
            "rust-bert",
            "--model",
            tiny.folder(),
            "--threads",
            threads,
            contact,
        ])
    };

    let ended = run("2");

    assert_eq!(ended.status, 0, "{}", ended.err);
    let analysis: serde_json::Value = serde_json::from_str(&ended.out).unwrap();
    assert_eq!(analysis["engine"]["model"], "my-model+rust-bert");
    assert_eq!(ended.out, run("1").out);
}
