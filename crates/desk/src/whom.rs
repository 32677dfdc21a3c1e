//! Whom to coach: who is found by number or name, and on which behaviour there is most to say.

use std::collections::{BTreeMap, BTreeSet};

use tingxin_staff::{Indicator, StaffLine};
use tingxin_statistics::naming::{Direction, Standing};
use tingxin_text::domain::StaffId;

use crate::{Caller, Desk, DeskError, Figures};

impl Desk {
    /// What staff are called whom the caller may see: those of their team alone.
    ///
    /// # Errors
    /// [`DeskError::Store`].
    pub async fn names_seen(
        &self,
        caller: &Caller,
        figures: &Figures,
    ) -> Result<BTreeMap<StaffId, String>, DeskError> {
        let mut names = self.store.staff_names().await?;
        let seen: BTreeSet<&StaffId> = figures
            .lines
            .iter()
            .filter(|line| caller.sees(line.team.as_ref()))
            .map(|line| &line.staff)
            .collect();
        names.retain(|staff, _| seen.contains(staff));
        Ok(names)
    }
}

/// The behaviour on which there is most to say for: the first that stands farthest out to the worse side.
#[must_use]
pub fn suggested(line: &StaffLine) -> Option<Indicator> {
    let weight = |standing: &Standing| match standing {
        Standing::Named => 3,
        Standing::Investigate => 2,
        Standing::Watch => 1,
        Standing::AsExpected | Standing::NotEnoughData { .. } => 0,
    };
    let worse = line.figures.iter().filter(|figure| figure.verdict.direction == Direction::Worse);
    let weighed = worse.map(|figure| (weight(&figure.verdict.standing), figure.indicator));
    weighed.filter(|(weight, _)| *weight > 0).rev().max_by_key(|(weight, _)| *weight).map(|(_, one)| one)
}

/// People whose work number or name holds what somebody looks for; a number that is it exactly stands alone.
#[must_use]
pub fn find_people<'a>(
    lines: impl Iterator<Item = &'a StaffLine>,
    names: &BTreeMap<StaffId, String>,
    wanted: &str,
) -> Vec<&'a StaffLine> {
    let wanted = wanted.trim().to_lowercase();
    let holds = |line: &&StaffLine| {
        line.staff.as_str().to_lowercase().contains(&wanted)
            || names.get(&line.staff).is_some_and(|name| name.to_lowercase().contains(&wanted))
    };
    let found: Vec<&StaffLine> = lines.filter(holds).collect();
    match found.iter().find(|line| line.staff.as_str().to_lowercase() == wanted) {
        Some(exact) => vec![exact],
        None => found,
    }
}
