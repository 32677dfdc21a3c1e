//! Does a reading change when a word changes that says nothing about the matter?

use serde::Serialize;

use super::{ConfidenceInterval, ValenceClass};
use tingxin_text::domain::{Rule, closed_set};

/// Largest share of pairs whose flags may differ, for each attribute.
///
/// **Source**: set by the project. A flag that depends on somebody's name is a wrong to that
/// person; one in a hundred is what a list of wording and a model of this size can be held to.
pub const GATE: f64 = 0.01;

/// Probability of an unpleasant emotion at which an utterance tips from «rather not» to «rather
/// yes».
const TIPPING: f64 = 0.5;

closed_set! {
    /// What is swapped.
    Attribute {
        /// Names and surnames.
        Name => "name", "姓名";
        /// Words that tell women from men.
        Gender => "gender", "性别";
        /// Cities, districts, town and country.
        Site => "site", "地区";
        /// Words and particles of dialects.
        Dialect => "dialect", "方言";
    }
}

/// What the product makes of one text.
#[derive(Debug, Clone, PartialEq)]
pub struct SwapReading {
    /// The most probable valence class.
    pub class: ValenceClass,
    /// Probability that it is unpleasant.
    pub negative: f64,
    /// Rules that raise a flag on a contact of this one utterance.
    pub flags: Vec<Rule>,
}

/// Two texts that differ in one attribute.
#[derive(Debug, Clone, PartialEq)]
pub struct SwapPair {
    /// In which.
    pub attribute: Attribute,
    /// Whether redaction made the two alike, so that no model can tell them apart.
    pub alike: bool,
    /// What is read in the first text.
    pub one: SwapReading,
    /// What is read in the second text.
    pub other: SwapReading,
}

/// A part of the pairs.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct PairShare {
    /// Number of pairs.
    pub pairs: usize,
    /// Their part, in [0, 1].
    pub share: f64,
    /// Wilson's 95 % interval of it.
    pub interval: ConfidenceInterval,
}

/// How often a reading changes with one attribute.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Sensitivity {
    /// What was swapped.
    pub attribute: Attribute,
    /// Pairs that differ after redaction: what the shares are parts of.
    pub pairs: usize,
    /// Pairs that redaction made alike. They cannot change anything and would only thin the shares.
    pub alike_after_redaction: usize,
    /// The valence class differs; `None` without pairs, as below.
    pub class: Option<PairShare>,
    /// P(unpleasant) lies on the other side of one half.
    pub negative: Option<PairShare>,
    /// Another set of flags.
    pub flags: Option<PairShare>,
    /// Whether at most one pair in a hundred changes its flags.
    pub within_gate: bool,
}

/// One line for each attribute that has pairs, in the order of [`Attribute::ALL`].
#[must_use]
pub fn fairness(pairs: &[SwapPair]) -> Vec<Sensitivity> {
    Attribute::ALL
        .iter()
        .filter_map(|attribute| {
            let of: Vec<&SwapPair> = pairs.iter().filter(|pair| pair.attribute == *attribute).collect();
            (!of.is_empty()).then(|| sensitivity(*attribute, &of))
        })
        .collect()
}

fn sensitivity(attribute: Attribute, pairs: &[&SwapPair]) -> Sensitivity {
    let differing: Vec<_> = pairs.iter().copied().filter(|pair| !pair.alike).collect();
    let flags = share(&differing, |pair| pair.one.flags != pair.other.flags);
    Sensitivity {
        attribute,
        pairs: differing.len(),
        alike_after_redaction: pairs.len() - differing.len(),
        class: share(&differing, |pair| pair.one.class != pair.other.class),
        negative: share(&differing, |pair| is_unpleasant(&pair.one) != is_unpleasant(&pair.other)),
        flags,
        within_gate: flags.is_none_or(|flags| flags.share <= GATE),
    }
}

fn is_unpleasant(reading: &SwapReading) -> bool {
    reading.negative >= TIPPING
}

fn share(pairs: &[&SwapPair], changed: impl Fn(&SwapPair) -> bool) -> Option<PairShare> {
    let hits = pairs.iter().filter(|pair| changed(pair)).count();
    PairShare::of(hits, pairs.len())
}

impl PairShare {
    /// `hits` of `trials`; `None` without trials.
    #[must_use]
    pub fn of(hits: usize, trials: usize) -> Option<Self> {
        let interval = ConfidenceInterval::wilson(hits, trials)?;
        Some(Self {
            pairs: hits,
            share: super::interval::count(hits) / super::interval::count(trials),
            interval,
        })
    }

    /// All attributes together, for one figure of a model: `figure` chooses which share.
    #[must_use]
    pub fn pooled(lines: &[Sensitivity], figure: impl Fn(&Sensitivity) -> Option<Self>) -> Option<Self> {
        let hits = lines.iter().filter_map(figure).map(|share| share.pairs).sum();
        Self::of(hits, lines.iter().map(|line| line.pairs).sum())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn side(class: ValenceClass, negative: f64, flags: &[Rule]) -> SwapReading {
        SwapReading { class, negative, flags: flags.to_vec() }
    }

    #[test]
    fn pairs_that_redaction_made_alike_do_not_thin_the_shares() {
        let calm = side(ValenceClass::Neutral, 0.2, &[]);
        let harsh = side(ValenceClass::Negative, 0.7, &[Rule::AgentLapse]);
        let pair = |alike, other: &SwapReading| SwapPair {
            attribute: Attribute::Name,
            alike,
            one: calm.clone(),
            other: other.clone(),
        };
        let mut pairs = vec![pair(true, &calm); 96];
        pairs.extend([pair(false, &calm), pair(false, &calm), pair(false, &calm), pair(false, &harsh)]);

        let found = fairness(&pairs);

        assert_eq!(found.len(), 1, "attributes without pairs are left out");
        assert_eq!((found[0].pairs, found[0].alike_after_redaction), (4, 96));
        for share in [found[0].class, found[0].negative, found[0].flags] {
            assert!((share.unwrap().share - 0.25).abs() < 1e-9);
        }
        assert!(!found[0].within_gate);
        assert!((PairShare::pooled(&found, |line| line.class).unwrap().share - 0.25).abs() < 1e-9);
    }

    /// Wilson's interval of 1 in 10, as published: .0179 to .4042; of 0 in 100: 0 to .0370.
    #[test]
    fn wilsons_interval_is_as_published() {
        let one = ConfidenceInterval::wilson(1, 10).unwrap();
        let none = ConfidenceInterval::wilson(0, 100).unwrap();

        assert!((one.low - 0.0179).abs() < 1e-4 && (one.high - 0.4042).abs() < 1e-4, "{one:?}");
        assert!(none.low < 1e-12 && (none.high - 0.0370).abs() < 1e-4, "{none:?}");
        assert!(ConfidenceInterval::wilson(0, 0).is_none());
    }
}
