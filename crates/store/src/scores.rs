//! Scores of signals in stored analyses: what a rule compares with its threshold.

use serde::Deserialize;
use sqlx::FromRow;
use uuid::Uuid;

use super::{Store, StoreError, decode, reading, sql_samples as sql};
use tingxin_text::domain::{ContactRef, SignalName, UtcMillis};

/// How strong a signal is in a contact.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SignalScore {
    /// Which contact.
    pub contact: ContactRef,
    /// 0 where the signal was not measured: no threshold is reached then.
    pub score: f64,
}

#[derive(FromRow)]
struct BodyRow {
    contact: Uuid,
    body: String,
}

/// The part of an analysis that is read here.
#[derive(Deserialize)]
struct MeasuredSignals {
    signals: Vec<MeasuredSignal>,
}

#[derive(Deserialize)]
struct MeasuredSignal {
    name: SignalName,
    value: f64,
}

impl BodyRow {
    fn score(self, signal: SignalName) -> Result<SignalScore, StoreError> {
        let found: MeasuredSignals = decode::json("analyses.body", &self.body)?;
        let value = found.signals.iter().find(|one| one.name == signal).map(|one| one.value);
        Ok(SignalScore { contact: ContactRef(self.contact), score: value.unwrap_or_default() })
    }
}

impl Store {
    /// Scores of contacts since a time, the latest that came in first; `before` is the last of the portion before.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn signal_scores(
        &self,
        signal: SignalName,
        since: UtcMillis,
        before: Option<ContactRef>,
        limit: u32,
    ) -> Result<Vec<SignalScore>, StoreError> {
        let before = before.map_or_else(Uuid::max, |contact| contact.0);
        let rows: Vec<BodyRow> = reading!(self, |db| sqlx::query_as(sql::ANALYSES_BEFORE)
            .bind(since.as_millis())
            .bind(before)
            .bind(i64::from(limit))
            .fetch_all(db)
            .await?);
        rows.into_iter().map(|row| row.score(signal)).collect()
    }

    /// Scores of the contacts that were drawn for the sample since a week.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn drawn_scores(
        &self,
        signal: SignalName,
        since_week: i64,
    ) -> Result<Vec<SignalScore>, StoreError> {
        let rows: Vec<BodyRow> =
            reading!(self, |db| sqlx::query_as(sql::DRAWN_ANALYSES).bind(since_week).fetch_all(db).await?);
        rows.into_iter().map(|row| row.score(signal)).collect()
    }
}
