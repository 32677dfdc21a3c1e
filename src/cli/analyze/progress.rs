//! A bar for people who wait. Only on a terminal: a log file needs no animation.

use std::io::IsTerminal as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use super::super::terminal::{lang, said};
use crate::domain::Lang;
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
            let refused = if refused == 0 {
                String::new()
            } else {
                said("，{n} 条未采用", ", {n} refused").replace("{n}", &refused.to_string())
            };
            let seconds = self.began.elapsed().as_secs_f64();
            let took = said("，用时 {s} 秒", " in {s} s").replace("{s}", &format!("{seconds:.1}"));
            bar.println(format!("{}{took}{refused}", self.figures()));
        }
    }

    fn figures(&self) -> String {
        let seconds = self.began.elapsed().as_secs().max(1);
        let [contacts, utterances, rate] =
            [self.contacts, self.utterances, self.utterances / seconds].map(HumanCount);
        match lang() {
            Lang::Zh => format!("{contacts} 条服务记录，{utterances} 句，每秒 {rate} 句"),
            Lang::En => format!("{contacts} contacts, {utterances} utterances, {rate}/s"),
        }
    }
}

fn bar(total: Option<u64>) -> ProgressBar {
    let (bar, template) = match total {
        Some(bytes) => (
            ProgressBar::new(bytes),
            said("{bar:16} {percent:>3}%  {msg}  还需 {eta}", "{bar:16} {percent:>3}%  {msg}  {eta} left"),
        ),
        None => (ProgressBar::new_spinner(), "{spinner} {bytes}  {msg}  {elapsed}"),
    };
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    bar.with_style(style)
}
