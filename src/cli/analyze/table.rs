//! Analyses as a table for people.

use std::fmt::Write as _;
use std::io::Write;

use comfy_table::Cell;

use super::super::tables::{empty, right};
use super::super::terminal::{self, lang, said};
use crate::console::Label as _;
use crate::domain::{
    Analysis, Channel, FirstPlace, Flag, Rule, Severity, Signal, SignalName, Speaker, UtteranceAnalysis,
};

/// Widest curve. Longer contacts are averaged down: the shape matters, not the single turn.
const CURVE_COLUMNS: usize = 24;

/// One contact as a row of the table.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ContactRow {
    contact: String,
    channel: Channel,
    texts: usize,
    curve: String,
    worst: Option<f64>,
    end: Option<f64>,
    flags: Vec<(Rule, Severity)>,
    /// Turn and sentence of the worst flag.
    first: Option<String>,
}

impl ContactRow {
    /// The row of an analysis; the channel is not part of it.
    pub(super) fn of(analysis: &Analysis, channel: Channel) -> Self {
        let value = |name| {
            let signal = analysis.signals.iter().find(|signal: &&Signal| signal.name == name);
            signal.map(|signal| signal.value)
        };
        Self {
            contact: analysis.contact_id.to_string(),
            channel,
            texts: analysis.utterances.len() + analysis.reported.len(),
            curve: curve(&customer_valence(analysis)),
            worst: value(SignalName::CustomerWorst),
            end: value(SignalName::CustomerEnd),
            flags: analysis.flags.iter().map(|Flag { rule, severity, .. }| (*rule, *severity)).collect(),
            first: analysis.first_place().as_ref().map(|place: &FirstPlace<'_>| place.told(lang())),
        }
    }
}

fn customer_valence(analysis: &Analysis) -> Vec<f32> {
    let spoken = analysis
        .utterances
        .iter()
        .filter(|turn| turn.speaker == Speaker::Customer)
        .filter_map(UtteranceAnalysis::mood)
        .map(|mood| mood.valence);
    let reported = analysis.reported.iter().filter_map(|sentence| sentence.valence);
    spoken.chain(reported.map(crate::domain::Valence::get)).collect()
}

/// Valences as block characters: `▁` is −1, `█` is +1.
fn curve(valences: &[f32]) -> String {
    const BLOCKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let size = valences.len().div_ceil(CURVE_COLUMNS).max(1);
    valences
        .chunks(size)
        .map(|part| {
            let mean = part.iter().sum::<f32>() / count(part.len());
            // Eight equal steps over [-1, 1]; the upper end belongs to the last.
            let step = BLOCKS.iter().rev().enumerate().find(|(at, _)| mean >= 0.75 - 0.25 * count(*at));
            step.map_or('▁', |(_, block)| *block)
        })
        .collect()
}

#[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "counts of turns are small")]
fn count(n: usize) -> f32 {
    n as f32
}

/// All rows, and what they add up to.
#[derive(Debug, Default)]
pub(super) struct Overview {
    rows: Vec<ContactRow>,
}

impl Overview {
    /// Takes further rows.
    pub(super) fn add(&mut self, rows: Vec<ContactRow>) {
        self.rows.extend(rows);
    }

    /// Writes table and summary.
    pub(super) fn write(&self, out: &mut impl Write) -> std::io::Result<()> {
        let mut table = empty(vec![
            said("服务记录", "Contact"),
            said("渠道", "Channel"),
            said("轮次", "Turns"),
            said("客户情绪", "Customer"),
            said("最低", "Lowest"),
            said("结束", "End"),
            said("标记 · 先看这一句", "Flags · look here first"),
        ]);
        for row in &self.rows {
            table.add_row(cells(row));
        }
        let text = format!("{table}\n{}", self.summary());
        let text = if terminal::colours() { coloured(&text) } else { text };
        out.write_all(text.as_bytes())
    }

    fn summary(&self) -> String {
        let flagged = self.rows.iter().filter(|row| !row.flags.is_empty()).count();
        let mut text = said("共 {n} 条服务记录，{f} 条有标记\n", "Contacts: {n}, with flags: {f}\n")
            .replace("{n}", &self.rows.len().to_string())
            .replace("{f}", &flagged.to_string());
        for rule in Rule::ALL {
            let hits = self.rows.iter().filter(|row| row.flags.iter().any(|(r, _)| r == rule)).count();
            if hits > 0 {
                // Writing to a String cannot fail.
                let _ = writeln!(text, "  {}{}{hits}", rule.label(lang()), said("：", ": "));
            }
        }
        text
    }
}

fn cells(row: &ContactRow) -> Vec<Cell> {
    // Adding 0 turns what would be written as -0.00 into 0.
    let rounded = |value: f64| (value * 100.0).round() / 100.0 + 0.0;
    let number =
        |value: Option<f64>| value.map_or_else(|| "–".to_owned(), |value| format!("{:+.2}", rounded(value)));
    let flags: Vec<_> = row
        .flags
        .iter()
        .map(|(rule, severity)| format!("{}{}", mark_of(*severity), rule.label(lang())))
        .collect();
    // Under the flags and not beside them: a sentence needs the width.
    let marks = [Some(flags.join(said(" ", ", "))), row.first.clone()].into_iter().flatten();
    vec![
        Cell::new(&row.contact),
        Cell::new(row.channel.label(lang())),
        right(row.texts.to_string()),
        Cell::new(&row.curve),
        right(number(row.worst)),
        right(number(row.end)),
        Cell::new(marks.collect::<Vec<_>>().join("\n")),
    ]
}

/// A mark for each severity, so that none depends on its colour alone.
const fn mark_of(severity: Severity) -> &'static str {
    match severity {
        Severity::High => "▲",
        Severity::Medium => "●",
        Severity::Low => "○",
        Severity::Info => "◇",
    }
}

/// Colours the marks after the layout, whose arithmetic would count escape sequences as columns.
fn coloured(text: &str) -> String {
    [(Severity::High, "31"), (Severity::Medium, "33"), (Severity::Info, "32")].iter().fold(
        text.to_owned(),
        |text, (severity, code)| {
            let mark = mark_of(*severity);
            text.replace(mark, &format!("\u{1b}[{code}m{mark}\u{1b}[0m"))
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_curve_shows_the_worst_low_and_the_best_high() {
        assert_eq!(curve(&[-1.0, -0.75, -0.01, 0.0, 0.74, 0.75, 1.0]), "▁▂▄▅▇██");
        assert_eq!(curve(&[]), "");
    }

    #[test]
    fn a_long_contact_keeps_its_shape_in_few_columns() {
        let falling: Vec<f32> = (0..240).map(|n| if n < 120 { 0.9 } else { -0.9 }).collect();

        assert_eq!(curve(&falling), "█".repeat(12) + &"▁".repeat(12));
    }
}
