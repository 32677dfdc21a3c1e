//! Contacts from a stream of NATS `JetStream`.
//!
//! A durable pull consumer: what is acknowledged is on our disk, and what is not comes again, also
//! to another process with the same consumer. The client connects again by itself, for as long as
//! it takes; after that the consumer is looked up anew.

use std::io::Cursor;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use async_nats::jetstream::consumer::AckPolicy;
use async_nats::jetstream::consumer::pull::{Config, Stream as Messages};
use async_nats::jetstream::{AckKind, Context, Message};
use async_nats::{ConnectOptions, HeaderMap};
use futures_util::{FutureExt as _, StreamExt as _};

use super::parcel::{Fate, Parcel, Source, SourceError, Turned};
use crate::ingest::ReadOptions;

/// Messages of one round: a transaction of contacts.
const AT_ONCE: usize = 128;

/// Bytes of messages of one round, and the bytes that the client holds beyond it.
const BYTES_AT_ONCE: usize = 1024 * 1024;
const BYTES_AHEAD: usize = 8 * 1024 * 1024;

/// Longest wait for a message before the source is asked whether it is to stop.
const PATIENCE: Duration = Duration::from_secs(1);

/// After how long the broker gives a message to somebody else. A round takes a second, and whatever
/// it waits for in the database ends within ten (ADR 0015).
const ACKNOWLEDGED_WITHIN: Duration = Duration::from_secs(30);

/// After how long a message comes again that could not be stored.
const AGAIN_AFTER: Duration = Duration::from_secs(5);

/// The same for one whose dead letter nobody takes: somebody has to make a stream first.
const DEAD_LETTER_AGAIN_AFTER: Duration = Duration::from_secs(30);

/// Where the contacts are.
#[derive(Debug, Clone)]
pub struct NatsTerms {
    /// Servers.
    pub servers: Vec<String>,
    /// File with credentials; empty for none.
    pub credentials_file: PathBuf,
    /// The stream.
    pub stream: String,
    /// Which subjects of it are read.
    pub subject: String,
    /// Name of the durable consumer.
    pub consumer: String,
    /// Where messages go that will never be taken.
    pub dead_letter: String,
    /// Messages that may be in hand.
    pub in_flight: u32,
    /// What the messages cannot say about themselves.
    pub reading: ReadOptions,
}

/// A stream of NATS `JetStream`.
pub struct NatsSource {
    terms: NatsTerms,
    broker: Option<Context>,
    messages: Option<Messages>,
}

impl NatsSource {
    /// Does not connect yet: a broker that is not there is waited for.
    #[must_use]
    pub const fn new(terms: NatsTerms) -> Self {
        Self { terms, broker: None, messages: None }
    }

    /// The connection. Once it is made it is kept, and heals by itself.
    async fn broker(&mut self) -> Result<Context, SourceError> {
        if let Some(broker) = &self.broker {
            return Ok(broker.clone());
        }
        let mut options = ConnectOptions::new().name("tingxin").retry_on_initial_connect();
        options = options.event_callback(|event| async move {
            tracing::info!(%event, "the connection to NATS");
        });
        let file = &self.terms.credentials_file;
        if !file.as_os_str().is_empty() {
            let named = |cause| SourceError::Files { path: file.display().to_string(), cause };
            options = options.credentials_file(file).await.map_err(named)?;
        }
        let client =
            options.connect(&self.terms.servers[..]).await.map_err(|cause| broken("connect", &cause))?;
        let broker = async_nats::jetstream::new(client);
        self.broker = Some(broker.clone());
        Ok(broker)
    }

    /// The messages of our consumer, which is made or brought up to date first.
    async fn messages(&mut self) -> Result<&mut Messages, SourceError> {
        if self.messages.is_none() {
            let broker = self.broker().await?;
            let NatsTerms { stream, subject, consumer, in_flight, .. } = &self.terms;
            let stream = broker.get_stream(stream).await.map_err(|cause| {
                broken(&format!("find the stream `{stream}` (`nats stream add` makes one)"), &cause)
            })?;
            let config = Config {
                durable_name: Some(consumer.clone()),
                filter_subject: subject.clone(),
                ack_policy: AckPolicy::Explicit,
                ack_wait: ACKNOWLEDGED_WITHIN,
                max_ack_pending: i64::from(*in_flight),
                // For ever: a database may be away for a day.
                max_deliver: -1,
                ..Config::default()
            };
            let consumer = stream
                .create_consumer(config)
                .await
                .map_err(|cause| broken(&format!("make the consumer `{consumer}`"), &cause))?;
            let ahead = usize::try_from(*in_flight).unwrap_or(AT_ONCE).min(AT_ONCE);
            let messages = consumer
                .stream()
                .max_messages_per_batch(ahead)
                .max_bytes_per_batch(BYTES_AHEAD)
                .messages()
                .await
                .map_err(|cause| broken("ask for messages", &cause))?;
            self.messages = Some(messages);
        }
        self.messages.as_mut().ok_or_else(|| SourceError::Broker("NATS gives no messages".to_owned()))
    }

    /// Keeps a message where people look for it, and only then lets go of it.
    async fn bury(&mut self, message: &Message, turned: &Turned) -> Result<(), SourceError> {
        let mut headers = HeaderMap::new();
        headers.insert("Tingxin-Reason", reason(turned).as_str());
        headers.insert("Tingxin-Subject", message.subject.as_str());
        // Buried twice within two minutes it is there once.
        headers.insert("Nats-Msg-Id", name_of(message).as_str());
        let broker = self.broker().await?;
        let subject = self.terms.dead_letter.clone();
        let sent = broker.publish_with_headers(subject, headers, message.payload.clone()).await;
        let kept = match sent {
            Ok(kept) => kept.await.map(drop),
            Err(failure) => Err(failure),
        };
        let Err(cause) = kept else { return Ok(()) };
        // Fails only when the broker is gone, and then the message comes again anyhow.
        drop(message.ack_with(AckKind::Nak(Some(DEAD_LETTER_AGAIN_AFTER))).await);
        let what = format!("keep a dead letter: a stream must take the subject `{}`", self.terms.dead_letter);
        Err(broken(&what, &cause))
    }
}

impl Source for NatsSource {
    type Ticket = Message;

    fn name(&self) -> &'static str {
        "nats"
    }

    fn reading(&self) -> ReadOptions {
        self.terms.reading.clone()
    }

    async fn parcels(&mut self) -> Result<Vec<Parcel<Message>>, SourceError> {
        let messages = self.messages().await?;
        let first = match tokio::time::timeout(PATIENCE, messages.next()).await {
            Err(_) => return Ok(Vec::new()),
            Ok(Some(Ok(first))) => first,
            Ok(Some(Err(cause))) => {
                self.messages = None;
                return Err(broken("get messages", &cause));
            }
            Ok(None) => {
                self.messages = None;
                return Err(SourceError::Broker("NATS has closed the consumer".to_owned()));
            }
        };
        let mut bytes = first.payload.len();
        let mut parcels = vec![parcel(first)];
        // What has come already; nobody waits for more.
        while parcels.len() < AT_ONCE && bytes < BYTES_AT_ONCE {
            let Some(Some(Ok(next))) = messages.next().now_or_never() else { break };
            bytes += next.payload.len();
            parcels.push(parcel(next));
        }
        Ok(parcels)
    }

    async fn settle(&mut self, message: Message, fate: Fate) -> Result<(), SourceError> {
        let kind = match fate {
            Fate::Taken => AckKind::Ack,
            Fate::Later => AckKind::Nak(Some(AGAIN_AFTER)),
            Fate::Refused(turned) => {
                self.bury(&message, &turned).await?;
                AckKind::Term
            }
        };
        message.ack_with(kind).await.map_err(|cause| broken("acknowledge a message", &*cause))
    }
}

fn parcel(message: Message) -> Parcel<Message> {
    let (name, payload) = (name_of(&message), message.payload.clone());
    let open = Arc::new(move || -> std::io::Result<Box<dyn std::io::Read + Send>> {
        Ok(Box::new(Cursor::new(payload.clone())))
    });
    Parcel { ticket: message, name, open }
}

/// `contacts-42`: the same however often the message comes, so that a contact without an id of its
/// own is known again.
fn name_of(message: &Message) -> String {
    message
        .info()
        .map_or_else(|_| "message".to_owned(), |info| format!("{}-{}", info.stream, info.stream_sequence))
}

/// One line, as a header must be.
fn reason(turned: &Turned) -> String {
    turned.to_string().chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

fn broken(what: &str, cause: &dyn std::error::Error) -> SourceError {
    SourceError::Broker(format!("NATS did not let us {what}: {cause}"))
}
