//! Tables for people: their common look, and the figures of an evaluation.

use std::fmt::Write as _;

use comfy_table::presets::UTF8_FULL_CONDENSED;
use comfy_table::{Cell, CellAlignment, ContentArrangement, Table};

use super::terminal;
use crate::evaluate::{CALIBRATION_BINS, Evaluation, Interval, RESAMPLES, Report};

/// Both reports of an evaluation.
pub(super) fn evaluation(model: &str, found: &Evaluation) -> String {
    let mut text = format!("Model {model}\n");
    let parts = [("Emotion (8 classes)", &found.emotion), ("Valence class (3 classes)", &found.valence)];
    for (title, report) in parts {
        if let Some(report) = report {
            let _ = write!(text, "\n{}", one(title, report));
        }
    }
    text
}

fn one(title: &str, report: &Report) -> String {
    let within = |interval: Interval| format!("[{:.3}, {:.3}]", interval.low, interval.high);
    let mut text = format!(
        "{title}: {} labelled utterances\n\
         \x20 accuracy           {:.3}  95 % {}\n\
         \x20 macro F1           {:.3}  95 % {}\n\
         \x20 calibration error  {:.3}  ({CALIBRATION_BINS} bins)\n\
         \x20 intervals: bootstrap, {RESAMPLES} resamples\n",
        report.utterances,
        report.accuracy,
        within(report.accuracy_interval),
        report.macro_f1,
        within(report.macro_f1_interval),
        report.calibration_error,
    );
    if !report.absent_classes.is_empty() {
        let _ = writeln!(
            text,
            "  not among the labels, left out of macro F1: {}",
            report.absent_classes.join(", ")
        );
    }
    let _ = writeln!(text, "{}\nlabel ↓ · prediction →\n{}", classes(report), confusion(report));
    text
}

fn classes(report: &Report) -> Table {
    let mut table = empty(vec!["class", "precision", "recall", "F1", "support"]);
    for class in &report.per_class {
        let figures = [class.precision, class.recall, class.f1].map(|figure| format!("{figure:.3}"));
        let cells = figures.into_iter().chain([weight(class.support)]).map(right);
        table.add_row(std::iter::once(Cell::new(class.class)).chain(cells));
    }
    table
}

fn confusion(report: &Report) -> Table {
    let names = &report.confusion.classes;
    let mut table = empty(std::iter::once("").chain(names.iter().copied()).collect());
    for (name, row) in names.iter().zip(&report.confusion.rows) {
        if report.absent_classes.contains(name) {
            continue;
        }
        let cells = row.iter().map(|sum| right(weight(*sum)));
        table.add_row(std::iter::once(Cell::new(*name)).chain(cells));
    }
    table
}

/// A table with this header, as wide as the terminal at most.
pub(super) fn empty(header: Vec<&str>) -> Table {
    let mut table = Table::new();
    table
        .load_style(UTF8_FULL_CONDENSED)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_header(header);
    if let Some(columns) = terminal::width() {
        table.set_width(columns);
    }
    table
}

fn right(text: String) -> Cell {
    Cell::new(text).set_alignment(CellAlignment::Right)
}

/// Sums of weights are whole unless somebody gave fractions.
fn weight(sum: f64) -> String {
    if sum.fract() == 0.0 { format!("{sum:.0}") } else { format!("{sum:.1}") }
}
