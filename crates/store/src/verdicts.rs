//! What people say about flags.
//!
//! A verdict is about a rule at certain turns of a revision. When a contact is analysed anew, a flag that is the same in all
//! three keeps it; one that points elsewhere waits for a person again.

use sqlx::FromRow;
use uuid::Uuid;

use super::audit::append;
use super::news::news_of_verdict;
use super::{Actor, NewAudit, Store, StoreError, decode, reading, sql, sql_appeals, sql_queue, writing};
use tingxin_text::domain::{
    AppealState, ContactRef, FlagId, FlagStatus, Objection, RedactedText, Rule, TeamId, UtcMillis,
};

/// What a person says about a flag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewVerdict {
    /// Which flag.
    pub flag: FlagId,
    /// The turns that the person looked at.
    pub utterances: Vec<usize>,
    /// The revision that the person looked at; none for the current one.
    pub revision: Option<u32>,
    /// How many verdicts the person saw on it; none where it does not matter.
    pub seen: Option<usize>,
    /// Confirmed or rejected; a candidate again when the person takes back what was said.
    pub status: FlagStatus,
    /// Why it was rejected, of the fixed list.
    pub objection: Option<Objection>,
    /// Why, in words.
    pub note: Option<RedactedText>,
    /// Milliseconds from opening the contact to the verdict.
    pub took_ms: Option<u32>,
    /// Who says so.
    pub by: Actor,
    /// When.
    pub at: UtcMillis,
}

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Judged {
    /// It is kept; the flag's contact.
    Kept(ContactRef),
    /// The flag is not what the person looked at any more.
    Changed,
    /// The flag is under appeal, or a second reviewer has decided one.
    Appealed,
    /// There is no such flag, or it is another team's.
    Unknown,
}

/// What a person said about a flag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Which flag.
    pub flag: FlagId,
    /// What had raised it.
    pub rule: Rule,
    /// The turns it pointed at.
    pub utterances: Vec<usize>,
    /// Revision of the contact that was listened to.
    pub revision: u32,
    /// Confirmed, rejected or unclear; `candidate` when it was taken back.
    pub status: FlagStatus,
    /// Why it was rejected, of the fixed list.
    pub objection: Option<Objection>,
    /// Why, in words.
    pub note: Option<String>,
    /// Who said so.
    pub judged_by: String,
    /// When.
    pub judged_at: UtcMillis,
}

#[derive(FromRow)]
struct VerdictRow {
    flag: Uuid,
    rule: String,
    utterances: String,
    revision: i64,
    verdict: String,
    note: Option<String>,
    judged_by: String,
    judged_at: i64,
    objection: Option<String>,
}

/// How somebody gets on with reviewing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Pace {
    /// Verdicts.
    pub verdicts: usize,
    /// Median time of a verdict in milliseconds; `None` where none was measured.
    pub median_ms: Option<u32>,
}

impl TryFrom<VerdictRow> for Verdict {
    type Error = StoreError;

    fn try_from(row: VerdictRow) -> Result<Self, StoreError> {
        Ok(Self {
            flag: FlagId(row.flag),
            rule: decode::text("verdicts.rule", &row.rule)?,
            utterances: decode::json("verdicts.utterances", &row.utterances)?,
            revision: decode::number("verdicts.revision", row.revision)?,
            status: decode::text("verdicts.verdict", &row.verdict)?,
            objection: decode::optional("verdicts.objection", row.objection.as_deref())?,
            note: row.note,
            judged_by: row.judged_by,
            judged_at: UtcMillis::from_millis(row.judged_at),
        })
    }
}

impl NewVerdict {
    /// The entry of the audit log.
    fn entry(&self) -> NewAudit {
        let action = match self.status {
            FlagStatus::Confirmed => "flag.confirm",
            FlagStatus::Rejected => "flag.reject",
            FlagStatus::Unclear => "flag.unclear",
            FlagStatus::Candidate => "flag.reopen",
        };
        let object = self.flag.0.to_string();
        NewAudit { at: self.at, actor: self.by.clone(), action, object, result: "ok", purpose: None }
    }
}

impl Store {
    /// Keeps a verdict, lets the flag show it and writes it to the audit log, all or nothing. A verdict may be taken back also
    /// when the flag is no longer raised.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn judge(&self, verdict: &NewVerdict, team: Option<&TeamId>) -> Result<Judged, StoreError> {
        let NewVerdict { flag, utterances, revision, seen, status, objection, note, took_ms, by, at } =
            verdict;
        let (utterances, team) =
            (decode::to_json("verdicts.utterances", utterances)?, team.map(TeamId::as_str));
        let (note, entry) = (note.as_ref().map(RedactedText::as_str), verdict.entry());
        let seen = seen.map(|seen| i64::try_from(seen).unwrap_or(i64::MAX));
        macro_rules! keep {
            ($tx:ident, $statement:expr) => {
                sqlx::query($statement)
                    .bind(flag.0)
                    .bind(status.as_str())
                    .bind(note)
                    .bind(&by.name)
                    .bind(at.as_millis())
                    .bind(&utterances)
                    .bind(revision.map(i64::from))
                    .bind(seen)
                    .bind(team)
                    .bind(objection.map(Objection::as_str))
                    .bind(took_ms.map(i64::from))
                    .execute(&mut *$tx)
                    .await?
                    .rows_affected()
            };
        }
        Ok(writing!(self, |tx| {
            let contact: Option<Uuid> = sqlx::query_scalar(sql::CONTACT_OF_FLAG)
                .bind(flag.0)
                .bind(team)
                .fetch_optional(&mut *tx)
                .await?;
            match contact {
                None => Judged::Unknown,
                Some(contact) => {
                    // The lock order of the store, see `queue.rs`. Until then the flag may become another one.
                    sqlx::query(sql_queue::LOCK_CONTACT).bind(contact).execute(&mut *tx).await?;
                    let appeal: Option<String> = sqlx::query_scalar(sql_appeals::APPEAL_ON_FLAG)
                        .bind(flag.0)
                        .bind(&utterances)
                        .fetch_optional(&mut *tx)
                        .await?;
                    let appealed = appeal.is_some_and(|state| state != AppealState::Answered.as_str());
                    let mut kept = if appealed { 0 } else { keep!(tx, sql::ADD_VERDICT) };
                    if kept == 0 && !appealed && *status == FlagStatus::Candidate {
                        kept = keep!(tx, sql::TAKE_VERDICT_BACK);
                    }
                    if appealed {
                        Judged::Appealed
                    } else if kept == 0 {
                        Judged::Changed
                    } else {
                        sqlx::query(sql::SHOW_VERDICT)
                            .bind(flag.0)
                            .bind(status.as_str())
                            .bind(&utterances)
                            .execute(&mut *tx)
                            .await?;
                        news_of_verdict!(tx, flag.0, contact, at.as_millis());
                        append!(tx, &entry);
                        Judged::Kept(ContactRef(contact))
                    }
                }
            }
        }))
    }

    /// How many verdicts somebody gave since a moment, and how long they took. What was taken back is
    /// not counted.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn pace(&self, by: &str, since: UtcMillis) -> Result<Pace, StoreError> {
        let rows: Vec<(Option<i64>,)> = reading!(self, |pool| sqlx::query_as(sql::PACE)
            .bind(by)
            .bind(since.as_millis())
            .fetch_all(pool)
            .await?);
        let verdicts = rows.len();
        // The statement has them in order; those that nobody measured stand together at one end.
        let took: Vec<i64> = rows.into_iter().filter_map(|(took,)| took).collect();
        let median = took.get(took.len() / 2).copied();
        Ok(Pace { verdicts, median_ms: median.map(|ms| decode::number("verdicts.took_ms", ms)).transpose()? })
    }

    /// Every verdict on the flags of a contact, oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn verdicts(&self, contact: ContactRef) -> Result<Vec<Verdict>, StoreError> {
        let rows: Vec<VerdictRow> =
            reading!(self, |db| sqlx::query_as(sql::VERDICTS).bind(contact.0).fetch_all(db).await?);
        rows.into_iter().map(Verdict::try_from).collect()
    }
}
