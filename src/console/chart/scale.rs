//! From turns, seconds and valence to places in the drawing.

use super::{Curve, PIN, Point, Size};

/// What runs from left to right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Axis {
    /// Milliseconds up to the last turn's start.
    Time(u64),
    /// Turns up to the last index.
    Turns(usize),
}

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
    axis: Axis,
    size: Size,
}

/// Space right of the last turn, half a marker wide.
const RIGHT: f64 = 16.0;

impl Scale {
    pub(super) fn new(curve: &Curve, size: Size) -> Self {
        let (width, left, plot, row) = match size {
            Size::Wide => (680.0, 112.0, 210.0, PIN + 5.0),
            Size::Narrow => (340.0, 40.0, 170.0, PIN + 22.0),
        };
        let top = number(curve.lanes.len()) * row + 14.0;
        Self { width, height: top + plot + 26.0, left, top, plot, row, axis: curve.axis(), size }
    }

    pub(super) fn right(&self) -> f64 {
        self.width - RIGHT
    }

    pub(super) fn x(&self, point: &Point) -> f64 {
        let share = match self.axis {
            Axis::Time(last) => millis(point.at_ms.unwrap_or_default()) / millis(last),
            Axis::Turns(last) => number(point.turn) / number(last),
        };
        self.at(share)
    }

    /// Half a marker of room on either side, so that the first and the last fit.
    fn at(&self, share: f64) -> f64 {
        let from = self.left + PIN / 2.0;
        from + share * (self.right() - PIN / 2.0 - from)
    }

    pub(super) fn y(&self, value: f64) -> f64 {
        self.top + (1.0 - value) / 2.0 * self.plot
    }

    pub(super) fn lane_y(&self, row: usize) -> f64 {
        let label = if self.size == Size::Narrow { 17.0 } else { 0.0 };
        2.0 + number(row) * self.row + label
    }

    /// Place and alignment of a lane's name: left of the markers, above them on a phone.
    pub(super) fn lane_label(&self, row: usize) -> (f64, f64, &'static str) {
        match self.size {
            Size::Wide => (self.left - 7.0, self.lane_y(row) + PIN / 2.0 + 4.5, "end"),
            Size::Narrow => (2.0, self.lane_y(row) - 5.0, "start"),
        }
    }

    /// How many markers of that step stand side by side, with room for «+n» after the last.
    pub(super) fn pins_that_fit(&self, step: f64) -> usize {
        let room = self.right() - self.left - step;
        (1..100).take_while(|count| number(*count) * step <= room).last().unwrap_or(1)
    }

    /// Places and texts of the ticks.
    pub(super) fn ticks(&self) -> Vec<(f64, String)> {
        let most = if self.size == Size::Wide { 8 } else { 5 };
        match self.axis {
            Axis::Time(last) => {
                let seconds = usize::try_from(last / 1000).unwrap_or(usize::MAX);
                const STEPS: &[usize] = &[5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21600];
                let step = step(STEPS, seconds, most);
                (0..=seconds / step)
                    .map(|n| n * step)
                    .map(|s| (self.at(number(s) * 1000.0 / millis(last)), clock(s)))
                    .collect()
            }
            Axis::Turns(last) => {
                let step = step(&[1, 2, 5, 10, 20, 50, 100, 200, 500], last, most);
                (0..=last / step)
                    .map(|n| n * step)
                    .map(|turn| (self.at(number(turn) / number(last)), (turn + 1).to_string()))
                    .collect()
            }
        }
    }
}

/// The smallest step that needs at most `most` ticks.
fn step(steps: &[usize], last: usize, most: usize) -> usize {
    let fits = steps.iter().copied().find(|step| last / step < most);
    fits.unwrap_or_else(|| (last / most).max(1))
}

/// `1:05`, or `1:02:05` from an hour on.
pub(in crate::console) fn clock(seconds: usize) -> String {
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}

/// Counts here are turns and rows: far below 2^32.
pub(super) fn number(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

/// 2^32 milliseconds are 49 days; no contact lasts as long.
fn millis(value: u64) -> f64 {
    f64::from(u32::try_from(value).unwrap_or(u32::MAX))
}
