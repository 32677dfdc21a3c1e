//! The mood of a contact as a picture, drawn as SVG without a library or a script.
//!
//! Straight lines join what was measured; a smooth curve would show values that nobody measured.
//! Turns stand at equal distances: by time, one long wait on hold would squeeze all others
//! together. Their times stand below them. Where a turn was not scored the line breaks. Shapes and
//! dashes tell the speakers apart, so that the picture can be read without its colours. Colours
//! come from the style sheet.

mod curve;
mod days;
mod draw;
mod forest;
mod funnel;
mod matrix;
mod plot;
mod scale;
mod spark;
mod svg;

pub use curve::{Curve, FlagMarkers, Point};
pub(super) use days::{Control, Days};
pub(super) use forest::{Forest, ForestRow, ForestSides};
pub(super) use funnel::{Bounds, Dot, FunnelPlot, Mark, grid};
pub(super) use matrix::{SkillWillMatrix, Spot};
pub(super) use plot::{Drawing, DrawingWords};
pub(super) use scale::offset;
pub use spark::spark;
pub use svg::{Size, Svg, escape, signed};

#[cfg(test)]
mod tests;
