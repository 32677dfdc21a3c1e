//! Where contacts come from by themselves.

use std::path::PathBuf;

use serde::Deserialize;

use super::mask::without_password;

/// Where contacts come from by themselves.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceSettings {
    /// A watched folder.
    pub folder: FolderSettings,
    /// A stream of NATS `JetStream`.
    pub nats: NatsSettings,
    /// A topic of Kafka.
    pub kafka: KafkaSettings,
}

/// A watched folder.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FolderSettings {
    /// Which; empty for none.
    pub path: PathBuf,
    /// Source of contacts that name none.
    pub source: String,
    /// Seconds for which a file must stay as it is before it is read.
    pub quiet_seconds: u32,
    /// Days after which a file in `done` is removed; 0 keeps it.
    pub done_days: u32,
}

/// A stream of NATS `JetStream`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NatsSettings {
    /// Server, or several with commas between them; empty for none.
    pub url: String,
    /// File with credentials (`.creds`); empty for none.
    pub credentials_file: PathBuf,
    /// The stream; it must be there.
    pub stream: String,
    /// Subject of the contacts in it.
    pub subject: String,
    /// Name of the durable consumer; made when it is not there.
    pub consumer: String,
    /// Subject for what will never be taken.
    pub dead_letter: String,
    /// Messages that may be in hand.
    pub in_flight: u32,
    /// Source of contacts that name none.
    pub source: String,
}

/// A topic of Kafka.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KafkaSettings {
    /// Server that tells of the others, or several with commas between them; empty for none.
    pub brokers: String,
    /// File with properties of librdkafka; empty for none.
    pub properties_file: PathBuf,
    /// The topic.
    pub topic: String,
    /// Name of the consumer group.
    pub group: String,
    /// Topic for what will never be taken.
    pub dead_letter: String,
    /// Source of contacts that name none.
    pub source: String,
}

/// Whether this program can read from NATS.
const HAS_NATS: bool = cfg!(feature = "nats");

/// Whether this program can read from Kafka.
const HAS_KAFKA: bool = cfg!(feature = "kafka");

/// A setting with its value.
type SettingLine = (&'static str, String);

impl SourceSettings {
    /// What must hold.
    pub(super) fn rules(&self) -> [(&'static str, bool, &'static str); 8] {
        let Self { folder, nats, kafka } = self;
        let off = nats.url.is_empty();
        let named =
            ![&nats.stream, &nats.subject, &nats.consumer, &nats.dead_letter].iter().any(|n| n.is_empty());
        [
            ("sources.folder.quiet_seconds", folder.quiet_seconds <= 3600, "must be at most 3600"),
            (
                "sources.nats.url",
                off || HAS_NATS,
                "needs a program that was built with `--features nats`; this one was not",
            ),
            (
                "sources.nats",
                off || named,
                "stream, subject, consumer and dead_letter must be named when there is a url",
            ),
            (
                "sources.nats.dead_letter",
                off || !covers(&nats.subject, &nats.dead_letter),
                "must not be among the subjects that are read: what is refused would come back for ever",
            ),
            (
                "sources.kafka.brokers",
                kafka.brokers.is_empty() || HAS_KAFKA,
                "needs a program that was built with `--features kafka`; this one was not",
            ),
            (
                "sources.kafka",
                kafka.brokers.is_empty()
                    || ![&kafka.topic, &kafka.group, &kafka.dead_letter].iter().any(|name| name.is_empty()),
                "topic, group and dead_letter must be named when there are brokers",
            ),
            (
                "sources.kafka.dead_letter",
                kafka.brokers.is_empty() || kafka.topic != kafka.dead_letter,
                "must not be the topic that is read: what is refused would come back for ever",
            ),
            ("sources.nats.in_flight", (1..=10_000).contains(&nats.in_flight), "must be between 1 and 10000"),
        ]
    }

    /// The settings with their names. Passwords in addresses are masked.
    pub(super) fn lines(&self) -> Vec<SettingLine> {
        let text = |value: &str| serde_json::Value::from(value).to_string();
        let Self { folder, nats, kafka } = self;
        let FolderSettings { path, source, quiet_seconds, done_days } = folder;
        let mut lines = vec![
            ("sources.folder.path", text(&path.to_string_lossy())),
            ("sources.folder.source", text(source)),
            ("sources.folder.quiet_seconds", quiet_seconds.to_string()),
            ("sources.folder.done_days", done_days.to_string()),
        ];
        let NatsSettings { url, credentials_file, stream, subject, consumer, dead_letter, in_flight, source } =
            nats;
        let servers: Vec<_> = url.split(',').map(without_password).collect();
        lines.extend([
            ("sources.nats.url", text(&servers.join(","))),
            ("sources.nats.credentials_file", text(&credentials_file.to_string_lossy())),
            ("sources.nats.stream", text(stream)),
            ("sources.nats.subject", text(subject)),
            ("sources.nats.consumer", text(consumer)),
            ("sources.nats.dead_letter", text(dead_letter)),
            ("sources.nats.in_flight", in_flight.to_string()),
            ("sources.nats.source", text(source)),
        ]);
        let KafkaSettings { brokers, properties_file, topic, group, dead_letter, source } = kafka;
        lines.extend([
            ("sources.kafka.brokers", text(brokers)),
            ("sources.kafka.properties_file", text(&properties_file.to_string_lossy())),
            ("sources.kafka.topic", text(topic)),
            ("sources.kafka.group", text(group)),
            ("sources.kafka.dead_letter", text(dead_letter)),
            ("sources.kafka.source", text(source)),
        ]);
        lines
    }
}

/// Whether a message on `subject` is among those that `pattern` names: `*` is one part, `>` the rest.
fn covers(pattern: &str, subject: &str) -> bool {
    let (mut parts, mut given) = (pattern.split('.'), subject.split('.'));
    loop {
        match (parts.next(), given.next()) {
            (Some(">"), Some(_)) | (None, None) => return true,
            (Some(part), Some(one)) if part == "*" || part == one => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dead_letter_that_would_be_read_again_is_told() {
        for (pattern, subject, expected) in [
            ("contacts.>", "contacts.dead", true),
            ("contacts.*", "contacts.dead", true),
            ("contacts.*", "contacts.a.dead", false),
            ("contacts.>", "contacts", false),
            (">", "tingxin.dead", true),
            ("contacts.>", "tingxin.dead", false),
            ("contacts", "contacts", true),
        ] {
            assert_eq!(covers(pattern, subject), expected, "{pattern} {subject}");
        }
    }
}
