//! Sessions of the console, as they begin, are used and end.

use sqlx::FromRow;

use super::accounts::UserRow;
use super::{Session, Store, StoreError, User, execute, reading, sql_accounts};
use tingxin_text::domain::UtcMillis;

#[derive(FromRow)]
struct SessionRow {
    token_sha256: String,
    csrf: String,
    opened_at: i64,
    expires_at: i64,
    seen_at: i64,
    #[sqlx(flatten)]
    user: UserRow,
}

/// Sessions.
impl Store {
    /// Opens a session under the SHA-256 of its token. On a full disk it is held in memory until
    /// there is room.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn open_session(&self, session: &Session) -> Result<(), StoreError> {
        match self.add_session(session).await {
            Err(StoreError::Full) => self.sessions.begin(session),
            added => added,
        }
    }

    async fn add_session(&self, session: &Session) -> Result<(), StoreError> {
        execute!(
            self,
            sql_accounts::ADD_SESSION,
            &session.token_sha256,
            &session.csrf,
            &session.user,
            session.created_at.as_millis(),
            session.expires_at.as_millis(),
            session.seen_at.as_millis(),
        );
        Ok(())
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
        if self.sessions.is_over(token_sha256) {
            return Ok(None);
        }
        if let Some(session) = self.sessions.find(token_sha256, now) {
            let account = self.user_for_login(&session.user).await?;
            return Ok(account.map(|(user, _)| (session, user)));
        }
        let row: Option<SessionRow> = reading!(self, |db| {
            sqlx::query_as(sql_accounts::FIND_SESSION)
                .bind(token_sha256)
                .bind(now.as_millis())
                .fetch_optional(db)
                .await?
        });
        let seen = self.sessions.seen(token_sha256).unwrap_or(UtcMillis::from_millis(0));
        row.map(|row| {
            let session = Session {
                token_sha256: row.token_sha256,
                csrf: row.csrf,
                user: row.user.name().to_owned(),
                created_at: UtcMillis::from_millis(row.opened_at),
                expires_at: UtcMillis::from_millis(row.expires_at),
                seen_at: UtcMillis::from_millis(row.seen_at).max(seen),
            };
            Ok((session, row.user.try_into()?))
        })
        .transpose()
    }

    /// Remembers that a session was used, in memory while the disk is full: whoever reads stays
    /// logged in.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn see_session(&self, token_sha256: &str, now: UtcMillis) -> Result<(), StoreError> {
        if self.sessions.see(token_sha256, now) {
            return Ok(());
        }
        match self.write_seen(token_sha256, now).await {
            Err(StoreError::Full) => {
                self.sessions.remember_seen(token_sha256, now);
                Ok(())
            }
            Ok(()) => {
                self.sessions.seen_written(token_sha256);
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    async fn write_seen(&self, token_sha256: &str, now: UtcMillis) -> Result<(), StoreError> {
        execute!(self, sql_accounts::SEE_SESSION, token_sha256, now.as_millis());
        Ok(())
    }

    /// Ends a session, also on a full disk.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn close_session(&self, token_sha256: &str) -> Result<(), StoreError> {
        if self.sessions.forget(token_sha256) {
            return Ok(());
        }
        let ended = match self.end_session(token_sha256).await {
            Err(StoreError::Full) => self.sessions.end(token_sha256),
            ended => ended,
        };
        if ended.is_ok() {
            self.sessions.seen_written(token_sha256);
        }
        ended
    }

    async fn end_session(&self, token_sha256: &str) -> Result<(), StoreError> {
        execute!(self, sql_accounts::END_SESSION, token_sha256);
        Ok(())
    }

    /// Writes what is known of sessions in memory only; what fails stays there.
    pub(super) async fn write_sessions(&self) -> Result<(), StoreError> {
        let (begun, ended) = self.sessions.all();
        for session in begun {
            match self.add_session(&session).await {
                Ok(()) => {}
                Err(error @ (StoreError::Full | StoreError::Unavailable(_))) => return Err(error),
                // Its account was deleted meanwhile: the others shall not wait for it.
                Err(_) => {
                    self.sessions.forget(&session.token_sha256);
                    continue;
                }
            }
            if !self.sessions.forget(&session.token_sha256) {
                // It was ended while it was written.
                self.end_session(&session.token_sha256).await?;
            }
        }
        for digest in ended {
            self.end_session(&digest).await?;
            self.sessions.ended(&digest);
        }
        for (digest, at) in self.sessions.all_seen() {
            self.write_seen(&digest, at).await?;
            self.sessions.seen_written(&digest);
        }
        Ok(())
    }
}
