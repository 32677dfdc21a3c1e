//! Lists of the pages as data, for copies of them.
//!
//! A page says what its tables hold in the same words as it shows them. Whoever takes a copy gets what the page shows
//! to them, never more. Words of contacts are left out: they leave by a person's hand only after a second person has
//! approved it.

use std::fmt::Display;

use askama::Template;

use super::frame::{CopiedFrom, Frame};
use super::label::Label as _;
use super::text::texts;
use tingxin_desk::ExportCell;
use tingxin_text::domain::ExportReason;

texts! {
    /// The words of the form under a list. `{n}` marks the place of a value.
    pub CopyWords, by SpokenOfCopies::copies:

    title: "导出本页列表", "Take a copy of this list";
    list: "列表", "List";
    purpose: "用途", "Purpose";
    take: "导出", "Export";
    cut: "仅含前 {n} 条", "the first {n} only";

    // Heads of columns that the pages show without a head.
    time: "时间", "Time";
    note: "说明", "Remark";
    rule: "规则", "Rule";
    state: "状态", "State";
    group: "分组", "Group";
    value: "数值", "Value";
    turns: "话轮数", "Turns";
    learn: "值得学什么", "What there is to learn";
    total: "总分", "Total";
    severity: "严重度", "Severity";
    certainty: "置信度", "Certainty";
    matter: "事项", "Matter";
    whom: "渠道与人员", "Channel and staff";
    name: "姓名", "Name";
    read: "签阅", "Read";
}

/// One table of a page.
#[derive(Debug, Clone, PartialEq)]
pub struct ListTable {
    /// What stands above it.
    pub title: String,
    /// Heads of its columns.
    pub headings: Vec<String>,
    /// Its rows.
    pub rows: Vec<Vec<ExportCell>>,
}

/// The form under a list.
#[derive(Debug)]
pub(crate) struct CopyForm {
    pub(crate) w: &'static CopyWords,
    pub(crate) from: CopiedFrom,
    pub(crate) lists: Vec<(usize, String)>,
    pub(crate) reasons: Vec<(&'static str, &'static str)>,
}

/// A page with tables.
pub trait Listing: Template {
    /// What surrounds it.
    fn surrounding(&self) -> &Frame;

    /// Its tables as data, in the order of the page.
    fn tables(&self) -> Vec<ListTable>;

    /// Whether there is more than the page holds.
    fn goes_on(&self) -> bool {
        false
    }
}

/// What the template of the form asks for.
pub(crate) trait Copied {
    /// The form under the lists; `None` where there is nothing to copy.
    fn copies(&self) -> Option<CopyForm>;
}

impl<T: Listing> Copied for T {
    fn copies(&self) -> Option<CopyForm> {
        let frame = self.surrounding();
        let from = frame.copied_from.clone()?;
        let tables = (0..).zip(self.tables()).filter(|(_, table)| !table.rows.is_empty());
        let lists: Vec<(usize, String)> = tables.map(|(at, table)| (at, table.title)).collect();
        let reasons = ExportReason::ALL.iter().map(|one| (one.as_str(), one.label(frame.lang)));
        (!lists.is_empty()).then(|| CopyForm {
            w: frame.lang.copies(),
            from,
            lists,
            reasons: reasons.collect(),
        })
    }
}

impl ListTable {
    /// A table with these rows.
    pub(crate) fn new<const N: usize>(
        title: impl Display,
        headings: [&str; N],
        rows: impl IntoIterator<Item = [ExportCell; N]>,
    ) -> Self {
        Self {
            title: title.to_string(),
            headings: headings.map(str::to_owned).to_vec(),
            rows: rows.into_iter().map(Vec::from).collect(),
        }
    }
}

/// A cell as the page shows it: a number where it is nothing but a number, otherwise text.
pub(crate) fn cell(shown: impl Display) -> ExportCell {
    let text = shown.to_string();
    if text.is_empty() {
        return ExportCell::Empty;
    }
    if is_plain_number(&text) {
        if let Ok(whole) = text.parse() {
            return ExportCell::Whole(whole);
        }
        if let Ok(number) = text.parse() {
            return ExportCell::Number(number);
        }
    }
    ExportCell::Text(text)
}

/// A cell of something that may be missing.
pub(crate) fn cell_of(shown: Option<impl Display>) -> ExportCell {
    shown.map_or(ExportCell::Empty, cell)
}

/// A name or number of somebody or something: text, even where it has digits only.
pub(crate) fn cell_named(shown: impl Display) -> ExportCell {
    ExportCell::Text(shown.to_string())
}

/// Digits with at most one point. What begins with a zero or is longer than a number is exact is a name.
fn is_plain_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, rest) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    all_digits(whole) && all_digits(rest) && digits.len() <= 15 && (whole == "0" || !whole.starts_with('0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_nothing_but_a_number_is_a_number_and_everything_else_stays_text() {
        let shown =
            ["12", "-0.25", "007", "12%", "1.2 [0.8, 1.5]", "12345678901234567", "", "=1+1", "1.2.3", "."];

        let numbers: Vec<bool> =
            shown.map(|text| matches!(cell(text), ExportCell::Whole(_) | ExportCell::Number(_))).to_vec();

        assert_eq!(numbers, [true, true, false, false, false, false, false, false, false, false]);
        assert_eq!(cell(""), ExportCell::Empty);
        assert_eq!(cell_named("1001"), ExportCell::Text("1001".to_owned()));
    }
}
