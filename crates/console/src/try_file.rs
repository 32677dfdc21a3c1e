//! The page on which somebody has an own file analysed. Nothing of it is stored.

mod words;

use askama::Template;

use tingxin_text::domain::{
    Analysis, Channel, Kind, RedactedContact, Refusal, Signal, SignalName, Speaker, UtteranceAnalysis,
};

use super::chart::{Svg, signed, spark};
use super::contact::{FlagView, NoteSentence, TurnView, sentences, turn_views};
use super::frame::Frame;
use super::label::Label;
use super::pages::Notice;
use super::text::{Lang, fill};
pub(super) use words::SpokenOfTrying;
use words::TryTexts;

/// Why there is no result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TryTrouble {
    /// Neither a file nor words.
    Nothing,
    /// More than may be sent.
    TooLarge,
    /// Too many others wait for analyses.
    Busy,
}

/// What was found in a file.
#[derive(Debug, Default)]
pub struct TriedFile {
    /// Contacts with their analyses, in order.
    pub contacts: Vec<(RedactedContact, Analysis)>,
    /// What was not taken, and what is worth knowing.
    pub refused: Vec<Refusal>,
    /// Whether the file holds more than was analysed.
    pub cut: bool,
}

/// One contact as a row, with what is under it.
#[derive(Debug)]
struct TriedLine {
    number: usize,
    contact: String,
    channel: &'static str,
    texts: usize,
    curve: Option<Svg>,
    lowest: String,
    end: String,
    flags: Vec<FlagView>,
    first: Option<String>,
    details: String,
    turns: Vec<TurnView>,
    sentences: Vec<NoteSentence>,
}

/// The form, and what came of it.
#[derive(Debug, Template)]
#[template(path = "try.html")]
pub struct TryPage {
    frame: Frame,
    w: &'static TryTexts,
    notice: Option<Notice>,
    /// Channels to choose from: as the form sends them, and as they read.
    channels: Vec<(&'static str, &'static str)>,
    file_hint: String,
    /// `共 3 条服务记录`; none before something was sent.
    count: Option<String>,
    cut: bool,
    lines: Vec<TriedLine>,
    refused: Vec<String>,
}

impl TryPage {
    /// The empty form, with what went wrong. `most` is the largest file in MiB.
    #[must_use]
    pub fn new(frame: Frame, most: usize, trouble: Option<TryTrouble>) -> Self {
        let (lang, w) = (frame.lang, frame.lang.trying());
        let notice = trouble.map(|trouble| {
            let text = match trouble {
                TryTrouble::Nothing => w.nothing_sent.to_owned(),
                TryTrouble::TooLarge => fill(w.too_large, most),
                TryTrouble::Busy => w.busy.to_owned(),
            };
            Notice { good: false, text }
        });
        Self {
            w,
            notice,
            channels: Channel::ALL.iter().map(|one| (one.as_str(), one.label(lang))).collect(),
            file_hint: fill(w.file_hint, most),
            count: None,
            cut: false,
            lines: Vec::new(),
            refused: Vec::new(),
            frame,
        }
    }

    /// The form with what was found below it.
    #[must_use]
    pub fn found(frame: Frame, most: usize, tried: &TriedFile) -> Self {
        let (lang, w) = (frame.lang, frame.lang.trying());
        let lines: Vec<TriedLine> =
            tried.contacts.iter().enumerate().map(|(at, one)| TriedLine::new(at + 1, one, lang)).collect();
        let nothing = lines.is_empty().then(|| Notice { good: false, text: w.nothing.to_owned() });
        Self {
            notice: nothing,
            count: Some(fill(w.count, lines.len())),
            cut: tried.cut,
            refused: tried.refused.iter().map(|refusal| said(refusal, lang)).collect(),
            lines,
            ..Self::new(frame, most, None)
        }
    }
}

impl TriedLine {
    fn new(number: usize, (contact, analysis): &(RedactedContact, Analysis), lang: Lang) -> Self {
        let kind: Kind = contact.body.kind();
        let flags: Vec<FlagView> =
            analysis.flags.iter().map(|flag| FlagView::new(flag, kind, lang)).collect();
        let value = |name| {
            let signal = analysis.signals.iter().find(|signal: &&Signal| signal.name == name);
            #[expect(
                clippy::as_conversions,
                clippy::cast_possible_truncation,
                reason = "shown with two digits"
            )]
            signal.map_or_else(|| "–".to_owned(), |signal| signed(signal.value as f32))
        };
        let moods: Vec<f32> = analysis
            .utterances
            .iter()
            .filter(|turn| turn.speaker == Speaker::Customer)
            .filter_map(UtteranceAnalysis::mood)
            .map(|mood| mood.valence)
            .collect();
        let name = contact.header.contact_id.to_string();
        Self {
            number,
            channel: contact.header.channel.label(lang),
            texts: contact.body.len(),
            curve: spark(&moods, lang.trying().mood_of),
            lowest: value(SignalName::CustomerWorst),
            end: value(SignalName::CustomerEnd),
            first: analysis.first_place().map(|place| place.told(lang)),
            details: fill(lang.trying().details, &name),
            contact: name,
            turns: turn_views(contact, Some(analysis), &flags, lang),
            sentences: sentences(contact, Some(analysis), &flags, lang),
            flags,
        }
    }
}

/// `第 3 行：缺少必填的字段（missing_field）`. The message is English and follows in Chinese, too: it
/// names the field.
fn said(refusal: &Refusal, lang: Lang) -> String {
    let line = refusal.line.map(|line| fill(lang.trying().line, line)).unwrap_or_default();
    let Refusal { code, message, .. } = refusal;
    match (lang, refusal.zh()) {
        (Lang::Zh, Some(reason)) => format!("{line}{reason}（{code}：{message}）"),
        _ => format!("{line}{message} ({code})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_told_with_its_line_and_without_a_files_name() {
        let refusal = Refusal::new("missing_field", "`text` is missing").in_file("secret.csv", 3);

        assert_eq!(said(&refusal, Lang::Zh), "第 3 行：缺少必填的字段（missing_field：`text` is missing）");
        assert_eq!(said(&refusal, Lang::En), "Line 3: `text` is missing (missing_field)");
    }
}
