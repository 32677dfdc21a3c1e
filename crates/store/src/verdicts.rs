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
#[derive(Debug, Clone, PartialEq)]
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
    /// Where nobody listened to this one: upper end of the share of such verdicts that is wrong, at 95 %.
    pub bulk_bound: Option<f64>,
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
    bound: Option<f64>,
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
            bulk_bound: row.bound,
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

/// A verdict whose texts are ready to be bound.
struct PreparedVerdict<'a> {
    of: &'a NewVerdict,
    utterances: String,
    seen: Option<i64>,
    entry: NewAudit,
}

impl<'a> PreparedVerdict<'a> {
    fn new(of: &'a NewVerdict) -> Result<Self, StoreError> {
        let utterances = decode::to_json("verdicts.utterances", &of.utterances)?;
        let seen = of.seen.map(|seen| i64::try_from(seen).unwrap_or(i64::MAX));
        Ok(Self { of, utterances, seen, entry: of.entry() })
    }
}

/// Writes a verdict if the flag is what the person looked at; how many rows that made.
macro_rules! keep {
    ($tx:ident, $one:ident, $team:ident, $statement:expr) => {
        sqlx::query($statement)
            .bind($one.of.flag.0)
            .bind($one.of.status.as_str())
            .bind($one.of.note.as_ref().map(RedactedText::as_str))
            .bind(&$one.of.by.name)
            .bind($one.of.at.as_millis())
            .bind(&$one.utterances)
            .bind($one.of.revision.map(i64::from))
            .bind($one.seen)
            .bind($team)
            .bind($one.of.objection.map(Objection::as_str))
            .bind($one.of.took_ms.map(i64::from))
            .execute(&mut *$tx)
            .await?
            .rows_affected()
    };
}

/// What stands against a verdict, before anything is written.
macro_rules! against {
    ($tx:ident, $one:ident, $team:ident, $contact:ident) => {{
        let appeal: Option<String> = sqlx::query_scalar(sql_appeals::APPEAL_ON_FLAG)
            .bind($one.of.flag.0)
            .bind(&$one.utterances)
            .fetch_optional(&mut *$tx)
            .await?;
        let stands: i64 = sqlx::query_scalar(sql::FLAG_STANDS)
            .bind($one.of.flag.0)
            .bind(&$one.utterances)
            .bind($one.of.revision.map(i64::from))
            .bind($one.seen)
            .bind($team)
            .bind($contact)
            .fetch_one(&mut *$tx)
            .await?;
        let appealed = appeal.is_some_and(|state| state != AppealState::Answered.as_str());
        (appealed, stands > 0)
    }};
}

impl Store {
    /// Keeps a verdict, lets the flag show it and writes it to the audit log, all or nothing. A verdict may be taken back also
    /// when the flag is no longer raised.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn judge(&self, verdict: &NewVerdict, team: Option<&TeamId>) -> Result<Judged, StoreError> {
        self.judge_together(std::slice::from_ref(verdict), team).await
    }

    /// The same for several flags of one contact: a row for each of them, or for none.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn judge_together(
        &self,
        verdicts: &[NewVerdict],
        team: Option<&TeamId>,
    ) -> Result<Judged, StoreError> {
        let prepared = verdicts.iter().map(PreparedVerdict::new).collect::<Result<Vec<_>, _>>()?;
        let Some(first) = prepared.first() else { return Ok(Judged::Unknown) };
        let (team, alone) = (team.map(TeamId::as_str), prepared.len() == 1);
        Ok(writing!(self, |tx| {
            let contact: Option<Uuid> = sqlx::query_scalar(sql::CONTACT_OF_FLAG)
                .bind(first.of.flag.0)
                .bind(team)
                .fetch_optional(&mut *tx)
                .await?;
            match contact {
                None => Judged::Unknown,
                Some(contact) => {
                    // The lock order of the store, see `queue.rs`. Until then the flag may become another one.
                    sqlx::query(sql_queue::LOCK_CONTACT).bind(contact).execute(&mut *tx).await?;
                    let mut outcome = Judged::Kept(ContactRef(contact));
                    for one in &prepared {
                        let (appealed, stands) = against!(tx, one, team, contact);
                        // What is taken back alone need not stand any more.
                        let gone = !(stands || alone && one.of.status == FlagStatus::Candidate);
                        if appealed || gone {
                            outcome = if appealed { Judged::Appealed } else { Judged::Changed };
                            break;
                        }
                    }
                    let free = matches!(outcome, Judged::Kept(_));
                    for one in prepared.iter().filter(|_| free) {
                        let mut kept = keep!(tx, one, team, sql::ADD_VERDICT);
                        if kept == 0 && one.of.status == FlagStatus::Candidate {
                            kept = keep!(tx, one, team, sql::TAKE_VERDICT_BACK);
                        }
                        if kept == 0 {
                            outcome = Judged::Changed;
                            continue;
                        }
                        let shown = sqlx::query(sql::SHOW_VERDICT).bind(one.of.flag.0);
                        let shown = shown.bind(one.of.status.as_str()).bind(&one.utterances);
                        shown.execute(&mut *tx).await?;
                        news_of_verdict!(tx, one.of.flag.0, contact, one.of.at.as_millis());
                        append!(tx, &one.entry);
                    }
                    outcome
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
