//! The report on callbacks, as a page to print and as Markdown.

use std::fmt::Write as _;

use askama::Template;

use super::words::{CaseWords, SpokenOfCases as _};
use crate::appeals::AppealChoice as TabChoice;
use crate::frame::Frame;
use crate::label::{Label, process};
use crate::lists::{Copied as _, ListTable, Listing, SpokenOfCopies as _, cell, cell_named};
use crate::quality::with_interval;
use crate::text::{Lang, fill};
use tingxin_desk::{CaseReport, MatterShare};
use tingxin_text::domain::CaseCause;

/// Periods that the page offers, in days.
const PERIODS: [u32; 3] = [7, 30, 90];

/// The report in words.
#[derive(Debug)]
struct ReportText {
    period: String,
    counts: Vec<(String, String)>,
    matters: Vec<(String, String)>,
    causes: Vec<(String, String)>,
    outcomes: Vec<(String, String)>,
    actions: Vec<String>,
    cut: bool,
}

/// The report as a page.
#[derive(Debug, Template)]
#[template(path = "case_report.html")]
pub struct CaseReportPage {
    /// What surrounds it.
    pub frame: Frame,
    w: &'static CaseWords,
    r: ReportText,
    periods: Vec<(TabChoice, String)>,
    markdown: String,
}

impl CaseReportPage {
    /// Puts the page together.
    #[must_use]
    pub fn new(frame: Frame, report: &CaseReport, days: u32) -> Self {
        let lang = frame.lang;
        let choice = |period: u32| {
            let href = format!("/cases/report?days={period}");
            (TabChoice { href, text: "", chosen: period == days }, fill(lang.cases().report_days, period))
        };
        Self {
            w: lang.cases(),
            r: ReportText::new(report, lang),
            periods: PERIODS.into_iter().map(choice).collect(),
            markdown: format!("/cases/report.md?days={days}&lang={}", lang.code()),
            frame,
        }
    }
}

impl ReportText {
    fn new(report: &CaseReport, lang: Lang) -> Self {
        let w = lang.cases();
        let cases = |count: usize| fill(w.report_cases, count);
        let mut counts: Vec<(String, String)> = [
            (w.report_opened, report.opened),
            (w.report_closed, report.closed),
            (w.report_in_time, report.in_time),
            (w.report_overdue, report.overdue),
            (w.report_department, report.with_department),
            (w.report_bounced, report.bounced),
            (w.report_came_back, report.came_back),
            (w.report_win_back, report.to_win_back),
        ]
        .into_iter()
        .map(|(name, count)| (name.to_owned(), cases(count)))
        .collect();
        if let Some((customers, mean)) = report.satisfaction {
            counts.push((fill(w.report_grade, customers), format!("{mean:.1}")));
        }
        Self {
            period: format!("{} – {}", report.from.to_beijing(), report.until.to_beijing()),
            counts,
            matters: report.matters.iter().map(|one| matter(one, lang)).collect(),
            causes: report.causes.iter().map(|(one, n)| (one.label(lang).to_owned(), cases(*n))).collect(),
            outcomes: report
                .outcomes
                .iter()
                .map(|(one, n)| (one.label(lang).to_owned(), cases(*n)))
                .collect(),
            actions: actions(report, lang),
            cut: report.cut,
        }
    }
}

fn matter(one: &MatterShare, lang: Lang) -> (String, String) {
    let w = lang.cases();
    let name = one.process.as_ref().map(|known| process(known, lang));
    let share = match one.share {
        Ok(share) => with_interval(share.value, share.interval, lang),
        Err(few) => fill(w.report_few, format_args!("{} / {}", few.have, few.needed)),
    };
    let name = name.unwrap_or_else(|| w.unknown_matter.to_owned());
    (name, format!("{} · {share}", fill(w.report_cases, one.cases)))
}

/// What follows from the counts. Each line names what it rests on; none names a person.
fn actions(report: &CaseReport, lang: Lang) -> Vec<String> {
    let w = lang.cases();
    let mut lines: Vec<String> = [
        (w.do_overdue, report.overdue),
        (w.do_came_back, report.came_back),
        (w.do_departments, report.with_department),
        (w.do_bounced, report.bounced),
        (w.do_win_back, report.to_win_back),
    ]
    .into_iter()
    .filter(|(_, count)| *count > 0)
    .map(|(text, count)| fill(text, count))
    .collect();
    if let Some((cause, _)) = report.causes.first() {
        let what = match cause {
            CaseCause::NotKnown => w.do_not_known,
            CaseCause::NotAble => w.do_not_able,
            CaseCause::NotWilling => w.do_not_willing,
            CaseCause::System => w.do_system,
        };
        lines.push(format!("{}{what}", fill(w.do_cause, cause.label(lang))));
    }
    if lines.is_empty() {
        lines.push(w.do_nothing.to_owned());
    }
    lines
}

/// The report as Markdown.
#[must_use]
pub fn report_markdown(report: &CaseReport, lang: Lang) -> String {
    let (w, r) = (lang.cases(), ReportText::new(report, lang));
    let mut text = format!("# {}\n\n{}\n", w.report_title, r.period);
    let tables = [
        (w.report_counts, &r.counts),
        (w.report_matters, &r.matters),
        (w.report_causes, &r.causes),
        (w.report_outcomes, &r.outcomes),
    ];
    // Writing to a String cannot fail.
    for (title, rows) in tables {
        let _ = write!(text, "\n## {title}\n\n");
        if rows.is_empty() {
            let _ = writeln!(text, "{}", w.report_none);
        } else {
            let _ = writeln!(text, "| {title} | |\n|---|---|");
            for (name, value) in rows {
                let _ = writeln!(text, "| {} | {value} |", name.replace('|', "\\|"));
            }
        }
    }
    let _ = write!(text, "\n## {}\n\n", w.report_actions);
    for action in &r.actions {
        let _ = writeln!(text, "* {action}");
    }
    if r.cut {
        let _ = writeln!(text, "\n{}", w.report_cut);
    }
    let _ = writeln!(text, "\n{}", w.report_note);
    text
}

impl Listing for CaseReportPage {
    fn surrounding(&self) -> &Frame {
        &self.frame
    }

    fn tables(&self) -> Vec<ListTable> {
        let (w, of) = (self.w, self.frame.lang.copies());
        let lines = |title: &'static str, lines: &[(String, String)]| {
            let rows = lines.iter().map(|(name, value)| [cell_named(name), cell(value)]);
            ListTable::new(title, [title, of.value], rows)
        };
        let actions = self.r.actions.iter().map(|action| [cell(action)]);
        vec![
            lines(w.report_counts, &self.r.counts),
            lines(w.report_matters, &self.r.matters),
            lines(w.report_causes, &self.r.causes),
            lines(w.report_outcomes, &self.r.outcomes),
            ListTable::new(w.report_actions, [w.report_actions], actions),
        ]
    }
}
