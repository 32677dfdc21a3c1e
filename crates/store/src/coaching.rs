//! Agreed coaching: whom, on what, with which turns of contacts, until when, and what became of it.

use sqlx::FromRow;
use uuid::Uuid;

use super::{Store, StoreError, decode, execute, reading, sql_coaching as sql, writing};
use tingxin_text::domain::{ContactRef, Programme, RedactedText, StaffId, TeamId, UtcMillis};

/// Coaching to be agreed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCoaching {
    /// Whom.
    pub staff: StaffId,
    /// Their team.
    pub team: Option<TeamId>,
    /// The behaviour, by the name of its indicator.
    pub indicator: String,
    /// Agreed action.
    pub note: RedactedText,
    /// What else was agreed.
    pub terms: CoachingTerms,
    /// Turns of contacts that it is about.
    pub clips: Vec<Clip>,
}

/// What may be agreed beside the action.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CoachingTerms {
    /// Until when it should be done.
    pub due_at: Option<UtcMillis>,
    /// The kind of help.
    pub programme: Option<Programme>,
    /// Item of the catalogue.
    pub training: Option<Uuid>,
    /// For whoever agrees it alone.
    pub private_note: Option<RedactedText>,
    /// For the person, too.
    pub shared_note: Option<RedactedText>,
}

/// Turns of a contact.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clip {
    /// Which contact.
    pub contact: ContactRef,
    /// Revision of the contact that was listened to.
    pub revision: u32,
    /// First turn, from 0.
    pub first: usize,
    /// Last turn.
    pub last: usize,
    /// Whether it shows what went well.
    pub good: bool,
}

/// Agreed coaching.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coaching {
    /// Our key.
    pub id: Uuid,
    /// Whom.
    pub staff: StaffId,
    /// Their team.
    pub team: Option<TeamId>,
    /// The behaviour, by the name of its indicator.
    pub indicator: String,
    /// Agreed action.
    pub note: String,
    /// Trainer.
    pub agreed_by: String,
    /// When; contacts of the weeks after that one count as after.
    pub agreed_at: UtcMillis,
    /// Taken back since.
    pub ended_at: Option<UtcMillis>,
    /// Until when it should be done.
    pub due_at: Option<UtcMillis>,
    /// The kind of help.
    pub programme: Option<Programme>,
    /// Item of the catalogue.
    pub training: Option<Uuid>,
    /// What that item is called, in Chinese and in English.
    pub training_title: Option<(String, Option<String>)>,
    /// For whoever agreed it alone.
    pub private_note: Option<String>,
    /// For the person, too.
    pub shared_note: Option<String>,
    /// When the person said that they have read it.
    pub acknowledged_at: Option<UtcMillis>,
    /// What the person said with that.
    pub acknowledged_note: Option<String>,
    /// When it was done.
    pub done_at: Option<UtcMillis>,
}

impl Coaching {
    /// Whether it is neither done nor taken back.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.done_at.is_none() && self.ended_at.is_none()
    }

    /// Whether it is open and its date is over.
    #[must_use]
    pub fn is_overdue(&self, now: UtcMillis) -> bool {
        self.is_open() && self.due_at.is_some_and(|due| due < now)
    }
}

#[derive(FromRow)]
struct CoachingRow {
    id: Uuid,
    staff_id: String,
    team: Option<String>,
    indicator: String,
    note: String,
    agreed_by: String,
    agreed_at: i64,
    ended_at: Option<i64>,
    due_at: Option<i64>,
    programme: Option<String>,
    training: Option<Uuid>,
    title: Option<String>,
    title_en: Option<String>,
    private_note: Option<String>,
    shared_note: Option<String>,
    acknowledged_at: Option<i64>,
    acknowledged_note: Option<String>,
    done_at: Option<i64>,
}

#[derive(FromRow)]
struct ClipRow {
    contact: Uuid,
    revision: i64,
    first_turn: i64,
    last_turn: i64,
    good: bool,
}

impl TryFrom<CoachingRow> for Coaching {
    type Error = StoreError;

    fn try_from(row: CoachingRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            staff: decode::text("coaching.staff_id", &row.staff_id)?,
            team: decode::optional("coaching.team", row.team.as_deref())?,
            indicator: row.indicator,
            note: row.note,
            agreed_by: row.agreed_by,
            agreed_at: UtcMillis::from_millis(row.agreed_at),
            ended_at: row.ended_at.map(UtcMillis::from_millis),
            due_at: row.due_at.map(UtcMillis::from_millis),
            programme: decode::optional("coaching.programme", row.programme.as_deref())?,
            training: row.training,
            training_title: row.title.map(|title| (title, row.title_en)),
            private_note: row.private_note,
            shared_note: row.shared_note,
            acknowledged_at: row.acknowledged_at.map(UtcMillis::from_millis),
            acknowledged_note: row.acknowledged_note,
            done_at: row.done_at.map(UtcMillis::from_millis),
        })
    }
}

impl TryFrom<ClipRow> for Clip {
    type Error = StoreError;

    fn try_from(row: ClipRow) -> Result<Self, StoreError> {
        Ok(Self {
            contact: ContactRef(row.contact),
            revision: decode::number("coaching_clips.revision", row.revision)?,
            first: decode::number("coaching_clips.first_turn", row.first_turn)?,
            last: decode::number("coaching_clips.last_turn", row.last_turn)?,
            good: row.good,
        })
    }
}

/// A position as the database counts.
fn position(turn: usize) -> i64 {
    i64::try_from(turn).unwrap_or(i64::MAX)
}

impl Store {
    /// Agrees coaching with its turns, all or nothing. Its key.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn agree_coaching(
        &self,
        coaching: &NewCoaching,
        by: &str,
        now: UtcMillis,
    ) -> Result<Uuid, StoreError> {
        let (id, terms) = (Uuid::now_v7(), &coaching.terms);
        writing!(self, |tx| {
            sqlx::query(sql::ADD_COACHING)
                .bind(id)
                .bind(coaching.staff.as_str())
                .bind(coaching.team.as_ref().map(TeamId::as_str))
                .bind(&coaching.indicator)
                .bind(coaching.note.as_str())
                .bind(by)
                .bind(now.as_millis())
                .bind(terms.due_at.map(UtcMillis::as_millis))
                .bind(terms.programme.map(Programme::as_str))
                .bind(terms.training)
                .bind(terms.private_note.as_ref().map(RedactedText::as_str))
                .bind(terms.shared_note.as_ref().map(RedactedText::as_str))
                .execute(&mut *tx)
                .await?;
            for (place, clip) in (1_i64..).zip(&coaching.clips) {
                sqlx::query(sql::ADD_CLIP)
                    .bind(id)
                    .bind(place)
                    .bind(clip.contact.0)
                    .bind(i64::from(clip.revision))
                    .bind(position(clip.first))
                    .bind(position(clip.last))
                    .bind(clip.good)
                    .execute(&mut *tx)
                    .await?;
            }
        });
        Ok(id)
    }

    /// Takes coaching back; `false` when it is not there or was taken back before.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn end_coaching(&self, id: Uuid, now: UtcMillis) -> Result<bool, StoreError> {
        Ok(execute!(self, sql::END_COACHING, id, now.as_millis()) > 0)
    }

    /// Says that coaching was done; `false` when it is not open.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn finish_coaching(&self, id: Uuid, now: UtcMillis) -> Result<bool, StoreError> {
        Ok(execute!(self, sql::FINISH_COACHING, id, now.as_millis()) > 0)
    }

    /// Says that the person has read an agreement; `false` when it is not theirs, was taken back or was acknowledged before.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn acknowledge_coaching(
        &self,
        id: Uuid,
        staff: &StaffId,
        (note, now): (Option<&RedactedText>, UtcMillis),
    ) -> Result<bool, StoreError> {
        let note = note.map(RedactedText::as_str);
        Ok(execute!(self, sql::ACKNOWLEDGE_COACHING, id, staff.as_str(), now.as_millis(), note) > 0)
    }

    /// Agreed coaching, latest first, of one team or all.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn coaching(&self, team: Option<&TeamId>, limit: u32) -> Result<Vec<Coaching>, StoreError> {
        self.coaching_by(sql::COACHING, team, limit).await
    }

    /// What is neither done nor taken back, by its date.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn open_coaching(
        &self,
        team: Option<&TeamId>,
        limit: u32,
    ) -> Result<Vec<Coaching>, StoreError> {
        self.coaching_by(sql::OPEN_COACHING, team, limit).await
    }

    async fn coaching_by(
        &self,
        statement: &'static str,
        team: Option<&TeamId>,
        limit: u32,
    ) -> Result<Vec<Coaching>, StoreError> {
        let rows: Vec<CoachingRow> = reading!(self, |db| {
            sqlx::query_as(statement)
                .bind(team.map(TeamId::as_str))
                .bind(i64::from(limit))
                .fetch_all(db)
                .await?
        });
        rows.into_iter().map(Coaching::try_from).collect()
    }

    /// One agreement with its turns.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn one_coaching(&self, id: Uuid) -> Result<Option<(Coaching, Vec<Clip>)>, StoreError> {
        let row: Option<CoachingRow> =
            reading!(self, |db| sqlx::query_as(sql::ONE_COACHING).bind(id).fetch_optional(db).await?);
        let Some(row) = row else { return Ok(None) };
        let clips: Vec<ClipRow> =
            reading!(self, |db| sqlx::query_as(sql::CLIPS).bind(id).fetch_all(db).await?);
        let clips = clips.into_iter().map(Clip::try_from).collect::<Result<_, _>>()?;
        Ok(Some((row.try_into()?, clips)))
    }

    /// A person's coaching, oldest first, also what was taken back.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn coaching_of(&self, staff: &StaffId) -> Result<Vec<Coaching>, StoreError> {
        let rows: Vec<CoachingRow> = reading!(self, |pool| {
            sqlx::query_as(sql::COACHING_OF_STAFF).bind(staff.as_str()).fetch_all(pool).await?
        });
        rows.into_iter().map(Coaching::try_from).collect()
    }
}
