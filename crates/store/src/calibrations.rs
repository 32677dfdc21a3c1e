//! Calibration sessions: several people read the same contacts, and an expert's reading is what they are compared with.
//!
//! What is said there is kept apart from the random sample and from verdicts: no rate and no mean reads it.

use std::collections::BTreeMap;
use std::ops::Range;

use sqlx::FromRow;
use uuid::Uuid;

use super::audit::append;
use super::{NewAudit, SampleAnswer, Store, StoreError, decode, reading, sql_calibrations as sql, writing};
use tingxin_text::domain::{ContactRef, RedactedText, TeamId, UtcMillis};

/// A session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calibration {
    /// Our key.
    pub id: Uuid,
    /// What it is called.
    pub title: String,
    /// Account whose reading the others are compared with.
    pub expert: String,
    /// Whose contacts are read; `None` for those of all teams.
    pub team: Option<TeamId>,
    /// Contacts that are read, as far as they are still there.
    pub contacts: usize,
    /// Who is invited, the expert among them, by name.
    pub readers: Vec<CalibrationReader>,
    /// Who made it.
    pub made_by: String,
    /// When.
    pub made_at: UtcMillis,
    /// Nothing more is read since.
    pub closed_at: Option<UtcMillis>,
}

impl Calibration {
    /// Whether somebody reads in both.
    #[must_use]
    pub fn shares_a_reader(&self, other: &Self) -> bool {
        self.readers.iter().any(|own| other.readers.iter().any(|reader| reader.name == own.name))
    }
}

/// Somebody who is invited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalibrationReader {
    /// Account.
    pub name: String,
    /// Contacts that were read.
    pub done: usize,
}

/// A contact that may be read in a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CalibrationCandidate {
    /// Which contact.
    pub contact: ContactRef,
    /// Whether a rule has raised a flag.
    pub flagged: bool,
}

/// A session to be kept.
#[derive(Debug, Clone, PartialEq)]
pub struct NewCalibration {
    /// Its key.
    pub id: Uuid,
    /// What it is called.
    pub title: RedactedText,
    /// Account whose reading the others are compared with.
    pub expert: String,
    /// Whose contacts are read; `None` for those of all teams.
    pub team: Option<TeamId>,
    /// Who is invited, the expert among them.
    pub readers: Vec<String>,
    /// What is read, in this order.
    pub contacts: Vec<ContactRef>,
    /// The entry of the audit log, which says who and when.
    pub entry: NewAudit,
}

/// A contact of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CalibrationItem {
    /// Our key.
    pub id: Uuid,
    /// Which contact.
    pub contact: ContactRef,
    /// Order in which it is read.
    pub place: usize,
}

/// What somebody says about a contact of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalibrationReading {
    /// About what.
    pub item: CalibrationItem,
    /// Account.
    pub reader: String,
    /// When.
    pub read_at: UtcMillis,
    /// Rules that apply or cannot be told.
    pub answer: SampleAnswer,
}

#[derive(FromRow)]
struct CalibrationRow {
    id: Uuid,
    title: String,
    expert: String,
    team: Option<String>,
    contacts: i64,
    made_by: String,
    made_at: i64,
    closed_at: Option<i64>,
}

#[derive(FromRow)]
struct ReaderRow {
    calibration: Uuid,
    reader: String,
    done: i64,
}

#[derive(FromRow)]
struct CandidateRow {
    id: Uuid,
    flagged: i64,
}

#[derive(FromRow)]
struct CalibrationReadingRow {
    item: Uuid,
    contact: Uuid,
    place: i64,
    read_by: String,
    read_at: i64,
    answer: String,
}

fn item((id, contact, place): (Uuid, Uuid, i64)) -> Result<CalibrationItem, StoreError> {
    let place = decode::number("calibration_items.place", place)?;
    Ok(CalibrationItem { id, contact: ContactRef(contact), place })
}

impl TryFrom<CalibrationReadingRow> for CalibrationReading {
    type Error = StoreError;

    fn try_from(row: CalibrationReadingRow) -> Result<Self, StoreError> {
        Ok(Self {
            item: item((row.item, row.contact, row.place))?,
            reader: row.read_by,
            read_at: UtcMillis::from_millis(row.read_at),
            answer: decode::json("calibration_readings.answer", &row.answer)?,
        })
    }
}

impl Store {
    /// Makes a session with its readers and contacts and writes it to the audit log. How many contacts it holds: those that
    /// are not analysed any more are left out.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn add_calibration(&self, new: &NewCalibration) -> Result<u64, StoreError> {
        let NewCalibration { id, title, expert, team, readers, contacts, entry } = new;
        Ok(writing!(self, |tx| {
            sqlx::query(sql::ADD_CALIBRATION)
                .bind(id)
                .bind(title.as_str())
                .bind(expert)
                .bind(team.as_ref().map(TeamId::as_str))
                .bind(&entry.actor.name)
                .bind(entry.at.as_millis())
                .execute(&mut *tx)
                .await?;
            for reader in readers {
                sqlx::query(sql::INVITE_READER).bind(id).bind(reader).execute(&mut *tx).await?;
            }
            let mut kept = 0;
            for (place, contact) in (0_i64..).zip(contacts) {
                let add = sqlx::query(sql::ADD_CALIBRATION_ITEM).bind(Uuid::now_v7()).bind(id);
                kept += add.bind(contact.0).bind(place).execute(&mut *tx).await?.rows_affected();
            }
            append!(tx, entry);
            kept
        }))
    }

    /// Analysed contacts of a time that may be read in a session: none that was drawn for the sample or read in another one.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn calibration_frame(
        &self,
        time: Range<UtcMillis>,
        team: Option<&TeamId>,
    ) -> Result<Vec<CalibrationCandidate>, StoreError> {
        let rows: Vec<CandidateRow> = reading!(self, |db| sqlx::query_as(sql::CALIBRATION_FRAME)
            .bind(time.start.as_millis())
            .bind(team.map(TeamId::as_str))
            .bind(time.end.as_millis())
            .fetch_all(db)
            .await?);
        let candidate = |row: CandidateRow| CalibrationCandidate {
            contact: ContactRef(row.id),
            flagged: row.flagged > 0,
        };
        Ok(rows.into_iter().map(candidate).collect())
    }

    /// Every session, latest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn calibrations(&self) -> Result<Vec<Calibration>, StoreError> {
        let rows: Vec<CalibrationRow> =
            reading!(self, |db| sqlx::query_as(sql::CALIBRATIONS).fetch_all(db).await?);
        let invited: Vec<ReaderRow> =
            reading!(self, |db| sqlx::query_as(sql::CALIBRATION_READERS).fetch_all(db).await?);
        let mut readers: BTreeMap<Uuid, Vec<CalibrationReader>> = BTreeMap::new();
        for ReaderRow { calibration, reader, done } in invited {
            let done = decode::number("calibration_readings", done)?;
            readers.entry(calibration).or_default().push(CalibrationReader { name: reader, done });
        }
        let session = |row: CalibrationRow| -> Result<Calibration, StoreError> {
            Ok(Calibration {
                readers: readers.remove(&row.id).unwrap_or_default(),
                id: row.id,
                title: row.title,
                expert: row.expert,
                team: decode::optional("calibrations.team", row.team.as_deref())?,
                contacts: decode::number("calibration_items", row.contacts)?,
                made_by: row.made_by,
                made_at: UtcMillis::from_millis(row.made_at),
                closed_at: row.closed_at.map(UtcMillis::from_millis),
            })
        };
        rows.into_iter().map(session).collect()
    }

    /// The contacts of a session that somebody is still to read, in their order; none once it has ended, and none for whoever is
    /// not invited.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn calibration_due(
        &self,
        calibration: Uuid,
        reader: &str,
        team: Option<&TeamId>,
    ) -> Result<Vec<CalibrationItem>, StoreError> {
        let rows: Vec<(Uuid, Uuid, i64)> = reading!(self, |db| sqlx::query_as(sql::CALIBRATION_DUE)
            .bind(calibration)
            .bind(reader)
            .bind(team.map(TeamId::as_str))
            .fetch_all(db)
            .await?);
        rows.into_iter().map(item).collect()
    }

    /// The session that an item belongs to.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn calibration_of(&self, item: Uuid) -> Result<Option<Uuid>, StoreError> {
        Ok(reading!(self, |db| sqlx::query_scalar(sql::CALIBRATION_OF).bind(item).fetch_optional(db).await?))
    }

    /// Keeps what somebody says about a contact of a session and writes it to the audit log. `false` for whoever is not
    /// invited or has read it, when the session is closed, and when the contact is not what was read any more.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn keep_calibration_reading(
        &self,
        item: Uuid,
        revision: u32,
        answer: &SampleAnswer,
        entry: &NewAudit,
    ) -> Result<bool, StoreError> {
        let answer = decode::to_json("calibration_readings.answer", answer)?;
        Ok(writing!(self, |tx| {
            let rows = sqlx::query(sql::ADD_CALIBRATION_READING)
                .bind(Uuid::now_v7())
                .bind(item)
                .bind(i64::from(revision))
                .bind(&entry.actor.name)
                .bind(entry.at.as_millis())
                .bind(&answer)
                .execute(&mut *tx)
                .await?
                .rows_affected();
            if rows > 0 {
                append!(tx, entry);
            }
            rows > 0
        }))
    }

    /// What was said in a session, readings of a contact that has changed since left out.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn calibration_readings(
        &self,
        calibration: Uuid,
    ) -> Result<Vec<CalibrationReading>, StoreError> {
        let rows: Vec<CalibrationReadingRow> = reading!(self, |db| {
            sqlx::query_as(sql::CALIBRATION_READINGS).bind(calibration).fetch_all(db).await?
        });
        rows.into_iter().map(CalibrationReading::try_from).collect()
    }

    /// Ends a session and writes it to the audit log; `false` when it is not there or has ended.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn close_calibration(&self, calibration: Uuid, entry: &NewAudit) -> Result<bool, StoreError> {
        Ok(writing!(self, |tx| {
            let end = sqlx::query(sql::CLOSE_CALIBRATION).bind(calibration).bind(entry.at.as_millis());
            let rows = end.execute(&mut *tx).await?.rows_affected();
            if rows > 0 {
                append!(tx, entry);
            }
            rows > 0
        }))
    }
}
