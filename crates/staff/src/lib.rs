//! From the numbers of single contacts to what may be said about staff, queues, teams and the
//! centre.
//!
//! Sums first, judgements last: the contacts of a person in a week are added up once ([`Sums`]), a
//! quarter is the sum of its weeks, and every figure is computed from sums. Whether a figure may be
//! shown at all is decided in `statistics::minimum` and `statistics::naming`, nowhere else.
//!
//! Nothing here ranks people. Every number about a person carries an interval, is compared with
//! what colleagues would have reached with the same contacts, and is silent below its minimum.

mod after;
mod case;
mod checks;
mod coaching;
mod coupling;
mod course;
mod day;
mod indicator;
mod person;
mod queue;
mod rare;
mod series;
mod soothing;
mod strangers;
mod succession;
mod sums;
mod table;
mod teams;
mod wording;

/// Seed of everything that is drawn here: the same figures on every look. What draws names itself
/// beside it.
const SEED: u64 = 20_261_101;

pub use after::{CarriedOver, carried_over};
pub use case::{Case, Hours, Opening};

pub use checks::{Checks, checks};
pub use coaching::{COACHING_WEEKS, Coached, CoachingOutcome, Power, Weeks, effect_of, power};
pub use coupling::{Beside, Branch, Coupling, Measured, Reliability, Shown, colleagues};
pub use course::{Lately, Step, Trend, trend};
pub use day::Load;
pub use indicator::Indicator;
pub use person::{Profile, profile};
pub use queue::{Month, Queue};
pub use rare::{RareEvents, rare_events};
pub use series::Series;
pub use soothing::{Soothed, soothing};
pub use strangers::{BesideStrangers, Together};
pub use sums::{Sums, sum, sum_of_queue};
pub use table::{Figure, LimitsOf, Person, StaffLine, table};
pub use teams::{TeamDays, Teams, ToneDay, team_mood};
pub use wording::{Worded, wording};
