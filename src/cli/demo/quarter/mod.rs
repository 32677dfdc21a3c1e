//! A quarter of a centre that never was: some forty people in eight teams on all channels, with things to find planted in it.

mod assets;
mod cast;
mod chance;
mod compose;
mod day;
mod plan;
mod whole;

pub(super) use day::DayHour;
pub(super) use plan::{OWN_STAFF, outage};
pub(super) use whole::{Quarter, Read};
