//! Filters of the list of contacts that somebody keeps under a name.

use sqlx::FromRow;
use uuid::Uuid;

use super::{Store, StoreError, execute, reading, sql_search as sql};
use tingxin_text::domain::UtcMillis;

/// A filter that somebody keeps.
#[derive(Debug, Clone, PartialEq, Eq, FromRow)]
pub struct SavedView {
    /// Our key.
    pub id: Uuid,
    /// What it is called.
    pub name: String,
    /// The filter as it stands in an address.
    pub query: String,
}

/// A filter to be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewView<'a> {
    /// Whose.
    pub account: &'a str,
    /// What it is called.
    pub name: &'a str,
    /// The filter as it stands in an address.
    pub query: &'a str,
    /// Most that an account may have.
    pub most: u32,
}

impl Store {
    /// The filters that an account keeps, in the order in which they were saved.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn views(&self, account: &str) -> Result<Vec<SavedView>, StoreError> {
        Ok(reading!(self, |db| sqlx::query_as(sql::VIEWS).bind(account).fetch_all(db).await?))
    }

    /// Keeps a filter, in the place of another of its name; `false` when the account has as many as it may.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn save_view(&self, view: NewView<'_>, now: UtcMillis) -> Result<bool, StoreError> {
        let NewView { account, name, query, most } = view;
        let kept = execute!(
            self,
            sql::PUT_VIEW,
            Uuid::now_v7(),
            account,
            name,
            query,
            now.as_millis(),
            i64::from(most)
        );
        Ok(kept > 0)
    }

    /// Forgets a filter; whether the account had it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn drop_view(&self, account: &str, id: Uuid) -> Result<bool, StoreError> {
        Ok(execute!(self, sql::DROP_VIEW, id, account) > 0)
    }
}
