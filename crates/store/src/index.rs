//! Keeping the index of words: written with the analysis, in its transaction.
//!
//! A contact is found by its words from the moment at which it can be judged. A newer revision takes the old words away when it comes
//! in, an erasure when it erases, a period when the words go. What earlier releases left is filled in by [`Store::fill_index`].

use sqlx::FromRow;
use uuid::Uuid;

use super::erase::{FoundContact, ordered};
use super::search_words::{ContactWords, Dialect, Mark};
use super::{Store, StoreError, decode, reading, sql_queue, sql_search, writing};
use tingxin_text::domain::{RedactedContact, Satisfaction, Survey, UtcMillis};

/// Contacts that are looked at, at once.
const LOOK: i64 = 2_000;

/// Contacts that are filled in by one transaction: few enough that no writer waits long.
const FILL: usize = 50;

/// Numbers that one second leaves for its contacts.
const OF_SECOND: i64 = 1 << 25;

/// The first place of the second of a moment.
pub(super) const fn place_of(at: UtcMillis) -> i64 {
    at.as_millis().div_euclid(1000).saturating_mul(OF_SECOND)
}

/// What a contact is marked with, and its moment.
#[derive(Debug, Clone, FromRow)]
pub(super) struct MarksRow {
    channel: String,
    team: Option<String>,
    staff_id: Option<String>,
    business_process: Option<String>,
    pub(super) happened_at: i64,
}

impl MarksRow {
    /// The first place of its second, and the first of the next.
    pub(super) fn places(&self) -> (i64, i64) {
        let first = place_of(UtcMillis::from_millis(self.happened_at));
        (first, first.saturating_add(OF_SECOND))
    }

    pub(super) fn document(&self, words: &ContactWords, dialect: Dialect, rules: &[String]) -> String {
        let own = [
            Some((Mark::Channel, self.channel.as_str())),
            self.team.as_deref().map(|team| (Mark::Team, team)),
            self.staff_id.as_deref().map(|staff| (Mark::Staff, staff)),
            self.business_process.as_deref().map(|process| (Mark::Process, process)),
        ];
        let rules = rules.iter().map(|rule| (Mark::Rule, rule.as_str()));
        words.document(dialect, own.into_iter().flatten().chain(rules))
    }
}

/// Puts the words of a contact into the index, in the place of those before. Its lock is held.
macro_rules! index {
    ($tx:ident, $dialect:expr, $id:expr, $words:expr) => {{
        let id: uuid::Uuid = $id;
        sqlx::query($crate::sql_search::UNINDEX).bind(id).execute(&mut *$tx).await?;
        let marks: Option<$crate::index::MarksRow> =
            sqlx::query_as($crate::sql_search::MARKS).bind(id).fetch_optional(&mut *$tx).await?;
        if let Some(marks) = marks {
            let rules: Vec<String> =
                sqlx::query_scalar($crate::sql_search::RULES).bind(id).fetch_all(&mut *$tx).await?;
            let (first, end) = marks.places();
            sqlx::query($crate::sql_search::ADD_PLACE)
                .bind(id)
                .bind(first)
                .bind(end)
                .execute(&mut *$tx)
                .await?;
            sqlx::query($crate::index::put_words($dialect))
                .bind(id)
                .bind(marks.document($words, $dialect, &rules))
                .execute(&mut *$tx)
                .await?;
        }
    }};
}

/// Puts the words of a contact into the index as its text stands now. A text that cannot be read has none.
macro_rules! index_text {
    ($tx:ident, $dialect:expr, $id:expr) => {{
        let body: Option<String> =
            sqlx::query_scalar($crate::sql_queue::BODY).bind($id).fetch_optional(&mut *$tx).await?;
        let words = body.map(|body| $crate::index::words_of(&body)).unwrap_or_default();
        $crate::index::index!($tx, $dialect, *$id, &words);
    }};
}

pub(super) use {index, index_text};

pub(super) const fn put_words(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Fts5 => sql_search::PUT_WORDS_SQLITE,
        Dialect::Vector => sql_search::PUT_WORDS_POSTGRES,
    }
}

/// The words of a stored text.
pub(super) fn words_of(body: &str) -> ContactWords {
    decode::json::<RedactedContact>("contact_bodies.body", body)
        .map(|contact| words(&contact))
        .unwrap_or_default()
}

fn words(contact: &RedactedContact) -> ContactWords {
    ContactWords::of(contact.body.texts().map(|(_, line)| line.text.as_str()))
}

/// An answer in thousandths of its scale.
pub(super) fn share_of_scale(survey: Survey) -> i64 {
    i64::from(survey.satisfaction) * 1000 / i64::from(survey.scale.max(1))
}

/// A probability in thousandths.
#[expect(clippy::as_conversions, clippy::cast_possible_truncation, reason = "clamped to 0..=1,000")]
pub(super) fn thousandths(probability: f64) -> i64 {
    (probability.clamp(0.0, 1.0) * 1000.0).round() as i64
}

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
struct Expectation {
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
        let analysis = row.analysis.and_then(|body| decode::json::<Expectation>("analyses.body", &body).ok());
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
    pub(super) const fn dialect(&self) -> Dialect {
        Dialect::of(&self.backend)
    }

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
