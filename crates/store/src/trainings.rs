//! The catalogue of trainings that agreements may name.

use sqlx::FromRow;
use uuid::Uuid;

use super::{Store, StoreError, decode, execute, reading, sql_coaching as sql};
use tingxin_text::domain::{Programme, UtcMillis};

/// An entry of the catalogue of trainings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Training {
    /// Our key.
    pub id: Uuid,
    /// What it is called.
    pub title: String,
    /// The same in English.
    pub title_en: Option<String>,
    /// Behaviour that it is for, by the name of its indicator; none for any.
    pub indicator: Option<String>,
    /// The kind of help.
    pub programme: Programme,
    /// What is done.
    pub about: String,
    /// Who added it; `system` for what is shipped.
    pub added_by: String,
    /// When.
    pub added_at: UtcMillis,
    /// No longer offered since.
    pub retired_at: Option<UtcMillis>,
}

#[derive(FromRow)]
struct TrainingRow {
    id: Uuid,
    title: String,
    title_en: Option<String>,
    indicator: Option<String>,
    programme: String,
    about: String,
    added_by: String,
    added_at: i64,
    retired_at: Option<i64>,
}

impl TryFrom<TrainingRow> for Training {
    type Error = StoreError;

    fn try_from(row: TrainingRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            title: row.title,
            title_en: row.title_en,
            indicator: row.indicator,
            programme: decode::text("trainings.programme", &row.programme)?,
            about: row.about,
            added_by: row.added_by,
            added_at: UtcMillis::from_millis(row.added_at),
            retired_at: row.retired_at.map(UtcMillis::from_millis),
        })
    }
}

impl Store {
    /// The catalogue of trainings, oldest entry first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn trainings(&self) -> Result<Vec<Training>, StoreError> {
        let rows: Vec<TrainingRow> =
            reading!(self, |db| sqlx::query_as(sql::TRAININGS).fetch_all(db).await?);
        rows.into_iter().map(Training::try_from).collect()
    }

    /// Adds an entry to the catalogue.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn add_training(&self, entry: &Training) -> Result<(), StoreError> {
        execute!(
            self,
            sql::ADD_TRAINING,
            entry.id,
            &entry.title,
            entry.title_en.as_deref(),
            entry.indicator.as_deref(),
            entry.programme.as_str(),
            &entry.about,
            &entry.added_by,
            entry.added_at.as_millis(),
        );
        Ok(())
    }

    /// No longer offers an entry; `false` when it is not there or was retired before.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn retire_training(&self, id: Uuid, now: UtcMillis) -> Result<bool, StoreError> {
        Ok(execute!(self, sql::RETIRE_TRAINING, id, now.as_millis()) > 0)
    }
}
