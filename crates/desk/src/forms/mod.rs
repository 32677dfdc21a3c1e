//! Inspection forms: making them, filling them in, and what their sheets say together.

mod results;
mod shipped;
mod writing;

use std::collections::BTreeSet;

use tingxin_store::{FlagRow, InspectionForm, InspectionSheet, NewAudit, NewSheet};
use tingxin_text::domain::{
    ContactRef, FlagStatus, FormGroup, FormItem, ItemMark, Points, Purpose, SheetTotal, UtcMillis,
};
use uuid::Uuid;

use crate::{Caller, Desk, DeskError};

pub use results::{FormResults, ItemResult, SheetMean, TeamResult};
pub use shipped::SHIPPED;
pub use writing::{FormFault, parse_form, write_form};

/// Longest title of a form, a group or an item, in characters.
const MAX_TITLE: usize = 60;

/// Most items of a form: whoever looks at more looks at none.
const MOST_ITEMS: usize = 60;

/// Sheets that a list shows.
const LISTED: u32 = 100;

/// A form as somebody writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormAsked {
    /// What it is called.
    pub title: String,
    /// What is looked at.
    pub groups: Vec<FormGroup>,
}

/// What somebody gives for an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarkGiven {
    /// Which item.
    pub item: String,
    /// The points; `None` where the contact gave no occasion.
    pub got: Option<Points>,
    /// Why.
    pub note: Option<String>,
}

/// A sheet as somebody fills it in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetAsked {
    /// Revision of the contact that was listened to.
    pub revision: u32,
    /// Which form.
    pub form: Uuid,
    /// In which version.
    pub version: u32,
    /// One mark for each item.
    pub marks: Vec<MarkGiven>,
}

/// What the machine proposes for an item, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// Which item.
    pub item: String,
    /// The points.
    pub got: Points,
    /// The turns behind it, from 0; empty where nothing was heard.
    pub turns: Vec<usize>,
}

/// A form to be filled in for a contact.
#[derive(Debug, Clone, PartialEq)]
pub struct BlankSheet {
    /// The form.
    pub form: InspectionForm,
    /// What the machine proposes, for the items that it knows something about.
    pub proposals: Vec<Proposal>,
}

/// What the machine proposes: an item whose rule raised a flag that nobody rejected is lost, another is not. Nothing is given before
/// somebody says so.
#[must_use]
pub fn propose(groups: &[FormGroup], flags: &[FlagRow]) -> Vec<Proposal> {
    let items = groups.iter().flat_map(|group| &group.items);
    let proposal = |item: &FormItem| {
        let rule = item.rule?;
        let raised: Vec<_> = flags
            .iter()
            .filter(|row| row.flag.rule == rule && row.flag.status != FlagStatus::Rejected)
            .collect();
        let turns: BTreeSet<usize> =
            raised.iter().flat_map(|row| row.flag.utterances.iter().copied()).collect();
        let got = if raised.is_empty() { item.full } else { Points::default() };
        Some(Proposal { item: item.key.clone(), got, turns: turns.into_iter().collect() })
    };
    items.filter_map(proposal).collect()
}

fn title(text: &str) -> Result<String, FormFault> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > MAX_TITLE || text.chars().any(char::is_control) {
        return Err(FormFault::Title);
    }
    Ok(text.to_owned())
}

/// Gives every item its key and checks that the form can be filled in and adds up to 100.
///
/// # Errors
/// [`FormFault`].
pub fn check_form(asked: &FormAsked) -> Result<FormAsked, FormFault> {
    let mut groups = asked.groups.clone();
    let (mut sum, mut items) = (0, 0);
    for (at, group) in (1..).zip(&mut groups) {
        group.title = title(&group.title)?;
        if group.items.is_empty() {
            return Err(FormFault::EmptyGroup(group.title.clone()));
        }
        for (place, item) in (1..).zip(&mut group.items) {
            item.key = format!("{at}.{place}");
            item.title = title(&item.title)?;
            (sum, items) = (sum + item.full.tenths(), items + 1);
        }
    }
    if items == 0 || items > MOST_ITEMS {
        return Err(FormFault::Items);
    }
    if sum != Points::WHOLE.tenths() {
        return Err(FormFault::Sum(sum));
    }
    Ok(FormAsked { title: title(&asked.title)?, groups })
}

impl Desk {
    /// Every version of every form, forms by their title, the latest version of each first.
    ///
    /// # Errors
    /// [`DeskError::Store`].
    pub async fn forms(&self) -> Result<Vec<InspectionForm>, DeskError> {
        let mut forms = self.store.forms().await?;
        forms.sort_by(|a, b| (a.id, b.version).cmp(&(b.id, a.version)));
        Ok(forms)
    }

    /// Forms that are filled in at present.
    ///
    /// # Errors
    /// [`DeskError::Store`].
    pub async fn forms_in_use(&self) -> Result<Vec<InspectionForm>, DeskError> {
        let mut forms = self.store.forms().await?;
        forms.retain(|form| form.published_at.is_some() && form.retired_at.is_none());
        Ok(forms)
    }

    /// One version of a form.
    ///
    /// # Errors
    /// [`DeskError::NotFound`], [`DeskError::Store`].
    pub async fn form(&self, id: Uuid, version: u32) -> Result<InspectionForm, DeskError> {
        self.store.form(id, version).await?.ok_or(DeskError::NotFound)
    }

    /// Writes a draft: a new form, or the next version of `of`. A draft that is there already is written anew; a published version
    /// never changes. Its key and version.
    ///
    /// # Errors
    /// [`DeskError::Field`], [`DeskError::NotFound`] for `of`, [`DeskError::Store`].
    pub async fn draft_form(
        &self,
        caller: &Caller,
        of: Option<Uuid>,
        asked: &FormAsked,
    ) -> Result<(Uuid, u32), DeskError> {
        let FormAsked { title, groups } = check_form(asked)?;
        let (id, version) = match of {
            None => (Uuid::now_v7(), 1),
            Some(id) => {
                let forms = self.store.forms().await?;
                let last = forms.iter().filter(|form| form.id == id).max_by_key(|form| form.version);
                let last = last.ok_or(DeskError::NotFound)?;
                let draft = last.published_at.is_none() && last.retired_at.is_none();
                (id, if draft { last.version } else { last.version + 1 })
            }
        };
        let form = InspectionForm {
            id,
            version,
            title,
            groups,
            made_by: caller.actor.name.clone(),
            made_at: UtcMillis::now(),
            published_at: None,
            retired_at: None,
        };
        if !self.store.put_form(&form).await? {
            return Err(DeskError::NotFound);
        }
        self.write_down(caller, "form.draft", format!("{id}/{version}"), true).await?;
        Ok((id, version))
    }

    /// From now on this version is filled in, and no earlier one.
    ///
    /// # Errors
    /// [`DeskError::NotFound`] where it is no draft, [`DeskError::Store`].
    pub async fn publish_form(&self, caller: &Caller, id: Uuid, version: u32) -> Result<(), DeskError> {
        if !self.store.publish_form(id, version, UtcMillis::now()).await? {
            return Err(DeskError::NotFound);
        }
        self.write_down(caller, "form.publish", format!("{id}/{version}"), true).await
    }

    /// A form is not filled in any more. Its sheets stay.
    ///
    /// # Errors
    /// [`DeskError::NotFound`], [`DeskError::Store`].
    pub async fn retire_form(&self, caller: &Caller, id: Uuid) -> Result<(), DeskError> {
        if !self.store.retire_form(id, UtcMillis::now()).await? {
            return Err(DeskError::NotFound);
        }
        self.write_down(caller, "form.retire", id.to_string(), true).await
    }

    /// A form to be filled in for a contact, with what the machine proposes.
    ///
    /// # Errors
    /// [`DeskError::NotFound`] for a form that is not in use, [`DeskError::Store`].
    pub async fn blank_sheet(&self, contact: ContactRef, form: Uuid) -> Result<BlankSheet, DeskError> {
        let mut forms = self.forms_in_use().await?.into_iter();
        let form = forms.find(|one| one.id == form).ok_or(DeskError::NotFound)?;
        let flags = self.store.flags_of_contact(contact).await?;
        Ok(BlankSheet { proposals: propose(&form.groups, &flags), form })
    }

    /// Keeps a sheet; its key. What the machine had proposed is kept beside what was given.
    ///
    /// # Errors
    /// [`DeskError::Field`] names the item, [`DeskError::NotFound`], [`DeskError::FlagChanged`] when contact or form are others by
    /// now, [`DeskError::Store`].
    pub async fn fill_sheet(
        &self,
        caller: &Caller,
        contact: ContactRef,
        asked: SheetAsked,
    ) -> Result<Uuid, DeskError> {
        let record = self.store.contact(contact, caller.team.as_ref()).await?.ok_or(DeskError::NotFound)?;
        let form = self.form(asked.form, asked.version).await?;
        let proposals = propose(&form.groups, &self.store.flags_of_contact(contact).await?);
        let marks = self.given(&form.groups, &asked.marks, &proposals)?;
        let score = SheetTotal::of(&form.groups, &marks).score();
        let score = score.ok_or_else(|| DeskError::field("/marks", "at least one item must apply"))?;
        let id = Uuid::now_v7();
        let entry = NewAudit {
            at: UtcMillis::now(),
            actor: caller.actor.clone(),
            action: "sheet.fill",
            object: record.id.to_string(),
            result: "ok",
            purpose: Some(Purpose::Review),
        };
        let SheetAsked { revision, form, version, .. } = asked;
        let sheet = NewSheet { id, contact, revision, form, version, marks, score, entry };
        if !self.store.keep_sheet(&sheet, caller.team.as_ref()).await? {
            return Err(DeskError::FlagChanged);
        }
        Ok(id)
    }

    /// The marks of a sheet: one for each item, none above what it counts.
    fn given(
        &self,
        groups: &[FormGroup],
        given: &[MarkGiven],
        proposals: &[Proposal],
    ) -> Result<Vec<ItemMark>, DeskError> {
        let items: Vec<&FormItem> = groups.iter().flat_map(|group| &group.items).collect();
        if given.len() != items.len() {
            return Err(DeskError::field("/marks", "the sheet needs one mark for each item"));
        }
        let mark = |item: &&FormItem| {
            let key = &item.key;
            let own = given.iter().find(|mark| mark.item == *key);
            let own = own.ok_or_else(|| DeskError::field("/marks", format!("item {key} has no mark")))?;
            if own.got.is_some_and(|got| got > item.full) {
                let full = item.full;
                return Err(DeskError::field("/marks", format!("item {key} counts {full} points at most")));
            }
            let note = own.note.as_deref().filter(|note| !note.trim().is_empty());
            let note = note.map(|note| self.note(note)).transpose()?;
            let proposal = proposals.iter().find(|proposal| proposal.item == *key);
            Ok(ItemMark {
                item: key.clone(),
                got: own.got,
                proposed: proposal.map(|proposal| proposal.got),
                turns: proposal.map(|proposal| proposal.turns.clone()).unwrap_or_default(),
                note: note.map(|note| note.as_str().to_owned()),
            })
        };
        items.iter().map(mark).collect()
    }

    /// Sheets of a contact that the caller may see, latest first.
    ///
    /// # Errors
    /// [`DeskError::NotFound`], [`DeskError::Store`].
    pub async fn sheets(
        &self,
        caller: &Caller,
        contact: ContactRef,
    ) -> Result<Vec<InspectionSheet>, DeskError> {
        self.store.contact(contact, caller.team.as_ref()).await?.ok_or(DeskError::NotFound)?;
        Ok(self.store.sheets_of(contact).await?)
    }

    /// Sheets of the caller's own contacts, latest first. Who filled them in is not told.
    ///
    /// # Errors
    /// [`DeskError::NotFound`] for whoever serves no customers, [`DeskError::Store`].
    pub async fn own_sheets(&self, caller: &Caller) -> Result<Vec<InspectionSheet>, DeskError> {
        let staff = self.own_number(caller).await?.ok_or(DeskError::NotFound)?;
        let mut sheets = self.store.sheets_of_staff(&staff, LISTED).await?;
        for sheet in &mut sheets {
            sheet.filled_by.clear();
        }
        Ok(sheets)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tingxin_text::domain::Lang;

    fn form(text: &str) -> FormAsked {
        FormAsked { title: "测试表".to_owned(), groups: parse_form(text).unwrap() }
    }

    #[test]
    fn a_form_adds_up_to_a_hundred_and_says_by_how_much_it_does_not() {
        let whole =
            check_form(&form("# 规范\n问候 | 40\n# 解决\n告知时限 | 60 | 一票否决 | deadline_not_told"))
                .unwrap();
        let keys: Vec<&str> =
            whole.groups.iter().flat_map(|group| &group.items).map(|item| item.key.as_str()).collect();
        assert_eq!(keys, ["1.1", "2.1"]);

        let short =
            check_form(&form("# 规范\n问候 | 39.5\n# 解决\n告知时限 | 60")).unwrap_err().say(Lang::En);
        assert!(short.contains("99.5 points, not to 100"), "{short}");
        let empty =
            check_form(&FormAsked { title: "x".into(), groups: Vec::new() }).unwrap_err().say(Lang::Zh);
        assert!(empty.contains("1 至 60 个项目"), "{empty}");
    }

    #[test]
    fn every_shipped_form_can_be_filled_in() {
        for (title, text) in SHIPPED {
            let asked = FormAsked { title: (*title).to_owned(), groups: parse_form(text).unwrap() };
            check_form(&asked).unwrap_or_else(|fault| panic!("{title}: {}", fault.say(Lang::En)));
        }
    }
}
