//! Reading in context: what a listener hears who heard the turns before, and how satisfied the
//! customer is by then.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::{Value, json};
use tingxin::contagion;
use tingxin::domain::{
    Body, Channel, CueKind, Emotion, Heard, LapseAct, RedactedContact, Rule, RuleThresholds,
    SatisfactionScores, ScoredContact, ScoredText, SignalName, Speaker, Utterance, UtteranceScore,
};
use tingxin::events::Deaf;
use tingxin::pipeline::Analyzer;
use tingxin::score::{self, EmotionModel, ModelError, ModelIdentity, ScoreCache, ScoreInput, Scorer};
use tingxin::segment::Segmenter;

use crate::support::scored::{Script, angry, contact, header, line, mostly};
use crate::support::shell::Shell;
use crate::support::words::{self, segmented};

const MODEL: &str = "tingxin-emotion";

/// Largest difference of a probability, and of a satisfaction, from the training program's.
const TOLERANCE: f32 = 2e-3;

/// A contact with the readings that the training program computed from the shipped weights.
#[derive(Debug, Deserialize)]
struct Known {
    channel: Channel,
    turns: Vec<KnownTurn>,
    in_context: Vec<[f32; 8]>,
    satisfaction: f32,
}

#[derive(Debug, Deserialize)]
struct KnownTurn {
    speaker: String,
    text: String,
}

fn hear(turns: &[(Speaker, &str)]) -> ScoredContact {
    hear_on(Channel::Hotline, turns)
}

fn hear_on(channel: Channel, turns: &[(Speaker, &str)]) -> ScoredContact {
    let mut contact = segmented(turns);
    contact.header.channel = channel;
    let mut scorer = Scorer::new(score::load(MODEL).unwrap(), ScoreCache::new(0));
    scorer.score(vec![contact]).unwrap().pop().unwrap()
}

fn texts(contact: &ScoredContact) -> Vec<&ScoredText> {
    contact.body.texts().map(|(_, text)| text).collect()
}

#[test]
fn readings_in_context_are_those_of_the_training_program() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("models")
        .join(MODEL)
        .join("context-parity.ndjson");
    let known = std::fs::read_to_string(path).unwrap();
    let known: Vec<Known> = known.lines().map(|one| serde_json::from_str(one).unwrap()).collect();

    assert!(known.len() >= 8, "{}", known.len());
    for one in &known {
        let turns: Vec<_> = one
            .turns
            .iter()
            .map(|turn| (Speaker::from_name(&turn.speaker).unwrap(), turn.text.as_str()))
            .collect();
        let heard = hear_on(one.channel, &turns);
        for (text, expected) in texts(&heard).iter().zip(&one.in_context) {
            let emotions = text.heard.unwrap().emotions;
            for (emotion, expected) in Emotion::ALL.iter().zip(expected) {
                let p = emotions.get(*emotion);
                assert!((p - expected).abs() <= TOLERANCE, "{turns:?}: {emotion} {p}, not {expected}");
            }
        }
        let satisfaction = texts(&heard).last().unwrap().heard.unwrap().satisfaction.expected();
        assert!(
            (satisfaction - one.satisfaction).abs() <= 5.0 * TOLERANCE,
            "{satisfaction}, not {}",
            one.satisfaction
        );
    }
}

#[test]
fn a_contact_that_is_still_going_on_is_read_turn_by_turn() {
    let turns = [
        (Speaker::Customer, "我那个宽带报修到现在都没人来"),
        (Speaker::Agent, "这边看到还在排队的您再等四十八小时"),
        (Speaker::Customer, "嗯行吧"),
        (Speaker::Agent, "请问还有别的可以帮您吗"),
    ];

    let (early, late) = (hear(&turns[..3]), hear(&turns));

    for (before, after) in texts(&early).iter().zip(texts(&late)) {
        assert_eq!(before.heard, after.heard, "what comes later changes nothing that was heard");
        assert_eq!(before.score, after.score);
    }
}

#[test]
fn the_reading_alone_does_not_know_its_neighbours() {
    let last = (Speaker::Customer, "嗯行吧");
    let (refused, answered) = (
        hear(&[(Speaker::Agent, "这个退不了的您找谁都没用"), last]),
        hear(&[(Speaker::Agent, "已经给您办好了明天生效"), last]),
    );

    assert_eq!(texts(&refused)[1].score, texts(&answered)[1].score);
    assert_ne!(texts(&refused)[1].heard, texts(&answered)[1].heard);
}

#[test]
fn a_system_voice_is_not_heard() {
    let with = hear(&[(Speaker::System, "正在为您转接"), (Speaker::Customer, "喂你好")]);
    let without = hear(&[(Speaker::Customer, "喂你好")]);

    assert_eq!(texts(&with)[0].heard, None);
    assert_eq!(texts(&with)[1].heard, texts(&without)[0].heard);
}

/// A bare assent that is nothing alone and resignation after a refusal.
fn resigned() -> Script {
    contact("resigned")
        .customer(line("能|不能|退").heard(Emotion::Neutral, 0.95, 3))
        .agent(line("退|不了").heard(Emotion::Neutral, 0.95, 2))
        .customer(line("行吧").unreadable().heard(Emotion::Sadness, 0.9, 1))
}

#[test]
fn signals_hear_what_is_said_between_the_lines() {
    let signals = contagion::measure(&resigned().transcript());

    let mean = signals.get(SignalName::CustomerMean).unwrap();
    assert!(mean.value < -0.2 && mean.utterances == [0, 2], "{mean:?}");
}

/// Says in context that everybody is furious, and nothing else.
struct Furious(Box<dyn EmotionModel>, bool);

impl EmotionModel for Furious {
    fn identity(&self) -> &ModelIdentity {
        self.0.identity()
    }

    fn score(&mut self, batch: &[ScoreInput<'_>]) -> Result<Vec<UtteranceScore>, ModelError> {
        self.0.score(batch)
    }

    fn hear(&self, contact: &mut ScoredContact) {
        if self.1 {
            let heard = Heard {
                emotions: mostly(Emotion::Anger, 0.99),
                satisfaction: SatisfactionScores::from_weights([1.0, 0.0, 0.0, 0.0, 0.0]).unwrap(),
            };
            contact.body.each_mut(|_, text| text.heard = Some(heard));
        }
    }
}

#[test]
fn statistics_never_see_a_reading_that_has_seen_its_neighbours() {
    let turns = [
        "宽带断了三天了没人管",
        "这边给您登记一下",
        "你们每次都这么说",
        "给您加急处理",
        "行吧",
        "请问还有别的吗",
    ];
    let analysed = |furious: bool| {
        let model = Furious(score::load("lexicon").unwrap(), furious);
        let scorer = Scorer::new(Box::new(model), ScoreCache::new(0));
        let mut analyzer = Analyzer::new(Segmenter::new().unwrap(), scorer, Arc::new(Deaf));
        let turn = |(at, text): (usize, &&str)| Utterance {
            speaker: if at % 2 == 0 { Speaker::Customer } else { Speaker::Agent },
            text: words::line(text),
            start_ms: None,
            end_ms: None,
        };
        let body = Body::Transcript(turns.iter().enumerate().map(turn).collect());
        let contact = RedactedContact { header: header("alone"), customer: None, body };
        analyzer.analyse(vec![contact]).unwrap().pop().unwrap()
    };

    let (calm, furious) = (analysed(false), analysed(true));

    assert_eq!(calm.measures, furious.measures, "the same words alone, the same numbers");
    assert_ne!(calm.analysis.signals, furious.analysis.signals);
    assert!(
        furious.analysis.utterances.iter().all(|turn| turn.in_context.is_some()),
        "and what was heard is shown"
    );
}

#[test]
fn satisfaction_is_that_after_the_last_turn_and_names_the_turns_that_moved_it() {
    let signals = contagion::measure(&resigned().transcript());
    let expected = signals.satisfaction.unwrap();

    assert!(expected.value < 2.0 && expected.dissatisfied > 0.8, "{expected:?}");
    assert!(expected.low <= expected.value && expected.value <= expected.high);
    assert_eq!(expected.turns, [1, 2]);
}

#[test]
fn silent_dissatisfaction_is_flagged_and_a_complaint_has_rules_of_its_own() {
    let rules = |contact: &ScoredContact| -> Vec<Rule> {
        tingxin::flag::raise(contact, &contagion::measure(contact), &RuleThresholds::default())
            .into_iter()
            .map(|flag| flag.rule)
            .collect()
    };
    let silent = contact("silent")
        .customer(line("能|不能|退").heard(Emotion::Neutral, 0.97, 3))
        .agent(line("退|不了").heard(Emotion::Neutral, 0.97, 2))
        .customer(line("哦").heard(Emotion::Neutral, 0.9, 1))
        .transcript();
    let loud = (0..3).fold(contact("loud"), |script, _| {
        script.customer(angry().heard(Emotion::Anger, 0.97, 1)).agent(line("好|的"))
    });

    assert_eq!(rules(&silent), [Rule::LikelyDissatisfied]);
    assert!(!rules(&loud.transcript()).contains(&Rule::LikelyDissatisfied));
}

#[test]
fn an_answer_that_sounds_cross_only_by_its_words_or_only_by_its_place_is_no_lapse() {
    let lapse = |alone: Emotion, heard: Emotion| {
        let contact = contact("tone")
            .customer(line("怎么|收|这么|多"))
            .agent(line("合约|里|写|着|的").felt(alone, 0.97).heard(heard, 0.97, 3))
            .transcript();
        contagion::measure(&contact).get(SignalName::AgentLapse).unwrap().value
    };

    assert!(lapse(Emotion::Disgust, Emotion::Neutral) < 0.1);
    assert!(lapse(Emotion::Neutral, Emotion::Disgust) < 0.1);
    assert!(lapse(Emotion::Disgust, Emotion::Disgust) > 0.9);
}

#[test]
fn listed_words_in_a_calm_mouth_are_a_hint_and_no_lapse() {
    let (calm, cross) = ((Emotion::Neutral, 0.97), (Emotion::Disgust, 0.5));
    let lapse = |alone: (Emotion, f32), heard: (Emotion, f32)| {
        let laugh = line("呵呵|那|您|明天|再|来").felt(alone.0, alone.1).heard(heard.0, heard.1, 3);
        let contact = contact("laugh")
            .customer(line("今天|来不及|了"))
            .agent(laugh.cue(CueKind::Lapse(LapseAct::Sarcasm), "呵呵", 4))
            .transcript();
        contagion::measure(&contact).get(SignalName::AgentLapse).unwrap().value
    };

    assert!(lapse(calm, calm) < 0.4);
    assert!(lapse(cross, calm) > 0.9, "one of the readings hears something");
    assert!(lapse(calm, cross) > 0.9);
}

fn analysed(model: &str, turns: &[(&str, &str)]) -> Value {
    let shell = Shell::new();
    let turns: Vec<Value> =
        turns.iter().map(|(speaker, text)| json!({"speaker": speaker, "text": text})).collect();
    let contact = json!({"source": "s", "contact_id": "c", "channel": "hotline", "utterances": turns});
    let ended = shell.run_with(&["analyze", "--model", model, "-"], contact.to_string().as_bytes());
    serde_json::from_str(&ended.out).unwrap_or_else(|_| panic!("{ended:?}"))
}

#[test]
fn an_analysis_shows_both_readings_and_the_satisfaction() {
    let analysis = analysed(
        MODEL,
        &[("customer", "这个月怎么又多扣了我二十"), ("agent", "这个查不到的"), ("customer", "哦")],
    );

    let heard = &analysis["utterances"][2]["in_context"];
    assert!(heard["emotion"].is_string() && heard["valence"].is_number(), "{analysis}");
    let sum: f64 = heard["emotions"].as_object().unwrap().values().map(|p| p.as_f64().unwrap()).sum();
    assert!((sum - 1.0).abs() < 1e-4);
    let satisfaction = &analysis["satisfaction"];
    for name in ["value", "low", "high"] {
        assert!((1.0..=5.0).contains(&satisfaction[name].as_f64().unwrap()), "{satisfaction}");
    }
    assert!((0.0..=1.0).contains(&satisfaction["dissatisfied"].as_f64().unwrap()));
    assert!(satisfaction["turns"].is_array());
}

#[test]
fn word_lists_read_no_context_and_say_so() {
    let analysis = analysed("lexicon", &[("customer", "你们太气人了")]);

    assert_eq!(analysis["satisfaction"], Value::Null);
    assert_eq!(analysis["utterances"][0]["in_context"], Value::Null);
    let skipped = analysis["skipped"].as_array().unwrap();
    assert!(skipped.iter().any(|one| one["feature"] == "satisfaction"), "{analysis}");
}

#[test]
fn a_note_that_reports_no_mood_has_no_satisfaction() {
    let note = contact("note").customer(line("已|登记").heard(Emotion::Neutral, 0.9, 3)).note();

    assert!(matches!(note.body, Body::Note(_)));
    assert_eq!(contagion::measure(&note).satisfaction, None);
}
