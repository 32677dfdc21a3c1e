//! Good examples, for everybody to read and for trainers to choose.

use askama::Template;

use super::words::{CareWords, SpokenOfCare as _};
use crate::frame::Frame;
use crate::label::Label as _;
use crate::lists::{Copied as _, ListTable, Listing, SpokenOfCopies as _, cell};
use crate::pages::Notice;
use crate::text::{Lang, fill};
use tingxin_desk::{Example, LearningDesk};
use tingxin_text::domain::{Speaker, UtcMillis};

/// Good examples.
#[derive(Debug, Template)]
#[template(path = "learning.html")]
pub struct LearningPage {
    /// What surrounds it.
    pub frame: Frame,
    /// What has just happened.
    pub notice: Option<Notice>,
    w: &'static CareWords,
    released: Vec<ExampleView>,
    desk: Option<DeskView>,
}

/// What whoever chooses sees.
#[derive(Debug)]
struct DeskView {
    proposed: Vec<ExampleView>,
    chosen: Vec<ExampleView>,
}

/// An example with its words.
#[derive(Debug)]
struct ExampleView {
    id: String,
    title: String,
    remark: String,
    turns: Vec<ExampleTurn>,
}

/// A turn of an example.
#[derive(Debug)]
struct ExampleTurn {
    number: usize,
    side: &'static str,
    speaker: &'static str,
    text: String,
}

impl LearningPage {
    /// Puts the page together; `desk` for whoever may choose.
    #[must_use]
    pub fn new(
        frame: Frame,
        released: &[Example],
        desk: Option<&LearningDesk>,
        notice: Option<Notice>,
    ) -> Self {
        let lang = frame.lang;
        let views = |examples: &[Example]| -> Vec<ExampleView> {
            (1..).zip(examples).map(|(at, one)| ExampleView::of(at, one, lang)).collect()
        };
        let desk = desk.map(|desk| DeskView { proposed: views(&desk.proposed), chosen: views(&desk.chosen) });
        Self { notice, w: lang.care(), released: views(released), desk, frame }
    }
}

impl ExampleView {
    fn of(at: usize, one: &Example, lang: Lang) -> Self {
        let w = lang.care();
        let day = |at: UtcMillis| at.to_beijing().chars().take(10).collect::<String>();
        let released = one.released_at.map(|at| format!(" · {}", fill(w.released, day(at))));
        Self {
            id: one.contact.to_string(),
            title: format!(
                "{} · {}{}",
                fill(w.example, at),
                one.channel.label(lang),
                released.unwrap_or_default()
            ),
            remark: one.remark.clone(),
            turns: (1..)
                .zip(&one.turns)
                .map(|(number, (speaker, text))| ExampleTurn {
                    number,
                    side: match speaker {
                        Some(Speaker::Customer) => "customer",
                        Some(Speaker::Agent) => "agent",
                        Some(Speaker::System) | None => "system",
                    },
                    speaker: speaker.map_or("", |speaker| speaker.label(lang)),
                    text: text.clone(),
                })
                .collect(),
        }
    }
}

impl Listing for LearningPage {
    fn surrounding(&self) -> &Frame {
        &self.frame
    }

    fn tables(&self) -> Vec<ListTable> {
        let (w, of) = (self.w, self.frame.lang.copies());
        // The words of the examples stay on the page.
        let list = |title: &'static str, examples: &[ExampleView]| {
            let rows =
                examples.iter().map(|one| [cell(&one.title), cell(&one.remark), cell(one.turns.len())]);
            ListTable::new(title, [w.learning, of.learn, of.turns], rows)
        };
        let (proposed, chosen) =
            self.desk.as_ref().map_or((&[][..], &[][..]), |desk| (&*desk.proposed, &*desk.chosen));
        vec![list(w.learning, &self.released), list(w.chosen, chosen), list(w.proposed, proposed)]
    }
}
