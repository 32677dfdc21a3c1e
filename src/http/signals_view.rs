//! How the signals of queues and of the centre look from outside.

use serde::Serialize;

use crate::desk::{Figures, PERIOD_WEEKS};
use crate::domain::UtcMillis;
use crate::staff::{Beside, BesideStrangers, Checks, Coupling, Month, Queue};
use crate::statistics::resample::Surrogates;

/// A value beside the values of random pairings.
#[derive(Debug, Clone, Copy, Serialize, utoipa::ToSchema)]
pub(super) struct BesideChance {
    /// In the data.
    observed: f64,
    /// Mean over random pairings.
    chance: f64,
    /// Standard deviation over random pairings.
    sd: f64,
    /// Number of random pairings.
    drawn: usize,
    /// Share of random pairings at or above the observed value; never 0.
    p_above: f64,
}

impl From<Surrogates> for BesideChance {
    fn from(Surrogates { observed, mean, sd, drawn, p_above }: Surrogates) -> Self {
        Self { observed, chance: mean, sd, drawn, p_above }
    }
}

/// One queue.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = QueueView)]
pub(super) struct QueueSignals {
    /// `channel/process`.
    queue: String,
    #[serde(flatten)]
    #[schema(inline)]
    pairs: PairsView,
}

/// How the two sides of a queue, or of the centre, move together.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct PairsView {
    /// Its couplings.
    coupling: Coupling,
    /// The same with customers whom staff never met, for every direction that is shown.
    strangers: Beside,
    /// S12, the latest four weeks first.
    months: Vec<MonthView>,
}

/// Whether both sides draw nearer and move together, in four weeks.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct MonthView {
    /// First moment.
    #[schema(value_type = String, format = DateTime)]
    since: UtcMillis,
    /// Contacts that were compared; below 100 nothing is said.
    contacts: usize,
    /// Change of the distance from the first to the last third; below strangers both sides draw
    /// nearer.
    distance: Option<BesideStrangers>,
    /// Correlation of both sides within a contact; above strangers they move together.
    synchrony: Option<BesideStrangers>,
}

impl From<&Queue> for PairsView {
    fn from(Queue { coupling, beside, months }: &Queue) -> Self {
        Self {
            coupling: coupling.clone(),
            strangers: *beside,
            months: months.iter().map(MonthView::from).collect(),
        }
    }
}

impl From<&Month> for MonthView {
    fn from(Month { since_week, contacts, found }: &Month) -> Self {
        let (distance, synchrony) = found.ok().unzip();
        Self { since: UtcMillis::of_week(*since_week), contacts: *contacts, distance, synchrony }
    }
}

/// The centre and its queues.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct SignalsView {
    /// When the figures were computed.
    #[schema(value_type = String, format = DateTime)]
    as_of: UtcMillis,
    /// Sums of past weeks that are still being brought up to date: the figures lack contacts then.
    sums_waiting: usize,
    /// Contacts behind them that an engine other than the one in use has read: the figures mix two
    /// readings then.
    by_other_engines: usize,
    /// Weeks that they are about.
    weeks: i64,
    /// All queues together.
    centre: PairsView,
    /// By name.
    queues: Vec<QueueSignals>,
    /// The centre's figures beside what random pairings give.
    checks: ChecksView,
}

/// What the estimates are held against: the same with customers of other contacts. Null below 100
/// contacts and where the estimate is not shown.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct ChecksView {
    /// Contacts that were compared: the latest ones with at least two possible partners.
    contacts: usize,
    /// Tone of staff after a pleasant turn.
    compensation: Option<BesideChance>,
    /// Tone of staff after an unpleasant turn.
    infection: Option<BesideChance>,
    /// Change of tone with every unpleasant turn before.
    wear_down: Option<BesideChance>,
    /// The customer's next turn after the tone of staff.
    reciprocity: Option<BesideChance>,
    /// Valence on valence, not corrected by reliability.
    linear: Option<BesideChance>,
}

impl From<&Checks> for ChecksView {
    fn from(checks: &Checks) -> Self {
        let beside = |found: Option<Surrogates>| found.map(BesideChance::from);
        Self {
            contacts: checks.contacts,
            compensation: beside(checks.compensation),
            infection: beside(checks.infection),
            wear_down: beside(checks.wear_down),
            reciprocity: beside(checks.reciprocity),
            linear: beside(checks.linear),
        }
    }
}

impl SignalsView {
    pub(super) fn of(figures: &Figures) -> Self {
        let queue =
            |(queue, pairs): &(String, Queue)| QueueSignals { queue: queue.clone(), pairs: pairs.into() };
        Self {
            as_of: figures.as_of,
            sums_waiting: figures.waiting,
            by_other_engines: figures.by_other_engines,
            weeks: PERIOD_WEEKS,
            centre: PairsView::from(&figures.centre),
            queues: figures.queues.iter().map(queue).collect(),
            checks: ChecksView::from(&figures.checks.beside(&figures.centre.coupling)),
        }
    }
}
