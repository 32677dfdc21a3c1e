//! Appeals as pages show them: to the person, to the lead of the team, to the second reviewer.

mod own;
mod queue;
mod words;

pub use own::{OwnContactInput, OwnContactPage, OwnLine};
pub use queue::{AppealChoice, AppealsInput, AppealsPage};
pub use words::{AppealNotice, SpokenOfAppeals};

pub(crate) use queue::AppealView;
pub(crate) use words::AppealWords;
