//! Searching contacts: by words, by what is known of them, by flags and verdicts; newest, oldest or least satisfied first.
//!
//! What the index holds narrows the search before anything is looked up: words and marks in one query. Whatever else is asked is then
//! compared for the rows that come out of it. A total is counted no further than [`BoundedCount::MOST`].

use std::collections::HashMap;

use sqlx::FromRow;
use uuid::Uuid;

use super::list::{self, Value, among};
use super::reads::SummaryRow;
use super::search_asked::{BoundedCount, ContactSearch};
use super::search_query::{SqlPiece, Statement};
use super::{ContactSummary, Cursor, Page, Store, StoreError, decode, reading, sql_search as sql};
use tingxin_text::domain::{ContactRef, RedactedContact};

/// A contact that was found.
#[derive(Debug, Clone, PartialEq)]
pub struct ContactFound {
    /// The contact.
    pub contact: ContactSummary,
    /// What the customer answered, in thousandths of the scale.
    pub survey: Option<u16>,
    /// Probability that the customer was dissatisfied, in thousandths.
    pub dissatisfied: Option<u16>,
}

#[derive(FromRow)]
struct FoundRow {
    #[sqlx(flatten)]
    contact: SummaryRow,
    survey: Option<i64>,
    dissatisfied: Option<i64>,
    sort: i64,
}

#[derive(FromRow)]
struct TextRow {
    contact: Uuid,
    body: String,
}

impl TryFrom<FoundRow> for ContactFound {
    type Error = StoreError;

    fn try_from(row: FoundRow) -> Result<Self, StoreError> {
        let share = |value: Option<i64>| value.map(|value| decode::number("contacts", value)).transpose();
        Ok(Self {
            survey: share(row.survey)?,
            dissatisfied: share(row.dissatisfied)?,
            contact: row.contact.try_into()?,
        })
    }
}

/// Puts a statement together for either database.
macro_rules! built {
    ($db:ident, $pieces:expr) => {{
        let mut query = sqlx::QueryBuilder::<$db>::new("");
        for piece in $pieces {
            match piece {
                SqlPiece::Sql(sql) => query.push(sql),
                SqlPiece::Bind(Value::Number(number)) => query.push_bind(number),
                SqlPiece::Bind(Value::Text(text)) => query.push_bind(text),
                SqlPiece::Bind(Value::Key(key)) => query.push_bind(key),
            };
        }
        query
    }};
}

impl Store {
    /// Contacts that are looked for.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn search(
        &self,
        search: &ContactSearch,
        after: Option<&Cursor>,
        limit: u32,
    ) -> Result<Page<ContactFound>, StoreError> {
        let Statement { pieces, .. } = search.list(self.dialect(), after, limit);
        let rows: Vec<FoundRow> =
            reading!(self, |db: Db| { built!(Db, pieces).build_query_as::<FoundRow>().fetch_all(db).await? });
        list::page(rows, limit, |row| (row.sort, row.contact.id), TryInto::try_into)
    }

    /// How many contacts a search finds, up to [`BoundedCount::MOST`].
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn search_total(&self, search: &ContactSearch) -> Result<BoundedCount, StoreError> {
        let Statement { pieces, .. } = search.count(self.dialect());
        let (counted,): (i64,) =
            reading!(self, |db: Db| { built!(Db, pieces).build_query_as().fetch_one(db).await? });
        BoundedCount::of(counted)
    }

    /// The redacted texts of some contacts. One that cannot be read is left out.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn texts_of(
        &self,
        contacts: &[ContactRef],
    ) -> Result<HashMap<ContactRef, RedactedContact>, StoreError> {
        if contacts.is_empty() {
            return Ok(HashMap::new());
        }
        let keys: Vec<Uuid> = contacts.iter().map(|contact| contact.0).collect();
        let rows: Vec<TextRow> = among!(self, TextRow, sql::TEXTS, "b.contact", &keys, "");
        let read = |row: TextRow| {
            let contact = decode::json("contact_bodies.body", &row.body).ok()?;
            Some((ContactRef(row.contact), contact))
        };
        Ok(rows.into_iter().filter_map(read).collect())
    }
}
