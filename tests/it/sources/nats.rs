//! A stream of NATS `JetStream`, on a broker that is killed as well.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use async_nats::jetstream::{self, stream::Config};
use futures_util::{StreamExt as _, TryStreamExt as _};

use super::{check_dead_letter, cut_the_database, ids, intake, line, until};
use crate::support::shell::Shell;
use crate::support::store::{on_postgres, variable};

/// Where `scripts/test-tools.sh` puts it.
fn program() -> Option<PathBuf> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/tools/nats/usr/sbin/nats-server");
    let found = own.exists().then_some(own).or_else(|| {
        let path = std::env::var_os("PATH")?;
        std::env::split_paths(&path).map(|folder| folder.join("nats-server")).find(|path| path.exists())
    });
    if found.is_none() {
        assert!(
            variable("CI").is_none(),
            "nats-server must be installed where CI is set: scripts/test-tools.sh"
        );
        eprintln!("not run: nats-server is not installed");
    }
    found
}

/// A broker on a port of its own; it keeps what it has over a restart.
struct Broker {
    program: PathBuf,
    port: u16,
    folder: tempfile::TempDir,
    running: Option<Child>,
}

impl Broker {
    fn start(program: PathBuf) -> Self {
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let mut broker = Self { program, port, folder: tempfile::tempdir().unwrap(), running: None };
        broker.begin();
        broker
    }

    fn begin(&mut self) {
        let running = Command::new(&self.program)
            .args(["-a", "127.0.0.1", "-p", &self.port.to_string(), "-js", "-sd"])
            .arg(self.folder.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        self.running = Some(running.unwrap());
    }

    fn kill(&mut self) {
        if let Some(mut running) = self.running.take() {
            running.kill().unwrap();
            running.wait().unwrap();
        }
    }

    fn url(&self) -> String {
        format!("nats://127.0.0.1:{}", self.port)
    }

    /// A client of our own, which waits for the broker.
    async fn client(&self) -> jetstream::Context {
        let options = async_nats::ConnectOptions::new().retry_on_initial_connect();
        jetstream::new(options.connect(self.url()).await.unwrap())
    }

    /// Makes the two streams.
    async fn streams(&self, client: &jetstream::Context) {
        for (name, subject) in [("contacts", "contacts.>"), ("dead", "tingxin.dead")] {
            let config =
                Config { name: name.to_owned(), subjects: vec![subject.to_owned()], ..Config::default() };
            let begun = Instant::now();
            while client.get_or_create_stream(config.clone()).await.is_err() {
                assert!(begun.elapsed() < Duration::from_secs(30), "the broker does not start");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Where the service finds the broker.
fn named(broker: &Broker) -> [(&'static str, String); 1] {
    [("TINGXIN_SOURCES__NATS__URL", broker.url())]
}

async fn publish(client: &jetstream::Context, numbers: std::ops::Range<usize>) {
    futures_util::stream::iter(numbers)
        .map(|n| async move {
            let payload = line(&format!("N-{n:06}"), "我家宽带又断了，这都第三次了！").into();
            client.publish(format!("contacts.hall.{}", n % 7), payload).await?.await
        })
        .buffer_unordered(64)
        .try_collect::<Vec<_>>()
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn consumer_broker_and_database_are_killed_in_turn_and_nothing_is_lost_or_doubled() {
    let Some(program) = program() else { return };
    on_postgres(|db| async move {
        let count = variable("TINGXIN_TEST_MESSAGES").map_or(2_000, |count| count.parse().unwrap());
        let mut broker = Broker::start(program);
        let client = broker.client().await;
        broker.streams(&client).await;
        publish(&client, 0..count).await;
        client.publish("contacts.hall.0", "{\"contact_id\": \"王小明\"".into()).await.unwrap().await.unwrap();
        let shell = Shell::new();

        let first = intake(&shell, &db, &named(&broker));
        until(&db, count / 10).await;
        first.signal("KILL");
        first.wait();
        let second = intake(&shell, &db, &named(&broker));
        until(&db, count / 4).await;
        broker.kill();
        tokio::time::sleep(Duration::from_millis(500)).await;
        broker.begin();
        until(&db, count / 2).await;
        cut_the_database(&db).await;
        until(&db, count).await;

        // What was not acknowledged when the first one was killed comes again, and changes nothing.
        acknowledged(&client).await;
        second.signal("TERM");
        assert!(second.wait().success());
        let expected: Vec<_> = (0..count).map(|n| format!("N-{n:06}")).collect();
        let there = ids(&db.store).await;
        println!("evidence: {count} messages, {} lost, {} doubled", lost(&expected, &there), doubled(&there));
        assert_eq!(there, expected);
        the_broken_one_is_buried(&client).await;
        let log = std::fs::read_to_string(shell.path("log")).unwrap();
        assert!(!log.contains("王小明") && !log.contains("宽带"), "{log}");
    })
    .await;
}

fn lost(expected: &[String], there: &[String]) -> usize {
    expected.iter().filter(|id| there.binary_search(id).is_err()).count()
}

fn doubled(there: &[String]) -> usize {
    there.windows(2).filter(|pair| pair[0] == pair[1]).count()
}

/// Waits until the broker waits for nothing more.
async fn acknowledged(client: &jetstream::Context) {
    let begun = Instant::now();
    loop {
        let consumer: jetstream::consumer::PullConsumer =
            client.get_stream("contacts").await.unwrap().get_consumer("tingxin").await.unwrap();
        let info = consumer.get_info().await.unwrap();
        if info.num_ack_pending == 0 && info.num_pending == 0 {
            return;
        }
        assert!(begun.elapsed() < Duration::from_mins(2), "{} are not acknowledged", info.num_ack_pending);
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

async fn the_broken_one_is_buried(client: &jetstream::Context) {
    let mut dead = client.get_stream("dead").await.unwrap();
    assert_eq!(dead.info().await.unwrap().state.messages, 1);
    let letter = dead.get_raw_message(1).await.unwrap();
    let reason = letter.headers.get("Tingxin-Reason").unwrap().as_str();
    check_dead_letter(&letter.payload, reason);
}

#[test]
fn a_dead_letter_that_would_be_read_again_is_refused_at_the_start() {
    let shell = Shell::new();
    let mut command = shell.command(&["serve", "--print-config"]);
    command.env("TINGXIN_SOURCES__NATS__URL", "nats://127.0.0.1:4222");
    command.env("TINGXIN_SOURCES__NATS__DEAD_LETTER", "contacts.dead");

    let ended = command.output().unwrap();

    assert!(!ended.status.success());
    let said = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert!(said.contains("sources.nats.dead_letter"), "{said}");
}
