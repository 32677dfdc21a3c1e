//! The audit log, a chain in which every entry seals the one before.

use sha2::{Digest as _, Sha256};
use sqlx::FromRow;
use uuid::Uuid;

use super::{AuditEntry, Cursor, NewAudit, Page, Store, StoreError, decode, list, reading, sql, writing};
use tingxin_text::domain::UtcMillis;

/// Entries that [`Store::verify_audit`] reads at once.
const WALK: i64 = 1_000;

/// What checking the audit log found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuditCheck {
    /// Every entry is as it was written, and none is missing.
    Intact {
        /// How many there are.
        entries: i64,
    },
    /// The entry at this position was changed, removed or put in another place.
    Broken {
        /// Position in the log.
        seq: i64,
    },
}

#[derive(FromRow)]
struct EntryRow {
    seq: i64,
    at: i64,
    actor: String,
    role: Option<String>,
    action: String,
    object: String,
    result: String,
    chain: String,
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
            chain: row.chain,
        })
    }
}

/// SHA-256 over the chain so far and every field. A JSON array cannot be read in two ways, which
/// fields written one after the other could.
pub(super) fn link(before: &str, seq: i64, entry: (i64, &str, Option<&str>, &str, &str, &str)) -> String {
    let sealed = serde_json::json!([before, seq, entry]).to_string();
    tingxin_text::domain::ContentDigest(Sha256::digest(sealed).into()).to_hex()
}

/// Appends an entry within a transaction.
macro_rules! append {
    ($tx:ident, $entry:expr) => {{
        let $crate::NewAudit { at, actor, action, object, result } = $entry;
        let (at, role) = (at.as_millis(), actor.role.map(tingxin_text::domain::Role::as_str));
        let (seq, before): (i64, String) =
            sqlx::query_as($crate::sql::NEXT_AUDIT).fetch_one(&mut *$tx).await?;
        let sealed = (at, actor.name.as_str(), role, *action, object.as_str(), *result);
        let chain = $crate::audit::link(&before, seq, sealed);
        sqlx::query($crate::sql::ADD_AUDIT)
            .bind(seq)
            .bind(at)
            .bind(&actor.name)
            .bind(role)
            .bind(*action)
            .bind(object)
            .bind(*result)
            .bind(&chain)
            .execute(&mut *$tx)
            .await?;
        sqlx::query($crate::sql::SET_AUDIT_HEAD).bind(&chain).execute(&mut *$tx).await?;
    }};
}

pub(super) use append;

impl Store {
    /// Appends to the audit log, chained by SHA-256 to the entry before.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn audit(&self, entry: &NewAudit) -> Result<(), StoreError> {
        writing!(self, |tx| append!(tx, entry));
        Ok(())
    }

    /// The audit log, newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn audit_log(
        &self,
        after: Option<&Cursor>,
        limit: u32,
    ) -> Result<Page<AuditEntry>, StoreError> {
        let rows: Vec<EntryRow> = reading!(self, |db| {
            sqlx::query_as(sql::AUDIT_PAGE)
                .bind(after.map_or(i64::MAX, |cursor| cursor.sort))
                .bind(i64::from(limit) + 1)
                .fetch_all(db)
                .await?
        });
        // Positions are unique: the cursor needs no second key.
        list::page(rows, limit, |row| (row.seq, Uuid::nil()), TryInto::try_into)
    }

    /// Recomputes the chain from the first entry to the last and compares.
    ///
    /// It finds every change made inside the database. Whoever can rewrite the whole chain *and* its
    /// head is only found by comparing the head with a copy kept elsewhere.
    ///
    /// # Errors
    /// [`StoreError`] when the log cannot be read.
    pub async fn verify_audit(&self) -> Result<AuditCheck, StoreError> {
        // The head is read first: entries that are appended meanwhile come after it.
        let (entries, head): (i64, String) =
            reading!(self, |db| sqlx::query_as(sql::AUDIT_HEAD).fetch_one(db).await?);
        let (mut seq, mut chain) = (0, String::new());
        while seq < entries {
            let rows: Vec<EntryRow> = reading!(self, |db| {
                sqlx::query_as(sql::AUDIT_WALK).bind(seq).bind(WALK.min(entries - seq)).fetch_all(db).await?
            });
            if rows.is_empty() {
                return Ok(AuditCheck::Broken { seq: seq + 1 });
            }
            for row in rows {
                let sealed =
                    (row.at, &*row.actor, row.role.as_deref(), &*row.action, &*row.object, &*row.result);
                chain = link(&chain, seq + 1, sealed);
                if row.seq != seq + 1 || row.chain != chain {
                    return Ok(AuditCheck::Broken { seq: seq + 1 });
                }
                seq = row.seq;
            }
        }
        Ok(if chain == head { AuditCheck::Intact { entries } } else { AuditCheck::Broken { seq: entries } })
    }
}
