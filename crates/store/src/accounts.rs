//! Accounts and API keys. Secrets arrive here hashed.

use sqlx::FromRow;

use super::{
    ApiKey, NewApiKey, Store, StoreError, User, decode, execute, reading, sql, sql_accounts, writing,
};
use tingxin_text::domain::{Role, StaffId, TeamId, UtcMillis};

/// Where the hash of the one-time set-up token is kept.
const SETUP_TOKEN: &str = "setup_token_sha256";

#[derive(FromRow)]
pub(super) struct UserRow {
    name: String,
    role: String,
    team: Option<String>,
    disabled: bool,
    created_at: i64,
}

#[derive(FromRow)]
struct LoginRow {
    #[sqlx(flatten)]
    user: UserRow,
    password_hash: String,
}

#[derive(FromRow)]
struct ApiKeyRow {
    name: String,
    prefix: String,
    role: String,
    team: Option<String>,
    created_at: i64,
    expires_at: Option<i64>,
    revoked_at: Option<i64>,
}

impl UserRow {
    pub(super) fn name(&self) -> &str {
        &self.name
    }
}

impl TryFrom<UserRow> for User {
    type Error = StoreError;

    fn try_from(row: UserRow) -> Result<Self, StoreError> {
        Ok(Self {
            role: decode::text("users.role", &row.role)?,
            team: decode::optional("users.team", row.team.as_deref())?,
            name: row.name,
            disabled: row.disabled,
            created_at: UtcMillis::from_millis(row.created_at),
        })
    }
}

impl TryFrom<ApiKeyRow> for ApiKey {
    type Error = StoreError;

    fn try_from(row: ApiKeyRow) -> Result<Self, StoreError> {
        Ok(Self {
            role: decode::text("api_keys.role", &row.role)?,
            team: decode::optional("api_keys.team", row.team.as_deref())?,
            name: row.name,
            prefix: row.prefix,
            created_at: UtcMillis::from_millis(row.created_at),
            expires_at: row.expires_at.map(UtcMillis::from_millis),
            revoked_at: row.revoked_at.map(UtcMillis::from_millis),
        })
    }
}

/// Adds an account inside a transaction; how many rows that made.
macro_rules! add_user {
    ($tx:ident, $user:ident, $password_hash:ident) => {
        sqlx::query(sql_accounts::ADD_USER)
            .bind(&$user.name)
            .bind($user.role.as_str())
            .bind($user.team.as_ref().map(TeamId::as_str))
            .bind($user.disabled)
            .bind($password_hash)
            .bind($user.created_at.as_millis())
            .execute(&mut *$tx)
            .await?
            .rows_affected()
    };
}

fn unless_taken(added: u64, name: &str) -> Result<(), StoreError> {
    if added > 0 { Ok(()) } else { Err(StoreError::NameTaken(name.to_owned())) }
}

/// Accounts.
impl Store {
    /// Creates an account.
    ///
    /// # Errors
    /// [`StoreError::NameTaken`].
    pub async fn create_user(&self, user: &User, password_hash: &str) -> Result<(), StoreError> {
        unless_taken(writing!(self, |tx| add_user!(tx, user, password_hash)), &user.name)
    }

    /// An account with its password hash.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn user_for_login(&self, name: &str) -> Result<Option<(User, String)>, StoreError> {
        let row: Option<LoginRow> = reading!(self, |db| {
            sqlx::query_as(sql_accounts::FIND_USER).bind(name).fetch_optional(db).await?
        });
        row.map(|row| Ok((row.user.try_into()?, row.password_hash))).transpose()
    }

    /// All accounts, by name.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn users(&self) -> Result<Vec<User>, StoreError> {
        let rows: Vec<UserRow> =
            reading!(self, |db| sqlx::query_as(sql_accounts::USERS).fetch_all(db).await?);
        rows.into_iter().map(TryInto::try_into).collect()
    }

    /// Sets a new password and ends every session of the account. `false` when there is none.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn set_password(&self, name: &str, password_hash: &str) -> Result<bool, StoreError> {
        let changed = writing!(self, |tx| {
            let changed = sqlx::query(sql_accounts::SET_PASSWORD)
                .bind(name)
                .bind(password_hash)
                .execute(&mut *tx)
                .await?;
            sqlx::query(sql_accounts::END_SESSIONS).bind(name).execute(&mut *tx).await?;
            changed.rows_affected() > 0
        });
        self.sessions.forget_all_of(name);
        Ok(changed)
    }

    /// Sets the role and disabled state and, when disabling, ends every session. `false` when there
    /// is no such account.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn set_user_state(&self, name: &str, role: Role, disabled: bool) -> Result<bool, StoreError> {
        let changed = writing!(self, |tx| {
            let changed = sqlx::query(sql_accounts::SET_USER)
                .bind(name)
                .bind(role.as_str())
                .bind(disabled)
                .execute(&mut *tx)
                .await?;
            if disabled {
                sqlx::query(sql_accounts::END_SESSIONS).bind(name).execute(&mut *tx).await?;
            }
            changed.rows_affected() > 0
        });
        if disabled {
            self.sessions.forget_all_of(name);
        }
        Ok(changed)
    }

    /// Sets what an account may do, what it sees and whose results. `false` when there is no such
    /// account.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn change_user(
        &self,
        name: &str,
        role: Role,
        team: Option<&TeamId>,
        staff: Option<&StaffId>,
    ) -> Result<bool, StoreError> {
        let (team, staff) = (team.map(TeamId::as_str), staff.map(StaffId::as_str));
        Ok(execute!(self, sql_accounts::CHANGE_USER, name, role.as_str(), team, staff) > 0)
    }

    /// Sets a new password and ends every session of the account but the one in which it was set.
    /// `false` when there is no such account.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn set_own_password(
        &self,
        name: &str,
        password_hash: &str,
        token_sha256: &str,
    ) -> Result<bool, StoreError> {
        let changed = writing!(self, |tx| {
            let set = sqlx::query(sql_accounts::SET_PASSWORD).bind(name).bind(password_hash);
            let changed = set.execute(&mut *tx).await?;
            let end = sqlx::query(sql_accounts::END_OTHER_SESSIONS).bind(name).bind(token_sha256);
            end.execute(&mut *tx).await?;
            changed.rows_affected() > 0
        });
        self.sessions.forget_others_of(name, token_sha256);
        Ok(changed)
    }

    /// Removes an account with its sessions; what it did stays written down. `false` when there is
    /// none.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn delete_user(&self, name: &str) -> Result<bool, StoreError> {
        let dropped = execute!(self, sql_accounts::DROP_USER, name) > 0;
        self.sessions.forget_all_of(name);
        Ok(dropped)
    }

    /// Remembers the SHA-256 of the one-time set-up token, replacing any earlier one; `None` clears
    /// it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn set_setup_token(&self, token_sha256: Option<&str>) -> Result<(), StoreError> {
        match token_sha256 {
            Some(digest) => execute!(self, sql::PUT_META, SETUP_TOKEN, digest),
            None => execute!(self, sql::DROP_META, SETUP_TOKEN),
        };
        Ok(())
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
        Ok(writing!(self, |tx| {
            let fits = sqlx::query(sql::USE_SETUP_TOKEN)
                .bind(SETUP_TOKEN)
                .bind(token_sha256)
                .execute(&mut *tx)
                .await?
                .rows_affected();
            fits > 0 && add_user!(tx, user, password_hash) > 0
        }))
    }
}

/// API keys.
impl Store {
    /// Stores an API key under the SHA-256 of its secret.
    ///
    /// # Errors
    /// [`StoreError::NameTaken`].
    pub async fn create_api_key(&self, key: &NewApiKey) -> Result<(), StoreError> {
        let NewApiKey { key, secret_sha256 } = key;
        let added = execute!(
            self,
            sql_accounts::ADD_API_KEY,
            &key.name,
            secret_sha256,
            &key.prefix,
            key.role.as_str(),
            key.team.as_ref().map(TeamId::as_str),
            key.created_at.as_millis(),
            key.expires_at.map(UtcMillis::as_millis),
            key.revoked_at.map(UtcMillis::as_millis),
        );
        unless_taken(added, &key.name)
    }

    /// A key that is neither revoked nor expired.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn api_key(&self, secret_sha256: &str, now: UtcMillis) -> Result<Option<ApiKey>, StoreError> {
        let row: Option<ApiKeyRow> = reading!(self, |db| {
            sqlx::query_as(sql_accounts::FIND_API_KEY)
                .bind(secret_sha256)
                .bind(now.as_millis())
                .fetch_optional(db)
                .await?
        });
        row.map(TryInto::try_into).transpose()
    }

    /// All keys, by name, without secrets.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn api_keys(&self) -> Result<Vec<ApiKey>, StoreError> {
        let rows: Vec<ApiKeyRow> =
            reading!(self, |db| sqlx::query_as(sql_accounts::API_KEYS).fetch_all(db).await?);
        rows.into_iter().map(TryInto::try_into).collect()
    }

    /// Revokes a key. `false` when there is none of that name.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn revoke_api_key(&self, name: &str, now: UtcMillis) -> Result<bool, StoreError> {
        Ok(execute!(self, sql_accounts::REVOKE_API_KEY, name, now.as_millis()) > 0)
    }
}
