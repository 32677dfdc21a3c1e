//! What was measured on a contact, what was not, and by what.

use tingxin_text::domain::{Analysis, Engine, Signal, SignalKind, SignalName};

use super::flags::percent;
use crate::chart::signed;
use crate::label::Label;
use crate::text::{Lang, Spoken, fill};

/// One measured quantity in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Measure {
    pub(crate) name: &'static str,
    pub(crate) value: String,
    /// `80% 区间 −0.80 … −0.40`, for valences.
    pub(crate) interval: Option<String>,
}

/// Something that was not computed, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SkippedView {
    pub(crate) name: String,
    pub(crate) reason: String,
    /// Language of the reason: English where no translation is known.
    pub(crate) lang: &'static str,
}

/// What made the analysis.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct EngineView {
    pub(crate) sentence: String,
    pub(crate) fingerprint: String,
}

impl EngineView {
    pub(super) fn new(engine: &Engine, lang: Lang) -> Self {
        let texts = lang.texts();
        let sentence =
            if engine.model.starts_with("lexicon") { texts.engine_lexicon } else { texts.engine_other };
        Self { sentence: fill(sentence, &engine.model), fingerprint: engine.fingerprint() }
    }
}

/// The customer's mood, and the probabilities of events.
pub(super) fn measures(analysis: &Analysis, lang: Lang) -> (Vec<Measure>, Vec<Measure>) {
    let (mood, events): (Vec<&Signal>, Vec<&Signal>) =
        analysis.signals.iter().partition(|signal| signal.kind == SignalKind::Valence);
    let words = |signals: Vec<&Signal>| signals.into_iter().map(|signal| measure(signal, lang)).collect();
    (words(mood), words(events))
}

fn measure(signal: &Signal, lang: Lang) -> Measure {
    let interval = signal
        .low
        .zip(signal.high)
        .map(|(low, high)| fill(lang.texts().interval, format_args!("{} … {}", number(low), number(high))));
    let value = match signal.kind {
        SignalKind::Probability => percent(signal.value, lang),
        SignalKind::Valence => number(signal.value),
    };
    Measure { name: signal.name.label(lang), value, interval }
}

#[expect(clippy::cast_possible_truncation, clippy::as_conversions, reason = "shown with two decimals")]
fn number(value: f64) -> String {
    signed(value as f32)
}

/// What was left out; quantities with the same reason stand together.
pub(super) fn skipped(analysis: &Analysis, lang: Lang) -> Vec<SkippedView> {
    let mut views: Vec<SkippedView> = Vec::new();
    for skipped in &analysis.skipped {
        let name = feature(&skipped.feature, lang);
        let (reason, tag) = match translated(&skipped.reason, lang) {
            Some(reason) => (reason, lang.tag()),
            None => (skipped.reason.clone(), Lang::En.tag()),
        };
        match views.iter_mut().find(|view| view.reason == reason) {
            Some(view) => view.name = format!("{}{}{name}", view.name, lang.texts().comma),
            None => views.push(SkippedView { name, reason, lang: tag }),
        }
    }
    views
}

fn feature(feature: &str, lang: Lang) -> String {
    match (SignalName::from_name(feature), feature) {
        (Some(name), _) => name.label(lang).to_owned(),
        (None, "unreadable_utterances") => lang.texts().skipped_turns.to_owned(),
        (None, "satisfaction") => lang.texts().fact_expected.to_owned(),
        (None, other) => other.to_owned(),
    }
}

/// Chinese for the reasons that the analysis gives in English; its format is for machines first.
/// `#` stands for a number.
const REASONS: &[(&str, &str)] = &[
    ("fewer than # customer turns", "客户发言少于 # 轮"),
    ("no customer turn", "没有客户发言"),
    ("no agent turn", "没有坐席发言"),
    (
        "the model reads utterances alone; satisfaction needs a model that reads in context",
        "当前模型逐句单独判断；预计满意度需要能结合上文的模型",
    ),
    ("the note reports nobody's mood", "记录里没有写到任何人的情绪"),
    (
        "no customer turn that can be read: all are formulas or too short",
        "客户发言都是客套话或过短，无法评分",
    ),
    (
        "# of # customer utterances carry too few words to be read and are left out of the course of mood",
        "#/# 句客户发言文字太少，未计入情绪走向",
    ),
    ("a transcript: emotion is expressed, not reported", "这是对话，情绪由说话人直接表达，没有转述"),
    (
        "a note: emotion is reported by staff, and there are no turns",
        "这是员工记录，情绪由员工转述，没有逐轮对话",
    ),
];

/// The reason in the language of the page; `None` when no translation is known.
fn translated(reason: &str, lang: Lang) -> Option<String> {
    if lang == Lang::En {
        return Some(reason.to_owned());
    }
    let mut numbers = reason.split(|c: char| !c.is_ascii_digit()).filter(|number| !number.is_empty());
    let (_, zh) = REASONS.iter().find(|(en, _)| *en == without_numbers(reason))?;
    let mut words = zh.split('#');
    let first = words.next().unwrap_or_default().to_owned();
    Some(words.fold(first, |text, part| format!("{text}{}{part}", numbers.next().unwrap_or_default())))
}

fn without_numbers(reason: &str) -> String {
    let mut plain = String::with_capacity(reason.len());
    for c in reason.chars() {
        match c {
            '0'..='9' if plain.ends_with('#') => {}
            '0'..='9' => plain.push('#'),
            other => plain.push(other),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_reason_is_told_in_the_language_of_the_page() {
        let reason = "fewer than 6 customer turns";

        assert_eq!(translated(reason, Lang::Zh).as_deref(), Some("客户发言少于 6 轮"));
        assert_eq!(translated(reason, Lang::En).as_deref(), Some(reason));
        assert_eq!(translated("something new", Lang::Zh), None);
    }

    #[test]
    fn numbers_keep_their_places_in_a_translation() {
        let reason = "12 of 34 customer utterances carry too few words to be read and are left out of the \
                      course of mood";

        assert_eq!(translated(reason, Lang::Zh).unwrap(), "12/34 句客户发言文字太少，未计入情绪走向");
    }
}
