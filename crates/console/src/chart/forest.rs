//! The forest plot: one interval a line, and the line of «no difference».

use super::plot::{Axis, Drawing, DrawingWords, Plot, round_steps};
use super::scale::number;
use super::svg::{Size, Svg, escape, put};

/// One interval of the drawing, with its name.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ForestRow {
    /// Whose it is.
    pub(crate) name: String,
    /// Lower end, value, upper end.
    pub(crate) ends: (f64, f64, f64),
    /// Drawn as the summary of the others.
    pub(crate) whole: bool,
}

/// Intervals one below the other.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Forest {
    /// In the order of the page.
    pub(crate) spans: Vec<ForestRow>,
}

/// What it means to lie on either side of «no difference».
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ForestSides<'a> {
    /// Left of it.
    pub(crate) below: &'a str,
    /// Right of it.
    pub(crate) above: &'a str,
}

/// Height of a line of the wide drawing.
const ROW: f64 = 26.0;

impl Forest {
    /// Draws it; `None` without an interval.
    #[must_use]
    pub(crate) fn draw(&self, words: DrawingWords<'_>, sides: ForestSides<'_>) -> Option<Drawing> {
        let one = |size, suffix: &str| self.one(size, words, sides, suffix);
        (!self.spans.is_empty()).then(|| Drawing::of(one))
    }

    fn one(&self, size: Size, words: DrawingWords<'_>, sides: ForestSides<'_>, suffix: &str) -> Svg {
        let row = if size == Size::Wide { ROW } else { ROW + 14.0 };
        let edge = self.spans.iter().map(|span| span.ends.0.abs().max(span.ends.2.abs()));
        let edge = edge.fold(0.05, f64::max) * 1.1;
        let height = row * number(self.spans.len()) + 6.0;
        let mut plot = Plot::new(size, height, Axis { from: -edge, to: edge }, Axis { from: 0.0, to: 1.0 });
        plot.left = if size == Size::Wide { 210.0 } else { 12.0 };
        let mut svg = String::with_capacity(2 * 1024);
        plot.open_bare(&mut svg, words, suffix);
        let below = (plot.left, "start", sides.below);
        for (x, anchor, meaning) in [below, (plot.right(), "end", sides.above)] {
            let (y, meaning) = (plot.height - 4.0, escape(meaning));
            put(
                &mut svg,
                format_args!(
                    "<text class=\"tick\" x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{meaning}</text>"
                ),
            );
        }
        // Both sides alike, and few enough to be read on a phone.
        let steps: Vec<f64> = round_steps(edge).into_iter().skip(1).step_by(2).collect();
        let ticks = steps.iter().rev().map(|value| -value).chain([0.0]).chain(steps.iter().copied());
        plot.columns(&mut svg, ticks.map(|value| (value, signed(value))));
        put(
            &mut svg,
            format_args!(
                "<path class=\"zero\" d=\"M{:.1} {:.1}V{:.1}\"/>",
                plot.at_x(0.0),
                plot.top - 4.0,
                plot.bottom
            ),
        );
        for (at, span) in self.spans.iter().enumerate() {
            let label = if size == Size::Wide { 0.0 } else { 14.0 };
            let y = plot.top + row * number(at) + label + ROW / 2.0;
            let (low, value, high) = span.ends;
            let (x, y_text, anchor) = match size {
                Size::Wide | Size::Strip => (plot.left - 10.0, y + 4.0, "end"),
                Size::Narrow => (plot.left, y - 12.0, "start"),
            };
            let class = if span.whole { "whole" } else { "part" };
            put(
                &mut svg,
                format_args!(
                    "<text class=\"tick\" x=\"{x:.1}\" y=\"{y_text:.1}\" text-anchor=\"{anchor}\">{}</text>\
                     <path class=\"span {class}\" d=\"M{:.1} {y:.1}H{:.1}\"/>\
                     <rect class=\"person\" x=\"{:.1}\" y=\"{:.1}\" width=\"8\" height=\"8\"/>",
                    escape(&span.name),
                    plot.at_x(low),
                    plot.at_x(high),
                    plot.at_x(value) - 4.0,
                    y - 4.0,
                ),
            );
        }
        svg.push_str("</svg>");
        Svg(svg)
    }
}

fn signed(value: f64) -> String {
    let text = format!("{:.2}", value.abs());
    match text.as_str() {
        "0.00" => "0".to_owned(),
        _ if value < 0.0 => format!("−{text}"),
        _ => format!("+{text}"),
    }
}
