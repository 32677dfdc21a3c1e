//! `tingxin distribute`.

use clap::Args;

use super::context::{Context, block_on, say};
use super::error::{CliError, Outcome};
use super::options::DatabaseArguments;
use crate::app::review_terms;
use crate::desk::{Caller, assignments};

/// Give flagged contacts to reviewers by the stored rules (`serve` does this by itself once a minute)
#[derive(Debug, Clone, Args)]
#[command(after_help = "\
Example: tingxin distribute

Leads keep the rules in the console (/assignments) or over the API. A reviewer gets more up to review.most_open unjudged contacts; what no rule fits stays everybody's.")]
pub(super) struct Distribute {
    #[command(flatten)]
    database: DatabaseArguments,
}

/// Runs `distribute`.
pub(super) fn run(context: &Context, arguments: &Distribute) -> Result<Outcome, CliError> {
    let settings = context.settings(&arguments.database.flags())?.settings;
    block_on(async {
        let store = context.store(&arguments.database.flags()).await?;
        let given = assignments::distribute(&store, &Caller::system(), review_terms(&settings)).await;
        store.close().await;
        say(format_args!("{} contacts were given to reviewers", given.map_err(CliError::failure)?))
    })?;
    Ok(Outcome::Done)
}
