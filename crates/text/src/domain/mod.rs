//! The vocabulary of the product: what a contact is, what an emotion is, what a flag is.
//!
//! No logic beyond invariants lives here and nothing here knows a database, a web framework
//! or a model. Every other layer imports this one; this one imports none.

mod access;
mod analysis;
mod appeal;
mod case;
mod contact;
mod cue;
mod emotion;
mod export;
mod flag;
mod forget;
mod form;
mod heard;
mod id;
mod lang;
mod mask;
mod measures;
mod normal;
mod outbox;
mod personal;
mod place;
mod programme;
mod reason;
mod refusal;
mod signal;
mod span;
mod text;
mod threshold;
mod time;

pub use access::{Permission, Purpose, Role};
pub use analysis::{
    Analysis, Engine, Mood, RedactionRecord, ReportedEmotion, TokenRecord, UtteranceAnalysis,
};
pub use appeal::AppealState;
pub use case::{CaseAct, CaseCause, CaseKind, CaseOrigin, CaseOutcome, CaseState, CaseTerm, FollowUp};
pub use contact::{
    Body, Contact, ContactState, ContentDigest, Header, Intake, Kind, RawContact, RedactedContact,
    ScoredContact, SegmentedContact, Staff, Survey, Utterance,
};
pub use cue::{About, Cue, CueKind, LapseAct, NoteOutcome, Threat};
pub use emotion::{Emotion, EmotionScores, InvalidScores, Valence, rounded};
pub use export::{ExportForm, ExportKind, ExportReason};
pub use flag::{Flag, FlagStatus, Objection, PublishedFlag, Rule, RuleState, RuleStates, Severity, Why};
pub use form::{FormGroup, FormItem, ItemMark, Points, SheetTotal};
pub use heard::{Heard, InContext, Satisfaction, SatisfactionScores};
pub use id::closed_set;
pub use id::{
    BusinessProcess, Channel, ContactId, ContactRef, CustomerPseudonym, FlagId, InvalidName, MAX_NAME_CHARS,
    RawCustomerId, SourceId, Speaker, StaffId, TeamId,
};
pub use lang::Lang;
pub use mask::FORGOTTEN;
pub use measures::{Analysed, ContactMeasures, Contest, Exchange, Observation, Tone};
pub use normal::NormalText;
pub use outbox::{HookForm, HookScope, NewsKind};
pub use personal::PersonalData;
pub(crate) use personal::{is_day, is_id_card, is_region, mobile, value};
pub use place::FirstPlace;
pub use programme::Programme;
pub use reason::{Facts, HeardLapse};
pub use refusal::Refusal;
pub use signal::{Signal, SignalKind, SignalName, Signals, Skipped};
pub use span::Span;
pub use text::{
    Evidence, RawText, RedactedLine, RedactedText, Redaction, RedactionKind, ScoredText, SegmentedText,
    Token, UtteranceScore,
};
pub use threshold::RuleThresholds;
pub use time::{DAY_MILLIS, HOUR_MILLIS, InvalidTime, UtcMillis};
