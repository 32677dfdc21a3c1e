//! Reads what a note reports: only `Reported` cues count, never the writer's wording around them.

use super::abuse::abuse_probability;
use super::weigh::{EmotionCue, units_of, weigh};
use tingxin_text::domain::{About, CueKind, SegmentedText, UtteranceScore};

/// Fewest words of a sentence that can be read.
const FEWEST_WORDS: usize = 2;

/// Reads one sentence of a note. The distribution is that of the person whom
/// [`SegmentedText::reported_about`] names; insults of the customer alone count as abuse.
pub(super) fn read(text: &SegmentedText) -> UtteranceScore {
    let subject = text.reported_about();
    let pieces = text.cues.iter().filter_map(|cue| match cue.kind {
        CueKind::Reported { about, emotion } if Some(about) == subject => {
            Some(EmotionCue { span: cue.span, emotion, units: units_of(cue.strength) })
        }
        _ => None,
    });
    let (scores, evidence) = weigh(pieces.collect(), 1.0);
    let insults = text.cues.iter().filter(|cue| cue.kind == CueKind::Abuse && subject != Some(About::Staff));
    let abuse = abuse_probability(insults.map(|cue| cue.strength).max());
    UtteranceScore::from_emotions(scores, text.tokens.len() >= FEWEST_WORDS, abuse, evidence)
}
