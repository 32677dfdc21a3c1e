//! `tingxin user` and `tingxin key`.

use std::io::{BufRead as _, IsTerminal as _};
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use comfy_table::Table;

use super::context::{Context, block_on, say};
use super::error::{CliError, Outcome};
use super::options::{DatabaseArguments, roles, staff, team};
use super::tables::empty;
use crate::desk::accounts::{self, ROLES_OF_PEOPLE, ROLES_OF_PROGRAMS};
use crate::desk::{Caller, DeskError, trainings};
use crate::domain::{Role, StaffId, TeamId, UtcMillis};
use crate::secrets;
use crate::store::{ApiKey, Store, User};

/// Manage the accounts of people
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  tingxin user create li.na --role reviewer --team beijing-01
  echo \"$PASSWORD\" | tingxin user create root --role admin --password-stdin
  tingxin user list
  tingxin user disable li.na")]
pub(super) struct Users {
    #[command(subcommand)]
    action: UserAction,
    #[command(flatten)]
    database: DatabaseArguments,
}

#[derive(Debug, Clone, Subcommand)]
enum UserAction {
    /// Create an account; asks for the password
    #[command(after_help = "Example: tingxin user create li.na --role reviewer --team beijing-01")]
    Create {
        /// Login name
        name: String,
        /// What the person may do
        #[arg(long, value_parser = roles(ROLES_OF_PEOPLE))]
        role: Role,
        /// Limit what the person sees to one team
        #[arg(long, value_parser = team)]
        team: Option<TeamId>,
        /// Read the password from standard input instead of asking for it
        #[arg(long)]
        password_stdin: bool,
    },
    /// Let a staff account see the results of one work number
    #[command(after_help = "Example: tingxin user link wang.fang --staff A1001")]
    Link {
        /// Login name
        name: String,
        /// Work number, as it stands in the contacts
        #[arg(long, value_name = "NUMBER", value_parser = staff)]
        staff: StaffId,
    },
    /// Give an account another role, team or work number; what is not named stays
    #[command(after_help = "\
Examples:
  tingxin user change li.na --role trainer
  tingxin user change li.na --all-teams --no-staff")]
    Change {
        /// Login name
        name: String,
        /// What the person may do
        #[arg(long, value_parser = roles(ROLES_OF_PEOPLE))]
        role: Option<Role>,
        /// Limit what the person sees to one team
        #[arg(long, value_parser = team, conflicts_with = "all_teams")]
        team: Option<TeamId>,
        /// Let the person see every team
        #[arg(long)]
        all_teams: bool,
        /// Work number whose results the person may see
        #[arg(long, value_name = "NUMBER", value_parser = staff, conflicts_with = "no_staff")]
        staff: Option<StaffId>,
        /// Let the person see nobody's own results
        #[arg(long)]
        no_staff: bool,
    },
    /// Give work numbers the names of their people: `number,name` a line, an empty name takes one off
    #[command(after_help = "\
Examples:
  tingxin user names staff.csv
  hr-export | tingxin user names -")]
    Names {
        /// The list, or `-` for standard input
        file: PathBuf,
    },
    /// Remove an account and end its sessions; the audit log keeps what it did
    #[command(after_help = "Example: tingxin user delete li.na")]
    Delete {
        /// Login name
        name: String,
    },
    /// List accounts
    #[command(after_help = "Example: tingxin user list")]
    List,
    /// Lock an account and end its sessions
    #[command(after_help = "Example: tingxin user disable li.na")]
    Disable {
        /// Login name
        name: String,
    },
    /// Unlock an account
    #[command(after_help = "Example: tingxin user enable li.na")]
    Enable {
        /// Login name
        name: String,
    },
    /// Set a new password and end the account's sessions
    #[command(after_help = "Example: tingxin user passwd li.na")]
    Passwd {
        /// Login name
        name: String,
        /// Read the password from standard input instead of asking for it
        #[arg(long)]
        password_stdin: bool,
    },
}

/// Manage the API keys of programs
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  tingxin key create crm --role integrator --days 365
  tingxin key create reports --role analyst
  tingxin key create prometheus --role monitor
  tingxin key list
  tingxin key revoke crm")]
pub(super) struct Keys {
    #[command(subcommand)]
    action: KeyAction,
    #[command(flatten)]
    database: DatabaseArguments,
}

#[derive(Debug, Clone, Subcommand)]
enum KeyAction {
    /// Create a key and print it once
    #[command(after_help = "Example: tingxin key create crm --role integrator --days 365")]
    Create {
        /// What the key is for
        name: String,
        /// What the program may do
        #[arg(long, value_parser = roles(ROLES_OF_PROGRAMS), default_value = "integrator")]
        role: Role,
        /// Limit what the program sees to one team
        #[arg(long, value_parser = team)]
        team: Option<TeamId>,
        /// Days until the key ends; without it, never
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
        days: Option<u16>,
    },
    /// List keys, without their secrets
    #[command(after_help = "Example: tingxin key list")]
    List,
    /// Stop accepting a key
    #[command(after_help = "Example: tingxin key revoke crm")]
    Revoke {
        /// Name of the key
        name: String,
    },
}

/// Runs `user`.
pub(super) fn users(context: &Context, arguments: &Users) -> Result<Outcome, CliError> {
    let action = arguments.action.clone();
    // Asked for before the database is opened: nobody should hold a connection while typing.
    let password = match &action {
        UserAction::Create { name, password_stdin, .. } | UserAction::Passwd { name, password_stdin } => {
            Some(new_password(name, *password_stdin)?)
        }
        UserAction::Link { .. }
        | UserAction::Change { .. }
        | UserAction::Names { .. }
        | UserAction::Delete { .. }
        | UserAction::List
        | UserAction::Disable { .. }
        | UserAction::Enable { .. } => None,
    };
    block_on(async {
        let store = context.store(&arguments.database.flags()).await?;
        let done = user_action(&store, action, &password.unwrap_or_default()).await;
        store.close().await;
        done
    })?;
    Ok(Outcome::Done)
}

async fn user_action(store: &Store, action: UserAction, password_hash: &str) -> Result<(), CliError> {
    let caller = Caller::system();
    match action {
        UserAction::Create { name, role, team, .. } => {
            done(
                accounts::create_user(
                    store,
                    &caller,
                    accounts::NewAccount { name: &name, role, team },
                    password_hash,
                )
                .await,
                &name,
            )?;
            say(format_args!("created {name} as {role}"))
        }
        UserAction::Link { name, staff } => {
            done(accounts::link_staff(store, &caller, &name, &staff).await, &name)?;
            say(format_args!("{name} sees the results of {staff}"))
        }
        UserAction::Change { name, role, team, all_teams, staff, no_staff } => {
            let mut new = done(accounts::standing(store, &name).await, &name)?;
            new.role = role.unwrap_or(new.role);
            new.team = team.or(new.team).filter(|_| !all_teams);
            new.staff = staff.or(new.staff).filter(|_| !no_staff);
            done(accounts::change_user(store, &caller, &name, &new).await, &name)?;
            say(format_args!("changed {name}"))
        }
        UserAction::Names { file } => {
            let text = read_list(&file)?;
            let lines = trainings::name_staff(store, &caller, &text).await.map_err(CliError::failure)?;
            say(format_args!("{lines} work numbers were named or lost their name"))
        }
        UserAction::Delete { name } => {
            done(accounts::delete_user(store, &caller, &name).await, &name)?;
            say(format_args!("deleted {name}"))
        }
        UserAction::List => {
            let users = store.users().await.map_err(CliError::failure)?;
            say(user_table(&users))
        }
        UserAction::Disable { name } => {
            done(accounts::disable_user(store, &caller, &name, true).await, &name)?;
            say(format_args!("disabled {name}"))
        }
        UserAction::Enable { name } => {
            done(accounts::disable_user(store, &caller, &name, false).await, &name)?;
            say(format_args!("enabled {name}"))
        }
        UserAction::Passwd { name, .. } => {
            done(accounts::set_password(store, &caller, &name, password_hash).await, &name)?;
            say(format_args!("{name} has a new password; earlier sessions have ended"))
        }
    }
}

/// A list of names, from a file or from standard input.
fn read_list(file: &Path) -> Result<String, CliError> {
    let read = if file == Path::new("-") {
        std::io::read_to_string(std::io::stdin())
    } else {
        std::fs::read_to_string(file)
    };
    read.map_err(|cause| CliError::failure(format!("cannot read {} as UTF-8 text: {cause}", file.display())))
}

/// What the command line says where something is not done.
fn done<T>(answer: Result<T, DeskError>, name: &str) -> Result<T, CliError> {
    answer.map_err(|refused| match refused {
        DeskError::NotFound => CliError::failure(format!("there is no `{name}`")),
        other => CliError::failure(other),
    })
}

/// Asks for a password and hashes it; refuses weak ones.
fn new_password(name: &str, from_stdin: bool) -> Result<String, CliError> {
    let password = if from_stdin {
        let mut line = String::new();
        std::io::stdin().lock().read_line(&mut line).map_err(CliError::failure)?;
        line.trim_end_matches(['\r', '\n']).to_owned()
    } else if std::io::stdin().is_terminal() {
        let first =
            rpassword::prompt_password(format!("password for {name}: ")).map_err(CliError::failure)?;
        let again = rpassword::prompt_password("once more: ").map_err(CliError::failure)?;
        if first != again {
            return Err(CliError::failure("the two passwords differ"));
        }
        first
    } else {
        return Err(CliError::Usage(
            "there is no terminal to ask for the password on; pipe it in with --password-stdin".to_owned(),
        ));
    };
    secrets::check_password(name, &password).map_err(CliError::failure)?;
    secrets::hash_password(&password).map_err(CliError::failure)
}

/// Runs `key`.
pub(super) fn keys(context: &Context, arguments: &Keys) -> Result<Outcome, CliError> {
    block_on(async {
        let store = context.store(&arguments.database.flags()).await?;
        let done = key_action(&store, arguments.action.clone()).await;
        store.close().await;
        done
    })?;
    Ok(Outcome::Done)
}

async fn key_action(store: &Store, action: KeyAction) -> Result<(), CliError> {
    match action {
        KeyAction::Create { name, role, team, days } => say(done(
            accounts::create_key(
                store,
                &Caller::system(),
                accounts::NewAccount { name: &name, role, team },
                days,
            )
            .await,
            &name,
        )?),
        KeyAction::List => {
            let keys = store.api_keys().await.map_err(CliError::failure)?;
            say(key_table(&keys))
        }
        KeyAction::Revoke { name } => {
            done(accounts::revoke_key(store, &Caller::system(), &name).await, &name)?;
            say(format_args!("revoked {name}"))
        }
    }
}

fn user_table(users: &[User]) -> Table {
    let mut table = empty(vec!["name", "role", "team", "state", "since"]);
    for User { name, role, team, disabled, created_at } in users {
        let team = team.as_ref().map_or("all", TeamId::as_str);
        let state = if *disabled { "disabled" } else { "enabled" };
        table.add_row([name.as_str(), role.as_str(), team, state, &created_at.to_beijing()]);
    }
    table
}

fn key_table(keys: &[ApiKey]) -> Table {
    let mut table = empty(vec!["name", "begins with", "role", "team", "since", "until", "revoked"]);
    let time = |at: &Option<UtcMillis>| at.map_or_else(|| "–".to_owned(), UtcMillis::to_beijing);
    for ApiKey { name, prefix, role, team, created_at, expires_at, revoked_at } in keys {
        let team = team.as_ref().map_or("all", TeamId::as_str);
        let (until, revoked) = (time(expires_at), time(revoked_at));
        table.add_row([name, prefix, role.as_str(), team, &created_at.to_beijing(), &until, &revoked]);
    }
    table
}
