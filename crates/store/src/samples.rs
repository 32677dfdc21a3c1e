//! Plans of the random sample, and contacts that are drawn by lot.

use sqlx::FromRow;
use uuid::Uuid;

use super::audit::append;
use super::{NewAudit, Store, StoreError, decode, reading, sql_samples as sql, writing};
use tingxin_text::domain::{
    Channel, ContactId, ContactRef, SourceId, StaffId, TeamId, UtcMillis, closed_set,
};

closed_set! {
    /// What a week is drawn by: each of them gets its own lot.
    SampleUnit {
        /// Every member of staff; contacts without a work number are one unit together.
        Staff => "staff", "员工";
        /// Every team; contacts without one are one unit together.
        Team => "team", "班组";
        /// Every channel.
        Channel => "channel", "触点";
    }
}

/// A plan to be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewSamplePlan {
    /// What a week is drawn by.
    pub unit: SampleUnit,
    /// Contacts of each of them in a week; 0 draws none.
    pub per_week: u32,
    /// Names the lot.
    pub seed: i64,
    /// First week it draws.
    pub since_week: i64,
}

/// A version of the plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SamplePlan {
    /// From 1.
    pub version: u32,
    /// What it says.
    pub plan: NewSamplePlan,
    /// Account or key.
    pub made_by: String,
    /// When.
    pub made_at: UtcMillis,
}

/// A week that was drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DrawnWeek {
    /// Which, as [`UtcMillis::week`] counts.
    pub week: i64,
    /// The plan that drew it.
    pub version: u32,
    /// Contacts that could be drawn.
    pub contacts: usize,
    /// Contacts that were, as far as they are still there.
    pub drawn: usize,
    /// Those that everybody has read who was to.
    pub judged: usize,
    /// Those that two people are to read.
    pub twice: usize,
    /// When it was drawn.
    pub drawn_at: UtcMillis,
}

/// A contact that can be drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrameContact {
    /// Our key.
    pub id: ContactRef,
    /// Where it came from.
    pub source: SourceId,
    /// Its id there.
    pub contact_id: ContactId,
    /// Touchpoint.
    pub channel: Channel,
    /// Who served.
    pub staff: Option<StaffId>,
    /// Their team.
    pub team: Option<TeamId>,
}

/// A week to be drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewSampleWeek {
    /// Which.
    pub week: i64,
    /// The plan.
    pub version: u32,
    /// Contacts that could be drawn.
    pub contacts: usize,
    /// When.
    pub at: UtcMillis,
}

/// A contact that is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NewDraw {
    /// Which.
    pub contact: ContactRef,
    /// Of being drawn.
    pub probability: f64,
    /// When it is read, from 0.
    pub place: usize,
    /// By how many people.
    pub readers: u32,
}

#[derive(FromRow)]
struct PlanRow {
    version: i64,
    unit: String,
    per_week: i64,
    seed: i64,
    since_week: i64,
    made_by: String,
    made_at: i64,
}

#[derive(FromRow)]
struct WeekRow {
    week: i64,
    version: i64,
    contacts: i64,
    drawn_at: i64,
    drawn: i64,
    judged: i64,
    twice: i64,
}

#[derive(FromRow)]
struct FrameRow {
    id: Uuid,
    source: String,
    contact_id: String,
    channel: String,
    staff_id: Option<String>,
    team: Option<String>,
}

impl TryFrom<PlanRow> for SamplePlan {
    type Error = StoreError;

    fn try_from(row: PlanRow) -> Result<Self, StoreError> {
        let unknown = || StoreError::Corrupt { what: "sample_plans.unit", reason: "no such unit".to_owned() };
        Ok(Self {
            version: decode::number("sample_plans.version", row.version)?,
            plan: NewSamplePlan {
                unit: SampleUnit::from_name(&row.unit).ok_or_else(unknown)?,
                per_week: decode::number("sample_plans.per_week", row.per_week)?,
                seed: row.seed,
                since_week: row.since_week,
            },
            made_by: row.made_by,
            made_at: UtcMillis::from_millis(row.made_at),
        })
    }
}

impl TryFrom<WeekRow> for DrawnWeek {
    type Error = StoreError;

    fn try_from(row: WeekRow) -> Result<Self, StoreError> {
        Ok(Self {
            week: row.week,
            version: decode::number("sample_weeks.version", row.version)?,
            contacts: decode::number("sample_weeks.contacts", row.contacts)?,
            drawn: decode::number("sample_draws", row.drawn)?,
            judged: decode::number("sample_draws", row.judged)?,
            twice: decode::number("sample_draws", row.twice)?,
            drawn_at: UtcMillis::from_millis(row.drawn_at),
        })
    }
}

impl TryFrom<FrameRow> for FrameContact {
    type Error = StoreError;

    fn try_from(row: FrameRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: ContactRef(row.id),
            source: decode::text("contacts.source", &row.source)?,
            contact_id: decode::text("contacts.contact_id", &row.contact_id)?,
            channel: decode::text("contacts.channel", &row.channel)?,
            staff: decode::optional("contacts.staff_id", row.staff_id.as_deref())?,
            team: decode::optional("contacts.team", row.team.as_deref())?,
        })
    }
}

/// Plans, and drawing by them.
impl Store {
    /// Adds a version of the plan and writes it to the audit log; its number.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn add_sample_plan(&self, plan: &NewSamplePlan, entry: &NewAudit) -> Result<u32, StoreError> {
        let version: i64 = writing!(self, |tx| {
            let version = sqlx::query_scalar(sql::ADD_PLAN)
                .bind(plan.unit.as_str())
                .bind(i64::from(plan.per_week))
                .bind(plan.seed)
                .bind(plan.since_week)
                .bind(&entry.actor.name)
                .bind(entry.at.as_millis())
                .fetch_one(&mut *tx)
                .await?;
            append!(tx, entry);
            version
        });
        decode::number("sample_plans.version", version)
    }

    /// Every version of the plan, oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn sample_plans(&self) -> Result<Vec<SamplePlan>, StoreError> {
        let rows: Vec<PlanRow> = reading!(self, |db| sqlx::query_as(sql::PLANS).fetch_all(db).await?);
        rows.into_iter().map(SamplePlan::try_from).collect()
    }

    /// Weeks that were drawn, latest first, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn drawn_weeks(&self, limit: u32) -> Result<Vec<DrawnWeek>, StoreError> {
        let rows: Vec<WeekRow> =
            reading!(self, |db| sqlx::query_as(sql::WEEKS).bind(i64::from(limit)).fetch_all(db).await?);
        rows.into_iter().map(DrawnWeek::try_from).collect()
    }

    /// Contacts of a week that can be drawn, in no order.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn sample_frame(&self, week: i64) -> Result<Vec<FrameContact>, StoreError> {
        let rows: Vec<FrameRow> = reading!(self, |db| sqlx::query_as(sql::FRAME)
            .bind(UtcMillis::of_week(week).as_millis())
            .bind(UtcMillis::of_week(week + 1).as_millis())
            .fetch_all(db)
            .await?);
        rows.into_iter().map(FrameContact::try_from).collect()
    }

    /// Keeps what was drawn for a week, all or nothing. `false` when the week was drawn before: nothing changes then.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn keep_draws(&self, week: NewSampleWeek, draws: &[NewDraw]) -> Result<bool, StoreError> {
        let contacts = i64::try_from(week.contacts).unwrap_or(i64::MAX);
        Ok(writing!(self, |tx| {
            let fresh = sqlx::query(sql::ADD_WEEK)
                .bind(week.week)
                .bind(i64::from(week.version))
                .bind(contacts)
                .bind(week.at.as_millis())
                .execute(&mut *tx)
                .await?
                .rows_affected();
            if fresh > 0 {
                for draw in draws {
                    sqlx::query(sql::ADD_DRAW)
                        .bind(Uuid::now_v7())
                        .bind(week.week)
                        .bind(draw.contact.0)
                        .bind(draw.probability)
                        .bind(i64::try_from(draw.place).unwrap_or(i64::MAX))
                        .bind(i64::from(draw.readers))
                        .execute(&mut *tx)
                        .await?;
                }
            }
            fresh > 0
        }))
    }
}
