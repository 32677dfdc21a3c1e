//! How a command ends.

use std::error::Error;
use std::io::Write as _;
use std::process::ExitCode;

/// Everything was done.
const DONE: u8 = 0;
/// Exit status of a command that failed.
const FAILED: u8 = 1;
/// Some contacts were refused, the others were taken.
const SOME_REFUSED: u8 = 2;
/// The command line was wrong: `EX_USAGE` of BSD's sysexits. Clap's own 2 would read as «some
/// refused».
const WRONG_USAGE: u8 = 64;

/// A command that came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Everything was done.
    Done,
    /// Some contacts were refused.
    SomeRefused,
    /// Some inputs could not be read; each was named when it was met.
    SomeUnread,
    /// Some figures miss their targets.
    SomeMissed,
    /// What was checked is not as it should be.
    Broken,
}

impl Outcome {
    /// What a command that read contacts came to.
    #[must_use]
    pub(super) const fn of(refused: u64, unread: u64) -> Self {
        match (refused, unread) {
            (0, 0) => Self::Done,
            (_, 0) => Self::SomeRefused,
            _ => Self::SomeUnread,
        }
    }
}

/// A command that did not.
#[derive(Debug)]
pub(super) enum CliError {
    /// The arguments make no sense together.
    Usage(String),
    /// The work failed.
    Failure(Box<dyn Error + Send + Sync>),
    /// Whoever read our output has gone, as `head` does. That is no failure.
    ReaderGone,
}

impl CliError {
    pub(super) fn failure(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::Failure(cause.into())
    }

    /// For results of writing to standard output.
    #[expect(clippy::needless_pass_by_value, reason = "the signature that `map_err` asks for")]
    pub(super) fn of_output(cause: std::io::Error) -> Self {
        if cause.kind() == std::io::ErrorKind::BrokenPipe {
            Self::ReaderGone
        } else {
            Self::failure(format!("cannot write to standard output: {cause}"))
        }
    }
}

/// Prints what clap has to say: help and version on standard output, refusals on standard error.
pub(super) fn usage(refusal: &clap::Error) -> ExitCode {
    // A closed pipe (`tingxin --help | head -1`) is no failure.
    let _ = refusal.print();
    ExitCode::from(if refusal.use_stderr() { WRONG_USAGE } else { DONE })
}

/// Prints why a command failed and chooses the exit status.
pub(super) fn exit(outcome: Result<Outcome, CliError>) -> ExitCode {
    ExitCode::from(match outcome {
        Ok(Outcome::Done) | Err(CliError::ReaderGone) => DONE,
        Ok(Outcome::SomeRefused | Outcome::SomeMissed | Outcome::Broken) => SOME_REFUSED,
        Ok(Outcome::SomeUnread) => FAILED,
        Err(CliError::Usage(sentence)) => {
            complain(&sentence);
            WRONG_USAGE
        }
        Err(CliError::Failure(cause)) => {
            complain(&chain(&*cause));
            FAILED
        }
    })
}

fn complain(sentence: &str) {
    // Nobody to tell when standard error is closed; the exit status still speaks.
    let _ = writeln!(std::io::stderr().lock(), "tingxin: {sentence}");
}

/// An error and its causes on one line. A cause that its error has already quoted is not repeated.
fn chain(error: &(dyn Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        let sentence = cause.to_string();
        if !text.contains(&sentence) {
            text.push_str(": ");
            text.push_str(&sentence);
        }
        next = cause.source();
    }
    text
}
