//! What these pages say, in both languages.

use crate::text::texts;

texts! {
    /// The words of the page in one language. `{n}` marks the place of a value.
    pub ExportWords, by SpokenOfExports::exports:

    title: "导出", "Exports";
    lead: "每次导出都会记入审计日志，文件首行注明导出人、用途和标识。", "Every export stands in the audit log; the first row of the file says who took it, what for, and its mark.";
    tables: "导出表格", "Tables";
    tables_lead: "不含客户和员工说的话，可以直接下载。", "Without anybody's words: download them at once.";
    what: "内容", "What";
    form: "格式", "Format";
    purpose: "用途", "Purpose";
    team: "班组（留空为全部）", "Team (empty: all)";
    from: "从", "From";
    to: "到", "To";
    days_hint: "日期只用于服务记录和标记", "Dates are for contacts and flags only";
    download: "下载", "Download";
    ask: "申请导出原文", "Ask for words";
    ask_lead: "含对话原文（已脱敏）的批量导出，须由另一人审批。批准后 24 小时内由申请人下载一次。", "Words of contacts (redacted) in bulk: another person approves it, and whoever asked downloads it once within 24 hours.";
    ask_do: "提交申请", "Ask";
    readings: "逐句判读结果", "Readings, utterance by utterance";
    whole: "整通对话（vCon）", "Whole contacts (vCon)";
    requests: "申请记录", "Requests";
    none: "没有申请。", "No requests.";
    time: "申请时间", "Asked";
    who: "申请人", "By";
    state: "状态", "State";
    act: "操作", "Action";
    waits: "待审批", "waits";
    approved: "{n} 已批准", "approved by {n}";
    refused: "{n} 未批准", "refused by {n}";
    taken: "已下载 {n}", "taken {n}";
    expired: "已过期，请重新申请", "expired: ask again";
    approve: "批准", "Approve";
    refuse: "不批准", "Refuse";
    done_asked: "已提交，等待另一人审批。", "Asked. Another person has to approve it.";
    done_decided: "已处理。", "Done.";
    bad: "没有提交：请检查日期和班组。", "Not asked: check dates and team.";
    bad_gone: "这条申请已由别人处理，或已经下载、过期。", "Somebody was quicker, or it was taken or has expired.";
}
