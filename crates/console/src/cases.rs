//! Cases as pages show them: the queue, one case, the report.

mod file;
mod notice;
mod queue;
mod report;
mod view;
mod words;

pub use file::{CasePage, CasePageInput};
pub use notice::CaseNotice;
pub use queue::{CaseTab, CasesInput, CasesPage};
pub use report::{CaseReportPage, report_markdown};
pub use words::SpokenOfCases;

pub(crate) use words::CaseWords;
