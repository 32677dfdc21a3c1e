//! Cutting and scoring single utterances as a test needs them.

use std::sync::OnceLock;

use tingxin::domain::{RedactedLine, SegmentedText, Speaker, UtteranceScore};
use tingxin::score::{ScoreInput, Voice, load};
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

/// The lexicon's reading of a text.
pub(crate) fn read(speaker: Option<Speaker>, text: &str) -> UtteranceScore {
    let voice = match speaker {
        Some(Speaker::Customer) => Voice::Customer,
        Some(_) => Voice::Agent,
        None => Voice::Report,
    };
    let text = cut(speaker, text);
    let mut model = load("lexicon").expect("the embedded lists");
    model.score(&[ScoreInput { text: &text, voice }]).expect("a score").remove(0)
}
