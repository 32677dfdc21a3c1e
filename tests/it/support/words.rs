//! Cutting and scoring single utterances as a test needs them.

use std::sync::OnceLock;

use super::scored::header;
use tingxin::domain::{
    Body, Channel, Contact, RedactedLine, SegmentedContact, SegmentedText, Speaker, Utterance, UtteranceScore,
};
use tingxin::score::{EmotionModel, ScoreInput, Voice, load};
use tingxin::segment::Segmenter;

/// A text as redaction would have left it.
pub(crate) fn line(text: &str) -> RedactedLine {
    serde_json::from_value(serde_json::json!({ "text": text })).expect("a redacted line")
}

/// Words and cues of a text; `None` is a sentence of a note.
pub(crate) fn cut(speaker: Option<Speaker>, text: &str) -> SegmentedText {
    static SEGMENTER: OnceLock<Segmenter> = OnceLock::new();
    let segmenter = SEGMENTER.get_or_init(|| Segmenter::new().expect("the lists are sound"));
    segmenter.line(line(text), speaker)
}

/// A transcript of these turns, cut into words.
pub(crate) fn segmented(turns: &[(Speaker, &str)]) -> SegmentedContact {
    let turns = turns.iter().map(|(speaker, text)| Utterance {
        speaker: *speaker,
        text: cut(Some(*speaker), text),
        start_ms: None,
        end_ms: None,
    });
    Contact { header: header("words"), customer: None, body: Body::Transcript(turns.collect()) }
}

/// The lexicon's reading of a text.
pub(crate) fn read(speaker: Option<Speaker>, text: &str) -> UtteranceScore {
    let mut model = load("lexicon").expect("the embedded lists");
    read_all(&mut *model, &[(speaker, text)]).remove(0)
}

/// A model's reading of several texts in one batch.
pub(crate) fn read_all(
    model: &mut dyn EmotionModel,
    texts: &[(Option<Speaker>, &str)],
) -> Vec<UtteranceScore> {
    read_in(Channel::Chat, model, texts)
}

/// The same as texts of this channel.
pub(crate) fn read_in(
    channel: Channel,
    model: &mut dyn EmotionModel,
    texts: &[(Option<Speaker>, &str)],
) -> Vec<UtteranceScore> {
    let voice = |speaker| Voice::of(speaker, channel).expect("a voice that is scored");
    let cut: Vec<_> = texts.iter().map(|(speaker, text)| (voice(*speaker), cut(*speaker, text))).collect();
    let inputs: Vec<_> = cut.iter().map(|(voice, text)| ScoreInput { text, voice: *voice }).collect();
    model.score(&inputs).expect("a score")
}
