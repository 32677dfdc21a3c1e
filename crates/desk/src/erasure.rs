//! Erasing people, and what must not be erased.

use tingxin_store::{Erasable, Extent, Held, LegalHold, Store};
use tingxin_text::domain::{
    ContactId, ContactRef, CustomerPseudonym, RawCustomerId, SourceId, StaffId, UtcMillis,
};
use tingxin_text::redact::Redactor;
use uuid::Uuid;

use crate::desk::note;
use crate::{Caller, Desk, DeskError, write_down};

/// Digits of a pseudonym in the audit log: enough to find the entry for a customer who asks, too
/// few to join tables by.
const LABEL_DIGITS: usize = 12;

/// Whom or what somebody asks about.
#[derive(Debug, Clone)]
pub enum Subject {
    /// One contact, by its identity.
    Contact {
        /// The system it came from.
        source: SourceId,
        /// Its id there.
        contact_id: ContactId,
    },
    /// A customer, by the id that the sources use.
    Customer(RawCustomerId),
    /// A member of staff.
    Staff(StaffId),
}

/// What an erasure found and did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Erased {
    /// What there was.
    pub before: Extent,
    /// Contacts that are erased now, or that have lost the work number.
    pub contacts: u64,
}

fn pseudonym(redactor: &Redactor, customer: &RawCustomerId) -> Result<CustomerPseudonym, DeskError> {
    let blank = || DeskError::field("/customer", "the customer's id must not be empty");
    redactor.pseudonym(customer).ok_or_else(blank)
}

async fn contact(store: &Store, source: &SourceId, id: &ContactId) -> Result<ContactRef, DeskError> {
    store.find_contact(source, id).await?.ok_or(DeskError::NotFound)
}

/// The subject by the keys that the store knows. A customer's pseudonym is computed here.
pub(crate) async fn resolve(
    store: &Store,
    redactor: &Redactor,
    subject: &Subject,
) -> Result<Erasable, DeskError> {
    Ok(match subject {
        Subject::Contact { source, contact_id } => {
            Erasable::Contact(contact(store, source, contact_id).await?)
        }
        Subject::Customer(customer) => Erasable::Customer(pseudonym(redactor, customer)?),
        Subject::Staff(staff) => Erasable::Staff(staff.clone()),
    })
}

/// The subject as the audit log names it.
pub(crate) fn label(subject: &Erasable) -> String {
    match subject {
        Erasable::Contact(id) => format!("contact {id}"),
        Erasable::Customer(customer) => label_of(customer),
        Erasable::Staff(staff) => format!("staff {staff}"),
    }
}

fn label_of(customer: &CustomerPseudonym) -> String {
    let digits: String = customer.as_str().chars().take(LABEL_DIGITS).collect();
    format!("customer {digits}")
}

/// Whoever is limited to a team erases, holds and hands over nobody: people meet many teams.
pub(crate) fn unlimited(caller: &Caller) -> Result<(), DeskError> {
    if caller.team.is_some() { Err(DeskError::OtherTeam) } else { Ok(()) }
}

/// How much there is of somebody, and how much of it a legal hold keeps. Changes nothing.
///
/// # Errors
/// [`DeskError::NotFound`] for a contact that is not there, [`DeskError::Field`],
/// [`DeskError::Store`].
pub async fn extent(store: &Store, redactor: &Redactor, subject: &Subject) -> Result<Extent, DeskError> {
    Ok(store.extent(&resolve(store, redactor, subject).await?).await?)
}

/// Erases somebody. That it was begun is written to the audit log before anything goes, and what
/// came of it after. The files still hold what was deleted until [`Store::scrub`].
///
/// # Errors
/// [`DeskError::NotFound`] for a contact that is not there, [`DeskError::OtherTeam`] for whoever is
/// limited to a team, [`DeskError::Field`], [`DeskError::Store`].
pub async fn erase(
    store: &Store,
    redactor: &Redactor,
    caller: &Caller,
    subject: &Subject,
) -> Result<Erased, DeskError> {
    unlimited(caller)?;
    let subject = resolve(store, redactor, subject).await?;
    let (before, label) = (store.extent(&subject).await?, label(&subject));
    write_down(store, caller, "person.erase", label.as_str(), true).await?;
    let contacts = store.erase(&subject, UtcMillis::now()).await?;
    let told = format!("{label}: {contacts} contacts, {} held", before.held);
    write_down(store, caller, "person.erased", told, true).await?;
    Ok(Erased { before, contacts })
}

/// Holds a contact or every contact of a customer, for example for a dispute. Its key.
///
/// # Errors
/// [`DeskError::Field`] for the note, for staff, and where there is a hold already;
/// [`DeskError::NotFound`], [`DeskError::OtherTeam`], [`DeskError::Store`].
pub async fn place_hold(
    store: &Store,
    redactor: &Redactor,
    caller: &Caller,
    (subject, reason): (&Subject, &str),
) -> Result<Uuid, DeskError> {
    unlimited(caller)?;
    let reason = note(redactor, reason)?;
    let subject = resolve(store, redactor, subject).await?;
    let held = match &subject {
        Erasable::Contact(id) => Held::Contact(*id),
        Erasable::Customer(customer) => Held::Customer(customer.clone()),
        Erasable::Staff(_) => {
            return Err(DeskError::field("/staff", "hold the contacts or the customer of the dispute"));
        }
    };
    let placed = store.place_hold(&held, &reason, &caller.actor.name, UtcMillis::now()).await?;
    let id = placed.ok_or_else(|| DeskError::field("", "there is a hold on it already"))?;
    write_down(store, caller, "hold.place", format!("{} {id}", label(&subject)), true).await?;
    Ok(id)
}

/// Ends a hold.
///
/// # Errors
/// [`DeskError::NotFound`], [`DeskError::OtherTeam`], [`DeskError::Store`].
pub async fn release_hold(store: &Store, caller: &Caller, id: Uuid) -> Result<(), DeskError> {
    unlimited(caller)?;
    if !store.release_hold(id).await? {
        return Err(DeskError::NotFound);
    }
    write_down(store, caller, "hold.release", id.to_string(), true).await
}

/// Every hold in force, latest first.
///
/// # Errors
/// [`DeskError::OtherTeam`], [`DeskError::Store`].
pub async fn holds(store: &Store, caller: &Caller) -> Result<Vec<LegalHold>, DeskError> {
    unlimited(caller)?;
    let holds = store.legal_holds().await?;
    write_down(store, caller, "holds.list", "holds", true).await?;
    Ok(holds)
}

impl Desk {
    /// How much there is of somebody.
    ///
    /// # Errors
    /// As [`extent`]; [`DeskError::OtherTeam`] for whoever is limited to a team.
    pub async fn extent(&self, caller: &Caller, subject: &Subject) -> Result<Extent, DeskError> {
        unlimited(caller)?;
        let found = extent(&self.store, &self.redactor, subject).await?;
        let label = label(&resolve(&self.store, &self.redactor, subject).await?);
        self.write_down(caller, "person.look_up", label, true).await?;
        Ok(found)
    }

    /// Erases somebody, and forgets the figures that still knew them.
    ///
    /// # Errors
    /// As [`erase`].
    pub async fn erase(&self, caller: &Caller, subject: &Subject) -> Result<Erased, DeskError> {
        let erased = erase(&self.store, &self.redactor, caller, subject).await?;
        self.forget_figures().await;
        Ok(erased)
    }

    /// Holds a contact or a customer. Its key.
    ///
    /// # Errors
    /// As [`place_hold`].
    pub async fn place_hold(
        &self,
        caller: &Caller,
        subject: &Subject,
        reason: &str,
    ) -> Result<Uuid, DeskError> {
        place_hold(&self.store, &self.redactor, caller, (subject, reason)).await
    }
}
