//! The catalogue of trainings.

use askama::Template;
use serde::Deserialize;

use super::row::title;
use super::words::{AgreementWords, SpokenOfAgreements as _};
use crate::frame::Frame;
use crate::label::{Label as _, actor};
use crate::lists::{Copied as _, ListTable, Listing, cell, cell_named, cell_of};
use crate::pages::Notice;
use crate::queue::Choice;
use crate::text::{Lang, fill};
use tingxin_staff::Indicator;
use tingxin_store::Training;
use tingxin_text::domain::Programme;

/// An entry as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
pub struct TrainingTyped {
    /// What it is called.
    pub title: String,
    /// The same in English.
    pub title_en: String,
    /// Behaviour that it is for; empty for any.
    pub indicator: String,
    /// The kind of help.
    pub programme: String,
    /// What is done.
    pub about: String,
}

/// The catalogue of trainings.
#[derive(Debug, Template)]
#[template(path = "trainings.html")]
pub struct TrainingsPage {
    /// What surrounds it.
    pub frame: Frame,
    /// What has just happened.
    pub notice: Option<Notice>,
    w: &'static AgreementWords,
    entries: Vec<CatalogueRow>,
    typed: TrainingTyped,
    behaviours: Vec<Choice>,
    programmes: Vec<Choice>,
}

/// An entry in the list.
#[derive(Debug)]
struct CatalogueRow {
    id: String,
    title: String,
    about: String,
    behaviour: &'static str,
    programme: &'static str,
    by: String,
    retired: bool,
    retire: String,
}

impl TrainingsPage {
    /// Puts the page together.
    #[must_use]
    pub fn new(
        frame: Frame,
        entries: &[Training],
        typed: Option<&TrainingTyped>,
        notice: Option<Notice>,
    ) -> Self {
        let lang = frame.lang;
        let (w, typed) = (lang.agreements(), typed.cloned().unwrap_or_default());
        let choice = |value: &str, text: &str, chosen: &str| Choice {
            value: value.to_owned(),
            text: text.to_owned(),
            selected: value == chosen,
        };
        let behaviours =
            Indicator::ALL.iter().map(|one| choice(one.as_str(), one.label(lang), &typed.indicator));
        Self {
            notice,
            w,
            entries: entries.iter().map(|one| CatalogueRow::of(one, lang)).collect(),
            behaviours: std::iter::once(choice("", w.any_behaviour, &typed.indicator))
                .chain(behaviours)
                .collect(),
            programmes: Programme::ALL
                .iter()
                .map(|one| choice(one.as_str(), one.label(lang), &typed.programme))
                .collect(),
            typed,
            frame,
        }
    }
}

impl CatalogueRow {
    fn of(one: &Training, lang: Lang) -> Self {
        let w = lang.agreements();
        let title = title(&one.title, one.title_en.as_deref(), lang);
        let behaviour = one.indicator.as_deref().and_then(Indicator::from_name);
        Self {
            id: one.id.to_string(),
            retire: fill(w.retire, &title),
            title,
            about: one.about.clone(),
            behaviour: behaviour.map_or(w.any_behaviour, |one| one.label(lang)),
            programme: one.programme.label(lang),
            by: if one.added_by == "system" { w.shipped.to_owned() } else { actor(&one.added_by, lang) },
            retired: one.retired_at.is_some(),
        }
    }
}

impl Listing for TrainingsPage {
    fn surrounding(&self) -> &Frame {
        &self.frame
    }

    fn tables(&self) -> Vec<ListTable> {
        let w = self.w;
        let rows = self.entries.iter().map(|one| {
            [
                cell_named(&one.title),
                cell(one.behaviour),
                cell(one.programme),
                cell(&one.about),
                cell_named(&one.by),
                cell_of(one.retired.then_some(w.retired)),
            ]
        });
        let heads = [w.training, w.behaviour, w.programme, w.entry_about, w.by, w.state];
        vec![ListTable::new(w.catalogue, heads, rows)]
    }
}
