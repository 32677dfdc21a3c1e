//! The people of the demo who have already worked: reviewers, a trainer, a supervisor, staff.

use std::collections::HashMap;

use tokio::sync::OnceCell;

use super::super::error::CliError;
use crate::domain::{ContactRef, RawText, RedactedText, Role, StaffId, UtcMillis};
use crate::redact::Redactor;
use crate::store::{Actor, ContactFilter, FlagFilter, FlagRow, Store};

use super::quarter::{Quarter, Read};

/// Rows asked for at once.
const PAGE: u32 = 200;

/// Two who have reviewed for weeks. They are nobody's account: whoever tries the demo out may decide appeals against them.
pub(super) const REVIEWERS: [&str; 2] = ["user:zhijian-jia", "user:zhijian-yi"];

/// Whoever writes down what people of the demo did, and when.
pub(super) struct People {
    pub(super) store: Store,
    /// Takes personal data out of what they wrote.
    pub(super) redactor: Redactor,
    /// Nothing is later.
    pub(super) now: UtcMillis,
    /// What is to be found in every contact; put together once.
    read: OnceCell<HashMap<ContactRef, Read>>,
}

impl People {
    /// The people of a database.
    pub(super) fn new(store: Store, redactor: Redactor, now: UtcMillis) -> Self {
        Self { store, redactor, now, read: OnceCell::new() }
    }

    /// What somebody wrote.
    pub(super) fn words(&self, text: &str) -> RedactedText {
        self.redactor.remark(&RawText::new(text.to_owned()))
    }

    /// A moment so many hours after another, and not in the future.
    pub(super) fn later(&self, at: UtcMillis, hours: i64) -> UtcMillis {
        at.plus_millis(hours * 3_600_000).min(self.now)
    }

    /// Every flag that was raised.
    pub(super) async fn flags(&self) -> Result<Vec<FlagRow>, CliError> {
        let (filter, mut flags, mut after) = (FlagFilter::default(), Vec::new(), None);
        loop {
            let page = self.store.flags(&filter, after.as_ref(), PAGE).await.map_err(CliError::failure)?;
            flags.extend(page.items);
            match page.next {
                Some(next) => after = Some(next),
                None => return Ok(flags),
            }
        }
    }

    /// What is to be found in every contact.
    pub(super) async fn contacts(&self, quarter: &Quarter) -> Result<&HashMap<ContactRef, Read>, CliError> {
        self.read.get_or_try_init(|| self.read_all(quarter)).await
    }

    async fn read_all(&self, quarter: &Quarter) -> Result<HashMap<ContactRef, Read>, CliError> {
        let (filter, mut contacts, mut after) = (ContactFilter::default(), HashMap::new(), None);
        loop {
            let page = self.store.contacts(&filter, after.as_ref(), PAGE).await.map_err(CliError::failure)?;
            let read = page.items.iter().filter_map(|one| Some((one.id, quarter.read(&one.contact_id)?)));
            contacts.extend(read);
            match page.next {
                Some(next) => after = Some(next),
                None => return Ok(contacts),
            }
        }
    }
}

/// Somebody with an account or who had one.
pub(super) fn actor(name: &str, role: Role) -> Actor {
    Actor::here(name, Some(role))
}

/// A work number.
pub(super) fn staff(number: &str) -> Result<StaffId, CliError> {
    StaffId::new(number).map_err(CliError::failure)
}
