//! What an experiment is asked, and a figure beside its target.

use serde::{Deserialize, Serialize};

/// What to run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Options {
    /// Names all random streams.
    pub seed: u64,
    /// Repetitions of each experiment. With 400 a true rate of .06 is measured to about ±.01 or
    /// better.
    pub repetitions: usize,
    /// Only these checks, by the first word of [`Finding::check`] ("V2", "V7", "EB", "CUSUM",
    /// "LEAK"); `None` = all.
    pub only: Option<Vec<String>>,
    /// Threads to spread repetitions over, at least 1. No effect on any figure.
    pub threads: usize,
}

impl Options {
    /// Whether a check is to run.
    pub(super) fn wants(&self, check: &str) -> bool {
        self.only.as_ref().is_none_or(|only| only.iter().any(|name| name == check))
    }
}

impl Default for Options {
    fn default() -> Self {
        Self { seed: 20_261_122, repetitions: 400, only: None, threads: 2 }
    }
}

/// One figure beside its target.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// What was measured, starting with the number of the check in the validation plan.
    pub check: String,
    /// What the simulation found.
    pub value: f64,
    /// The target in words, for example "≤ .09".
    pub target: String,
    /// Whether the figure meets the target.
    pub holds: bool,
}

/// A target a figure is held against. Bounds themselves are inside.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Target {
    /// Not above.
    AtMost(f64),
    /// Not below.
    AtLeast(f64),
    /// Above, the bound itself outside.
    Above(f64),
    /// Neither below the first nor above the second.
    Between(f64, f64),
    /// A reference figure shown for comparison only; always holds.
    Shown(f64),
}

/// A finding from a figure and its target. Also for figures measured elsewhere, such as the leak
/// alarm on the product's own scorer. A figure that is not a number never holds.
#[must_use]
pub fn finding(check: impl Into<String>, value: f64, target: Target) -> Finding {
    let (text, holds) = match target {
        Target::AtMost(high) => (format!("≤ {}", short(high)), value <= high),
        Target::AtLeast(low) => (format!("≥ {}", short(low)), value >= low),
        Target::Above(low) => (format!("> {}", short(low)), value > low),
        Target::Between(low, high) => {
            (format!("{} to {}", short(low), short(high)), (low..=high).contains(&value))
        }
        Target::Shown(reference) => (format!("shown, reference {}", short(reference)), value.is_finite()),
    };
    Finding { check: check.into(), value, target: text, holds }
}

/// A number as statisticians write it: no zero before the point.
fn short(value: f64) -> String {
    let text = if value != 0.0 && value.abs() < 1e-3 { format!("{value:e}") } else { format!("{value}") };
    match text.strip_prefix("0.").map(|rest| format!(".{rest}")) {
        Some(text) => text,
        None => text.strip_prefix("-0.").map_or(text.clone(), |rest| format!("−.{rest}")),
    }
}
