//! Indexing the contacts that an earlier release has left without an index.

use sqlx::FromRow;
use uuid::Uuid;

use super::erase::{FoundContact, ordered};
use super::index::{index, share_of_scale, thousandths, words};
use super::search_words::ContactWords;
use super::{Store, StoreError, decode, reading, sql_queue, sql_search, writing};
use tingxin_text::domain::{RedactedContact, Satisfaction};

/// Contacts that are looked at, at once.
const LOOK: i64 = 2_000;

/// Contacts that are filled in by one transaction: few enough that no writer waits long.
const FILL: usize = 50;

#[derive(FromRow)]
struct UnindexedRow {
    #[sqlx(flatten)]
    contact: FoundContact,
    waits: bool,
}

#[derive(FromRow)]
struct ToIndexRow {
    body: String,
    analysis: Option<String>,
}

/// What an analysis says about satisfaction, without the rest of it.
#[derive(serde::Deserialize)]
struct KnownSatisfaction {
    #[serde(default)]
    satisfaction: Option<Satisfaction>,
}

/// What a contact of an earlier release lacks.
struct Filling {
    words: ContactWords,
    survey: Option<i64>,
    dissatisfied: Option<i64>,
}

impl From<ToIndexRow> for Filling {
    fn from(row: ToIndexRow) -> Self {
        // What cannot be read is not found by its words; it keeps nobody from finding the others.
        let contact = decode::json::<RedactedContact>("contact_bodies.body", &row.body).ok();
        let analysis =
            row.analysis.and_then(|body| decode::json::<KnownSatisfaction>("analyses.body", &body).ok());
        Self {
            words: contact.as_ref().map(words).unwrap_or_default(),
            survey: contact.and_then(|contact| contact.header.survey).map(share_of_scale),
            dissatisfied: analysis
                .and_then(|analysis| analysis.satisfaction)
                .map(|expected| thousandths(expected.dissatisfied)),
        }
    }
}

impl Store {
    /// Indexes the contacts that an earlier release has left without an index, in small transactions; how many. Safe to break off
    /// and to repeat: what is indexed already is passed over.
    ///
    /// # Errors
    /// [`StoreError`]; what was indexed until then stays.
    pub async fn fill_index(&self) -> Result<u64, StoreError> {
        let mut filled = 0;
        let mut after = Uuid::nil();
        loop {
            let rows: Vec<UnindexedRow> = reading!(self, |db| {
                sqlx::query_as(sql_search::UNINDEXED).bind(after).bind(LOOK).fetch_all(db).await?
            });
            let Some(last) = rows.last() else { return Ok(filled) };
            after = last.contact.id;
            let waiting: Vec<FoundContact> =
                rows.into_iter().filter(|row| row.waits).map(|row| row.contact).collect();
            let mut waiting = waiting.into_iter().peekable();
            while waiting.peek().is_some() {
                filled += self.fill(ordered(waiting.by_ref().take(FILL).collect())).await?;
                // Whoever waits for the one writer comes first.
                tokio::task::yield_now().await;
            }
        }
    }

    async fn fill(&self, found: Vec<FoundContact>) -> Result<u64, StoreError> {
        let dialect = self.dialect();
        Ok(writing!(self, |tx| {
            let mut filled = 0;
            for FoundContact { id, .. } in &found {
                sqlx::query(sql_queue::LOCK_CONTACT).bind(id).execute(&mut *tx).await?;
                let row: Option<ToIndexRow> =
                    sqlx::query_as(sql_search::TO_INDEX).bind(id).fetch_optional(&mut *tx).await?;
                // Somebody else was quicker, or it is queued again.
                let Some(row) = row else { continue };
                let Filling { words, survey, dissatisfied } = Filling::from(row);
                sqlx::query(sql_search::SET_FACTS)
                    .bind(id)
                    .bind(survey)
                    .bind(dissatisfied)
                    .execute(&mut *tx)
                    .await?;
                index!(tx, dialect, *id, &words);
                filled += 1;
            }
            filled
        }))
    }
}
