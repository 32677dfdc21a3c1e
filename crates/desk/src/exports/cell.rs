//! One cell of a table that goes out.

use tingxin_text::domain::UtcMillis;

/// One cell.
#[derive(Debug, Clone, PartialEq)]
pub enum ExportCell {
    /// Nothing.
    Empty,
    /// Text.
    Text(String),
    /// A count or a position.
    Whole(i64),
    /// A measured number.
    Number(f64),
    /// A moment.
    Moment(UtcMillis),
    /// Yes or no.
    Truth(bool),
}

impl ExportCell {
    pub(super) fn text(text: impl ToString) -> Self {
        Self::Text(text.to_string())
    }

    pub(super) fn maybe(text: Option<impl ToString>) -> Self {
        text.map_or(Self::Empty, Self::text)
    }

    pub(super) fn whole(number: impl TryInto<i64>) -> Self {
        number.try_into().map_or(Self::Empty, Self::Whole)
    }

    pub(super) fn number(number: Option<impl Into<f64>>) -> Self {
        number.map_or(Self::Empty, |number| Self::Number(number.into()))
    }

    pub(super) fn moment(moment: Option<UtcMillis>) -> Self {
        moment.map_or(Self::Empty, Self::Moment)
    }
}
