//! Filling a form in for a contact, and sheets that were filled in.

use std::collections::BTreeMap;

use askama::Template;

use super::words::{FormWords, SpokenOfForms as _};
use crate::frame::Frame;
use crate::label::actor;
use crate::lists::{Copied as _, ListTable, Listing, SpokenOfCopies as _, cell, cell_named};
use crate::pages::Notice;
use crate::text::{Lang, fill};
use tingxin_desk::forms::BlankSheet;
use tingxin_store::{ContactRecord, InspectionSheet};
use tingxin_text::domain::SheetTotal;

/// What a sheet is filled in for.
#[derive(Debug, Clone, Copy)]
pub struct SheetInput<'a> {
    /// The contact.
    pub record: &'a ContactRecord,
    /// The form and what the machine proposes; `None` where no form was chosen.
    pub blank: Option<&'a BlankSheet>,
    /// Forms to choose from, with their titles.
    pub choices: &'a [(String, String)],
    /// Sheets of the contact, latest first.
    pub sheets: &'a [InspectionSheet],
    /// What was typed before, by the name of its field.
    pub typed: Option<&'a BTreeMap<String, String>>,
}

/// Filling a form in.
#[derive(Debug, Template)]
#[template(path = "sheet.html")]
pub struct SheetPage {
    /// What surrounds it.
    pub frame: Frame,
    /// What has just happened.
    pub notice: Option<Notice>,
    w: &'static FormWords,
    contact: String,
    contact_id: String,
    revision: u32,
    form: Option<FormView>,
    choices: Vec<(String, String)>,
    sheets: Vec<SheetView>,
    turns: Vec<(usize, &'static str, String)>,
}

/// The form with its fields.
#[derive(Debug)]
struct FormView {
    id: String,
    version: u32,
    title: String,
    groups: Vec<(String, Vec<Field>)>,
}

/// An item that is filled in.
#[derive(Debug)]
struct Field {
    key: String,
    title: String,
    full: String,
    knock_out: bool,
    value: String,
    note: String,
    proposal: Option<String>,
    turns: Vec<(usize, String)>,
}

/// A sheet that was filled in.
#[derive(Debug)]
pub(crate) struct SheetView {
    title: String,
    total: String,
    filled: String,
    by: String,
    /// Where its person reads the contact.
    own_href: String,
    rows: Vec<SheetRowView>,
}

/// An item of it.
#[derive(Debug)]
struct SheetRowView {
    title: String,
    full: String,
    got: String,
    lost: bool,
    note: String,
}

fn field(
    item: &tingxin_text::domain::FormItem,
    blank: &BlankSheet,
    typed: Option<&BTreeMap<String, String>>,
    lang: Lang,
) -> Field {
    let w = lang.forms();
    let proposal = blank.proposals.iter().find(|proposal| proposal.item == item.key);
    let before = |prefix: &str| typed.and_then(|typed| typed.get(&format!("{prefix}{}", item.key))).cloned();
    Field {
        key: item.key.clone(),
        title: item.title.clone(),
        full: item.full.to_string(),
        knock_out: item.knock_out,
        value: before("got-").unwrap_or_else(|| proposal.map_or(item.full, |one| one.got).to_string()),
        note: before("note-").unwrap_or_default(),
        proposal: proposal.map(|proposal| fill(w.proposal, proposal.got)),
        turns: proposal
            .map(|proposal| proposal.turns.iter().map(|at| (at + 1, fill(w.turn, at + 1))).collect())
            .unwrap_or_default(),
    }
}

impl SheetView {
    /// A sheet in words.
    pub(crate) fn of(sheet: &InspectionSheet, lang: Lang) -> Self {
        let w = lang.forms();
        let out = SheetTotal::of(&sheet.groups, &sheet.marks).knocked_out;
        let rows = sheet.groups.iter().flat_map(|group| &group.items).map(|item| {
            let mark = sheet.marks.iter().find(|mark| mark.item == item.key);
            let got = mark.and_then(|mark| mark.got);
            SheetRowView {
                title: item.title.clone(),
                full: item.full.to_string(),
                got: got.map_or_else(|| w.not_applicable.to_owned(), |got| got.to_string()),
                lost: got.is_some_and(|got| got < item.full),
                note: mark.and_then(|mark| mark.note.clone()).unwrap_or_default(),
            }
        });
        Self {
            title: sheet.title.clone(),
            total: if out { w.total_out.to_owned() } else { fill(w.total, sheet.score) },
            filled: fill(w.filled, sheet.filled_at.to_beijing()),
            by: if sheet.filled_by.is_empty() { String::new() } else { actor(&sheet.filled_by, lang) },
            own_href: format!("/me/contacts/{}", sheet.contact),
            rows: rows.collect(),
        }
    }
}

impl SheetPage {
    /// Puts the page together.
    #[must_use]
    pub fn new(frame: Frame, input: SheetInput<'_>, notice: Option<Notice>) -> Self {
        let lang = frame.lang;
        let SheetInput { record, blank, choices, sheets, typed } = input;
        let header = &record.contact.header;
        let form = blank.map(|blank| FormView {
            id: blank.form.id.to_string(),
            version: blank.form.version,
            title: blank.form.title.clone(),
            groups: blank
                .form
                .groups
                .iter()
                .map(|group| {
                    let fields = group.items.iter().map(|item| field(item, blank, typed, lang));
                    (group.title.clone(), fields.collect())
                })
                .collect(),
        });
        let turns = (1..).zip(record.contact.body.texts()).map(|(number, (speaker, text))| {
            use crate::label::Label as _;
            (number, speaker.map_or("", |speaker| speaker.label(lang)), text.text.as_str().to_owned())
        });
        Self {
            notice,
            w: lang.forms(),
            contact: record.id.to_string(),
            contact_id: header.contact_id.to_string(),
            revision: header.revision,
            form,
            choices: choices.to_vec(),
            sheets: sheets.iter().map(|sheet| SheetView::of(sheet, lang)).collect(),
            turns: turns.collect(),
            frame,
        }
    }
}

/// Sheets of one's own contacts.
#[derive(Debug, Template)]
#[template(path = "own_sheets.html")]
pub struct OwnSheetsPage {
    /// What surrounds it.
    pub frame: Frame,
    /// What has just happened: nothing, ever.
    pub notice: Option<Notice>,
    w: &'static FormWords,
    sheets: Vec<SheetView>,
}

impl OwnSheetsPage {
    /// Puts the page together.
    #[must_use]
    pub fn new(frame: Frame, sheets: &[InspectionSheet]) -> Self {
        let lang = frame.lang;
        let sheets = sheets.iter().map(|sheet| SheetView::of(sheet, lang)).collect();
        Self { notice: None, w: lang.forms(), sheets, frame }
    }
}

/// Filled-in sheets as one list, an item a row.
fn sheets_as_list(title: &str, sheets: &[SheetView], lang: Lang) -> Vec<ListTable> {
    let (w, of) = (lang.forms(), lang.copies());
    let each = sheets.iter().flat_map(|sheet| sheet.rows.iter().map(move |row| (sheet, row)));
    let rows = each.map(|(sheet, row)| {
        [
            cell_named(&sheet.title),
            cell(&sheet.filled),
            cell_named(&sheet.by),
            cell(&sheet.total),
            cell_named(&row.title),
            cell(&row.full),
            cell(&row.got),
            cell(&row.note),
        ]
    });
    let heads = [w.name, of.time, w.by, of.total, w.item, w.full, w.got, w.note];
    vec![ListTable::new(title, heads, rows)]
}

impl Listing for SheetPage {
    fn surrounding(&self) -> &Frame {
        &self.frame
    }

    fn tables(&self) -> Vec<ListTable> {
        sheets_as_list(self.w.of_contact, &self.sheets, self.frame.lang)
    }
}

impl Listing for OwnSheetsPage {
    fn surrounding(&self) -> &Frame {
        &self.frame
    }

    fn tables(&self) -> Vec<ListTable> {
        sheets_as_list(self.w.own, &self.sheets, self.frame.lang)
    }
}
