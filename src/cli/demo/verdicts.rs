//! What the reviewers of the demo have said about flags in the weeks before.

use super::super::error::CliError;
use super::people::{People, REVIEWERS, actor};
use super::quarter::{Quarter, Read};
use crate::domain::{FlagStatus, Objection, Role, Rule};
use crate::store::{FlagRow, NewVerdict};

/// Hours in which reviewers get to most flags; those that are younger still wait.
const BACKLOG_HOURS: i64 = 4 * 24;

/// Of a thousand older flags, so many were judged.
const JUDGED: u32 = 780;

/// Of a thousand flags in the backlog, so many were judged.
const JUDGED_EARLY: u32 = 120;

/// Of a thousand verdicts, so many are «unclear».
const UNCLEAR: u32 = 30;

/// Judges most flags, by what is to be found in the contacts.
pub(super) async fn judge(people: &People, quarter: &Quarter) -> Result<(), CliError> {
    let read = people.contacts(quarter).await?;
    // The oldest first, as they were judged.
    for row in people.flags().await?.iter().rev() {
        let Some(read) = read.get(&row.contact) else { continue };
        if let Some(verdict) = verdict(people, row, read) {
            people.store.judge(&verdict, None).await.map_err(CliError::failure)?;
        }
    }
    Ok(())
}

fn verdict(people: &People, row: &FlagRow, read: &Read) -> Option<NewVerdict> {
    let rule = row.flag.rule;
    let young = people.later(read.at, BACKLOG_HOURS) >= people.now;
    let share = if young { JUDGED_EARLY } else { JUDGED };
    if !read.happens(&format!("judged {rule}"), share) {
        return None;
    }
    let status = if read.happens(&format!("unclear {rule}"), UNCLEAR) {
        FlagStatus::Unclear
    } else if read.finds(rule, true) {
        FlagStatus::Confirmed
    } else {
        FlagStatus::Rejected
    };
    let second = read.happens("second reviewer", 400);
    let (hours, note) = if second { (50, None) } else { (26, note(rule, status)) };
    let [first, other] = REVIEWERS;
    Some(NewVerdict {
        flag: row.id,
        utterances: row.flag.utterances.clone(),
        revision: None,
        seen: None,
        status,
        objection: (status == FlagStatus::Rejected).then(|| objection(rule)),
        note: note.map(|note| people.words(note)),
        took_ms: Some(if second { 41_000 } else { 27_000 }),
        by: actor(if second { other } else { first }, Role::Reviewer),
        at: people.later(read.at, hours),
    })
}

fn objection(rule: Rule) -> Objection {
    match rule {
        Rule::DeadlineNotTold => Objection::NoOccasion,
        Rule::SatisfactionNotAsked => Objection::Done,
        Rule::Escalation | Rule::NegativeEnding | Rule::LikelyDissatisfied => Objection::Context,
        Rule::ReportedDistress => Objection::Quotation,
        _ => Objection::Misread,
    }
}

/// What a reviewer writes beside a verdict, where there is something to say.
fn note(rule: Rule, status: FlagStatus) -> Option<&'static str> {
    match (rule, status) {
        (Rule::AgentLapse, FlagStatus::Confirmed) => Some("语气不耐烦，指责客户，需要和本人一起听一遍。"),
        (Rule::Recovery, FlagStatus::Confirmed) => Some("先安抚再给准确时限，可以做案例。"),
        (Rule::DeadlineNotTold, FlagStatus::Rejected) => Some("只是登记备忘，当场已经办完，不需要时限。"),
        _ => None,
    }
}
