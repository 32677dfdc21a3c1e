//! The words of a contact, turn by turn or sentence by sentence.

use tingxin_text::domain::{
    About, Analysis, Body, RedactedContact, RedactedLine, RedactionKind, ReportedEmotion, Span, Speaker,
    Utterance, UtteranceAnalysis, Valence,
};

use super::flags::FlagView;
use super::words::{StyledText, pieces};
use crate::chart::{offset, signed};
use crate::label::Label;
use crate::text::{Lang, Spoken, fill};

/// Difference of two valences that is worth saying.
const SEEN: f32 = 0.05;

/// One turn as a bubble.
#[derive(Debug, Clone)]
pub(crate) struct TurnView {
    pub(crate) number: usize,
    pub(crate) side: &'static str,
    pub(crate) speaker: &'static str,
    pub(crate) time: Option<String>,
    /// `愤怒 −0.71 ±0.20`, or why there is none.
    pub(crate) reading: String,
    pub(crate) pieces: Vec<StyledText>,
    pub(crate) flags: Vec<FlagView>,
}

/// One sentence of a note.
#[derive(Debug, Clone)]
pub(crate) struct NoteSentence {
    pub(crate) number: usize,
    pub(crate) pieces: Vec<StyledText>,
    /// `员工记录的客户情绪`; `None` when the sentence reports none.
    pub(crate) about: Option<&'static str>,
    pub(crate) reading: String,
    pub(crate) flags: Vec<FlagView>,
}

/// One line of the table under the curve.
#[derive(Debug, Clone)]
pub(crate) struct TurnRow {
    pub(crate) number: usize,
    pub(crate) time: String,
    pub(crate) speaker: &'static str,
    pub(crate) emotion: String,
    pub(crate) valence: String,
    pub(crate) sd: String,
}

pub(crate) fn turns(
    contact: &RedactedContact,
    analysis: Option<&Analysis>,
    flags: &[FlagView],
    lang: Lang,
) -> Vec<TurnView> {
    let Body::Transcript(turns) = &contact.body else { return Vec::new() };
    turns
        .iter()
        .enumerate()
        .map(|(index, turn)| {
            let read = analysis.and_then(|analysis| analysis.utterances.get(index));
            TurnView {
                number: index + 1,
                side: turn.speaker.as_str(),
                speaker: turn.speaker.label(lang),
                time: turn.start_ms.map(offset),
                reading: read.map(|read| reading(read, lang)).unwrap_or_default(),
                pieces: words(turn, read, lang),
                flags: flags.iter().filter(|flag| flag.touches(index)).cloned().collect(),
            }
        })
        .collect()
}

/// Text and places come from the analysis where there is one: its offsets count in its own text.
fn words(turn: &Utterance<RedactedLine>, read: Option<&UtteranceAnalysis>, lang: Lang) -> Vec<StyledText> {
    let taken_out = find_taken_out(&turn.text);
    match read {
        Some(read) if read.scorable => pieces(read.text.as_str(), &read.evidence, &taken_out, lang),
        _ => pieces(turn.text.text.as_str(), &[], &taken_out, lang),
    }
}

fn find_taken_out(line: &RedactedLine) -> Vec<(Span, RedactionKind)> {
    line.redactions.iter().map(|redaction| (redaction.span, redaction.kind)).collect()
}

/// The reading of the words alone, and that in context where it differs by more than the eye sees
/// in the curve.
fn reading(read: &UtteranceAnalysis, lang: Lang) -> String {
    let alone = read_alone(read, lang);
    let alone_at = read.valence.filter(|_| read.scorable).map(Valence::get);
    let differing = read.in_context.as_ref().filter(|heard| {
        Some(heard.emotion) != read.emotion
            || alone_at.is_none_or(|valence| (valence - heard.valence.get()).abs() >= SEEN)
    });
    match differing {
        Some(heard) => {
            let heard = format!("{} {}", heard.emotion.label(lang), signed(heard.valence.get()));
            format!("{alone} · {}", fill(lang.texts().heard_as, heard))
        }
        None => alone,
    }
}

fn read_alone(read: &UtteranceAnalysis, lang: Lang) -> String {
    let texts = lang.texts();
    match (read.speaker, read.emotion, read.valence) {
        (Speaker::System, ..) | (_, None, _) | (_, _, None) => texts.not_scored_system.to_owned(),
        _ if !read.scorable => texts.not_scored_short.to_owned(),
        (_, Some(emotion), Some(valence)) => {
            let sd = read.valence_sd.unwrap_or_default();
            format!("{} {} ±{sd:.2}", emotion.label(lang), signed(valence.get()))
        }
    }
}

pub(crate) fn sentences(
    contact: &RedactedContact,
    analysis: Option<&Analysis>,
    flags: &[FlagView],
    lang: Lang,
) -> Vec<NoteSentence> {
    let Body::Note(lines) = &contact.body else { return Vec::new() };
    lines
        .iter()
        .enumerate()
        .map(|(index, line)| {
            let read = analysis.and_then(|analysis| analysis.reported.get(index));
            let evidence = read.map(|read| read.evidence.as_slice()).unwrap_or_default();
            NoteSentence {
                number: index + 1,
                pieces: pieces(line.text.as_str(), evidence, &find_taken_out(line), lang),
                about: read.and_then(|read| about(read, lang)),
                reading: read.map(|read| reported(read, lang)).unwrap_or_default(),
                flags: flags.iter().filter(|flag| flag.touches(index)).cloned().collect(),
            }
        })
        .collect()
}

fn about(read: &ReportedEmotion, lang: Lang) -> Option<&'static str> {
    let texts = lang.texts();
    match read.about? {
        About::Customer => Some(texts.reported_customer),
        About::Staff => Some(texts.reported_staff),
    }
}

fn reported(read: &ReportedEmotion, lang: Lang) -> String {
    let texts = lang.texts();
    match (read.emotion, read.valence) {
        (Some(emotion), Some(valence)) => format!("{} {}", emotion.label(lang), signed(valence.get())),
        _ => texts.reported_none.to_owned(),
    }
}

pub(super) fn rows(contact: &RedactedContact, analysis: &Analysis, lang: Lang) -> Vec<TurnRow> {
    let Body::Transcript(turns) = &contact.body else { return Vec::new() };
    let texts = lang.texts();
    analysis
        .utterances
        .iter()
        .map(|read| {
            let mood = read.mood();
            TurnRow {
                number: read.index + 1,
                time: turns.get(read.index).and_then(|turn| turn.start_ms).map(offset).unwrap_or_default(),
                speaker: read.speaker.label(lang),
                emotion: mood.map_or(texts.gap, |mood| mood.emotion.label(lang)).to_owned(),
                valence: mood.map(|mood| signed(mood.valence)).unwrap_or_default(),
                sd: mood.map(|mood| format!("{:.2}", mood.spread)).unwrap_or_default(),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::offset;

    #[test]
    fn an_offset_reads_like_a_clock() {
        assert_eq!(offset(65_400), "1:05");
        assert_eq!(offset(3_725_000), "1:02:05");
    }
}
