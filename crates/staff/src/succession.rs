//! From contact to contact within a day: the sums behind S11.

use std::collections::BTreeMap;

use tingxin_statistics::carry_over::{CarryOver, DayContact};
use tingxin_text::domain::{BusinessProcess, Channel, Observation};

/// The contacts of one person and week, in order. Openings of a channel and process follow a script
/// of their own.
pub(super) fn week(contacts: &[Observation]) -> CarryOver {
    let mut scripts: BTreeMap<(Channel, Option<&BusinessProcess>), u64> = BTreeMap::new();
    let mut sums = CarryOver::new();
    let days: Vec<(i64, Vec<DayContact>)> = contacts
        .chunk_by(|a, b| a.happened_at.day() == b.happened_at.day())
        .map(|day| {
            let numbered = day.iter().map(|one| {
                let next = u64::try_from(scripts.len()).unwrap_or(u64::MAX);
                let script = *scripts.entry((one.channel, one.process.as_ref())).or_insert(next);
                in_day(one, script)
            });
            (day.first().map_or(0, |one| one.happened_at.day()), numbered.collect())
        })
        .collect();
    sums.add_week(&days);
    sums
}

fn in_day(contact: &Observation, script: u64) -> DayContact {
    let start = minutes(contact.happened_at.as_millis());
    let lasted = contact.measures.lasted_ms.and_then(|lasted| i64::try_from(lasted).ok());
    DayContact {
        start,
        end: start + minutes(lasted.unwrap_or_default()),
        exposure: f64::from(contact.measures.load),
        opening: contact.measures.opening.map(f64::from),
        script,
    }
}

#[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "times are far below 2^52 ms")]
fn minutes(millis: i64) -> f64 {
    millis as f64 / 60_000.0
}
