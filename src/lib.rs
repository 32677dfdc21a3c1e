//! Tingxin 听心 reads every customer contact of a telecom operator and says which deserve a second look.
//!
//! ```text
//! bytes → ingest → redact → segment → score → contagion → flag → store → http, console, metrics
//!         RawContact │ RedactedContact │ ScoredContact │ Analysis
//! ```
//!
//! Data flows one way. Unredacted text exists only left of `redact`; the types make it impossible to
//! score or store it. `ARCHITECTURE.md` has the import table that `tests/it/architecture.rs` enforces.

pub mod app;
pub mod cli;
pub mod console;
pub mod contagion;
pub mod domain;
pub mod evaluate;
pub mod events;
pub mod flag;
pub mod http;
pub mod ingest;
pub mod lexicon;
pub mod metrics;
pub mod pipeline;
pub mod redact;
pub mod score;
pub mod secrets;
pub mod segment;
pub mod settings;
pub mod simulate;
pub mod staff;
pub mod statistics;
pub mod store;
pub mod telemetry;
pub mod worker;
