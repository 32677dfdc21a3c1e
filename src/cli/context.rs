//! Settings, runtime and database of one command.

use std::future::Future;
use std::io::Write;
use std::path::PathBuf;

use super::error::CliError;
use crate::desk::{self, Caller};
use crate::settings::{self, Flags, Loaded};
use crate::store::Store;

/// What `--config` named.
#[derive(Debug, Clone, Default)]
pub(super) struct Context {
    pub(super) config: Option<PathBuf>,
}

impl Context {
    /// The settings in force, with the environment of the process.
    pub(super) fn settings(&self, flags: &Flags) -> Result<Loaded, CliError> {
        // `vars_os`, because `vars` panics on a foreign variable that is not UTF-8.
        let environment = std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
        settings::load(self.config.as_deref(), environment, flags).map_err(CliError::failure)
    }

    /// The database of the settings, brought up to date.
    pub(super) async fn store(&self, flags: &Flags) -> Result<Store, CliError> {
        let store =
            Store::open(&self.settings(flags)?.settings.database_url).await.map_err(CliError::failure)?;
        store.migrate().await.map_err(CliError::failure)?;
        Ok(store)
    }
}

/// Runs asynchronous work to its end. Threads that still wait, for example for standard input after
/// the database has failed, are left behind: the process is about to end.
pub(super) fn block_on<T>(work: impl Future<Output = Result<T, CliError>>) -> Result<T, CliError> {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(CliError::failure)?;
    let done = runtime.block_on(work);
    runtime.shutdown_background();
    done
}

/// Writes one line on standard output for whoever still reads it. A service must not end because
/// the program that started it has read its address and closed the pipe.
pub(super) fn announce(line: impl std::fmt::Display) {
    drop(say(line));
}

/// Writes one line on standard output.
pub(super) fn say(line: impl std::fmt::Display) -> Result<(), CliError> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}").and_then(|()| out.flush()).map_err(CliError::of_output)
}

/// Writes down what was done on this machine's command line. The operating system, not Tingxin,
/// knows who sat there.
pub(super) async fn audit(store: &Store, action: &'static str, object: &str) -> Result<(), CliError> {
    desk::write_down(store, &Caller::system(), action, object, true).await.map_err(CliError::failure)
}

/// Writes down that something was taken out of the database on this machine's command line.
pub(super) async fn audit_export(store: &Store, action: &'static str, object: &str) -> Result<(), CliError> {
    desk::write_down(store, &Caller::exporting(), action, object, true).await.map_err(CliError::failure)
}
