//! Tingxin 听心 reads every customer contact of a telecom operator and says which deserve a second
//! look.
//!
//! ```text
//! bytes → ingest → redact → segment → score → contagion → flag → store → http, console, metrics
//!         RawContact │ RedactedContact │ ScoredContact │ Analysis
//! ```
//!
//! Data flows one way, and the crates of the workspace see to it: a crate can only name what its
//! `Cargo.toml` lists. Unredacted text exists only left of `redact`; the types make it impossible
//! to score or store it. `ARCHITECTURE.md` draws it.

pub mod app;
pub mod cli;
pub mod deliver;
pub mod export;
pub mod http;
pub mod metrics;
pub mod settings;
pub mod sources;
pub mod telemetry;
pub mod worker;

pub use tingxin_console as console;
pub use tingxin_desk::{self as desk, secrets};
pub use tingxin_score as score;
pub use tingxin_signals::{contagion, evaluate, events, flag, pipeline};
pub use tingxin_staff as staff;
pub use tingxin_statistics::{self as statistics, simulate};
pub use tingxin_store as store;
pub use tingxin_text::{domain, ingest, lexicon, redact, segment};
