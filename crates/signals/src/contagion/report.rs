//! Collects what was measured and what was not.

use tingxin_text::domain::{Satisfaction, Signal, SignalKind, SignalName, Signals, Skipped};

/// Five decimals are finer than two hundred draws and short in a hundred thousand lines.
pub(super) fn tidy(value: f64) -> f64 {
    // Adding zero turns -0.0 into 0.0, which would otherwise be written with its sign.
    (value * 100_000.0).round() / 100_000.0 + 0.0
}

/// A count as a number to divide by; contacts are far below the limit.
pub(super) fn count(n: usize) -> f64 {
    f64::from(u32::try_from(n).unwrap_or(u32::MAX))
}

/// The answer while it is being put together.
#[derive(Debug, Default)]
pub(super) struct SignalReport(Signals);

impl SignalReport {
    /// Records a probability in [0, 1].
    pub(super) fn probability(&mut self, name: SignalName, value: f64, utterances: Vec<usize>) {
        let value = tidy(value.clamp(0.0, 1.0));
        self.0.measured.push(Signal {
            name,
            value,
            kind: SignalKind::Probability,
            low: None,
            high: None,
            utterances,
        });
    }

    /// Records a valence in [-1, 1] with its 80 % interval.
    pub(super) fn valence(
        &mut self,
        name: SignalName,
        value: f64,
        (low, high): (f64, f64),
        utterances: Vec<usize>,
    ) {
        self.0.measured.push(Signal {
            name,
            value: tidy(value),
            kind: SignalKind::Valence,
            // Near-certain turns give draws without any spread, next to an expectation a hair
            // away from them; an interval that leaves out its own value would only confuse.
            low: Some(tidy(low.min(value))),
            high: Some(tidy(high.max(value))),
            utterances,
        });
    }

    /// Records how satisfied the customer is expected to be.
    pub(super) fn satisfaction(&mut self, expected: Satisfaction) {
        self.0.satisfaction = Some(expected);
    }

    /// Records that something was not computed.
    pub(super) fn skip(&mut self, feature: &str, reason: impl Into<String>) {
        self.0.skipped.push(Skipped { feature: feature.to_owned(), reason: reason.into() });
    }

    /// Brings signals into the order of [`SignalName::ALL`].
    pub(super) fn finish(mut self) -> Signals {
        self.0.measured.sort_by_key(|signal| place(signal.name));
        // What is no signal, such as a remark on unreadable turns, comes last.
        self.0.skipped.sort_by_key(|skipped| {
            SignalName::from_name(&skipped.feature).and_then(place).unwrap_or(usize::MAX)
        });
        self.0
    }
}

fn place(name: SignalName) -> Option<usize> {
    SignalName::ALL.iter().position(|other| *other == name)
}
