//! What goes because its time is over.

use uuid::Uuid;

use super::audit::append;
use super::erase::{BATCH, FoundContact, ordered};
use super::forget::{Changed, rewrite};
use super::index::index_text;
use super::scrub::due;
use super::{
    Actor, NewAudit, Store, StoreError, decode, execute, reading, sql_appeals, sql_cases, sql_privacy as own,
    sql_queue, writing,
};
use tingxin_text::domain::{Analysis, Flag, RedactedContact, UtcMillis};

/// Until when what is kept: whatever is older goes. `None` keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Horizons {
    /// Words of contacts: texts, quotations, notes of verdicts.
    pub text: Option<UtcMillis>,
    /// Whole contacts with analyses, flags, verdicts and numbers, by full weeks.
    pub analyses: Option<UtcMillis>,
    /// Weekly sums, incidents and coaching, by full weeks.
    pub sums: Option<UtcMillis>,
    /// Entries of the audit log.
    pub audit: Option<UtcMillis>,
}

/// How much is older than it may be, or went because it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Expired {
    /// Contacts that lose their words.
    pub texts: u64,
    /// Contacts that go whole.
    pub contacts: u64,
    /// Weekly sums.
    pub sums: u64,
    /// Incidents and agreed coaching.
    pub events: u64,
    /// Entries of the audit log.
    pub audit_entries: u64,
}

impl Horizons {
    /// Whole weeks only: a sum must not lose a part of its contacts.
    fn weeks(at: UtcMillis) -> UtcMillis {
        UtcMillis::of_week(at.week())
    }
}

/// The last entry of the audit log that goes.
#[derive(sqlx::FromRow)]
struct LastRow {
    seq: i64,
    chain: String,
}

/// Entries of the audit log that are removed at once.
const AUDIT_PORTION: i64 = 1_000;

impl Store {
    /// How much is older than it may be. Changes nothing.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn expired(&self, horizons: &Horizons) -> Result<Expired, StoreError> {
        let mut expired = Expired::default();
        if let Some(at) = horizons.text {
            expired.texts = self.count(own::COUNT_WORDS, at.as_millis()).await?;
        }
        if let Some(at) = horizons.analyses.map(Horizons::weeks) {
            expired.contacts = self.count(own::COUNT_CONTACTS_BEFORE, at.as_millis()).await?;
        }
        if let Some(at) = horizons.sums.map(Horizons::weeks) {
            expired.sums = self.count(own::COUNT_SUMS_BEFORE, at.week()).await?;
            expired.events = self.count(own::COUNT_EVENTS_BEFORE, at.as_millis()).await?;
        }
        if let Some(at) = horizons.audit
            && let Some(last) = self.last_audit_before(at).await?
        {
            expired.audit_entries = self.count(own::COUNT_AUDIT_UNTIL, last.seq).await?;
        }
        Ok(expired)
    }

    async fn count(&self, statement: &'static str, until: i64) -> Result<u64, StoreError> {
        let count: i64 =
            reading!(self, |pool| sqlx::query_scalar(statement).bind(until).fetch_one(pool).await?);
        decode::number("retention", count)
    }

    /// Lets go what is older than it may be; how much went.
    ///
    /// # Errors
    /// [`StoreError`]; what went until then is gone.
    pub async fn expire(&self, horizons: &Horizons, now: UtcMillis) -> Result<Expired, StoreError> {
        let mut expired = Expired::default();
        if let Some(at) = horizons.analyses.map(Horizons::weeks) {
            expired.contacts = self.expire_contacts(at, now).await?;
        }
        if let Some(at) = horizons.text {
            expired.texts = self.expire_words(at, now).await?;
        }
        if let Some(at) = horizons.sums.map(Horizons::weeks) {
            let millis = at.as_millis();
            expired.sums = execute!(self, own::DROP_SUMS_BEFORE, at.week());
            execute!(self, own::DROP_MARKS_BEFORE, at.week());
            expired.events = execute!(self, own::DROP_INCIDENTS_BEFORE, millis)
                + execute!(self, own::DROP_COACHING_BEFORE, millis);
        }
        if let Some(at) = horizons.audit {
            expired.audit_entries = self.trim_audit(at, now).await?;
        }
        if expired != Expired::default() {
            writing!(self, |tx| {
                due!(tx, now);
            });
        }
        Ok(expired)
    }

    async fn found(
        &self,
        statement: &'static str,
        before: UtcMillis,
    ) -> Result<Vec<FoundContact>, StoreError> {
        let found: Vec<FoundContact> = reading!(self, |pool| {
            sqlx::query_as(statement).bind(before.as_millis()).bind(BATCH).fetch_all(pool).await?
        });
        Ok(ordered(found))
    }

    /// Removes contacts whole. Their sums stay: they hold no person's contact any more, only counts
    /// of whole weeks. A sum that is out of date would be computed from nothing, so contacts wait
    /// until theirs are computed.
    async fn expire_contacts(&self, before: UtcMillis, now: UtcMillis) -> Result<u64, StoreError> {
        if self.count(own::COUNT_MARKS_BEFORE, before.week()).await? > 0 {
            tracing::warn!("weekly sums are still out of date: contacts stay until the next round");
            return Ok(0);
        }
        let mut removed = 0;
        loop {
            let found = self.found(own::FIND_CONTACTS_BEFORE, before).await?;
            if found.is_empty() {
                return Ok(removed);
            }
            removed += writing!(self, |tx| {
                let mut gone = 0;
                for FoundContact { id, .. } in &found {
                    sqlx::query(sql_queue::LOCK_CONTACT).bind(id).execute(&mut *tx).await?;
                    gone += sqlx::query(own::ERASE_CONTACT).bind(id).execute(&mut *tx).await?.rows_affected();
                }
                due!(tx, now);
                gone
            });
        }
    }

    /// Takes the words out of contacts; numbers, flags and verdicts stay.
    async fn expire_words(&self, before: UtcMillis, now: UtcMillis) -> Result<u64, StoreError> {
        let of_contact = |contact: &mut RedactedContact| {
            contact.forget_words();
            Changed::Yes
        };
        let of_analysis = |analysis: &mut Analysis| {
            analysis.forget_words();
            Changed::Yes
        };
        let of_flag = |flag: &mut Flag| {
            flag.forget_words();
            Changed::Yes
        };
        let dialect = self.dialect();
        let mut removed = 0;
        loop {
            let found = self.found(own::FIND_WORDS, before).await?;
            if found.is_empty() {
                return Ok(removed);
            }
            writing!(self, |tx| {
                for FoundContact { id, .. } in &found {
                    let id: &Uuid = id;
                    sqlx::query(sql_queue::LOCK_CONTACT).bind(id).execute(&mut *tx).await?;
                    let gone = sqlx::query(own::SET_WORDS_GONE)
                        .bind(id)
                        .bind(now.as_millis())
                        .bind(before.as_millis());
                    if gone.execute(&mut *tx).await?.rows_affected() == 0 {
                        continue;
                    }
                    // Only a contact that was set aside has a job here, and without words there is
                    // nothing to try again.
                    sqlx::query(sql_queue::DROP_JOB).bind(id).execute(&mut *tx).await?;
                    sqlx::query(own::DROP_EARLIER_ANALYSES).bind(id).execute(&mut *tx).await?;
                    rewrite!(tx, id, of_contact, of_analysis, of_flag);
                    index_text!(tx, dialect, id);
                    for forget in [
                        own::DROP_NOTES,
                        sql_appeals::DROP_APPEAL_WORDS,
                        sql_appeals::DROP_ACKNOWLEDGED_WORDS,
                        sql_cases::DROP_CASE_WORDS,
                    ] {
                        sqlx::query(forget).bind(id).execute(&mut *tx).await?;
                    }
                    removed += 1;
                }
                due!(tx, now);
            });
        }
    }

    async fn last_audit_before(&self, at: UtcMillis) -> Result<Option<LastRow>, StoreError> {
        Ok(reading!(self, |pool| {
            sqlx::query_as(own::LAST_AUDIT_BEFORE)
                .bind(at.as_millis())
                .bind(i64::MAX)
                .fetch_optional(pool)
                .await?
        }))
    }

    /// Removes the oldest entries of the audit log. The log remembers where it begins now, and says
    /// so in an entry.
    async fn trim_audit(&self, before: UtcMillis, now: UtcMillis) -> Result<u64, StoreError> {
        let Some(LastRow { seq, chain }) = self.last_audit_before(before).await? else { return Ok(0) };
        let actor = Actor::here("system", None);
        let entry = NewAudit {
            at: now,
            actor,
            action: super::audit::TRIMMED,
            object: seq.to_string(),
            result: "ok",
            purpose: None,
        };
        writing!(self, |tx| {
            // The entry comes first: it locks the head, so that two processes do not trim at the
            // same time.
            append!(tx, &entry);
            sqlx::query(own::SET_AUDIT_START).bind(seq).bind(&chain).execute(&mut *tx).await?;
        });
        // In portions without that lock: whoever reads waits for an entry of their own meanwhile.
        let first: Option<i64> =
            reading!(self, |db| { sqlx::query_scalar(own::FIRST_AUDIT).fetch_one(db).await? });
        let mut removed = 0;
        let mut from = first.unwrap_or(seq) - 1;
        while from < seq {
            let to = seq.min(from + AUDIT_PORTION);
            removed += execute!(self, own::DROP_AUDIT_UNTIL, from, to);
            from = to;
        }
        Ok(removed)
    }
}
