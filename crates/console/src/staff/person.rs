//! One person, for trainers and for the person.

use askama::Template;

use crate::agreements::{AgreedRow, AgreementWords, SpokenOfAgreements as _};
use crate::appeals::{AppealWords, OwnLine, SpokenOfAppeals as _};
use crate::care::{CareWords, SpokenOfCare as _};
use crate::chart::{Control, Drawing, DrawingWords};
use crate::contact::FlagView;
use crate::frame::Frame;
use crate::label::Label;
use crate::lists::{Copied as _, CopyWords, ListTable, Listing, SpokenOfCopies as _, cell};
use crate::pages::Notice;
use crate::query::encode;
use crate::text::Lang;
use tingxin_staff::{
    COACHING_WEEKS, CarriedOver, Coupling, Indicator, Lately, Power, Profile, Soothed, StaffLine, Trend,
};
use tingxin_statistics::naming::{MIN_CONTACTS, appears};
use tingxin_store::{Coaching, FlagRow};
use tingxin_text::domain::{FlagStatus, Kind, UtcMillis};

use super::figure::{FigureRow, list_figures};
use super::form::{say, say_as_of};
use super::load::{LoadRow, list_loads, load_drawing, load_words};
use super::power::{PowerRow, list_powers, of_hundred};
use super::reading::{CouplingEffect, CouplingReading, lapses, wording};
use super::words::{SpokenOfStaff, StaffWords};
use tingxin_desk::AsOf;

/// Days of load that are drawn.
const DAYS: usize = 42;

/// What is known about a person.
#[derive(Debug, Clone, Copy)]
pub struct PersonInput<'a> {
    /// When the figures were computed, and what they are about.
    pub as_of: AsOf,
    /// Their line of the staff table.
    pub line: &'a StaffLine,
    /// How the tone moves.
    pub coupling: &'a Coupling,
    /// How contacts that began negative ended.
    pub soothing: Soothed,
    /// The opening tone after the contact before.
    pub carry_over: CarriedOver,
    /// What coaching on each behaviour could show; empty for whoever agrees none.
    pub power: &'a [(Indicator, Option<Power>)],
    /// Everything else.
    pub profile: &'a Profile,
    /// Flags, newest contact first.
    pub flags: &'a [FlagRow],
    /// Agreed coaching of this person.
    pub coaching: &'a [Coaching],
    /// What the person is called, where the operator gives it.
    pub name: Option<&'a str>,
    /// The present moment.
    pub now: UtcMillis,
}

/// Who is shown to whom.
#[derive(Debug, Clone, Copy)]
pub enum PersonOfPage<'a> {
    /// Somebody to a trainer or supervisor.
    Other(PersonInput<'a>),
    /// Somebody who looks at the own results.
    Own(PersonInput<'a>),
    /// The viewer, whose account knows no work number.
    Unlinked,
    /// The viewer, who has no contact in the period.
    Nothing,
}

/// Lines of each kind that one's own results show unfolded: the figures come after them.
pub(crate) const OWN_LINES: usize = 5;

/// The page of one member of staff.
#[derive(Debug, Template)]
#[template(path = "person.html")]
pub struct PersonPage {
    /// What surrounds it.
    pub frame: Frame,
    /// What has just happened.
    pub notice: Option<Notice>,
    w: &'static StaffWords,
    own: bool,
    title: String,
    lead: &'static str,
    shown: Result<Known, Absent>,
    o: &'static AppealWords,
    g: &'static AgreementWords,
    items: Vec<OwnLine>,
    /// What deserves praise.
    praise: Vec<OwnLine>,
    h: &'static CareWords,
    /// The command that links the account.
    command: String,
}

/// Why there is nothing to show.
#[derive(Debug)]
struct Absent {
    title: &'static str,
    text: &'static str,
    linked: bool,
}

/// Everything about the person.
#[derive(Debug)]
struct Known {
    as_of: String,
    team: Option<String>,
    contacts: String,
    incidents: Option<String>,
    few: Option<String>,
    rows: Vec<FigureRow>,
    trends_lead: String,
    trends: Vec<TrendView>,
    readings: Vec<CouplingReading>,
    wording: String,
    rare: Option<String>,
    load: Option<Drawing>,
    load_words: String,
    load_days: String,
    loads: Vec<LoadRow>,
    flags: Vec<FlagLine>,
    agreed: Vec<AgreedRow>,
    agree: String,
    power_lead: String,
    powers: Vec<PowerRow>,
}

/// A control chart with its sentence.
#[derive(Debug)]
struct TrendView {
    name: &'static str,
    drawing: Option<Drawing>,
    sentence: String,
    lately: Option<String>,
    alarmed: bool,
}

/// A flag with its contact.
#[derive(Debug)]
struct FlagLine {
    flag: FlagView,
    contact: String,
    at: String,
}

impl PersonPage {
    /// Puts the page together.
    #[must_use]
    pub fn new(frame: Frame, subject: PersonOfPage<'_>, notice: Option<Notice>) -> Self {
        let lang = frame.lang;
        let w = lang.staff();
        let own = !matches!(subject, PersonOfPage::Other(_));
        let title = match subject {
            PersonOfPage::Other(input) => {
                let name = input.name.map(|name| format!(" {name}")).unwrap_or_default();
                say(w.person_title, &[&format_args!("{}{name}", input.line.staff)])
            }
            _ => w.own_title.to_owned(),
        };
        let shown = match subject {
            PersonOfPage::Other(input) | PersonOfPage::Own(input) => Ok(Known::of(&input, own, lang)),
            PersonOfPage::Unlinked => {
                Err(Absent { title: w.own_unlinked_title, text: w.own_unlinked, linked: false })
            }
            PersonOfPage::Nothing => {
                Err(Absent { title: w.own_nothing_title, text: w.own_nothing, linked: true })
            }
        };
        let account = frame.viewer.as_ref().map_or("NAME", |viewer| viewer.name.as_str());
        Self {
            command: format!("tingxin user link {account} --staff A1001"),
            notice,
            w,
            own,
            title,
            lead: if own { w.own_lead } else { w.person_lead },
            shown,
            o: lang.appeals(),
            g: lang.agreements(),
            items: Vec::new(),
            praise: Vec::new(),
            h: lang.care(),
            frame,
        }
    }

    /// Adds what was confirmed about the viewer.
    #[must_use]
    pub fn with_items(self, items: Vec<OwnLine>) -> Self {
        let (praise, items) = items.into_iter().partition(OwnLine::is_praise);
        Self { items, praise, ..self }
    }
}

impl Known {
    fn of(input: &PersonInput<'_>, own: bool, lang: Lang) -> Self {
        let w = lang.staff();
        let line = input.line;
        let enough = appears(f64::from(line.contacts));
        let (have, needed) = (usize::try_from(line.contacts).unwrap_or(usize::MAX), MIN_CONTACTS);
        let first = input.profile.loads.len().saturating_sub(DAYS);
        let recent = input.profile.loads.get(first..).unwrap_or_default();
        Self {
            as_of: say_as_of(input.as_of, lang),
            team: line.team.as_ref().map(ToString::to_string),
            contacts: say(w.contacts_n, &[&line.contacts]),
            incidents: (line.incidents > 0).then(|| say(w.person_incidents, &[&line.incidents])),
            few: (!enough).then(|| say(w.person_few, &[&have, &needed.saturating_sub(have), &needed])),
            rows: if enough {
                Indicator::ALL.iter().map(|indicator| FigureRow::of(line, *indicator, own, lang)).collect()
            } else {
                Vec::new()
            },
            trends_lead: say(w.trends_lead, &[&tingxin_statistics::control::CUSUM_ALARM]),
            trends: if enough {
                input.profile.trends.iter().map(|(one, trend)| TrendView::of(*one, trend, lang)).collect()
            } else {
                Vec::new()
            },
            readings: readings(input, lang),
            wording: wording(&input.profile.wording, lang),
            // Below the minimum the page says so at its top. What a machine marked and nobody confirmed is not told to
            // the person.
            rare: input.profile.lapses.as_ref().filter(|_| enough && !own).map(|found| lapses(found, lang)),
            load: load_drawing(recent, w),
            load_words: load_words(recent, w),
            load_days: say(w.load_days, &[&recent.len()]),
            loads: recent.iter().rev().map(LoadRow::of).collect(),
            flags: flags(input.flags, lang),
            agreed: input.coaching.iter().map(|one| AgreedRow::of(one, input.now, lang)).collect(),
            agree: format!("/coaching/{}/agree", encode(line.staff.as_str())),
            power_lead: say(w.power_lead, &[&COACHING_WEEKS]),
            powers: input.power.iter().map(|(one, power)| PowerRow::of(*one, *power, lang)).collect(),
        }
    }
}

fn readings(input: &PersonInput<'_>, lang: Lang) -> Vec<CouplingReading> {
    let checks = input.profile.checks.beside(input.coupling);
    let couplings = CouplingEffect::PERSON.map(|one| CouplingReading::of(one, input.coupling, &checks, lang));
    let (soothing, carried) = (
        CouplingReading::soothing(input.soothing, lang),
        CouplingReading::carried_over(input.carry_over, lang),
    );
    std::iter::once(soothing).chain(couplings).chain([carried]).collect()
}

impl TrendView {
    fn of(indicator: Indicator, trend: &Trend, lang: Lang) -> Self {
        let w = lang.staff();
        let name = indicator.label(lang);
        let (title, limit) = (say(w.trend_title, &[&name]), say(w.trend_limit, &[&trend.alarm]));
        let sums: Vec<f64> = trend.steps.iter().map(|step| step.sum).collect();
        let highest = format!("{:.2}", sums.iter().copied().fold(0.0, f64::max));
        let latest = format!("{:.2}", sums.last().copied().unwrap_or_default());
        let alarm = trend.alarmed_at.and_then(|at| trend.steps.get(at));
        let sentence = match alarm {
            Some(step) => say(w.trend_alarm, &[&step.at.to_beijing(), &latest, &highest, &sums.len()]),
            None => say(w.trend_quiet, &[&latest, &highest, &sums.len()]),
        };
        let lately = trend.lately.map(|Lately { excess, limit }| {
            let side = if excess < 0.0 { w.trend_fewer } else { w.trend_more };
            say(w.trend_lately, &[&side, &of_hundred(excess.abs()), &of_hundred(limit.abs())])
        });
        let id = format!("trend-{indicator}");
        let words = DrawingWords { id: &id, title: &title, desc: w.trend_desc, x: w.trend_x, y: w.trend_y };
        let drawing = Control { sums, alarm: trend.alarm, alarm_text: limit }.draw(words);
        Self { name, drawing, sentence, lately, alarmed: alarm.is_some() }
    }
}

/// What a reviewer has confirmed, for whoever looks: nothing unconfirmed about a person is shown to
/// others.
fn flags(rows: &[FlagRow], lang: Lang) -> Vec<FlagLine> {
    rows.iter()
        .filter(|row| row.flag.status == FlagStatus::SHOWN_TO_OTHERS)
        .map(|row| FlagLine {
            flag: FlagView::new(&row.flag, Kind::Transcript, lang),
            contact: row.contact.to_string(),
            at: row.started_at.map(UtcMillis::to_beijing).unwrap_or_default(),
        })
        .collect()
}

impl Listing for PersonPage {
    fn surrounding(&self) -> &Frame {
        &self.frame
    }

    fn tables(&self) -> Vec<ListTable> {
        let (w, g, of) = (self.w, self.g, self.frame.lang.copies());
        let line = |one: &OwnLine| {
            let seen = if one.appealed { self.o.title } else { one.seen.as_deref().unwrap_or(self.o.unseen) };
            [cell(&one.at), cell(one.flag.name), cell(&one.flag.reason), cell(seen), cell(&one.until)]
        };
        let of_items = [of.time, of.rule, of.note, of.state, self.o.due];
        let mut tables = vec![
            ListTable::new(self.h.praise, of_items, self.praise.iter().map(line)),
            ListTable::new(self.o.items, of_items, self.items.iter().map(line)),
        ];
        if let Ok(known) = &self.shown {
            tables.extend([
                list_figures(&known.rows, w),
                list_loads(&known.loads, w),
                known.list_flags(w, of),
                list_powers(&known.powers, w),
            ]);
            let agreed = known.agreed.iter().map(AgreedRow::cells);
            tables.push(ListTable::new(w.agreed_person, AgreedRow::heads(w.col_staff, g, of), agreed));
        }
        tables
    }
}

impl Known {
    fn list_flags(&self, w: &StaffWords, of: &CopyWords) -> ListTable {
        let rows = self.flags.iter().map(|line| {
            [cell(&line.at), cell(line.flag.name), cell(&line.flag.reason), cell(line.flag.status)]
        });
        ListTable::new(w.flags_title, [of.time, of.rule, of.note, of.state], rows)
    }
}
