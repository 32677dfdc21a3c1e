//! The funnel plot: everybody against what colleagues would have reached with the same contacts.

use super::plot::{Axis, Drawing, DrawingWords, Plot, plain, round_steps};
use super::scale::number;
use super::svg::{Size, Svg, escape, put};

/// How a person is drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Mark {
    /// Within the 95 % limits: a full dot.
    Inside,
    /// Outside them, without a name: a ring.
    Outside,
    /// All conditions of a name are met: a diamond with the work number, which is a link.
    Named {
        /// Work number.
        name: String,
        /// The person's page.
        href: String,
        /// Whether there is something to praise.
        better: bool,
    },
}

/// One person in the plot.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Dot {
    /// Expected events.
    pub(crate) expected: f64,
    /// Observed over expected.
    pub(crate) ratio: f64,
    /// How it is drawn.
    pub(crate) mark: Mark,
}

/// Limits for one number of expected events, as ratios.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Bounds {
    /// Expected events.
    pub(crate) expected: f64,
    /// 95 %.
    pub(crate) watch: (f64, f64),
    /// 99.8 %.
    pub(crate) investigate: (f64, f64),
}

/// Everybody on one indicator.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct FunnelPlot {
    /// People, in any order: the drawing has none.
    pub(crate) dots: Vec<Dot>,
    /// Limits by expected events, ascending.
    pub(crate) bounds: Vec<Bounds>,
}

impl FunnelPlot {
    /// Draws it.
    #[must_use]
    pub(crate) fn draw(&self, words: DrawingWords<'_>) -> Drawing {
        Drawing::of(|size, suffix| self.one(size, words, suffix))
    }

    fn one(&self, size: Size, words: DrawingWords<'_>, suffix: &str) -> Svg {
        let far = self.dots.iter().map(|dot| dot.expected).fold(1.0, f64::max) * 1.06;
        let limit = self.bounds.last().map_or(2.0, |last| last.investigate.1 + 0.3);
        let high = self.dots.iter().map(|dot| dot.ratio).fold(limit.max(2.0), f64::max).min(6.0) * 1.08;
        let plot = Plot::new(
            size,
            if size == Size::Wide { 250.0 } else { 210.0 },
            Axis { from: 0.0, to: far },
            Axis { from: 0.0, to: high },
        );
        let mut svg = String::with_capacity(8 * 1024);
        plot.open(&mut svg, words, suffix);
        plot.rows(&mut svg, &round_steps(high), plain);
        plot.columns(&mut svg, round_steps(far).into_iter().map(|value| (value, plain(value))));
        plot.line(&mut svg, "one", [(0.0, 1.0), (far, 1.0)].into_iter());
        // A limit is drawn where it is in the frame: along the edge it would look like a limit at
        // that value.
        let edge = |of: fn(&Bounds) -> f64| {
            self.bounds
                .iter()
                .map(move |one| (one.expected, of(one)))
                .filter(move |one| one.1 > 0.0 && one.1 < high)
        };
        plot.line(&mut svg, "limit watch", edge(|one| one.watch.0));
        plot.line(&mut svg, "limit watch", edge(|one| one.watch.1));
        plot.line(&mut svg, "limit far", edge(|one| one.investigate.0));
        plot.line(&mut svg, "limit far", edge(|one| one.investigate.1));
        for dot in &self.dots {
            mark(&mut svg, &plot, dot);
        }
        svg.push_str("</svg>");
        Svg(svg)
    }
}

fn mark(svg: &mut String, plot: &Plot, dot: &Dot) {
    let (x, y) = (plot.at_x(dot.expected), plot.at_y(dot.ratio));
    match &dot.mark {
        Mark::Inside => {
            put(svg, format_args!("<circle class=\"person\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4\"/>"));
        }
        Mark::Outside => {
            put(svg, format_args!("<circle class=\"person out\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4.5\"/>"));
        }
        Mark::Named { name, href, better } => {
            let tone = if *better { "good" } else { "medium" };
            let (anchor, at) = if x > plot.width * 0.75 { ("end", x - 11.0) } else { ("start", x + 11.0) };
            put(
                svg,
                format_args!(
                    "<a href=\"{}\" class=\"named tone-{tone}\"><path d=\"M{x:.1} {:.1}l7 7l-7 7l-7 -7Z\"/>\
                     <text x=\"{at:.1}\" y=\"{:.1}\" text-anchor=\"{anchor}\">{}</text></a>",
                    escape(href),
                    y - 7.0,
                    y + 4.5,
                    escape(name),
                ),
            );
        }
    }
}

/// Expected events at which limits are drawn, up to `most`.
#[must_use]
pub(crate) fn grid(most: f64) -> Vec<f64> {
    (1..=64).map(|n| number(n) / 64.0 * most.max(1.0) * 1.06).collect()
}
