//! How long statistics take, from contacts and from stored sums.
//!
//! `cargo bench --bench statistics` prints one JSON object: agent-level estimates of 6,000 contacts
//! with 144,000 utterances, and the staff table of 1,000 people over 13 weeks with 500,000 contacts
//! from sums stored in SQLite, and in PostgreSQL when `TINGXIN_TEST_POSTGRES` names a server. Not a
//! criterion bench: a database of half a million contacts is filled once.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a bench may fail by panicking and prints its figures"
)]
#![expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::as_conversions,
    clippy::indexing_slicing,
    reason = "small counts of made-up data"
)]

use std::collections::BTreeMap;
use std::time::Instant;

use sqlx::{Connection as _, Executor as _};
use tingxin::domain::{
    BusinessProcess, Channel, ContactMeasures, ContactRef, Exchange, Observation, StaffId, TeamId, Tone,
    UtcMillis,
};
use tingxin::staff::{Measured, Person, Reliability, Series, Sums, Weeks, colleagues, soothing, sum, table};
use tingxin::store::{Store, SumKind};

const PEOPLE: usize = 1_000;
const WEEKS: i64 = 13;
/// Contacts of a person in a week: half a million in all.
const CONTACTS: usize = 39;
const FIRST_WEEK: i64 = 2_950;

/// A generator for data that only has to vary.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> f32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 40) as f32 / 16_777_216.0
    }
}

fn observation(chance: &mut Chance, week: i64) -> Observation {
    let processes = ["billing", "broadband_fault", "package_change", "complaint_followup", "roaming"];
    let channels = [Channel::Hotline, Channel::Chat, Channel::Hall];
    let pick = |of: usize, chance: &mut Chance| ((chance.next() * of as f32) as usize).min(of - 1);
    let mut tone = || {
        let valence = chance.next() * 1.6 - 0.8;
        Tone { valence, positive: valence.max(0.0), negative: (-valence).max(0.0) }
    };
    let exchanges =
        (0..12).map(|_| Exchange { customer: Some(tone()), agent: Some(tone()) }).collect::<Vec<_>>();
    let (start, negative) = (chance.next() - 0.6, chance.next());
    let into_week = (chance.next() * 600_000_000.0) as i64;
    Observation {
        id: ContactRef(uuid::Uuid::nil()),
        channel: channels[pick(channels.len(), chance)],
        process: Some(BusinessProcess::new(processes[pick(processes.len(), chance)]).unwrap()),
        staff: None,
        team: Some(TeamId::new("beijing-01").unwrap()),
        happened_at: UtcMillis::of_week(week).plus_millis(into_week),
        repeated: chance.next() < 0.1,
        incident: false,
        contested: Vec::new(),
        measures: ContactMeasures {
            exchanges,
            start: Some(start),
            end: Some(0.6 - negative),
            ends_negative: Some(negative * negative),
            escalated: Some(negative * negative * negative),
            lapse: Some(chance.next() * 0.92),
            asked: Some(chance.next() < 0.7),
            customer_turns: 12,
            load: 0.1,
            ..ContactMeasures::default()
        },
    }
}

fn person(at: usize) -> StaffId {
    StaffId::new(&format!("A{at:05}")).unwrap()
}

/// Seconds for the estimates of 60 people with 100 contacts of 24 turns, from the turns on.
fn estimates() -> f64 {
    let mut chance = Chance(7);
    let contacts: Vec<Vec<Observation>> =
        (0..60).map(|_| (0..100).map(|_| observation(&mut chance, FIRST_WEEK)).collect()).collect();
    let began = Instant::now();
    let series: Vec<Series> = contacts.into_iter().map(|own| sum(own).take_series()).collect();
    let found = colleagues(&series.iter().collect::<Vec<_>>(), Some(reliability()));
    assert_eq!(found.len(), 60);
    began.elapsed().as_secs_f64()
}

/// Weekly sums of a hundred kinds, of which everybody gets their own row.
fn rows() -> Vec<(String, i64, String, String)> {
    let mut chance = Chance(11);
    let kinds: Vec<(String, String)> = (0..100)
        .map(|_| sum((0..CONTACTS).map(|_| observation(&mut chance, FIRST_WEEK)).collect()).to_json())
        .collect();
    let row = |at: usize, week: i64| {
        let (body, series) = kinds[(at * 31 + week as usize * 7) % kinds.len()].clone();
        (person(at).as_str().to_owned(), FIRST_WEEK + week, body, series)
    };
    (0..PEOPLE)
        .flat_map(|at| (0..WEEKS).map(move |week| (at, week)))
        .map(|(at, week)| row(at, week))
        .collect()
}

const INSERT: &str = "INSERT INTO weekly_sums (kind, name, week, contacts, body, series) \
    VALUES ('staff', $1, $2, 39, $3, $4)";

macro_rules! fill {
    ($connection:ty, $url:expr) => {{
        let mut connection = <$connection>::connect($url).await.unwrap();
        connection.execute("BEGIN").await.unwrap();
        for (name, week, body, series) in rows() {
            sqlx::query(INSERT)
                .bind(name)
                .bind(week)
                .bind(body)
                .bind(series)
                .execute(&mut connection)
                .await
                .unwrap();
        }
        connection.execute("COMMIT").await.unwrap();
        connection.close().await.unwrap();
    }};
}

/// Seconds from the question to the judged table, best of three.
async fn staff_table(store: &Store) -> f64 {
    let mut best = f64::INFINITY;
    for _ in 0..3 {
        let began = Instant::now();
        let mut people: BTreeMap<StaffId, Sums> = BTreeMap::new();
        let take = |name: &str, _: i64, body: &str| {
            let staff = StaffId::new(name).map_err(|cause| cause.to_string())?;
            people.entry(staff).or_default().merge(&Sums::from_json(body)?);
            Ok(())
        };
        store.sums(SumKind::Staff, FIRST_WEEK, take).await.unwrap();
        let people: Vec<Person> = people
            .into_iter()
            .map(|(id, sums)| Person { id, sums, confirmed: BTreeMap::new(), corrected: BTreeMap::new() })
            .collect();
        let lines = table(&people);
        assert!(lines.len() == PEOPLE && lines.iter().all(|line| line.figures.len() == 5));
        best = best.min(began.elapsed().as_secs_f64());
    }
    best
}

/// Seconds for S9 of everybody with its check, from the weekly sums on.
fn soothed() -> f64 {
    let (mut weeks, mut whole) = (Weeks::new(), Series::default());
    for (at, (name, week, body, series)) in rows().into_iter().enumerate() {
        let sums = Sums::from_json(&body).unwrap();
        weeks.entry(StaffId::new(&name).unwrap()).or_default().insert(week, sums);
        if at < 100 {
            whole.merge(&Series::from_json(&series).unwrap());
        }
    }
    let person = |(id, weeks): (&StaffId, &BTreeMap<i64, Sums>)| Person {
        id: id.clone(),
        sums: Sums::of_all(weeks.values()),
        confirmed: BTreeMap::new(),
        corrected: BTreeMap::new(),
    };
    let people: Vec<Person> = weeks.iter().map(person).collect();
    let began = Instant::now();
    let found = soothing(&people, &weeks, &whole, Some(reliability()));
    assert!(found.len() == PEOPLE && found.iter().all(|one| one.check.is_some()));
    began.elapsed().as_secs_f64()
}

fn reliability() -> Reliability {
    let measured = |value| Measured { value, error: 0.03 };
    Reliability { customer: measured(0.75), agent: measured(0.8) }
}

#[expect(clippy::disallowed_methods, reason = "the name of a server for tests is no setting of the product")]
fn server() -> Option<String> {
    std::env::var("TINGXIN_TEST_POSTGRES").ok()
}

async fn on_sqlite() -> f64 {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("bench.db").display());
    let store = Store::open(&url).await.unwrap();
    store.migrate().await.unwrap();
    fill!(sqlx::SqliteConnection, &url);
    staff_table(&store).await
}

async fn on_postgres(server: &str) -> f64 {
    let name = format!("tingxin_bench_{}", uuid::Uuid::now_v7().simple());
    let mut admin = sqlx::PgConnection::connect(server).await.unwrap();
    admin.execute(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"))).await.unwrap();
    let url = format!("{}/{name}", server.rsplit_once('/').unwrap().0);
    let store = Store::open(&url).await.unwrap();
    store.migrate().await.unwrap();
    fill!(sqlx::PgConnection, &url);
    let seconds = staff_table(&store).await;
    store.close().await;
    admin.execute(sqlx::AssertSqlSafe(format!("DROP DATABASE {name} WITH (FORCE)"))).await.unwrap();
    seconds
}

#[tokio::main]
async fn main() {
    let estimates = (0..3).map(|_| estimates()).fold(f64::INFINITY, f64::min);
    let soothed = soothed();
    let sqlite = on_sqlite().await;
    let postgres = match server() {
        Some(server) => Some(on_postgres(&server).await),
        None => None,
    };
    println!(
        "{}",
        serde_json::json!({
            "agent_estimates_6000_contacts_seconds": estimates,
            "soothing_1000_people_500000_contacts_seconds": soothed,
            "staff_table_1000_people_500000_contacts_sqlite_seconds": sqlite,
            "staff_table_1000_people_500000_contacts_postgres_seconds": postgres,
        })
    );
}
