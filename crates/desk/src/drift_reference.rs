//! What is known of a model's readings before anybody uses it.

use tingxin_statistics::drift::ReadingSpread;

/// How readings of customers were spread where the model was measured: spoken words, and written ones.
#[derive(Debug, Clone, PartialEq)]
pub struct DriftReference {
    /// Channels whose words come from a recogniser.
    pub spoken: ReadingSpread,
    /// All others.
    pub written: ReadingSpread,
}
