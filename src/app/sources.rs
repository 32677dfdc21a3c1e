//! The sources of the settings, each a task of its own.

use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinHandle;

use super::error::AppError;
use crate::ingest::ReadOptions;
use crate::settings::{FolderSettings, Settings};
use crate::sources::{self, FolderSource, FolderTerms, Source, SourceDoor};

/// Longest wait for what a source has in hand when the service stops. What is not finished then
/// comes again at the next start.
const STOP_WITHIN: Duration = Duration::from_secs(10);

/// The sources of one process.
pub(super) struct RunningSources {
    tasks: Vec<JoinHandle<()>>,
    stop: watch::Sender<bool>,
}

impl RunningSources {
    /// Starts those that the settings name.
    ///
    /// # Errors
    /// [`AppError::Source`] when a folder is not there or cannot be written to. A broker that is
    /// not there is waited for.
    pub(super) fn start(settings: &Settings, door: &SourceDoor) -> Result<Self, AppError> {
        let mut running = Self::none();
        if let Some(terms) = folder_terms(&settings.sources.folder) {
            running.run(FolderSource::open(terms)?, door);
        }
        #[cfg(feature = "nats")]
        if let Some(terms) = nats_terms(&settings.sources.nats) {
            running.run(sources::NatsSource::new(terms), door);
        }
        #[cfg(feature = "kafka")]
        if let Some(terms) = kafka_terms(&settings.sources.kafka) {
            running.run(sources::KafkaSource::new(terms), door);
        }
        Ok(running)
    }

    /// No source: contacts come in elsewhere.
    pub(super) fn none() -> Self {
        Self { tasks: Vec::new(), stop: watch::channel(false).0 }
    }

    fn run(&mut self, source: impl Source + 'static, door: &SourceDoor) {
        self.tasks.push(tokio::spawn(sources::run(source, door.clone(), self.stop.subscribe())));
    }

    /// Ends them.
    pub(super) async fn stop(self) {
        // Fails only when there are none.
        let _ = self.stop.send(true);
        for mut task in self.tasks {
            match tokio::time::timeout(STOP_WITHIN, &mut task).await {
                Ok(Ok(())) => {}
                Ok(Err(_)) => tracing::error!("a source ended by a defect; it goes on after the next start"),
                Err(_) => task.abort(),
            }
        }
    }
}

fn folder_terms(settings: &FolderSettings) -> Option<FolderTerms> {
    let FolderSettings { path, source, quiet_seconds, done_days } = settings;
    (!path.as_os_str().is_empty()).then(|| FolderTerms {
        path: path.clone(),
        quiet: Duration::from_secs((*quiet_seconds).into()),
        done_days: *done_days,
        reading: ReadOptions { source: source.clone(), ..ReadOptions::default() },
    })
}

#[cfg(feature = "nats")]
fn nats_terms(settings: &crate::settings::NatsSettings) -> Option<sources::NatsTerms> {
    let settings = settings.clone();
    (!settings.url.is_empty()).then(|| sources::NatsTerms {
        servers: settings.url.split(',').map(|server| server.trim().to_owned()).collect(),
        credentials_file: settings.credentials_file,
        stream: settings.stream,
        subject: settings.subject,
        consumer: settings.consumer,
        dead_letter: settings.dead_letter,
        in_flight: settings.in_flight,
        reading: ReadOptions { source: settings.source, ..ReadOptions::default() },
    })
}

#[cfg(feature = "kafka")]
fn kafka_terms(settings: &crate::settings::KafkaSettings) -> Option<sources::KafkaTerms> {
    let settings = settings.clone();
    (!settings.brokers.is_empty()).then(|| sources::KafkaTerms {
        brokers: settings.brokers,
        properties_file: settings.properties_file,
        topic: settings.topic,
        group: settings.group,
        dead_letter: settings.dead_letter,
        reading: ReadOptions { source: settings.source, ..ReadOptions::default() },
    })
}
