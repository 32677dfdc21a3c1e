//! The tone of teams, day by day. Never called contagion: with a shared cause every measure of «who
//! moved whom» finds it.

use std::collections::BTreeSet;

use serde::Serialize;

use tingxin_statistics::as_good_as;
use tingxin_statistics::minimum::{Minimum, TooFew, enough};
use tingxin_statistics::resample::{Surrogates, generator};
use tingxin_statistics::team_mood::{AgentDay, TeamMood, team_mood as mood};
use tingxin_text::domain::TeamId;

use super::SEED;
use super::after::{CarriedOver, of_team};
use super::coupling::Shown;
use super::series::Series;
use super::table::Person;

/// Permuted team labels behind the comparison.
const PERMUTATIONS: usize = 200;

/// The tone of a team on a day.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, utoipa::ToSchema)]
pub struct ToneDay {
    /// Days since 1970-01-01 in Beijing.
    pub day: i64,
    /// Mean tone of the members beyond what their customers let expect, in valence.
    pub tone: f64,
    /// Members behind it, at least 5.
    pub members: usize,
    /// Contacts behind it, at least 50.
    pub contacts: usize,
}

/// A team over a period.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct TeamDays {
    /// The team.
    pub team: TeamId,
    /// Days with enough members and contacts.
    pub days: Vec<ToneDay>,
    /// Contacts of the period.
    pub contacts: u32,
    /// Unpleasantness listened to, a contact.
    pub load: f64,
    /// Expected number of insulting or threatening turns.
    pub abusive_turns: f64,
    /// S11 over the days of all members, shown when they tell as much as 5 people with equal
    /// shares.
    pub carry_over: CarriedOver,
}

/// All teams, and how much teams differ beyond people.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Teams {
    /// By name.
    pub teams: Vec<TeamDays>,
    /// ICC(1) of tone beside the same with permuted team labels; none below two teams with enough
    /// days.
    pub icc: Option<Surrogates>,
}

/// Puts the teams together; `series` are the same people's sums over turns, in their order.
#[must_use]
pub fn team_mood(people: &[Person], series: &[&Series]) -> Teams {
    let mut names: Vec<&TeamId> = people.iter().filter_map(|person| person.sums.team.as_ref()).collect();
    names.sort_unstable();
    names.dedup();
    let mut rows = Vec::new();
    for (agent, person) in people.iter().enumerate() {
        let at = person.sums.team.as_ref().and_then(|team| names.binary_search(&team).ok());
        let Some(team) = at.and_then(|at| u64::try_from(at).ok()) else { continue };
        for (day, sums) in &person.sums.days {
            if let (Some(tone), Some(customers)) = (mean(sums.agent), mean(sums.customer)) {
                let agent = u64::try_from(agent).unwrap_or(u64::MAX);
                let contacts = usize::try_from(sums.contacts).unwrap_or(usize::MAX);
                rows.push(AgentDay { agent, team, day: *day, contacts, tone, customers });
            }
        }
    }
    let TeamMood { days, icc, .. } = mood(&rows, PERMUTATIONS, &mut generator(SEED, &[13]));
    let compared: BTreeSet<u64> = days.iter().map(|day| day.team).collect();
    let icc = icc.filter(|_| compared.len() >= 2);
    let teams = names
        .iter()
        .enumerate()
        .map(|(at, team)| {
            let own = days.iter().filter(|day| usize::try_from(day.team) == Ok(at));
            let days = own.map(|day| ToneDay {
                day: day.day,
                tone: day.mean,
                members: day.agents,
                contacts: day.contacts,
            });
            summary((*team).clone(), days.collect(), (people, series))
        })
        .collect();
    Teams { teams, icc }
}

fn summary(team: TeamId, days: Vec<ToneDay>, (people, series): (&[Person], &[&Series])) -> TeamDays {
    let own = || {
        let all = people.iter().zip(series);
        all.filter(|(person, _)| person.sums.team.as_ref() == Some(&team))
    };
    let shares = own().map(|(_, series)| series.carry_over.weight());
    let carry_over = match enough(Minimum::TeamAgents, as_good_as(shares)) {
        // Of fewer it would be somebody's in particular.
        Err(TooFew { needed, have }) => Shown::TooFewStaff { needed, have }.into(),
        Ok(()) => of_team(own().map(|(_, series)| *series)),
    };
    let (mut contacts, mut load, mut abusive_turns) = (0, 0.0, 0.0);
    for sums in own().flat_map(|(person, _)| person.sums.days.values()) {
        contacts += sums.contacts;
        load += sums.load;
        abusive_turns += sums.abusive;
    }
    let load = load / f64::from(contacts.max(1));
    TeamDays { team, days, contacts, load, abusive_turns, carry_over }
}

fn mean((turns, sum): (u32, f64)) -> Option<f64> {
    (turns > 0).then(|| sum / f64::from(turns))
}
