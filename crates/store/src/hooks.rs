//! To whom news is sent, how far each receiver is, and the bell of an account.

use sqlx::FromRow;
use uuid::Uuid;

use super::audit::append;
use super::{NewAudit, Store, StoreError, decode, execute, reading, sql_hooks as sql, writing};
use tingxin_text::domain::{HookForm, HookScope, Rule, TeamId, UtcMillis};

/// A receiver to be added.
#[derive(Clone)]
pub struct NewHook {
    /// What people call it.
    pub name: String,
    /// In which body it is told.
    pub form: HookForm,
    /// What it is told.
    pub scope: HookScope,
    /// Where to.
    pub url: String,
    /// What deliveries are signed with; empty for nothing.
    pub secret: String,
    /// Only contacts of this team.
    pub team: Option<TeamId>,
}

/// A receiver. No `Debug`: address and secret are what a stranger would need.
#[derive(Clone)]
pub struct Hook {
    /// Our key.
    pub id: Uuid,
    /// What it is.
    pub told: NewHook,
    /// The last event that it was told, or that was passed over.
    pub seq: i64,
    /// Deliveries that failed since the last one that did not.
    pub failures: u32,
    /// Not before then is the next delivery.
    pub due_at: UtcMillis,
    /// Code of the last failure.
    pub last_error: Option<String>,
    /// Alerts are passed over until then.
    pub muted_until: Option<UtcMillis>,
    /// Who added it.
    pub made_by: String,
    /// When.
    pub made_at: UtcMillis,
}

#[derive(FromRow)]
struct HookRow {
    id: Uuid,
    name: String,
    form: String,
    scope: String,
    url: String,
    secret: String,
    team: Option<String>,
    seq: i64,
    failures: i64,
    due_at: i64,
    last_error: Option<String>,
    muted_until: Option<i64>,
    made_by: String,
    made_at: i64,
}

impl TryFrom<HookRow> for Hook {
    type Error = StoreError;

    fn try_from(row: HookRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            told: NewHook {
                name: row.name,
                form: decode::text("hooks.form", &row.form)?,
                scope: decode::text("hooks.scope", &row.scope)?,
                url: row.url,
                secret: row.secret,
                team: decode::optional("hooks.team", row.team.as_deref())?,
            },
            seq: row.seq,
            failures: decode::number("hooks.failures", row.failures)?,
            due_at: UtcMillis::from_millis(row.due_at),
            last_error: row.last_error,
            muted_until: row.muted_until.map(UtcMillis::from_millis),
            made_by: row.made_by,
            made_at: UtcMillis::from_millis(row.made_at),
        })
    }
}

impl Store {
    /// Adds a receiver, which hears what happens from now on, and writes it to the audit log; `false`
    /// when the name is taken.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn add_hook(&self, hook: &NewHook, entry: &NewAudit) -> Result<bool, StoreError> {
        let head = self.news_head().await?;
        if self.hooks().await?.iter().any(|known| known.told.name == hook.name) {
            return Ok(false);
        }
        writing!(self, |tx| {
            sqlx::query(sql::ADD_HOOK)
                .bind(Uuid::now_v7())
                .bind(&hook.name)
                .bind(hook.form.as_str())
                .bind(hook.scope.as_str())
                .bind(&hook.url)
                .bind(&hook.secret)
                .bind(hook.team.as_ref().map(TeamId::as_str))
                .bind(head)
                .bind(entry.at.as_millis())
                .bind(&entry.actor.name)
                .execute(&mut *tx)
                .await?;
            append!(tx, entry);
        });
        Ok(true)
    }

    /// Every receiver, by name.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn hooks(&self) -> Result<Vec<Hook>, StoreError> {
        let rows: Vec<HookRow> = reading!(self, |db| sqlx::query_as(sql::HOOKS).fetch_all(db).await?);
        rows.into_iter().map(Hook::try_from).collect()
    }

    /// Forgets a receiver and writes it to the audit log; `false` when there is none of that name.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn drop_hook(&self, name: &str, entry: &NewAudit) -> Result<bool, StoreError> {
        Ok(writing!(self, |tx| {
            let gone = sqlx::query(sql::DROP_HOOK).bind(name).execute(&mut *tx).await?.rows_affected();
            if gone > 0 {
                append!(tx, entry);
            }
            gone > 0
        }))
    }

    /// Passes the alerts of a receiver over until a moment, or no longer, and writes it to the audit
    /// log; `false` when there is none of that name.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn mute_hook(
        &self,
        name: &str,
        until: Option<UtcMillis>,
        entry: &NewAudit,
    ) -> Result<bool, StoreError> {
        Ok(writing!(self, |tx| {
            let muted = sqlx::query(sql::MUTE_HOOK).bind(name).bind(until.map(UtcMillis::as_millis));
            let muted = muted.execute(&mut *tx).await?.rows_affected();
            if muted > 0 {
                append!(tx, entry);
            }
            muted > 0
        }))
    }

    /// Takes the turn of delivering to a receiver until a moment; `false` when another process has it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn take_hook(&self, hook: &Hook, now: UtcMillis, until: UtcMillis) -> Result<bool, StoreError> {
        let (due, until, now) = (hook.due_at.as_millis(), until.as_millis(), now.as_millis());
        Ok(execute!(self, sql::TAKE_HOOK, hook.id, due, until, now) > 0)
    }

    /// Remembers how far a receiver is, and from when on it may be told more.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn hook_done(&self, hook: Uuid, seq: i64, due_at: UtcMillis) -> Result<(), StoreError> {
        execute!(self, sql::HOOK_DONE, hook, seq, due_at.as_millis());
        Ok(())
    }

    /// Remembers that a delivery failed, and when to try again.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn hook_failed(&self, hook: Uuid, due_at: UtcMillis, code: &str) -> Result<(), StoreError> {
        execute!(self, sql::HOOK_FAILED, hook, due_at.as_millis(), code);
        Ok(())
    }

    /// How far an account has read the bell; 0 before it has.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn bell(&self, account: &str) -> Result<i64, StoreError> {
        let seen: Option<i64> =
            reading!(self, |db| { sqlx::query_scalar(sql::BELL).bind(account).fetch_optional(db).await? });
        Ok(seen.unwrap_or_default())
    }

    /// Remembers how far an account has read the bell.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn ring_read(&self, account: &str, seq: i64) -> Result<(), StoreError> {
        execute!(self, sql::PUT_BELL, account, seq);
        Ok(())
    }

    /// Flags of a rule on contacts that began in a span of time.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn flags_between(
        &self,
        rule: Rule,
        from: UtcMillis,
        until: UtcMillis,
    ) -> Result<u64, StoreError> {
        let count: i64 = reading!(self, |db| {
            sqlx::query_scalar(sql::COUNT_FLAGS_BETWEEN)
                .bind(rule.as_str())
                .bind(from.as_millis())
                .bind(until.as_millis())
                .fetch_one(db)
                .await?
        });
        decode::number("flags", count)
    }
}
