//! Contacts from a topic of Kafka.
//!
//! A consumer of a group: an offset is handed in when what stands before it is on our disk, and what
//! comes after it is read again by whoever has the partition then. Kafka knows no answer to a single
//! message, so a partition in which something must come again is read again from there.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use rdkafka::consumer::{Consumer as _, StreamConsumer};
use rdkafka::message::{BorrowedMessage, Header, Message as _, OwnedHeaders};
use rdkafka::producer::{FutureProducer, FutureRecord};
use rdkafka::{ClientConfig, Offset};

use super::parcel::{Fate, Parcel, Source, SourceError, Turned};
use crate::ingest::ReadOptions;

/// Messages of one round: a transaction of contacts.
const AT_ONCE: usize = 128;

/// Bytes of messages of one round.
const BYTES_AT_ONCE: usize = 1024 * 1024;

/// Longest wait for a message before the source is asked whether it is to stop.
const PATIENCE: Duration = Duration::from_secs(1);

/// How long the broker may take to keep a dead letter.
const BURIED_WITHIN: Duration = Duration::from_secs(10);

/// What both clients are told first; the file of properties may say otherwise.
const OURS: [(&str, &str); 2] = [("client.id", "tingxin"), ("socket.keepalive.enable", "true")];

/// What the consumer needs to lose nothing; no file may say otherwise.
///
/// Stored offsets are handed in every second and at the end. A source that waits for scoring asks for
/// nothing meanwhile and is no less alive: that is told by heartbeats, so it may be silent for a day.
const READS: [(&str, &str); 6] = [
    ("enable.auto.commit", "true"),
    ("auto.commit.interval.ms", "1000"),
    ("enable.auto.offset.store", "false"),
    ("auto.offset.reset", "earliest"),
    ("max.poll.interval.ms", "86400000"),
    ("queued.max.messages.kbytes", "8192"),
];

/// Where the contacts are.
#[derive(Debug, Clone)]
pub struct KafkaTerms {
    /// Servers that tell of the others, with commas between them.
    pub brokers: String,
    /// File with further properties of librdkafka, `name=value` a line; empty for none.
    pub properties_file: PathBuf,
    /// Which topic is read.
    pub topic: String,
    /// Name of the consumer group.
    pub group: String,
    /// Topic for messages that will never be taken.
    pub dead_letter: String,
    /// What the messages cannot say about themselves.
    pub reading: ReadOptions,
}

/// A message as the source knows it.
#[derive(Debug)]
pub struct KafkaTicket {
    partition: i32,
    offset: i64,
    payload: Arc<[u8]>,
}

/// A topic of Kafka.
pub struct KafkaSource {
    terms: KafkaTerms,
    clients: Option<(StreamConsumer, FutureProducer)>,
    /// Where partitions must be read again, by their number.
    again: BTreeMap<i32, i64>,
}

impl KafkaSource {
    /// Does not connect yet: a broker that is not there is waited for.
    #[must_use]
    pub const fn new(terms: KafkaTerms) -> Self {
        Self { terms, clients: None, again: BTreeMap::new() }
    }

    fn clients(&mut self) -> Result<&(StreamConsumer, FutureProducer), SourceError> {
        if self.clients.is_none() {
            let KafkaTerms { brokers, topic, group, .. } = &self.terms;
            let mut common = ClientConfig::new();
            for (name, value) in OURS {
                common.set(name, value);
            }
            for (name, value) in self.properties()? {
                common.set(name, value);
            }
            common.set("bootstrap.servers", brokers);
            let mut reads = common.clone();
            reads.set("group.id", group);
            for (name, value) in READS {
                reads.set(name, value);
            }
            let consumer: StreamConsumer =
                reads.create().map_err(|cause| broken("make a consumer", &cause))?;
            consumer.subscribe(&[topic]).map_err(|cause| broken("subscribe", &cause))?;
            let mut writes = common;
            // Sent twice after a lost answer it is there once.
            writes.set("enable.idempotence", "true");
            let producer = writes.create().map_err(|cause| broken("make a producer", &cause))?;
            self.clients = Some((consumer, producer));
        }
        self.clients.as_ref().ok_or_else(|| SourceError::Broker("Kafka gives no consumer".to_owned()))
    }

    /// The properties of the file: `name=value`, without blank lines and comments.
    fn properties(&self) -> Result<Vec<(String, String)>, SourceError> {
        let path = &self.terms.properties_file;
        if path.as_os_str().is_empty() {
            return Ok(Vec::new());
        }
        let named = |cause| SourceError::Files { path: path.display().to_string(), cause };
        let text = std::fs::read_to_string(path).map_err(named)?;
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        let pairs = lines.map(|line| {
            let (name, value) = line.split_once('=')?;
            Some((name.trim().to_owned(), value.trim().to_owned()))
        });
        pairs.collect::<Option<_>>().ok_or_else(|| {
            named(std::io::Error::new(std::io::ErrorKind::InvalidData, "every line must be name=value"))
        })
    }

    /// Goes back to where something must come again. A partition that is another's by now begins
    /// there by itself, for nothing behind it was handed in.
    fn go_back(&mut self) -> Result<(), SourceError> {
        let again = std::mem::take(&mut self.again);
        let topic = self.terms.topic.clone();
        let (consumer, _) = self.clients()?;
        for (partition, offset) in again {
            let sought = consumer.seek(&topic, partition, Offset::Offset(offset), Duration::ZERO);
            if let Err(cause) = sought {
                tracing::info!(partition, %cause, "a partition of Kafka is no longer ours to read again");
            }
        }
        Ok(())
    }

    /// Keeps a message where people look for it.
    async fn bury(&mut self, ticket: &KafkaTicket, turned: &Turned) -> Result<(), SourceError> {
        let (topic, dead_letter) = (self.terms.topic.clone(), self.terms.dead_letter.clone());
        let place = name_of(&topic, ticket.partition, ticket.offset);
        let reason = turned.to_string();
        let headers = OwnedHeaders::new()
            .insert(Header { key: "Tingxin-Reason", value: Some(&reason) })
            .insert(Header { key: "Tingxin-Place", value: Some(&place) });
        let (_, producer) = self.clients()?;
        let letter = FutureRecord::to(&dead_letter).key(&place).payload(&ticket.payload[..]).headers(headers);
        let kept = producer.send(letter, BURIED_WITHIN).await;
        let what = format!("keep a dead letter in the topic `{dead_letter}`");
        kept.map(drop).map_err(|(cause, _)| broken(&what, &cause))
    }
}

impl Source for KafkaSource {
    type Ticket = KafkaTicket;

    fn name(&self) -> &'static str {
        "kafka"
    }

    fn reading(&self) -> ReadOptions {
        self.terms.reading.clone()
    }

    async fn parcels(&mut self) -> Result<Vec<Parcel<KafkaTicket>>, SourceError> {
        self.go_back()?;
        let (consumer, _) = self.clients()?;
        let first = match tokio::time::timeout(PATIENCE, consumer.recv()).await {
            Err(_) => return Ok(Vec::new()),
            Ok(Ok(first)) => parcel(&first),
            Ok(Err(cause)) => return Err(broken("get messages", &cause)),
        };
        let mut bytes = first.ticket.payload.len();
        let mut parcels = vec![first];
        // What has come already; nobody waits for more.
        while parcels.len() < AT_ONCE && bytes < BYTES_AT_ONCE {
            let Some(Ok(next)) = consumer.recv().now_or_never() else { break };
            let next = parcel(&next);
            bytes += next.ticket.payload.len();
            parcels.push(next);
        }
        Ok(parcels)
    }

    /// Of a partition the messages are settled in their order, as they were given.
    async fn settle(&mut self, ticket: KafkaTicket, fate: Fate) -> Result<(), SourceError> {
        let KafkaTicket { partition, offset, .. } = ticket;
        // What stands behind one that comes again comes again with it.
        if self.again.contains_key(&partition) {
            return Ok(());
        }
        let buried = match &fate {
            Fate::Taken => Ok(()),
            Fate::Refused(turned) => self.bury(&ticket, turned).await,
            Fate::Later => {
                self.again.insert(partition, offset);
                return Ok(());
            }
        };
        if buried.is_err() {
            self.again.insert(partition, offset);
            return buried;
        }
        let topic = self.terms.topic.clone();
        let (consumer, _) = self.clients()?;
        if let Err(cause) = consumer.store_offset(&topic, partition, offset) {
            tracing::info!(partition, %cause, "a partition of Kafka has gone to another, which reads it again");
        }
        Ok(())
    }
}

fn parcel(message: &BorrowedMessage<'_>) -> Parcel<KafkaTicket> {
    let payload: Arc<[u8]> = message.payload().unwrap_or_default().into();
    let (partition, offset) = (message.partition(), message.offset());
    let bytes = Arc::clone(&payload);
    let open = Arc::new(move || -> std::io::Result<Box<dyn std::io::Read + Send>> {
        Ok(Box::new(Cursor::new(Arc::clone(&bytes))))
    });
    let name = name_of(message.topic(), partition, offset);
    Parcel { ticket: KafkaTicket { partition, offset, payload }, name, open }
}

/// `contacts-3-42`: the same however often the message comes, so that a contact without an id of its
/// own is known again.
fn name_of(topic: &str, partition: i32, offset: i64) -> String {
    format!("{topic}-{partition}-{offset}")
}

fn broken(what: &str, cause: &dyn std::error::Error) -> SourceError {
    SourceError::Broker(format!("Kafka did not let us {what}: {cause}"))
}
