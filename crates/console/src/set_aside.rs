//! The page of contacts that were set aside.

use askama::Template;

use tingxin_store::SetAside;

use super::frame::Frame;
use super::label::Label;
use super::pages::Notice;

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
