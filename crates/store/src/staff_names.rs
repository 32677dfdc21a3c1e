//! What staff are called, where the operator gives it.

use std::collections::BTreeMap;

use super::{Store, StoreError, decode, reading, sql_coaching as sql, writing};
use tingxin_text::domain::{StaffId, UtcMillis};

impl Store {
    /// Gives work numbers their names, all or nothing; an empty name takes one off.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn name_staff(&self, names: &[(StaffId, String)], now: UtcMillis) -> Result<(), StoreError> {
        writing!(self, |tx| {
            for (staff, name) in names {
                let (statement, given) = if name.is_empty() {
                    (sql::UNNAME_STAFF, None)
                } else {
                    (sql::NAME_STAFF, Some(name.as_str()))
                };
                let query = sqlx::query(statement).bind(staff.as_str());
                let query =
                    if let Some(name) = given { query.bind(name).bind(now.as_millis()) } else { query };
                query.execute(&mut *tx).await?;
            }
        });
        Ok(())
    }

    /// What everybody is called.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn staff_names(&self) -> Result<BTreeMap<StaffId, String>, StoreError> {
        let rows: Vec<(String, String)> =
            reading!(self, |db| sqlx::query_as(sql::STAFF_NAMES).fetch_all(db).await?);
        let named =
            |(staff, name): (String, String)| Ok((decode::text("staff_names.staff_id", &staff)?, name));
        rows.into_iter().map(named).collect()
    }

    /// What one person is called.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn staff_name(&self, staff: &StaffId) -> Result<Option<String>, StoreError> {
        Ok(reading!(self, |db| {
            sqlx::query_scalar(sql::STAFF_NAME).bind(staff.as_str()).fetch_optional(db).await?
        }))
    }
}
