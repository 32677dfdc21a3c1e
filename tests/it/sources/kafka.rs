//! A topic of Kafka, on the cluster that librdkafka carries for tests: it speaks the real protocol with
//! groups, offsets and brokers that go down, and keeps nothing on a disk.

use std::time::{Duration, Instant};

use rdkafka::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer as _};
use rdkafka::message::{Headers as _, Message as _};
use rdkafka::mocking::MockCluster;
use rdkafka::producer::{DefaultProducerContext, FutureProducer, FutureRecord};

use super::{check_dead_letter, cut_the_database, ids, intake, line, until};
use crate::support::shell::Shell;
use crate::support::store::{on_postgres, variable};

const PARTITIONS: i32 = 3;

type Cluster = MockCluster<'static, DefaultProducerContext>;

/// A cluster of one broker with the two topics.
fn cluster() -> Cluster {
    let cluster = MockCluster::new(1).unwrap();
    cluster.create_topic("contacts", PARTITIONS, 1).unwrap();
    cluster.create_topic("tingxin-dead", 1, 1).unwrap();
    cluster
}

fn client(cluster: &Cluster) -> ClientConfig {
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", cluster.bootstrap_servers());
    config
}

/// Where the service finds the cluster. Whose consumer dies without a word is found out soon.
fn named(cluster: &Cluster, shell: &Shell) -> [(&'static str, String); 2] {
    let properties = shell.path("kafka.properties");
    std::fs::write(&properties, "# of the tests\nsession.timeout.ms = 6000\nheartbeat.interval.ms=500\n")
        .unwrap();
    [
        ("TINGXIN_SOURCES__KAFKA__BROKERS", cluster.bootstrap_servers()),
        ("TINGXIN_SOURCES__KAFKA__PROPERTIES_FILE", properties.display().to_string()),
    ]
}

async fn publish(producer: &FutureProducer, payload: &str, number: usize) {
    let partition = i32::try_from(number).unwrap() % PARTITIONS;
    let record = FutureRecord::<(), str>::to("contacts").partition(partition).payload(payload);
    producer.send(record, Duration::from_secs(30)).await.unwrap();
}

/// How many messages the group has not handed in.
fn behind(cluster: &Cluster) -> i64 {
    let wait = Duration::from_secs(10);
    let group: BaseConsumer = client(cluster).set("group.id", "tingxin").create().unwrap();
    let mut wanted = rdkafka::TopicPartitionList::new();
    wanted.add_partition_range("contacts", 0, PARTITIONS - 1);
    let committed = group.committed_offsets(wanted, wait).unwrap();
    let behind = |at: &rdkafka::topic_partition_list::TopicPartitionListElem<'_>| {
        let (_, end) = group.fetch_watermarks("contacts", at.partition(), wait).unwrap();
        end - at.offset().to_raw().filter(|offset| *offset >= 0).unwrap_or(0)
    };
    committed.elements().iter().map(behind).sum()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn consumer_broker_and_database_are_killed_in_turn_and_nothing_is_lost_or_doubled() {
    on_postgres(|db| async move {
        let count: usize = variable("TINGXIN_TEST_MESSAGES").map_or(2_000, |count| count.parse().unwrap());
        let cluster = cluster();
        let producer: FutureProducer = client(&cluster).create().unwrap();
        for n in 0..count {
            let payload = line(&format!("K-{n:06}"), "我家宽带又断了，这都第三次了！");
            let record = FutureRecord::<(), str>::to("contacts")
                .partition(i32::try_from(n).unwrap() % PARTITIONS)
                .payload(&payload);
            // Nobody waits for each of them, but for the last.
            drop(producer.send_result(record).map_err(|(failure, _)| failure).unwrap());
        }
        publish(&producer, "{\"contact_id\": \"王小明\"", 0).await;
        let shell = Shell::new();

        let first = intake(&shell, &db, &named(&cluster, &shell));
        until(&db, count / 10).await;
        first.signal("KILL");
        first.wait();
        let second = intake(&shell, &db, &named(&cluster, &shell));
        until(&db, count / 4).await;
        cluster.broker_down(1).unwrap();
        tokio::time::sleep(Duration::from_secs(1)).await;
        cluster.broker_up(1).unwrap();
        until(&db, count / 2).await;
        cut_the_database(&db).await;
        until(&db, count).await;

        let begun = Instant::now();
        while behind(&cluster) > 0 {
            assert!(begun.elapsed() < Duration::from_mins(1), "{} are not handed in", behind(&cluster));
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        second.signal("TERM");
        assert!(second.wait().success());
        let expected: Vec<_> = (0..count).map(|n| format!("K-{n:06}")).collect();
        let there = ids(&db.store).await;
        println!("evidence: {count} messages, {} there", there.len());
        assert_eq!(there, expected, "none lost, none doubled");
        the_broken_one_is_buried(&cluster);
        let log = std::fs::read_to_string(shell.path("log")).unwrap();
        assert!(!log.contains("王小明") && !log.contains("宽带"), "{log}");
    })
    .await;
}

fn the_broken_one_is_buried(cluster: &Cluster) {
    let dead: BaseConsumer = client(cluster).set("group.id", "people").create().unwrap();
    let mut all = rdkafka::TopicPartitionList::new();
    all.add_partition_offset("tingxin-dead", 0, rdkafka::Offset::Beginning).unwrap();
    dead.assign(&all).unwrap();
    let letter = dead.poll(Duration::from_secs(30)).expect("a dead letter").unwrap();
    let reason = letter.headers().unwrap().iter().find(|header| header.key == "Tingxin-Reason").unwrap();
    check_dead_letter(letter.payload().unwrap(), std::str::from_utf8(reason.value.unwrap()).unwrap());
    let (_, letters) = dead.fetch_watermarks("tingxin-dead", 0, Duration::from_secs(10)).unwrap();
    assert_eq!(letters, 1, "it is there once");
}

#[test]
fn a_topic_that_would_be_its_own_dead_letter_is_refused_at_the_start() {
    let shell = Shell::new();
    let mut command = shell.command(&["serve", "--print-config"]);
    command.env("TINGXIN_SOURCES__KAFKA__BROKERS", "127.0.0.1:9092");
    command.env("TINGXIN_SOURCES__KAFKA__DEAD_LETTER", "contacts");

    let ended = command.output().unwrap();

    assert!(!ended.status.success());
    let said = String::from_utf8_lossy(&ended.stderr).into_owned();
    assert!(said.contains("sources.kafka.dead_letter"), "{said}");
}
