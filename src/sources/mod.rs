//! Sources that run: a watched folder, and brokers where the program was built for them.
//!
//! A source gives parcels (files, messages) and is told what became of each; [`run`] does
//! everything between: it waits while scoring is behind, reads whatever `tingxin formats` lists,
//! redacts, stores through the door of the desk, and answers only when a contact is on the disk.
//! A source that dies in between gives the same parcel again, and the contacts in it are
//! `unchanged` then. A new source implements [`Source`] and is started in `app::sources`.

mod batches;
mod door;
mod folder;
#[cfg(feature = "kafka")]
mod kafka;
#[cfg(feature = "nats")]
mod nats;
mod parcel;
mod pump;
mod reading;

pub(crate) use batches::Batches;
pub use door::SourceDoor;
pub use folder::{FolderSource, FolderTerms};
#[cfg(feature = "kafka")]
pub use kafka::{KafkaSource, KafkaTerms, KafkaTicket};
#[cfg(feature = "nats")]
pub use nats::{NatsSource, NatsTerms};
pub use parcel::{Fate, OpenParcel, Parcel, Source, SourceError, Turned};
pub use pump::{Worked, run, run_once};
