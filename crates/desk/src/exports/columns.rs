//! The columns of an export: names that programs rely on, and what people read above them.

use tingxin_text::domain::ExportKind;

/// A column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExportColumn {
    /// The name that programs rely on.
    pub name: &'static str,
    /// What Chinese-speaking people read.
    pub zh: &'static str,
    /// Whether it holds numbers.
    pub is_number: bool,
}

const fn column(name: &'static str, zh: &'static str) -> ExportColumn {
    ExportColumn { name, zh, is_number: false }
}

const fn number(name: &'static str, zh: &'static str) -> ExportColumn {
    ExportColumn { name, zh, is_number: true }
}

const CONTACTS: &[ExportColumn] = &[
    column("id", "编号"),
    column("source", "来源"),
    column("contact_id", "来源编号"),
    number("revision", "版本"),
    column("kind", "类型"),
    column("channel", "渠道"),
    column("business_process", "业务流程"),
    column("staff", "工号"),
    column("team", "班组"),
    column("started_at", "开始时间"),
    column("received_at", "接收时间"),
    column("state", "状态"),
    number("utterances", "话轮数"),
    number("flags", "标记数"),
];

const ANALYSES: &[ExportColumn] = &[
    column("contact", "编号"),
    column("source", "来源"),
    column("contact_id", "来源编号"),
    number("revision", "版本"),
    column("channel", "渠道"),
    column("staff", "工号"),
    column("team", "班组"),
    column("started_at", "开始时间"),
    number("index", "话轮"),
    column("speaker", "说话人"),
    column("text", "内容（已脱敏）"),
    column("emotion", "情绪"),
    number("valence", "情绪值"),
    number("valence_sd", "情绪值标准差"),
    column("emotion_in_context", "语境情绪"),
    number("valence_in_context", "语境情绪值"),
    column("scorable", "可判读"),
    column("model", "模型"),
];

const FLAGS: &[ExportColumn] = &[
    column("id", "标记编号"),
    column("contact", "编号"),
    column("source", "来源"),
    column("contact_id", "来源编号"),
    column("channel", "渠道"),
    column("team", "班组"),
    column("started_at", "开始时间"),
    column("rule", "规则"),
    column("severity", "严重度"),
    number("probability", "置信度"),
    column("status", "复核状态"),
    column("utterances", "话轮"),
    column("reason", "说明"),
];

const STAFF: &[ExportColumn] = &[
    column("staff", "工号"),
    column("team", "班组"),
    number("contacts", "服务记录数"),
    column("indicator", "行为"),
    number("chances", "可发生的服务记录"),
    number("observed", "实际"),
    number("expected", "预期"),
    number("ratio", "实际/预期"),
    number("ratio_low", "比值下限"),
    number("ratio_high", "比值上限"),
    number("effect", "与同事之差"),
    number("effect_low", "差值下限"),
    number("effect_high", "差值上限"),
    number("reliability", "可靠性"),
    column("named", "列入名单"),
];

const TEAMS: &[ExportColumn] = &[
    column("team", "班组"),
    number("contacts", "服务记录数"),
    number("load", "每通分量"),
    number("abusive_turns", "辱骂或威胁话轮"),
    column("day", "日期"),
    number("tone", "语气"),
    number("day_members", "当日人数"),
    number("day_contacts", "当日服务记录数"),
];

impl ExportColumn {
    /// The columns of one kind of export.
    #[must_use]
    pub const fn of(kind: ExportKind) -> &'static [Self] {
        match kind {
            ExportKind::Contacts => CONTACTS,
            ExportKind::Analyses => ANALYSES,
            ExportKind::Flags => FLAGS,
            ExportKind::Staff => STAFF,
            ExportKind::Teams => TEAMS,
        }
    }
}
