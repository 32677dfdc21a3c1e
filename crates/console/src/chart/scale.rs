//! From turns and valence to places in the drawing.

use super::curve::{Curve, Point};
use super::svg::Size;

/// Height and least width of a marker in drawing units. A wide drawing is scaled to no less than
/// 640/680, which leaves 24.5 CSS pixels: WCAG 2.5.8 asks for 24.
pub(super) const PIN: f64 = 26.0;

/// The measures of one drawing, in drawing units.
#[derive(Debug)]
pub(super) struct Scale {
    pub(super) width: f64,
    pub(super) height: f64,
    /// Left edge of the plot.
    pub(super) left: f64,
    /// Top edge of the plot.
    pub(super) top: f64,
    plot: f64,
    row: f64,
    /// Index of the last turn, at least 1.
    last: usize,
    size: Size,
}

/// Space right of the last turn, half a marker wide.
const RIGHT: f64 = 16.0;

impl Scale {
    pub(super) fn new(curve: &Curve, size: Size) -> Self {
        let (width, left, plot, row) = match size {
            Size::Wide => (680.0, 112.0, 210.0, PIN + 5.0),
            Size::Strip => (560.0, 40.0, 84.0, PIN + 5.0),
            Size::Narrow => (340.0, 40.0, 170.0, PIN + 22.0),
        };
        let rows = if size == Size::Strip { curve.lanes.len().min(1) } else { curve.lanes.len() };
        let top = number(rows) * row + 14.0;
        let last = curve.points.iter().map(|point| point.turn).max().unwrap_or(1).max(1);
        Self { width, height: top + plot + 40.0, left, top, plot, row, last, size }
    }

    pub(super) fn is_strip(&self) -> bool {
        self.size == Size::Strip
    }

    pub(super) fn right(&self) -> f64 {
        self.width - RIGHT
    }

    pub(super) fn x(&self, point: &Point) -> f64 {
        self.at(point.turn)
    }

    /// Half a marker of room on either side, so that the first and the last fit.
    fn at(&self, turn: usize) -> f64 {
        let from = self.left + PIN / 2.0;
        from + number(turn) / number(self.last) * (self.right() - PIN / 2.0 - from)
    }

    pub(super) fn y(&self, value: f64) -> f64 {
        self.top + (1.0 - value) / 2.0 * self.plot
    }

    pub(super) fn lane_y(&self, row: usize) -> f64 {
        let label = if self.size == Size::Narrow { 17.0 } else { 0.0 };
        2.0 + number(row) * self.row + label
    }

    /// Place and alignment of a lane's name: left of the markers, above them on a phone.
    pub(super) fn lane_label(&self, row: usize) -> LaneName {
        match self.size {
            Size::Wide | Size::Strip => {
                LaneName { x: self.left - 7.0, y: self.lane_y(row) + PIN / 2.0 + 4.5, anchor: "end" }
            }
            Size::Narrow => LaneName { x: 2.0, y: self.lane_y(row) - 5.0, anchor: "start" },
        }
    }

    /// How many markers of that step stand side by side, with room for «+n» after the last.
    pub(super) fn pins_that_fit(&self, step: f64) -> usize {
        let room = self.right() - self.left - step;
        (1..100).take_while(|count| number(*count) * step <= room).last().unwrap_or(1)
    }

    /// The turns that are named below the plot.
    pub(super) fn ticks(&self, curve: &Curve) -> Vec<Tick> {
        let most = if self.size == Size::Narrow { 6 } else { 12 };
        let step = tick_step(self.last, most);
        let time = |turn: usize| curve.points.iter().find(|point| point.turn == turn)?.at_ms;
        (0..=self.last / step)
            .map(|n| n * step)
            .map(|turn| Tick {
                x: self.at(turn),
                turn: turn + 1,
                time: time(turn).map(offset).unwrap_or_default(),
            })
            .collect()
    }
}

/// A turn that is named below the plot.
pub(super) struct Tick {
    pub(super) x: f64,
    /// From 1.
    pub(super) turn: usize,
    pub(super) time: String,
}

/// Where the name of a lane stands.
pub(super) struct LaneName {
    pub(super) x: f64,
    pub(super) y: f64,
    /// `text-anchor` of SVG.
    pub(super) anchor: &'static str,
}

/// The smallest round step that needs at most `most` ticks.
fn tick_step(last: usize, most: usize) -> usize {
    let fits = [1, 2, 5, 10, 20, 50, 100, 200, 500].into_iter().find(|step| last / step < most);
    fits.unwrap_or_else(|| (last / most).max(1))
}

/// `1:05` from milliseconds, `1:02:05` from an hour on.
pub(crate) fn offset(millis: u64) -> String {
    let (hours, minutes, seconds) = (millis / 3_600_000, millis / 60_000 % 60, millis / 1000 % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}

/// Counts here are turns and rows: far below 2^32.
pub(super) fn number(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}
