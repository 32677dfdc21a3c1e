//! The database and the key that belongs to it.

use super::error::AppError;
use crate::redact::Redactor;
use crate::settings::{KeyFile, Settings};
use crate::store::{Store, StoreError};

/// A database that is ready, and a redactor under the key it was written with.
pub struct Database {
    /// The database, its schema up to date.
    pub store: Store,
    /// Takes personal data out.
    pub redactor: Redactor,
}

/// Opens the database, brings its schema up to date and makes sure that it belongs to the
/// configured key.
///
/// # Errors
/// [`AppError::Store`] or [`AppError::Key`].
pub async fn open_database(settings: &Settings) -> Result<Database, AppError> {
    made_ready(Store::open(&settings.database_url).await?, settings).await
}

/// The same for the one process that serves a SQLite file: takes up what the last one left behind.
///
/// # Errors
/// [`AppError::Store`], also when another process works on the file, or [`AppError::Key`].
pub(super) async fn open_to_serve(settings: &Settings) -> Result<Database, AppError> {
    let store = Store::open(&settings.database_url).await?;
    store.keep_others_out()?;
    let database = made_ready(store, settings).await?;
    database.store.recover().await?;
    Ok(database)
}

async fn made_ready(store: Store, settings: &Settings) -> Result<Database, AppError> {
    store.migrate().await?;
    let (key, created) = match settings.key_path() {
        Some(path) => {
            let file = KeyFile::load_or_create(&path)?;
            (file.key, file.created)
        }
        None => (KeyFile::throw_away()?, None),
    };
    match store.bind_key(&key.fingerprint()).await {
        Ok(()) => {}
        Err(refused) => {
            // A key made a moment ago that does not fit protects nothing and would only mislead.
            if let (Some(path), StoreError::OtherKey { .. }) = (created, &refused) {
                drop(std::fs::remove_file(path));
            }
            return Err(refused.into());
        }
    }
    Ok(Database { store, redactor: Redactor::new(key) })
}
