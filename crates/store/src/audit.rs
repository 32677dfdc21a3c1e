//! The audit log, a chain in which every entry seals the one before.

use sha2::{Digest as _, Sha256};
use sqlx::FromRow;
use uuid::Uuid;

use super::{AuditEntry, Cursor, Page, Store, StoreError, decode, list, reading, sql_accounts as sql};
use tingxin_text::domain::UtcMillis;

/// A place up to which the log is known to be as it was written; by default its beginning.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditMark {
    seq: i64,
    chain: String,
}

/// Entries that [`Store::verify_audit`] reads at once.
const WALK: i64 = 1_000;

/// What checking the audit log found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuditCheck {
    /// Every entry is as it was written, and none is missing.
    Intact {
        /// How many there are. Those that were removed because their time was over are not counted.
        entries: i64,
    },
    /// The entry at this position was changed, removed or put in another place.
    Broken {
        /// Position in the log.
        seq: i64,
    },
}

/// The action of the entry that says up to where the oldest entries were removed.
pub(super) const TRIMMED: &str = "audit.trim";

#[derive(FromRow)]
pub(super) struct EntryRow {
    seq: i64,
    at: i64,
    actor: String,
    role: Option<String>,
    action: String,
    object: String,
    result: String,
    address: Option<String>,
    purpose: Option<String>,
    chain: String,
}

#[derive(FromRow)]
struct HeadRow {
    seq: i64,
    chain: String,
    start_seq: i64,
    start_chain: String,
}

impl TryFrom<EntryRow> for AuditEntry {
    type Error = StoreError;

    fn try_from(row: EntryRow) -> Result<Self, StoreError> {
        Ok(Self {
            seq: row.seq,
            at: UtcMillis::from_millis(row.at),
            actor: row.actor,
            role: decode::optional("audit_log.role", row.role.as_deref())?,
            action: row.action,
            object: row.object,
            result: row.result,
            address: row.address,
            purpose: decode::optional("audit_log.purpose", row.purpose.as_deref())?,
            chain: row.chain,
        })
    }
}

/// What the chain value of an entry is made of.
pub(super) struct Sealed<'a> {
    pub(super) at: i64,
    pub(super) actor: &'a str,
    pub(super) role: Option<&'a str>,
    pub(super) action: &'a str,
    pub(super) object: &'a str,
    pub(super) result: &'a str,
    pub(super) address: Option<&'a str>,
    pub(super) purpose: Option<&'a str>,
}

impl Sealed<'_> {
    /// SHA-256 over the chain so far and every field. A JSON array cannot be read in two ways,
    /// which fields written one after the other could.
    pub(super) fn link(&self, before: &str, seq: i64) -> String {
        let Self { at, actor, role, action, object, result, address, purpose } = self;
        let entry = (at, actor, role, action, object, result);
        let sealed = if address.is_none() && purpose.is_none() {
            // The releases that kept neither sealed their entries like this, and those must still
            // fit.
            serde_json::json!([before, seq, entry])
        } else {
            serde_json::json!([before, seq, entry, address, purpose])
        };
        tingxin_text::domain::ContentDigest(Sha256::digest(sealed.to_string()).into()).to_hex()
    }
}

impl EntryRow {
    fn sealed(&self) -> Sealed<'_> {
        Sealed {
            at: self.at,
            actor: &self.actor,
            role: self.role.as_deref(),
            action: &self.action,
            object: &self.object,
            result: &self.result,
            address: self.address.as_deref(),
            purpose: self.purpose.as_deref(),
        }
    }
}

/// Appends an entry within a transaction.
macro_rules! append {
    ($tx:ident, $entry:expr) => {{
        let $crate::NewAudit { at, actor, action, object, result, purpose } = $entry;
        let address = actor.address.map(|address| address.to_string());
        let sealed = $crate::audit::Sealed {
            at: at.as_millis(),
            actor: &actor.name,
            role: actor.role.map(tingxin_text::domain::Role::as_str),
            action,
            object,
            result,
            address: address.as_deref(),
            purpose: purpose.map(tingxin_text::domain::Purpose::as_str),
        };
        let (seq, before): (i64, String) =
            sqlx::query_as($crate::sql_accounts::NEXT_AUDIT).fetch_one(&mut *$tx).await?;
        let chain = sealed.link(&before, seq);
        sqlx::query($crate::sql_accounts::ADD_AUDIT)
            .bind(seq)
            .bind(sealed.at)
            .bind(sealed.actor)
            .bind(sealed.role)
            .bind(sealed.action)
            .bind(sealed.object)
            .bind(sealed.result)
            .bind(sealed.address)
            .bind(sealed.purpose)
            .bind(&chain)
            .execute(&mut *$tx)
            .await?;
        sqlx::query($crate::sql_accounts::SET_AUDIT_HEAD).bind(&chain).execute(&mut *$tx).await?;
    }};
}

pub(super) use append;

/// Which entries. Every part is optional and they all must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Who, as it stands in the log: `user:NAME`, `key:NAME` or `system`.
    pub actor: Option<String>,
    /// What was done.
    pub action: Option<String>,
    /// At or after.
    pub since: Option<UtcMillis>,
    /// Before.
    pub until: Option<UtcMillis>,
}

impl AuditFilter {
    fn conditions(&self, after: Option<&Cursor>) -> Vec<list::Condition> {
        let text = |text: &Option<String>| text.clone().map(list::Value::Text);
        let time = |time: Option<UtcMillis>| time.map(|time| list::Value::Number(time.as_millis()));
        // Positions are unique: the cursor needs no second key.
        let conditions = [
            ("a.actor = ", text(&self.actor)),
            ("a.action = ", text(&self.action)),
            ("a.at >= ", time(self.since)),
            ("a.at < ", time(self.until)),
            ("a.seq < ", after.map(|cursor| list::Value::Number(cursor.sort))),
        ];
        conditions.into_iter().filter_map(|(condition, value)| Some((condition, value?))).collect()
    }
}

impl Store {
    /// The audit log, newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn audit_log(
        &self,
        after: Option<&Cursor>,
        limit: u32,
    ) -> Result<Page<AuditEntry>, StoreError> {
        self.audit_entries(&AuditFilter::default(), after, limit).await
    }

    /// Entries of the audit log, newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn audit_entries(
        &self,
        filter: &AuditFilter,
        after: Option<&Cursor>,
        limit: u32,
    ) -> Result<Page<AuditEntry>, StoreError> {
        let (conditions, none) = (filter.conditions(after), None::<&Cursor>);
        let rows: Vec<EntryRow> =
            list::list!(self, EntryRow, sql::AUDIT_LIST, conditions, list::AUDIT_ORDER, none, limit);
        list::page(rows, limit, |row| (row.seq, Uuid::nil()), TryInto::try_into)
    }

    /// Recomputes the chain from the first entry to the last and compares. After the oldest entries
    /// have been removed it begins where the head says, and an entry must say so, too.
    ///
    /// It finds every change made inside the database. Whoever can rewrite the whole chain *and*
    /// its head is only found by comparing the head with a copy kept elsewhere.
    ///
    /// # Errors
    /// [`StoreError`] when the log cannot be read.
    pub async fn verify_audit(&self) -> Result<AuditCheck, StoreError> {
        self.verify_audit_after(&mut AuditMark::default()).await
    }

    /// Does the same from a mark on, which moves to the end when everything fits and stays
    /// otherwise. Entries before the mark are not read again.
    ///
    /// # Errors
    /// [`StoreError`] when the log cannot be read.
    pub async fn verify_audit_after(&self, mark: &mut AuditMark) -> Result<AuditCheck, StoreError> {
        let mut head = self.audit_head().await?;
        loop {
            let check = self.verify_from(&head, mark).await?;
            let now = self.audit_head().await?;
            // What looks broken may have been removed while it was read.
            if matches!(check, AuditCheck::Intact { .. }) || now.start_seq == head.start_seq {
                return Ok(check);
            }
            head = now;
        }
    }

    async fn audit_head(&self) -> Result<HeadRow, StoreError> {
        Ok(reading!(self, |db| sqlx::query_as(sql::AUDIT_HEAD).fetch_one(db).await?))
    }

    async fn verify_from(&self, head: &HeadRow, mark: &mut AuditMark) -> Result<AuditCheck, StoreError> {
        // The head was read first: entries that are appended meanwhile come after it.
        let marked = mark.seq > head.start_seq;
        let (mut seq, mut chain) =
            if marked { (mark.seq, mark.chain.clone()) } else { (head.start_seq, head.start_chain.clone()) };
        // Before the mark the entry that tells of a removal has been seen.
        let mut told = marked || head.start_seq == 0;
        if head.seq < seq {
            return Ok(AuditCheck::Broken { seq: head.seq + 1 });
        }
        while seq < head.seq {
            let rows: Vec<EntryRow> = reading!(self, |db| {
                sqlx::query_as(sql::AUDIT_WALK).bind(seq).bind(WALK.min(head.seq - seq)).fetch_all(db).await?
            });
            if rows.is_empty() {
                return Ok(AuditCheck::Broken { seq: seq + 1 });
            }
            for row in rows {
                chain = row.sealed().link(&chain, seq + 1);
                if row.seq != seq + 1 || row.chain != chain {
                    return Ok(AuditCheck::Broken { seq: seq + 1 });
                }
                told |= row.action == TRIMMED && row.object == head.start_seq.to_string();
                seq = row.seq;
            }
        }
        if !told {
            return Ok(AuditCheck::Broken { seq: head.start_seq });
        }
        if chain != head.chain {
            return Ok(AuditCheck::Broken { seq: head.seq });
        }
        *mark = AuditMark { seq, chain };
        Ok(AuditCheck::Intact { entries: head.seq - head.start_seq })
    }
}
