//! How statistics look from outside.

use serde::Serialize;

use super::signals_view::{BesideChance, ChecksView};
use crate::desk::{Figures, OnePerson, PERIOD_WEEKS};
use crate::domain::{StaffId, TeamId, UtcMillis};
use crate::staff::{
    CarriedOver, Coupling, Figure, Indicator, Load, RareEvents, Shown, Soothed, StaffLine, TeamDays, Trend,
};
use crate::statistics::distribution::Interval;
use crate::statistics::naming::{Direction, Missing, Quadrant, Ratio, Standing, appears};
use crate::statistics::scriptedness::Scriptedness;

/// Staff by work number.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct StaffList {
    /// When the figures were computed.
    #[schema(value_type = String, format = DateTime)]
    pub(super) as_of: UtcMillis,
    /// Sums of past weeks that are still being brought up to date: the figures lack contacts then.
    pub(super) sums_waiting: usize,
    /// Contacts behind them that an engine other than the one in use has read: the figures mix two
    /// readings then.
    pub(super) by_other_engines: usize,
    /// By work number.
    pub(super) items: Vec<StaffRow>,
    /// How many people are left out because they have too few contacts.
    pub(super) too_few_contacts: usize,
    /// Goes into `cursor` of the next request; null at the end of the list.
    pub(super) next: Option<StaffId>,
}

/// One person in the list.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct StaffRow {
    /// Work number.
    pub(super) staff: StaffId,
    /// Team in the latest contact.
    team: Option<TeamId>,
    /// Contacts with numbers in the period.
    contacts: u32,
    /// On what the person is named, and for what. Empty for nearly everybody.
    named: Vec<NamedOn>,
}

/// One reason to talk to somebody.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct NamedOn {
    /// The unwanted event.
    indicator: Indicator,
    /// `worse`: coaching. `better`: praise.
    direction: &'static str,
}

impl From<&StaffLine> for StaffRow {
    fn from(line: &StaffLine) -> Self {
        let named = line.figures.iter().filter(|figure| figure.verdict.standing == Standing::Named);
        Self {
            staff: line.staff.clone(),
            team: line.team.clone(),
            contacts: line.contacts,
            named: named
                .map(|figure| NamedOn {
                    indicator: figure.indicator,
                    direction: direction(figure.verdict.direction),
                })
                .collect(),
        }
    }
}

/// One person on one indicator.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct FigureView {
    /// The unwanted event.
    indicator: Indicator,
    /// Contacts in which it could have happened.
    chances: f64,
    /// Contacts in which it happened.
    observed: f64,
    /// Contacts in which it would have happened to colleagues with the same contacts.
    expected: f64,
    /// Observed over expected; null when nothing was expected.
    ratio: Option<f64>,
    /// 95 % interval of `ratio`.
    ratio_interval: Option<[f64; 2]>,
    /// Log odds ratio against colleagues, pulled towards them by as much as it is noise; above 0 is
    /// worse.
    effect: f64,
    /// 95 % interval of `effect`.
    effect_interval: [f64; 2],
    /// Share of the spread between colleagues that is real for this many contacts, in [0, 1].
    reliability: f64,
    /// `not_enough_data`, `as_expected`, `watch`, `investigate` or `named`.
    standing: &'static str,
    /// `worse` or `better` than expected; means something from `watch` on.
    direction: &'static str,
    /// Conditions of being named that are not met; empty for the person.
    missing: Vec<&'static str>,
    /// Counts within which 95 of 100 such colleagues lie.
    watch_limits: [f64; 2],
    /// Counts within which 998 of 1,000 such colleagues lie.
    investigate_limits: [f64; 2],
    /// Risk-adjusted CUSUM over the contacts; null without any chance.
    trend: Option<Trend>,
}

const fn direction(direction: Direction) -> &'static str {
    match direction {
        Direction::Worse => "worse",
        Direction::Better => "better",
    }
}

/// The name of a standing.
#[must_use]
pub(super) const fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::NotEnoughData { .. } => "not_enough_data",
        Standing::AsExpected => "as_expected",
        Standing::Watch => "watch",
        Standing::Investigate => "investigate",
        Standing::Named => "named",
    }
}

const fn missing(what: Missing) -> &'static str {
    match what {
        Missing::Contacts => "contacts",
        Missing::Comparison => "comparison",
        Missing::Discovery => "discovery",
        Missing::PracticalDifference => "practical_difference",
        Missing::Confirmation => "confirmation",
        Missing::Sample => "sample",
    }
}

impl FigureView {
    fn of(figure: &Figure, trend: Option<Trend>) -> Self {
        let Figure { indicator, expected, verdict, limits } = figure;
        let pair = |interval: Interval| [interval.low, interval.high];
        Self {
            indicator: *indicator,
            chances: expected.trials,
            observed: expected.observed,
            expected: expected.expected,
            ratio: verdict.ratio.map(|ratio: Ratio| ratio.value),
            ratio_interval: verdict.ratio.map(|ratio| pair(ratio.interval)),
            effect: verdict.effect,
            effect_interval: pair(verdict.interval),
            reliability: verdict.reliability,
            standing: standing(verdict.standing),
            direction: direction(verdict.direction),
            missing: verdict.missing.iter().map(|what| missing(*what)).collect(),
            watch_limits: pair(limits.watch),
            investigate_limits: pair(limits.investigate),
            trend,
        }
    }
}

/// A quadrant of the skill × will matrix with its programme.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct QuadrantView {
    /// In Chinese.
    label: &'static str,
    /// In Chinese.
    programme: &'static str,
}

impl From<Quadrant> for QuadrantView {
    fn from(quadrant: Quadrant) -> Self {
        Self { label: quadrant.label(), programme: quadrant.programme() }
    }
}

/// One person.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct PersonView {
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
    /// Work number.
    staff: StaffId,
    /// Team in the latest contact.
    team: Option<TeamId>,
    /// Contacts with numbers.
    contacts: u32,
    /// Contacts within a declared incident, which the case mix knows.
    incident_contacts: u32,
    /// One for each indicator with at least 30 contacts in which the event could have happened.
    figures: Vec<FigureView>,
    /// Skill against will; null unless both differ from «as expected».
    quadrant: Option<QuadrantView>,
    /// How contacts that began negative ended, beyond what those of colleagues let expect (S9), in
    /// units of valence.
    soothing: SoothedView,
    /// How the tone moves after the customer's.
    coupling: Coupling,
    /// The couplings beside what pairings at random give.
    checks: ChecksView,
    /// The opening tone after what was listened to before.
    carry_over: CarriedOver,
    /// Day by day what was listened to.
    loads: Vec<Load>,
    /// Lapses, which are too rare for a rate; null without colleagues to be compared with, and for the person.
    lapses: Option<RareEvents>,
    /// How much of the wording others use too; null below 30 contacts.
    wording: Option<WordingView>,
}

/// Wording, described: no judgement of what anybody feels.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct WordingView {
    /// Share of sequences of three words that at least .2 % of other contacts hold.
    shared: f64,
    /// 95 % interval of `shared`.
    shared_interval: [f64; 2],
    /// Share of turns that stand word for word in at least .2 % of other contacts.
    template_turns: f64,
    /// Share of sequences repeated within the contact.
    repeated: f64,
    /// Share of sequences of one's own in replies to negative turns; null without such replies.
    own_words_in_replies: Option<f64>,
    /// 95 % interval of it.
    own_words_interval: Option<[f64; 2]>,
    /// Contacts behind it, the latest ones.
    contacts: usize,
}

impl From<Scriptedness> for WordingView {
    fn from(found: Scriptedness) -> Self {
        let pair = |interval: Interval| [interval.low, interval.high];
        Self {
            shared: found.shared,
            shared_interval: pair(found.interval),
            template_turns: found.template_turns,
            repeated: found.repeated,
            own_words_in_replies: found.responsiveness.map(|(share, _)| share),
            own_words_interval: found.responsiveness.map(|(_, interval)| pair(interval)),
            contacts: found.contacts,
        }
    }
}

/// S9 of a person.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct SoothedView {
    #[serde(flatten)]
    #[schema(inline)]
    shown: Shown,
    /// The person's mean before it is pulled towards colleagues, beside the same weeks with signs
    /// at random; null where no figure is shown, and below six weeks.
    check: Option<BesideChance>,
}

impl From<Soothed> for SoothedView {
    fn from(Soothed { shown, check }: Soothed) -> Self {
        Self { shown, check: check.map(BesideChance::from) }
    }
}

impl PersonView {
    /// For the person: without the count of what nobody confirmed, and without what is missing for a name.
    pub(super) fn own(person: &OnePerson) -> Option<Self> {
        let mut view = Self::of(person)?;
        view.lapses = None;
        view.figures.iter_mut().for_each(|figure| figure.missing.clear());
        Some(view)
    }

    pub(super) fn of(person: &OnePerson) -> Option<Self> {
        let OnePerson { figures, profile, .. } = person;
        let (line, coupling) = (person.line()?, person.coupling()?);
        let (soothing, carry_over) = (person.soothed()?, person.carried_over()?);
        let trend = |indicator| {
            let found = profile.trends.iter().find(|(own, _)| *own == indicator);
            found.map(|(_, trend)| trend.clone())
        };
        let shown = line.figures.iter().filter(|figure| appears(figure.expected.trials));
        Some(Self {
            as_of: figures.as_of,
            sums_waiting: figures.waiting,
            by_other_engines: figures.by_other_engines,
            weeks: PERIOD_WEEKS,
            staff: line.staff.clone(),
            team: line.team.clone(),
            contacts: line.contacts,
            incident_contacts: line.incidents,
            figures: shown.map(|figure| FigureView::of(figure, trend(figure.indicator))).collect(),
            quadrant: line.quadrant().map(QuadrantView::from),
            soothing: SoothedView::from(soothing),
            coupling: coupling.clone(),
            checks: ChecksView::from(&profile.checks.beside(coupling)),
            carry_over,
            loads: profile.loads.clone(),
            lapses: profile.lapses.clone(),
            wording: profile.wording.as_ref().ok().and_then(|found| *found).map(WordingView::from),
        })
    }
}

/// Teams.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct TeamList {
    /// When the figures were computed.
    #[schema(value_type = String, format = DateTime)]
    as_of: UtcMillis,
    /// Sums of past weeks that are still being brought up to date: the figures lack contacts then.
    sums_waiting: usize,
    /// Contacts behind them that an engine other than the one in use has read: the figures mix two
    /// readings then.
    by_other_engines: usize,
    /// By name.
    items: Vec<TeamDays>,
    /// ICC(1) of the tone of teams beside permuted team labels; null below two teams with enough
    /// days, and for whoever is limited to one team.
    icc: Option<BesideChance>,
}

impl TeamList {
    pub(super) fn of(figures: &Figures, team: Option<&TeamId>) -> Self {
        let own = figures.teams.teams.iter().filter(|one| team.is_none_or(|team| one.team == *team));
        let icc = figures.teams.icc.filter(|_| team.is_none()).map(BesideChance::from);
        Self {
            as_of: figures.as_of,
            sums_waiting: figures.waiting,
            by_other_engines: figures.by_other_engines,
            items: own.cloned().collect(),
            icc,
        }
    }
}
