//! Who looks at what.

use tingxin_store::ReviewClaim;
use tingxin_text::domain::ContactRef;

/// Who else looks at a contact.
pub(crate) fn looking(claims: &[ReviewClaim], contact: ContactRef) -> Option<&str> {
    claims.iter().find(|claim| claim.contact == contact).map(|claim| claim.account.as_str())
}
