//! Copies: tables at once, words of contacts after a second person has approved it.

mod pages;
mod words;

pub use pages::ExportsPage;
pub use words::{ExportWords, SpokenOfExports};
