//! What signals promise, on contacts built by hand.

use proptest::prelude::*;
use tingxin::domain::{
    CueKind, Emotion, EmotionScores, Flag, Rule, RuleThresholds, ScoredContact, Severity, SignalKind,
    SignalName, Signals,
};
use tingxin::{contagion, flag};

use crate::support::scored::{Script, angry, contact, escalating, line, mostly};

fn flags(contact: &ScoredContact) -> Vec<Flag> {
    flag::raise(contact, &contagion::measure(contact), &RuleThresholds::default())
}

fn rules(contact: &ScoredContact) -> Vec<Rule> {
    flags(contact).into_iter().map(|flag| flag.rule).collect()
}

fn value(signals: &Signals, name: SignalName) -> f64 {
    signals.get(name).unwrap_or_else(|| panic!("{name} was not measured")).value
}

fn reason_to_skip(signals: &Signals, name: SignalName) -> &str {
    let skipped = signals.skipped.iter().find(|skipped| skipped.feature == name.as_str());
    &skipped.unwrap_or_else(|| panic!("{name} was not skipped")).reason
}

#[test]
fn the_same_contact_gives_the_same_bytes_twice() {
    let contact = escalating().transcript();

    let bytes = |signals: Signals| serde_json::to_vec(&(signals.measured, signals.skipped)).unwrap();

    assert_eq!(bytes(contagion::measure(&contact)), bytes(contagion::measure(&contact)));
}

#[test]
fn every_signal_is_either_measured_or_skipped_with_a_reason() {
    let contacts = [
        escalating().transcript(),
        contact("empty").transcript(),
        contact("silent customer").agent(line("您好")).transcript(),
        contact("silent agent").customer(angry()).transcript(),
        contact("note").customer(line("客户|来|厅")).note(),
        contact("empty note").note(),
    ];
    for contact in &contacts {
        let signals = contagion::measure(contact);

        for name in SignalName::ALL {
            let measured = signals.measured.iter().filter(|signal| signal.name == *name).count();
            let skipped = signals.skipped.iter().filter(|skipped| skipped.feature == name.as_str()).count();
            assert_eq!(measured + skipped, 1, "{name} in {}", contact.header.contact_id);
        }
    }
}

#[test]
fn anger_that_rises_from_the_fifth_turn_on_is_an_escalation_and_says_where() {
    let contact = escalating().transcript();

    let signals = contagion::measure(&contact);
    let flags = flag::raise(&contact, &signals, &RuleThresholds::default());

    assert!(value(&signals, SignalName::Escalation) > 0.95);
    assert_eq!(signals.get(SignalName::Escalation).unwrap().utterances, [8, 10, 12]);
    assert_eq!(flags[0].rule, Rule::Escalation);
    assert_eq!(flags[0].severity, Severity::High);
    assert_eq!(flags[0].reason(), "第9轮起客户情绪明显变差，最后三轮仍以愤怒为主（把握99%）");
    assert!(flags.iter().any(|flag| flag.rule == Rule::NegativeEnding));
}

#[test]
fn anger_from_the_first_turn_to_the_last_ends_badly_but_does_not_escalate() {
    let contact = contact("angry").moods(&[mostly(Emotion::Anger, 0.95); 7]).transcript();

    assert_eq!(rules(&contact), [Rule::NegativeEnding, Rule::SatisfactionNotAsked]);
}

#[test]
fn a_customer_who_calms_down_is_a_recovery_and_not_a_negative_ending() {
    let (anger, calm) = (mostly(Emotion::Anger, 0.95), mostly(Emotion::Neutral, 0.98));
    let contact = contact("calmed").moods(&[anger, anger, anger, calm, calm, calm, calm]).transcript();

    let flags = flags(&contact);

    let recovery = flags.iter().find(|flag| flag.rule == Rule::Recovery).unwrap();
    assert_eq!(recovery.severity, Severity::Info);
    assert!(recovery.reason().contains("第5轮之后"), "{}", recovery.reason());
    assert!(flags.iter().all(|flag| flag.rule != Rule::NegativeEnding));
}

#[test]
fn two_customer_turns_are_too_few_for_all_but_the_mean() {
    let contact = contact("short").moods(&[mostly(Emotion::Anger, 0.95); 2]).transcript();

    let signals = contagion::measure(&contact);

    assert!(value(&signals, SignalName::CustomerMean) < -0.8);
    for name in [SignalName::CustomerStart, SignalName::CustomerWorst, SignalName::CustomerEnd] {
        assert_eq!(reason_to_skip(&signals, name), "fewer than 3 customer turns");
    }
    assert_eq!(reason_to_skip(&signals, SignalName::Escalation), "fewer than 6 customer turns");
    assert_eq!(reason_to_skip(&signals, SignalName::Recovery), "fewer than 6 customer turns");
    assert_eq!(reason_to_skip(&signals, SignalName::NegativeEnding), "fewer than 3 customer turns");
}

#[test]
fn a_system_voice_changes_no_value_and_separates_no_turn() {
    let plain = contact("call").customer(angry()).customer(angry()).agent(line("嗯")).customer(angry());
    let robot = contact("call")
        .system(line("请|按|一"))
        .customer(angry())
        .system(line("请|稍候"))
        .customer(angry())
        .agent(line("嗯"))
        .system(line("滴"))
        .customer(angry());

    let values = |script: Script| {
        let signals = contagion::measure(&script.transcript());
        let measured: Vec<_> =
            signals.measured.into_iter().map(|s| (s.name, s.value, s.low, s.high)).collect();
        (measured, signals.skipped)
    };

    assert_eq!(values(plain), values(robot));
}

#[test]
fn a_polite_closing_formula_does_not_hide_an_angry_ending() {
    let closing =
        line("好的|谢谢|再见").felt(Emotion::Gratitude, 0.9).cue(CueKind::Courtesy, "好的谢谢再见", 3);
    let script = contact("polite").moods(&[mostly(Emotion::Anger, 0.95); 3]);

    let without = contagion::measure(&script.clone().transcript());
    let with = contagion::measure(&script.customer(closing).transcript());

    assert_eq!(with.get(SignalName::NegativeEnding), without.get(SignalName::NegativeEnding));
    assert_eq!(with.get(SignalName::CustomerEnd), without.get(SignalName::CustomerEnd));
}

#[test]
fn turns_that_cannot_be_read_are_left_out_and_counted() {
    let contact =
        contact("short").customer(angry()).agent(line("嗯")).customer(line("啊").unreadable()).transcript();

    let signals = contagion::measure(&contact);

    let remark = signals.skipped.last().unwrap();
    assert_eq!(remark.feature, "unreadable_utterances");
    assert!(remark.reason.starts_with("1 of 2 customer utterances"), "{}", remark.reason);
    assert_eq!(signals.get(SignalName::CustomerMean).unwrap().utterances, [0]);
}

fn mood() -> impl Strategy<Value = EmotionScores> {
    proptest::array::uniform8(0.001f32..1.0).prop_map(|weights| EmotionScores::from_weights(weights).unwrap())
}

/// Moves `share` of every other class to anger.
fn angrier(mood: EmotionScores, share: f32) -> EmotionScores {
    let mut weights = mood.parts().map(|part| part * (1.0 - share));
    let anger = Emotion::ALL.iter().position(|e| *e == Emotion::Anger).unwrap();
    weights[anger] += share;
    EmotionScores::from_weights(weights).unwrap()
}

proptest! {
    #[test]
    fn probabilities_and_valences_keep_their_ranges(moods in proptest::collection::vec(mood(), 0..14)) {
        let contact = contact("any").moods(&moods).transcript();

        let signals = contagion::measure(&contact);

        for signal in &signals.measured {
            match signal.kind {
                SignalKind::Probability => {
                    prop_assert!((0.0..=1.0).contains(&signal.value), "{signal:?}");
                    prop_assert!(signal.low.is_none() && signal.high.is_none());
                }
                SignalKind::Valence => {
                    let (low, high) = (signal.low.unwrap(), signal.high.unwrap());
                    prop_assert!(-1.0 <= low && low <= signal.value && signal.value <= high && high <= 1.0, "{signal:?}");
                }
            }
            prop_assert!(signal.utterances.windows(2).all(|pair| pair[0] < pair[1]), "{signal:?}");
        }
        for flag in flag::raise(&contact, &signals, &RuleThresholds::default()) {
            prop_assert!((0.0..=1.0).contains(&flag.probability) && !flag.reason().is_empty());
        }
    }

    #[test]
    fn angrier_last_turns_never_lower_escalation_nor_negative_ending(
        moods in proptest::collection::vec(mood(), 6..14),
        share in 0.0f32..1.0,
    ) {
        let mut worse = moods.clone();
        let end = worse.len() - 2;
        worse[end..].iter_mut().for_each(|mood| *mood = angrier(*mood, share));

        let before = contagion::measure(&contact("any").moods(&moods).transcript());
        let after = contagion::measure(&contact("any").moods(&worse).transcript());

        for name in [SignalName::Escalation, SignalName::NegativeEnding] {
            prop_assert!(value(&after, name) >= value(&before, name));
        }
    }
}
