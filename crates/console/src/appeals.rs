//! Appeals as pages show them: to the person, to the lead of the team, to the second reviewer.

mod notice;
mod own;
mod queue;
mod view;
mod words;

pub use notice::AppealNotice;
pub use own::{OwnContactInput, OwnContactPage, OwnLine};
pub use queue::{AppealChoice, AppealsInput, AppealsPage};
pub use words::SpokenOfAppeals;

pub(crate) use view::AppealView;
pub(crate) use words::AppealWords;
