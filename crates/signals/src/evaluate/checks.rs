//! Behavioural tests of an emotion reader, after `CheckList` (Ribeiro et al. 2020): what must hold
//! whatever corpus it was trained on.
//!
//! A capability is a file of `models/checks`: lines that must be read in a certain way (minimum),
//! pairs that must be read alike (invariance), pairs of which the second must be read as clearly
//! more unpleasant (direction).

use super::{ConfidenceInterval, ValenceClass};
use tingxin_text::domain::{Emotion, EmotionScores, Speaker, closed_set};

/// How far the valence must fall for a direction to hold, on the scale from -1 to 1.
///
/// **Source**: set by the project; a tenth of the way from neutral to the mildest negative emotion
/// is .05.
const CLEARLY: f32 = 0.05;

closed_set! {
    /// What kind of test a capability is.
    CheckKind {
        /// A text is read in a certain way.
        Minimum => "minimum", "最低功能";
        /// A change must not turn the class.
        Invariance => "invariance", "不变";
        /// A change must make the reading more unpleasant.
        Direction => "direction", "方向";
    }
}

/// What a text must be read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExpectedReading {
    /// This class.
    Class(ValenceClass),
    /// Any class but this one.
    Not(ValenceClass),
    /// This emotion.
    Emotion(Emotion),
}

impl ExpectedReading {
    fn parse(text: &str) -> Option<Self> {
        if let Some(class) = text.strip_prefix("not ") {
            return ValenceClass::from_name(class).map(Self::Not);
        }
        ValenceClass::from_name(text).map(Self::Class).or_else(|| Emotion::from_name(text).map(Self::Emotion))
    }

    fn holds(self, reading: &EmotionScores) -> bool {
        match self {
            Self::Class(class) => ValenceClass::predicted(reading).0 == class,
            Self::Not(class) => ValenceClass::predicted(reading).0 != class,
            Self::Emotion(emotion) => reading.top() == emotion,
        }
    }
}

/// Turns in order; the last one is read, after those before it.
pub type Turns = Vec<(Speaker, String)>;

/// One test of a capability.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CheckCase {
    /// The last turn must be read so.
    Minimum(Turns, ExpectedReading),
    /// Both must be read as the same class.
    Invariance(Turns, Turns),
    /// The second must be read as more unpleasant than the first.
    Direction(Turns, Turns),
}

impl CheckCase {
    /// The texts to be read, in the order in which [`CheckCase::passes`] wants their readings.
    #[must_use]
    pub fn texts(&self) -> Vec<&Turns> {
        match self {
            Self::Minimum(turns, _) => vec![turns],
            Self::Invariance(one, other) | Self::Direction(one, other) => vec![one, other],
        }
    }

    /// Whether the case holds with these readings of its texts.
    #[must_use]
    pub fn passes(&self, readings: &[EmotionScores]) -> bool {
        match (self, readings) {
            (Self::Minimum(_, expected), [reading]) => expected.holds(reading),
            (Self::Invariance(..), [one, other]) => {
                ValenceClass::predicted(one).0 == ValenceClass::predicted(other).0
            }
            (Self::Direction(..), [one, other]) => other.valence().0.get() < one.valence().0.get() - CLEARLY,
            _ => false,
        }
    }
}

/// The cases of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capability {
    /// Name of the file without its ending.
    pub name: String,
    /// What kind of test it is.
    pub kind: CheckKind,
    /// What must hold, in one English sentence.
    pub says: String,
    /// The cases, each with its line.
    pub cases: Vec<(usize, CheckCase)>,
}

impl Capability {
    /// Reads a file: `# kind: …`, `# says: …`, then one tab-separated case a line.
    ///
    /// # Errors
    /// A sentence with the line that cannot be read.
    pub fn parse(name: &str, text: &str) -> Result<Self, String> {
        let kind = CheckKind::from_name(heading(text, "kind:"))
            .ok_or_else(|| refusal(name, 1, "`# kind:` is minimum, invariance or direction"))?;
        let mut cases = Vec::new();
        for (number, line) in (1..).zip(text.lines()) {
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            let cells: Vec<&str> = line.split('\t').collect();
            let [speaker, one, other] = cells.as_slice() else {
                return Err(refusal(name, number, "a case has three cells with tabs between them"));
            };
            let speaker = Speaker::from_name(speaker)
                .ok_or_else(|| refusal(name, number, "the speaker is customer or agent"))?;
            let case = match kind {
                CheckKind::Minimum => {
                    let expected = ExpectedReading::parse(one)
                        .ok_or_else(|| refusal(name, number, "this reading is not known"))?;
                    CheckCase::Minimum(turns(speaker, other), expected)
                }
                CheckKind::Invariance => CheckCase::Invariance(turns(speaker, one), turns(speaker, other)),
                CheckKind::Direction => CheckCase::Direction(turns(speaker, one), turns(speaker, other)),
            };
            cases.push((number, case));
        }
        Ok(Self { name: name.to_owned(), kind, says: heading(text, "says:").to_owned(), cases })
    }
}

fn refusal(name: &str, line: usize, reason: &str) -> String {
    format!("models/checks/{name}.tsv, line {line}: {reason}")
}

/// What stands behind `# key` in a file of checks.
fn heading<'a>(text: &'a str, key: &str) -> &'a str {
    text.lines()
        .find_map(|line| line.strip_prefix("# ")?.strip_prefix(key))
        .map(str::trim)
        .unwrap_or_default()
}

/// `C:… | A:… | C:…`, or one text of this speaker.
fn turns(speaker: Speaker, text: &str) -> Turns {
    let several: Option<Turns> = text
        .split(" | ")
        .map(|turn| {
            let (side, words) = turn.split_once(':')?;
            let side = match side {
                "C" => Speaker::Customer,
                "A" => Speaker::Agent,
                _ => return None,
            };
            Some((side, words.to_owned()))
        })
        .collect();
    several.unwrap_or_else(|| vec![(speaker, text.to_owned())])
}

/// How a capability came out.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct CheckResult {
    /// Name of the capability, as its file has it.
    pub name: String,
    /// What kind of test it is.
    pub kind: CheckKind,
    /// Number of cases.
    pub cases: usize,
    /// Cases that hold.
    pub passed: usize,
    /// Lower end of Wilson's 95 % interval of the share that holds.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl CheckResult {
    /// Counts what held.
    #[must_use]
    pub fn of(capability: &Capability, held: &[bool]) -> Self {
        let passed = held.iter().filter(|held| **held).count();
        let interval = ConfidenceInterval::wilson(passed, held.len())
            .unwrap_or(ConfidenceInterval { low: 0.0, high: 1.0 });
        Self {
            name: capability.name.clone(),
            kind: capability.kind,
            cases: held.len(),
            passed,
            low: interval.low,
            high: interval.high,
        }
    }

    /// The share that holds, in [0, 1].
    #[must_use]
    pub fn share(&self) -> f64 {
        super::interval::count(self.passed) / super::interval::count(self.cases.max(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all_on(at: usize) -> EmotionScores {
        let mut weights = [0.0; Emotion::COUNT];
        weights[at] = 1.0;
        EmotionScores::from_weights(weights).unwrap()
    }

    #[test]
    fn a_file_becomes_cases_and_a_bad_line_is_named() {
        let text = "# kind: minimum\n# says: Thanks may be a demand.\ncustomer\tnot positive\t请尽快处理谢谢\ncustomer\tnegative\tA:今天修不了 | C:嗯行吧\n";
        let found = Capability::parse("thanks", text).unwrap();

        assert_eq!(found.says, "Thanks may be a demand.");
        assert_eq!(found.cases.len(), 2);
        assert_eq!(found.cases[1].1.texts()[0].len(), 2);
        assert!(
            Capability::parse("thanks", "# kind: minimum\ncustomer\tsad\t唉").unwrap_err().contains("line 2")
        );
    }

    #[test]
    fn each_kind_holds_when_it_should() {
        let neutral = EmotionScores::NEUTRAL;
        let line = |text: &str| turns(Speaker::Customer, text);
        let expects = |expected| CheckCase::Minimum(line("好"), ExpectedReading::parse(expected).unwrap());

        assert!(expects("neutral").passes(&[neutral]));
        assert!(!expects("negative").passes(&[neutral]));
        assert!(expects("not negative").passes(&[all_on(0)]));
        assert!(expects("anger").passes(&[all_on(6)]));
        assert!(CheckCase::Invariance(line("好"), line("好！")).passes(&[all_on(6), all_on(7)]));
        assert!(!CheckCase::Invariance(line("好"), line("好！")).passes(&[neutral, all_on(7)]));
        assert!(CheckCase::Direction(line("好"), line("差")).passes(&[neutral, all_on(7)]));
        assert!(!CheckCase::Direction(line("好"), line("差")).passes(&[neutral, neutral]));
    }
}
