//! What is read by team and by topic.
//!
//! These names come from the operator, so their number is bounded: whoever comes after the first [`TEAMS`] teams or
//! [`TOPICS`] topics is counted as [`OTHER`]. And a team is few people: a number is not told before it stands for
//! [`FEWEST`] contacts, for one angry contact of a team of two points at somebody.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, PoisonError};

use prometheus::{IntCounterVec, Registry};

use super::error::MetricsError;
use super::register::{NOT_KNOWN, counters};
use crate::domain::Rule;
use crate::events::{ContactRead, Ending};

/// Teams that are told apart. With every ending and rule of each, and all else, there are fewer than 5,000 series.
const TEAMS: usize = 250;

/// Topics that are told apart: the fifteen that come with the program, and an operator's own.
const TOPICS: usize = 40;

/// All names beyond those.
const OTHER: &str = "other";

/// Contacts that a number stands for at least.
pub(super) const FEWEST: u64 = 5;

/// Readings by team and by topic.
pub(super) struct ByName {
    teams: NamedCounters,
    topics: NamedCounters,
}

impl ByName {
    pub(super) fn new(registry: &Registry) -> Result<Self, MetricsError> {
        let teams = NamedCounters {
            most: TEAMS,
            endings: counters(
                registry,
                "tingxin_team_contact_endings_total",
                "Contacts of a team whose analysis was stored, by how they ended for the customer; a number appears with its fifth contact",
                &["team", "outcome"],
            )?,
            flags: counters(
                registry,
                "tingxin_team_flags_total",
                "Contacts of a team flagged by the rule, whatever people said since; a number appears with its fifth contact",
                &["team", "rule"],
            )?,
            held: Mutex::default(),
        };
        let topics = NamedCounters {
            most: TOPICS,
            endings: counters(
                registry,
                "tingxin_topic_contact_endings_total",
                "Contacts about a topic whose analysis was stored, by how they ended for the customer; a number appears with its fifth contact",
                &["topic", "outcome"],
            )?,
            flags: counters(
                registry,
                "tingxin_topic_flags_total",
                "Contacts about a topic flagged by the rule, whatever people said since; a number appears with its fifth contact",
                &["topic", "rule"],
            )?,
            held: Mutex::default(),
        };
        Ok(Self { teams, topics })
    }

    /// Counts a contact whose analysis was stored.
    pub(super) fn count(&self, read: &ContactRead<'_>) {
        self.teams.count(read.team, read.ending, read.rules);
        self.topics.count(read.topic, read.ending, read.rules);
    }
}

/// Counters of the same names.
struct NamedCounters {
    /// Names that are told apart.
    most: usize,
    endings: IntCounterVec,
    flags: IntCounterVec,
    held: Mutex<HeldBack>,
}

#[derive(Default)]
struct HeldBack {
    names: HashSet<String>,
    /// Numbers that are still too small to be told, by name and value.
    small: HashMap<(String, &'static str), u64>,
}

impl NamedCounters {
    fn count(&self, name: Option<&str>, ending: Ending, rules: &[Rule]) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let name = self.bounded(&mut held, name.unwrap_or(NOT_KNOWN));
        add(&self.endings, &mut held, &name, ending.as_str());
        for rule in rules {
            add(&self.flags, &mut held, &name, rule.as_str());
        }
    }

    fn bounded(&self, held: &mut HeldBack, name: &str) -> String {
        if !held.names.contains(name) {
            if name != NOT_KNOWN && held.names.len() >= self.most {
                return OTHER.to_owned();
            }
            held.names.insert(name.to_owned());
        }
        name.to_owned()
    }
}

/// Adds one contact; the series begins with all that were held back.
fn add(counter: &IntCounterVec, held: &mut HeldBack, name: &str, value: &'static str) {
    let key = (name.to_owned(), value);
    let small = held.small.entry(key).or_default();
    *small += 1;
    if *small == FEWEST {
        counter.with_label_values(&[name, value]).inc_by(FEWEST);
    } else if *small > FEWEST {
        counter.with_label_values(&[name, value]).inc();
    }
}
