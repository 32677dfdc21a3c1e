//! The table of corrected rates.

use tingxin_desk::{GroupRate, RateGroup};

use crate::label::Label;
use crate::lists::{ListTable, cell, cell_named};
use crate::text::{Lang, fill};

use super::percent::{percent, with_interval};
use super::words::{QualityWords, SpokenOfQuality as _};

/// Rates of channels, teams and staff, corrected by the random sample.
#[derive(Debug)]
pub struct RateTable {
    pub(crate) words: RateWords,
    pub(crate) lines: Vec<RateLine>,
}

/// What the table says.
#[derive(Debug)]
pub(crate) struct RateWords(&'static QualityWords);

/// One rate.
#[derive(Debug)]
pub(crate) struct RateLine {
    pub(crate) group: String,
    pub(crate) rule: &'static str,
    pub(crate) contacts: usize,
    pub(crate) raw: String,
    pub(crate) corrected: String,
    pub(crate) judged: usize,
}

impl RateTable {
    /// Puts the table together. Rates that are not corrected yet are left out where nothing was flagged.
    #[must_use]
    pub fn new(rates: &[GroupRate], lang: Lang) -> Self {
        let shown = rates.iter().filter(|rate| rate.corrected.is_ok() || rate.raw > 0.0);
        Self {
            words: RateWords(lang.quality()),
            lines: shown.map(|rate| RateLine::new(rate, lang)).collect(),
        }
    }
}

/// What was found of one rule, team beside team.
#[derive(Debug)]
pub(crate) struct RatesOfRule<'a> {
    pub(crate) rule: &'static str,
    pub(crate) lines: Vec<&'a RateLine>,
}

impl RateTable {
    /// The rules in the order in which they are met, each with all its groups: whoever compares teams does it by rule.
    pub(crate) fn by_rule(&self) -> Vec<RatesOfRule<'_>> {
        let mut rules: Vec<RatesOfRule<'_>> = Vec::new();
        for line in &self.lines {
            match rules.iter_mut().find(|known| known.rule == line.rule) {
                Some(known) => known.lines.push(line),
                None => rules.push(RatesOfRule { rule: line.rule, lines: vec![line] }),
            }
        }
        rules
    }

    /// The table as data.
    pub(crate) fn list(&self) -> ListTable {
        let w = self.words.0;
        let rows = self.lines.iter().map(|one| {
            [
                cell_named(&one.group),
                cell(one.contacts),
                cell(one.rule),
                cell(&one.raw),
                cell(&one.corrected),
                cell(one.judged),
            ]
        });
        let heads = [w.rates_group, w.col_frame, w.col_rule, w.rates_raw, w.rates_corrected, w.col_judged];
        ListTable::new(w.rates_title, heads, rows)
    }
}

impl RateWords {
    pub(crate) fn title(&self) -> &'static str {
        self.0.rates_title
    }

    pub(crate) fn lead(&self) -> &'static str {
        self.0.rates_lead
    }

    pub(crate) fn none(&self) -> &'static str {
        self.0.rates_none
    }

    /// Heads of the columns.
    pub(crate) fn columns(&self) -> [&'static str; 5] {
        let w = self.0;
        [w.rates_group, w.col_frame, w.rates_raw, w.rates_corrected, w.col_judged]
    }
}

impl RateLine {
    fn new(rate: &GroupRate, lang: Lang) -> Self {
        let few = |have: usize, needed: usize| fill(lang.quality().few, format_args!("{have} / {needed}"));
        Self {
            group: match &rate.group {
                RateGroup::Channel(channel) => channel.label(lang).to_owned(),
                RateGroup::Team(team) => team.to_string(),
                RateGroup::Staff(staff) => staff.to_string(),
            },
            rule: rate.rule.label(lang),
            contacts: rate.contacts,
            raw: percent(rate.raw),
            corrected: match rate.corrected {
                Ok(found) => with_interval(found.corrected, found.interval, lang),
                Err(missing) => few(missing.have, missing.needed),
            },
            judged: rate.corrected.map_or_else(|missing| missing.have, |found| found.judged),
        }
    }
}
