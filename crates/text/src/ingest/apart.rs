//! Contacts whose rows do not stand together in a table.
//!
//! Exports by time of day mix the calls that went on at the same time. A contact is taken whole or
//! not at all, so it must be known before it is handed out whether more of it comes: a first look
//! at the table counts in how many places the rows of each stand.

use std::collections::{HashMap, HashSet};
use std::hash::{BuildHasher as _, RandomState};

/// Most contacts of one table: what is remembered of so many takes some 80 MB.
const MOST: usize = 4_000_000;

/// What tells the contacts of a table apart.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Identity {
    pub(super) source: String,
    pub(super) contact_id: String,
}

impl Identity {
    /// Rows without an id belong to nobody, and each stands alone.
    pub(super) fn is_known(&self) -> bool {
        !self.contact_id.is_empty()
    }
}

/// Which contacts stand in several places, and how many of these are still to come. Contacts are
/// remembered as 64 bits of a keyed digest: of two that share them one waits for rows that never
/// come, and is refused.
#[derive(Debug, Default)]
pub(super) struct Apart {
    hasher: RandomState,
    places: HashMap<u64, u32>,
    given_up: HashSet<u64>,
    seen: HashSet<u64>,
    last: Option<u64>,
}

impl Apart {
    /// At the first look: takes note of a row. `false` when there are too many contacts.
    pub(super) fn saw(&mut self, identity: &Identity) -> bool {
        let now = identity.is_known().then(|| self.hasher.hash_one(identity));
        let last = std::mem::replace(&mut self.last, now);
        if let Some(contact) = now.filter(|_| now != last)
            && !self.seen.insert(contact)
        {
            *self.places.entry(contact).or_insert(1) += 1;
        }
        self.seen.len() <= MOST
    }

    /// Ends the first look: only those that stand apart are remembered.
    pub(super) fn counted(self) -> Self {
        Self { seen: HashSet::new(), last: None, ..self }
    }

    /// At the second look, behind each place of a contact: whether nothing more of it comes.
    pub(super) fn is_last(&mut self, identity: &Identity) -> bool {
        let contact = self.hasher.hash_one(identity);
        let Some(places) = self.places.get_mut(&contact).filter(|_| identity.is_known()) else { return true };
        *places = places.saturating_sub(1);
        *places == 0
    }

    /// Rows of this contact that are still to come are not taken.
    pub(super) fn give_up(&mut self, identity: &Identity) {
        self.given_up.insert(self.hasher.hash_one(identity));
    }

    pub(super) fn is_given_up(&self, identity: &Identity) -> bool {
        !self.given_up.is_empty()
            && identity.is_known()
            && self.given_up.contains(&self.hasher.hash_one(identity))
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;
    use std::io::Cursor;

    use super::super::{ReadError, ReadOptions, read, read_file};
    use crate::domain::{RawContact, Refusal};

    /// The contacts of a table as a pipe gives them and as a file does.
    fn both(table: &str) -> [Vec<Result<RawContact, Refusal>>; 2] {
        let bytes = table.as_bytes().to_vec();
        let again = bytes.clone();
        let piped = read(Box::new(Cursor::new(bytes.clone())), "t.csv", &ReadOptions::default());
        let open = Box::new(move || {
            let all: Box<dyn std::io::Read + Send> = Box::new(Cursor::new(again.clone()));
            Ok(all)
        });
        let filed = read_file(Box::new(Cursor::new(bytes)), open, "t.csv", &ReadOptions::default());
        [piped, filed].map(|stream| {
            stream
                .map(|item| match item {
                    Ok(placed) => Ok(placed.contact),
                    Err(ReadError::Refused(refusal)) => Err(refusal),
                    Err(broken) => panic!("{broken}"),
                })
                .collect()
        })
    }

    fn id(contact: &RawContact) -> &str {
        contact.header.contact_id.as_str()
    }

    #[test]
    fn contacts_that_are_mixed_row_by_row_are_taken_whole() {
        let mut table = "contact_id,speaker,text\n".to_owned();
        for turn in 0..20 {
            for contact in 0..50 {
                writeln!(table, "C-{contact},{},第{turn}句", ["agent", "customer"][turn % 2]).unwrap();
            }
        }

        for contacts in both(&table) {
            assert_eq!(contacts.len(), 50);
            assert!(contacts.iter().flatten().all(|contact| contact.body.len() == 20), "{contacts:?}");
        }
    }

    #[test]
    fn a_contact_that_stands_apart_is_refused_whole_when_one_of_its_rows_is() {
        let table =
            "contact_id,speaker,text\n1,agent,好\n2,agent,好\n1,boss,好\n2,customer,好\n1,customer,好\n";

        for contacts in both(table) {
            let (taken, refused): (Vec<_>, Vec<_>) = contacts.into_iter().partition(Result::is_ok);
            assert_eq!(taken.iter().flatten().map(id).collect::<Vec<_>>(), ["2"]);
            assert_eq!(
                refused.into_iter().filter_map(Result::err).map(|r| r.line).collect::<Vec<_>>(),
                [Some(4)]
            );
        }
    }

    #[test]
    fn what_cannot_be_held_is_refused_whole_and_once_and_the_others_are_taken() {
        // Eighty contacts of thirty kilobytes, all of their first rows before all of their last.
        let long = "好".repeat(1_000);
        let mut table = "contact_id,speaker,text\n".to_owned();
        for half in 0..2 {
            for contact in 0..80 {
                for _ in 0..9 {
                    writeln!(table, "C-{contact},agent,{half}{long}").unwrap();
                }
            }
        }
        let bytes = table.into_bytes();
        let again = bytes.clone();
        let open = Box::new(move || {
            let all: Box<dyn std::io::Read + Send> = Box::new(Cursor::new(again.clone()));
            Ok(all)
        });

        let contacts: Vec<_> =
            read_file(Box::new(Cursor::new(bytes)), open, "t.csv", &ReadOptions::default()).collect();

        let taken = contacts.iter().flatten().filter(|placed| placed.contact.body.len() == 18).count();
        let refused = contacts.iter().filter(|item| item.is_err()).count();
        assert_eq!((taken + refused, contacts.len()), (80, 80));
        assert!(taken > 20 && refused > 0, "{taken} taken, {refused} refused");
    }

    #[test]
    fn a_file_that_changes_between_the_two_looks_stores_no_half_contact() {
        let first = "contact_id,speaker,text\n1,agent,好\n2,agent,好\n1,customer,好\n";
        let second = "contact_id,speaker,text\n1,agent,好\n2,agent,好\n";
        let open = Box::new(move || {
            let all: Box<dyn std::io::Read + Send> = Box::new(Cursor::new(first));
            Ok(all)
        });

        let contacts: Vec<_> =
            read_file(Box::new(Cursor::new(second)), open, "t.csv", &ReadOptions::default()).collect();

        assert_eq!(contacts.iter().flatten().map(|placed| id(&placed.contact)).collect::<Vec<_>>(), ["2"]);
        assert!(
            matches!(&contacts[1], Err(ReadError::Refused(refusal)) if refusal.message.contains("changed"))
        );
    }
}
