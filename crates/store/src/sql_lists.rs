//! Every list of statements that both databases run.

use sqlx::{Executor as _, SqlSafeStr as _};

use super::connect::Backend;
use super::{
    Store, StoreError, copy, reading, sql, sql_accounts, sql_appeals, sql_assignments, sql_bulk,
    sql_calibrations, sql_care, sql_cases, sql_coaching, sql_forms, sql_hooks, sql_news, sql_privacy,
    sql_process, sql_queue, sql_samples, sql_search, sql_statistics, sql_today,
};

/// The lists, each statement with its name.
pub(super) const COMMON: [&[(&str, &str)]; 19] = [
    sql::COMMON,
    sql_queue::COMMON,
    sql_accounts::COMMON,
    sql_statistics::COMMON,
    sql_privacy::COMMON,
    sql_samples::COMMON,
    sql_appeals::COMMON,
    sql_assignments::COMMON,
    sql_bulk::COMMON,
    sql_calibrations::COMMON,
    sql_care::COMMON,
    sql_cases::COMMON,
    sql_news::COMMON,
    sql_hooks::COMMON,
    sql_forms::COMMON,
    sql_today::COMMON,
    sql_process::COMMON,
    sql_coaching::COMMON,
    sql_search::COMMON,
];

impl Store {
    /// Has the database parse every statement of the program, so that a misspelt column is found
    /// before somebody needs it. Returns how many were read.
    ///
    /// # Errors
    /// [`StoreError::Corrupt`] names the first statement that the database refuses.
    pub async fn check_statements(&self) -> Result<usize, StoreError> {
        let (own, of_search, of_copy) = match &self.backend {
            Backend::Sqlite { .. } => (sql_queue::SQLITE, sql_search::SQLITE, None),
            Backend::Postgres(_) => (sql_queue::POSTGRES, sql_search::POSTGRES, Some(copy::statements())),
        };
        let mut count = 0;
        let common = COMMON.into_iter().flatten().chain(of_search);
        for (name, text) in common.chain(own).copied().chain(of_copy.into_iter().flatten()) {
            reading!(self, |db| db.prepare(text.into_sql_str()).await.map(drop))
                .map_err(|cause| StoreError::Corrupt { what: name, reason: cause.to_string() })?;
            count += 1;
        }
        Ok(count)
    }
}
