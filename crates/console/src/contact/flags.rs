//! A flag in words.

use tingxin_store::{FlagRow, Verdict};
use tingxin_text::domain::{Flag, FlagId, FlagStatus, Kind, Rule, Why};

use crate::assignments::SpokenOfWork as _;
use crate::label::{Label, actor, icon, tone};
use crate::text::{Lang, Spoken, fill};

/// A flag as chips, cards and panels show it.
#[expect(clippy::struct_excessive_bools, reason = "each is a class or a line of its own in the templates")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FlagView {
    /// Slug of the rule, for anchors.
    pub(crate) rule: &'static str,
    /// Name of the rule.
    pub(crate) name: &'static str,
    /// Symbol of the rule.
    pub(crate) icon: &'static str,
    /// Colour family.
    pub(crate) tone: &'static str,
    /// Urgency in words.
    pub(crate) severity: &'static str,
    /// `置信度 92%`.
    pub(crate) certainty: String,
    /// Why the flag was raised, in one sentence.
    pub(crate) reason: String,
    /// The `lang` of that sentence.
    pub(crate) reason_tag: &'static str,
    /// What people have said.
    pub(crate) status: &'static str,
    /// Turns or sentences to look at: index from 0, anchor, text.
    pub(crate) places: Vec<TurnLink>,
    /// What a verdict on it is about; none where it is only shown.
    pub(crate) judged: Option<VerdictSubject>,
    /// Whether it is only a hint: it waits for nobody and counts for nothing.
    pub(crate) hint: bool,
    /// Whether nobody has judged it yet.
    pub(crate) open: bool,
    /// Whether it is the first such of its contact, on which the keys act.
    pub(crate) first: bool,
    /// What a reviewer may object, as the form sends it and as it reads.
    pub(crate) objections: Vec<(&'static str, &'static str)>,
    /// What people said, oldest first.
    pub(crate) history: Vec<String>,
    /// The digit that chooses it.
    pub(crate) key: usize,
    /// The matter that it is the first flag of.
    pub(crate) matter: Option<MatterView>,
    /// Whether it is judged with others as one matter.
    pub(crate) joined: bool,
}

/// What a verdict is about, as the form repeats it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct VerdictSubject {
    /// Key of the flag.
    pub(crate) flag: String,
    /// The turns, as JSON.
    pub(crate) utterances: String,
    /// Revision of the contact that was looked at.
    pub(crate) revision: u32,
    /// Verdicts so far.
    pub(crate) seen: usize,
}

/// Several flags that one key judges.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MatterView {
    /// `同一件事（3 条标记）`.
    pub(crate) title: String,
    /// Names of the rules.
    pub(crate) name: String,
    /// Where to look.
    pub(crate) places: Vec<TurnLink>,
    /// What a verdict is about: the first flag.
    pub(crate) about: VerdictSubject,
    /// The other flags, as the form repeats them.
    pub(crate) also: String,
    /// What a reviewer may object.
    pub(crate) objections: Vec<(&'static str, &'static str)>,
    /// The digit that chooses it.
    pub(crate) key: usize,
    /// Whether the keys act on it.
    pub(crate) first: bool,
}

/// A verdict on what is no longer flagged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Former {
    /// Name of the rule.
    pub(crate) name: &'static str,
    /// What a reviewer may object to it.
    pub(crate) objections: Vec<(&'static str, &'static str)>,
    /// What a verdict is about.
    pub(crate) about: VerdictSubject,
    /// What people said, oldest first.
    pub(crate) history: Vec<String>,
}

/// A turn or a sentence to look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TurnLink {
    /// Position in the contact, from 0.
    pub(crate) index: usize,
    /// Position as people count.
    pub(crate) number: usize,
    /// What a link to it says.
    pub(crate) text: String,
}

impl FlagView {
    /// Puts a flag into words. `kind` decides whether it points at turns or at sentences.
    #[must_use]
    pub(crate) fn new(flag: &Flag, kind: Kind, lang: Lang) -> Self {
        let texts = lang.texts();
        let place = match kind {
            Kind::Transcript => texts.turn_n,
            Kind::Note => texts.sentence_n,
        };
        Self {
            rule: flag.rule.as_str(),
            name: flag.rule.label(lang),
            icon: icon(flag.rule),
            tone: tone(flag.rule, flag.severity),
            severity: flag.severity.label(lang),
            certainty: certainty(flag.probability, lang),
            reason: flag.sentence(lang),
            reason_tag: told_in(flag, lang).tag(),
            status: flag.status.label(lang),
            places: flag
                .utterances
                .iter()
                .map(|index| TurnLink { index: *index, number: index + 1, text: fill(place, index + 1) })
                .collect(),
            judged: None,
            open: flag.status == FlagStatus::Candidate,
            first: false,
            hint: false,
            objections: objections(flag.rule, lang),
            history: Vec::new(),
            key: 0,
            matter: None,
            joined: false,
        }
    }

    /// The same as it is stored, with what people said about it.
    #[must_use]
    pub(super) fn stored(mut self, row: &FlagRow, verdicts: &[Verdict], revision: u32, lang: Lang) -> Self {
        let (about, history) = told(
            verdicts,
            row.id,
            Matter { rule: row.flag.rule, utterances: &row.flag.utterances, revision },
            lang,
        );
        self.status = row.flag.status.label(lang);
        self.open = row.flag.status == FlagStatus::Candidate;
        (self.judged, self.history) = (Some(about), history);
        self
    }

    /// Whether it points at that turn or sentence.
    #[must_use]
    pub(crate) fn touches(&self, index: usize) -> bool {
        self.places.iter().any(|place| place.index == index)
    }
}

/// What may be objected to a rule: as the form sends it, and as it reads.
fn objections(rule: Rule, lang: Lang) -> Vec<(&'static str, &'static str)> {
    rule.objections().iter().map(|one| (one.as_str(), one.label(lang))).collect()
}

/// The language of a flag's sentence: a release before facts were kept made it in Chinese only.
const fn told_in(flag: &Flag, lang: Lang) -> Lang {
    match flag.why {
        Why::Facts(_) => lang,
        Why::Sentence(_) => Lang::Zh,
    }
}

/// Whether a stored flag is this one of the analysis.
pub(super) fn same(stored: &Flag, flag: &Flag) -> bool {
    stored.rule == flag.rule && stored.utterances == flag.utterances && stored.why == flag.why
}

/// Verdicts that stand on turns of the current revision which are no longer flagged.
pub(super) fn former(verdicts: &[Verdict], rows: &[FlagRow], revision: u32, lang: Lang) -> Vec<Former> {
    let current = |one: &Verdict| {
        rows.iter().any(|row| {
            is_about(one, Matter { rule: row.flag.rule, utterances: &row.flag.utterances, revision })
        })
    };
    let later = |at: usize, one: &Verdict| {
        verdicts.iter().skip(at + 1).any(|next| {
            is_about(next, Matter { rule: one.rule, utterances: &one.utterances, revision: one.revision })
        })
    };
    let standing = verdicts.iter().enumerate().filter(|(at, one)| {
        one.revision == revision && one.status != FlagStatus::Candidate && !current(one) && !later(*at, one)
    });
    standing
        .map(|(_, last)| {
            let matter = Matter { rule: last.rule, utterances: &last.utterances, revision };
            let (about, history) = told(verdicts, last.flag, matter, lang);
            Former { name: last.rule.label(lang), objections: objections(last.rule, lang), about, history }
        })
        .collect()
}

/// What a verdict on a flag is about, and what people said about that so far.
fn told(verdicts: &[Verdict], flag: FlagId, matter: Matter<'_>, lang: Lang) -> (VerdictSubject, Vec<String>) {
    let history: Vec<String> =
        verdicts.iter().filter(|one| is_about(one, matter)).map(|one| said(one, lang)).collect();
    // As the flag's turns stand in the store.
    let utterances = serde_json::to_string(matter.utterances).unwrap_or_default();
    (
        VerdictSubject {
            flag: flag.0.to_string(),
            utterances,
            revision: matter.revision,
            seen: history.len(),
        },
        history,
    )
}

/// What a verdict may be about.
#[derive(Clone, Copy)]
struct Matter<'a> {
    rule: Rule,
    utterances: &'a [usize],
    revision: u32,
}

fn is_about(verdict: &Verdict, matter: Matter<'_>) -> bool {
    verdict.rule == matter.rule
        && verdict.utterances == matter.utterances
        && verdict.revision == matter.revision
}

/// `2026-11-26 20:11 · li.na · 已确认：先打断客户`
fn said(verdict: &Verdict, lang: Lang) -> String {
    let Verdict { judged_at, judged_by, status, objection, note, bulk_bound, .. } = verdict;
    let what = match status {
        FlagStatus::Candidate => lang.texts().judge_back,
        known => known.label(lang),
    };
    let objection = objection.map(|one| one.label(lang));
    let mut why = String::new();
    for part in objection.into_iter().chain(note.as_deref()) {
        why.push_str(" · ");
        why.push_str(part);
    }
    if let Some(bound) = bulk_bound {
        why.push_str(&fill(lang.work().bulk_said, format!("{:.1}%", bound * 100.0)));
    }
    format!("{} · {} · {what}{why}", judged_at.to_beijing(), actor(judged_by, lang))
}

/// A probability in words: whole percents, and never «100 %» or «0 %», which no model can promise.
pub(super) fn percent(probability: f64, lang: Lang) -> String {
    let texts = lang.texts();
    if probability >= 0.995 {
        texts.certainty_top.to_owned()
    } else if probability < 0.005 {
        texts.certainty_low.to_owned()
    } else {
        format!("{:.0}%", probability * 100.0)
    }
}

fn certainty(probability: f64, lang: Lang) -> String {
    fill(lang.texts().certainty, percent(probability, lang))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_probability_is_ever_shown_as_certain() {
        assert_eq!(certainty(0.92, Lang::Zh), "置信度 92%");
        assert_eq!(certainty(1.0, Lang::Zh), "置信度 99% 以上");
        assert_eq!(certainty(0.0, Lang::En), "certainty under 1%");
    }
}
