//! What the product decides, between the store and its faces: figures and when they are computed,
//! people, verdicts, incidents, coaching, accounts, erasing, keeping and handing over, and what of
//! it is written to the audit log.
//!
//! The HTTP API, the console and the command line are faces: they read what was asked, ask here,
//! and put the answer into words. Nothing here knows HTTP, HTML or a command.

pub mod accounts;
mod appeals;
mod asked;
pub mod assignments;
mod audit;
mod audit_watch;
mod bell;
mod bulk;
mod calibration_results;
pub mod calibrations;
pub mod care;
pub mod case_leads;
mod case_report;
mod cases;
mod coaching;
mod computing;
mod counting;
mod desk;
mod drift_reference;
pub mod erasure;
mod error;
mod exports;
mod feed;
mod figures;
pub mod forms;
mod groups;
mod handed;
mod handover;
pub mod hooks;
mod improvement;
pub mod intake;
mod learning;
mod marks;
mod people;
pub mod queue;
mod rate_group;
mod rates;
mod readings;
pub mod retention;
pub mod rules;
pub mod samples;
mod search;
pub mod secrets;
mod shown;
mod sums;
pub mod thresholds;
mod today;
mod tower;
mod trainer;
pub mod trainings;
mod upkeep;
mod verdicts;
mod whom;

pub use appeals::{AppealMove, AppealTerms, AppealTurn, OwnContact, turn};
pub use asked::{AskedSoFar, Outside};
pub use assignments::{Recalled, ReviewTerms, ReviewerLoad, WorkStanding};
pub use audit::{Caller, write_down};
pub use audit_watch::AuditStanding;
pub use bell::Bell;
pub use bulk::{AcceptanceStanding, BULK_BOUND, BulkOffer, BulkStanding, FEWEST};
pub use calibration_results::{CalibrationReport, CalibrationResult, ReaderStanding, SessionAgreement};
pub use calibrations::{CalibrationAsked, Invitation};
pub use case_report::{CaseReport, MOST_REPORT_DAYS, MatterShare};
pub use cases::{CaseAsked, CaseFile, CaseMove, CaseTurn, CaseWishes, case_turn};
pub use coaching::{ClipAsked, ClipWords, CoachingAgreed, CoachingAsked, CoachingMore, CoachingPaper};
pub use desk::Desk;
pub use drift_reference::DriftReference;
pub use erasure::Subject;
pub use error::DeskError;
pub use exports::{
    ExportAsked, ExportCell, ExportColumn, ExportFilter, ExportMark, ExportPortion, Exporting, ListCopy,
    WholeContact,
};
pub use feed::FeedPart;
pub use figures::{AsOf, Figures, PERIOD_WEEKS};
pub use groups::{FlagPlace, matters};
pub use handover::{Handover, Record};
pub use improvement::IncidentAsked;
pub use learning::{Example, LearningDesk};
pub use marks::MarkAsked;
pub use people::{OnePerson, PersonFile};
pub use rate_group::RateGroup;
pub use rates::GroupRate;
pub use readings::{NextStep, ReadingAsked, SampleToRead};
pub use rules::{RuleAsked, RuleHealth};
pub use samples::{PlanAsked, RuleAgreement, SampleStanding};
pub use search::{SearchHit, SearchHits, Snippet};
pub use sums::{RolledUp, roll_up};
pub use thresholds::{ThresholdAsked, ThresholdStanding};
pub use today::{GroupSpan, HourMood, MoodMean, SMALLEST_CELL, Today, TodayCount, TodayGroup};
pub use tower::{ChannelDrift, DRIFT_BAR, SENDS_LEAST, SourceHour};
pub use trainer::TrainerDesk;
pub use upkeep::{UpkeepState, upkeep};
pub use verdicts::Judgement;
pub use whom::{find_people, suggested};
