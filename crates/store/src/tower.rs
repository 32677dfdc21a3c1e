//! What is watched over the whole house: which source sends, and how the model reads of late.

use sqlx::FromRow;

use super::{Store, StoreError, decode, reading, sql_process as sql};
use tingxin_text::domain::{Channel, SourceId, UtcMillis};

/// Weeks whose same hour is told beside the last one.
pub const SENDER_WEEKS: usize = 4;

/// What one source has sent on one channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SenderHour {
    /// The system that sends.
    pub source: SourceId,
    /// Touchpoint.
    pub channel: Channel,
    /// When the first contact that is kept came in.
    pub first_at: UtcMillis,
    /// When the last one came in.
    pub last_at: UtcMillis,
    /// How many came in within the last hour.
    pub hour: u64,
    /// How many within the same hour one, two, three and four weeks ago.
    pub before: [u64; SENDER_WEEKS],
}

#[derive(FromRow)]
struct SenderRow {
    source: String,
    channel: String,
    first_at: i64,
    last_at: i64,
    hour: i64,
    week1: i64,
    week2: i64,
    week3: i64,
    week4: i64,
}

/// From when and how many contacts are read.
#[derive(Debug, Clone, Copy)]
pub struct LateSpan {
    /// The earliest.
    pub since: UtcMillis,
    /// The latest.
    pub now: UtcMillis,
    /// Most contacts.
    pub most: u32,
}

impl Store {
    /// What every source has sent on every channel, at most so many pairs, in the order of their names.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn senders(&self, now: UtcMillis, most: u32) -> Result<Vec<SenderHour>, StoreError> {
        let rows: Vec<SenderRow> = reading!(self, |db| {
            sqlx::query_as(sql::SENDERS).bind(now.as_millis()).bind(i64::from(most)).fetch_all(db).await?
        });
        let read = |row: SenderRow| {
            let number = |count: i64| decode::number("contacts", count);
            let [week1, week2, week3, week4] = [row.week1, row.week2, row.week3, row.week4];
            Ok(SenderHour {
                source: decode::text("contacts.source", &row.source)?,
                channel: decode::text("contacts.channel", &row.channel)?,
                first_at: UtcMillis::from_millis(row.first_at),
                last_at: UtcMillis::from_millis(row.last_at),
                hour: number(row.hour)?,
                before: [number(week1)?, number(week2)?, number(week3)?, number(week4)?],
            })
        };
        let mut senders = rows.into_iter().map(read).collect::<Result<Vec<_>, StoreError>>()?;
        senders.sort_by(|a, b| (&a.source, a.channel.as_str()).cmp(&(&b.source, b.channel.as_str())));
        Ok(senders)
    }

    /// Valence of the customers' turns in the latest transcripts of a channel, contact by contact, as `model` read them; what
    /// another model has read is left out, and so are contacts in which nothing could be read.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn curves_of_late(
        &self,
        channel: Channel,
        model: &str,
        span: LateSpan,
    ) -> Result<Vec<Vec<f64>>, StoreError> {
        let rows: Vec<(String, String)> = reading!(self, |db| {
            sqlx::query_as(sql::CURVES_OF_LATE)
                .bind(channel.as_str())
                .bind(span.since.as_millis())
                .bind(span.now.as_millis())
                .bind(i64::from(span.most))
                .fetch_all(db)
                .await?
        });
        let own = rows.iter().filter(|(engine, _)| named(engine) == model);
        let curves = own.map(|(_, curve)| decode::json("analyses.curve", curve));
        let curves: Vec<Vec<f64>> = curves.collect::<Result<_, StoreError>>()?;
        Ok(curves.into_iter().filter(|curve| !curve.is_empty()).collect())
    }
}

/// The model that a fingerprint names, whatever computes it.
fn named(engine: &str) -> &str {
    engine.split(['@', '+']).next().unwrap_or_default()
}
