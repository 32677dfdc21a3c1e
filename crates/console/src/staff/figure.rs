//! One person on one indicator, in words.

use super::words::{SpokenOfStaff, StaffWords};
use crate::label::Label;
use crate::lists::{ListTable, cell};
use crate::text::Lang;
use tingxin_staff::{Figure, Indicator, StaffLine};
use tingxin_statistics::minimum::STAFF_COMPARE;
use tingxin_statistics::naming::{Direction, MIN_CONFIRMED, MIN_CONTACTS, Missing, Ratio, Standing};

use super::form::{amount, between, say};

/// A line of the table of figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FigureRow {
    /// Name of the behaviour that is counted.
    pub(super) name: &'static str,
    /// Observed events.
    pub(super) observed: String,
    /// Expected events.
    pub(super) expected: String,
    /// Observed over expected with its interval.
    pub(super) ratio: String,
    /// Contacts in which it could have happened.
    pub(super) chances: String,
    /// How it reads.
    pub(super) standing: String,
    /// Colour family of the reading.
    pub(super) tone: &'static str,
    /// Conditions of a name that are not met.
    pub(super) missing: String,
}

impl FigureRow {
    /// The row of an indicator; of one on which nobody can be compared it says so. `own` speaks
    /// to the person.
    pub(super) fn of(line: &StaffLine, indicator: Indicator, own: bool, lang: Lang) -> Self {
        let w = lang.staff();
        let name = indicator.label(lang);
        let dash = || w.dash.to_owned();
        let Some(figure) = line.on(indicator) else {
            let standing = w.no_comparison.to_owned();
            return Self {
                name,
                observed: dash(),
                expected: dash(),
                ratio: dash(),
                chances: dash(),
                standing,
                tone: "low",
                missing: dash(),
            };
        };
        let (standing, tone) = standing(figure, own, lang);
        let enough = !matches!(figure.verdict.standing, Standing::NotEnoughData { .. });
        let expected = &figure.expected;
        let shown = |text: String| if enough { text } else { dash() };
        Self {
            name,
            observed: shown(amount(expected.observed)),
            expected: shown(format!("{:.1}", expected.expected)),
            ratio: shown(figure.verdict.ratio.map_or_else(dash, |found| ratio(found, lang))),
            chances: amount(expected.trials),
            standing,
            tone,
            missing: if figure.verdict.missing.is_empty() {
                w.none.to_owned()
            } else {
                missing(&figure.verdict.missing, lang)
            },
        }
    }
}

/// Figures as a list.
pub(super) fn list_figures(rows: &[FigureRow], w: &StaffWords) -> ListTable {
    let rows = rows.iter().map(|row| {
        [
            cell(row.name),
            cell(&row.standing),
            cell(&row.ratio),
            cell(&row.observed),
            cell(&row.expected),
            cell(&row.chances),
        ]
    });
    let heads = [w.col_indicator, w.col_standing, w.col_ratio, w.col_observed, w.col_expected, w.col_chances];
    ListTable::new(w.figures_title, heads, rows)
}

/// `1.45（0.80 至 2.41）`.
pub(super) fn ratio(Ratio { value, interval }: Ratio, lang: Lang) -> String {
    let interval = between(&format!("{:.2}", interval.low), &format!("{:.2}", interval.high), lang);
    match lang {
        Lang::Zh => format!("{value:.2}（{interval}）"),
        Lang::En => format!("{value:.2} ({interval})"),
    }
}

/// How a figure reads, and its colour family. Neither a wide nor a far difference looks like a
/// fault: only coaching that is suggested has a colour of its own, and it is that of «look at it»,
/// not that of an alarm.
pub(super) fn standing(figure: &Figure, own: bool, lang: Lang) -> (String, &'static str) {
    let w = lang.staff();
    let worse = figure.verdict.direction == Direction::Worse;
    let pick = |more: &str, less: &str| if worse { more.to_owned() } else { less.to_owned() };
    match figure.verdict.standing {
        Standing::NotEnoughData { contacts, needed } => {
            let lacking = (needed - contacts).max(0.0);
            (say(w.too_few, &[&amount(lacking), &amount(contacts), &amount(needed)]), "low")
        }
        Standing::AsExpected => (w.as_expected.to_owned(), "low"),
        Standing::Watch => (pick(w.watch_more, w.watch_less), "low"),
        Standing::Investigate => (pick(w.far_more, w.far_less), "support"),
        Standing::Named if own => {
            (pick(w.named_more_own, w.named_less_own), if worse { "support" } else { "good" })
        }
        Standing::Named => (pick(w.named_more, w.named_less), if worse { "medium" } else { "good" }),
    }
}

/// What is missing for a name.
fn missing(conditions: &[Missing], lang: Lang) -> String {
    let w = lang.staff();
    let words: Vec<String> = conditions
        .iter()
        .map(|condition| match condition {
            Missing::Contacts => format!("{} ≥ {MIN_CONTACTS}", w.miss_contacts),
            Missing::Comparison => format!("{} ≥ {STAFF_COMPARE}", w.miss_contacts),
            Missing::Discovery => w.miss_discovery.to_owned(),
            Missing::PracticalDifference => w.miss_practical.to_owned(),
            Missing::Confirmation => say(w.miss_confirmed, &[&MIN_CONFIRMED]),
            Missing::Sample => w.miss_sample.to_owned(),
        })
        .collect();
    words.join(w.comma)
}
