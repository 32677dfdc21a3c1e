//! Words and work numbers, taken out of what is stored.

use sqlx::FromRow;

use super::StoreError;

/// Whether something has to be stored anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Changed {
    Yes,
    No,
}

impl Changed {
    pub(super) const fn when(changed: bool) -> Self {
        if changed { Self::Yes } else { Self::No }
    }
}

#[derive(FromRow)]
pub(super) struct AnalysisRow {
    pub(super) revision: i64,
    pub(super) engine: String,
    pub(super) superseded_at: Option<i64>,
    pub(super) body: String,
}

/// What becomes of a stored JSON text.
pub(super) enum Rewritten {
    /// It stays as it is.
    Kept,
    /// This takes its place.
    Text(String),
    /// It cannot be read, so nobody knows what it holds: it goes.
    Unreadable,
}

/// Reads a JSON text, has it changed and writes it again.
pub(super) fn rewritten<T: serde::de::DeserializeOwned + serde::Serialize>(
    what: &'static str,
    text: &str,
    change: impl FnOnce(&mut T) -> Changed,
) -> Result<Rewritten, StoreError> {
    let Ok(mut value) = super::decode::json::<T>(what, text) else { return Ok(Rewritten::Unreadable) };
    match change(&mut value) {
        Changed::No => Ok(Rewritten::Kept),
        Changed::Yes => Ok(Rewritten::Text(super::decode::to_json(what, &value)?)),
    }
}

/// Changes every stored text of a contact within a transaction: its body, all analyses, the reasons
/// of its flags.
macro_rules! rewrite {
    ($tx:ident, $id:ident, $of_contact:ident, $of_analysis:ident, $of_flag:ident) => {{
        use $crate::forget::{AnalysisRow, Rewritten, rewritten};
        let body: Option<String> =
            sqlx::query_scalar($crate::sql_queue::BODY).bind($id).fetch_optional(&mut *$tx).await?;
        if let Some(body) = body {
            match rewritten("contact_bodies.body", &body, &$of_contact)? {
                Rewritten::Kept => {}
                Rewritten::Text(body) => {
                    sqlx::query($crate::sql_privacy::SET_BODY)
                        .bind($id)
                        .bind(body)
                        .execute(&mut *$tx)
                        .await?;
                }
                Rewritten::Unreadable => {
                    sqlx::query($crate::sql_privacy::DROP_BODY).bind($id).execute(&mut *$tx).await?;
                }
            }
        }
        let analyses: Vec<AnalysisRow> =
            sqlx::query_as($crate::sql_privacy::BODIES_OF_ANALYSES).bind($id).fetch_all(&mut *$tx).await?;
        for AnalysisRow { revision, engine, body, .. } in analyses {
            match rewritten("analyses.body", &body, &$of_analysis)? {
                Rewritten::Kept => {}
                Rewritten::Text(body) => {
                    sqlx::query($crate::sql_privacy::SET_ANALYSIS_BODY)
                        .bind($id)
                        .bind(revision)
                        .bind(engine)
                        .bind(body)
                        .execute(&mut *$tx)
                        .await?;
                }
                Rewritten::Unreadable => {
                    sqlx::query($crate::sql_privacy::DROP_ANALYSIS)
                        .bind($id)
                        .bind(revision)
                        .bind(engine)
                        .execute(&mut *$tx)
                        .await?;
                }
            }
        }
        let flags: Vec<$crate::reads::StoredFlag> =
            sqlx::query_as($crate::sql_privacy::FLAGS_OF_CONTACT).bind($id).fetch_all(&mut *$tx).await?;
        for row in flags {
            let mut flag = $crate::FlagRow::try_from(row)?;
            if $of_flag(&mut flag.flag) == $crate::forget::Changed::Yes {
                let facts = match &flag.flag.why {
                    tingxin_text::domain::Why::Facts(facts) => {
                        Some($crate::decode::to_json("flags.facts", facts)?)
                    }
                    tingxin_text::domain::Why::Sentence(_) => None,
                };
                sqlx::query($crate::sql_privacy::SET_REASON)
                    .bind(flag.id.0)
                    .bind(facts)
                    .bind(flag.flag.reason())
                    .execute(&mut *$tx)
                    .await?;
            }
        }
    }};
}

pub(super) use rewrite;
