//! Keys that the database keeps or knows.

use super::{Store, StoreError, sql, writing};

/// Where the fingerprint of the pseudonym key is kept.
const KEY_FINGERPRINT: &str = "key_fingerprint";

/// Where the key of marks of browsers is kept.
const DEVICE_KEY: &str = "device_key";

impl Store {
    /// Remembers `fingerprint` at the first call and refuses any other later: pseudonyms made
    /// under two keys would split every customer in two.
    ///
    /// # Errors
    /// [`StoreError::OtherKey`].
    pub async fn bind_key(&self, fingerprint: &str) -> Result<(), StoreError> {
        let bound = self.remember_once(KEY_FINGERPRINT, fingerprint).await?;
        if bound == fingerprint {
            Ok(())
        } else {
            Err(StoreError::OtherKey { bound, given: fingerprint.to_owned() })
        }
    }

    /// The key under which marks of browsers are sealed: `fresh`, unless there is one already.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn device_key(&self, fresh: &str) -> Result<String, StoreError> {
        self.remember_once(DEVICE_KEY, fresh).await
    }

    /// Sets a value that is not there yet; the one that is there now.
    async fn remember_once(&self, name: &str, value: &str) -> Result<String, StoreError> {
        Ok(writing!(self, |tx| {
            sqlx::query(sql::ADD_META).bind(name).bind(value).execute(&mut *tx).await?;
            sqlx::query_scalar(sql::FIND_META).bind(name).fetch_one(&mut *tx).await?
        }))
    }
}
