//! Distributing the work of reviewers.

mod bulk;
mod view;
mod words;

pub use bulk::ReviewGroupsPage;
pub use view::{AssignmentsPage, WorkNotice};
pub(crate) use words::{SpokenOfWork, WorkWords};
