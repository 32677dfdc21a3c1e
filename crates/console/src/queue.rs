//! The review queue as a page shows it.

use tingxin_store::{
    AskedReview, Assignment, BoundedCount, ContactSummary, FlaggedContact, Pace, ReviewClaim,
};
use tingxin_text::domain::{Channel, ContactRef, FlagStatus, Rule, Severity, TeamId};

use super::assignments::{SpokenOfWork as _, WorkWords, looking};
use super::chart::{Svg, spark};
use super::contact::FlagView;
use super::label::{Label, process};
use super::lists::{ListTable, SpokenOfCopies as _, cell, cell_named};
use super::query::ReviewQuery;
use super::text::{Lang, Spoken, fill};

/// One entry of a selection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What the form sends.
    pub value: String,
    /// What it says.
    pub text: String,
    /// Whether it is chosen.
    pub selected: bool,
}

/// One selection of the filter form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Select {
    pub(super) name: &'static str,
    pub(super) label: &'static str,
    pub(super) choices: Vec<Choice>,
    /// Shown at once; the others wait behind «more filters».
    pub(super) main: bool,
}

/// One contact in the list.
#[derive(Debug, Clone)]
pub(super) struct Card {
    pub(super) id: String,
    pub(super) href: String,
    pub(super) title: String,
    pub(super) meta: Vec<String>,
    pub(super) time: String,
    pub(super) chips: Vec<FlagView>,
    pub(super) severity: &'static str,
    pub(super) tone: &'static str,
    pub(super) certainty: String,
    pub(super) reason: String,
    /// The `lang` of that sentence.
    pub(super) reason_tag: &'static str,
    pub(super) spark: Option<Svg>,
    pub(super) current: bool,
    /// Whether a trainer asked for it.
    pub(super) asked: bool,
    /// Who else looks at it.
    pub(super) looking: Option<String>,
    /// Whose work it is.
    pub(super) given: Option<String>,
}

/// What the list is made of.
#[derive(Debug, Clone, Copy, Default)]
pub struct QueueInput<'a> {
    /// One part of the list.
    pub items: &'a [FlaggedContact],
    /// How many contacts the whole list holds.
    pub total: BoundedCount,
    /// The encoded cursor of the following part.
    pub next: Option<&'a str>,
    /// The contact that is shown beside the list.
    pub open: Option<ContactRef>,
    /// What the team filter offers; none for a viewer of one team.
    pub teams: &'a [TeamId],
    /// How the viewer got on today; `None` for somebody who does not judge.
    pub pace: Option<Pace>,
    /// What trainers asked for and nobody has judged yet.
    pub asked: &'a [AskedReview],
    /// Whose work the contacts are, and who looks at what.
    pub work: SharedWork<'a>,
}

/// How the work is shared, as far as the viewer should know.
#[derive(Debug, Clone, Copy, Default)]
pub struct SharedWork<'a> {
    /// Contacts that others look at.
    pub claims: &'a [ReviewClaim],
    /// Whose work the listed contacts are.
    pub given: &'a [Assignment],
    /// The viewer's account.
    pub own: Option<&'a str>,
    /// How much the viewer has left; `None` for somebody who does not judge.
    pub left: Option<usize>,
}

/// One of the two lists that a reviewer works off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct WorkTab {
    pub(super) href: String,
    pub(super) text: String,
    pub(super) current: bool,
}

/// The list with its filters.
#[derive(Debug, Clone)]
pub struct QueueView {
    pub(super) cards: Vec<Card>,
    pub(super) selects: Vec<Select>,
    pub(super) title: &'static str,
    pub(super) count: String,
    /// How the viewer got on today; nobody else sees it.
    pub(super) pace: Option<String>,
    total: BoundedCount,
    /// The part after this one.
    pub(super) next: Option<String>,
    /// The first part, when this is a later one.
    pub(super) first: Option<String>,
    /// The list without an open contact.
    pub(super) here: String,
    pub(super) narrows: bool,
    /// The search from which the open contact came.
    results: Option<String>,
    /// Where the next contact of the acceptance sample is.
    group: Option<String>,
    /// Everything, and the viewer's own work; none for somebody who does not judge.
    pub(super) tabs: Vec<WorkTab>,
    /// Whether the viewer's own work is shown.
    pub(super) mine: bool,
    pub(super) w: &'static WorkWords,
}

impl QueueView {
    /// Builds the list.
    #[must_use]
    pub fn new(found: QueueInput<'_>, query: &ReviewQuery, lang: Lang) -> Self {
        let QueueInput { items, total, next, open, teams, pace, asked, work } = found;
        let here = query.to_query(query.cursor.as_deref());
        let cards: Vec<Card> =
            items.iter().map(|item| card(item, query, &CardMarks { open, asked, work }, lang)).collect();
        Self {
            title: match query.status() {
                Some(FlagStatus::Candidate) => lang.texts().queue_title,
                Some(status) => status.label(lang),
                None => lang.texts().queue_all,
            },
            count: if total.more {
                lang.texts().queue_count_more.to_owned()
            } else {
                fill(lang.texts().queue_count, total.counted)
            },
            pace: pace.and_then(|pace| told(pace, lang)),
            total,
            cards,
            selects: selects(query, teams, lang),
            next: next.map(|cursor| format!("/review{}", query.to_query(Some(cursor)))),
            first: query.cursor.as_ref().map(|_| format!("/review{}", query.to_query(None))),
            here: format!("/review{here}"),
            narrows: query.narrows(),
            results: query.results.as_ref().map(|results| format!("/contacts?{results}")),
            group: query.group.as_deref().filter(|key| key.bytes().all(is_of_key)).map(group),
            tabs: tabs(query, work.left, lang),
            mine: query.is_mine(),
            w: lang.work(),
        }
    }

    /// The addresses of the contacts before and after the open one. After the last comes the next
    /// part of the queue. The way leads past what somebody else looks at.
    #[must_use]
    pub fn neighbours(&self) -> super::contact::Neighbours {
        let at = self.cards.iter().position(|card| card.current);
        let href = |index: usize| self.cards.get(index).map(|card| card.href.clone());
        let free = |at: usize| {
            self.cards.iter().skip(at + 1).find(|card| card.looking.is_none()).map(|card| card.href.clone())
        };
        super::contact::Neighbours {
            list: self.here.clone(),
            query: self.here.strip_prefix("/review").unwrap_or_default().to_owned(),
            previous: at.and_then(|at| at.checked_sub(1)).and_then(href),
            results: self.results.clone(),
            // Whoever judges a sample goes on with the sample.
            next: self.group.clone().or_else(|| at.and_then(|at| free(at).or_else(|| self.next.clone()))),
            // A later part of the list does not know how many went before it.
            position: at.filter(|_| self.first.is_none()).map(|at| {
                format!("{} / {}{}", at + 1, self.total.counted, if self.total.more { "+" } else { "" })
            }),
        }
    }
}

/// `今天 32 条，中位用时 14 秒`; nothing before the first verdict of the day.
fn told(pace: Pace, lang: Lang) -> Option<String> {
    let texts = lang.texts();
    let counted = (pace.verdicts > 0).then(|| fill(texts.pace_count, pace.verdicts))?;
    let median = pace.median_ms.map(|ms| fill(texts.pace_time, (ms + 500) / 1000));
    Some(median.map_or_else(|| counted.clone(), |median| format!("{counted}{}{median}", texts.comma_wide)))
}

/// What sets one card apart from the others.
struct CardMarks<'a> {
    /// The contact that is open beside the list.
    open: Option<ContactRef>,
    /// Contacts that a trainer waits for.
    asked: &'a [AskedReview],
    work: SharedWork<'a>,
}

fn card(item: &FlaggedContact, query: &ReviewQuery, marks: &CardMarks<'_>, lang: Lang) -> Card {
    let CardMarks { open, asked, work } = *marks;
    let contact = &item.contact;
    let focus = query.focus().map(Rule::as_str);
    let query = query.to_query(query.cursor.as_deref());
    let chips: Vec<FlagView> =
        item.flags.iter().map(|flag| FlagView::new(flag, contact.kind, lang)).collect();
    // Where one rule is the work, the card speaks of that rule.
    let top = chips.iter().find(|flag| focus == Some(flag.rule)).or_else(|| chips.first());
    // The certainty beside the top flag's name and reason must be that flag's own; a later flag may be surer.
    Card {
        id: contact.id.to_string(),
        href: format!("/review/{}{query}", contact.id),
        title: title(contact, lang),
        meta: meta(contact, lang),
        time: contact.started_at.unwrap_or(contact.received_at).to_beijing(),
        severity: top.map_or("", |flag| flag.severity),
        tone: top.map_or("low", |flag| flag.tone),
        certainty: top.map(|flag| flag.certainty.clone()).unwrap_or_default(),
        reason: top.map(|flag| flag.reason.clone()).unwrap_or_default(),
        reason_tag: top.map_or(lang.tag(), |flag| flag.reason_tag),
        spark: spark(&item.customer_valence, &fill(lang.texts().spark, item.customer_valence.len())),
        current: open == Some(contact.id),
        asked: asked.iter().any(|one| one.contact == contact.id),
        looking: looking(work.claims, contact.id).map(|who| fill(lang.work().looking, who)),
        given: work.given.iter().find(|one| one.contact == contact.id).map(|one| {
            let own = work.own == Some(one.account.as_str());
            if own { lang.work().given_you.to_owned() } else { fill(lang.work().given, &one.account) }
        }),
        chips,
    }
}

fn group(key: &str) -> String {
    format!("/review-groups/{key}/next")
}

const fn is_of_key(byte: u8) -> bool {
    byte.is_ascii_hexdigit() || byte == b'-'
}

fn tabs(query: &ReviewQuery, left: Option<usize>, lang: Lang) -> Vec<WorkTab> {
    let Some(left) = left else { return Vec::new() };
    let tab = |mine: bool, text: String| {
        let query = ReviewQuery { mine: mine.then(|| "1".to_owned()), results: None, ..query.clone() };
        WorkTab { href: format!("/review{}", query.to_query(None)), text, current: false }
    };
    let (all, mine) = (lang.work().everything.to_owned(), fill(lang.work().mine, left));
    let current = query.is_mine();
    vec![WorkTab { current: !current, ..tab(false, all) }, WorkTab { current, ..tab(true, mine) }]
}

pub(super) fn title(contact: &ContactSummary, lang: Lang) -> String {
    let process = contact.business_process.as_ref().map(|known| process(known, lang));
    process.unwrap_or_else(|| contact.contact_id.to_string())
}

pub(super) fn meta(contact: &ContactSummary, lang: Lang) -> Vec<String> {
    let staff = contact.staff.as_ref();
    [
        Some(contact.channel.label(lang).to_owned()),
        staff.map(|staff| staff.id.to_string()),
        staff.and_then(|staff| staff.team.as_ref()).map(ToString::to_string),
    ]
    .into_iter()
    .flatten()
    .collect()
}

impl QueueView {
    /// The queue as data. Sentences of the cards are about contacts and hold none of their words.
    pub(super) fn list(&self, lang: Lang) -> ListTable {
        let of = lang.copies();
        let rows = self.cards.iter().map(|card| {
            let rules: Vec<&str> = card.chips.iter().map(|flag| flag.name).collect();
            [
                cell_named(&card.title),
                cell(&card.time),
                cell_named(card.meta.join(" · ")),
                cell(rules.join(" · ")),
                cell(card.severity),
                cell(&card.certainty),
                cell(&card.reason),
            ]
        });
        let heads = [of.matter, of.time, of.whom, of.rule, of.severity, of.certainty, of.note];
        ListTable::new(self.title, heads, rows)
    }
}

fn selects(query: &ReviewQuery, teams: &[TeamId], lang: Lang) -> Vec<Select> {
    let texts = lang.texts();
    let filter = query.filter(None);
    let mut selects = vec![
        Select {
            name: "rule",
            label: texts.filter_rule,
            choices: choices(
                Rule::ALL.iter().map(|r| (r.as_str(), r.label(lang))),
                filter.rule.map(Rule::as_str),
                lang,
            ),
            main: true,
        },
        Select {
            name: "channel",
            label: texts.filter_channel,
            choices: choices(
                Channel::ALL.iter().map(|c| (c.as_str(), c.label(lang))),
                filter.channel.map(Channel::as_str),
                lang,
            ),
            main: true,
        },
        Select {
            name: "severity",
            label: texts.filter_severity,
            choices: choices(
                Severity::ALL.iter().map(|s| (s.as_str(), s.label(lang))),
                filter.severity.map(Severity::as_str),
                lang,
            ),
            main: false,
        },
        Select {
            name: "status",
            label: texts.filter_status,
            choices: choices(
                FlagStatus::ALL.iter().map(|s| (s.as_str(), s.label(lang))),
                filter.status.map(FlagStatus::as_str),
                lang,
            ),
            main: false,
        },
    ];
    if !teams.is_empty() {
        let chosen = filter.team.as_ref().map(TeamId::as_str);
        let offered = teams.iter().map(|team| (team.as_str(), team.as_str()));
        selects.push(Select {
            name: "team",
            label: texts.filter_team,
            choices: choices(offered, chosen, lang),
            main: false,
        });
    }
    selects
}

pub(super) fn choices<'a>(
    offered: impl Iterator<Item = (&'a str, &'a str)>,
    chosen: Option<&str>,
    lang: Lang,
) -> Vec<Choice> {
    let all = Choice { value: String::new(), text: lang.texts().all.to_owned(), selected: chosen.is_none() };
    let offered = offered.map(|(value, text)| Choice {
        value: value.to_owned(),
        text: text.to_owned(),
        selected: chosen == Some(value),
    });
    std::iter::once(all).chain(offered).collect()
}
