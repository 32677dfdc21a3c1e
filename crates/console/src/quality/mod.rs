//! The random sample, the rules, and rates that are corrected by it.

mod alpha;
mod calibrations;
mod percent;
mod rates;
mod reading;
mod rules;
mod samples;
#[cfg(test)]
mod tests;
mod thresholds;
mod words;

pub use calibrations::{CalibrationNotice, CalibrationPage, CalibrationsPage, LedSessions};
pub(crate) use percent::with_interval;
pub use rates::RateTable;
pub use reading::{ReadTask, SampleInput, SamplePage};
pub use rules::RulesPage;
pub use samples::SamplesPage;
pub use thresholds::{ThresholdNotice, ThresholdPage};
