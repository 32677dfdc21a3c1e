//! Distributing the work of reviewers.

mod view;
mod words;

pub use view::{AssignmentsPage, WorkNotice};
pub(crate) use words::{SpokenOfWork, WorkWords};
