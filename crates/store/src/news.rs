//! The feed: what happened, each once, in an order in which no reader can miss anything.
//!
//! * **Written where it happens.** `news!` adds a row in the transaction that stores the flag, the
//!   verdict, the step of the appeal, so that there is neither news without the thing nor the thing
//!   without news. The row has no number.
//! * **Numbered when it is committed.** A number that is taken before the commit may become visible
//!   after a higher one, and a reader who goes on from the higher one never sees it. So whoever reads
//!   numbers first: one at a time (the row of `news_head` is locked to the end of the transaction),
//!   and only what is committed. A number is higher than every number that anybody has seen before.
//! * **No words.** A row holds keys and names of closed sets. What is told of the contact is read
//!   from the contact: erasing it, or taking a work number off it, reaches the feed.
//!
//! Whatever comes next calls `news!` with its own [`NewsKind`] in the
//! transaction that stores it.

use serde::Serialize;
use sqlx::FromRow;
use uuid::Uuid;

use super::{Store, StoreError, decode, reading, sql_news as sql, writing};
use tingxin_text::domain::{
    CaseAct, Channel, ContactId, ContactRef, FlagId, FlagStatus, NewsKind, Objection, Rule, Severity,
    SourceId, StaffId, TeamId, UtcMillis,
};

/// Something that happened, as it stands in the feed.
#[derive(Debug, Clone, PartialEq)]
pub struct News {
    /// Its place in the feed: higher than that of everything that could be read before it.
    pub seq: i64,
    /// Our key.
    pub id: Uuid,
    /// What happened.
    pub kind: NewsKind,
    /// Key of the flag, the appeal or the case; name of an alert.
    pub object: String,
    /// What there is to say of it.
    pub detail: serde_json::Value,
    /// When it happened.
    pub at: UtcMillis,
    /// About which contact; `None` where it is about none.
    pub contact: Option<NewsContact>,
}

/// The contact that news is about, as it is now.
#[derive(Debug, Clone, PartialEq)]
pub struct NewsContact {
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
    /// When it began.
    pub started_at: Option<UtcMillis>,
}

/// What there is to say of a flag that was raised.
#[derive(Serialize)]
pub(super) struct RaisedDetail<'a> {
    pub(super) flag: FlagId,
    pub(super) rule: Rule,
    pub(super) severity: Severity,
    pub(super) probability: f64,
    pub(super) utterances: &'a [usize],
    pub(super) revision: u32,
}

/// What there is to say of a flag that is no longer raised.
#[derive(Serialize)]
pub(super) struct WithdrawnDetail<'a> {
    pub(super) flag: Uuid,
    pub(super) rule: &'a str,
    pub(super) revision: u32,
}

/// What there is to say of a verdict.
#[derive(Serialize)]
struct VerdictDetail {
    flag: FlagId,
    rule: Rule,
    status: FlagStatus,
    objection: Option<Objection>,
    utterances: Vec<usize>,
    revision: u32,
}

/// What there is to say of an appeal.
#[derive(Serialize)]
pub(super) struct AppealDetail<'a> {
    pub(super) flag: FlagId,
    pub(super) rule: Rule,
    pub(super) state: &'a str,
    pub(super) revision: u32,
}

/// What there is to say of a case: how far it is, never why it was opened.
#[derive(Serialize)]
struct CaseDetail<'a> {
    kind: &'a str,
    act: CaseAct,
    state: &'a str,
    due_at: UtcMillis,
}

/// A case as news tells of it.
#[derive(FromRow)]
pub(super) struct ToldCase {
    pub(super) contact: Uuid,
    kind: String,
    state: String,
    due_at: i64,
}

impl ToldCase {
    /// What there is to say of it after that act, as JSON.
    pub(super) fn detail(&self, act: CaseAct) -> Result<String, StoreError> {
        let due_at = UtcMillis::from_millis(self.due_at);
        decode::to_json("news.detail", &CaseDetail { kind: &self.kind, act, state: &self.state, due_at })
    }
}

/// What there is to say of a prediction.
#[derive(Serialize)]
pub(super) struct SatisfactionDetail {
    pub(super) value: f64,
    pub(super) dissatisfied: f64,
    pub(super) revision: u32,
}

#[derive(FromRow)]
pub(super) struct LastVerdict {
    rule: String,
    revision: i64,
    utterances: String,
    verdict: String,
    objection: Option<String>,
}

impl LastVerdict {
    /// What there is to say of it, as JSON.
    pub(super) fn detail(self, flag: Uuid) -> Result<String, StoreError> {
        let detail = VerdictDetail {
            flag: FlagId(flag),
            rule: decode::text("verdicts.rule", &self.rule)?,
            status: decode::text("verdicts.verdict", &self.verdict)?,
            objection: decode::optional("verdicts.objection", self.objection.as_deref())?,
            utterances: decode::json("verdicts.utterances", &self.utterances)?,
            revision: decode::number("verdicts.revision", self.revision)?,
        };
        decode::to_json("news.detail", &detail)
    }
}

/// Adds news within a transaction.
macro_rules! news {
    ($tx:ident, $kind:expr, $contact:expr, $object:expr, $detail:expr, $at:expr) => {
        sqlx::query($crate::sql_news::ADD_NEWS)
            .bind(uuid::Uuid::now_v7())
            .bind($kind.as_str())
            .bind($contact)
            .bind($object)
            .bind($detail)
            .bind($at)
            .execute(&mut *$tx)
            .await?
    };
}

/// Adds the news of the verdict that was given last on a flag.
macro_rules! news_of_verdict {
    ($tx:ident, $flag:expr, $contact:expr, $at:expr) => {{
        let last: Option<$crate::news::LastVerdict> =
            sqlx::query_as($crate::sql_news::LAST_VERDICT).bind($flag).fetch_optional(&mut *$tx).await?;
        if let Some(last) = last {
            let kind = tingxin_text::domain::NewsKind::FlagJudged;
            $crate::news::news!($tx, kind, Some($contact), $flag.to_string(), last.detail($flag)?, $at);
        }
    }};
}

/// Adds the news that a case was moved by an act.
macro_rules! news_of_case {
    ($tx:ident, $case:expr, $act:expr, $at:expr) => {{
        let told: Option<$crate::news::ToldCase> =
            sqlx::query_as($crate::sql_cases::CASE_TOLD).bind($case).fetch_optional(&mut *$tx).await?;
        if let Some(told) = told {
            let kind = tingxin_text::domain::NewsKind::CaseMoved;
            let detail = told.detail($act)?;
            $crate::news::news!($tx, kind, Some(told.contact), $case.to_string(), detail, $at);
        }
    }};
}

pub(super) use {news, news_of_case, news_of_verdict};

#[derive(FromRow)]
struct NewsRow {
    id: Uuid,
    seq: i64,
    kind: String,
    contact: Option<Uuid>,
    object: String,
    detail: String,
    at: i64,
    source: Option<String>,
    contact_id: Option<String>,
    channel: Option<String>,
    team: Option<String>,
    staff_id: Option<String>,
    started_at: Option<i64>,
}

impl TryFrom<NewsRow> for News {
    type Error = StoreError;

    fn try_from(row: NewsRow) -> Result<Self, StoreError> {
        let named = row.source.zip(row.contact_id).zip(row.channel);
        let contact = match row.contact.zip(named) {
            None => None,
            Some((id, ((source, contact_id), channel))) => Some(NewsContact {
                id: ContactRef(id),
                source: decode::text("contacts.source", &source)?,
                contact_id: decode::text("contacts.contact_id", &contact_id)?,
                channel: decode::text("contacts.channel", &channel)?,
                staff: decode::optional("contacts.staff_id", row.staff_id.as_deref())?,
                team: decode::optional("contacts.team", row.team.as_deref())?,
                started_at: row.started_at.map(UtcMillis::from_millis),
            }),
        };
        Ok(Self {
            seq: row.seq,
            id: row.id,
            kind: decode::text("news.kind", &row.kind)?,
            object: row.object,
            detail: decode::json("news.detail", &row.detail)?,
            at: UtcMillis::from_millis(row.at),
            contact,
        })
    }
}

impl Store {
    /// The feed after a number, in its order; `team` limits it to one team's contacts.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn news(&self, after: i64, team: Option<&TeamId>, limit: u32) -> Result<Vec<News>, StoreError> {
        self.number_news().await?;
        let rows: Vec<NewsRow> = reading!(self, |db| {
            sqlx::query_as(sql::NEWS)
                .bind(after)
                .bind(team.map(TeamId::as_str))
                .bind(i64::from(limit))
                .fetch_all(db)
                .await?
        });
        rows.into_iter().map(News::try_from).collect()
    }

    /// The last number of the feed: whoever begins there hears what happens from now on.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn news_head(&self) -> Result<i64, StoreError> {
        self.number_news().await?;
        Ok(reading!(self, |db| sqlx::query_scalar(sql::NEWS_HEAD).fetch_one(db).await?))
    }

    /// Says something once: nothing is added where something of that name has been said before.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn tell_once(&self, name: &str, detail: &str, at: UtcMillis) -> Result<bool, StoreError> {
        let added = writing!(self, |tx| {
            sqlx::query(sql::ADD_NEWS_ONCE)
                .bind(Uuid::now_v7())
                .bind(NewsKind::AlertRaised.as_str())
                .bind(name)
                .bind(detail)
                .bind(at.as_millis())
                .execute(&mut *tx)
                .await?
                .rows_affected()
        });
        Ok(added > 0)
    }

    /// Numbers everything that is committed and has no number.
    async fn number_news(&self) -> Result<(), StoreError> {
        loop {
            let waits: i64 = reading!(self, |db| sqlx::query_scalar(sql::NEWS_WAITS).fetch_one(db).await?);
            if waits == 0 {
                return Ok(());
            }
            writing!(self, |tx| {
                let head: i64 = sqlx::query_scalar(sql::TAKE_NEWS_HEAD).fetch_one(&mut *tx).await?;
                let numbered =
                    sqlx::query(sql::NUMBER_NEWS).bind(head).execute(&mut *tx).await?.rows_affected();
                let last = head.saturating_add(i64::try_from(numbered).unwrap_or(i64::MAX));
                sqlx::query(sql::PUT_NEWS_HEAD).bind(last).execute(&mut *tx).await?;
            });
        }
    }
}
