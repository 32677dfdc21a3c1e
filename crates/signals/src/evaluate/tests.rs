use super::*;
use tingxin_text::domain::EmotionScores;

fn reading(parts: &[(Emotion, f32)]) -> EmotionScores {
    let mut weights = [0.0; Emotion::COUNT];
    for (emotion, part) in parts {
        weights[Emotion::ALL.iter().position(|e| e == emotion).unwrap()] = *part;
    }
    EmotionScores::from_weights(weights).unwrap()
}

fn judged(label: Emotion, predicted: Emotion, weight: f64) -> JudgedUtterance {
    let scores =
        if predicted == Emotion::Neutral { EmotionScores::NEUTRAL } else { reading(&[(predicted, 1.0)]) };
    JudgedUtterance {
        emotion: Some(label),
        valence_class: None,
        abuse: None,
        weight,
        score: score(scores, 0.0),
    }
}

fn score(emotions: EmotionScores, abuse: f32) -> UtteranceScore {
    UtteranceScore::from_emotions(emotions, true, abuse, Vec::new())
}

fn close(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-9, "{found} is not {expected}");
}

/// Labels A A A N N, predictions A A N N A (A anger, N neutral), by hand:
/// accuracy 3/5; anger: precision 2/3, recall 2/3, F1 2/3; neutral: 1/2, 1/2, 1/2; macro F1 7/12.
#[test]
fn figures_agree_with_those_worked_out_by_hand() {
    use Emotion::{Anger, Neutral};
    let pairs = [(Anger, Anger), (Anger, Anger), (Anger, Neutral), (Neutral, Neutral), (Neutral, Anger)];
    let judged: Vec<_> = pairs.iter().map(|(label, found)| judged(*label, *found, 1.0)).collect();

    let report = evaluate(&judged).emotion.unwrap();

    close(report.accuracy, 0.6);
    close(report.macro_f1, 7.0 / 12.0);
    let anger = report.per_class.iter().find(|class| class.class == "anger").unwrap();
    close(anger.precision, 2.0 / 3.0);
    close(anger.recall, 2.0 / 3.0);
    close(anger.f1, 2.0 / 3.0);
    close(anger.support, 3.0);
    assert_eq!(report.per_class.len(), 2);
    assert_eq!(report.absent_classes, ["happiness", "gratitude", "surprise", "sadness", "fear", "disgust"]);
    let row = report.confusion.classes.iter().position(|name| *name == "anger").unwrap();
    let column = report.confusion.classes.iter().position(|name| *name == "neutral").unwrap();
    close(report.confusion.rows[row][column], 1.0);
}

#[test]
fn a_class_that_is_never_found_scores_zero_and_still_counts() {
    use Emotion::{Anger, Fear};
    let report = evaluate(&[judged(Anger, Anger, 1.0), judged(Fear, Anger, 1.0)]).emotion.unwrap();

    close(report.per_class.iter().find(|class| class.class == "fear").unwrap().f1, 0.0);
    // anger: precision 1/2, recall 1, F1 2/3; fear 0.
    close(report.macro_f1, 1.0 / 3.0);
}

#[test]
fn predicting_a_class_that_no_label_names_costs_recall_but_adds_no_class() {
    use Emotion::{Anger, Surprise};
    let report = evaluate(&[judged(Anger, Anger, 1.0), judged(Anger, Surprise, 1.0)]).emotion.unwrap();

    assert_eq!(report.per_class.len(), 1);
    // precision 1, recall 1/2.
    close(report.macro_f1, 2.0 / 3.0);
}

#[test]
fn an_utterance_of_weight_three_counts_like_three() {
    use Emotion::{Anger, Neutral};
    let weighted = [judged(Anger, Anger, 3.0), judged(Neutral, Anger, 1.0)];
    let repeated = [
        judged(Anger, Anger, 1.0),
        judged(Anger, Anger, 1.0),
        judged(Anger, Anger, 1.0),
        judged(Neutral, Anger, 1.0),
    ];

    let (weighted, repeated) = (evaluate(&weighted).emotion.unwrap(), evaluate(&repeated).emotion.unwrap());

    close(weighted.accuracy, 0.75);
    close(weighted.accuracy, repeated.accuracy);
    close(weighted.macro_f1, repeated.macro_f1);
    close(weighted.calibration_error, repeated.calibration_error);
}

/// Two readings at 0.8, one right: |0.5 − 0.8| = 0.3. Two at 0.6, both right: |1 − 0.6| = 0.4.
/// They lie in different bins of equal weight: 0.35.
#[test]
fn calibration_error_is_the_weighted_gap_between_confidence_and_truth() {
    use Emotion::{Anger, Neutral};
    let reading_at = |part: f32, label| JudgedUtterance {
        emotion: Some(label),
        valence_class: None,
        abuse: None,
        weight: 1.0,
        score: score(reading(&[(Anger, part), (Neutral, 1.0 - part)]), 0.0),
    };

    let report = evaluate(&[
        reading_at(0.8, Anger),
        reading_at(0.8, Neutral),
        reading_at(0.6, Anger),
        reading_at(0.6, Anger),
    ]);

    assert!((report.emotion.unwrap().calibration_error - 0.35).abs() < 1e-6);
}

#[test]
fn anger_and_disgust_together_outvote_a_larger_neutral() {
    let scores = reading(&[(Emotion::Neutral, 0.4), (Emotion::Anger, 0.3), (Emotion::Disgust, 0.3)]);

    assert_eq!(scores.top(), Emotion::Neutral);
    let (class, part) = ValenceClass::predicted(&scores);
    assert_eq!(class, ValenceClass::Negative);
    assert!((part - 0.6).abs() < 1e-6);
}

#[test]
fn surprise_belongs_to_the_neutral_class() {
    assert_eq!(ValenceClass::of_emotion(Emotion::Surprise), ValenceClass::Neutral);
    let (class, _) = ValenceClass::predicted(&reading(&[
        (Emotion::Surprise, 0.3),
        (Emotion::Neutral, 0.3),
        (Emotion::Happiness, 0.4),
    ]));
    assert_eq!(class, ValenceClass::Neutral);
}

#[test]
fn a_label_of_the_valence_class_alone_leaves_the_emotions_out() {
    let only_class = JudgedUtterance {
        emotion: None,
        valence_class: Some(ValenceClass::Neutral),
        abuse: None,
        weight: 1.0,
        score: score(EmotionScores::NEUTRAL, 0.0),
    };

    let evaluation = evaluate(&[only_class]);

    assert!(evaluation.emotion.is_none());
    close(evaluation.valence.unwrap().accuracy, 1.0);
}

#[test]
fn nothing_labelled_gives_no_figures() {
    assert!(evaluate(&[]).is_empty());
}

/// 60 of 100 right: the normal approximation gives 0.6 ± 1.96·√(0.24/100) = [0.504, 0.696].
#[test]
fn the_interval_is_as_wide_as_the_binomial_says_and_repeats_itself() {
    use Emotion::{Anger, Neutral};
    let judged: Vec<_> = (0..100).map(|n| judged(Anger, if n < 60 { Anger } else { Neutral }, 1.0)).collect();

    let first = evaluate(&judged).emotion.unwrap().accuracy_interval;
    let again = evaluate(&judged).emotion.unwrap().accuracy_interval;

    assert!((first.low - 0.504).abs() < 0.02 && (first.high - 0.696).abs() < 0.02, "{first:?}");
    assert_eq!(first, again);
}

/// Marked y y y n n, found at one half y n y y n: precision 2/3, recall 2/3, F1 2/3.
#[test]
fn abuse_is_found_from_one_half_on() {
    let marked = |label, probability| JudgedUtterance {
        emotion: None,
        valence_class: None,
        abuse: Some(label),
        weight: 1.0,
        score: score(EmotionScores::NEUTRAL, probability),
    };

    let found = evaluate(&[
        marked(true, 0.5),
        marked(true, 0.49),
        marked(true, 0.9),
        marked(false, 0.6),
        marked(false, 0.0),
    ])
    .abuse
    .unwrap();

    assert_eq!((found.utterances, found.positives), (5, 3));
    close(found.precision, 2.0 / 3.0);
    close(found.recall, 2.0 / 3.0);
    close(found.f1, 2.0 / 3.0);
    assert!(found.f1_interval.low < found.f1 && found.f1 < found.f1_interval.high);
}
