//! The page itself.

use askama::Template;

use super::map::{MapCell, MoodMap, narrow};
use super::words::{SpokenOfToday as _, TodayWords};
use crate::chart::signed;
use crate::frame::Frame;
use crate::label::Label;
use crate::lists::{Copied as _, ListTable, Listing, SpokenOfCopies as _, cell, cell_named, cell_of};
use crate::quality::with_interval;
use crate::text::{Lang, fill};
use tingxin_desk::{GroupSpan, RateGroup, SMALLEST_CELL, Today, TodayGroup};
use tingxin_statistics::minimum::TooFew;
use tingxin_statistics::sampled::Share;
use tingxin_store::Incident;
use tingxin_text::domain::{Permission, UtcMillis};

/// Today and the last seven days.
#[derive(Debug, Template)]
#[template(path = "today.html")]
pub struct TodayPage {
    /// What surrounds it.
    pub frame: Frame,
    w: &'static TodayWords,
    as_of: String,
    tiles: Vec<Tile>,
    map_lead: String,
    map: MoodMap,
    groups_lead: String,
    groups: Vec<TodayLine>,
    incidents: Vec<IncidentLine>,
}

/// A figure that has to be seen from afar.
#[derive(Debug)]
struct Tile {
    name: &'static str,
    value: usize,
    more: String,
    alarming: bool,
    link: Option<(&'static str, &'static str)>,
}

/// A channel or a team in one span.
#[derive(Debug)]
struct TodayLine {
    group: String,
    spans: [SpanLine; 2],
    corrected: String,
}

#[derive(Debug)]
struct SpanLine {
    span: &'static str,
    contacts: usize,
    mood: String,
    ended: String,
    escalated: String,
}

#[derive(Debug)]
struct IncidentLine {
    when: String,
    scope: String,
    note: String,
    running: bool,
}

impl TodayPage {
    /// Puts the page together.
    #[must_use]
    pub fn new(frame: Frame, today: &Today) -> Self {
        let (lang, w) = (frame.lang, frame.lang.today());
        Self {
            w,
            as_of: fill(w.as_of, today.at.to_beijing()),
            tiles: tiles(&frame, today),
            map_lead: fill(w.map_lead, SMALLEST_CELL),
            map: MoodMap::of(today, lang),
            groups_lead: fill(w.groups_lead, SMALLEST_CELL),
            groups: today.groups.iter().map(|group| TodayLine::of(group, lang)).collect(),
            incidents: today.incidents.iter().map(|one| IncidentLine::of(one, today.at, lang)).collect(),
            frame,
        }
    }
}

fn tiles(frame: &Frame, today: &Today) -> Vec<Tile> {
    let w = frame.lang.today();
    let link = |permission: Permission, href: &'static str, text: &'static str| {
        frame.allows(permission).then_some((href, text))
    };
    let (open, due, overdue) = today.cases.iter().fold((0, 0, 0), |(open, due, overdue), (_, owed)| {
        (open + owed.open, due + owed.due, overdue + owed.overdue)
    });
    let whole = |count: u64| usize::try_from(count).unwrap_or(usize::MAX);
    let two =
        |text: &str, first: usize, second: usize| fill(&text.replace("{n2}", &second.to_string()), first);
    vec![
        Tile {
            name: w.contacts,
            value: today.contacts.today,
            more: fill(w.contacts_week, today.contacts.week),
            alarming: false,
            link: None,
        },
        Tile {
            name: w.escalated,
            value: today.escalated_now,
            more: fill(w.escalated_more, today.escalated.today),
            alarming: false,
            link: link(Permission::FlagsRead, "/review", w.to_review),
        },
        Tile {
            name: w.silent,
            value: today.silent.today,
            more: two(w.silent_more, today.silent.week, today.outside.week),
            alarming: false,
            link: None,
        },
        Tile {
            name: w.cases,
            value: whole(open),
            more: two(w.cases_more, whole(overdue), whole(due - overdue)),
            alarming: overdue > 0,
            link: link(Permission::CasesRead, "/cases", w.to_cases),
        },
        Tile {
            name: w.appeals,
            value: today.appeals.0,
            more: fill(w.appeals_more, today.appeals.1),
            alarming: today.appeals.1 > 0,
            link: link(Permission::AppealsRead, "/appeals", w.to_appeals),
        },
    ]
}

impl TodayLine {
    fn of(one: &TodayGroup, lang: Lang) -> Self {
        let w = lang.today();
        Self {
            group: match &one.group {
                RateGroup::Channel(channel) => channel.label(lang).to_owned(),
                RateGroup::Team(team) => team.to_string(),
                RateGroup::Staff(_) => String::new(),
            },
            spans: [SpanLine::of(w.today, &one.today, lang), SpanLine::of(w.seven, &one.week, lang)],
            corrected: match &one.corrected {
                Some(rate) => with_interval(rate.corrected, rate.interval, lang),
                None => w.no_sample.to_owned(),
            },
        }
    }
}

impl SpanLine {
    fn of(span: &'static str, one: &GroupSpan, lang: Lang) -> Self {
        let w = lang.today();
        let mood =
            one.mood.map(|mood| format!("{} ±{:.2}", signed(narrow(mood.mean)), mood.interval.width() / 2.0));
        Self {
            span,
            contacts: one.contacts,
            mood: mood.unwrap_or_else(|| w.thin.to_owned()),
            ended: share(one.ended_badly, lang),
            escalated: share(one.escalated, lang),
        }
    }
}

fn share(found: Result<Share, TooFew>, lang: Lang) -> String {
    match found {
        Ok(share) => with_interval(share.value, share.interval, lang),
        Err(few) => fill(lang.today().few, few.have),
    }
}

impl IncidentLine {
    fn of(one: &Incident, now: UtcMillis, lang: Lang) -> Self {
        let channel = one.channel.map(|channel| channel.label(lang).to_owned());
        let process = one.business_process.as_ref().map(|known| crate::label::process(known, lang));
        let team = one.team.as_ref().map(ToString::to_string);
        Self {
            when: format!("{} – {}", one.begins_at.to_beijing(), one.ends_at.to_beijing()),
            scope: [channel, process, team].into_iter().flatten().collect::<Vec<_>>().join(" · "),
            note: one.note.clone(),
            running: one.begins_at <= now && now < one.ends_at,
        }
    }
}

impl Listing for TodayPage {
    fn surrounding(&self) -> &Frame {
        &self.frame
    }

    fn tables(&self) -> Vec<ListTable> {
        let (w, of) = (self.w, self.frame.lang.copies());
        let tiles = self.tiles.iter().map(|tile| [cell(tile.name), cell(tile.value), cell(&tile.more)]);
        let shown = |cell: &MapCell| {
            if cell.beside.is_empty() {
                cell.value.clone()
            } else {
                format!("{} ({})", cell.value, cell.beside)
            }
        };
        let map = ListTable {
            title: w.map.to_owned(),
            headings: std::iter::once(w.hour.to_owned())
                .chain(self.map.days.iter().map(|(name, date)| format!("{name} {date}")))
                .chain([w.week.to_owned()])
                .collect(),
            rows: self
                .map
                .rows
                .iter()
                .map(|row| {
                    let days = row.days.iter().chain([&row.week]).map(|one| cell(shown(one)));
                    std::iter::once(cell_named(&row.hour)).chain(days).collect()
                })
                .collect(),
        };
        let each = self.groups.iter().flat_map(|line| line.spans.iter().map(move |span| (line, span)));
        let groups = each.map(|(line, span)| {
            [
                cell_named(&line.group),
                cell(span.span),
                cell(span.contacts),
                cell(&span.mood),
                cell(&span.ended),
                cell(&span.escalated),
                cell(&line.corrected),
            ]
        });
        let incidents = self.incidents.iter().map(|one| {
            [
                cell(&one.when),
                cell_named(&one.scope),
                cell(&one.note),
                cell_of(one.running.then_some(w.incidents_running)),
            ]
        });
        let of_groups = [w.group, w.span, w.count, w.mood, w.ended, w.escalations, w.corrected];
        vec![
            ListTable::new(w.now, [w.now, of.value, of.note], tiles),
            map,
            ListTable::new(w.groups, of_groups, groups),
            ListTable::new(w.incidents, [w.incidents, w.group, of.note, of.state], incidents),
        ]
    }
}
