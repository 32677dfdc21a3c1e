//! `tingxin demo`: the whole product on a throw-away database, with something to look at.

mod agreed;
mod cared;
mod filling;
mod live;
mod owed;
mod people;
mod quarter;
mod readings;
mod sights;
mod small;
mod verdicts;

use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::ExitCode;

use clap::Args;
use tokio::sync::OwnedMutexGuard;

use super::context::{announce, block_on};
use super::error::{CliError, Outcome, exit};
use super::import::{take, until_idle};
use crate::app::{self, App, AppError, Database, Stop};
use crate::desk::{Caller, Desk, PERIOD_WEEKS, accounts};
use crate::domain::{Role, StaffId, UtcMillis};
use crate::redact::Redactor;
use crate::score::EngineKind;
use crate::secrets;
use crate::settings::{self, Flags, Settings};
use crate::store::Store;
use crate::telemetry;
use quarter::{OWN_STAFF, Quarter};

/// One account for each role of people; the names are the roles in Pinyin.
const ACCOUNTS: [(&str, Role, &str); 6] = [
    ("zhijian", Role::Reviewer, "reviewer"),
    ("peixun", Role::Trainer, "trainer"),
    ("zhuguan", Role::Supervisor, "supervisor"),
    ("yuangong", Role::Staff, "member of staff, number A1001"),
    ("guanli", Role::Admin, "administrator"),
    ("shenji", Role::Auditor, "auditor"),
];

/// Serve the product on a throw-away database with a quarter of a centre that never was
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  tingxin demo
  tingxin demo --listen 127.0.0.1:9000
  tingxin demo --small
  tingxin demo --live

Prints the console's address, one account for each role and an API key at once: the pages can be used while the quarter is filled in, the latest week first. When it is full, three things to look at are printed. Takes another port when 8080 is in use, unless --listen is given. The database is removed at the end.

The quarter is the same at every start, up to the present moment: 42 people in 8 teams on all nine channels, over 6,000 contacts, most of them calm. Planted in it: an outage two weeks ago with its incident; A1004, who loses patience with customers and is named after what reviewers have confirmed; A2003, who calms upset customers; A1005, whose coaching had an effect, and A2005, whose coaching had none; the team hotline-02, which is curt every other week; A3003, who is insulted often; the rule «deadline not told», of whose flags most are wrong, so that it has made itself a hint; appeals, one of them overdue; cases of four weeks, some of them overdue and three whose customers came back unsettled; and care after insults, given and owed.")]
pub(super) struct DemoArguments {
    /// Where to serve [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
    /// Emotion model: `lexicon`, a name from models/manifest.toml, or the folder of a model
    #[arg(long, value_name = "NAME")]
    model: Option<String>,
    /// What computes a trained model: `embedded`, or `rust-bert` if built with that feature
    #[arg(long, value_name = "ENGINE", value_parser = settings::engines())]
    engine: Option<EngineKind>,
    /// Only the eighty or so contacts of the samples
    #[arg(long)]
    small: bool,
    /// Fewer weeks before this one, for a slow machine; most figures need all of them
    #[arg(long, value_name = "NUMBER", default_value_t = PERIOD_WEEKS, value_parser = clap::value_parser!(i64).range(1..=PERIOD_WEEKS))]
    weeks: i64,
    /// An empty database instead of the throw-away one, for example of PostgreSQL; it is left as it is at the end, and cannot be
    /// served any more: its pseudonym key goes
    #[arg(long, value_name = "URL")]
    database: Option<String>,
    /// When it is full, play days, each in so many minutes; every second one has an outage at 10 o'clock
    #[arg(long, value_name = "MINUTES", num_args = 0..=1, default_missing_value = "12", value_parser = clap::value_parser!(u32).range(1..=1_440))]
    live: Option<u32>,
}

/// Runs the command.
pub(super) fn run(arguments: &DemoArguments) -> Result<Outcome, CliError> {
    // Removed with everything in it when this function returns.
    let folder = tempfile::Builder::new().prefix("tingxin-demo-").tempdir().map_err(CliError::failure)?;
    let settings = demo_settings(arguments, folder.path())?;
    telemetry::start_logging(&settings.log).map_err(CliError::failure)?;
    let (listener, moved) = bind(arguments.listen, settings.listen).map_err(CliError::failure)?;
    block_on(async {
        let mut stop = Stop::listen().map_err(CliError::failure)?;
        let ready = tokio::select! {
            ready = prepare(&settings, listener, arguments.small) => ready?,
            // Whoever gives up while it starts leaves nothing behind either.
            _ = stop.next() => return Ok(()),
        };
        if moved {
            announce(format_args!("{} is in use; another port was taken", settings.listen));
        }
        announce(greeting(&ready));
        let Ready { app, redactor, key, .. } = ready;
        // Cases and care of the quarter are written down as of the weeks in which they were due.
        let owing = if arguments.small { None } else { app.hold_owing().await };
        let (store, desk, url) = (app.store().clone(), app.desk().clone(), app.url());
        let data = Data { store, desk, redactor, url, small: arguments.small, weeks: arguments.weeks, owing };
        let live = arguments.live.map(|minutes| (minutes, key));
        let filling = tokio::spawn(run_beside(data, live));
        let served = app.run_until_stopped(stop).await.map_err(CliError::failure);
        filling.abort();
        served
    })?;
    Ok(Outcome::Done)
}

/// A service that runs, and how to get in.
struct Ready {
    app: App,
    redactor: Redactor,
    password: String,
    key: String,
}

/// Everything up to the moment at which somebody can log in. The samples are few and come first.
async fn prepare(settings: &Settings, listener: TcpListener, small: bool) -> Result<Ready, CliError> {
    let Database { store, redactor } = app::open_database(settings).await.map_err(CliError::failure)?;
    if !store.users().await.map_err(CliError::failure)?.is_empty() {
        return Err(CliError::failure("the demo wants an empty database, and this one has accounts"));
    }
    let password = create_accounts(&store).await?;
    if small {
        take(&store, redactor.clone(), small::samples()).await?;
    }
    store.close().await;
    let app = App::build(settings, listener).await.map_err(CliError::failure)?;
    if !app.analyses() {
        return Err(CliError::failure("the emotion model cannot be used; the reason stands above"));
    }
    if small {
        until_idle(app.store()).await?;
        small::draw_sample(app.store()).await?;
    } else {
        app.serve_demo();
    }
    let key =
        accounts::create_demo_key(app.store(), &Caller::system(), "demo").await.map_err(CliError::failure)?;
    Ok(Ready { app, redactor, password, key })
}

/// What is filled in beside the service.
struct Data {
    store: Store,
    desk: Desk,
    redactor: Redactor,
    url: String,
    small: bool,
    weeks: i64,
    /// While it is held, nobody else opens cases.
    owing: Option<OwnedMutexGuard<()>>,
}

/// Fills the quarter in beside the service, says what to look at, and plays days where that was asked for.
async fn run_beside(data: Data, live: Option<(u32, String)>) {
    let Data { store, desk, redactor, url, small, weeks, owing } = data;
    let quarter = Quarter::up_to(UtcMillis::now(), weeks);
    let filled = async {
        if !small {
            filling::fill((&store, &desk), redactor, &quarter).await?;
        }
        drop(owing);
        announce(farewell(&url, &sights::find(&store).await?, small));
        match live {
            Some((minutes, key)) => live::play(&quarter, (&url, &key), minutes).await,
            None => Ok(()),
        }
    };
    if let Err(failure) = filled.await {
        // What is there can be used; why the rest is not stands on standard error.
        let _: ExitCode = exit(Err(failure));
    }
}

/// The defaults on a database in `folder`. Settings of a real installation are left alone on purpose:
/// a demo must neither find nor touch them.
fn demo_settings(arguments: &DemoArguments, folder: &Path) -> Result<Settings, CliError> {
    let DemoArguments { database, .. } = arguments;
    let own = || format!("sqlite://{}", folder.join("demo.db").display());
    let flags = Flags {
        listen: arguments.listen,
        database_url: Some(database.clone().unwrap_or_else(own)),
        key_file: Some(folder.join("demo.key")),
        model: arguments.model.clone(),
        engine: arguments.engine,
        // That a rule makes itself a hint is planted, and told on its page.
        log: Some("warn,tingxin_desk::rules=error".to_owned()),
        ..Flags::default()
    };
    settings::defaults(&flags).map_err(CliError::failure)
}

/// Takes the address; the usual one may be in use, and then any other port serves as well.
fn bind(asked: Option<SocketAddr>, usual: SocketAddr) -> Result<(TcpListener, bool), AppError> {
    match app::listen(usual) {
        Err(AppError::Listen { cause, .. })
            if asked.is_none() && cause.kind() == std::io::ErrorKind::AddrInUse =>
        {
            let mut free = usual;
            free.set_port(0);
            Ok((app::listen(free)?, true))
        }
        other => Ok((other?, false)),
    }
}

/// Creates the accounts; the password of every one of them.
async fn create_accounts(store: &Store) -> Result<String, CliError> {
    // 20 hexadecimal digits are 80 random bits: beyond guessing, and short enough to type.
    let password: String = secrets::random_token().map_err(CliError::failure)?.chars().take(20).collect();
    let hash = secrets::hash_password(&password).map_err(CliError::failure)?;
    for (name, role, _) in ACCOUNTS {
        let account = accounts::NewAccount { name, role, team: None };
        accounts::create_user(store, &Caller::system(), account, &hash).await.map_err(CliError::failure)?;
        if role == Role::Staff {
            let own = StaffId::new(OWN_STAFF).map_err(CliError::failure)?;
            accounts::link_staff(store, &Caller::system(), name, &own).await.map_err(CliError::failure)?;
        }
    }
    Ok(password)
}

/// How to get in.
fn greeting(ready: &Ready) -> String {
    let mut lines = vec![format!("listening on {}", ready.app.url()), String::new(), "accounts:".to_owned()];
    lines.extend(ACCOUNTS.map(|(name, _, role)| format!("  {name:<10} {role}")));
    lines.push(format!("password: {}", ready.password));
    lines.push(format!("API key: {}", ready.key));
    lines.join("\n")
}

/// What to look at.
fn farewell(url: &str, sights: &[sights::Sight], small: bool) -> String {
    let mut lines = vec![String::new(), "log in as zhijian and look at these first:".to_owned()];
    lines.extend(sights.iter().map(|sight| format!("  {url}/review/{}\n    {}", sight.contact, sight.why)));
    if !small {
        lines.push(format!("what is planted: {url}/demo"));
    }
    lines.push(String::new());
    lines.push("Ctrl-C ends it and removes everything.".to_owned());
    lines.join("\n")
}
