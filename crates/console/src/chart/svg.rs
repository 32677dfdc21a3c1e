//! What every drawing is made of.

use std::fmt::Write as _;

/// A finished drawing. Every text in it went through [`escape`], so templates print it as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Svg(pub(super) String);

impl std::fmt::Display for Svg {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl askama::filters::HtmlSafe for Svg {}

/// How much room there is. Two drawings instead of a scaled one: letters stay readable on a phone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    /// From 640 CSS pixels.
    Wide,
    /// Low, above the words of a contact: the markers of all flags share one row, for the flags
    /// stand beside it.
    Strip,
    /// A drawing that a phone shows whole.
    Narrow,
}

/// `−0.71`, with a real minus sign and always with a sign, so that columns line up.
#[must_use]
pub fn signed(value: f32) -> String {
    let text = format!("{:.2}", value.abs());
    match text.as_str() {
        "0.00" => text,
        _ if value < 0.0 => format!("−{text}"),
        _ => format!("+{text}"),
    }
}

/// The text with everything that has a meaning in XML replaced.
#[must_use]
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Writing to a `String` cannot fail.
pub(super) fn put(svg: &mut String, part: std::fmt::Arguments<'_>) {
    let _ = svg.write_fmt(part);
}
