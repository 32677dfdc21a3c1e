//! What the sheets of a form say together.

use std::collections::BTreeMap;

use tingxin_statistics::distribution::Interval;
use tingxin_statistics::minimum::{Minimum, TooFew, enough};
use tingxin_statistics::t_test;
use tingxin_store::{InspectionForm, InspectionSheet};
use tingxin_text::domain::{DAY_MILLIS, TeamId, UtcMillis};
use uuid::Uuid;

use crate::{Caller, Desk, DeskError};

/// Days that count.
const DAYS: i64 = 91;

/// Sheets that are added up.
const MOST: u32 = 5000;

/// A mean with what is known of it.
pub type SheetMean = Result<(f64, Interval), TooFew>;

/// One item over all sheets of a version.
#[derive(Debug, Clone, PartialEq)]
pub struct ItemResult {
    /// Which item.
    pub key: String,
    /// What is looked at.
    pub title: String,
    /// Sheets in which it applied.
    pub applied: usize,
    /// Share of its points that was lost, in [0, 1], with a 95 % interval.
    pub lost: SheetMean,
    /// Of the sheets in which the machine had proposed points, the share in which a person gave the same.
    pub agreed: Option<f64>,
}

/// The sheets of one team.
#[derive(Debug, Clone, PartialEq)]
pub struct TeamResult {
    /// Which team.
    pub team: TeamId,
    /// Sheets.
    pub sheets: usize,
    /// Mean score of a hundred with a 95 % interval.
    pub score: SheetMean,
}

/// What the sheets of a version say together.
#[derive(Debug, Clone, PartialEq)]
pub struct FormResults {
    /// The form.
    pub form: InspectionForm,
    /// Sheets that were added up: the latest of each contact, of 13 weeks.
    pub sheets: usize,
    /// Mean score of a hundred with a 95 % interval.
    pub score: SheetMean,
    /// Sheets in which an item took everything.
    pub knocked_out: usize,
    /// Item by item.
    pub items: Vec<ItemResult>,
    /// Team by team, by name.
    pub teams: Vec<TeamResult>,
}

/// The mean with Student's interval, kept inside what is possible; silence below the minimum.
fn mean(values: &[f64], most: f64) -> SheetMean {
    enough(Minimum::RuleJudged, values.len())?;
    #[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "at most 5,000 sheets")]
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / (n - 1.0);
    let half = t_test::critical(0.95, values.len()) * (variance / n).sqrt();
    let interval = Interval { low: (mean - half).max(0.0), high: (mean + half).min(most) };
    Ok((mean, interval))
}

fn points(tenths: u32) -> f64 {
    f64::from(tenths) / 10.0
}

fn item(key: &str, title: &str, full: u32, sheets: &[InspectionSheet]) -> ItemResult {
    let marks: Vec<_> =
        sheets.iter().filter_map(|sheet| sheet.marks.iter().find(|mark| mark.item == key)).collect();
    let lost: Vec<f64> = marks
        .iter()
        .filter_map(|mark| mark.got)
        .map(|got| 1.0 - f64::from(got.tenths()) / f64::from(full.max(1)))
        .collect();
    let proposed: Vec<bool> =
        marks.iter().filter_map(|mark| mark.proposed.map(|proposed| mark.got == Some(proposed))).collect();
    #[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "at most 5,000 sheets")]
    let agreed = (!proposed.is_empty())
        .then(|| proposed.iter().filter(|agreed| **agreed).count() as f64 / proposed.len() as f64);
    ItemResult {
        key: key.to_owned(),
        title: title.to_owned(),
        applied: lost.len(),
        lost: mean(&lost, 1.0),
        agreed,
    }
}

fn results(form: InspectionForm, sheets: &[InspectionSheet]) -> FormResults {
    let scores: Vec<f64> = sheets.iter().map(|sheet| points(sheet.score.tenths())).collect();
    let mut teams: BTreeMap<&TeamId, Vec<f64>> = BTreeMap::new();
    for sheet in sheets {
        if let Some(team) = &sheet.team {
            teams.entry(team).or_default().push(points(sheet.score.tenths()));
        }
    }
    let team = |(team, scores): (&TeamId, Vec<f64>)| TeamResult {
        team: team.clone(),
        sheets: scores.len(),
        score: mean(&scores, 100.0),
    };
    let knocked_out = |sheet: &&InspectionSheet| {
        tingxin_text::domain::SheetTotal::of(&sheet.groups, &sheet.marks).knocked_out
    };
    FormResults {
        sheets: sheets.len(),
        score: mean(&scores, 100.0),
        knocked_out: sheets.iter().filter(knocked_out).count(),
        items: form
            .groups
            .iter()
            .flat_map(|group| &group.items)
            .map(|one| item(&one.key, &one.title, one.full.tenths(), sheets))
            .collect(),
        teams: teams.into_iter().map(team).collect(),
        form,
    }
}

impl Desk {
    /// What the sheets of a version say together, of the caller's team or of all. They are of contacts that somebody chose, so a mean
    /// is one of these sheets and no rate of a team's work.
    ///
    /// # Errors
    /// [`DeskError::NotFound`], [`DeskError::Store`].
    pub async fn form_results(
        &self,
        caller: &Caller,
        id: Uuid,
        version: u32,
    ) -> Result<FormResults, DeskError> {
        let form = self.form(id, version).await?;
        let since = UtcMillis::now().plus_millis(-DAYS * DAY_MILLIS);
        let mut sheets = self.store.sheets_on(id, since, caller.team.as_ref(), MOST).await?;
        sheets.retain(|sheet| sheet.version == version);
        Ok(results(form, &sheets))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mean_of_few_sheets_is_not_told_and_one_of_many_stays_inside_the_scale() {
        assert!(mean(&[90.0; 29], 100.0).is_err());
        let mut scores = vec![100.0; 35];
        scores.extend([60.0; 5]);

        let (value, interval) = mean(&scores, 100.0).unwrap();

        assert!((value - 95.0).abs() < 1e-9);
        assert!(interval.low < 91.5 && interval.high <= 100.0, "{interval:?}");
    }
}
