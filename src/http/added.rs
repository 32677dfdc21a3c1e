//! What is answered when something was added.

use serde::Serialize;
use uuid::Uuid;

use crate::staff::Power;

/// The key of what was added.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct Added {
    /// The key.
    pub(super) id: Uuid,
    /// What the agreed programme can show; absent for an incident, and where nothing can be said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) power: Option<Power>,
}
