//! All forms, and writing one.

use askama::Template;
use serde::Deserialize;

use super::words::{FormWords, SpokenOfForms as _};
use crate::frame::Frame;
use crate::label::{Label as _, actor};
use crate::lists::{Copied as _, ListTable, Listing, cell, cell_named};
use crate::pages::Notice;
use crate::text::{Lang, fill};
use tingxin_desk::forms::SHIPPED;
use tingxin_store::InspectionForm;
use tingxin_text::domain::Rule;

/// A form as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct FormTyped {
    /// The form that it is a new version of; empty for a new one.
    #[serde(default)]
    pub of: String,
    /// What it is called.
    pub title: String,
    /// A line a group or item.
    pub plan: String,
}

/// The list of forms.
#[derive(Debug, Template)]
#[template(path = "forms.html")]
pub struct FormsPage {
    /// What surrounds it.
    pub frame: Frame,
    /// What has just happened.
    pub notice: Option<Notice>,
    w: &'static FormWords,
    forms: Vec<VersionLine>,
    samples: Vec<Sample>,
    typed: FormTyped,
    rules: Vec<(&'static str, &'static str)>,
}

/// A version in the list.
#[derive(Debug)]
struct VersionLine {
    href: String,
    title: String,
    version: u32,
    state: &'static str,
    by: String,
}

/// A shipped form that can be taken over.
#[derive(Debug)]
struct Sample {
    title: &'static str,
    plan: &'static str,
    button: String,
}

/// Where a version stands.
pub(super) fn state(form: &InspectionForm, lang: Lang) -> &'static str {
    let w = lang.forms();
    match (form.published_at, form.retired_at) {
        (_, Some(_)) => w.retired,
        (Some(_), None) => w.in_use,
        (None, None) => w.draft,
    }
}

pub(super) fn rules(lang: Lang) -> Vec<(&'static str, &'static str)> {
    Rule::ALL.iter().map(|rule| (rule.as_str(), rule.label(lang))).collect()
}

impl FormsPage {
    /// Puts the page together.
    #[must_use]
    pub fn new(
        frame: Frame,
        forms: &[InspectionForm],
        typed: Option<&FormTyped>,
        notice: Option<Notice>,
    ) -> Self {
        let lang = frame.lang;
        let w = lang.forms();
        let row = |form: &InspectionForm| VersionLine {
            href: format!("/forms/{}/{}", form.id, form.version),
            title: form.title.clone(),
            version: form.version,
            state: state(form, lang),
            by: actor(&form.made_by, lang),
        };
        let taken = |title: &str| forms.iter().any(|form| form.title == title);
        let sample = |(title, plan): &(&'static str, &'static str)| Sample {
            title,
            plan,
            button: fill(w.sample, title),
        };
        Self {
            notice,
            w,
            forms: forms.iter().map(row).collect(),
            samples: SHIPPED.iter().filter(|(title, _)| !taken(title)).map(sample).collect(),
            typed: typed.cloned().unwrap_or_default(),
            rules: rules(lang),
            frame,
        }
    }
}

impl Listing for FormsPage {
    fn surrounding(&self) -> &Frame {
        &self.frame
    }

    fn tables(&self) -> Vec<ListTable> {
        let w = self.w;
        let rows = self
            .forms
            .iter()
            .map(|one| [cell_named(&one.title), cell(one.version), cell(one.state), cell_named(&one.by)]);
        vec![ListTable::new(w.title, [w.name, w.version, w.state, w.by], rows)]
    }
}
