//! Teams day by day, and the incidents for which nobody is blamed.

use askama::Template;
use serde::Deserialize;

use crate::chart::{Days, Drawing, DrawingWords};
use crate::frame::Frame;
use crate::label::{Label, actor, process, process_names};
use crate::lists::{Copied as _, ListTable, Listing, SpokenOfCopies as _, cell, cell_named, cell_of};
use crate::pages::Notice;
use crate::quality::RateTable;
use crate::queue::Choice;
use crate::text::{Lang, Spoken};
use tingxin_staff::TeamDays;
use tingxin_statistics::minimum::{TEAM_AGENTS, TEAM_CONTACTS};
use tingxin_statistics::resample::Surrogates;
use tingxin_store::Incident;
use tingxin_text::domain::{Channel, Permission, TeamId};

use super::form::{date, say, say_as_of, short_date, signed};
use super::reading::CouplingReading;
use super::words::{SpokenOfStaff, StaffWords};
use tingxin_desk::{AsOf, GroupRate};

/// What the page is made of.
#[derive(Debug, Clone, Copy)]
pub struct TeamsInput<'a> {
    /// When the figures were computed, and what they are about.
    pub as_of: AsOf,
    /// Teams that the viewer may see, by name.
    pub teams: &'a [&'a TeamDays],
    /// How much teams differ, beside chance; none below its minimum, and for whoever sees one team.
    pub icc: Option<&'a Surrogates>,
    /// Incidents, latest first.
    pub incidents: &'a [Incident],
    /// The viewer's team; none for all.
    pub team: Option<&'a TeamId>,
    /// Rates, corrected by the random sample.
    pub rates: &'a [GroupRate],
    /// What was typed into the form before it was refused.
    pub typed: Option<&'a IncidentTyped>,
}

/// An incident as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct IncidentTyped {
    /// First moment.
    pub begins_at: String,
    /// First moment after it.
    pub ends_at: String,
    /// Touchpoint.
    pub channel: String,
    /// Business process, by any of its names.
    pub process: String,
    /// Team.
    pub team: String,
    /// What was wrong.
    pub note: String,
}

/// Teams and incidents.
#[derive(Debug, Template)]
#[template(path = "teams.html")]
pub struct TeamsPage {
    /// What surrounds it.
    pub frame: Frame,
    /// What has just happened.
    pub notice: Option<Notice>,
    w: &'static StaffWords,
    as_of: String,
    teams: Vec<TeamView>,
    icc: String,
    all_teams: bool,
    incidents: Vec<IncidentItem>,
    may_declare: bool,
    channels: Vec<Choice>,
    rates: RateTable,
    processes: Vec<&'static str>,
    typed: IncidentTyped,
}

/// One team with its days.
#[derive(Debug)]
struct TeamView {
    name: String,
    contacts: u32,
    load: String,
    abusive: String,
    drawing: Option<Drawing>,
    sentence: String,
    carried: CouplingReading,
    days: Vec<DayRow>,
}

/// A team on a day.
#[derive(Debug)]
struct DayRow {
    date: String,
    tone: String,
    members: usize,
    contacts: usize,
}

/// An incident as the page lists it.
#[derive(Debug)]
struct IncidentItem {
    id: String,
    from: String,
    until: String,
    scope: String,
    note: String,
    by: String,
    revoked: bool,
    revocable: bool,
    take_back: String,
}

impl TeamsPage {
    /// Puts the page together.
    #[must_use]
    pub fn new(frame: Frame, input: &TeamsInput<'_>, notice: Option<Notice>) -> Self {
        let lang = frame.lang;
        let w = lang.staff();
        let may_declare = frame.allows(Permission::IncidentsWrite);
        let teams = input.teams.iter().enumerate();
        Self {
            notice,
            w,
            as_of: say_as_of(input.as_of, lang),
            teams: teams.map(|(at, team)| TeamView::of(at, team, lang)).collect(),
            icc: icc(input.icc, w),
            all_teams: input.team.is_none(),
            incidents: input.incidents.iter().map(|one| IncidentItem::of(one, input.team, lang)).collect(),
            may_declare,
            channels: channels(input.typed.map_or("", |typed| &typed.channel), lang),
            rates: RateTable::new(input.rates, lang),
            processes: process_names(lang),
            typed: input.typed.cloned().unwrap_or_default(),
            frame,
        }
    }
}

impl TeamView {
    fn of(at: usize, team: &TeamDays, lang: Lang) -> Self {
        let w = lang.staff();
        let title = say(w.team_chart, &[&team.team]);
        let id = format!("team-{at}");
        let words = DrawingWords { id: &id, title: &title, desc: w.team_desc, x: w.load_x, y: w.col_tone };
        let days = team.days.iter().map(|day| (short_date(day.day), day.tone)).collect();
        let sentence = match team.days.as_slice() {
            [] => say(w.teams_few, &[&TEAM_AGENTS, &TEAM_CONTACTS, &team.contacts]),
            [only] => say(w.teams_one, &[&date(only.day), &signed(only.tone, 2)]),
            _ => String::new(),
        };
        Self {
            name: team.team.to_string(),
            contacts: team.contacts,
            load: format!("{:.2}", team.load),
            abusive: format!("{:.1}", team.abusive_turns),
            drawing: Days { days }.level(words),
            sentence,
            carried: CouplingReading::carried_over(team.carry_over, lang),
            days: team
                .days
                .iter()
                .rev()
                .map(|day| DayRow {
                    date: date(day.day),
                    tone: signed(day.tone, 2),
                    members: day.members,
                    contacts: day.contacts,
                })
                .collect(),
        }
    }
}

impl IncidentItem {
    fn of(one: &Incident, viewer: Option<&TeamId>, lang: Lang) -> Self {
        let w = lang.staff();
        let parts: Vec<String> = [
            one.channel.map(|channel| channel.label(lang).to_owned()),
            one.business_process.as_ref().map(|known| process(known, lang)),
            one.team.as_ref().map(ToString::to_string),
        ]
        .into_iter()
        .flatten()
        .collect();
        let from = one.begins_at.to_beijing();
        Self {
            id: one.id.to_string(),
            take_back: say(w.incident_revoke, &[&from]),
            from,
            until: one.ends_at.to_beijing(),
            scope: if parts.is_empty() { w.incident_all.to_owned() } else { parts.join(" · ") },
            note: one.note.clone(),
            by: actor(&one.declared_by, lang),
            revoked: one.revoked_at.is_some(),
            revocable: one.revoked_at.is_none() && (viewer.is_none() || one.team.as_ref() == viewer),
        }
    }
}

fn icc(found: Option<&Surrogates>, w: &StaffWords) -> String {
    found.map_or_else(
        || w.icc_none.to_owned(),
        |one| {
            let (mean, sd) = (format!("{:.2}", one.mean), format!("{:.2}", one.sd));
            say(w.icc_text, &[&format!("{:.2}", one.observed), &one.drawn, &mean, &sd])
        },
    )
}

fn channels(chosen: &str, lang: Lang) -> Vec<Choice> {
    let all = Choice { value: String::new(), text: lang.texts().all.to_owned(), selected: chosen.is_empty() };
    let each = Channel::ALL.iter().map(|channel| Choice {
        value: channel.as_str().to_owned(),
        text: channel.label(lang).to_owned(),
        selected: channel.as_str() == chosen,
    });
    std::iter::once(all).chain(each).collect()
}

impl Listing for TeamsPage {
    fn surrounding(&self) -> &Frame {
        &self.frame
    }

    fn tables(&self) -> Vec<ListTable> {
        let (w, of) = (self.w, self.frame.lang.copies());
        let teams = self
            .teams
            .iter()
            .map(|one| [cell_named(&one.name), cell(one.contacts), cell(&one.load), cell(&one.abusive)]);
        let days = self.teams.iter().flat_map(|team| team.days.iter().map(move |day| (team, day)));
        let days = days.map(|(team, day)| {
            [cell_named(&team.name), cell(&day.date), cell(&day.tone), cell(day.members), cell(day.contacts)]
        });
        let incidents = self.incidents.iter().map(|one| {
            [
                cell(&one.from),
                cell(&one.until),
                cell_named(&one.scope),
                cell(&one.note),
                cell_named(&one.by),
                cell_of(one.revoked.then_some(w.incident_revoked)),
            ]
        });
        let of_days = [w.col_team, w.col_date, w.col_tone, w.col_members, w.col_contacts];
        let of_incidents =
            [w.incident_from, w.incident_until, w.incident_scope, w.col_note, w.incident_by, of.state];
        vec![
            ListTable::new(w.teams_title, [w.col_team, w.col_contacts, w.col_load, w.col_abusive], teams),
            ListTable::new(format_args!("{} · {}", w.teams_title, w.col_date), of_days, days),
            self.rates.list(),
            ListTable::new(w.incidents_title, of_incidents, incidents),
        ]
    }
}
