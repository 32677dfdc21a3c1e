//! Everything that is held about a person, to be handed over.

use sqlx::FromRow;
use uuid::Uuid;

use super::audit::EntryRow;
use super::erase::Erasable;
use super::forget::AnalysisRow;
use super::{
    AuditEntry, ContactRecord, Store, StoreError, User, accounts::UserRow, decode, reading,
    sql_privacy as sql,
};
use tingxin_text::domain::{Analysis, ContactMeasures, ContactRef, StaffId, UtcMillis};

/// One contact with what was made of it.
#[derive(Debug, Clone, PartialEq)]
pub struct HeldContact {
    /// The contact.
    pub record: ContactRecord,
    /// Its numbers, if it has any.
    pub measures: Option<ContactMeasures>,
    /// Every analysis, oldest first; `false` beside the one in force.
    pub analyses: Vec<(Analysis, bool)>,
}

/// The sums of a person in a week.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct HeldSum {
    /// Which week, as [`UtcMillis::week`] counts.
    pub week: i64,
    /// Number of contacts.
    pub contacts: i64,
    /// Sums over contacts as JSON.
    pub body: String,
    /// Sums over turns as JSON.
    pub series: String,
}

#[derive(FromRow)]
struct HeldRow {
    id: Uuid,
    state: String,
    received_at: i64,
    body: String,
    measures: Option<String>,
}

impl Store {
    /// Some contacts of a customer or of a member of staff after a key, in order of their keys. A
    /// single contact has none of its own: it is read by its key.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn held_contacts(
        &self,
        subject: &Erasable,
        after: Option<ContactRef>,
        limit: u32,
    ) -> Result<Vec<HeldContact>, StoreError> {
        let (statement, name) = match subject {
            Erasable::Contact(_) => return Ok(Vec::new()),
            Erasable::Customer(customer) => (sql::TEXTS_OF_CUSTOMER, customer.as_str()),
            Erasable::Staff(staff) => (sql::TEXTS_OF_STAFF, staff.as_str()),
        };
        let after = after.map_or(Uuid::nil(), |after| after.0);
        let rows: Vec<HeldRow> = reading!(self, |pool| {
            sqlx::query_as(statement).bind(name).bind(after).bind(i64::from(limit)).fetch_all(pool).await?
        });
        let mut contacts = Vec::with_capacity(rows.len());
        for row in rows {
            let measures = row.measures.as_deref();
            contacts.push(HeldContact {
                record: ContactRecord {
                    id: ContactRef(row.id),
                    state: decode::text("contacts.state", &row.state)?,
                    received_at: UtcMillis::from_millis(row.received_at),
                    contact: decode::json("contact_bodies.body", &row.body)?,
                },
                measures: measures.map(|body| decode::json("contact_measures.body", body)).transpose()?,
                analyses: self.every_analysis(row.id).await?,
            });
        }
        Ok(contacts)
    }

    async fn every_analysis(&self, contact: Uuid) -> Result<Vec<(Analysis, bool)>, StoreError> {
        let rows: Vec<AnalysisRow> = reading!(self, |pool| {
            sqlx::query_as(sql::BODIES_OF_ANALYSES).bind(contact).fetch_all(pool).await?
        });
        let read =
            |row: AnalysisRow| Ok((decode::json("analyses.body", &row.body)?, row.superseded_at.is_some()));
        rows.into_iter().map(read).collect()
    }

    /// The weekly sums of a person.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn sums_of(&self, staff: &StaffId) -> Result<Vec<HeldSum>, StoreError> {
        Ok(reading!(self, |pool| {
            sqlx::query_as(sql::SUMS_OF_STAFF).bind(staff.as_str()).fetch_all(pool).await?
        }))
    }

    /// Accounts that see a person's results.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn accounts_of(&self, staff: &StaffId) -> Result<Vec<User>, StoreError> {
        let rows: Vec<UserRow> = reading!(self, |pool| {
            sqlx::query_as(sql::ACCOUNTS_OF_STAFF).bind(staff.as_str()).fetch_all(pool).await?
        });
        rows.into_iter().map(User::try_from).collect()
    }

    /// Some entries of the audit log after a position that one actor made, oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn audit_by(&self, actor: &str, after: i64, limit: u32) -> Result<Vec<AuditEntry>, StoreError> {
        let rows: Vec<EntryRow> = reading!(self, |pool| {
            sqlx::query_as(sql::AUDIT_BY_ACTOR)
                .bind(actor)
                .bind(after)
                .bind(i64::from(limit))
                .fetch_all(pool)
                .await?
        });
        rows.into_iter().map(AuditEntry::try_from).collect()
    }
}
