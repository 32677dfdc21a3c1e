//! How large a contact is that was read, for batches of them.

use super::input::Unread;
use crate::ingest::Placed;
pub(super) use crate::sources::Batches;

/// Bytes of text of a contact as it was read.
pub(super) fn read_bytes(item: &Result<Placed, Unread>) -> usize {
    item.as_ref().map_or(0, |placed| placed.contact.body.texts().map(|(_, text)| text.bytes()).sum())
}
