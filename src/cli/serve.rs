//! `tingxin serve`.

use clap::Args;

use super::context::{Context, announce, block_on, say};
use super::error::{CliError, Outcome};
use crate::app::{self, App, Stop};
use crate::settings::Flags;
use crate::telemetry;

/// Serve the HTTP API, the review console and /metrics, and analyse in the background
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  tingxin serve
  tingxin serve --listen 0.0.0.0:8080 --database-url postgres://tingxin@db/tingxin
  tingxin serve --metrics-listen 127.0.0.1:9464
  tingxin serve --print-config

Prints `listening on http://…` on standard output and, as long as nobody has an account, a one-time link under which the first one is created. Logs are JSON on standard error. SIGTERM ends it in order.")]
pub(super) struct ServeArguments {
    #[command(flatten)]
    flags: Flags,
    /// Print the settings in force with the place each comes from, secrets masked, and end
    #[arg(long)]
    print_config: bool,
}

/// Runs the command.
pub(super) fn run(context: &Context, arguments: &ServeArguments) -> Result<Outcome, CliError> {
    let loaded = context.settings(&arguments.flags)?;
    if arguments.print_config {
        say(loaded.to_string().trim_end())?;
        return Ok(Outcome::Done);
    }
    let settings = loaded.settings;
    // Dropped after the runtime has ended: the last traces go out then.
    let _telemetry = telemetry::start(&settings.log, &settings.traces).map_err(CliError::failure)?;
    if !settings.secure_cookies && !settings.listen.ip().is_loopback() {
        tracing::warn!(
            listen = %settings.listen,
            "sessions travel unencrypted: put a proxy that speaks TLS in front and set secure_cookies"
        );
    }
    block_on(async {
        let stop = Stop::listen().map_err(CliError::failure)?;
        let listener = app::listen(settings.listen).map_err(CliError::failure)?;
        let app = App::build(&settings, listener).await.map_err(CliError::failure)?;
        announce(format_args!("listening on {}", app.url()));
        if let Some(url) = app.metrics_url() {
            announce(format_args!("metrics on {url}"));
        }
        if let Some(link) = app.set_up_link() {
            announce(format_args!("create the first account (the link works once): {link}"));
        }
        app.run_until_stopped(stop).await.map_err(CliError::failure)
    })?;
    Ok(Outcome::Done)
}
