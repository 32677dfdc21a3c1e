//! What the acts of the audit log are called.

use crate::text::Lang;

/// Every act with its names. One that is not here is shown by its code: an older or a newer release
/// wrote it.
const ACTS: &[(&str, &str, &str)] = &[
    ("access.refused", "越权访问被拒", "Access refused"),
    ("analysis.read", "查看判读结果", "Read an analysis"),
    ("appeal.answer", "答复申诉", "Answered an appeal"),
    ("appeal.file", "提出申诉", "Filed an appeal"),
    ("appeal.forward", "转交申诉复审", "Forwarded an appeal"),
    ("appeal.insist", "坚持申诉", "Insisted on an appeal"),
    ("appeal.overturn", "申诉改判误报", "Overturned a flag"),
    ("appeal.read", "查看申诉", "Read an appeal"),
    ("appeal.uphold", "申诉维持原判", "Upheld a flag"),
    ("audit.list", "查看审计日志", "Read the audit log"),
    ("audit.export", "导出审计日志", "Exported the audit log"),
    ("audit.trim", "清理到期审计记录", "Removed old entries"),
    ("bell.read", "查看消息", "Read the bell"),
    ("calibration.close", "结束校准", "Ended a calibration"),
    ("calibration.list", "查看校准列表", "Listed calibrations"),
    ("calibration.open", "发起校准", "Opened a calibration"),
    ("calibration.read", "校准判断", "Read a contact of a calibration"),
    ("calibration.result", "查看校准结果", "Read the result of a calibration"),
    ("coaching.agree", "安排辅导", "Agreed coaching"),
    ("coaching.end", "结束辅导", "Ended coaching"),
    ("coaching.list", "查看辅导列表", "Listed coaching"),
    ("contact.read", "查看服务记录", "Read a contact"),
    ("contact.read_own", "查看本人服务记录", "Read an own contact"),
    ("contacts.list", "查看服务记录列表", "Listed contacts"),
    ("contacts.rescore", "重新判读", "Queued rescoring"),
    ("contacts.search", "检索服务记录", "Searched contacts"),
    ("database.backup", "备份数据库", "Backed the database up"),
    ("events.list", "读取事件", "Read events"),
    ("export", "导出数据", "Exported"),
    ("export.approve", "批准导出", "Approved an export"),
    ("export.ask", "申请导出原文", "Asked for an export"),
    ("export.list", "导出页面列表", "Copied a list"),
    ("export.refuse", "不批准导出", "Refused an export"),
    ("flag.acknowledge", "签阅标记", "Acknowledged a flag"),
    ("flag.confirm", "确认标记", "Confirmed a flag"),
    ("flag.judge", "复核标记", "Judged a flag"),
    ("flag.reject", "判为误报", "Rejected a flag"),
    ("flag.reopen", "撤回复核结论", "Took a verdict back"),
    ("flag.unclear", "标为存疑", "Called a flag unclear"),
    ("flags.list", "查看标记列表", "Listed flags"),
    ("form.draft", "编写评分表", "Wrote a form"),
    ("form.publish", "发布评分表", "Published a form"),
    ("form.retire", "停用评分表", "Retired a form"),
    ("forms.list", "查看评分表", "Read forms"),
    ("hold.place", "设置法律保留", "Placed a legal hold"),
    ("hold.release", "解除法律保留", "Released a legal hold"),
    ("holds.list", "查看法律保留", "Listed legal holds"),
    ("hook.add", "新增消息接收方", "Added a receiver"),
    ("hook.mute", "静音消息接收方", "Muted a receiver"),
    ("hook.remove", "删除消息接收方", "Removed a receiver"),
    ("hook.unmute", "取消静音", "Unmuted a receiver"),
    ("incident.declare", "登记故障时段", "Declared an incident"),
    ("incident.revoke", "撤销故障时段", "Revoked an incident"),
    ("incidents.list", "查看故障时段", "Listed incidents"),
    ("key.create", "新建接口密钥", "Created a key"),
    ("key.revoke", "吊销接口密钥", "Revoked a key"),
    ("person.erase", "开始删除个人信息", "Began an erasure"),
    ("person.erased", "完成删除个人信息", "Ended an erasure"),
    ("person.export", "导出个人信息", "Handed a person's data over"),
    ("person.look_up", "查询个人信息数量", "Looked a person up"),
    ("queue.drop", "放弃已隔离记录", "Gave a contact up"),
    ("queue.retry", "重试已隔离记录", "Retried a contact"),
    ("rates.list", "查看校正比率", "Read corrected rates"),
    ("retention.run", "执行保存期限", "Ran retention"),
    ("review.ask", "请求优先复核", "Asked for a review"),
    ("rule.hint", "规则改为仅提示", "Made a rule a hint"),
    ("rule.off", "停用规则", "Switched a rule off"),
    ("rule.on", "启用规则", "Switched a rule on"),
    ("rule.threshold", "更改规则阈值", "Changed a threshold"),
    ("sample.plan", "修改抽样计划", "Changed the sample"),
    ("sample.read", "抽检判断", "Read a drawn contact"),
    ("sample.reply", "抽检补充判断", "Answered for a drawn contact"),
    ("session.close", "退出登录", "Logged out"),
    ("session.open", "登录", "Logged in"),
    ("setup.redeem", "首次设置账号", "Set the first account up"),
    ("sheet.fill", "用评分表评分", "Filled a form in"),
    ("sheets.list", "查看服务记录评分", "Read the sheets of a contact"),
    ("sheets.read_own", "查看本人评分", "Read own sheets"),
    ("signals.read", "查看信号", "Read signals"),
    ("staff.list", "查看员工列表", "Listed staff"),
    ("staff.read", "查看员工结果", "Read a person's results"),
    ("staff.read_own", "查看本人结果", "Read the own results"),
    ("teams.list", "查看班组", "Read teams"),
    ("user.create", "新建账号", "Created an account"),
    ("user.delete", "删除账号", "Deleted an account"),
    ("user.disable", "停用账号", "Disabled an account"),
    ("user.enable", "启用账号", "Enabled an account"),
    ("user.link", "绑定工号", "Linked a work number"),
    ("user.password", "重设密码", "Reset a password"),
    ("user.password_own", "修改本人密码", "Changed the own password"),
    ("user.role", "修改角色", "Changed a role"),
    ("user.team", "修改班组", "Changed a team"),
];

/// What an act is called; its code where nothing is known of it.
#[must_use]
pub fn act(code: &str, lang: Lang) -> &str {
    let found = ACTS.iter().find(|(known, ..)| *known == code);
    found.map_or(code, |(_, zh, en)| if lang == Lang::Zh { zh } else { en })
}

/// Every act with its name, for a filter.
#[must_use]
pub fn acts(lang: Lang) -> Vec<(&'static str, &'static str)> {
    ACTS.iter().map(|(code, zh, en)| (*code, if lang == Lang::Zh { *zh } else { *en })).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_act_has_one_name_and_one_of_another_release_its_code() {
        let mut codes: Vec<&str> = ACTS.iter().map(|(code, ..)| *code).collect();
        let count = codes.len();
        codes.sort_unstable();
        codes.dedup();

        assert_eq!(codes.len(), count);
        assert_eq!((act("flag.confirm", Lang::Zh), act("x.y", Lang::Zh)), ("确认标记", "x.y"));
    }
}
