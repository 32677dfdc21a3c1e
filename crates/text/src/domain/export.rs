//! What goes out of the product: what is exported, in which form and what for.

use super::closed_set;

closed_set! {
    /// What is exported.
    ExportKind {
        /// One row a contact, without its words.
        Contacts => "contacts", "服务记录";
        /// One row an utterance of the current analysis, with its words.
        Analyses => "analyses", "判读结果";
        /// One row a flag.
        Flags => "flags", "标记";
        /// One row a person and behaviour.
        Staff => "staff", "员工统计";
        /// One row a team and day.
        Teams => "teams", "班组统计";
    }
}

closed_set! {
    /// How an export is written.
    ExportForm {
        /// Comma-separated values, UTF-8 with a byte order mark.
        Csv => "csv", "CSV";
        /// A workbook of Excel.
        Xlsx => "xlsx", "Excel 工作簿";
        /// Apache Parquet.
        Parquet => "parquet", "Parquet";
        /// vCon 0.4.0, one a line.
        Vcon => "vcon", "vCon";
    }
}

closed_set! {
    /// What somebody takes a copy for. A closed set: words of one's own would end in the audit log,
    /// with whatever stands in them.
    ExportReason {
        /// To judge contacts outside the console.
        Review => "review", "质检复核";
        /// To coach staff.
        Coaching => "coaching", "培训辅导";
        /// To report figures.
        Reporting => "reporting", "统计上报";
        /// To settle a complaint.
        Complaint => "complaint", "投诉处理";
        /// To check what the product says.
        Checking => "checking", "核对验证";
        /// To hand it to another system.
        Transfer => "transfer", "系统对接";
    }
}

impl ExportForm {
    /// Media type of the form.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Parquet => "application/vnd.apache.parquet",
            Self::Vcon => "application/x-ndjson",
        }
    }

    /// Ending of a file in this form.
    #[must_use]
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
            Self::Parquet => "parquet",
            Self::Vcon => "vcon.ndjson",
        }
    }
}

impl ExportKind {
    /// Whether words of contacts are in it.
    #[must_use]
    pub const fn holds_words(self, form: ExportForm) -> bool {
        matches!(self, Self::Analyses) || matches!(form, ExportForm::Vcon)
    }
}
