//! What these pages say, in both languages.

use crate::text::texts;

texts! {
    /// The words of these pages in one language. `{n}` marks the place of a value.
    pub HookWords, by SpokenOfHooks::hooks:

    title: "消息推送", "Webhooks";
    lead: "把事件推送给业务系统，把告警推送到钉钉、企业微信、飞书群机器人。消息里没有客户说的话。", "Events for other systems, alerts for robots of DingTalk, WeCom and Feishu. No message holds anybody's words.";
    list: "接收方", "Receivers";
    none: "还没有接收方。", "No receivers yet.";
    name: "名称", "Name";
    form: "类型", "Kind";
    scope: "内容", "Content";
    team: "班组（留空为全部）", "Team (empty: all)";
    to: "地址", "Host";
    state: "状态", "State";
    act: "操作", "Action";
    good: "正常", "working";
    failing: "连续失败 {n} 次，稍后自动重试", "failed {n} times in a row, tried again later";
    muted: "静音至 {n}", "muted until {n}";
    mute: "静音 8 小时", "Mute for 8 hours";
    unmute: "取消静音", "Unmute";
    remove: "删除", "Remove";
    sure: "确认删除", "Yes, remove";
    add: "新增接收方", "Add a receiver";
    url: "推送地址（含密钥，仅保存，不再显示）", "Address (kept, never shown again)";
    secret: "签名密钥（企业微信不填）", "Secret to sign with (none for WeCom)";
    hint: "通用类型按 Standard Webhooks 签名，密钥至少 16 个字符；机器人只接收告警。", "Generic webhooks are signed by Standard Webhooks, with a secret of at least 16 characters; robots take alerts alone.";
    create: "新增", "Add";
    bad: "没有保存：名称不能重复，地址要以 https:// 开头，通用类型要有 16 个字符以上的密钥，机器人只能选「告警」。", "Not kept: the name must be new, the address begin with https://, a generic webhook needs a secret of 16 characters, and robots take alerts alone.";
    done_added: "已新增。从现在起的消息会推送。", "Added. It hears what happens from now on.";
    done_removed: "已删除。", "Removed.";
    done_muted: "已静音。", "Muted.";
    done_unmuted: "已取消静音。", "Unmuted.";

    bell: "消息", "News";
    bell_lead: "与您的岗位有关的新消息。", "What is new for your role.";
    bell_read: "全部已读", "Mark all as read";
    bell_none: "没有新消息。", "Nothing new.";
    bell_time: "时间", "Time";
    bell_what: "内容", "What";
    bell_new: "新", "new";
    surge: "情绪升级激增：近一小时 {n} 通，疑似故障", "A surge of escalations: {n} contacts within an hour; an outage?";
    overdue: "申诉超时：{n} 件未按时处理", "{n} appeals are overdue";
    silent: "来源中断：近一小时没有送来记录，往常同时段至少 {n} 条", "A source is silent: nothing within an hour that brings {n} contacts at least";
    drifted: "情绪读数偏移：最近 {n} 条对话的读数与模型定标时相差较大，请抽样复核", "Readings have moved: the latest {n} conversations read unlike those the model was measured on; judge a sample";
    cases_overdue: "回访超时：{n} 件未按时办结", "{n} cases are overdue";
}
