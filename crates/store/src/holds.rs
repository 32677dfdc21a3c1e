//! Legal holds: what neither a period nor an erasure removes.

use sqlx::FromRow;
use uuid::Uuid;

use super::{Store, StoreError, decode, execute, reading, sql, sql_privacy};
use tingxin_text::domain::{ContactId, ContactRef, CustomerPseudonym, RedactedText, SourceId, UtcMillis};

/// What is held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Held {
    /// One contact.
    Contact(ContactRef),
    /// Every contact of a customer, also those to come.
    Customer(CustomerPseudonym),
}

/// A hold in force.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LegalHold {
    /// Our key.
    pub id: Uuid,
    /// Identity of the contact; `None` for a customer.
    pub contact: Option<(SourceId, ContactId)>,
    /// Pseudonym of the customer; `None` for a contact.
    pub customer: Option<String>,
    /// Why.
    pub note: String,
    /// Who says so.
    pub placed_by: String,
    /// Since when.
    pub placed_at: UtcMillis,
}

#[derive(FromRow)]
struct HoldRow {
    id: Uuid,
    customer: Option<String>,
    note: String,
    placed_by: String,
    placed_at: i64,
    source: Option<String>,
    contact_id: Option<String>,
}

impl TryFrom<HoldRow> for LegalHold {
    type Error = StoreError;

    fn try_from(row: HoldRow) -> Result<Self, StoreError> {
        let source: Option<SourceId> = decode::optional("contacts.source", row.source.as_deref())?;
        let contact = decode::optional("contacts.contact_id", row.contact_id.as_deref())?;
        Ok(Self {
            id: row.id,
            contact: source.zip(contact),
            customer: row.customer,
            note: row.note,
            placed_by: row.placed_by,
            placed_at: UtcMillis::from_millis(row.placed_at),
        })
    }
}

#[derive(FromRow)]
struct PresentRow {
    id: Uuid,
}

impl Store {
    /// The key of a contact that is known by its identity.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn find_contact(
        &self,
        source: &SourceId,
        contact: &ContactId,
    ) -> Result<Option<ContactRef>, StoreError> {
        let row: Option<PresentRow> = reading!(self, |pool| {
            sqlx::query_as(sql::FIND_CONTACT)
                .bind(source.as_str())
                .bind(contact.as_str())
                .fetch_optional(pool)
                .await?
        });
        Ok(row.map(|row| ContactRef(row.id)))
    }

    /// Places a hold; its key, or `None` when there is one already.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn place_hold(
        &self,
        held: &Held,
        note: &RedactedText,
        by: &str,
        now: UtcMillis,
    ) -> Result<Option<Uuid>, StoreError> {
        let id = Uuid::now_v7();
        let (contact, customer) = match held {
            Held::Contact(contact) => (Some(contact.0), None),
            Held::Customer(customer) => (None, Some(customer.as_str())),
        };
        let placed =
            execute!(self, sql_privacy::ADD_HOLD, id, contact, customer, note.as_str(), by, now.as_millis());
        Ok((placed > 0).then_some(id))
    }

    /// Ends a hold; `false` when there is none.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn release_hold(&self, id: Uuid) -> Result<bool, StoreError> {
        Ok(execute!(self, sql_privacy::DROP_HOLD, id) > 0)
    }

    /// Every hold in force, latest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn legal_holds(&self) -> Result<Vec<LegalHold>, StoreError> {
        let rows: Vec<HoldRow> =
            reading!(self, |pool| sqlx::query_as(sql_privacy::HOLDS).fetch_all(pool).await?);
        rows.into_iter().map(LegalHold::try_from).collect()
    }
}
