//! Parcels → redacted contacts, in one sequence over several parcels.

use std::io::ErrorKind;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::parcel::OpenParcel;
use crate::domain::{Intake, Refusal};
use crate::ingest::{self, ContactStream, ReadError, ReadOptions};
use crate::redact::Redactor;

/// What a parcel holds, without its ticket.
#[derive(Clone)]
pub(super) struct Contents {
    pub(super) name: String,
    pub(super) open: OpenParcel,
}

/// One finding in a parcel.
pub(super) enum ParcelItem {
    /// A contact, and the line at which it stands.
    Contact(Box<Intake>, u64),
    /// What is no contact and never will be.
    Refused(Refusal),
    /// The parcel is not there any more: somebody else has taken it, or took it back.
    Gone,
}

/// A finding with the position of its parcel.
pub(super) type FoundIn = (usize, ParcelItem);

/// Bytes of text of a finding.
pub(super) fn bytes((_, found): &FoundIn) -> usize {
    match found {
        ParcelItem::Contact(intake, _) => {
            intake.contact.body.texts().map(|(_, line)| line.text.as_str().len()).sum()
        }
        ParcelItem::Refused(_) | ParcelItem::Gone => 0,
    }
}

/// Everything that is found in these parcels, in their order.
pub(super) fn findings(
    contents: Vec<Contents>,
    options: ReadOptions,
    redactor: Redactor,
) -> impl Iterator<Item = FoundIn> + Send {
    contents.into_iter().enumerate().flat_map(move |(at, contents)| {
        let name = contents.name.clone();
        let redactor = redactor.clone();
        let (stream, gone) = match opened(contents, &options) {
            Ok(stream) => (Some(stream), None),
            Err(found) => (None, Some(found)),
        };
        let found =
            stream.into_iter().flat_map(move |stream| unharmed(stream, name.clone(), redactor.clone()));
        found.chain(gone).map(move |found| (at, found))
    })
}

fn opened(contents: Contents, options: &ReadOptions) -> Result<ContactStream, ParcelItem> {
    let Contents { name, open } = contents;
    match open() {
        Ok(bytes) => Ok(ingest::read_file(bytes, Box::new(move || open()), &name, options)),
        Err(cause) if cause.kind() == ErrorKind::NotFound => Err(ParcelItem::Gone),
        Err(cause) => Err(ParcelItem::Refused(unreadable(&name, &cause))),
    }
}

/// The findings of one parcel. What no reader should do is end by a defect; if one does, the parcel
/// is refused and the next one read. Else the same parcel would end every process that is given it.
fn unharmed(
    stream: ContactStream,
    name: String,
    redactor: Redactor,
) -> impl Iterator<Item = ParcelItem> + Send {
    let mut stream = Some(stream);
    std::iter::from_fn(move || {
        let reading = stream.as_mut()?;
        let next = catch_unwind(AssertUnwindSafe(|| next_of(reading, &redactor)));
        // The message of a panic may repeat a text of the contact, so it is not looked at.
        let next = next.unwrap_or_else(|_| {
            let message = "the program failed while it read this; please report it with the file";
            let mut refusal = Refusal::new("analysis_failed", message);
            refusal.file = Some(name.clone());
            stream = None;
            Some(ParcelItem::Refused(refusal))
        });
        if matches!(next, Some(ParcelItem::Refused(ref refusal)) if refusal.code == UNREADABLE) {
            stream = None;
        }
        next
    })
}

fn next_of(stream: &mut ContactStream, redactor: &Redactor) -> Option<ParcelItem> {
    loop {
        return Some(match stream.next()? {
            Ok(placed) => ParcelItem::Contact(Box::new(redactor.redact(placed.contact)), placed.line),
            Err(ReadError::Refused(refusal)) => ParcelItem::Refused(refusal),
            Err(ReadError::Notice(_)) => continue,
            Err(ReadError::Broken { name, cause }) => ParcelItem::Refused(unreadable(&name, &cause)),
        });
    }
}

const UNREADABLE: &str = "unreadable_file";

fn unreadable(name: &str, cause: &std::io::Error) -> Refusal {
    let mut refusal = Refusal::new(UNREADABLE, format!("cannot be read: {cause}"));
    refusal.file = Some(name.to_owned());
    refusal
}
