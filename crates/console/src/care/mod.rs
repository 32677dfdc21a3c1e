//! Care after abuse, and good examples to learn from.

mod learning;
mod tasks;
mod words;

pub use learning::LearningPage;
pub use tasks::CarePage;
pub use words::{CareWords, SpokenOfCare};
