//! Groups of flags that are worded alike, samples of them, and one verdict for the rest.

use sqlx::FromRow;
use uuid::Uuid;

use super::audit::append;
use super::news::news_of_verdict;
use super::{NewAudit, Store, StoreError, decode, reading, sql, sql_bulk as own, sql_queue, writing};
use tingxin_text::domain::{ContactRef, FlagId, FlagStatus, Rule, TeamId, UtcMillis};

/// Unjudged flags of a rule that are worded alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WordingGroup {
    /// Whose flags.
    pub rule: Rule,
    /// How they are worded, as a digest.
    pub wording: String,
    /// How many.
    pub flags: usize,
    /// Why one of them was raised, one Chinese sentence.
    pub example: String,
}

/// A flag of such a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WordingFlag {
    /// Which.
    pub flag: FlagId,
    /// Its contact.
    pub contact: ContactRef,
    /// Revision of the contact.
    pub revision: u32,
    /// The turns it points at, as they stand in the store.
    pub utterances: String,
    /// Why it was raised, one Chinese sentence.
    pub reason: String,
}

/// A sample to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAcceptance {
    /// Whose flags.
    pub rule: Rule,
    /// How they are worded.
    pub wording: String,
    /// Contacts of this team; `None` for all.
    pub team: Option<TeamId>,
    /// Names the lot.
    pub seed: i64,
    /// The flags of the group, each with whether it was drawn.
    pub members: Vec<(WordingFlag, bool)>,
    /// The entry of the audit log, which says who and when.
    pub entry: NewAudit,
}

/// A sample of a group.
#[derive(Debug, Clone, PartialEq)]
pub struct AcceptanceSample {
    /// Our key.
    pub id: Uuid,
    /// Whose flags.
    pub rule: Rule,
    /// How they are worded.
    pub wording: String,
    /// Why one of them was raised, one Chinese sentence.
    pub example: String,
    /// Contacts of this team; `None` for all.
    pub team: Option<TeamId>,
    /// Flags of the group when it was drawn.
    pub members: usize,
    /// Flags of the sample.
    pub drawn: usize,
    /// Account.
    pub drawn_by: String,
    /// When.
    pub drawn_at: UtcMillis,
    /// What was said of the rest.
    pub given: Option<BulkVerdict>,
}

/// One verdict for many, and how wrong it may be.
#[derive(Debug, Clone, PartialEq)]
pub struct BulkVerdict {
    /// What was said.
    pub status: FlagStatus,
    /// Flags of the sample of which something else was said.
    pub wrong: usize,
    /// Upper end of the share of the rest that is wrong, at 95 %.
    pub bound: f64,
    /// Flags that got it.
    pub judged: usize,
    /// Account.
    pub given_by: String,
    /// When.
    pub given_at: UtcMillis,
}

/// A verdict to be given to the rest.
#[derive(Debug, Clone, PartialEq)]
pub struct NewBulkVerdict {
    /// On which sample it rests.
    pub sample: Uuid,
    /// What is said.
    pub status: FlagStatus,
    /// Flags of the sample of which something else was said.
    pub wrong: usize,
    /// Upper end of the share of the rest that is wrong, at 95 %.
    pub bound: f64,
    /// The entry of the audit log, which says who and when.
    pub entry: NewAudit,
}

/// A flag of a sample and what was said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DrawnFlag {
    /// Which.
    pub flag: FlagId,
    /// Its contact.
    pub contact: ContactRef,
    /// What was said; `candidate` before it was.
    pub status: FlagStatus,
}

#[derive(FromRow)]
struct WordingRow {
    rule: String,
    wording: String,
    flags: i64,
    example: String,
}

#[derive(FromRow)]
struct WordingFlagRow {
    flag: Uuid,
    contact: Uuid,
    revision: i64,
    utterances: String,
    reason: String,
}

#[derive(FromRow)]
struct AcceptanceRow {
    id: Uuid,
    rule: String,
    wording: String,
    example: String,
    team: Option<String>,
    members: i64,
    drawn: i64,
    drawn_by: String,
    drawn_at: i64,
    verdict: Option<String>,
    wrong: Option<i64>,
    bound: Option<f64>,
    judged: Option<i64>,
    given_by: Option<String>,
    given_at: Option<i64>,
}

#[derive(FromRow)]
struct RestRow {
    flag: Uuid,
    contact: Uuid,
    revision: i64,
    utterances: String,
    source: String,
    contact_id: String,
}

impl TryFrom<AcceptanceRow> for AcceptanceSample {
    type Error = StoreError;

    fn try_from(row: AcceptanceRow) -> Result<Self, StoreError> {
        let number = |value| decode::number("acceptance_samples", value);
        let given = match (row.verdict, row.bound, row.given_by, row.given_at) {
            (Some(verdict), Some(bound), Some(given_by), Some(given_at)) => Some(BulkVerdict {
                status: decode::text("acceptance_samples.verdict", &verdict)?,
                wrong: number(row.wrong.unwrap_or_default())?,
                bound,
                judged: number(row.judged.unwrap_or_default())?,
                given_by,
                given_at: UtcMillis::from_millis(given_at),
            }),
            _ => None,
        };
        Ok(Self {
            id: row.id,
            rule: decode::text("acceptance_samples.rule", &row.rule)?,
            wording: row.wording,
            example: row.example,
            team: decode::optional("acceptance_samples.team", row.team.as_deref())?,
            members: number(row.members)?,
            drawn: number(row.drawn)?,
            drawn_by: row.drawn_by,
            drawn_at: UtcMillis::from_millis(row.drawn_at),
            given,
        })
    }
}

impl Store {
    /// Groups of unjudged flags that are worded alike, of a team or of all, at least `least` flags each, largest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn wording_groups(
        &self,
        team: Option<&TeamId>,
        least: u32,
        limit: u32,
    ) -> Result<Vec<WordingGroup>, StoreError> {
        let rows: Vec<WordingRow> = reading!(self, |db| {
            let asked = sqlx::query_as(own::WORDINGS).bind(team.map(TeamId::as_str)).bind(i64::from(least));
            asked.bind(i64::from(limit)).fetch_all(db).await?
        });
        let group = |row: WordingRow| {
            Ok(WordingGroup {
                rule: decode::text("flags.rule", &row.rule)?,
                wording: row.wording,
                flags: decode::number("flags", row.flags)?,
                example: row.example,
            })
        };
        rows.into_iter().map(group).collect()
    }

    /// The unjudged flags of such a group, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn wording_flags(
        &self,
        (rule, wording): (Rule, &str),
        team: Option<&TeamId>,
        limit: u32,
    ) -> Result<Vec<WordingFlag>, StoreError> {
        let rows: Vec<WordingFlagRow> = reading!(self, |db| {
            let asked = sqlx::query_as(own::WORDING_FLAGS).bind(rule.as_str()).bind(wording);
            asked.bind(team.map(TeamId::as_str)).bind(i64::from(limit)).fetch_all(db).await?
        });
        let flag = |row: WordingFlagRow| {
            Ok(WordingFlag {
                flag: FlagId(row.flag),
                contact: ContactRef(row.contact),
                revision: decode::number("analyses.revision", row.revision)?,
                utterances: row.utterances,
                reason: row.reason,
            })
        };
        rows.into_iter().map(flag).collect()
    }

    /// Keeps a sample and writes it to the audit log; its key.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn add_acceptance(&self, new: &NewAcceptance) -> Result<Uuid, StoreError> {
        let NewAcceptance { rule, wording, team, seed, members, entry } = new;
        let id = Uuid::now_v7();
        let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        let drawn = count(members.iter().filter(|(_, drawn)| *drawn).count());
        let example = members.first().map(|(flag, _)| flag.reason.as_str()).unwrap_or_default();
        writing!(self, |tx| {
            sqlx::query(own::ADD_ACCEPTANCE)
                .bind(id)
                .bind(rule.as_str())
                .bind(wording)
                .bind(example)
                .bind(team.as_ref().map(TeamId::as_str))
                .bind(*seed)
                .bind(count(members.len()))
                .bind(drawn)
                .bind(&entry.actor.name)
                .bind(entry.at.as_millis())
                .execute(&mut *tx)
                .await?;
            for (flag, drawn) in members {
                let adding = sqlx::query(own::ADD_ACCEPTANCE_MEMBER).bind(id).bind(flag.flag.0);
                let adding =
                    adding.bind(flag.contact.0).bind(i64::from(flag.revision)).bind(&flag.utterances);
                adding.bind(i64::from(*drawn)).execute(&mut *tx).await?;
            }
            append!(tx, entry);
        });
        Ok(id)
    }

    /// Samples of a team or of all, latest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn acceptances(
        &self,
        team: Option<&TeamId>,
        limit: u32,
    ) -> Result<Vec<AcceptanceSample>, StoreError> {
        let rows: Vec<AcceptanceRow> = reading!(self, |db| {
            let asked = sqlx::query_as(own::ACCEPTANCES).bind(team.map(TeamId::as_str));
            asked.bind(i64::from(limit)).fetch_all(db).await?
        });
        rows.into_iter().map(AcceptanceSample::try_from).collect()
    }

    /// What was said of the flags of a sample.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn acceptance_words(&self, sample: Uuid) -> Result<Vec<DrawnFlag>, StoreError> {
        let rows: Vec<(Uuid, Uuid, String)> =
            reading!(self, |db| sqlx::query_as(own::ACCEPTANCE_WORDS).bind(sample).fetch_all(db).await?);
        let drawn = |(flag, contact, status): (Uuid, Uuid, String)| {
            let status = decode::text("verdicts.verdict", &status)?;
            Ok(DrawnFlag { flag: FlagId(flag), contact: ContactRef(contact), status })
        };
        rows.into_iter().map(drawn).collect()
    }

    /// Gives the rest of a group one verdict and writes it to the audit log; how many flags got it. `None` when it has been
    /// given before. A flag that somebody judged meanwhile, or that is another by now, is left as it is.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn judge_rest(&self, new: &NewBulkVerdict) -> Result<Option<usize>, StoreError> {
        let NewBulkVerdict { sample, status, wrong, bound, entry } = new;
        let mut rest: Vec<RestRow> =
            reading!(self, |db| sqlx::query_as(own::ACCEPTANCE_REST).bind(*sample).fetch_all(db).await?);
        // The lock order of the store, see `queue.rs`.
        rest.sort_by(|a, b| (&a.source, &a.contact_id).cmp(&(&b.source, &b.contact_id)));
        let (by, at) = (&entry.actor.name, entry.at.as_millis());
        Ok(writing!(self, |tx| {
            let giving = sqlx::query(own::GIVE_BULK).bind(*sample).bind(status.as_str());
            let giving =
                giving.bind(i64::try_from(*wrong).unwrap_or(i64::MAX)).bind(*bound).bind(by).bind(at);
            let fresh = giving.execute(&mut *tx).await?.rows_affected() > 0;
            let mut judged = 0_u32;
            for one in rest.iter().filter(|_| fresh) {
                sqlx::query(sql_queue::LOCK_CONTACT).bind(one.contact).execute(&mut *tx).await?;
                let added = sqlx::query(own::ADD_BULK_VERDICT).bind(one.flag).bind(&one.utterances);
                let added = added.bind(status.as_str()).bind(by).bind(at).bind(*sample).bind(one.revision);
                if added.execute(&mut *tx).await?.rows_affected() > 0 {
                    let shown = sqlx::query(sql::SHOW_VERDICT).bind(one.flag).bind(status.as_str());
                    shown.bind(&one.utterances).execute(&mut *tx).await?;
                    news_of_verdict!(tx, one.flag, one.contact, at);
                    judged += 1;
                }
            }
            if fresh {
                sqlx::query(own::COUNT_BULK).bind(*sample).bind(i64::from(judged)).execute(&mut *tx).await?;
                append!(tx, entry);
            }
            fresh.then(|| usize::try_from(judged).unwrap_or(usize::MAX))
        }))
    }
}
