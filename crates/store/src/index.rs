//! Keeping the index of words: written with the analysis, in its transaction.
//!
//! A contact is found by its words from the moment at which it can be judged. A newer revision takes the old words away when it comes
//! in, an erasure when it erases, a period when the words go. What earlier releases left is filled in by `fill_index.rs`.

use sqlx::FromRow;

use super::search_words::{ContactWords, Dialect, IndexMark};
use super::{Store, decode, sql_search};
use tingxin_text::domain::{RedactedContact, Survey, UtcMillis};

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
            Some((IndexMark::Channel, self.channel.as_str())),
            self.team.as_deref().map(|team| (IndexMark::Team, team)),
            self.staff_id.as_deref().map(|staff| (IndexMark::Staff, staff)),
            self.business_process.as_deref().map(|process| (IndexMark::Process, process)),
        ];
        let rules = rules.iter().map(|rule| (IndexMark::Rule, rule.as_str()));
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

pub(super) fn words(contact: &RedactedContact) -> ContactWords {
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

impl Store {
    pub(super) const fn dialect(&self) -> Dialect {
        Dialect::of(&self.backend)
    }
}
