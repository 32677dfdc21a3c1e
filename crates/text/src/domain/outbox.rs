//! What happened that others want to hear of, and how they are told.

use super::closed_set;

closed_set! {
    /// What happened. An event names things by their keys and holds no words of anybody.
    NewsKind {
        /// A rule raised a flag.
        FlagRaised => "flag.raised", "新标记";
        /// A flag is no longer raised: the contact was analysed anew.
        FlagWithdrawn => "flag.withdrawn", "标记撤销";
        /// A person judged a flag, or took a verdict back.
        FlagJudged => "flag.judged", "复核结论";
        /// An appeal was filed, answered, forwarded, insisted on or decided.
        AppealMoved => "appeal.moved", "申诉进展";
        /// A case was opened, moved on or closed.
        CaseMoved => "case.moved", "个案进展";
        /// The satisfaction of a customer was predicted.
        SatisfactionPredicted => "satisfaction.predicted", "预测满意度";
        /// Somebody should look at once: a surge of escalations, or work that is overdue.
        AlertRaised => "alert.raised", "告警";
    }
}

closed_set! {
    /// What somebody should look at although no single contact says so. What it is called is a sentence: `{n}` marks
    /// the place of the count.
    AlertKind {
        /// Far more escalations in an hour than usual.
        EscalationSurge => "escalation_surge", "情绪升级激增：近一小时 {n} 通，疑似故障";
        /// Appeals whose step should be done already.
        AppealsOverdue => "appeals_overdue", "申诉超时：{n} 件未按时处理";
        /// Cases whose customers should have their answer already.
        CasesOverdue => "cases_overdue", "回访超时：{n} 件未按时办结";
        /// A source that sends nothing in an hour that brings contacts in every week.
        SourceSilent => "source_silent", "来源中断：近一小时没有送来记录，往常同时段至少 {n} 条";
        /// A model that reads unlike where it was measured.
        ReadingDrift => "reading_drift", "情绪读数偏移：最近 {n} 条对话的读数与模型定标时相差较大，请抽样复核";
        /// Nothing: somebody tries whether messages arrive.
        Test => "test", "测试消息：推送已接通";
    }
}

closed_set! {
    /// In which body a webhook is sent.
    HookForm {
        /// One JSON object with the events, signed.
        Generic => "generic", "通用";
        /// A robot of `DingTalk`.
        Dingtalk => "dingtalk", "钉钉";
        /// A robot of `WeCom`.
        Wecom => "wecom", "企业微信";
        /// A robot of Feishu.
        Feishu => "feishu", "飞书";
    }
}

closed_set! {
    /// What a webhook is for.
    HookScope {
        /// Every event, for programs.
        Events => "events", "全部事件";
        /// What somebody should look at: abuse, surges, overdue work.
        Alerts => "alerts", "告警";
    }
}
