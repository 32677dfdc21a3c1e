//! All contacts, listed and searched.

mod asked;
mod words;

use std::collections::HashMap;

use askama::Template;

use tingxin_desk::{SearchHit, SearchHits, Snippet};
use tingxin_store::{ContactSort, SavedView};
use tingxin_text::domain::{Channel, ContactRef, ContactState, Flag, FlagStatus, Rule, Severity, TeamId};

use super::contact::FlagView;
use super::frame::Frame;
use super::label::{Label, processes};
use super::pages::Notice;
use super::query::encode;
use super::queue::{Choice, Select, choices, meta, title};
use super::text::{Lang, fill};
use crate::lists::{Copied as _, ListTable, Listing, cell, cell_named};
pub use asked::ContactsAsked;
use words::{SearchTexts, SpokenOfSearch as _};

/// What could not be understood of what was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Misread {
    /// The words.
    Words,
    /// A day.
    Day,
}

impl Misread {
    /// The sentence about it.
    #[must_use]
    pub fn notice(self, lang: Lang) -> Notice {
        let w = lang.search();
        let text = match self {
            Self::Words => w.bad_words,
            Self::Day => w.bad_day,
        };
        Notice { good: false, text: text.to_owned() }
    }
}

/// What the page is made of.
#[derive(Debug, Clone, Copy)]
pub struct ContactsInput<'a> {
    /// What was found.
    pub found: &'a SearchHits,
    /// The flags of those contacts that the viewer may see.
    pub flags: &'a HashMap<ContactRef, Vec<Flag>>,
    /// The encoded cursor of the following part.
    pub next: Option<&'a str>,
    /// What the team filter offers; none for a viewer of one team.
    pub teams: &'a [TeamId],
    /// The filters that the viewer keeps.
    pub views: &'a [SavedView],
    /// Whether the viewer may see flags that nobody has confirmed, and so filter by what was said about them.
    pub judges: bool,
}

/// One contact that was found.
#[derive(Debug, Clone)]
struct FoundLine {
    href: String,
    title: String,
    number: String,
    time: String,
    meta: Vec<String>,
    /// Why it has no flags yet.
    state: Option<&'static str>,
    chips: Vec<FlagView>,
    mood: Vec<String>,
    /// Parts of its text, and whether they are what was looked for.
    snippet: Option<Vec<(String, bool)>>,
    speaker: &'static str,
}

/// A filter that the viewer keeps.
#[derive(Debug, Clone)]
struct ViewLine {
    id: String,
    name: String,
    href: String,
    delete: String,
    current: bool,
}

/// The list of all contacts with its filters.
#[derive(Debug, Template)]
#[template(path = "contacts.html")]
pub struct ContactsPage {
    frame: Frame,
    w: &'static SearchTexts,
    notice: Option<Notice>,
    asked: ContactsAsked,
    selects: Vec<Select>,
    lines: Vec<FoundLine>,
    count: Option<String>,
    views: Vec<ViewLine>,
    query: String,
    next: Option<String>,
    first: Option<String>,
}

impl ContactsPage {
    /// Builds the page.
    #[must_use]
    pub fn new(frame: Frame, input: ContactsInput<'_>, asked: ContactsAsked, notice: Option<Notice>) -> Self {
        let lang = frame.lang;
        let w = lang.search();
        let query = asked.to_query(None);
        let here = asked.to_query(asked.cursor.as_deref());
        let count = input.found.total.map(|total| {
            if total.more {
                frame.t.queue_count_more.to_owned()
            } else {
                fill(frame.t.queue_count, total.counted)
            }
        });
        Self {
            w,
            notice,
            selects: selects(&asked, input, lang),
            lines: input.found.hits.items.iter().map(|hit| line(hit, input.flags, &here, lang)).collect(),
            count,
            views: input.views.iter().map(|view| view_line(view, &query, w)).collect(),
            next: input.next.map(|cursor| format!("/contacts{}", asked.to_query(Some(cursor)))),
            first: asked.cursor.as_ref().map(|_| format!("/contacts{query}")),
            query,
            asked,
            frame,
        }
    }

    /// Why nothing was found, and what helps.
    fn nothing(&self) -> &'static str {
        let words = self.asked.q.as_deref().is_some_and(|words| !words.trim().is_empty());
        match (words, self.asked.narrows()) {
            (true, _) => self.w.nothing_words,
            (false, true) => self.w.nothing_filter,
            (false, false) => self.w.nothing_yet,
        }
    }

    #[expect(clippy::ref_option, reason = "a template hands its fields on as they are")]
    fn text(value: &Option<String>) -> &str {
        value.as_deref().unwrap_or_default()
    }
}

fn view_line(view: &SavedView, query: &str, w: &SearchTexts) -> ViewLine {
    ViewLine {
        id: view.id.to_string(),
        name: view.name.clone(),
        href: format!("/contacts{}", view.query),
        delete: fill(w.view_delete, &view.name),
        current: view.query == query,
    }
}

fn line(hit: &SearchHit, flags: &HashMap<ContactRef, Vec<Flag>>, here: &str, lang: Lang) -> FoundLine {
    let SearchHit { found, snippet } = hit;
    let (w, contact) = (lang.search(), &found.contact);
    let back = encode(here.strip_prefix('?').unwrap_or_default());
    let turn = snippet.as_ref().map(|snippet| format!("#turn-{}", snippet.turn + 1)).unwrap_or_default();
    let flags = flags.get(&contact.id).map(Vec::as_slice).unwrap_or_default();
    let likely = found.dissatisfied.map(|share| fill(w.likely, (share + 5) / 10));
    let answered = found.survey.map(|share| fill(w.answered, of_five(share)));
    FoundLine {
        href: format!("/review/{}?results={back}{turn}", contact.id),
        title: title(contact, lang),
        number: contact.contact_id.to_string(),
        time: contact.started_at.unwrap_or(contact.received_at).to_beijing(),
        meta: meta(contact, lang),
        state: (contact.state != ContactState::Analysed).then(|| contact.state.label(lang)),
        chips: flags.iter().map(|flag| FlagView::new(flag, contact.kind, lang)).collect(),
        mood: answered.into_iter().chain(likely).collect(),
        speaker: snippet
            .as_ref()
            .and_then(|snippet| snippet.speaker)
            .map(|speaker| speaker.label(lang))
            .unwrap_or_default(),
        snippet: snippet.as_ref().map(parts),
    }
}

/// Thousandths of a scale as grades of five, with a decimal where it needs one.
fn of_five(share: u16) -> String {
    let tenths = share / 20;
    if tenths.is_multiple_of(10) {
        (tenths / 10).to_string()
    } else {
        format!("{}.{}", tenths / 10, tenths % 10)
    }
}

/// A snippet in parts, and whether they are what was looked for.
fn parts(snippet: &Snippet) -> Vec<(String, bool)> {
    let mut parts = Vec::new();
    let mut at = 0;
    let mut part = |from: usize, to: usize, found: bool| {
        let text: String = snippet.text.chars().skip(from).take(to.saturating_sub(from)).collect();
        if !text.is_empty() {
            parts.push((text, found));
        }
    };
    for mark in &snippet.marks {
        part(at, mark.start, false);
        part(mark.start, mark.end, true);
        at = mark.end;
    }
    part(at, usize::MAX, false);
    parts
}

fn named<'a, T: Label + 'a>(
    all: &'a [T],
    name: impl Fn(T) -> &'static str,
    lang: Lang,
) -> Vec<(&'a str, &'a str)> {
    all.iter().map(|one| (name(*one), one.label(lang))).collect()
}

fn selects(asked: &ContactsAsked, input: ContactsInput<'_>, lang: Lang) -> Vec<Select> {
    let (w, t) = (lang.search(), super::text::Spoken::texts(lang));
    let select = |name, label, chosen: &Option<String>, offered: Vec<(&str, &str)>, main| {
        let chosen = chosen.as_deref().filter(|chosen| offered.iter().any(|(value, _)| value == chosen));
        Select { name, label, choices: choices(offered.iter().copied(), chosen, lang), main }
    };
    let most: Vec<(String, String)> =
        ["1", "2", "3", "4"].map(|n| (n.to_owned(), fill(w.survey_most, n))).to_vec();
    let least: Vec<(String, String)> = [("0.5", "50"), ("0.8", "80"), ("0.95", "95")]
        .map(|(value, n)| (value.to_owned(), fill(w.dissatisfied_least, n)))
        .to_vec();
    let survey = [("any", w.survey_any)]
        .into_iter()
        .chain(most.iter().map(|(a, b)| (a.as_str(), b.as_str())))
        .collect();
    let dissatisfied = least.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    let statuses: &[FlagStatus] = if input.judges { FlagStatus::ALL } else { &[] };
    let mut selects = Vec::new();
    if !input.teams.is_empty() {
        let teams = input.teams.iter().map(|team| (team.as_str(), team.as_str())).collect();
        selects.push(select("team", t.filter_team, &asked.team, teams, true));
    }
    selects.extend([
        select(
            "channel",
            t.filter_channel,
            &asked.channel,
            named(Channel::ALL, Channel::as_str, lang),
            false,
        ),
        select("process", w.process, &asked.process, processes(lang).collect(), false),
        select("rule", t.filter_rule, &asked.rule, named(Rule::ALL, Rule::as_str, lang), false),
        select(
            "severity",
            t.filter_severity,
            &asked.severity,
            named(Severity::ALL, Severity::as_str, lang),
            false,
        ),
        select("status", t.filter_status, &asked.status, named(statuses, FlagStatus::as_str, lang), false),
        select("survey", w.survey, &asked.survey, survey, false),
        select("dissatisfied", w.dissatisfied, &asked.dissatisfied, dissatisfied, false),
        select("state", w.state, &asked.state, named(ContactState::ALL, ContactState::as_str, lang), false),
    ]);
    selects.retain(|select| select.choices.len() > 1);
    let sort = asked.sort.as_deref().and_then(ContactSort::from_name).unwrap_or(ContactSort::Newest);
    let choice = |one: &ContactSort| Choice {
        value: one.as_str().to_owned(),
        text: one.label(lang).to_owned(),
        selected: *one == sort,
    };
    selects.push(Select {
        name: "sort",
        label: w.sort,
        choices: ContactSort::ALL.iter().map(choice).collect(),
        main: true,
    });
    selects
}

impl Listing for ContactsPage {
    fn surrounding(&self) -> &Frame {
        &self.frame
    }

    fn tables(&self) -> Vec<ListTable> {
        let w = self.w;
        // What a search found in the words stays on the page.
        let rows = self.lines.iter().map(|line| {
            let rules: Vec<&str> = line.chips.iter().map(|flag| flag.name).collect();
            [
                cell(&line.time),
                cell(&line.title),
                cell_named(&line.number),
                cell_named(line.meta.join(" · ")),
                cell(line.state.map_or_else(|| rules.join(" · "), str::to_owned)),
                cell(line.mood.join(" · ")),
            ]
        });
        let heads = [w.col_time, w.col_contact, w.number, w.col_who, w.col_flags, w.col_mood];
        vec![ListTable::new(w.title, heads, rows)]
    }

    fn goes_on(&self) -> bool {
        self.next.is_some()
    }
}
