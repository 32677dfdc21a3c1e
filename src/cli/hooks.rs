//! `tingxin hook`: to whom events and alerts are sent.

use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand};

use super::context::{Context, block_on, say};
use super::error::{CliError, Outcome};
use super::options::{DatabaseArguments, team};
use super::tables::empty;
use crate::deliver::Reach;
use crate::desk::hooks::{self, Delivery};
use crate::desk::{Caller, DeskError};
use crate::domain::{HookForm, HookScope, TeamId, UtcMillis};
use crate::store::{Hook, NewHook, Store};

/// Manage webhooks: events for programs, alerts for people's robots
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  tingxin hook add crm --scope events --url https://crm.example.com/tingxin --secret - < secret.txt
  tingxin hook add 值班群 --form dingtalk --url 'https://oapi.dingtalk.com/robot/send?access_token=…' --secret SEC…
  tingxin hook test 值班群
  tingxin hook mute 值班群 --hours 8
  tingxin hook list

A receiver hears what happens after it was added, in order, each event at least once; one that does not answer is tried again after 5 seconds, then twice as long each time up to an hour. Private addresses and plain HTTP are refused unless the setting hooks.private_addresses allows them.")]
pub(super) struct HookArguments {
    #[command(subcommand)]
    action: HookAction,
    #[command(flatten)]
    database: DatabaseArguments,
}

#[derive(Debug, Clone, Subcommand)]
enum HookAction {
    /// Add a receiver
    #[command(
        after_help = "Example: tingxin hook add crm --url https://crm.example.com/tingxin --secret - < secret.txt"
    )]
    Add {
        /// What you call it
        name: String,
        /// Who reads it
        #[arg(long, value_name = "FORM", default_value = HookForm::Generic.as_str(), value_parser = forms())]
        form: HookForm,
        /// What it is told [default: events for generic, alerts for robots]
        #[arg(long, value_name = "SCOPE", value_parser = scopes())]
        scope: Option<HookScope>,
        /// Where to; `-` reads it from standard input
        #[arg(long, value_name = "URL")]
        url: String,
        /// What deliveries are signed with; `-` reads it from standard input. Not for wecom, whose
        /// address holds the key
        #[arg(long, value_name = "SECRET", default_value = "", hide_default_value = true)]
        secret: String,
        /// Only contacts of this team
        #[arg(long, value_name = "TEAM", value_parser = team)]
        team: Option<TeamId>,
    },
    /// List receivers, how far each is and why one is not told
    #[command(after_help = "Example: tingxin hook list")]
    List,
    /// Remove a receiver
    #[command(after_help = "Example: tingxin hook remove crm")]
    Remove {
        /// Its name
        name: String,
    },
    /// Pass alerts of a receiver over for some hours; 0 lets them through again
    #[command(after_help = "Example: tingxin hook mute 值班群 --hours 8")]
    Mute {
        /// Its name
        name: String,
        /// For how long, at most 744
        #[arg(long, value_name = "HOURS")]
        hours: u32,
    },
    /// Send a test message now
    #[command(after_help = "Example: tingxin hook test 值班群")]
    Test {
        /// Its name
        name: String,
    },
}

fn forms() -> impl TypedValueParser<Value = HookForm> {
    PossibleValuesParser::new(HookForm::ALL.iter().map(|form| form.as_str()))
        .try_map(|name| HookForm::from_name(&name).ok_or("no such form"))
}

fn scopes() -> impl TypedValueParser<Value = HookScope> {
    PossibleValuesParser::new(HookScope::ALL.iter().map(|scope| scope.as_str()))
        .try_map(|name| HookScope::from_name(&name).ok_or("no such scope"))
}

/// What was given, or the next line of standard input for `-`.
fn given(text: &str) -> Result<String, CliError> {
    if text != "-" {
        return Ok(text.to_owned());
    }
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).map_err(CliError::failure)?;
    Ok(line.trim().to_owned())
}

fn unknown(name: &str, cause: DeskError) -> CliError {
    match cause {
        DeskError::NotFound => {
            CliError::failure(format!("there is no receiver called {name}; see `tingxin hook list`"))
        }
        other => CliError::failure(other),
    }
}

/// Runs `hook`.
pub(super) fn run(context: &Context, arguments: &HookArguments) -> Result<Outcome, CliError> {
    let settings = context.settings(&arguments.database.flags())?.settings;
    let reach = Reach { private_addresses: settings.hooks.private_addresses };
    block_on(async {
        let store = context.store(&arguments.database.flags()).await?;
        let done = act(&store, reach, &arguments.action).await;
        store.close().await;
        done
    })?;
    Ok(Outcome::Done)
}

async fn act(store: &Store, reach: Reach, action: &HookAction) -> Result<(), CliError> {
    let caller = Caller::system();
    match action {
        HookAction::Add { name, form, scope, url, secret, team } => {
            let usual = if *form == HookForm::Generic { HookScope::Events } else { HookScope::Alerts };
            let hook = NewHook {
                name: name.clone(),
                form: *form,
                scope: scope.unwrap_or(usual),
                url: given(url)?,
                secret: given(secret)?,
                team: team.clone(),
            };
            hooks::add(store, &caller, &hook).await.map_err(CliError::failure)?;
            say(format_args!("{name} is told {} from now on", hook.scope))
        }
        HookAction::List => {
            let hooks = store.hooks().await.map_err(CliError::failure)?;
            say(table(&hooks))
        }
        HookAction::Remove { name } => {
            hooks::remove(store, &caller, name).await.map_err(|cause| unknown(name, cause))?;
            say(format_args!("{name} is told nothing more"))
        }
        HookAction::Mute { name, hours } => {
            hooks::mute(store, &caller, name, *hours).await.map_err(|cause| unknown(name, cause))?;
            say(format_args!("{name} is muted for {hours} hours"))
        }
        HookAction::Test { name } => {
            let hooks = store.hooks().await.map_err(CliError::failure)?;
            let hook = hooks.into_iter().find(|hook| hook.told.name == *name);
            let hook = hook.ok_or_else(|| unknown(name, DeskError::NotFound))?;
            let now = UtcMillis::now();
            match reach.send(&Delivery::test(hook, now), now).await {
                Ok(()) => say(format_args!("{name} took the test message")),
                Err(code) => Err(CliError::failure(format!("{name} did not take the test message: {code}"))),
            }
        }
    }
}

fn table(hooks: &[Hook]) -> comfy_table::Table {
    let mut table =
        empty(vec!["name", "form", "scope", "team", "host", "failures", "last error", "muted until"]);
    for hook in hooks {
        table.add_row([
            hook.told.name.clone(),
            hook.told.form.to_string(),
            hook.told.scope.to_string(),
            hook.told.team.as_ref().map(ToString::to_string).unwrap_or_default(),
            hooks::host(&hook.told.url).to_owned(),
            hook.failures.to_string(),
            hook.last_error.clone().unwrap_or_default(),
            hook.muted_until.map(UtcMillis::to_beijing).unwrap_or_default(),
        ]);
    }
    table
}
