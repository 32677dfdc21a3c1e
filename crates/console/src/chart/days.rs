//! Day by day: a bar a day for amounts, a line for a level; and the control chart, contact by
//! contact.

use super::plot::{Axis, Drawing, DrawingWords, Plot, plain, round_steps};
use super::scale::number;
use super::svg::{Size, Svg, escape, put};

/// Values of days in order, each with its short date.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Days {
    /// Date and value.
    pub(crate) days: Vec<(String, f64)>,
}

impl Days {
    /// A bar a day; `None` without a day.
    #[must_use]
    pub(crate) fn bars(&self, words: DrawingWords<'_>) -> Option<Drawing> {
        (!self.days.is_empty()).then(|| Drawing::of(|size, suffix| self.draw_bars(size, words, suffix)))
    }

    /// A line around zero; `None` below two days.
    #[must_use]
    pub(crate) fn level(&self, words: DrawingWords<'_>) -> Option<Drawing> {
        (self.days.len() > 1).then(|| Drawing::of(|size, suffix| self.draw_level(size, words, suffix)))
    }

    fn draw_bars(&self, size: Size, words: DrawingWords<'_>, suffix: &str) -> Svg {
        let top = self.days.iter().map(|(_, value)| *value).fold(0.5, f64::max) * 1.1;
        let plot = Plot::new(
            size,
            130.0,
            Axis { from: 0.0, to: number(self.days.len()) },
            Axis { from: 0.0, to: top },
        );
        let mut svg = String::with_capacity(4 * 1024);
        plot.open(&mut svg, words, suffix);
        plot.rows(&mut svg, &round_steps(top), plain);
        let wide = ((plot.right() - plot.left) / number(self.days.len()) * 0.7).min(28.0);
        for (at, (_, value)) in self.days.iter().enumerate() {
            let (x, y) = (plot.at_x(number(at) + 0.5) - wide / 2.0, plot.at_y(*value));
            put(
                &mut svg,
                format_args!(
                    "<rect class=\"bar\" x=\"{x:.1}\" y=\"{y:.1}\" width=\"{wide:.1}\" height=\"{:.1}\"/>",
                    plot.bottom - y
                ),
            );
        }
        plot.columns(&mut svg, self.dates(size).map(|(at, date)| (number(at) + 0.5, date)));
        svg.push_str("</svg>");
        Svg(svg)
    }

    fn draw_level(&self, size: Size, words: DrawingWords<'_>, suffix: &str) -> Svg {
        let edge = self.days.iter().map(|(_, value)| value.abs()).fold(0.1, f64::max) * 1.15;
        let plot = Plot::new(
            size,
            90.0,
            Axis { from: 0.0, to: number(self.days.len() - 1) },
            Axis { from: -edge, to: edge },
        );
        let mut svg = String::with_capacity(2 * 1024);
        plot.open(&mut svg, words, suffix);
        let half = edge / 1.15;
        plot.rows(&mut svg, &[-half, 0.0, half], |value| {
            if value > 0.0 { format!("+{}", plain(value)) } else { plain(value).replace('-', "−") }
        });
        plot.line(&mut svg, "line agent", self.days.iter().enumerate().map(|(at, (_, v))| (number(at), *v)));
        plot.columns(&mut svg, self.dates(size).map(|(at, date)| (number(at), date)));
        svg.push_str("</svg>");
        Svg(svg)
    }

    /// As many dates as fit.
    fn dates(&self, size: Size) -> impl Iterator<Item = (usize, String)> {
        let most = if size == Size::Wide { 9 } else { 4 };
        let step = self.days.len().div_ceil(most).max(1);
        self.days.iter().enumerate().step_by(step).map(|(at, (date, _))| (at, date.clone()))
    }
}

/// A risk-adjusted control chart.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Control {
    /// The sum after every contact.
    pub(crate) sums: Vec<f64>,
    /// The limit at which it alarms.
    pub(crate) alarm: f64,
    /// What stands at the limit.
    pub(crate) alarm_text: String,
}

/// Points of a drawing; of more contacts the highest of each stretch is drawn, so that no alarm
/// gets lost.
const MOST: usize = 320;

impl Control {
    /// Draws it; `None` below two contacts.
    #[must_use]
    pub(crate) fn draw(&self, words: DrawingWords<'_>) -> Option<Drawing> {
        (self.sums.len() > 1).then(|| Drawing::of(|size, suffix| self.one(size, words, suffix)))
    }

    fn one(&self, size: Size, words: DrawingWords<'_>, suffix: &str) -> Svg {
        let top = self.sums.iter().copied().fold(self.alarm, f64::max) * 1.12;
        let plot = Plot::new(
            size,
            110.0,
            Axis { from: 1.0, to: number(self.sums.len()) },
            Axis { from: 0.0, to: top },
        );
        let mut svg = String::with_capacity(6 * 1024);
        plot.open(&mut svg, words, suffix);
        plot.rows(&mut svg, &[0.0, self.alarm], plain);
        plot.line(
            &mut svg,
            "limit far",
            [(1.0, self.alarm), (number(self.sums.len()), self.alarm)].into_iter(),
        );
        put(
            &mut svg,
            format_args!(
                "<text class=\"tick\" x=\"{:.1}\" y=\"{:.1}\">{}</text>",
                plot.left + 4.0,
                plot.at_y(self.alarm) - 5.0,
                escape(&self.alarm_text),
            ),
        );
        let stretch = self.sums.len().div_ceil(MOST).max(1);
        let points =
            self.sums.chunks(stretch).enumerate().map(|(at, part)| {
                (number(at * stretch + part.len()), part.iter().copied().fold(0.0, f64::max))
            });
        plot.line(&mut svg, "line agent solid", points);
        let ends = [1, self.sums.len()].into_iter().map(|n| (number(n), n.to_string()));
        plot.columns(&mut svg, ends);
        svg.push_str("</svg>");
        Svg(svg)
    }
}
