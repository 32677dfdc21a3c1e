//! What a forward pass is given.

/// One sequence of a batch.
#[derive(Debug, Clone)]
pub(crate) struct Sequence {
    /// Token numbers, with the special ones.
    pub(crate) ids: Vec<u32>,
    /// Row of the type embeddings: whose words they are.
    pub(crate) voice: usize,
}
