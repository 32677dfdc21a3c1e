//! To whom events and alerts are sent, and the bell.

mod pages;
mod words;

pub use pages::{BellPage, HooksPage};
pub use words::{HookWords, SpokenOfHooks};
