//! The one durable state: contacts, jobs, analyses, flags, accounts, audit.
//!
//! SQLite or PostgreSQL behind one type; every statement is written once (see `sql.rs`).

mod model;

use std::path::Path;

use crate::domain::{Analysis, ContactRef, Intake, Role, TeamId, UtcMillis};

pub use model::{
    Actor, ApiKey, AuditEntry, Claim, ContactFilter, ContactRecord, ContactState, ContactSummary, Cursor,
    FailOutcome, FlagFilter, FlagRow, FlaggedContact, IdempotencyVerdict, IngestReceipt, NewApiKey, NewAudit,
    Page, QueueState, Session, StoreError, Ticket, User,
};

/// A database. Cheap to clone; clones share the connections.
#[derive(Debug, Clone)]
pub struct Store {}

/// Opening and keeping the database.
impl Store {
    /// Opens `sqlite://path`, `sqlite::memory:` or `postgres://…` and checks that it is fit to use:
    /// SQLite of at least 3.51.3, a schema this program knows, the pseudonym key of earlier runs.
    /// Does not migrate.
    ///
    /// # Errors
    /// [`StoreError`] with a sentence that says what to do.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        let _ = url;
        todo!()
    }

    /// Brings the schema up to date; does nothing when it is. Returns the versions that were applied.
    ///
    /// # Errors
    /// [`StoreError::NewerSchema`] when a later release has written here.
    pub async fn migrate(&self) -> Result<Vec<i64>, StoreError> {
        todo!()
    }

    /// Remembers `fingerprint` at the first call and refuses any other later: pseudonyms made
    /// under two keys would split every customer in two.
    ///
    /// # Errors
    /// [`StoreError::OtherKey`].
    pub async fn bind_key(&self, fingerprint: &str) -> Result<(), StoreError> {
        let _ = fingerprint;
        todo!()
    }

    /// Writes and reads one row, for the readiness check.
    ///
    /// # Errors
    /// [`StoreError`] when the database cannot be written.
    pub async fn probe(&self, now: UtcMillis) -> Result<(), StoreError> {
        let _ = now;
        todo!()
    }

    /// Copies the whole database to `target` while it is in use (`VACUUM INTO` on SQLite). On
    /// PostgreSQL writes a logical copy of every table as NDJSON.
    ///
    /// # Errors
    /// [`StoreError`] when `target` exists or cannot be written.
    pub async fn backup(&self, target: &Path) -> Result<(), StoreError> {
        let _ = target;
        todo!()
    }

    /// Fills an empty database from what [`Store::backup`] wrote.
    ///
    /// # Errors
    /// [`StoreError`] when the database is not empty or the file is no backup.
    pub async fn restore(url: &str, from: &Path) -> Result<(), StoreError> {
        let _ = (url, from);
        todo!()
    }

    /// Closes every connection.
    pub async fn close(&self) {
        todo!()
    }
}

/// Contacts and jobs.
impl Store {
    /// Stores contacts with their jobs in one transaction; one receipt for each, in order.
    /// Durable when it returns.
    ///
    /// # Errors
    /// [`StoreError`] when nothing was stored.
    pub async fn ingest(&self, intakes: &[Intake], now: UtcMillis) -> Result<Vec<IngestReceipt>, StoreError> {
        let _ = (intakes, now);
        todo!()
    }

    /// Leases at most `limit` waiting jobs, oldest first, until `now + lease_millis`. A job whose
    /// lease ran out counts as waiting.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn claim(
        &self,
        limit: u32,
        lease_millis: i64,
        now: UtcMillis,
    ) -> Result<Vec<Claim>, StoreError> {
        let _ = (limit, lease_millis, now);
        todo!()
    }

    /// Stores analyses with their flags and ends their jobs in one transaction. `false` for a ticket
    /// whose lease another worker took over meanwhile: nothing is stored for it then.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn complete(
        &self,
        done: &[(Ticket, Analysis)],
        now: UtcMillis,
    ) -> Result<Vec<bool>, StoreError> {
        let _ = (done, now);
        todo!()
    }

    /// Gives a job back after a failed attempt; quarantines it at the fifth.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn fail(
        &self,
        ticket: Ticket,
        reason: &str,
        now: UtcMillis,
    ) -> Result<FailOutcome, StoreError> {
        let _ = (ticket, reason, now);
        todo!()
    }

    /// Releases every lease, for a start after a crash of the only process on this database (SQLite).
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn release_leases(&self) -> Result<u64, StoreError> {
        todo!()
    }

    /// Queues every contact whose current analysis was not made by `engine` (its fingerprint).
    /// The old analysis stays until the new one is there, and is kept after that.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn queue_rescoring(&self, engine: &str, now: UtcMillis) -> Result<u64, StoreError> {
        let _ = (engine, now);
        todo!()
    }

    /// How much work waits.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn queue_state(&self, now: UtcMillis) -> Result<QueueState, StoreError> {
        let _ = now;
        todo!()
    }
}

/// Reading. `team` limits every answer to one team's contacts; `None` sees all.
impl Store {
    /// One contact, redacted.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn contact(
        &self,
        id: ContactRef,
        team: Option<&TeamId>,
    ) -> Result<Option<ContactRecord>, StoreError> {
        let _ = (id, team);
        todo!()
    }

    /// The current analysis of a contact.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn analysis(
        &self,
        id: ContactRef,
        team: Option<&TeamId>,
    ) -> Result<Option<Analysis>, StoreError> {
        let _ = (id, team);
        todo!()
    }

    /// Contacts, newest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn contacts(
        &self,
        filter: &ContactFilter,
        after: Option<&Cursor>,
        limit: u32,
    ) -> Result<Page<ContactSummary>, StoreError> {
        let _ = (filter, after, limit);
        todo!()
    }

    /// Flags of current analyses, newest contact first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn flags(
        &self,
        filter: &FlagFilter,
        after: Option<&Cursor>,
        limit: u32,
    ) -> Result<Page<FlagRow>, StoreError> {
        let _ = (filter, after, limit);
        todo!()
    }

    /// Flagged contacts for the review queue, most urgent first (by the highest severity and
    /// probability of their flags), with their flags and the customer's valence curve.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn review_queue(
        &self,
        filter: &FlagFilter,
        after: Option<&Cursor>,
        limit: u32,
    ) -> Result<Page<FlaggedContact>, StoreError> {
        let _ = (filter, after, limit);
        todo!()
    }

    /// Names of the teams that have contacts, sorted, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn teams(&self, limit: u32) -> Result<Vec<TeamId>, StoreError> {
        let _ = limit;
        todo!()
    }
}

/// Idempotency keys.
impl Store {
    /// Looks up `key` of this caller: seen with the same body → the first answer, with another
    /// body → mismatch, in progress → in flight, never seen → reserved for the caller.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn idempotency_begin(
        &self,
        caller: &str,
        key: &str,
        body_sha256: &str,
        now: UtcMillis,
    ) -> Result<IdempotencyVerdict, StoreError> {
        let _ = (caller, key, body_sha256, now);
        todo!()
    }

    /// Remembers the answer of a reserved key for seven days; `None` frees the key again.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn idempotency_end(
        &self,
        caller: &str,
        key: &str,
        answer: Option<(u16, &str)>,
    ) -> Result<(), StoreError> {
        let _ = (caller, key, answer);
        todo!()
    }
}

/// Accounts, sessions, API keys, audit. Secrets arrive here hashed.
impl Store {
    /// Creates an account.
    ///
    /// # Errors
    /// [`StoreError::NameTaken`].
    pub async fn create_user(&self, user: &User, password_hash: &str) -> Result<(), StoreError> {
        let _ = (user, password_hash);
        todo!()
    }

    /// An account with its password hash.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn user_for_login(&self, name: &str) -> Result<Option<(User, String)>, StoreError> {
        let _ = name;
        todo!()
    }

    /// All accounts, by name.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn users(&self) -> Result<Vec<User>, StoreError> {
        todo!()
    }

    /// Sets a new password and ends every session of the account. `false` when there is none.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn set_password(&self, name: &str, password_hash: &str) -> Result<bool, StoreError> {
        let _ = (name, password_hash);
        todo!()
    }

    /// Sets the role and disabled state and, when disabling, ends every session.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn set_user_state(&self, name: &str, role: Role, disabled: bool) -> Result<bool, StoreError> {
        let _ = (name, role, disabled);
        todo!()
    }

    /// Opens a session under the SHA-256 of its token.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn open_session(&self, session: &Session) -> Result<(), StoreError> {
        let _ = session;
        todo!()
    }

    /// The session and the *present* state of its account, if neither has ended.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn session(
        &self,
        token_sha256: &str,
        now: UtcMillis,
    ) -> Result<Option<(Session, User)>, StoreError> {
        let _ = (token_sha256, now);
        todo!()
    }

    /// Ends a session.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn close_session(&self, token_sha256: &str) -> Result<(), StoreError> {
        let _ = token_sha256;
        todo!()
    }

    /// Stores an API key under the SHA-256 of its secret.
    ///
    /// # Errors
    /// [`StoreError::NameTaken`].
    pub async fn create_api_key(&self, key: &NewApiKey) -> Result<(), StoreError> {
        let _ = key;
        todo!()
    }

    /// A key that is neither revoked nor expired.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn api_key(&self, secret_sha256: &str, now: UtcMillis) -> Result<Option<ApiKey>, StoreError> {
        let _ = (secret_sha256, now);
        todo!()
    }

    /// All keys, by name, without secrets.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn api_keys(&self) -> Result<Vec<ApiKey>, StoreError> {
        todo!()
    }

    /// Revokes a key. `false` when there is none of that name.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn revoke_api_key(&self, name: &str, now: UtcMillis) -> Result<bool, StoreError> {
        let _ = (name, now);
        todo!()
    }

    /// Remembers the SHA-256 of the one-time set-up token, replacing any earlier one; `None` clears it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn set_setup_token(&self, token_sha256: Option<&str>) -> Result<(), StoreError> {
        let _ = token_sha256;
        todo!()
    }

    /// Creates the first account if the token fits and no account exists, and clears the token, in
    /// one transaction. `false` when it does not fit.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn redeem_setup_token(
        &self,
        token_sha256: &str,
        user: &User,
        password_hash: &str,
    ) -> Result<bool, StoreError> {
        let _ = (token_sha256, user, password_hash);
        todo!()
    }

    /// Appends to the audit log, chained by SHA-256 to the entry before.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn audit(&self, entry: &NewAudit) -> Result<(), StoreError> {
        let _ = entry;
        todo!()
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
        let _ = (after, limit);
        todo!()
    }
}
