//! What somebody should look at although no single contact says so.

use serde::Serialize;
use tingxin_store::Store;
use tingxin_text::domain::{Channel, DAY_MILLIS, HOUR_MILLIS, Rule, SourceId, UtcMillis};

use crate::{ChannelDrift, Desk, DeskError, SourceHour};

const WEEK: i64 = 7 * DAY_MILLIS;

/// Weeks whose same hour is taken for usual.
const WEEKS: i64 = 4;

/// Fewest escalations of an hour that are a surge: below, chance alone does it every week.
const SURGE_LEAST: u64 = 10;

/// How many times the usual number is a surge.
const SURGE_TIMES: u64 = 3;

/// What an alert says beside its name.
#[derive(Debug, Serialize)]
struct AlertDetail<'a> {
    alert: &'static str,
    count: u64,
    usual: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    channel: Option<Channel>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<&'a SourceId>,
    /// The drift of readings with its standard error.
    #[serde(skip_serializing_if = "Option::is_none")]
    psi: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    psi_error: Option<f64>,
}

impl AlertDetail<'_> {
    /// One that says how many.
    const fn of(alert: &'static str, count: u64, usual: Option<f64>) -> Self {
        Self { alert, count, usual, channel: None, source: None, psi: None, psi_error: None }
    }
}

/// Looks whether something should be told, and tells it once: a surge of escalations once an hour,
/// overdue appeals and cases and readings that have moved once a day, a source that sends nothing once
/// for each silence. How many were told.
///
/// # Errors
/// [`DeskError::Store`].
pub async fn watch(desk: &Desk, now: UtcMillis) -> Result<usize, DeskError> {
    let told = watch_work(&desk.store, now).await?;
    Ok(told + watch_sources(desk, now).await? + watch_readings(desk, now).await?)
}

async fn watch_sources(desk: &Desk, now: UtcMillis) -> Result<usize, DeskError> {
    let mut told = 0;
    for one in desk.sources(now).await?.iter().filter(|one| one.is_silent()) {
        let SourceHour { source, channel, last_at, usual, .. } = one;
        let name = format!("source_silent:{source}:{}:{}", channel.as_str(), last_at.as_millis());
        let detail = AlertDetail {
            channel: Some(*channel),
            source: Some(source),
            ..AlertDetail::of("source_silent", usual.unwrap_or_default(), None)
        };
        told += tell(&desk.store, &name, &detail, now).await?;
    }
    Ok(told)
}

async fn watch_readings(desk: &Desk, now: UtcMillis) -> Result<usize, DeskError> {
    let mut told = 0;
    for one in desk.drifts(now).await?.iter().filter(|one| one.is_far()) {
        let ChannelDrift { channel, drift } = one;
        let name = format!("reading_drift:{}:{}", channel.as_str(), now.day());
        let detail = AlertDetail {
            channel: Some(*channel),
            psi: Some(drift.psi),
            psi_error: Some(drift.error),
            ..AlertDetail::of("reading_drift", u64::try_from(drift.contacts).unwrap_or(u64::MAX), None)
        };
        told += tell(&desk.store, &name, &detail, now).await?;
    }
    Ok(told)
}

async fn watch_work(store: &Store, now: UtcMillis) -> Result<usize, DeskError> {
    let mut told = 0;
    let hour = now.as_millis().div_euclid(HOUR_MILLIS);
    let count = store.flags_between(Rule::Escalation, now.plus_millis(-HOUR_MILLIS), now).await?;
    if count >= SURGE_LEAST {
        let mut before = 0;
        for week in 1..=WEEKS {
            let then = now.plus_millis(-week * WEEK);
            before += store.flags_between(Rule::Escalation, then.plus_millis(-HOUR_MILLIS), then).await?;
        }
        if is_surge(count, before) {
            #[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "counts of an hour")]
            let usual = Some(before as f64 / WEEKS as f64);
            let detail = AlertDetail::of("escalation_surge", count, usual);
            told += tell(store, &format!("escalation_surge:{hour}"), &detail, now).await?;
        }
    }
    let appeals = store.appeal_backlog(now).await?.overdue;
    let cases = store.case_backlog((now, now), None).await?.iter().map(|(_, cases)| cases.overdue).sum();
    for (alert, count) in [("appeals_overdue", appeals), ("cases_overdue", cases)] {
        if count > 0 {
            let detail = AlertDetail::of(alert, count, None);
            told += tell(store, &format!("{alert}:{}", now.day()), &detail, now).await?;
        }
    }
    Ok(told)
}

/// Whether so many in an hour are a surge beside so many in the same hour of [`WEEKS`] weeks.
fn is_surge(count: u64, before: u64) -> bool {
    count >= SURGE_LEAST && count * WEEKS.unsigned_abs() >= SURGE_TIMES * before
}

async fn tell(
    store: &Store,
    name: &str,
    detail: &AlertDetail<'_>,
    now: UtcMillis,
) -> Result<usize, DeskError> {
    let text = serde_json::to_string(detail).map_err(|_| DeskError::Broken)?;
    Ok(usize::from(store.tell_once(name, &text, now).await?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_surge_is_three_times_the_usual_and_never_a_handful() {
        assert!(is_surge(10, 0) && is_surge(12, 16) && is_surge(30, 40));
        assert!(!is_surge(9, 0) && !is_surge(11, 16) && !is_surge(10, 40));
    }
}
