//! What the page of today counts.

use sqlx::FromRow;

use super::{Store, StoreError, decode, reading, sql_today as sql};
use tingxin_text::domain::{Channel, Rule, TeamId, UtcMillis};

/// How many customers were heard, and how they sounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct HeardSum {
    /// Contacts.
    pub contacts: usize,
    /// Sum of the customers' mean valence, in thousandths.
    pub total: i64,
    /// Sum of its squares.
    pub squares: i64,
}

impl std::ops::AddAssign for HeardSum {
    fn add_assign(&mut self, other: Self) {
        self.contacts += other.contacts;
        self.total += other.total;
        self.squares += other.squares;
    }
}

/// Contacts of a channel and team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayCount {
    /// Touchpoint.
    pub channel: Channel,
    /// Team that served.
    pub team: Option<TeamId>,
    /// Whether they are of today.
    pub today: bool,
    /// Analysed contacts.
    pub contacts: usize,
    /// How their customers sounded, where that could be heard.
    pub heard: HeardSum,
}

/// Contacts of a channel and team with a flag of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayFlags {
    /// Which rule.
    pub rule: Rule,
    /// Touchpoint.
    pub channel: Channel,
    /// Team that served.
    pub team: Option<TeamId>,
    /// Whether they are of today.
    pub today: bool,
    /// How many.
    pub contacts: usize,
}

#[derive(FromRow)]
struct HourRow {
    hour_at: i64,
    contacts: i64,
    total: i64,
    squares: i64,
}

#[derive(FromRow)]
struct GroupRow {
    channel: String,
    team: Option<String>,
    since: i64,
    contacts: i64,
    heard: i64,
    total: i64,
    squares: i64,
}

#[derive(FromRow)]
struct FlagsRow {
    rule: String,
    channel: String,
    team: Option<String>,
    since: i64,
    contacts: i64,
}

/// Binds a time and a team.
macro_rules! asked {
    ($statement:expr, $span:ident, $team:ident) => {
        sqlx::query_as($statement)
            .bind($span.0.as_millis())
            .bind($span.1.as_millis())
            .bind($team.map(TeamId::as_str))
    };
}

impl Store {
    /// How customers of a time sounded, by the hour in Beijing counted since 1970, in order.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn mood_by_hour(
        &self,
        span: (UtcMillis, UtcMillis),
        team: Option<&TeamId>,
    ) -> Result<Vec<(i64, HeardSum)>, StoreError> {
        let rows: Vec<HourRow> =
            reading!(self, |db| asked!(sql::MOOD_BY_HOUR, span, team).fetch_all(db).await?);
        let read = |HourRow { hour_at, contacts, total, squares }: HourRow| {
            let contacts = decode::number("contacts", contacts)?;
            Ok((hour_at, HeardSum { contacts, total, squares }))
        };
        rows.into_iter().map(read).collect()
    }

    /// Analysed contacts of a time by channel and team, those since `today` apart.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn day_counts(
        &self,
        span: (UtcMillis, UtcMillis),
        (today, team): (UtcMillis, Option<&TeamId>),
    ) -> Result<Vec<DayCount>, StoreError> {
        let rows: Vec<GroupRow> = reading!(self, |db| {
            asked!(sql::DAY_GROUPS, span, team).bind(today.as_millis()).fetch_all(db).await?
        });
        let read = |row: GroupRow| {
            let heard = decode::number("contacts.mood", row.heard)?;
            Ok(DayCount {
                channel: decode::text("contacts.channel", &row.channel)?,
                team: decode::optional("contacts.team", row.team.as_deref())?,
                today: row.since == 1,
                contacts: decode::number("contacts", row.contacts)?,
                heard: HeardSum { contacts: heard, total: row.total, squares: row.squares },
            })
        };
        rows.into_iter().map(read).collect()
    }

    /// Contacts of a time with a flag that nobody rejected, by rule, channel and team, those since `today` apart.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn day_flags(
        &self,
        span: (UtcMillis, UtcMillis),
        (today, team): (UtcMillis, Option<&TeamId>),
    ) -> Result<Vec<DayFlags>, StoreError> {
        let rows: Vec<FlagsRow> = reading!(self, |db| {
            asked!(sql::DAY_FLAGS, span, team).bind(today.as_millis()).fetch_all(db).await?
        });
        let read = |row: FlagsRow| {
            Ok(DayFlags {
                rule: decode::text("flags.rule", &row.rule)?,
                channel: decode::text("flags.channel", &row.channel)?,
                team: decode::optional("flags.team", row.team.as_deref())?,
                today: row.since == 1,
                contacts: decode::number("flags", row.contacts)?,
            })
        };
        rows.into_iter().map(read).collect()
    }
}
