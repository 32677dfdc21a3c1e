//! `tingxin rescore`: contacts that another engine has read are read once more.

use std::collections::BTreeMap;
use std::sync::Arc;

use clap::Args;

use super::context::{Context, audit, block_on, say};
use super::error::{CliError, Outcome};
use super::import::analyse_all;
use super::options::DatabaseArguments;
use super::tables::{empty, right};
use crate::app;
use crate::domain::{Analysis, ContactRef, Rule, UtcMillis};
use crate::events::Deaf;
use crate::pipeline::Lane;
use crate::settings::Flags;
use crate::store::Store;

/// Contacts that are read at once for comparison.
const BATCH: usize = 32;

/// Read contacts again that were read by another model, word list or rule version
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Examples:
  tingxin rescore --dry-run
  tingxin rescore --since 2026-11-01
  tingxin rescore --analyze

What is queued is worked off by `serve`, after new contacts, or here with --analyze. The old analysis stays until the new one is there, verdicts stay with their flags. Safe to repeat: a contact that the engine in force has read is left alone.")]
pub(super) struct RescoreArguments {
    /// Only contacts of this day (in Beijing) and later
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    since: Option<UtcMillis>,
    /// Change nothing: read the contacts and say which flags would come and go
    #[arg(long)]
    dry_run: bool,
    /// Analyse in this process, too, and wait until nothing is left to do
    #[arg(long, conflicts_with = "dry_run")]
    analyze: bool,
    /// Emotion model instead of that of the settings
    #[arg(long, value_name = "NAME")]
    model: Option<String>,
    #[command(flatten)]
    database: DatabaseArguments,
}

/// Midnight in Beijing at the beginning of a day.
fn day(text: &str) -> Result<UtcMillis, String> {
    UtcMillis::parse_rfc3339(&format!("{text}T00:00:00+08:00"))
        .map_err(|_| "is a day as in 2026-11-01".to_owned())
}

/// Runs the command.
pub(super) fn run(context: &Context, arguments: &RescoreArguments) -> Result<Outcome, CliError> {
    let flags = Flags { model: arguments.model.clone(), ..arguments.database.flags() };
    let settings = context.settings(&flags)?.settings;
    block_on(async {
        let store = context.store(&flags).await?;
        let lane = app::start_lane(&settings, Arc::new(Deaf)).await.map_err(CliError::failure)?;
        let engine = lane.engine().fingerprint();
        if arguments.dry_run {
            let difference = compare(&store, &lane, &engine, arguments.since).await?;
            say(difference.table(&engine))?;
        } else {
            let queued = store
                .queue_rescoring(&engine, arguments.since, UtcMillis::now())
                .await
                .map_err(CliError::failure)?;
            audit(&store, "contacts.rescore", "database").await?;
            say(format_args!(
                "queued {queued} that {engine} has not read; `serve` reads them with the model of its settings"
            ))?;
            if arguments.analyze {
                analyse_all(&settings, &store).await?;
                say("nothing waits any more")?;
            }
        }
        store.close().await;
        Ok(())
    })?;
    Ok(Outcome::Done)
}

/// What would change.
#[derive(Default)]
struct Difference {
    contacts: usize,
    /// Contacts whose flags would be others.
    changed: usize,
    /// By rule: flags that would stay, come, go.
    rules: BTreeMap<Rule, [usize; 3]>,
}

impl Difference {
    fn add(&mut self, before: &Analysis, after: &Analysis) {
        let has = |analysis: &Analysis, rule| analysis.flags.iter().any(|flag| flag.rule == rule);
        let mut changes = false;
        for rule in Rule::ALL {
            let kind = match (has(before, *rule), has(after, *rule)) {
                (false, false) => continue,
                (true, true) => 0,
                (false, true) => 1,
                (true, false) => 2,
            };
            changes |= kind != 0;
            if let Some(count) = self.rules.entry(*rule).or_default().get_mut(kind) {
                *count += 1;
            }
        }
        self.contacts += 1;
        self.changed += usize::from(changes);
    }

    fn table(&self, engine: &str) -> String {
        let mut table = empty(vec!["rule", "stay", "come", "go"]);
        for (rule, counts) in &self.rules {
            let counts = counts.map(|count| right(count.to_string()));
            table.add_row(std::iter::once(comfy_table::Cell::new(rule.as_str())).chain(counts));
        }
        format!(
            "{table}\n{} contacts were read by another engine than {engine}; the flags of {} of them would change",
            self.contacts, self.changed
        )
    }
}

/// Reads every contact that would be queued, and stores nothing.
async fn compare(
    store: &Store,
    lane: &Lane,
    engine: &str,
    since: Option<UtcMillis>,
) -> Result<Difference, CliError> {
    let mut difference = Difference::default();
    let mut after: Option<ContactRef> = None;
    loop {
        let found = store.to_rescore(engine, since, after).await.map_err(CliError::failure)?;
        let Some(last) = found.last() else { return Ok(difference) };
        after = Some(*last);
        for part in found.chunks(BATCH) {
            let (mut contacts, mut before) = (Vec::new(), Vec::new());
            for id in part {
                let record = store.contact(*id, None).await.map_err(CliError::failure)?;
                let analysis = store.analysis(*id, None).await.map_err(CliError::failure)?;
                if let Some((record, analysis)) = record.zip(analysis) {
                    contacts.push(record.contact);
                    before.push(analysis);
                }
            }
            let read = lane.analyse(contacts).await.map_err(CliError::failure)?;
            for (before, after) in before.iter().zip(&read) {
                difference.add(before, &after.analysis);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_midnight_in_beijing() {
        assert_eq!(day("2026-11-01").unwrap().to_rfc3339(), "2026-10-31T16:00:00.000Z");
        assert!(day("1.11.2026").is_err());
    }
}
