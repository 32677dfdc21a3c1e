//! A form in use, and what a reviewer gave with it for contacts of the last weeks.

use super::super::error::CliError;
use super::people::{People, actor};
use super::quarter::OWN_STAFF;
use crate::desk::forms::{BlankSheet, FormAsked, MarkGiven, SHIPPED, SheetAsked, parse_form};
use crate::desk::{Caller, Desk};
use crate::domain::{ContactRef, FormItem, Lang, Points, Role, StaffId};
use crate::store::ContactFilter;

/// Sheets: more than the minimum of a mean, and few enough to be filled in at once.
const SHEETS: usize = 60;

/// Contacts that are looked through for them.
const LOOKED_THROUGH: u32 = 200;

/// Of these, contacts of the person whose account the demo has.
const OWN: usize = 4;

fn person(name: &str, role: Role) -> Caller {
    Caller {
        actor: actor(&format!("user:{name}"), role),
        team: None,
        account: Some(name.to_owned()),
        purpose: None,
    }
}

/// Publishes the first of the shipped forms and fills it in.
pub(super) async fn score(people: &People, desk: &Desk) -> Result<(), CliError> {
    let Some((title, plan)) = SHIPPED.first() else { return Ok(()) };
    let manager = person("zhuguan", Role::Supervisor);
    let groups = parse_form(plan).map_err(|fault| CliError::failure(fault.say(Lang::En)))?;
    let asked = FormAsked { title: (*title).to_owned(), groups };
    let (form, version) = desk.draft_form(&manager, None, &asked).await.map_err(CliError::failure)?;
    desk.publish_form(&manager, form, version).await.map_err(CliError::failure)?;
    let reviewer = person("zhijian", Role::Reviewer);
    for (at, contact) in contacts(people).await?.into_iter().enumerate() {
        let blank = desk.blank_sheet(contact, form).await.map_err(CliError::failure)?;
        let record = people.store.contact(contact, None).await.map_err(CliError::failure)?;
        let Some(record) = record else { continue };
        let marks = marks(&blank, at);
        let sheet = SheetAsked { revision: record.contact.header.revision, form, version, marks };
        desk.fill_sheet(&reviewer, contact, sheet).await.map_err(CliError::failure)?;
    }
    Ok(())
}

/// Some of the person whose account the demo has, then of everybody, not neighbours.
async fn contacts(people: &People) -> Result<Vec<ContactRef>, CliError> {
    let own = ContactFilter { staff: StaffId::new(OWN_STAFF).ok(), ..ContactFilter::default() };
    let mut chosen = Vec::new();
    for (filter, most) in [(own, OWN), (ContactFilter::default(), SHEETS - OWN)] {
        let page = people.store.contacts(&filter, None, LOOKED_THROUGH).await.map_err(CliError::failure)?;
        let apart = page.items.iter().step_by((page.items.len() / most).max(1)).map(|one| one.id);
        let others: Vec<ContactRef> = apart.filter(|id| !chosen.contains(id)).take(most).collect();
        chosen.extend(others);
    }
    Ok(chosen)
}

/// What the program proposes, but for what a person hears and it does not: the same at every start.
fn marks(blank: &BlankSheet, at: usize) -> Vec<MarkGiven> {
    let items = blank.form.groups.iter().flat_map(|group| &group.items);
    let mark = |(place, item): (usize, &FormItem)| {
        let proposed =
            blank.proposals.iter().find(|one| one.item == item.key).map_or(item.full, |one| one.got);
        let got = match (at * 7 + place * 13) % 29 {
            0 => None,
            1..=3 => Points::of_tenths(item.full.tenths() / 20 * 10),
            _ => Some(proposed),
        };
        MarkGiven { item: item.key.clone(), got, note: None }
    };
    items.enumerate().map(mark).collect()
}
