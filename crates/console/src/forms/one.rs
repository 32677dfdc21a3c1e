//! One version of a form, with what its sheets say together.

use askama::Template;

use super::list::{FormTyped, rules, state};
use super::words::{FormWords, SpokenOfForms as _};
use crate::frame::Frame;
use crate::label::Label as _;
use crate::lists::{Copied as _, ListTable, Listing, SpokenOfCopies as _, cell, cell_named};
use crate::pages::Notice;
use crate::text::{Lang, fill};
use tingxin_desk::forms::{FormResults, SheetMean, write_form};
use tingxin_text::domain::TeamId;

/// One version of a form.
#[derive(Debug, Template)]
#[template(path = "form.html")]
pub struct FormPage {
    /// What surrounds it.
    pub frame: Frame,
    /// What has just happened.
    pub notice: Option<Notice>,
    w: &'static FormWords,
    id: String,
    version: u32,
    title: String,
    version_text: String,
    state: &'static str,
    /// Whether it can be published.
    draft: bool,
    /// Whether it can be retired.
    in_use: bool,
    manages: bool,
    publish: String,
    retire: String,
    groups: Vec<(String, Vec<ItemLine>)>,
    sheets: Option<String>,
    mean: String,
    knocked: usize,
    teams: Vec<TeamRow>,
    typed: FormTyped,
    rules: Vec<(&'static str, &'static str)>,
}

/// An item with what was lost on it.
#[derive(Debug)]
struct ItemLine {
    key: String,
    title: String,
    full: String,
    knock_out: bool,
    machine: Option<&'static str>,
    applied: usize,
    lost: String,
    agreed: String,
}

/// A team with its mean.
#[derive(Debug)]
struct TeamRow {
    team: String,
    sheets: usize,
    mean: String,
}

/// A mean in words; how few there are where it cannot be told.
fn told(measured: &SheetMean, scale: f64, unit: &str, lang: Lang) -> String {
    match measured {
        Ok((value, interval)) => {
            let [value, low, high] = [*value, interval.low, interval.high].map(|one| one * scale);
            format!("{value:.1}{unit} [{low:.1}, {high:.1}]")
        }
        Err(few) => fill(lang.forms().few, format!("{}/{}", few.have, few.needed)),
    }
}

impl FormPage {
    /// Puts the page together.
    #[must_use]
    pub fn new(frame: Frame, found: &FormResults, manages: bool, notice: Option<Notice>) -> Self {
        let lang = frame.lang;
        let (w, form) = (lang.forms(), &found.form);
        let row = |key: &str| found.items.iter().find(|item| item.key == key);
        let groups = form.groups.iter().map(|group| {
            let items = group.items.iter().map(|item| ItemLine {
                key: item.key.clone(),
                title: item.title.clone(),
                full: item.full.to_string(),
                knock_out: item.knock_out,
                machine: item.rule.map(|rule| rule.label(lang)),
                applied: row(&item.key).map_or(0, |found| found.applied),
                lost: row(&item.key).map(|found| told(&found.lost, 100.0, "%", lang)).unwrap_or_default(),
                agreed: row(&item.key)
                    .and_then(|found| found.agreed)
                    .map(|share| format!("{:.0}%", share * 100.0))
                    .unwrap_or_default(),
            });
            (group.title.clone(), items.collect())
        });
        let own =
            FormTyped { of: form.id.to_string(), title: form.title.clone(), plan: write_form(&form.groups) };
        Self {
            notice,
            w,
            id: form.id.to_string(),
            version: form.version,
            title: form.title.clone(),
            version_text: fill(w.version_n, form.version),
            state: state(form, lang),
            draft: form.published_at.is_none() && form.retired_at.is_none(),
            in_use: form.published_at.is_some() && form.retired_at.is_none(),
            manages,
            publish: fill(w.publish, &form.title),
            retire: fill(w.retire, &form.title),
            groups: groups.collect(),
            sheets: (found.sheets > 0).then(|| fill(w.sheets_n, found.sheets)),
            mean: told(&found.score, 1.0, "", lang),
            knocked: found.knocked_out,
            teams: found
                .teams
                .iter()
                .map(|team| TeamRow {
                    team: TeamId::to_string(&team.team),
                    sheets: team.sheets,
                    mean: told(&team.score, 1.0, "", lang),
                })
                .collect(),
            typed: own,
            rules: rules(lang),
            frame,
        }
    }
}

impl Listing for FormPage {
    fn surrounding(&self) -> &Frame {
        &self.frame
    }

    fn tables(&self) -> Vec<ListTable> {
        let (w, of) = (self.w, self.frame.lang.copies());
        let teams = self.teams.iter().map(|one| [cell_named(&one.team), cell(one.sheets), cell(&one.mean)]);
        let items = self.groups.iter().flat_map(|(title, items)| items.iter().map(move |one| (title, one)));
        let items = items.map(|(title, one)| {
            [
                cell_named(title),
                cell_named(format_args!("{} {}", one.key, one.title)),
                cell(&one.full),
                cell(one.machine.unwrap_or(w.hand)),
                cell(one.applied),
                cell(&one.lost),
                cell(&one.agreed),
            ]
        });
        let heads = [of.group, w.item, w.full, w.machine, w.applied, w.lost, w.agreed];
        vec![
            ListTable::new(w.plan, heads, items),
            ListTable::new(w.results, [w.team, w.applied, w.mean], teams),
        ]
    }
}
