//! What a source is, and what it hands over.

use std::fmt::{Display, Formatter};
use std::future::Future;
use std::io::Read;
use std::sync::Arc;

use crate::domain::Refusal;
use crate::ingest::ReadOptions;

/// Most refusals of one parcel that are told; of the others there is the number.
const TOLD: usize = 1000;

/// Where contacts come from by themselves.
///
/// Every parcel is settled once, after what it holds is stored or cannot be. Until then the source
/// must be able to give it again, also after the process was killed.
pub trait Source: Send {
    /// The source's own name of a parcel: a path, a message.
    type Ticket: Send;

    /// What it is called in logs.
    fn name(&self) -> &'static str;

    /// What its parcels cannot say about themselves.
    fn reading(&self) -> ReadOptions;

    /// The next parcels; waits a while for some. None of them is not an end.
    fn parcels(&mut self) -> impl Future<Output = Result<Vec<Parcel<Self::Ticket>>, SourceError>> + Send;

    /// Takes note of what became of a parcel.
    fn settle(
        &mut self,
        ticket: Self::Ticket,
        fate: Fate,
    ) -> impl Future<Output = Result<(), SourceError>> + Send;
}

/// Opens the bytes of a parcel, from their beginning, as often as it is asked.
pub type OpenParcel = Arc<dyn Fn() -> std::io::Result<Box<dyn Read + Send>> + Send + Sync>;

/// What a source gives at once: any number of contacts in any format.
pub struct Parcel<T> {
    /// By what the source knows it.
    pub ticket: T,
    /// Its name in refusals. A contact without an id of its own is called after it.
    pub name: String,
    /// Its bytes.
    pub open: OpenParcel,
}

/// What became of a parcel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// Everything in it is stored.
    Taken,
    /// Some of it never will be as it is: what could be taken is stored.
    Refused(Turned),
    /// It could not be stored now; the source gives it again.
    Later,
}

/// What was not taken of a parcel.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Turned {
    /// Contacts that are stored.
    pub taken: u64,
    /// Contacts that are not.
    pub refused: u64,
    /// Why: the first thousand.
    pub said: Vec<Refusal>,
}

impl Turned {
    /// Counts one refusal.
    pub(super) fn add(&mut self, refusal: Refusal) {
        self.refused += 1;
        if self.said.len() < TOLD {
            self.said.push(refusal);
        }
    }

    /// What becomes of a parcel in which this was found.
    pub(super) fn fate(mut self, name: &str) -> Fate {
        if self.refused == 0 && self.taken == 0 {
            let mut nothing = Refusal::new("no_contacts", "holds no contact");
            nothing.file = Some(name.to_owned());
            self.add(nothing);
        }
        if self.refused == 0 { Fate::Taken } else { Fate::Refused(self) }
    }
}

impl Display for Turned {
    /// One line without anything that a contact says.
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        let Self { taken, refused, said } = self;
        write!(f, "{taken} contacts were taken, {refused} were not")?;
        if let Some(first) = said.first() {
            write!(f, ": {} ({})", first.message, first.code)?;
        }
        Ok(())
    }
}

/// Why a source gives nothing, or cannot take note of an answer. It is asked again.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// The folder or a file in it.
    #[error("{path}: {cause}")]
    Files {
        /// Which.
        path: String,
        /// Why.
        cause: std::io::Error,
    },
    /// The broker.
    #[error("{0}")]
    Broker(String),
}
