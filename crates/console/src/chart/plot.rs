//! What all drawings of statistics have in common: a frame with two scales, their ticks, and words
//! for those who do not see it.

use super::svg::{Size, Svg, escape, put};

/// The same drawing for wide and for narrow screens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Drawing {
    /// From 640 CSS pixels.
    pub(crate) wide: Svg,
    /// The drawing for a phone.
    pub(crate) slim: Svg,
}

impl Drawing {
    /// Draws both. The second argument of `draw` is a suffix that keeps the names in both apart.
    pub(super) fn of(draw: impl Fn(Size, &str) -> Svg) -> Self {
        Self { wide: draw(Size::Wide, "w"), slim: draw(Size::Narrow, "n") }
    }
}

/// What a drawing says in words.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DrawingWords<'a> {
    /// Names it on the page; unique there.
    pub(crate) id: &'a str,
    /// What it is.
    pub(crate) title: &'a str,
    /// What to see in it.
    pub(crate) desc: &'a str,
    /// Name of the horizontal axis.
    pub(crate) x: &'a str,
    /// Name of the vertical axis.
    pub(crate) y: &'a str,
}

/// The values at both ends of a linear scale.
#[derive(Debug, Clone, Copy)]
pub(super) struct Axis {
    pub(super) from: f64,
    pub(super) to: f64,
}

/// A frame with two linear scales.
#[derive(Debug, Clone, Copy)]
pub(super) struct Plot {
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) bottom: f64,
    /// Values at the left and the right edge.
    pub(super) x: Axis,
    /// Values at the bottom and the top.
    pub(super) y: Axis,
}

/// Space right of the plot.
const RIGHT: f64 = 14.0;

impl Axis {
    /// Where a value lies between both ends, in [0, 1].
    fn share(self, value: f64) -> f64 {
        let share = (value - self.from) / (self.to - self.from);
        if share.is_finite() { share.clamp(0.0, 1.0) } else { 0.0 }
    }
}

impl Plot {
    /// A frame of the usual measures.
    pub(super) fn new(size: Size, plot_height: f64, x: Axis, y: Axis) -> Self {
        let (width, left) = match size {
            Size::Wide | Size::Strip => (680.0, 52.0),
            Size::Narrow => (340.0, 40.0),
        };
        Self { width, height: plot_height + 66.0, left, top: 26.0, bottom: plot_height + 26.0, x, y }
    }

    pub(super) fn right(&self) -> f64 {
        self.width - RIGHT
    }

    /// Place of a value, kept inside the frame.
    pub(super) fn at_x(&self, value: f64) -> f64 {
        self.left + self.x.share(value) * (self.right() - self.left)
    }

    /// Place of a value, kept inside the frame.
    pub(super) fn at_y(&self, value: f64) -> f64 {
        self.bottom - self.y.share(value) * (self.bottom - self.top)
    }

    /// Opens the drawing with its words and the names of both axes.
    pub(super) fn open(&self, svg: &mut String, words: DrawingWords<'_>, suffix: &str) {
        self.open_bare(svg, words, suffix);
        put(
            svg,
            format_args!(
                "<text class=\"tick\" x=\"2\" y=\"13\">{}</text>\
                 <text class=\"tick\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
                escape(words.y),
                self.right(),
                self.height - 4.0,
                escape(words.x),
            ),
        );
    }

    /// Opens the drawing with its words.
    pub(super) fn open_bare(&self, svg: &mut String, words: DrawingWords<'_>, suffix: &str) {
        let DrawingWords { id, title, desc, .. } = words;
        put(
            svg,
            format_args!(
                "<svg class=\"curve\" viewBox=\"0 0 {:.0} {:.0}\" role=\"img\" aria-labelledby=\"{id}-{suffix}-t\" \
                 aria-describedby=\"{id}-{suffix}-d\"><title id=\"{id}-{suffix}-t\">{}</title>\
                 <desc id=\"{id}-{suffix}-d\">{}</desc>",
                self.width,
                self.height,
                escape(title),
                escape(desc),
            ),
        );
    }

    /// Horizontal lines with their values.
    pub(super) fn rows(&self, svg: &mut String, values: &[f64], text: impl Fn(f64) -> String) {
        for value in values {
            let y = self.at_y(*value);
            put(
                svg,
                format_args!(
                    "<path class=\"rule\" d=\"M{:.1} {y:.1}H{:.1}\"/>\
                     <text class=\"tick\" x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
                    self.left,
                    self.right(),
                    self.left - 6.0,
                    y + 4.0,
                    escape(&text(*value)),
                ),
            );
        }
    }

    /// Marks below the plot with their values.
    pub(super) fn columns(&self, svg: &mut String, marks: impl Iterator<Item = (f64, String)>) {
        for (value, text) in marks {
            let x = self.at_x(value);
            put(
                svg,
                format_args!(
                    "<path class=\"rule\" d=\"M{x:.1} {:.1}v5\"/>\
                     <text class=\"tick\" x=\"{x:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>",
                    self.bottom,
                    self.bottom + 18.0,
                    escape(&text),
                ),
            );
        }
    }

    /// A line through points.
    pub(super) fn line(&self, svg: &mut String, class: &str, points: impl Iterator<Item = (f64, f64)>) {
        let corners: Vec<String> =
            points.map(|(x, y)| format!("{:.1} {:.1}", self.at_x(x), self.at_y(y))).collect();
        if corners.len() > 1 {
            put(svg, format_args!("<path class=\"{class}\" d=\"M{}\"/>", corners.join("L")));
        }
    }
}

/// Round values from 0 to at most `top`, four to eight of them.
pub(super) fn round_steps(top: f64) -> Vec<f64> {
    let magnitude = 10.0_f64.powf((top.max(1e-6) / 4.0).log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].map(|n| n * magnitude).into_iter().find(|step| top / step < 6.0);
    let step = step.unwrap_or(top);
    (0..9).map(|n| f64::from(n) * step).take_while(|value| *value <= top * 1.0001).collect()
}

/// A value without needless zeros.
pub(super) fn plain(value: f64) -> String {
    let text = format!("{value:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
