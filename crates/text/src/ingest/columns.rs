//! The names of facts in tables and plain text, and the Chinese and English words for their values.

use crate::domain::{Channel, Kind, Speaker, UtcMillis};

/// A fact about a contact or about one of its turns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Column {
    Source,
    ContactId,
    Channel,
    StartedAt,
    StaffId,
    Team,
    BusinessProcess,
    CustomerId,
    Revision,
    Kind,
    Satisfaction,
    Scale,
    Speaker,
    Text,
    StartMs,
    EndMs,
}

use Column::{
    BusinessProcess, ContactId, CustomerId, EndMs, Kind as KindColumn, Revision, Satisfaction, Scale, Source,
    Speaker as SpeakerColumn, StaffId, StartMs, StartedAt, Team, Text,
};

/// Every column: its published name, the JSON pointer of the same fact, and other names for it.
const COLUMNS: [(Column, &str, &str, &[&str]); 16] = [
    (Source, "source", "/source", &["来源", "来源系统", "数据来源"]),
    (
        ContactId,
        "contact_id",
        "/contact_id",
        &["编号", "接触编号", "流水号", "通话流水号", "会话编号", "会话id", "通话id", "工单号"],
    ),
    (Column::Channel, "channel", "/channel", &["渠道", "接触渠道", "服务渠道"]),
    (StartedAt, "started_at", "/started_at", &["开始时间", "时间", "通话时间", "接触时间", "日期"]),
    (StaffId, "staff_id", "/staff/id", &["工号", "坐席工号", "座席工号", "员工工号", "客服工号"]),
    (Team, "team", "/staff/team", &["班组", "团队", "部门", "技能组"]),
    (BusinessProcess, "business_process", "/business_process", &["业务", "业务类型", "业务流程"]),
    (
        CustomerId,
        "customer_id",
        "/customer/id",
        &["客户号码", "客户编号", "用户号码", "手机号", "手机号码", "来电号码", "主叫号码"],
    ),
    (Revision, "revision", "/revision", &["版本", "版本号"]),
    (KindColumn, "kind", "/kind", &["类型", "记录类型"]),
    (Satisfaction, "satisfaction", "/survey/satisfaction", &["满意度", "满意度评分"]),
    (Scale, "scale", "/survey/scale", &["满意度满分", "满分"]),
    (SpeakerColumn, "speaker", "/speaker", &["角色", "说话人", "发言人", "role"]),
    (Text, "text", "/text", &["内容", "文本", "话术", "对话内容", "content"]),
    (StartMs, "start_ms", "/start_ms", &["开始毫秒", "起始毫秒", "begin"]),
    (EndMs, "end_ms", "/end_ms", &["结束毫秒", "end"]),
];

impl Column {
    /// The column of that name, in English or Chinese; case and blanks around it do not matter.
    pub(super) fn named(name: &str) -> Option<Self> {
        let name = name.trim().trim_start_matches('\u{feff}').to_lowercase();
        COLUMNS
            .iter()
            .find(|(_, own, _, others)| *own == name || others.contains(&name.as_str()))
            .map(|(column, ..)| *column)
    }

    /// The published name.
    pub(super) fn as_str(self) -> &'static str {
        COLUMNS.iter().find(|(column, ..)| *column == self).map_or("", |(_, name, ..)| name)
    }

    /// The column that a JSON pointer of a refusal means, and the turn it belongs to.
    pub(super) fn of_pointer(pointer: &str) -> (Option<Self>, Option<usize>) {
        let turn = pointer.strip_prefix("/utterances/").and_then(|rest| rest.split_once('/'));
        let (field, index) = turn.map_or((pointer, None), |(index, _)| {
            (pointer.rfind('/').and_then(|at| pointer.get(at..)).unwrap_or(pointer), index.parse().ok())
        });
        let field = if field.starts_with("/note") { "/text" } else { field };
        let column = COLUMNS.iter().find(|(_, _, own, _)| *own == field).map(|(column, ..)| *column);
        (column, index)
    }

    /// All published names, for a refusal that helps.
    pub(super) fn names() -> String {
        COLUMNS.map(|(_, name, ..)| name).join(", ")
    }
}

/// The channel of that name: as published, as shown in Chinese, or as Chinese systems say.
pub(super) fn channel(text: &str) -> Option<Channel> {
    let text = text.trim().to_lowercase();
    let shown = |channel: &&Channel| channel.as_str() == text || channel.zh().to_lowercase() == text;
    Channel::ALL.iter().find(shown).copied().or(match text.as_str() {
        "客服热线" | "服务热线" | "呼入" | "电话" | "10086" | "来电" | "呼入电话" | "电话呼入" | "语音"
        | "人工热线" | "voice" | "phone" | "call" | "inbound" => Some(Channel::Hotline),
        "厅店" | "实体厅" | "柜台" => Some(Channel::Hall),
        "上门服务" | "装维" | "装维上门" => Some(Channel::Visit),
        "外呼回访" | "回访" | "呼出" | "电话呼出" | "外拨" => Some(Channel::Outbound),
        "在线" | "文字客服" | "互联网客服" | "chatbot" | "微信" | "微信公众号" | "企业微信" | "小程序"
        | "app" | "web" | "webchat" | "wechat" | "whatsapp" | "sms" | "短信" => Some(Channel::Chat),
        "vip经理" | "大客户经理" | "贵宾客户经理" => Some(Channel::VipManager),
        "集团客户" | "政企客户经理" | "客户经理" => Some(Channel::AccountManager),
        "社区" | "网格经理" => Some(Channel::CommunityManager),
        "网厅" | "掌厅" | "手机营业厅" | "掌上营业厅" => Some(Channel::OnlineHall),
        _ => None,
    })
}

/// Words for a speaker. A word that begins another one stands after it, for prefix matching.
pub(super) const SPEAKERS: [(&str, Speaker); 56] = [
    ("智能客服", Speaker::System),
    ("机器人客服", Speaker::System),
    ("机器人", Speaker::System),
    ("语音导航", Speaker::System),
    ("機器人", Speaker::System),
    ("語音導航", Speaker::System),
    ("系统提示", Speaker::System),
    ("系統提示", Speaker::System),
    ("系統", Speaker::System),
    ("系统", Speaker::System),
    ("ivr", Speaker::System),
    ("system", Speaker::System),
    ("robot", Speaker::System),
    ("bot", Speaker::System),
    ("人工客服", Speaker::Agent),
    ("在线客服", Speaker::Agent),
    ("客服代表", Speaker::Agent),
    ("客服人员", Speaker::Agent),
    ("客服人員", Speaker::Agent),
    ("客服", Speaker::Agent),
    ("客户代表", Speaker::Agent),
    ("客戶代表", Speaker::Agent),
    ("客戶經理", Speaker::Agent),
    ("社區經理", Speaker::Agent),
    ("話務員", Speaker::Agent),
    ("營業員", Speaker::Agent),
    ("裝維人員", Speaker::Agent),
    ("裝維", Speaker::Agent),
    ("工作人員", Speaker::Agent),
    ("員工", Speaker::Agent),
    ("客户经理", Speaker::Agent),
    ("社区经理", Speaker::Agent),
    ("坐席", Speaker::Agent),
    ("座席", Speaker::Agent),
    ("话务员", Speaker::Agent),
    ("营业员", Speaker::Agent),
    ("装维人员", Speaker::Agent),
    ("装维", Speaker::Agent),
    ("工作人员", Speaker::Agent),
    ("员工", Speaker::Agent),
    ("agent", Speaker::Agent),
    ("staff", Speaker::Agent),
    ("客戶", Speaker::Customer),
    ("用戶", Speaker::Customer),
    ("顧客", Speaker::Customer),
    ("機主", Speaker::Customer),
    ("客户", Speaker::Customer),
    ("用户", Speaker::Customer),
    ("顾客", Speaker::Customer),
    ("机主", Speaker::Customer),
    ("来电人", Speaker::Customer),
    ("customer", Speaker::Customer),
    ("client", Speaker::Customer),
    ("caller", Speaker::Customer),
    ("user", Speaker::Customer),
    ("guest", Speaker::Customer),
];

/// The speaker of exactly that name.
pub(super) fn speaker(text: &str) -> Option<Speaker> {
    let text = text.trim().to_lowercase();
    SPEAKERS.iter().find(|(word, _)| *word == text).map(|(_, speaker)| *speaker)
}

/// The kind of that name.
pub(super) fn kind(text: &str) -> Option<Kind> {
    match text.trim().to_lowercase().as_str() {
        "transcript" | "对话" | "通话" | "会话" | "录音" => Some(Kind::Transcript),
        "note" | "记录" | "备注" | "小结" | "工单" => Some(Kind::Note),
        _ => None,
    }
}

/// `mm:ss`, `hh:mm:ss`, either with a fraction, in milliseconds.
pub(super) fn clock(text: &str) -> Option<u64> {
    let (whole, fraction) = text.split_once(['.', ',']).unwrap_or((text, ""));
    let parts: Vec<u64> = whole.split([':', '：']).map(|part| digits(part, 3)).collect::<Option<_>>()?;
    let seconds = match *parts.as_slice() {
        [minutes, seconds] if seconds < 60 => minutes * 60 + seconds,
        [hours, minutes, seconds] if minutes < 60 && seconds < 60 => hours * 3600 + minutes * 60 + seconds,
        _ => return None,
    };
    let millis = if fraction.is_empty() {
        0
    } else {
        digits(&format!("{:0<3}", fraction.get(..3).unwrap_or(fraction)), 3)?
    };
    Some(seconds * 1000 + millis)
}

fn digits(text: &str, most: usize) -> Option<u64> {
    let plain = (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

/// A moment as tables write it: RFC 3339, or `2026-11-01 08:00[:05]` with `-`, `/`, `.` or 年月日, on
/// Beijing's clock, which is the only one in China.
pub(super) fn moment(text: &str) -> Option<UtcMillis> {
    let text = text.trim();
    if let Ok(moment) = UtcMillis::parse_rfc3339(text) {
        return Some(moment);
    }
    let separated: String = text
        .chars()
        .map(|c| {
            if matches!(c, '年' | '月' | '日' | '/' | '.' | '-' | 'T' | '时' | '分' | '秒' | ':' | '：')
            {
                ' '
            } else {
                c
            }
        })
        .collect();
    let parts: Vec<u32> = separated.split_whitespace().map(str::parse).collect::<Result<_, _>>().ok()?;
    let &[year, month, day, ref clock @ ..] = parts.as_slice() else { return None };
    let (hour, minute, second) = match *clock {
        [] => (0, 0, 0),
        [hour, minute] => (hour, minute, 0),
        // A seventh number is a fraction of a second.
        [hour, minute, second] | [hour, minute, second, _] => (hour, minute, second),
        _ => return None,
    };
    let beijing = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}+08:00");
    UtcMillis::parse_rfc3339(&beijing).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_that_begins_another_one_stands_after_it() {
        for (at, (word, _)) in SPEAKERS.iter().enumerate() {
            let hidden = SPEAKERS[..at].iter().find(|(earlier, _)| word.starts_with(earlier));
            assert_eq!(hidden, None, "{word} can never match");
        }
    }

    #[test]
    fn no_two_columns_share_a_name() {
        let mut names: Vec<&str> =
            COLUMNS.iter().flat_map(|(_, name, _, others)| others.iter().chain([name])).copied().collect();
        names.sort_unstable();
        let count = names.len();
        names.dedup();

        assert_eq!(names.len(), count);
        assert!(names.iter().all(|name| Column::named(name).is_some()));
    }

    #[test]
    fn a_table_time_is_beijing_time() {
        let expected = UtcMillis::parse_rfc3339("2026-11-01T08:05:00+08:00").ok();

        for text in [
            "2026-11-01 08:05:00",
            "2026/11/1 8:05",
            "2026年11月1日 8时05分",
            "2026-11-01T00:05:00Z",
            "2026-11-01 08:05:00.000",
        ] {
            assert_eq!(moment(text), expected, "{text}");
        }
        assert_eq!(moment("2026-13-01 08:05"), None);
        assert_eq!(moment("昨天"), None);
    }
}
