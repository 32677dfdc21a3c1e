//! Sentences that a reviewer heard and no rule did.

use tingxin_store::{ContactRecord, SentenceMark};
use tingxin_text::domain::{Emotion, Kind, Rule};

use crate::assignments::SpokenOfWork as _;
use crate::label::{Label, actor};
use crate::text::{Lang, Spoken, fill};

/// Sentences that were marked, and what a form offers to mark another.
#[derive(Debug, Clone)]
pub(crate) struct Missed {
    pub(crate) revision: u32,
    pub(crate) most: usize,
    pub(crate) lines: Vec<MissedLine>,
    pub(crate) emotions: Vec<(&'static str, &'static str)>,
    pub(crate) rules: Vec<(&'static str, &'static str)>,
}

/// A sentence that was marked.
#[derive(Debug, Clone)]
pub(crate) struct MissedLine {
    /// `第 7 轮 · 愤怒 · 坐席失当 · li.na`.
    pub(crate) text: String,
    /// Its turn as people count.
    pub(crate) number: usize,
    /// Its key, where the viewer may take it back.
    pub(crate) own: Option<String>,
}

impl Missed {
    pub(super) fn new(record: &ContactRecord, marks: &[SentenceMark], viewer: &str, lang: Lang) -> Self {
        let (body, header) = (&record.contact.body, &record.contact.header);
        let kind = body.kind();
        let current = marks.iter().filter(|mark| mark.revision == header.revision);
        let fits = |rule: &&Rule| (**rule == Rule::ReportedDistress) == (kind == Kind::Note);
        Self {
            revision: header.revision,
            most: body.len(),
            lines: current.map(|mark| line(mark, kind, viewer, lang)).collect(),
            emotions: Emotion::ALL.iter().map(|one| (one.as_str(), one.label(lang))).collect(),
            rules: Rule::ALL.iter().filter(fits).map(|one| (one.as_str(), one.label(lang))).collect(),
        }
    }
}

fn line(mark: &SentenceMark, kind: Kind, viewer: &str, lang: Lang) -> MissedLine {
    let place = match kind {
        Kind::Transcript => lang.texts().turn_n,
        Kind::Note => lang.texts().sentence_n,
    };
    let number = mark.utterance + 1;
    let said = [
        fill(place, number),
        mark.emotion.label(lang).to_owned(),
        mark.rule.label(lang).to_owned(),
        actor(&mark.marked_by, lang),
    ];
    let counts = if mark.sampled { lang.work().missed_counts } else { "" };
    let own = (!mark.sampled && mark.marked_by == viewer).then(|| mark.id.to_string());
    MissedLine { text: format!("{}{counts}", said.join(" · ")), number, own }
}
