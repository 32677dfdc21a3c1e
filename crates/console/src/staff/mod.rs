//! Pages about staff, teams and signals: view models in which every number has become words.
//!
//! What may be shown is decided in `staff` and `statistics`; here nothing is compared with a
//! threshold of its own.

mod coaching;
mod effects;
mod figure;
mod form;
mod load;
mod matrix;
mod numbers;
mod outside;
mod person;
mod power;
mod reading;
mod signals;
mod teams;
#[cfg(test)]
mod tests;
mod waiting;
mod words;

pub use coaching::{CoachingInput, CoachingPage};
pub use numbers::NumbersPage;
pub use outside::asked_notice;
pub use person::{PersonInput, PersonOfPage, PersonPage};
pub use signals::{SignalsInput, SignalsPage};
pub use teams::{IncidentTyped, TeamsInput, TeamsPage};
