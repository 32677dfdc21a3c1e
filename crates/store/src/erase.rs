//! Erasing a contact, a customer or a member of staff.
//!
//! Everything that hangs on a contact goes with its row; the sums that held it are marked, so that
//! they are computed anew without it. A member of staff is taken off the contacts, which stay: they
//! are the customers', too. What a legal hold names stays as it is.

use sqlx::FromRow;
use uuid::Uuid;

use super::forget::{Changed, rewrite};
use super::index::index_text;
use super::scrub::due;
use super::sql_statistics::WEEKS_BEFORE;
use super::{
    Store, StoreError, decode, reading, sql_appeals, sql_care, sql_cases, sql_coaching, sql_hooks,
    sql_privacy, sql_queue, sql_search, sql_statistics, writing,
};
use tingxin_text::domain::{ContactRef, CustomerPseudonym, StaffId, UtcMillis};

/// Contacts of one transaction: few enough that no writer waits long.
pub(super) const BATCH: i64 = 100;

/// Who or what is erased.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Erasable {
    /// One contact.
    Contact(ContactRef),
    /// Every contact of a customer.
    Customer(CustomerPseudonym),
    /// A member of staff: the work number, the sums, the coaching, not the contacts.
    Staff(StaffId),
}

/// How much there is of somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Extent {
    /// Contacts.
    pub contacts: u64,
    /// Those of them that a legal hold keeps.
    pub held: u64,
}

#[derive(FromRow)]
struct ExtentRow {
    contacts: i64,
    held: i64,
}

/// A contact that may go.
#[derive(FromRow)]
pub(super) struct FoundContact {
    pub(super) id: Uuid,
    source: String,
    pub(super) contact_id: String,
}

#[derive(FromRow)]
struct AnswerRow {
    caller: String,
    idempotency_key: String,
}

/// Puts a batch into the lock order of the store, see `queue.rs`.
pub(super) fn ordered(mut found: Vec<FoundContact>) -> Vec<FoundContact> {
    found.sort_by(|a, b| (&a.source, &a.contact_id).cmp(&(&b.source, &b.contact_id)));
    found
}

/// Binds what a subject is found by.
macro_rules! of {
    ($subject:expr, $contact:expr, $customer:expr, $staff:expr, |$query:ident| $rest:expr) => {
        match $subject {
            Erasable::Contact(id) => {
                let $query = sqlx::query_as($contact).bind(id.0);
                $rest
            }
            Erasable::Customer(customer) => {
                let $query = sqlx::query_as($customer).bind(customer.as_str());
                $rest
            }
            Erasable::Staff(staff) => {
                let $query = sqlx::query_as($staff).bind(staff.as_str());
                $rest
            }
        }
    };
}

/// Locks a contact in its place of the lock order and marks the sums that hold it.
macro_rules! lock_and_mark {
    ($tx:ident, $id:ident) => {
        sqlx::query(sql_queue::LOCK_CONTACT).bind($id).execute(&mut *$tx).await?;
        sqlx::query(sql_statistics::MARK_CONTACT).bind($id).bind(WEEKS_BEFORE).execute(&mut *$tx).await?;
    };
}

impl Store {
    /// How much there is of somebody, and how much of it must stay.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn extent(&self, subject: &Erasable) -> Result<Extent, StoreError> {
        let (contact, customer, staff) =
            (sql_privacy::COUNT_OF_CONTACT, sql_privacy::COUNT_OF_CUSTOMER, sql_privacy::COUNT_OF_STAFF);
        let row: ExtentRow = reading!(self, |pool| {
            of!(subject, contact, customer, staff, |query| query.fetch_one(pool).await?)
        });
        let count = |value| decode::number("contacts", value);
        Ok(Extent { contacts: count(row.contacts)?, held: count(row.held)? })
    }

    /// Erases somebody; how many contacts were erased, or had their work number taken off. Safe to
    /// repeat: what was broken off goes on where it stood.
    ///
    /// # Errors
    /// [`StoreError`]; what was done until then stays done.
    pub async fn erase(&self, subject: &Erasable, now: UtcMillis) -> Result<u64, StoreError> {
        let (contact, customer, staff) =
            (sql_privacy::FIND_OF_CONTACT, sql_privacy::FIND_OF_CUSTOMER, sql_privacy::FIND_OF_STAFF);
        let mut erased = 0;
        loop {
            let found: Vec<FoundContact> = reading!(self, |pool| {
                of!(subject, contact, customer, staff, |query| query.bind(BATCH).fetch_all(pool).await?)
            });
            if found.is_empty() {
                break;
            }
            let found = ordered(found);
            self.forget_answers(&found).await?;
            erased += match subject {
                Erasable::Contact(_) | Erasable::Customer(_) => self.erase_contacts(&found, now).await?,
                Erasable::Staff(number) => self.take_off(&found, number, now).await?,
            };
        }
        if let Erasable::Staff(number) = subject {
            self.erase_person(number, now).await?;
        }
        Ok(erased)
    }

    /// Forgets answers that a repeated request would get again: one that waited for its analysis
    /// holds the text.
    async fn forget_answers(&self, found: &[FoundContact]) -> Result<(), StoreError> {
        for FoundContact { id, contact_id, .. } in found {
            let named = format!("\"contact_id\":{}", decode::to_json("idempotency_keys.answer", contact_id)?);
            // Found while nobody is kept from writing: the table is read from end to end.
            let answers: Vec<AnswerRow> = reading!(self, |pool| {
                sqlx::query_as(sql_privacy::FIND_ANSWERS)
                    .bind(&named)
                    .bind(id.to_string())
                    .fetch_all(pool)
                    .await?
            });
            if answers.is_empty() {
                continue;
            }
            writing!(self, |tx| {
                for AnswerRow { caller, idempotency_key } in &answers {
                    sqlx::query(sql_privacy::DROP_ANSWER)
                        .bind(caller)
                        .bind(idempotency_key)
                        .execute(&mut *tx)
                        .await?;
                }
            });
        }
        Ok(())
    }

    /// Erases contacts whole, and marks the sums that held them.
    async fn erase_contacts(&self, found: &[FoundContact], now: UtcMillis) -> Result<u64, StoreError> {
        Ok(writing!(self, |tx| {
            let mut erased = 0;
            for FoundContact { id, .. } in found {
                lock_and_mark!(tx, id);
                erased +=
                    sqlx::query(sql_privacy::ERASE_CONTACT).bind(id).execute(&mut *tx).await?.rows_affected();
            }
            due!(tx, now);
            erased
        }))
    }

    /// Takes a work number off contacts, also where it is said.
    async fn take_off(
        &self,
        found: &[FoundContact],
        number: &StaffId,
        now: UtcMillis,
    ) -> Result<u64, StoreError> {
        let of_contact = |contact: &mut tingxin_text::domain::RedactedContact| {
            contact.forget_staff(number);
            Changed::Yes
        };
        let of_analysis =
            |analysis: &mut tingxin_text::domain::Analysis| Changed::when(analysis.forget_staff(number));
        let of_flag = |flag: &mut tingxin_text::domain::Flag| Changed::when(flag.forget_staff(number));
        let dialect = self.dialect();
        Ok(writing!(self, |tx| {
            let mut done = 0;
            for FoundContact { id, .. } in found {
                lock_and_mark!(tx, id);
                let taken =
                    sqlx::query(sql_privacy::ERASE_STAFF).bind(id).execute(&mut *tx).await?.rows_affected();
                if taken > 0 {
                    sqlx::query(sql_appeals::DROP_ACKNOWLEDGEMENTS).bind(id).execute(&mut *tx).await?;
                    // Who is analysing the old text at this moment must not store what quotes the number.
                    sqlx::query(sql_privacy::OVERTAKE_JOB).bind(id).execute(&mut *tx).await?;
                    rewrite!(tx, id, of_contact, of_analysis, of_flag);
                    index_text!(tx, dialect, id);
                    done += 1;
                }
            }
            due!(tx, now);
            done
        }))
    }

    /// Forgets what is kept about a member of staff beside contacts.
    async fn erase_person(&self, number: &StaffId, now: UtcMillis) -> Result<(), StoreError> {
        writing!(self, |tx| {
            for statement in [
                sql_privacy::DROP_SUMS_OF_STAFF,
                sql_privacy::DROP_MARKS_OF_STAFF,
                sql_privacy::DROP_COACHING_OF_STAFF,
                sql_appeals::DROP_APPEALS_OF_STAFF,
                sql_appeals::DROP_ASKED_OF_STAFF,
                sql_privacy::UNLINK_STAFF,
                sql_care::DROP_CARE_OF_STAFF,
                sql_coaching::UNNAME_STAFF,
                sql_search::DROP_VIEWS_NAMING,
                sql_cases::DROP_CASE_WORDS_NAMING,
                sql_hooks::DROP_REQUESTS_OF_STAFF,
            ] {
                sqlx::query(statement).bind(number.as_str()).execute(&mut *tx).await?;
            }
            due!(tx, now);
        });
        Ok(())
    }
}
