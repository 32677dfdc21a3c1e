//! From bytes to words: contacts as they are read, redacted and cut into words.
//!
//! ```text
//! bytes → ingest → redact → segment
//!         RawContact │ RedactedContact │ SegmentedContact
//! ```
//!
//! Unredacted text exists only left of `redact`. What opens it is private to this crate, so that no
//! other crate of the workspace can score it, store it or print it.

pub mod domain;
pub mod ingest;
pub mod lexicon;
pub mod redact;
pub mod segment;
