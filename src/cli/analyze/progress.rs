//! A bar for people who wait. Only on a terminal: a log file needs no animation.

use std::io::IsTerminal as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use indicatif::{HumanCount, ProgressBar, ProgressStyle};

/// How far the work is.
pub(super) struct Progress {
    bar: Option<ProgressBar>,
    read: Arc<AtomicU64>,
    began: Instant,
    contacts: u64,
    utterances: u64,
}

impl Progress {
    /// Shows a bar unless `quiet` or standard error is no terminal. `total` is the number of bytes
    /// to read, if known; `read` counts those that were.
    pub(super) fn start(quiet: bool, total: Option<u64>, read: Arc<AtomicU64>) -> Self {
        let visible = !quiet && std::io::stderr().is_terminal();
        Self { bar: visible.then(|| bar(total)), read, began: Instant::now(), contacts: 0, utterances: 0 }
    }

    /// Counts what was analysed.
    pub(super) fn add(&mut self, contacts: u64, utterances: u64) {
        self.contacts += contacts;
        self.utterances += utterances;
        if let Some(bar) = &self.bar {
            bar.set_position(self.read.load(Ordering::Relaxed));
            bar.set_message(self.figures());
        }
    }

    /// Lets `print` write on standard error without tearing the bar apart.
    pub(super) fn above(&self, print: impl FnOnce()) {
        match &self.bar {
            Some(bar) => bar.suspend(print),
            None => print(),
        }
    }

    /// Replaces the bar by one line of figures.
    pub(super) fn finish(&self, refused: u64) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
            let refused = if refused == 0 { String::new() } else { format!(", {refused} refused") };
            let seconds = self.began.elapsed().as_secs_f64();
            bar.println(format!("{} in {seconds:.1} s{refused}", self.figures()));
        }
    }

    fn figures(&self) -> String {
        let seconds = self.began.elapsed().as_secs().max(1);
        format!(
            "{} contacts, {} utterances, {}/s",
            HumanCount(self.contacts),
            HumanCount(self.utterances),
            HumanCount(self.utterances / seconds),
        )
    }
}

fn bar(total: Option<u64>) -> ProgressBar {
    let (bar, template) = match total {
        Some(bytes) => (ProgressBar::new(bytes), "{bar:16} {percent:>3}%  {msg}  {eta} left"),
        None => (ProgressBar::new_spinner(), "{spinner} {bytes}  {msg}  {elapsed}"),
    };
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    bar.with_style(style)
}
