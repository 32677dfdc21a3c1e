//! How much of a person's wording many others use too (S14). A description, never a judgement of
//! what anybody feels.

use tingxin_statistics::minimum::TooFew;
use tingxin_statistics::scriptedness::{AgentTurn, Library, Scriptedness, Wording, scriptedness};
use tingxin_text::domain::{Analysis, Speaker, TokenRecord, UtteranceAnalysis};

use super::SEED;

/// Probability from which a turn of the customer is one that a reply to a complaint answers.
const NEGATIVE: f32 = 0.5;

/// A contact whose words are compared.
pub struct Worded {
    /// What was read in the contact.
    pub analysis: Analysis,
    /// Utterances of staff that are formulas: mandatory, and left out.
    pub formulas: Vec<usize>,
}

/// A turn of staff as words.
struct Said<'a> {
    words: Vec<&'a str>,
    mandatory: bool,
    answers_negative: bool,
}

fn said(contact: &Worded) -> Vec<Said<'_>> {
    let mut negative = false;
    let mut found = Vec::new();
    for UtteranceAnalysis { index, speaker, tokens, emotions, scorable, .. } in &contact.analysis.utterances {
        match speaker {
            Speaker::System => {}
            Speaker::Customer => {
                let read = emotions.filter(|_| *scorable);
                negative = read.map_or(negative, |emotions| emotions.negative() >= NEGATIVE);
            }
            Speaker::Agent => found.push(Said {
                words: tokens.iter().map(|TokenRecord { text, .. }| text.as_str()).collect(),
                mandatory: contact.formulas.contains(index),
                answers_negative: negative,
            }),
        }
    }
    found
}

fn turns<'a>(said: &'a [Said<'a>]) -> Vec<AgentTurn<'a, &'a str>> {
    said.iter()
        .map(|said| AgentTurn {
            tokens: said.words.as_slice(),
            mandatory: said.mandatory,
            answers_negative: said.answers_negative,
        })
        .collect()
}

/// Compares the wording of `own` contacts with that of other contacts.
///
/// # Errors
/// [`TooFew`] below 30 contacts.
pub fn wording(own: &[Worded], others: &[Worded]) -> Result<Option<Scriptedness>, TooFew> {
    let mut library = Library::default();
    // A contact is compared with others only, so its own words must be in the library once.
    for contact in own.iter().chain(others.iter().filter(|one| !own.iter().any(|contact| same(contact, one))))
    {
        library.add(&turns(&said(contact)));
    }
    let counted: Vec<Wording> = own.iter().map(|contact| library.wording(&turns(&said(contact)))).collect();
    scriptedness(&counted, SEED)
}

fn same(a: &Worded, b: &Worded) -> bool {
    a.analysis.contact_id == b.analysis.contact_id && a.analysis.source == b.analysis.source
}
