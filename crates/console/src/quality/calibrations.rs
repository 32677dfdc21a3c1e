//! The pages of calibration sessions: what somebody is invited to, how far a session is read, and what was said in it.

use askama::Template;

use tingxin_desk::{CalibrationReport, Invitation, ReaderStanding};
use tingxin_store::Calibration;
use tingxin_text::domain::TeamId;

use crate::frame::Frame;
use crate::label::actor;
use crate::pages::Notice;
use crate::text::{Lang, fill};

use super::alpha::{alpha, moved};
use super::samples::AlphaLine;
use super::words::{QualityWords, SpokenOfQuality as _};

/// Sessions that somebody is invited to, and those that they lead.
#[derive(Debug, Template)]
#[template(path = "calibrations.html")]
pub struct CalibrationsPage {
    /// What surrounds it.
    pub frame: Frame,
    notice: Option<Notice>,
    w: &'static QualityWords,
    own: Vec<OwnSession>,
    led: Option<Vec<SessionLine>>,
    readers: Vec<String>,
    teams: Vec<TeamId>,
    fewest: u32,
    most: u32,
}

/// What the lead of sessions sees beside the own invitations.
#[derive(Debug)]
pub struct LedSessions {
    /// Sessions, latest first.
    pub sessions: Vec<Calibration>,
    /// Accounts that can be invited.
    pub readers: Vec<String>,
    /// Teams whose contacts can be read.
    pub teams: Vec<TeamId>,
}

/// What has just happened to a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CalibrationNotice {
    /// It was opened.
    Opened,
    /// It has ended.
    Closed,
    /// The reader is done with it.
    ReadOver,
    /// A field is not accepted: the title, the number or the readers.
    Refused,
}

#[derive(Debug)]
struct OwnSession {
    id: String,
    title: String,
    left: String,
    done: bool,
}

#[derive(Debug)]
struct SessionLine {
    id: String,
    title: String,
    team: String,
    made: String,
    state: String,
    progress: String,
}

impl CalibrationsPage {
    /// Puts the page together. `led` is `None` for whoever leads none.
    #[must_use]
    pub fn new(
        frame: Frame,
        own: Vec<Invitation>,
        led: Option<LedSessions>,
        bounds: std::ops::RangeInclusive<u32>,
        notice: Option<CalibrationNotice>,
    ) -> Self {
        let lang = frame.lang;
        let (sessions, readers, teams) = match led {
            Some(led) => (Some(led.sessions), led.readers, led.teams),
            None => (None, Vec::new(), Vec::new()),
        };
        Self {
            w: lang.quality(),
            notice: notice.map(|notice| notice.sentence(lang)),
            own: own.into_iter().map(|one| OwnSession::new(one, lang)).collect(),
            led: sessions.map(|all| all.iter().map(|one| SessionLine::new(one, lang)).collect()),
            readers,
            teams,
            fewest: *bounds.start(),
            most: *bounds.end(),
            frame,
        }
    }
}

impl CalibrationNotice {
    fn sentence(self, lang: Lang) -> Notice {
        let w = lang.quality();
        let text = match self {
            Self::Opened => w.calibration_opened,
            Self::Closed => w.calibration_ended,
            Self::ReadOver => w.calibration_read_over,
            Self::Refused => w.calibration_refused,
        };
        Notice { good: self != Self::Refused, text: text.to_owned() }
    }
}

impl OwnSession {
    fn new(one: Invitation, lang: Lang) -> Self {
        let left = one.contacts.saturating_sub(one.done);
        Self {
            id: one.session.to_string(),
            title: one.title,
            left: fill(lang.quality().calibration_left, format_args!("{left} / {}", one.contacts)),
            done: left == 0,
        }
    }
}

impl SessionLine {
    fn new(one: &Calibration, lang: Lang) -> Self {
        let w = lang.quality();
        let done = one.readers.iter().filter(|reader| reader.done >= one.contacts).count();
        Self {
            id: one.id.to_string(),
            title: one.title.clone(),
            team: one.team.as_ref().map_or_else(|| w.calibration_all_teams.to_owned(), ToString::to_string),
            made: format!("{} · {}", one.made_at.to_beijing(), actor(&one.made_by, lang)),
            state: state(one, lang),
            progress: format!("{done} / {}", one.readers.len()),
        }
    }
}

fn state(one: &Calibration, lang: Lang) -> String {
    let w = lang.quality();
    one.closed_at
        .map_or_else(|| w.calibration_open.to_owned(), |at| fill(w.calibration_closed, at.to_beijing()))
}

/// One session, for whoever leads it.
#[derive(Debug, Template)]
#[template(path = "calibration.html")]
pub struct CalibrationPage {
    /// What surrounds it.
    pub frame: Frame,
    w: &'static QualityWords,
    id: String,
    title: String,
    state: String,
    expert: String,
    readers: Vec<ProgressLine>,
    open: bool,
    rules: Vec<AlphaLine>,
    standings: Vec<StandingLine>,
}

#[derive(Debug)]
struct ProgressLine {
    name: String,
    expert: bool,
    done: String,
}

#[derive(Debug)]
struct StandingLine {
    name: String,
    alpha: String,
    missed: usize,
    extra: usize,
    before: Vec<String>,
    drift: String,
    away: bool,
}

impl CalibrationPage {
    /// Puts the page together.
    #[must_use]
    pub fn new(frame: Frame, report: CalibrationReport) -> Self {
        let lang = frame.lang;
        let CalibrationReport { session, result } = report;
        let readers = session.readers.iter().map(|reader| ProgressLine {
            name: actor(&reader.name, lang),
            expert: reader.name == session.expert,
            done: format!("{} / {}", reader.done, session.contacts),
        });
        let (rules, standings) = match &result {
            Some(result) => (
                result.rules.iter().map(|one| AlphaLine::new(one, lang)).collect(),
                result.readers.iter().map(|one| StandingLine::new(one, lang)).collect(),
            ),
            None => (Vec::new(), Vec::new()),
        };
        Self {
            w: lang.quality(),
            readers: readers.collect(),
            id: session.id.to_string(),
            state: state(&session, lang),
            expert: actor(&session.expert, lang),
            title: session.title,
            open: result.is_none(),
            rules,
            standings,
            frame,
        }
    }
}

impl StandingLine {
    fn new(one: &ReaderStanding, lang: Lang) -> Self {
        let w = lang.quality();
        let before = one.before.iter().map(|session| {
            format!(
                "{} {}: {}",
                session.closed_at.to_beijing(),
                session.title,
                alpha(Ok(Some(session.agreement)), lang)
            )
        });
        let away = one.drift.is_some_and(|drift| !drift.interval.contains(0.0));
        let drift = one.drift.map_or_else(
            || w.drift_none.to_owned(),
            |drift| {
                let said = if away { w.drift_moved } else { w.drift_still };
                format!("{} {said}", moved(drift.change, drift.interval, lang))
            },
        );
        Self {
            name: actor(&one.reader, lang),
            alpha: alpha(one.agreement, lang),
            missed: one.missed,
            extra: one.extra,
            before: before.collect(),
            drift,
            away,
        }
    }
}
