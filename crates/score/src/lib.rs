//! [`SegmentedContact`](tingxin_text::domain::SegmentedContact) →
//! [`ScoredContact`](tingxin_text::domain::ScoredContact): an emotion for every utterance.

mod cache;
mod catalogue;
mod encoder;
mod engine;
mod files;
mod folder;
mod folder_files;
mod lexicon;
mod model;
mod parameters;
mod scorer;
mod shared;
#[cfg(feature = "rust-bert")]
mod torch;

pub use cache::ScoreCache;
pub use catalogue::{
    DEFAULT_MODEL, ReadingReference, ReferenceSpread, ValenceReliability, forward, load, load_on,
    reading_reference, valence_reliability,
};
pub use encoder::{Forward, Tokenised};
pub use engine::EngineKind;
pub use model::{EmotionModel, ModelError, ModelIdentity, ScoreInput, Voice};
pub use scorer::Scorer;
