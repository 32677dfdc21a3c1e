//! The random sample, the rules, and rates that are corrected by it.

mod percent;
mod rates;
mod reading;
mod rules;
mod samples;
#[cfg(test)]
mod tests;
mod words;

pub(crate) use percent::with_interval;
pub use rates::RateTable;
pub use reading::{SampleInput, SamplePage};
pub use rules::RulesPage;
pub use samples::SamplesPage;
