//! Pairs of texts that differ in one attribute, made from `models/fairness.tsv`.

use aho_corasick::{AhoCorasick, MatchKind};

use super::Attribute;
use tingxin_text::domain::Speaker;
use tingxin_text::lexicon::{ListError, WordList};

const LIST: WordList =
    WordList { name: "fairness.tsv", text: include_str!("../../../../models/fairness.tsv") };

/// Who may say what is put before a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mouth {
    Any,
    /// A speaker; `None` for the sentences of a note.
    Of(Option<Speaker>),
}

impl Mouth {
    fn fits(self, speaker: Option<Speaker>) -> bool {
        self == Self::Any || self == Self::Of(speaker)
    }
}

/// The pairs of one attribute.
#[derive(Debug)]
struct Swap {
    attribute: Attribute,
    /// The words of both sides.
    words: AhoCorasick,
    /// For each word of the automaton the one that takes its place.
    others: Vec<&'static str>,
    /// Particles of both sides, each with the one that takes its place.
    ends: Vec<(&'static str, &'static str)>,
    /// What is put before a text in which nothing of the attribute occurs.
    starts: Vec<(Mouth, &'static str, &'static str)>,
}

/// Two texts that differ in one attribute alone.
pub struct SwappedPair {
    /// In what they differ.
    pub attribute: Attribute,
    /// With one word.
    pub one: String,
    /// With the other.
    pub other: String,
}

/// All words that are swapped, by attribute.
#[derive(Debug)]
pub struct Swaps(Vec<Swap>);

impl Swaps {
    /// Reads the embedded list.
    ///
    /// # Errors
    /// [`ListError`] names the line that cannot be used.
    pub fn new() -> Result<Self, ListError> {
        Attribute::ALL.iter().map(|attribute| Swap::new(*attribute)).collect::<Result<_, _>>().map(Self)
    }

    /// For every attribute two texts that differ in it alone. `number` chooses what is added to a
    /// text in which the attribute does not occur, so that a file goes through the whole list.
    pub fn pairs<'a>(
        &'a self,
        text: &'a str,
        speaker: Option<Speaker>,
        number: usize,
    ) -> impl Iterator<Item = SwappedPair> + 'a {
        self.0.iter().filter_map(move |swap| {
            let (one, other) = swap
                .replaced(text)
                .map_or_else(|| swap.added(text, speaker, number), |other| Some((text.to_owned(), other)))?;
            Some(SwappedPair { attribute: swap.attribute, one, other })
        })
    }
}

impl Swap {
    fn new(attribute: Attribute) -> Result<Self, ListError> {
        let (mut words, mut others) = (Vec::new(), Vec::new());
        let (mut ends, mut starts) = (Vec::new(), Vec::new());
        for row in LIST.rows(["attribute", "place", "voice", "one", "other"])? {
            let [named, place, voice, one, other] = row.cells;
            let bad = |what: &str| LIST.error(row.line, format!("`{what}` is not known in its column"));
            if Attribute::from_name(named).ok_or_else(|| bad(named))? != attribute {
                continue;
            }
            match place {
                "word" => {
                    words.extend([one, other]);
                    others.extend([other, one]);
                }
                "end" => ends.extend([(one, other), (other, one)]),
                "start" => starts.push((mouth(voice).ok_or_else(|| bad(voice))?, one, other)),
                _ => return Err(bad(place)),
            }
        }
        let words = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .build(words)
            .map_err(|cause| LIST.error(1, cause.to_string()))?;
        Ok(Self { attribute, words, others, ends, starts })
    }

    /// The text with every word of the attribute swapped, or else with its last particle; `None`
    /// when it has neither.
    fn replaced(&self, text: &str) -> Option<String> {
        let mut swapped = String::with_capacity(text.len());
        let mut from = 0;
        for found in self.words.find_iter(text) {
            swapped.push_str(text.get(from..found.start())?);
            swapped.push_str(self.others.get(found.pattern().as_usize())?);
            from = found.end();
        }
        if from > 0 {
            swapped.push_str(text.get(from..)?);
            return Some(swapped);
        }
        let (said, marks) = at_last_word(text);
        let fitting = self.ends.iter().filter(|(end, _)| said.len() > end.len() && said.ends_with(end));
        let (end, other) = fitting.max_by_key(|(end, _)| end.len())?;
        Some(format!("{}{other}{marks}", said.strip_suffix(end)?))
    }

    fn added(&self, text: &str, speaker: Option<Speaker>, number: usize) -> Option<(String, String)> {
        let fitting: Vec<_> = self.starts.iter().filter(|(mouth, _, _)| mouth.fits(speaker)).collect();
        let (_, one, other) = fitting.get(number.checked_rem(fitting.len())?)?;
        Some((format!("{one}{text}"), format!("{other}{text}")))
    }
}

fn mouth(voice: &str) -> Option<Mouth> {
    match voice {
        "any" => Some(Mouth::Any),
        "note" => Some(Mouth::Of(None)),
        // The system never says anything that is scored.
        _ => Speaker::from_name(voice).filter(|who| *who != Speaker::System).map(|who| Mouth::Of(Some(who))),
    }
}

/// A text up to its last letter, and the marks behind it.
fn at_last_word(text: &str) -> (&str, &str) {
    text.split_at(text.trim_end_matches(|c: char| !c.is_alphanumeric()).len())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn pair(attribute: Attribute, text: &str) -> (String, String) {
        let swaps = Swaps::new().unwrap();
        let found = swaps.pairs(text, Some(Speaker::Customer), 0).find(|pair| pair.attribute == attribute);
        found.map(|pair| (pair.one, pair.other)).unwrap()
    }

    #[test]
    fn a_word_is_swapped_wherever_it_stands_and_the_longest_one_wins() {
        let (one, other) = pair(Attribute::Gender, "先生您好，我哥哥和我哥都在");

        assert_eq!(one, "先生您好，我哥哥和我哥都在");
        assert_eq!(other, "女士您好，我姐姐和我姐都在");
    }

    #[test]
    fn a_particle_is_swapped_at_the_end_alone() {
        let (_, other) = pair(Attribute::Dialect, "干嘛呢，快点吧！");

        assert_eq!(other, "干嘛呢，快点噻！");
    }

    #[test]
    fn a_text_without_the_attribute_gets_the_same_addition_on_both_sides() {
        for attribute in Attribute::ALL {
            let (one, other) = pair(*attribute, "网断了。");

            assert_ne!(one, other);
            assert!(one.ends_with("网断了。") && other.ends_with("网断了。"), "{one} {other}");
        }
    }

    #[test]
    fn every_attribute_has_forty_pairs_and_no_word_two_partners() {
        let mut pairs = BTreeMap::new();
        for row in LIST.rows(["attribute", "place", "voice", "one", "other"]).unwrap() {
            *pairs.entry(row.cells[0]).or_insert(0) += 1;
        }
        assert!(pairs.len() == Attribute::ALL.len() && pairs.values().all(|count| *count >= 40), "{pairs:?}");

        for swap in Swaps::new().unwrap().0 {
            let mut words = swap.others.clone();
            words.sort_unstable();
            words.dedup();
            assert_eq!(words.len(), swap.others.len(), "a word of {} stands twice", swap.attribute);
        }
    }

    #[test]
    fn every_voice_can_be_given_every_attribute() {
        let swaps = Swaps::new().unwrap();
        for speaker in [Some(Speaker::Customer), Some(Speaker::Agent), None] {
            assert_eq!(swaps.pairs("嗯", speaker, 12).count(), Attribute::ALL.len());
        }
    }
}
