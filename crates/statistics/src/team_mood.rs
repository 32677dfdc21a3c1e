//! S13 team mood (group affective tone): how alike the members of a team sound on a day, beyond
//! their own customers.
//!
//! Deliberately not contagion. With no peer influence and one shared shock every peer-mean model
//! rejects always (the reflection problem), so what spreads from whom cannot be learnt from these
//! data. The number says *the team's tone on a day*, and the permutation says whether teams differ
//! more than randomly drawn groups of the same agents would.

use std::collections::{BTreeMap, HashMap};

use rand::Rng;
use serde::{Deserialize, Serialize};

use super::count;
use super::minimum::{Minimum, enough};
use super::panel::{Moments, Panel};
use super::resample::{Surrogates, order};

/// One agent on one day, sums over their contacts: additive, so no contact has to be kept.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AgentDay {
    /// Identifies the agent.
    pub agent: u64,
    /// Identifies the team the agent belongs to on that day.
    pub team: u64,
    /// Day number, any origin.
    pub day: i64,
    /// Contacts of the agent on that day.
    pub contacts: usize,
    /// Mean residual agent valence of those contacts.
    pub tone: f64,
    /// Mean residual valence of the customers in those contacts.
    pub customers: f64,
}

/// The tone of one team on one day.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct TeamDay {
    /// Number of the team.
    pub team: u64,
    /// Number of the day.
    pub day: i64,
    /// Mean adjusted tone over the team's agents, in valence units; 0 = as expected from their
    /// customers.
    pub mean: f64,
    /// Agents behind it, at least 5.
    pub agents: usize,
    /// Contacts behind it, at least 50.
    pub contacts: usize,
}

/// Team tone over a period.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TeamMood {
    /// Team-days with enough agents and contacts, by team and day.
    pub days: Vec<TeamDay>,
    /// Change of an agent's tone with the mean valence of their own customers, within agents.
    pub customer_slope: f64,
    /// ICC(1) over team-days, against permuted team labels; `None` below two usable team-days.
    pub icc: Option<Surrogates>,
}

/// Adjusted tone of one agent-day: what is left after the own customers.
#[derive(Clone, Copy)]
struct Adjusted {
    agent: u64,
    team: u64,
    day: i64,
    contacts: usize,
    tone: f64,
}

/// Team mood of `rows` with `permutations` permuted team labels.
///
/// Own-customer adjustment: the slope of tone on customers is fitted *within agents* (each agent
/// centred on their own days), so that friendly agents on friendly queues do not steepen it. For
/// the ICC each day is centred on the centre's mean of that day, otherwise one outage would make
/// all teams look like teams.
///
/// The permutation moves whole agents between teams and keeps each agent's days together: shuffling
/// agent-days would call any stable difference between agents a team.
pub fn team_mood(rows: &[AgentDay], permutations: usize, rng: &mut impl Rng) -> TeamMood {
    let customer_slope = slope(rows);
    let mean_customers = rows.iter().map(|row| row.customers).sum::<f64>() / count(rows.len().max(1));
    let mut adjusted: Vec<Adjusted> = rows
        .iter()
        .map(|row| Adjusted {
            agent: row.agent,
            team: row.team,
            day: row.day,
            contacts: row.contacts,
            tone: row.tone - customer_slope * (row.customers - mean_customers),
        })
        .collect();
    let days = team_days(&adjusted);
    centre_days(&mut adjusted);
    let icc = permuted(&adjusted, permutations, rng);
    TeamMood { days, customer_slope, icc }
}

fn slope(rows: &[AgentDay]) -> f64 {
    let mut agents: BTreeMap<u64, Vec<([f64; 1], f64)>> = BTreeMap::new();
    for row in rows {
        agents.entry(row.agent).or_default().push(([row.customers], row.tone));
    }
    let mut panel = Panel::<1>::default();
    agents.values().filter_map(|days| Moments::of(days)).for_each(|moments| panel.add(&moments));
    let fit = panel.fit(&[0], &[0.0]);
    fit.ok()
        .and_then(|fit| fit.coefficients.first().copied())
        .filter(|slope| slope.is_finite())
        .unwrap_or(0.0)
}

fn team_days(rows: &[Adjusted]) -> Vec<TeamDay> {
    let mut groups: BTreeMap<(u64, i64), (f64, usize, usize)> = BTreeMap::new();
    for row in rows {
        let group = groups.entry((row.team, row.day)).or_default();
        group.0 += row.tone;
        group.1 += 1;
        group.2 += row.contacts;
    }
    groups
        .into_iter()
        .filter(|(_, (_, agents, contacts))| {
            enough(Minimum::TeamAgents, *agents).is_ok() && enough(Minimum::TeamContacts, *contacts).is_ok()
        })
        .map(|((team, day), (sum, agents, contacts))| TeamDay {
            team,
            day,
            mean: sum / count(agents),
            agents,
            contacts,
        })
        .collect()
}

fn centre_days(rows: &mut [Adjusted]) {
    let mut means: HashMap<i64, (f64, f64)> = HashMap::new();
    for row in rows.iter() {
        let day = means.entry(row.day).or_default();
        day.0 += row.tone;
        day.1 += 1.0;
    }
    for row in rows {
        if let Some((sum, n)) = means.get(&row.day) {
            row.tone -= sum / n;
        }
    }
}

/// ICC(1) = (MSB − MSW)/(MSB + (k − 1)·MSW) with k the average group size corrected for unequal
/// sizes (Bliese 2000).
///
/// `groups` are one label per value, from `0..labels`. `None` below two groups, without a second
/// member anywhere, or when nothing varies. Values below 0 are possible and kept: cutting them
/// would bias a permutation.
#[must_use]
pub fn icc1(values: &[f64], groups: &[usize], labels: usize) -> Option<f64> {
    let mut sums = vec![(0.0_f64, 0.0_f64); labels];
    let (mut total, mut squares) = (0.0, 0.0);
    for (value, group) in values.iter().zip(groups) {
        let cell = sums.get_mut(*group)?;
        cell.0 += value;
        cell.1 += 1.0;
        total += value;
        squares += value * value;
    }
    let n = count(values.len());
    let used = || sums.iter().filter(|(_, size)| *size > 0.0);
    let j = count(used().count());
    let between_sum: f64 = used().map(|(sum, size)| sum * sum / size).sum();
    if j < 2.0 || n <= j {
        return None;
    }
    let between = (between_sum - total * total / n) / (j - 1.0);
    let within = (squares - between_sum) / (n - j);
    let k = (n - used().map(|(_, size)| size * size).sum::<f64>() / n) / (j - 1.0);
    let icc = (between - within) / (between + (k - 1.0) * within);
    icc.is_finite().then_some(icc)
}

fn permuted(rows: &[Adjusted], permutations: usize, rng: &mut impl Rng) -> Option<Surrogates> {
    // Agents, teams and days become dense numbers once, so that a permutation is a table look-up
    // per row.
    let mut dense = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    for row in rows {
        dense.0.insert(row.agent, row.team);
        dense.1.insert(row.team, 0_usize);
        dense.2.insert(row.day, 0_usize);
    }
    dense.1.values_mut().enumerate().for_each(|(index, slot)| *slot = index);
    dense.2.values_mut().enumerate().for_each(|(index, slot)| *slot = index);
    let position: HashMap<u64, usize> =
        dense.0.keys().enumerate().map(|(index, agent)| (*agent, index)).collect();
    let home: Vec<usize> = dense.0.values().map(|team| dense.1.get(team).copied().unwrap_or(0)).collect();
    let values: Vec<f64> = rows.iter().map(|row| row.tone).collect();
    let places: Vec<(usize, usize)> = rows
        .iter()
        .map(|row| {
            (position.get(&row.agent).copied().unwrap_or(0), dense.2.get(&row.day).copied().unwrap_or(0))
        })
        .collect();
    let days = dense.2.len();
    let labels = dense.1.len() * days;
    let mut groups = vec![0_usize; rows.len()];
    let mut icc = |team_of: &dyn Fn(usize) -> usize| {
        for (group, (agent, day)) in groups.iter_mut().zip(&places) {
            *group = team_of(*agent) * days + day;
        }
        icc1(&values, &groups, labels)
    };
    let observed = icc(&|agent| home.get(agent).copied().unwrap_or(0))?;
    let drawn: Vec<f64> = (0..permutations)
        .filter_map(|_| {
            let shuffled = order(home.len(), rng);
            icc(&|agent| shuffled.get(agent).and_then(|from| home.get(*from)).copied().unwrap_or(0))
        })
        .collect();
    Surrogates::of(observed, &drawn)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resample::generator;
    use rand_distr::{Distribution, StandardNormal};

    /// Six teams of eight agents over ten days; `team` moves a team on a day, `outage` the whole
    /// centre on one day.
    fn centre(team: f64, outage: f64) -> Vec<AgentDay> {
        let mut rng = generator(21, &[13]);
        let mut normal = || -> f64 { StandardNormal.sample(&mut rng) };
        let agents: Vec<f64> = (0..48).map(|_| normal()).collect();
        let mut rows = Vec::new();
        for day in 0..10_i64 {
            let moods: Vec<f64> = (0..6).map(|_| team * normal()).collect();
            for (agent, own) in (0_u64..).zip(&agents) {
                let (customers, noise) = (normal(), normal());
                let shock = if day == 4 { outage } else { 0.0 };
                let tone =
                    own + 0.4 * customers + 0.5 * noise + moods[usize::try_from(agent % 6).unwrap()] + shock;
                rows.push(AgentDay { agent, team: agent % 6, day, contacts: 20, tone, customers });
            }
        }
        rows
    }

    #[test]
    fn a_team_in_a_common_mood_is_more_alike_than_a_random_group() {
        let mood = team_mood(&centre(1.0, 0.0), 199, &mut generator(1, &[]));
        let icc = mood.icc.unwrap();
        assert!(icc.p_above < 0.01 && icc.excess() > 0.2, "{icc:?}");
        assert!((mood.customer_slope - 0.4).abs() < 0.1);
        assert_eq!(mood.days.len(), 60);
    }

    #[test]
    fn an_outage_that_hits_everyone_makes_no_team() {
        let icc = team_mood(&centre(0.0, -5.0), 199, &mut generator(1, &[])).icc.unwrap();
        assert!(icc.p_above > 0.05, "{icc:?}");
    }

    #[test]
    fn four_agents_are_not_a_team_tone() {
        let rows: Vec<_> = centre(1.0, 0.0).into_iter().filter(|row| row.agent < 24).collect();
        assert!(team_mood(&rows, 19, &mut generator(1, &[])).days.is_empty());
    }

    #[test]
    fn icc_one_of_identical_members_is_one_and_of_random_members_near_zero() {
        assert_eq!(icc1(&[1.0, 1.0, 3.0, 3.0], &[0, 0, 1, 1], 2), Some(1.0));
        assert_eq!(icc1(&[1.0, 3.0, 1.0, 3.0], &[0, 0, 1, 1], 2), Some(-1.0));
        assert_eq!(icc1(&[1.0, 3.0], &[0, 0], 1), None);
    }
}
