//! The small curve in the queue.

use super::scale::number;
use super::svg::{Svg, escape, put};

const WIDTH: f64 = 104.0;
const HEIGHT: f64 = 34.0;
const EDGE: f64 = 4.0;

/// The customer's valence turn by turn, −1 at the bottom and +1 at the top; `None` without a turn.
/// `title` says it in words to those who do not see it.
#[must_use]
pub fn spark(values: &[f32], title: &str) -> Option<Svg> {
    let last = values.last()?;
    let steps = number(values.len().saturating_sub(1)).max(1.0);
    let x = |index: usize| EDGE + number(index) / steps * (WIDTH - 2.0 * EDGE);
    let y = |value: f32| EDGE + (1.0 - f64::from(value)) / 2.0 * (HEIGHT - 2.0 * EDGE);
    let corners: Vec<String> =
        values.iter().enumerate().map(|(i, v)| format!("{:.1} {:.1}", x(i), y(*v))).collect();
    let mut svg = String::with_capacity(512);
    put(
        &mut svg,
        format_args!(
            "<svg class=\"spark\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{}\">\
             <rect class=\"below\" x=\"0\" y=\"{:.1}\" width=\"{WIDTH}\" height=\"{:.1}\"/>\
             <path class=\"zero\" d=\"M0 {:.1}H{WIDTH}\"/>\
             <path class=\"line customer\" d=\"M{}\"/>\
             <circle class=\"dot customer\" cx=\"{:.1}\" cy=\"{:.1}\" r=\"3\"/></svg>",
            escape(title),
            y(0.0),
            HEIGHT - y(0.0),
            y(0.0),
            corners.join("L"),
            x(values.len().saturating_sub(1)),
            y(*last),
        ),
    );
    Some(Svg(svg))
}
