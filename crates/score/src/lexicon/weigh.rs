//! From pieces of evidence to a distribution.
//!
//! A class gets the weight of its evidence, neutral a constant one, and everything is scaled to 1.
//! The form is additive on purpose: leaving out one piece changes the answer by a share that can be
//! recomputed exactly, which is what the published evidence shows.

use tingxin_text::domain::{Emotion, EmotionScores, Evidence, Span};

/// Weight of a single piece by strength 1 to 5, next to a neutral weight of 1: the class then gets
/// a probability of about .21, .46, .58, .70 and .78, and with its neighbour .25, .52, .66, .79 and
/// .87. `models/README.md` says how they were chosen.
const UNITS: [f32; 5] = [0.36, 1.2, 2.1, 4.2, 7.5];
/// Weight of every class without any evidence, in the order of [`Emotion::ALL`]. The pleasant and
/// the unpleasant share balance each other: nothing found means a valence of 0.
const PRIOR: [f32; Emotion::COUNT] = [0.02, 0.02, 1.0, 0.01, 0.0126, 0.0126, 0.0126, 0.0126];
/// Share of a piece that goes to the class it is most easily taken for.
const SPREAD: f32 = 0.12;
/// Each further piece, from the strongest to the weakest, counts this much of the one before: five
/// complaints in one breath are one mood.
const RANK_DISCOUNT: f32 = 0.6;
/// What a piece counts that overlaps a stronger one: the same words found twice.
const OVERLAP: f32 = 0.4;
/// Most pieces that are weighed.
const MOST_PIECES: usize = 12;
/// Most places that are shown.
const MOST_SHOWN: usize = 3;
/// A change of valence below this is not worth showing.
const LEAST_SHOWN: f32 = 0.005;

/// Something that speaks for an emotion.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct EmotionCue {
    /// Where, in the redacted text.
    pub(super) span: Span,
    /// For which emotion.
    pub(super) emotion: Emotion,
    /// How much, in units of the neutral weight.
    pub(super) units: f32,
}

/// Weight of a piece of that strength; out of range counts as the nearest.
pub(super) fn units_of(strength: u8) -> f32 {
    let index = usize::from(strength.clamp(1, 5)) - 1;
    UNITS.get(index).copied().unwrap_or_default()
}

/// The distribution that follows from the pieces, and the places that moved it most.
pub(super) fn weigh(mut pieces: Vec<EmotionCue>, emphasis: f32) -> (EmotionScores, Vec<Evidence>) {
    pieces.sort_by(|a, b| {
        b.units.total_cmp(&a.units).then(a.span.cmp(&b.span)).then(a.emotion.cmp(&b.emotion))
    });
    pieces.truncate(MOST_PIECES);
    let scores = distribution(&pieces, emphasis);
    let whole = valence(&scores);
    let mut evidence: Vec<Evidence> = Vec::new();
    for EmotionCue { span, emotion, .. } in &pieces {
        // The same words may have been found twice: they are left out, and shown, once.
        let rest: Vec<EmotionCue> = pieces.iter().filter(|p| !p.span.overlaps(*span)).copied().collect();
        let weight = whole - valence(&distribution(&rest, emphasis));
        let shown = evidence.iter().any(|e| Span::new(e.start, e.end).overlaps(*span));
        // Beside stronger words a weak one can move the answer against its own sense, by its share
        // of the whole. Nobody would understand that as evidence.
        let makes_sense = weight * emotion.pleasure() > 0.0;
        if weight.abs() >= LEAST_SHOWN && makes_sense && !shown {
            evidence.push(Evidence { start: span.start, end: span.end, weight });
        }
    }
    evidence.sort_by(|a, b| b.weight.abs().total_cmp(&a.weight.abs()).then(a.start.cmp(&b.start)));
    evidence.truncate(MOST_SHOWN);
    (scores, evidence)
}

fn valence(scores: &EmotionScores) -> f32 {
    scores.valence().0.get()
}

/// `pieces` come strongest first.
fn distribution(pieces: &[EmotionCue], emphasis: f32) -> EmotionScores {
    let mut weights = PRIOR;
    let mut discount = 1.0;
    for (rank, piece) in pieces.iter().enumerate() {
        let found_twice = pieces.iter().take(rank).any(|stronger| stronger.span.overlaps(piece.span));
        let overlap = if found_twice { OVERLAP } else { 1.0 };
        let louder = if piece.emotion == Emotion::Neutral { 1.0 } else { emphasis };
        let weight = piece.units * discount * overlap * louder;
        discount *= RANK_DISCOUNT;
        for (class, part) in Emotion::ALL.iter().zip(&mut weights) {
            if *class == piece.emotion {
                *part += weight * (1.0 - SPREAD);
            }
            if *class == neighbour(piece.emotion) {
                *part += weight * SPREAD;
            }
        }
    }
    EmotionScores::from_weights(weights).unwrap_or(EmotionScores::NEUTRAL)
}

/// The class that an emotion is most easily taken for.
const fn neighbour(emotion: Emotion) -> Emotion {
    match emotion {
        Emotion::Happiness => Emotion::Gratitude,
        Emotion::Gratitude => Emotion::Happiness,
        Emotion::Neutral | Emotion::Surprise => Emotion::Neutral,
        Emotion::Fear | Emotion::Disgust => Emotion::Sadness,
        Emotion::Sadness | Emotion::Anger => Emotion::Disgust,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn piece(start: usize, emotion: Emotion, strength: u8) -> EmotionCue {
        EmotionCue { span: Span::new(start, start + 2), emotion, units: units_of(strength) }
    }

    #[test]
    fn nothing_found_is_neutral_and_leans_to_no_side() {
        let (scores, evidence) = weigh(Vec::new(), 1.0);

        assert!(scores.get(Emotion::Neutral) > 0.9, "{scores:?}");
        assert!(valence(&scores).abs() < 0.001, "{scores:?}");
        assert!(evidence.is_empty());
    }

    #[test]
    fn a_clear_word_makes_its_class_probable_and_an_extreme_one_nearly_certain() {
        let negative = |strength| weigh(vec![piece(0, Emotion::Anger, strength)], 1.0).0.negative();

        assert!((0.6..0.72).contains(&negative(3)), "{}", negative(3));
        assert!(negative(5) > 0.85, "{}", negative(5));
        assert!((0.2..0.32).contains(&negative(1)), "{}", negative(1));
    }

    #[test]
    fn evidence_is_the_change_that_leaving_it_out_would_bring() {
        let pieces = vec![piece(0, Emotion::Anger, 4), piece(6, Emotion::Gratitude, 2)];
        let alone = weigh(vec![piece(6, Emotion::Gratitude, 2)], 1.0).0.valence().0.get();

        let (scores, evidence) = weigh(pieces, 1.0);

        let first = evidence[0];
        assert_eq!((first.start, first.end), (0, 2));
        assert!((scores.valence().0.get() - first.weight - alone).abs() < 1e-6);
    }

    fn pieces() -> impl Strategy<Value = Vec<EmotionCue>> {
        let one = (0..40_usize, 0..Emotion::COUNT, 1..=5_u8)
            .prop_map(|(start, class, strength)| piece(start, Emotion::ALL[class], strength));
        proptest::collection::vec(one, 0..20)
    }

    proptest! {
        #[test]
        fn any_evidence_gives_a_distribution(pieces in pieces(), emphasis in 1.0_f32..1.5) {
            let (scores, evidence) = weigh(pieces, emphasis);
            let total: f32 = scores.parts().iter().sum();
            prop_assert!((total - 1.0).abs() < 1e-5, "{total}");
            prop_assert!(evidence.len() <= 3 && evidence.iter().all(|e| e.weight.abs() <= 2.0));
        }

        #[test]
        fn the_order_of_pieces_is_irrelevant(mut pieces in pieces()) {
            let forward = weigh(pieces.clone(), 1.0).0;
            pieces.reverse();
            let backward = weigh(pieces, 1.0).0;
            for (a, b) in forward.parts().iter().zip(backward.parts()) {
                prop_assert!((a - b).abs() < 1e-5, "{forward:?} {backward:?}");
            }
        }
    }
}
