//! Case mix: what staff cannot choose about a contact.

use serde::{Deserialize, Serialize};

use tingxin_statistics::soothing::NEGATIVE_START;
use tingxin_text::domain::{BusinessProcess, Channel, Observation, UtcMillis, closed_set};

closed_set! {
    /// Part of the day.
    Hours {
        /// 22 to 7.
        Night => "night", "夜间";
        /// 7 to 12.
        Morning => "morning", "上午";
        /// 12 to 18.
        Afternoon => "afternoon", "下午";
        /// 18 to 22.
        Evening => "evening", "傍晚";
    }
}

closed_set! {
    /// How the customer begins.
    Opening {
        /// Fewer than three turns.
        Unknown => "unknown", "开场不可读";
        /// Below −.4.
        Hostile => "hostile", "明显负面";
        /// −.4 to −.2.
        Negative => "negative", "负面";
        /// −.2 to 0.
        Reserved => "reserved", "略偏负面";
        /// 0 and above.
        Friendly => "friendly", "平静或正面";
    }
}

/// Everything by which contacts are made comparable.
///
/// The opening mood is in bands of the *observed* mood. Together with channel and process in the
/// same model this is a regression calibration: given both, the expected true opening is a sum of
/// the two, and the model learns its weights.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Case {
    /// Touchpoint.
    #[serde(rename = "c")]
    pub channel: Channel,
    /// What it was about.
    #[serde(rename = "p")]
    pub process: Option<BusinessProcess>,
    /// Part of the day.
    #[serde(rename = "h")]
    pub hours: Hours,
    /// How the customer begins.
    #[serde(rename = "o")]
    pub opening: Opening,
    /// The customer had a contact in the seven days before.
    #[serde(rename = "r")]
    pub repeated: bool,
    /// Within a declared incident.
    #[serde(rename = "i")]
    pub incident: bool,
}

impl Case {
    pub(super) fn of(contact: &Observation) -> Self {
        Self {
            channel: contact.channel,
            process: contact.process.clone(),
            hours: hours(contact.happened_at),
            opening: opening(contact.measures.start),
            repeated: contact.repeated,
            incident: contact.incident,
        }
    }
}

const fn hours(at: UtcMillis) -> Hours {
    match at.hour() {
        7..12 => Hours::Morning,
        12..18 => Hours::Afternoon,
        18..22 => Hours::Evening,
        _ => Hours::Night,
    }
}

fn opening(start: Option<f32>) -> Opening {
    match start {
        None => Opening::Unknown,
        Some(start) if start < -0.4 => Opening::Hostile,
        Some(start) if start < NEGATIVE_START => Opening::Negative,
        Some(start) if start < 0.0 => Opening::Reserved,
        Some(_) => Opening::Friendly,
    }
}

/// Fewest contacts of a process that gets a column of its own; rarer ones share one.
const OWN_COLUMN: f64 = 200.0;

/// Turns cases into rows of a design matrix: an intercept and a column for every level but the most
/// frequent.
pub(super) struct Design {
    channels: Vec<Channel>,
    processes: Vec<Option<BusinessProcess>>,
    hours: Vec<Hours>,
    openings: Vec<Opening>,
}

impl Design {
    /// Chooses the columns by how often each level occurs. Levels of the first place have no
    /// column: they are the base against which the others stand.
    pub(super) fn of<'a>(cases: impl Iterator<Item = (&'a Case, f64)> + Clone) -> Self {
        let processes = levels(cases.clone().map(|(case, n)| (case.process.clone(), n)))
            .into_iter()
            .enumerate()
            .filter(|(place, (_, n))| *place == 0 || *n >= OWN_COLUMN)
            .map(|(_, (level, _))| level)
            .collect();
        let names = |levels: Vec<(Hours, f64)>| levels.into_iter().map(|(level, _)| level).collect();
        Self {
            channels: levels(cases.clone().map(|(case, n)| (case.channel, n)))
                .into_iter()
                .map(|(level, _)| level)
                .collect(),
            processes,
            hours: names(levels(cases.clone().map(|(case, n)| (case.hours, n)))),
            openings: levels(cases.map(|(case, n)| (case.opening, n)))
                .into_iter()
                .map(|(level, _)| level)
                .collect(),
        }
    }

    /// The row of a case.
    pub(super) fn row(&self, case: &Case) -> Vec<f64> {
        let mut row = vec![1.0];
        row.extend(self.channels.iter().skip(1).map(|level| indicator(*level == case.channel)));
        row.extend(self.processes.iter().skip(1).map(|level| indicator(*level == case.process)));
        row.push(indicator(!self.processes.contains(&case.process)));
        row.extend(self.hours.iter().skip(1).map(|level| indicator(*level == case.hours)));
        row.extend(self.openings.iter().skip(1).map(|level| indicator(*level == case.opening)));
        row.extend([indicator(case.repeated), indicator(case.incident)]);
        row
    }
}

/// A regressor that is one where something holds.
fn indicator(holds: bool) -> f64 {
    if holds { 1.0 } else { 0.0 }
}

/// Levels with their counts, the most frequent first; of equals the smaller.
fn levels<T: Ord + Clone>(values: impl Iterator<Item = (T, f64)>) -> Vec<(T, f64)> {
    let mut counts = std::collections::BTreeMap::new();
    for (value, n) in values {
        *counts.entry(value).or_insert(0.0) += n;
    }
    let mut counts: Vec<(T, f64)> = counts.into_iter().collect();
    counts.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_frequent_kind_of_contact_is_the_base_and_rare_processes_share_a_column() {
        let case = |process: &str, hours| Case {
            channel: Channel::Hotline,
            process: Some(BusinessProcess::new(process).unwrap()),
            hours,
            opening: Opening::Friendly,
            repeated: false,
            incident: false,
        };
        let cases = [
            (case("billing", Hours::Morning), 500.0),
            (case("broadband_fault", Hours::Evening), 300.0),
            (case("sim_card", Hours::Evening), 3.0),
        ];
        let design = Design::of(cases.iter().map(|(case, n)| (case, *n)));

        assert_eq!(design.row(&cases[0].0), [1.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
        assert_eq!(design.row(&cases[1].0), [1.0, 1.0, 0.0, 1.0, 0.0, 0.0]);
        assert_eq!(design.row(&cases[2].0), [1.0, 0.0, 1.0, 1.0, 0.0, 0.0]);
    }
}
