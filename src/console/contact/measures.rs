//! What was measured on a contact, what was not, and by what.

use crate::domain::{Analysis, Engine, Signal, SignalKind, SignalName};

use super::flags::percent;
use crate::console::chart::signed;
use crate::console::label::Label;
use crate::console::text::{Lang, fill};

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

#[expect(clippy::cast_possible_truncation, clippy::as_conversions, reason = "shown with two decimals")]
fn measure(signal: &Signal, lang: Lang) -> Measure {
    let number = |value: f64| signed(value as f32);
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

pub(super) fn skipped(analysis: &Analysis, lang: Lang) -> Vec<SkippedView> {
    analysis
        .skipped
        .iter()
        .map(|skipped| {
            let name = SignalName::from_name(&skipped.feature)
                .map_or_else(|| skipped.feature.clone(), |name| name.label(lang).to_owned());
            match translated(&skipped.reason, lang) {
                Some(reason) => SkippedView { name, reason, lang: lang.tag() },
                None => SkippedView { name, reason: skipped.reason.clone(), lang: Lang::En.tag() },
            }
        })
        .collect()
}

/// Chinese for the reasons that the analysis gives in English; its format is for machines first.
const REASONS: &[(&str, &str, &str)] = &[
    ("fewer than ", " customer turns", "客户发言少于 {n} 轮"),
    ("fewer than ", " scorable customer turns", "可评分的客户发言少于 {n} 轮"),
    ("fewer than ", " scored customer turns", "已评分的客户发言少于 {n} 轮"),
];

fn translated(reason: &str, lang: Lang) -> Option<String> {
    if lang == Lang::En {
        return Some(reason.to_owned());
    }
    REASONS.iter().find_map(|(before, after, zh)| {
        let number = reason.strip_prefix(before)?.strip_suffix(after)?;
        number.chars().all(|c| c.is_ascii_digit()).then(|| fill(zh, number))
    })
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
}
