//! Today and the last seven days, as a supervisor sees them.
//!
//! Counts of contacts, never a contact and never a person: what a model found and nobody confirmed says something about a
//! channel or a team when there is enough of it, and nothing about anybody in particular.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Instant;

use tingxin_statistics::distribution::Interval;
use tingxin_statistics::minimum::TooFew;
use tingxin_statistics::sampled::{CorrectedRate, Share};
use tingxin_store::{AppealBacklog, CaseBacklog, Incident};
use tingxin_text::domain::{CaseKind, TeamId, UtcMillis};
use tokio::sync::Mutex;

use crate::rate_group::RateGroup;

/// Contacts below which an hour or a group says nothing: a mean of fewer would be of somebody in particular.
///
/// **Source**: set by the project, as the smallest cell of its exports.
pub const SMALLEST_CELL: usize = 5;

/// How customers sounded, with the interval of the mean.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct MoodMean {
    /// Contacts.
    pub contacts: usize,
    /// Mean valence, −1 to 1.
    pub mean: f64,
    /// 95 % interval of it.
    pub interval: Interval,
}

/// The mood of an hour.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum HourMood {
    /// Nobody was heard.
    Empty,
    /// Fewer were heard than a cell needs.
    Few(usize),
    /// How they sounded.
    Heard(MoodMean),
}

/// How often something happened in a group.
#[derive(Debug, Clone, Copy)]
pub struct GroupSpan {
    /// Analysed contacts.
    pub contacts: usize,
    /// How their customers sounded; `None` below [`SMALLEST_CELL`].
    pub mood: Option<MoodMean>,
    /// Share that ended negative as the rule has it, or how many contacts that would take.
    pub ended_badly: Result<Share, TooFew>,
    /// Share that escalated, likewise.
    pub escalated: Result<Share, TooFew>,
}

/// A channel or a team.
#[derive(Debug, Clone)]
pub struct TodayGroup {
    /// Which.
    pub group: RateGroup,
    /// Today.
    pub today: GroupSpan,
    /// The last seven days, today included.
    pub week: GroupSpan,
    /// Negative endings of the last thirteen weeks, corrected by the random sample where it allows.
    pub corrected: Option<CorrectedRate>,
}

/// Contacts with something, today and in the last seven days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TodayCount {
    /// Today.
    pub today: usize,
    /// In the last seven days, today included.
    pub week: usize,
}

/// Everything on the page.
#[derive(Debug, Clone)]
pub struct Today {
    /// As of when.
    pub at: UtcMillis,
    /// First moment of the last seven days.
    pub from: UtcMillis,
    /// The days, oldest first, each with its 24 hours.
    pub days: Vec<(UtcMillis, Vec<HourMood>)>,
    /// The same hours of all seven days together.
    pub hours: Vec<HourMood>,
    /// Analysed contacts.
    pub contacts: TodayCount,
    /// Escalations of the last hour.
    pub escalated_now: usize,
    /// Escalations.
    pub escalated: TodayCount,
    /// Customers who are probably dissatisfied and did not complain.
    pub silent: TodayCount,
    /// Customers who spoke of a complaint outside.
    pub outside: TodayCount,
    /// Channels and teams with enough contacts.
    pub groups: Vec<TodayGroup>,
    /// Open cases by kind.
    pub cases: Vec<(CaseKind, CaseBacklog)>,
    /// Appeals that somebody still has to answer.
    pub appeals: AppealBacklog,
    /// Declared incidents of the seven days, latest first.
    pub incidents: Vec<Incident>,
}

/// Corrected rates, and when they were computed.
pub(crate) type KeptRates = (Instant, BTreeMap<RateGroup, CorrectedRate>);

/// Today, and when it was counted.
pub(crate) type CountedToday = (Instant, Arc<Today>);

/// What was counted last, by the team that asked.
#[derive(Default)]
pub(crate) struct KeptToday {
    pub(crate) today: Mutex<HashMap<Option<TeamId>, CountedToday>>,
    pub(crate) rates: Mutex<HashMap<Option<TeamId>, KeptRates>>,
}
