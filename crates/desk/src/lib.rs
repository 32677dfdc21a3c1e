//! What the product decides, between the store and its faces: figures and when they are computed,
//! people, verdicts, incidents, coaching, accounts, erasing, keeping and handing over, and what of
//! it is written to the audit log.
//!
//! The HTTP API, the console and the command line are faces: they read what was asked, ask here,
//! and put the answer into words. Nothing here knows HTTP, HTML or a command.

pub mod accounts;
mod appeals;
mod asked;
mod audit;
mod audit_watch;
mod bell;
mod computing;
mod desk;
pub mod erasure;
mod error;
mod exports;
mod feed;
mod figures;
mod handover;
pub mod hooks;
mod improvement;
mod people;
pub mod queue;
mod rates;
mod readings;
pub mod retention;
pub mod rules;
pub mod samples;
mod search;
pub mod secrets;
mod shown;
mod sums;
mod verdicts;

pub use appeals::{AppealMove, AppealTerms, AppealTurn, OwnContact, turn};
pub use asked::{AskedSoFar, Outside};
pub use audit::{Caller, write_down};
pub use audit_watch::AuditStanding;
pub use bell::Bell;
pub use desk::Desk;
pub use erasure::Subject;
pub use error::DeskError;
pub use exports::{
    ExportAsked, ExportCell, ExportColumn, ExportFilter, ExportMark, ExportPortion, Exporting, WholeContact,
};
pub use feed::FeedPart;
pub use figures::{AsOf, Figures, PERIOD_WEEKS};
pub use handover::{Handover, Record};
pub use improvement::{CoachingAgreed, CoachingAsked, IncidentAsked};
pub use people::{OnePerson, PersonFile};
pub use rates::{GroupRate, RateGroup};
pub use readings::{NextStep, ReadingAsked, SampleToRead};
pub use rules::{RuleAsked, RuleHealth};
pub use samples::{PlanAsked, RuleAgreement, SampleStanding};
pub use search::{SearchHit, SearchHits, Snippet};
pub use sums::{RolledUp, roll_up};
pub use verdicts::Judgement;
