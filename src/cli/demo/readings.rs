//! The random sample of the demo: drawn, and read by two people up to the last week.

use std::collections::HashMap;

use super::super::error::CliError;
use super::people::{People, REVIEWERS, actor};
use super::quarter::{Quarter, Read};
use super::small::plan_sample;
use crate::desk::PERIOD_WEEKS;
use crate::desk::samples::draw_due;
use crate::domain::{ContactRef, FlagStatus, Role, Rule};
use crate::store::{DueDraw, FoundRule, NewAudit, NewReading, Reply, SampleAnswer};

/// Contacts of everybody that are drawn of a week.
const DRAWN_PER_WEEK: u32 = 3;

/// More than a quarter draws.
const ALL: u32 = 10_000;

/// Of a thousand rules that apply, a reader misses so many.
const MISSED: u32 = 60;

/// Draws every week and has all but the last one read.
pub(super) async fn read(people: &People, quarter: &Quarter) -> Result<(), CliError> {
    let (store, week) = (&people.store, people.now.week());
    plan_sample(store, DRAWN_PER_WEEK, week - PERIOD_WEEKS).await?;
    draw_due(store, people.now).await.map_err(CliError::failure)?;
    let contacts = people.contacts(quarter).await?;
    let mut raised: HashMap<ContactRef, Vec<Rule>> = HashMap::new();
    for row in people.flags().await? {
        raised.entry(row.contact).or_default().push(row.flag.rule);
    }
    for reader in REVIEWERS {
        for draw in store.due_draws(reader, None, ALL).await.map_err(CliError::failure)? {
            let Some(read) = contacts.get(&draw.contact).filter(|_| draw.week < week - 1) else { continue };
            let flags = raised.get(&draw.contact).map(Vec::as_slice).unwrap_or_default();
            keep(people, reader, draw, (read, flags)).await?;
        }
    }
    Ok(())
}

/// Keeps what a reader says before the flags are shown, and about those that were not named.
async fn keep(
    people: &People,
    reader: &str,
    draw: DueDraw,
    (read, flags): (&Read, &[Rule]),
) -> Result<(), CliError> {
    let applies = |rule: Rule| read.finds(rule, flags.contains(&rule));
    let sees = |rule: &Rule| applies(*rule) && !read.happens(&format!("{reader} misses {rule}"), MISSED);
    let found: Vec<Rule> = Rule::ALL.iter().copied().filter(sees).collect();
    let mut open: Vec<Rule> = flags.iter().copied().filter(|rule| !found.contains(rule)).collect();
    open.sort_unstable();
    open.dedup();
    let replies: Vec<Reply> = open
        .iter()
        .map(|rule| {
            let status = if applies(*rule) { FlagStatus::Confirmed } else { FlagStatus::Rejected };
            Reply { rule: *rule, status }
        })
        .collect();
    let entry = |action| NewAudit {
        at: people.later(read.at, 9 * 24),
        actor: actor(reader, Role::Reviewer),
        action,
        object: draw.id.to_string(),
        result: "ok",
        purpose: None,
    };
    let found = found.into_iter().map(|rule| FoundRule { rule, turn: None, emotion: None }).collect();
    let reading = NewReading {
        draw: draw.id,
        revision: 1,
        answer: SampleAnswer { found, unclear: Vec::new() },
        raised: open,
        took_ms: Some(52_000),
        entry: entry("sample.read"),
    };
    if people.store.keep_reading(&reading).await.map_err(CliError::failure)? && !replies.is_empty() {
        let none: &[Reply] = &[];
        let said = (none, replies.as_slice());
        let entry = entry("sample.reply");
        people.store.keep_replies(draw.id, said, true, &entry).await.map_err(CliError::failure)?;
    }
    Ok(())
}
