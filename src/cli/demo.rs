//! `tingxin demo`: the whole product on a throw-away database, with something to look at.

use std::borrow::Cow;
use std::io::Cursor;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;

use clap::Args;
use rust_embed::Embed;

use super::context::{announce, block_on};
use super::error::{CliError, Outcome};
use super::import::{take, until_idle};
use super::input::Unread;
use crate::app::{self, App, AppError, Database, Stop};
use crate::desk::samples::draw_due;
use crate::desk::{Caller, PERIOD_WEEKS, accounts};
use crate::domain::{Channel, ContactRef, Role, Rule, StaffId, UtcMillis};
use crate::ingest::{Placed, ReadOptions, read};
use crate::score::EngineKind;
use crate::secrets;
use crate::settings::{self, Flags, Settings};
use crate::store::{ContactFilter, FlagFilter, NewAudit, NewSamplePlan, SampleUnit, Store};
use crate::telemetry;

/// One account for each role of people; the names are the roles in Pinyin.
const ACCOUNTS: [(&str, Role); 6] = [
    ("zhijian", Role::Reviewer),
    ("peixun", Role::Trainer),
    ("zhuguan", Role::Supervisor),
    ("yuangong", Role::Staff),
    ("guanli", Role::Admin),
    ("shenji", Role::Auditor),
];

/// What to look at first: a rule, and why a contact that it flagged is worth the click.
const SIGHTS: [(Rule, &str); 3] = [
    (Rule::Escalation, "客户情绪一路升级，看曲线和每一句的依据词"),
    (Rule::AgentLapse, "坐席言语失当，先由质检员确认，再给别人看"),
    (Rule::Recovery, "从愤怒到道谢，值得学习的好案例"),
];

/// Serve the product on a throw-away database filled with the sample contacts
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  tingxin demo
  tingxin demo --listen 127.0.0.1:9000

Prints the console's address, one account for each role, an API key and three things to look at. Takes another port when 8080 is in use, unless --listen is given. The database is removed at the end.")]
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
}

/// The sample contacts, compiled in.
#[derive(Embed)]
#[folder = "samples/"]
struct Samples;

/// Runs the command.
pub(super) fn run(arguments: &DemoArguments) -> Result<Outcome, CliError> {
    // Removed with everything in it when this function returns.
    let folder = tempfile::Builder::new().prefix("tingxin-demo-").tempdir().map_err(CliError::failure)?;
    let settings = demo_settings(arguments, folder.path())?;
    telemetry::start_logging(&settings.log).map_err(CliError::failure)?;
    let (listener, moved) = bind(arguments.listen, settings.listen).map_err(CliError::failure)?;
    block_on(async {
        let mut stop = Stop::listen().map_err(CliError::failure)?;
        let (app, announcement) = tokio::select! {
            ready = prepare(&settings, listener) => ready?,
            // Whoever gives up while it starts leaves nothing behind either.
            _ = stop.next() => return Ok(()),
        };
        if moved {
            announce(format_args!("{} is in use; another port was taken", settings.listen));
        }
        announce(announcement);
        app.run_until_stopped(stop).await.map_err(CliError::failure)
    })?;
    Ok(Outcome::Done)
}

/// Everything up to the moment at which there is something to look at.
async fn prepare(settings: &Settings, listener: TcpListener) -> Result<(App, String), CliError> {
    let password = fill(settings).await?;
    let app = App::build(settings, listener).await.map_err(CliError::failure)?;
    if !app.analyses() {
        return Err(CliError::failure("the emotion model cannot be used; the reason stands above"));
    }
    until_idle(app.store()).await?;
    draw_sample(app.store()).await?;
    let key = accounts::create_key(app.store(), &Caller::system(), ("demo", Role::Integrator, None), None)
        .await
        .map_err(CliError::failure)?;
    let text = announcement(&app, &password, &key).await?;
    Ok((app, text))
}

/// Contacts of one member of staff that are drawn of a week.
const DRAWN_PER_WEEK: u32 = 1;

/// Plans a random sample and draws it from the weeks of the samples, whatever day it is.
async fn draw_sample(store: &Store) -> Result<(), CliError> {
    let latest = store.contacts(&ContactFilter::default(), None, 200).await.map_err(CliError::failure)?;
    // Some samples do not say when they began, and stand first.
    let Some(latest) = latest.items.iter().find_map(|contact| contact.started_at) else { return Ok(()) };
    let entry = NewAudit {
        at: UtcMillis::now(),
        actor: Caller::system().actor,
        action: "sample.plan",
        object: "sample".to_owned(),
        result: "ok",
        purpose: None,
    };
    let (unit, since_week) = (SampleUnit::Staff, latest.week() - PERIOD_WEEKS);
    let plan = NewSamplePlan { unit, per_week: DRAWN_PER_WEEK, seed: 1, since_week };
    store.add_sample_plan(&plan, &entry).await.map_err(CliError::failure)?;
    let after = UtcMillis::of_week(latest.week() + 1);
    draw_due(store, after).await.map_err(CliError::failure)?;
    Ok(())
}

/// The defaults on a database in `folder`. Settings of a real installation are left alone on purpose:
/// a demo must neither find nor touch them.
fn demo_settings(arguments: &DemoArguments, folder: &Path) -> Result<Settings, CliError> {
    let flags = Flags {
        listen: arguments.listen,
        database_url: Some(format!("sqlite://{}", folder.join("demo.db").display())),
        model: arguments.model.clone(),
        engine: arguments.engine,
        log: Some("warn".to_owned()),
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

/// Whose results the account of a member of staff shows.
const OWN_STAFF: &str = "A1001";

/// Creates the accounts and brings the samples in. Returns the password of every account.
async fn fill(settings: &Settings) -> Result<String, CliError> {
    let Database { store, redactor } = app::open_database(settings).await.map_err(CliError::failure)?;
    // 20 hexadecimal digits are 80 random bits: beyond guessing, and short enough to type.
    let password: String = secrets::random_token().map_err(CliError::failure)?.chars().take(20).collect();
    let hash = secrets::hash_password(&password).map_err(CliError::failure)?;
    for (name, role) in ACCOUNTS {
        let account = (name, role, None);
        accounts::create_user(&store, &Caller::system(), account, &hash).await.map_err(CliError::failure)?;
        if role == Role::Staff {
            let own = StaffId::new(OWN_STAFF).map_err(CliError::failure)?;
            accounts::link_staff(&store, &Caller::system(), name, &own).await.map_err(CliError::failure)?;
        }
    }
    take(&store, redactor, samples()).await?;
    store.close().await;
    Ok(password)
}

fn samples() -> impl Iterator<Item = Result<Placed, Unread>> + Send {
    // The index and the page about the samples lie beside them.
    let contacts = Samples::iter().filter(|name| name.contains('/'));
    contacts.flat_map(|name: Cow<'static, str>| {
        let bytes = Samples::get(&name).map(|file| file.data.into_owned()).unwrap_or_default();
        read(
            Box::new(Cursor::new(bytes)),
            &name,
            &ReadOptions { channel: Some(channel_of(&name)), ..ReadOptions::default() },
        )
        .map(|item| item.map_err(Unread::from))
    })
}

/// The channel in the name of a file. Only plain text asks for it; the other formats say it
/// themselves.
fn channel_of(name: &str) -> Channel {
    Channel::ALL.iter().find(|channel| name.contains(channel.as_str())).copied().unwrap_or(Channel::Hotline)
}

async fn announcement(app: &App, password: &str, key: &str) -> Result<String, CliError> {
    let url = app.url();
    let mut lines = vec![format!("listening on {url}"), String::new(), "账号：".to_owned()];
    lines.extend(ACCOUNTS.map(|(name, role)| format!("  {name:<10} {}", role.zh())));
    lines.push(format!("password: {password}"));
    lines.push(format!("API key: {key}"));
    lines.push(String::new());
    lines.push("先用 zhijian 登录，看这三处：".to_owned());
    let mut shown = Vec::new();
    for (rule, why) in SIGHTS {
        if let Some(contact) = sight(app.store(), rule, &shown).await? {
            lines.push(format!("  {url}/review/{contact}\n    {}：{why}", rule.zh()));
            shown.push(contact);
        }
    }
    lines.push(String::new());
    lines.push("按 Ctrl-C 结束，演示数据随即删除。".to_owned());
    Ok(lines.join("\n"))
}

/// The contact on which `rule` is most certain, of those that were not shown yet.
async fn sight(store: &Store, rule: Rule, shown: &[ContactRef]) -> Result<Option<ContactRef>, CliError> {
    let filter = FlagFilter { rule: Some(rule), ..FlagFilter::default() };
    let page = store.review_queue(&filter, None, 10).await.map_err(CliError::failure)?;
    let contacts = page.items.iter().map(|flagged| flagged.contact.id);
    Ok(contacts.into_iter().find(|contact| !shown.contains(contact)))
}
