//! The page of flags that are worded alike.

use askama::Template;

use tingxin_desk::{AcceptanceStanding, BulkOffer, BulkStanding};
use tingxin_text::domain::{FlagStatus, Lang};

use super::words::{SpokenOfWork as _, WorkWords};
use crate::frame::Frame;
use crate::label::{Label, actor};
use crate::lists::{Copied as _, ListTable, Listing, cell, cell_of};
use crate::pages::Notice;
use crate::text::fill;

/// Groups of flags that are worded alike, and samples of them.
#[derive(Debug, Template)]
#[template(path = "review_groups.html")]
pub struct ReviewGroupsPage {
    frame: Frame,
    w: &'static WorkWords,
    notice: Option<Notice>,
    groups: Vec<GroupLine>,
    samples: Vec<AcceptanceLine>,
}

/// A group.
#[derive(Debug)]
struct GroupLine {
    rule: &'static str,
    slug: &'static str,
    wording: String,
    flags: usize,
    size: u64,
    example: String,
}

/// A sample.
#[derive(Debug)]
struct AcceptanceLine {
    id: String,
    rule: &'static str,
    example: String,
    members: usize,
    drawn: usize,
    said: String,
    left: usize,
    outcome: Option<String>,
    offer: Option<(&'static str, String)>,
}

impl ReviewGroupsPage {
    /// Puts groups and samples into words. `judged` is how many flags have just been judged at once.
    #[must_use]
    pub fn new(frame: Frame, standing: BulkStanding, judged: Option<usize>) -> Self {
        let lang = frame.lang;
        let groups = standing.groups.into_iter().map(|(group, size)| GroupLine {
            rule: group.rule.label(lang),
            slug: group.rule.as_str(),
            wording: group.wording,
            flags: group.flags,
            size,
            example: plain(&group.example),
        });
        Self {
            w: lang.work(),
            notice: judged.map(|n| Notice { good: true, text: fill(lang.work().done_bulk, n) }),
            groups: groups.collect(),
            samples: standing.samples.into_iter().map(|one| AcceptanceLine::new(one, lang)).collect(),
            frame,
        }
    }
}

impl AcceptanceLine {
    fn new(one: AcceptanceStanding, lang: Lang) -> Self {
        let AcceptanceStanding { sample, left, said: [confirmed, rejected], offer } = one;
        let w = lang.work();
        let outcome = match (&sample.given, left, offer) {
            (Some(given), ..) => {
                let what = given.status.label(lang);
                let bound = percent(given.bound);
                let by = actor(&given.given_by, lang);
                Some(fill(w.bulk_given, format!("{what} × {} · ≤ {bound} · {by}", given.judged)))
            }
            (None, 0, None) => Some(w.bulk_refused.to_owned()),
            _ => None,
        };
        Self {
            id: sample.id.to_string(),
            rule: sample.rule.label(lang),
            example: plain(&sample.example),
            members: sample.members,
            drawn: sample.drawn,
            said: format!("{confirmed} / {rejected}"),
            left,
            outcome,
            offer: offer.map(|BulkOffer { status, bound, .. }| {
                let text =
                    if status == FlagStatus::Confirmed { w.bulk_rest_confirm } else { w.bulk_rest_reject };
                (status.as_str(), fill(text, percent(bound)))
            }),
        }
    }
}

fn percent(share: f64) -> String {
    format!("{:.1}%", share * 100.0)
}

/// The reason without the certainty, which is another for every flag.
fn plain(reason: &str) -> String {
    reason.split('（').next().unwrap_or(reason).to_owned()
}

impl Listing for ReviewGroupsPage {
    fn surrounding(&self) -> &Frame {
        &self.frame
    }

    fn tables(&self) -> Vec<ListTable> {
        let w = self.w;
        // The example is the sentence of a contact: it stays on the page.
        let samples = self.samples.iter().map(|one| {
            let [members, drawn] = [one.members, one.drawn].map(cell);
            [cell(one.rule), members, drawn, cell(&one.said), cell(one.left), cell_of(one.outcome.as_ref())]
        });
        let groups = self.groups.iter().map(|one| [cell(one.rule), cell(one.flags), cell(one.size)]);
        let heads = [w.rule, w.bulk_flags, w.bulk_size, w.bulk_said_so_far, w.bulk_left, w.bulk_result];
        vec![
            ListTable::new(w.bulk_samples, heads, samples),
            ListTable::new(w.bulk_groups, [w.rule, w.bulk_flags, w.bulk_size], groups),
        ]
    }
}
