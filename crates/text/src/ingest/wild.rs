//! What tables in the wild call their columns, and Chinese words for values. Head lines of plain text keep to the published names.

use super::columns::Column;

/// Further names of columns.
const NAMES: [(Column, &[&str]); 12] = [
    (
        Column::ContactId,
        &[
            "通话编号",
            "录音编号",
            "录音流水号",
            "录音流水",
            "录音id",
            "会话流水号",
            "接触流水号",
            "接触id",
            "通话标识",
            "会话标识",
            "呼叫流水号",
            "呼叫id",
            "工单编号",
            "案例编号",
            "录音文件",
            "录音文件名",
            "录音名称",
            "文件名",
            "callid",
            "call_id",
            "conversation_id",
            "conversationid",
            "session_id",
            "sessionid",
            "dialogue_id",
            "dialog_id",
            "contactid",
            "recording_id",
            "ticket_id",
            "case_id",
            "filename",
            "file_name",
            "call id",
            "conversation id",
            "contact id",
            "session id",
        ],
    ),
    (Column::Channel, &["接入渠道", "媒介", "媒体类型", "media", "channel_name"]),
    (
        Column::StartedAt,
        &[
            "通话开始时间",
            "呼叫时间",
            "来电时间",
            "发生时间",
            "创建时间",
            "发言时间",
            "发送时间",
            "消息时间",
            "通话日期",
            "受理时间",
            "说话时间",
            "timestamp",
            "datetime",
            "date",
            "time",
            "call_time",
            "created_at",
            "sent_at",
        ],
    ),
    (
        Column::StaffId,
        &[
            "坐席编号",
            "座席编号",
            "客服编号",
            "坐席id",
            "座席id",
            "客服id",
            "员工编号",
            "agent_id",
            "agentid",
            "agent id",
        ],
    ),
    (
        Column::Team,
        &["班组名称", "技能组名称", "部门名称", "小组", "队列", "team_name", "queue", "skill_group"],
    ),
    (
        Column::BusinessProcess,
        &[
            "业务名称",
            "业务场景",
            "来电原因",
            "诉求类型",
            "业务类别",
            "服务类型",
            "场景",
            "业务分类",
            "intent",
            "category",
        ],
    ),
    (
        Column::CustomerId,
        &[
            "客户id",
            "用户id",
            "客户电话",
            "客户手机",
            "客户手机号",
            "来电电话",
            "联系电话",
            "用户手机号",
            "用户电话",
            "customer_phone",
            "phone",
            "caller",
            "ani",
            "主叫",
        ],
    ),
    (Column::Satisfaction, &["满意度结果", "客户满意度", "满意度评价", "csat"]),
    (
        Column::Speaker,
        &[
            "说话者",
            "讲话人",
            "发言者",
            "发送者",
            "发送人",
            "发送方",
            "说话方",
            "消息发送方",
            "对话角色",
            "说话角色",
            "角色类型",
            "发言角色",
            "身份",
            "sender",
            "sender_type",
            "from",
            "spk",
            "speaker_label",
            "speaker_id",
            "speaker_name",
            "participant",
            "party",
            "author",
        ],
    ),
    (
        Column::Text,
        &[
            "话语",
            "对话文本",
            "文本内容",
            "转写内容",
            "转写文本",
            "转写结果",
            "识别结果",
            "识别文本",
            "说话内容",
            "发言内容",
            "消息内容",
            "消息",
            "语句",
            "句子",
            "聊天内容",
            "通话内容",
            "会话内容",
            "通话文本",
            "录音文本",
            "语音转写",
            "对话",
            "对话记录",
            "聊天记录",
            "通话记录",
            "message",
            "utterance",
            "words",
            "transcript",
            "transcription",
            "dialogue",
            "dialog",
            "conversation",
            "body",
            "sentence",
        ],
    ),
    (
        Column::StartMs,
        &[
            "start",
            "start_time",
            "starttime",
            "begin_time",
            "begintime",
            "offset",
            "起始时间",
            "开始秒",
            "start_sec",
            "start_s",
            "开始时间(ms)",
            "开始时间（ms）",
            "开始时间(毫秒)",
            "开始时间（毫秒）",
            "开始时间(秒)",
            "开始时间（秒）",
            "start(ms)",
            "start (ms)",
            "start(s)",
            "start (s)",
        ],
    ),
    (
        Column::EndMs,
        &[
            "end_time",
            "endtime",
            "结束时间",
            "终止时间",
            "结束秒",
            "end_sec",
            "end_s",
            "结束时间(ms)",
            "结束时间（ms）",
            "结束时间(毫秒)",
            "结束时间（毫秒）",
            "结束时间(秒)",
            "结束时间（秒）",
            "end(ms)",
            "end (ms)",
            "end(s)",
            "end (s)",
        ],
    ),
];

/// The column of that name: as published, or as other systems write it.
pub(super) fn named(name: &str) -> Option<Column> {
    let plain = name.trim().trim_start_matches('\u{feff}').to_lowercase();
    let known = || NAMES.iter().find(|(_, names)| names.contains(&plain.as_str())).map(|(column, _)| *column);
    Column::named(name).or_else(known)
}

/// What Chinese systems call the usual processes, as the slugs of the samples.
const PROCESSES: [(&str, &str); 41] = [
    ("宽带故障", "broadband_fault"),
    ("宽带报障", "broadband_fault"),
    ("宽带报修", "broadband_fault"),
    ("故障报修", "broadband_fault"),
    ("报障", "broadband_fault"),
    ("资费争议", "billing_dispute"),
    ("话费争议", "billing_dispute"),
    ("账单争议", "billing_dispute"),
    ("费用争议", "billing_dispute"),
    ("计费争议", "billing_dispute"),
    ("套餐变更", "package_change"),
    ("套餐办理", "package_change"),
    ("装机", "installation"),
    ("移机", "installation"),
    ("装移机", "installation"),
    ("宽带安装", "installation"),
    ("回访", "callback"),
    ("满意度回访", "callback"),
    ("补卡", "sim_card"),
    ("换卡", "sim_card"),
    ("补换卡", "sim_card"),
    ("移动网络", "mobile_network"),
    ("网络信号", "mobile_network"),
    ("网络质量", "mobile_network"),
    ("投诉处理", "complaint_handling"),
    ("漫游", "roaming"),
    ("国际漫游", "roaming"),
    ("实名制", "real_name"),
    ("实名登记", "real_name"),
    ("缴费", "payment"),
    ("充值", "payment"),
    ("缴费充值", "payment"),
    ("充值缴费", "payment"),
    ("增值业务", "value_added_service"),
    ("终端", "terminal"),
    ("积分兑换", "points_loyalty"),
    ("携号转网", "number_portability"),
    ("销户", "account_cancellation"),
    ("诈骗骚扰", "fraud_spam"),
    ("骚扰电话", "fraud_spam"),
    ("政企业务", "enterprise"),
];

/// The slug of a process: as it stands, or of its Chinese name; `None` when it is neither.
pub(super) fn process(name: &str) -> Option<&str> {
    let name = name.trim();
    let is_slug = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'-'));
    if is_slug { Some(name) } else { PROCESSES.iter().find(|(zh, _)| *zh == name).map(|(_, slug)| *slug) }
}

/// A satisfaction in words: so many of five.
pub(super) fn satisfaction(words: &str) -> Option<u8> {
    Some(match words.trim() {
        "非常满意" | "很满意" => 5,
        "满意" | "比较满意" => 4,
        "一般" | "基本满意" => 3,
        "不满意" | "不太满意" => 2,
        "非常不满意" | "很不满意" => 1,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_means_two_columns() {
        let mut names: Vec<&str> = NAMES.iter().flat_map(|(_, names)| names.iter()).copied().collect();
        names.sort_unstable();
        let count = names.len();
        names.dedup();

        assert_eq!(names.len(), count);
        assert!(names.iter().all(|name| Column::named(name).is_none()));
    }
}
