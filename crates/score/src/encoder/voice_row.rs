//! How the training numbered the voices.

use crate::Voice;

/// The row of the type embeddings, and of the temperatures, that the training used for a voice.
pub(crate) const fn voice_row(voice: Voice) -> usize {
    match voice {
        Voice::Customer => 0,
        Voice::Agent => 1,
        Voice::Report => 2,
        Voice::CustomerAloud => 3,
        Voice::AgentAloud => 4,
    }
}
