//! The contacts of `samples/`, and what is planned on them.

use std::borrow::Cow;
use std::io::Cursor;

use rust_embed::Embed;

use super::super::error::CliError;
use super::super::input::Unread;
use crate::desk::samples::draw_due;
use crate::desk::{Caller, PERIOD_WEEKS};
use crate::domain::{Channel, UtcMillis};
use crate::ingest::{Placed, ReadOptions, read};
use crate::store::{ContactFilter, NewAudit, NewSamplePlan, SampleUnit, Store};

/// The sample contacts, compiled in.
#[derive(Embed)]
#[folder = "samples/"]
struct Samples;

/// Contacts of one member of staff that are drawn of a week.
const DRAWN_PER_WEEK: u32 = 1;

/// Plans a random sample and draws it from the weeks of the samples, whatever day it is.
pub(super) async fn draw_sample(store: &Store) -> Result<(), CliError> {
    let latest = store.contacts(&ContactFilter::default(), None, 200).await.map_err(CliError::failure)?;
    // Some samples do not say when they began, and stand first.
    let Some(latest) = latest.items.iter().find_map(|contact| contact.started_at) else { return Ok(()) };
    plan_sample(store, DRAWN_PER_WEEK, latest.week() - PERIOD_WEEKS).await?;
    let after = UtcMillis::of_week(latest.week() + 1);
    draw_due(store, after).await.map_err(CliError::failure)?;
    Ok(())
}

/// Plans the random sample: so many contacts of everybody in a week.
pub(super) async fn plan_sample(store: &Store, per_week: u32, since_week: i64) -> Result<(), CliError> {
    let entry = NewAudit {
        at: UtcMillis::now(),
        actor: Caller::system().actor,
        action: "sample.plan",
        object: "sample".to_owned(),
        result: "ok",
        purpose: None,
    };
    let plan = NewSamplePlan { unit: SampleUnit::Staff, per_week, seed: 1, since_week };
    store.add_sample_plan(&plan, &entry).await.map_err(CliError::failure)?;
    Ok(())
}

/// The samples.
pub(super) fn samples() -> impl Iterator<Item = Result<Placed, Unread>> + Send {
    // The index and the page about the samples lie beside them.
    let contacts = Samples::iter().filter(|name| name.contains('/'));
    contacts.flat_map(|name: Cow<'static, str>| {
        let bytes = Samples::get(&name).map(|file| file.data.into_owned()).unwrap_or_default();
        read(
            Box::new(Cursor::new(bytes)),
            &name,
            &ReadOptions { channel: Some(channel_of(&name)), ..ReadOptions::default() },
        )
        .map(|item| item.map_err(Unread::from))
    })
}

/// The channel in the name of a file. Only plain text asks for it; the other formats say it
/// themselves.
fn channel_of(name: &str) -> Channel {
    Channel::ALL.iter().find(|channel| name.contains(channel.as_str())).copied().unwrap_or(Channel::Hotline)
}
