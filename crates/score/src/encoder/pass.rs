//! The forward pass behind two small traits, so that token numbers, heads and evidence are the same
//! on every engine.

use std::sync::Arc;

use super::forward::Workspace;
use super::sequence::Sequence;
use super::weights::Weights;

/// The parameters of a forward pass; all threads of a process share them.
pub(crate) trait Parameters: Send + Sync {
    /// A forward pass for one thread.
    fn pass(&self) -> Result<Box<dyn Pass>, String>;
}

/// Computes the final states of sequences.
pub(crate) trait Pass: Send {
    /// Final states of all tokens, one row after the other in the order of the sequences. The
    /// states of a sequence depend on it alone: in any company they have the same bits.
    fn run(&mut self, batch: &[Sequence]) -> Result<&[f32], String>;

    /// For every token of the sequences `chosen` of the batch that was run last: how far it moved
    /// the final states in a direction.
    fn relevance(
        &mut self,
        batch: &[Sequence],
        chosen: &[usize],
        direction: &[f32],
    ) -> Result<Vec<f32>, String>;
}

impl Parameters for Arc<Weights> {
    fn pass(&self) -> Result<Box<dyn Pass>, String> {
        Ok(Box::new(EmbeddedPass::new(self)?))
    }
}

/// Our own forward pass.
pub(crate) struct EmbeddedPass {
    weights: Arc<Weights>,
    workspace: Workspace,
}

impl EmbeddedPass {
    pub(crate) fn new(weights: &Arc<Weights>) -> Result<Self, String> {
        Ok(Self { workspace: Workspace::new(weights)?, weights: Arc::clone(weights) })
    }
}

impl Pass for EmbeddedPass {
    fn run(&mut self, batch: &[Sequence]) -> Result<&[f32], String> {
        Ok(self.workspace.run(&self.weights, batch))
    }

    fn relevance(
        &mut self,
        batch: &[Sequence],
        chosen: &[usize],
        direction: &[f32],
    ) -> Result<Vec<f32>, String> {
        Ok(self.workspace.relevance(&self.weights, batch, chosen, direction))
    }
}
