//! One agreement with the words of its clips, for whoever coaches and for the person.

use askama::Template;

use super::row::AgreedRow;
use super::words::{AgreementWords, SpokenOfAgreements as _};
use crate::frame::Frame;
use crate::label::Label as _;
use crate::pages::Notice;
use crate::text::Lang;
use tingxin_desk::{ClipWords, CoachingPaper};
use tingxin_text::domain::{Permission, Speaker, UtcMillis};

/// One agreement.
#[derive(Debug, Template)]
#[template(path = "agreement.html")]
pub struct AgreementPage {
    /// What surrounds it.
    pub frame: Frame,
    /// What has just happened.
    pub notice: Option<Notice>,
    w: &'static AgreementWords,
    own: bool,
    title: &'static str,
    person: String,
    row: AgreedRow,
    shared: Option<String>,
    private: Option<String>,
    said: Option<String>,
    acknowledged: bool,
    clips: Vec<ClipView>,
    may_coach: bool,
}

/// A clip with its words.
#[derive(Debug)]
struct ClipView {
    title: String,
    good: bool,
    href: String,
    turns: Vec<ClipTurn>,
}

/// A turn of a clip.
#[derive(Debug)]
struct ClipTurn {
    number: usize,
    side: &'static str,
    speaker: &'static str,
    text: String,
}

impl AgreementPage {
    /// Puts the page together; `own` for the person it is with.
    #[must_use]
    pub fn new(
        frame: Frame,
        agreement: &CoachingPaper,
        (own, now): (bool, UtcMillis),
        notice: Option<Notice>,
    ) -> Self {
        let (lang, one) = (frame.lang, &agreement.coaching);
        let w = lang.agreements();
        Self {
            notice,
            w,
            own,
            title: if own { w.own_title } else { w.title },
            person: called(one.staff.as_str(), agreement.name.as_deref()),
            row: AgreedRow::of(one, now, lang),
            shared: one.shared_note.clone(),
            private: one.private_note.clone().filter(|_| !own),
            said: one.acknowledged_note.clone(),
            acknowledged: one.acknowledged_at.is_some(),
            clips: agreement.clips.iter().map(|clip| ClipView::of(clip, own, lang)).collect(),
            may_coach: !own && frame.allows(Permission::CoachingWrite),
            frame,
        }
    }
}

impl ClipView {
    fn of(words: &ClipWords, own: bool, lang: Lang) -> Self {
        let (w, clip) = (lang.agreements(), &words.clip);
        let at = words.at.map(UtcMillis::to_beijing).unwrap_or_default();
        let kind = if clip.good { w.good } else { w.talk };
        let base = if own { "/me/contacts" } else { "/review" };
        Self {
            title: format!("{kind} · {at} · {}", words.channel.label(lang)),
            good: clip.good,
            href: format!("{base}/{}#turn-{}", clip.contact, clip.first + 1),
            turns: (clip.first + 1..)
                .zip(&words.turns)
                .map(|(number, (speaker, text))| ClipTurn {
                    number,
                    side: side(*speaker),
                    speaker: speaker.map_or("", |speaker| speaker.label(lang)),
                    text: text.as_str().to_owned(),
                })
                .collect(),
        }
    }
}

fn side(speaker: Option<Speaker>) -> &'static str {
    match speaker {
        Some(Speaker::Customer) => "customer",
        Some(Speaker::Agent) => "agent",
        Some(Speaker::System) | None => "system",
    }
}

/// `A1001 王芳`.
pub(super) fn called(staff: &str, name: Option<&str>) -> String {
    name.map_or_else(|| staff.to_owned(), |name| format!("{staff} {name}"))
}
