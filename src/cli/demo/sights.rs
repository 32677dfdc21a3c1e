//! What to look at first: contacts in which what is said about them has really happened.

use super::super::error::CliError;
use crate::domain::{Analysis, ContactRef, Emotion, Rule, Speaker};
use crate::store::{FlagFilter, Store};

/// Contacts of a rule among which one is chosen.
const LOOKED_AT: u32 = 60;

/// A contact that is worth the click, and why.
pub(super) struct Sight {
    pub(super) contact: ContactRef,
    pub(super) why: &'static str,
}

/// What must have happened for a sentence to be right, the best first.
type SightClaim = (Rule, &'static [(fn(&Analysis) -> bool, &'static str)]);

const CLAIMS: [SightClaim; 3] = [
    (
        Rule::Escalation,
        &[
            (
                grew_angry,
                "escalation: calm at first and angry in the end; see the curve and the words behind every turn",
            ),
            (
                is_fair,
                "escalation: the mood grew clearly worse; see the curve and the words behind every turn",
            ),
        ],
    ),
    (
        Rule::AgentLapse,
        &[
            (
                lost_patience,
                "lapse: a turn of staff sounds hostile; nobody but reviewers sees it before one confirms it",
            ),
            (any, "lapse: a possible one; nobody but reviewers sees it before one confirms it"),
        ],
    ),
    (
        Rule::Recovery,
        &[
            (from_anger_to_thanks, "recovery: from anger to thanks; a call to learn from"),
            (is_fair, "recovery: upset at first, calm in the end; a call to learn from"),
        ],
    ),
];

/// The contacts to look at first, at most one for each claim.
pub(super) async fn find(store: &Store) -> Result<Vec<Sight>, CliError> {
    let mut sights: Vec<Sight> = Vec::new();
    for (rule, claims) in CLAIMS {
        let filter = FlagFilter { rule: Some(rule), ..FlagFilter::default() };
        let page = store.review_queue(&filter, None, LOOKED_AT).await.map_err(CliError::failure)?;
        let mut analyses = Vec::new();
        for flagged in page.items {
            let contact = flagged.contact.id;
            if sights.iter().any(|sight| sight.contact == contact) {
                continue;
            }
            if let Some(analysis) = store.analysis(contact, None).await.map_err(CliError::failure)? {
                analyses.push((contact, analysis));
            }
        }
        let found = claims.iter().find_map(|(holds, why)| {
            let (contact, _) = analyses.iter().find(|(_, analysis)| holds(analysis))?;
            Some(Sight { contact: *contact, why })
        });
        sights.extend(found);
    }
    Ok(sights)
}

fn any(_: &Analysis) -> bool {
    true
}

/// Nobody's words are flagged in it: whoever looks at a customer must not find staff accused.
fn is_fair(analysis: &Analysis) -> bool {
    analysis.flags.iter().all(|flag| flag.rule != Rule::AgentLapse)
}

fn grew_angry(analysis: &Analysis) -> bool {
    let mut customer = moods_of(analysis, Speaker::Customer);
    let calm = customer.next().is_some_and(|mood| !mood.is_negative());
    calm && is_fair(analysis) && customer.any(|mood| mood == Emotion::Anger)
}

fn from_anger_to_thanks(analysis: &Analysis) -> bool {
    let mut customer = moods_of(analysis, Speaker::Customer);
    let angry = customer.by_ref().any(|mood| mood == Emotion::Anger);
    angry && is_fair(analysis) && customer.any(|mood| mood == Emotion::Gratitude)
}

fn lost_patience(analysis: &Analysis) -> bool {
    moods_of(analysis, Speaker::Agent).any(|mood| mood == Emotion::Anger || mood == Emotion::Disgust)
}

/// What is heard in the turns of one side, in order.
fn moods_of(analysis: &Analysis, who: Speaker) -> impl Iterator<Item = Emotion> {
    let turns = analysis.utterances.iter().filter(move |turn| turn.speaker == who);
    turns.filter_map(|turn| turn.mood().map(|mood| mood.emotion))
}
