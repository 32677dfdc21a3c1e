//! The page of contacts that were set aside.

use askama::Template;

use tingxin_store::SetAside;

use super::frame::Frame;
use super::label::Label;
use super::pages::Notice;
use crate::lists::{Copied as _, ListTable, Listing, cell, cell_named};

/// Contacts that were set aside after repeated failures.
#[derive(Debug, Template)]
#[template(path = "set_aside.html")]
pub struct SetAsidePage {
    /// What surrounds it.
    pub frame: Frame,
    /// What has just happened.
    pub notice: Option<Notice>,
    /// The contacts, the latest first.
    pub contacts: Vec<SetAside>,
}

impl SetAsidePage {
    fn channel(&self, one: &SetAside) -> &'static str {
        one.channel.label(self.frame.lang)
    }

    /// Why, in words; a code that is not known is shown as it is.
    fn reason<'a>(&self, one: &'a SetAside) -> &'a str {
        let t = self.frame.t;
        match one.reason.as_str() {
            "analysis_failed" => t.aside_failed,
            "analysis_not_storable" => t.aside_not_storable,
            "process_died" => t.aside_died,
            "stored_contact_unreadable" => t.aside_unreadable,
            other => other,
        }
    }
}

impl Listing for SetAsidePage {
    fn surrounding(&self) -> &Frame {
        &self.frame
    }

    fn tables(&self) -> Vec<ListTable> {
        let t = self.frame.t;
        let rows = self.contacts.iter().map(|one| {
            [
                cell_named(format_args!("{}/{}", one.source, one.contact_id)),
                cell(self.channel(one)),
                cell(one.revision),
                cell(one.since.to_beijing()),
                cell(one.attempts),
                cell(self.reason(one)),
            ]
        });
        let heads = [
            t.aside_contact,
            t.fact_channel,
            t.aside_revision,
            t.aside_since,
            t.aside_attempts,
            t.aside_reason,
        ];
        vec![ListTable::new(t.aside_list, heads, rows)]
    }
}
