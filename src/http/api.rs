//! The part of the route table that programs use.

use super::entry::Entry;
use super::{
    appeals, assignments, audit, calibrations, care, case_steps, cases, coaching, contacts, events, exports,
    flags, forms, incidents, privacy, rules, samples, staff, thresholds, today, trainings, verdicts,
};

/// The routes that `openapi.json` describes.
#[must_use]
pub fn api() -> Vec<Entry> {
    let mut table = contacts::routes();
    table.extend(flags::routes());
    table.extend(verdicts::routes());
    table.extend(appeals::routes());
    table.extend(assignments::routes());
    table.extend(cases::routes());
    table.extend(case_steps::routes());
    table.extend(staff::routes());
    table.extend(today::routes());
    table.extend(incidents::routes());
    table.extend(coaching::routes());
    table.extend(trainings::routes());
    table.extend(care::routes());
    table.extend(samples::routes());
    table.extend(forms::routes());
    table.extend(calibrations::routes());
    table.extend(rules::routes());
    table.extend(thresholds::routes());
    table.extend(privacy::routes());
    table.extend(audit::routes());
    table.extend(events::routes());
    table.extend(exports::routes());
    table
}
