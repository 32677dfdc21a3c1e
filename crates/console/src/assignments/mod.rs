//! Distributing the work of reviewers.

mod bulk;
mod claims;
mod view;
mod words;

pub use bulk::ReviewGroupsPage;
pub(crate) use claims::looking;
pub use view::{AssignmentsPage, WorkNotice};
pub(crate) use words::{SpokenOfWork, WorkWords};
