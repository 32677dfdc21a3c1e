//! [`ScoredContact`] → [`Signals`]: how mood moved in a contact, with its uncertainty.
//!
//! On a single contact the product reports *events with their evidence* («the customer's mood got
//! worse from turn 7 on»), never a coefficient of contagion: with twenty utterances even a strong
//! coupling is found in one contact out of eleven, and what is found is mostly chance
//! (`docs/adr/0004-events-not-coefficients.md`). Coupling belongs to statistics over many contacts.
//!
//! Every number is defined in `docs/scoring/reviewer.md`.

mod acts;
mod draws;
mod dyad;
mod echo;
mod events;
mod notes;
mod random;
mod report;
mod satisfaction;
mod trajectory;
mod turning;
mod turns;

use tingxin_text::domain::{Body, ContactMeasures, Header, ScoredContact, Signals};

use report::SignalReport;
pub use trajectory::Course;

/// Measures every signal of a contact. Pure and deterministic: the draws are seeded by the contact.
///
/// Every name of [`SignalName`](tingxin_text::domain::SignalName) is either measured or skipped
/// with a reason.
#[must_use]
pub fn measure(contact: &ScoredContact) -> Signals {
    let mut report = SignalReport::default();
    satisfaction::measure(contact, &mut report);
    match &contact.body {
        Body::Transcript(turns) => {
            let customer = turns::customer_turns(turns);
            let draws = draws::Draws::sample(&customer.turns, seed(&contact.header));
            trajectory::measure(&customer, &draws, &mut report);
            events::measure(&customer, &draws, &mut report);
            turning::measure(turns, &customer, &draws, &mut report);
            turning::agent_first(turns, &mut report);
            acts::measure(turns, &mut report);
            notes::skip_in_transcript(&mut report);
            customer.note_unreadable(&mut report);
        }
        Body::Note(sentences) => notes::measure(sentences, &mut report),
    }
    report.finish()
}

/// The numbers of a transcript that go into statistics over many contacts; the contact and its
/// signals must hold readings alone, for one that has seen its neighbours couples the two sides by
/// itself. `None` for a note, whose emotions are reported and not expressed. `asked` says whether
/// staff asked if the matter is settled, where that was due.
#[must_use]
pub fn reduce(contact: &ScoredContact, signals: &Signals, asked: Option<bool>) -> Option<ContactMeasures> {
    match &contact.body {
        Body::Transcript(turns) => Some(dyad::reduce(turns, signals, asked)),
        Body::Note(_) => None,
    }
}

/// The identity of the contact, so that the same contact is drawn alike on every machine and in
/// every batch, while two contacts do not share their luck.
fn seed(header: &Header) -> u64 {
    random::seed_of(&[
        header.source.as_str().as_bytes(),
        header.contact_id.as_str().as_bytes(),
        &header.revision.to_le_bytes(),
    ])
}
