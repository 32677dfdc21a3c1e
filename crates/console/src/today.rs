//! The page of today.

mod map;
mod page;
mod words;

pub use page::TodayPage;

pub use words::SpokenOfToday;
