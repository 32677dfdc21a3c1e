//! A contact between customer and staff, in four states.
//!
//! `RawContact → RedactedContact → SegmentedContact → ScoredContact`: one shape, four kinds of
//! text. Only `redact` turns the first into the second, and everything that stores or scores asks
//! for the second or later.
//!
//! ```compile_fail
//! # use tingxin::domain::{RawContact, RedactedContact};
//! fn store(contact: &RedactedContact) {}
//! fn leak(contact: &RawContact) { store(contact) } // does not compile, and that is the point
//! ```

use serde::{Deserialize, Serialize};

use super::{
    BusinessProcess, Channel, ContactId, CustomerPseudonym, RawCustomerId, RawText, RedactedLine, ScoredText,
    SegmentedText, SourceId, Speaker, StaffId, TeamId, UtcMillis, closed_set,
};

closed_set! {
    /// Whether both sides speak, or staff write about it afterwards.
    Kind {
        /// What was said, turn by turn.
        Transcript => "transcript", "对话";
        /// What staff wrote down in the third person.
        Note => "note", "记录";
    }
}

/// Who served the customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Staff {
    /// Work number.
    pub id: StaffId,
    /// Team at the time of the contact.
    pub team: Option<TeamId>,
}

/// What the customer answered when asked afterwards.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Survey {
    /// From 1 (worst) to `scale`.
    pub satisfaction: u8,
    /// Number of grades, 2 to 10.
    pub scale: u8,
}

/// Everything about a contact that is not text and names no customer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// The system it came from; with `contact_id` the identity of the contact.
    pub source: SourceId,
    /// Its id there.
    pub contact_id: ContactId,
    /// Grows when the source sends a corrected version; from 1.
    pub revision: u32,
    /// The touchpoint.
    pub channel: Channel,
    /// When it began.
    pub started_at: Option<UtcMillis>,
    /// What it was about.
    pub business_process: Option<BusinessProcess>,
    /// Who served.
    pub staff: Option<Staff>,
    /// What the customer answered afterwards.
    pub survey: Option<Survey>,
}

/// One turn of a transcript.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Utterance<T> {
    /// Who speaks.
    pub speaker: Speaker,
    /// What is said.
    pub text: T,
    /// Milliseconds from the start of the contact.
    pub start_ms: Option<u64>,
    /// Milliseconds from the start of the contact.
    pub end_ms: Option<u64>,
}

/// The words of a contact.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Body<T> {
    /// Turns in order.
    Transcript(Vec<Utterance<T>>),
    /// Sentences of a staff note in order; joined without a separator they give the note again.
    Note(Vec<T>),
}

impl<T> Body<T> {
    /// Which of the two it is.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        match self {
            Self::Transcript(_) => Kind::Transcript,
            Self::Note(_) => Kind::Note,
        }
    }

    /// Number of turns or sentences.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Transcript(turns) => turns.len(),
            Self::Note(sentences) => sentences.len(),
        }
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The texts in order, each with its speaker; `None` for the sentences of a note.
    pub fn texts(&self) -> impl Iterator<Item = (Option<Speaker>, &T)> {
        let (turns, sentences): (&[Utterance<T>], &[T]) = match self {
            Self::Transcript(turns) => (turns, &[]),
            Self::Note(sentences) => (&[], sentences),
        };
        turns
            .iter()
            .map(|turn| (Some(turn.speaker), &turn.text))
            .chain(sentences.iter().map(|text| (None, text)))
    }

    /// Lets `change` look at every text in order and change it; it also hears who speaks.
    pub fn each_mut(&mut self, mut change: impl FnMut(Option<Speaker>, &mut T)) {
        match self {
            Self::Transcript(turns) => {
                for turn in turns {
                    change(Some(turn.speaker), &mut turn.text);
                }
            }
            Self::Note(sentences) => {
                for text in sentences {
                    change(None, text);
                }
            }
        }
    }

    /// The same body with every text changed by `change`, which also hears who speaks.
    pub fn map<U>(self, mut change: impl FnMut(Option<Speaker>, T) -> U) -> Body<U> {
        match self {
            Self::Transcript(turns) => Body::Transcript(
                turns
                    .into_iter()
                    .map(|Utterance { speaker, text, start_ms, end_ms }| Utterance {
                        speaker,
                        text: change(Some(speaker), text),
                        start_ms,
                        end_ms,
                    })
                    .collect(),
            ),
            Self::Note(sentences) => {
                Body::Note(sentences.into_iter().map(|text| change(None, text)).collect())
            }
        }
    }
}

/// A contact whose texts are in state `T` and whose customer is known as `C`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Contact<T, C = CustomerPseudonym> {
    /// What is known about it.
    pub header: Header,
    /// The customer, if the source names one.
    pub customer: Option<C>,
    /// The words.
    pub body: Body<T>,
}

impl<T, C> Contact<T, C> {
    /// The same contact with every text changed by `change`.
    pub fn map<U>(self, change: impl FnMut(Option<Speaker>, T) -> U) -> Contact<U, C> {
        Contact { header: self.header, customer: self.customer, body: self.body.map(change) }
    }
}

/// As it came in. Holds personal data; cannot be serialised, and its text cannot be printed.
pub type RawContact = Contact<RawText, RawCustomerId>;
/// Without personal data: the first state that may be stored.
pub type RedactedContact = Contact<RedactedLine>;
/// Cut into words, cues marked.
pub type SegmentedContact = Contact<SegmentedText>;
/// With an emotion for every utterance.
pub type ScoredContact = Contact<ScoredText>;

/// HMAC-SHA-256 over a contact's normal form, revision left out: equal content, equal digest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ContentDigest(pub [u8; 32]);

impl ContentDigest {
    /// Lower-case hexadecimal, 64 characters.
    #[must_use]
    pub fn to_hex(self) -> String {
        use std::fmt::Write as _;
        self.0.iter().fold(String::with_capacity(64), |mut hex, byte| {
            // Writing to a String cannot fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        })
    }
}

/// A contact that may be stored, and what tells it from other content under the same identity.
#[derive(Debug, Clone, PartialEq)]
pub struct Intake {
    /// The contact without personal data.
    pub contact: RedactedContact,
    /// Digest of the content as it came in.
    pub digest: ContentDigest,
}

closed_set! {
    /// How far a contact is.
    ContactState {
        /// Waits for its analysis.
        Queued => "queued", "排队中";
        /// Has an analysis of its current revision.
        Analysed => "analysed", "已分析";
        /// Set aside after repeated failures.
        Quarantined => "quarantined", "已隔离";
    }
}
