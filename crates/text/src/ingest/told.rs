//! A contact as another system's file tells it, before anybody knows who speaks.

use serde_json::Value;

use super::columns;
use crate::domain::{Channel, Refusal, Speaker, UtcMillis};

/// When something was said.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum When {
    /// Milliseconds from the start.
    Millis(f64),
    /// In whatever unit the file counts; told from how long turns last.
    Unitless(f64),
    /// At a date and a time of day.
    Moment(UtcMillis),
}

impl When {
    /// Seconds from the start.
    pub(super) fn seconds(value: &Value) -> Option<Self> {
        number(value).map(|seconds| Self::Millis(seconds * 1000.0)).or_else(|| Self::written(value))
    }

    /// Milliseconds from the start.
    pub(super) fn millis(value: &Value) -> Option<Self> {
        number(value).map(Self::Millis).or_else(|| Self::written(value))
    }

    /// A number whose unit is not said, or a date or clock.
    pub(super) fn unitless(value: &Value) -> Option<Self> {
        number(value).map(Self::of_number).or_else(|| Self::written(value))
    }

    /// Numbers above this are seconds since 1970, and a thousand times larger ones milliseconds: no contact lasts a century.
    const EPOCH_SECONDS: f64 = 1e9;

    /// A number: an offset, or time since 1970.
    #[expect(
        clippy::as_conversions,
        clippy::cast_possible_truncation,
        reason = "epoch times of this century"
    )]
    fn of_number(number: f64) -> Self {
        for (unit, millis) in [(1e6, 1e-3), (1e3, 1.0), (1.0, 1e3)] {
            if number >= Self::EPOCH_SECONDS * unit && number < 1e11 * unit {
                return Self::Moment(UtcMillis::from_millis((number * millis) as i64));
            }
        }
        Self::Unitless(number)
    }

    /// A date with a time, or a clock.
    pub(super) fn written(value: &Value) -> Option<Self> {
        let text = value.as_str()?.trim();
        columns::clock(text).map(Self::of_clock).or_else(|| columns::moment(text).map(Self::Moment))
    }

    /// Milliseconds that a clock shows.
    #[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "far below 2^52")]
    pub(super) fn of_clock(millis: u64) -> Self {
        Self::Millis(millis as f64)
    }
}

/// A number, also one in quotation marks.
pub(super) fn number(value: &Value) -> Option<f64> {
    let number = match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().trim_end_matches(['s', 'S']).parse().ok(),
        _ => None,
    };
    number.filter(|number| number.is_finite())
}

/// One turn.
#[derive(Clone, Default)]
pub(super) struct ToldTurn {
    /// What the file calls whoever speaks.
    pub(super) label: Option<String>,
    /// Who that is, where the format itself says it.
    pub(super) speaker: Option<Speaker>,
    pub(super) text: String,
    pub(super) start: Option<When>,
    pub(super) end: Option<When>,
}

/// One contact. Nothing but the turns must be known.
#[derive(Clone, Default)]
pub(super) struct ToldContact {
    pub(super) id: Option<String>,
    pub(super) channel: Option<Channel>,
    pub(super) started_at: Option<UtcMillis>,
    pub(super) staff: Option<String>,
    pub(super) team: Option<String>,
    pub(super) customer: Option<String>,
    pub(super) turns: Vec<ToldTurn>,
    /// Turns without a label go on where the turn before them stopped, as in subtitles.
    pub(super) goes_on: bool,
    /// Values of one line each with the same id are one contact.
    pub(super) in_pieces: bool,
    /// What was left out, for a notice.
    pub(super) left_out: Vec<String>,
}

/// What a form makes of a document.
pub(super) type ToldContacts = Result<Vec<ToldContact>, Refusal>;

/// What is given to forms.
pub(super) enum Document<'a> {
    Json(&'a Value),
    Text(&'a str),
}

/// A form in which other systems write contacts down.
pub(super) trait FileForm: Sync {
    /// Its name, for people and `tingxin formats`.
    fn name(&self) -> &'static str;

    /// What it looks like, in the published form.
    fn example(&self) -> &'static str;

    /// Whether the document is written in it.
    fn recognises(&self, document: &Document<'_>) -> bool;

    /// The contacts in it.
    ///
    /// # Errors
    /// A refusal of the whole document, such as a recording without a transcript.
    fn contacts(&self, document: &Document<'_>) -> ToldContacts;
}

/// Puts turns of several channels in the order of their times.
pub(super) fn by_start(turns: &mut [ToldTurn]) {
    let key = |turn: &ToldTurn| match turn.start {
        Some(When::Millis(at) | When::Unitless(at)) => at,
        _ => f64::MAX,
    };
    turns.sort_by(|one, other| key(one).total_cmp(&key(other)));
}
