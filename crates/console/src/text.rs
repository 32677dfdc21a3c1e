//! Every word that the console itself says, in both languages, in one table.
//!
//! A line of the table cannot exist without both languages: the macro asks for them. What the
//! closed sets of the domain are called stands in `label.rs`, where a `match` asks for every
//! member.

pub use tingxin_text::domain::Lang;

/// Puts a value in the place of `{n}`.
#[must_use]
pub fn fill(text: &str, value: impl std::fmt::Display) -> String {
    text.replace("{n}", &value.to_string())
}

/// A table of words, in both languages; with `by`, also how a language is asked for them.
macro_rules! texts {
    ($(#[$about:meta])* $vis:vis $name:ident, by $spoken:ident::$words:ident: $($table:tt)+) => {
        /// The languages, with these words.
        $vis trait $spoken {
            /// The words of this language.
            fn $words(self) -> &'static $name;
        }

        impl $spoken for $crate::text::Lang {
            fn $words(self) -> &'static $name {
                match self {
                    Self::Zh => &ZH,
                    Self::En => &EN,
                }
            }
        }

        $crate::text::texts! { $(#[$about])* $vis $name: $($table)+ }
    };
    ($(#[$about:meta])* $vis:vis $name:ident: $($key:ident: $zh:literal, $en:literal;)+) => {
        $(#[$about])*
        #[derive(Debug)]
        $vis struct $name { $(#[doc = concat!("`", $en, "`")] pub $key: &'static str,)+ }

        static ZH: $name = $name { $($key: $zh,)+ };
        static EN: $name = $name { $($key: $en,)+ };

        /// Key, Chinese, English.
        #[cfg(test)]
        const TABLE: &[(&str, &str, &str)] = &[$((stringify!($key), $zh, $en)),+];

        #[cfg(test)]
        mod every_text {
            #[test]
            fn no_text_lacks_a_language_or_a_value() {
                for (key, zh, en) in super::TABLE {
                    $crate::text::check(key, zh, en);
                }
            }
        }
    };
}

/// Whether a text is there in both languages, with the same values.
#[cfg(test)]
pub(crate) fn check(key: &str, zh: &str, en: &str) {
    // These show the other language, or an example of what is typed.
    let borrowed = ["switch", "legend_neg_sample", "legend_pos_sample", "words_hint"].contains(&key);
    let is_han = |c| ('\u{4e00}'..='\u{9fff}').contains(&c);
    assert!(!zh.trim().is_empty() && !en.trim().is_empty(), "{key}");
    assert!(borrowed || !en.chars().any(is_han), "{key} is not English: {en}");
    assert_eq!(zh.matches("{n}").count(), en.matches("{n}").count(), "{key} drops a value");
}

pub(super) use texts;

texts! {
    /// The words of one language. `{n}` marks the place of a value.
    pub Texts, by Spoken::texts:

    // The frame of every page.
    product: "听心", "Tingxin";
    tagline: "客户服务情绪质检", "Emotion in customer contacts";
    skip: "跳到正文", "Skip to content";
    nav: "主导航", "Main navigation";
    nav_review: "质检复核", "Review";
    nav_contacts: "服务记录", "Contacts";
    nav_coaching: "辅导", "Coaching";
    nav_samples: "抽检", "Sample";
    nav_rules: "规则", "Rules";
    nav_me: "我的结果", "My results";
    nav_teams: "班组", "Teams";
    nav_signals: "情绪互动", "Signals";
    nav_numbers: "数字说明", "The numbers";
    nav_users: "账号", "Accounts";
    nav_keys: "接口密钥", "API keys";
    nav_set_aside: "已隔离", "Set aside";
    nav_audit: "审计日志", "Audit log";
    nav_help: "帮助", "Help";
    nav_home: "首页", "Home";
    nav_password: "修改密码", "Password";
    logout: "退出", "Log out";
    switch: "English", "中文";
    all: "全部", "All";

    // Logging in.
    login_title: "登录", "Log in";
    login_lead: "听见每一次服务里的情绪。", "Hear the feeling in every contact.";
    login_name: "账号", "Account";
    login_password: "密码", "Password";
    login_button: "登录", "Log in";
    login_failed: "账号或密码不对。请检查后重试；忘记密码请联系管理员重置。", "Account or password is wrong. Check both and try again; an administrator can reset a password.";
    login_wait: "尝试次数过多，请在 {n} 秒后再试。", "Too many attempts. Try again in {n} seconds.";
    setup_title: "创建第一个管理员", "Create the first administrator";
    setup_lead: "这个一次性链接只能使用一次。管理员管理账号和密钥，看不到对话内容。", "This one-time link works once. Administrators manage accounts and keys and read no transcripts.";
    setup_button: "创建并登录", "Create and log in";
    setup_gone: "这个链接已用过或已失效。请在服务器上重新生成，或直接登录。", "This link was used or is no longer valid. Make a new one on the server, or log in.";
    password_rule: "至少 {n} 个字符，可以是一句好记的话。", "At least {n} characters; a sentence you remember is fine.";

    // The queue.
    queue_title: "待复核", "Review queue";
    queue_all: "全部带标记的服务记录", "All flagged contacts";
    queue_count: "共 {n} 条", "{n} in all";
    queue_count_more: "超过 1 万条", "more than 10,000";
    pace_count: "您今天已判 {n} 条标记", "You judged {n} flags today";
    pace_time: "中位用时 {n} 秒", "median {n} s";
    comma_wide: "，", ", ";
    queue_next: "下一页", "Next page";
    queue_first: "回到第一页", "Back to the first page";
    queue_pages: "翻页", "Pages";
    filter: "筛选", "Filter";
    filter_channel: "渠道", "Channel";
    filter_rule: "标记", "Rule";
    filter_severity: "严重度", "Severity";
    filter_team: "班组", "Team";
    filter_status: "状态", "Status";
    filter_apply: "应用", "Apply";
    filter_clear: "清除筛选", "Clear filters";
    filter_more: "更多筛选", "More filters";
    empty_title: "没有待复核的服务记录", "Nothing to review";
    empty_filtered: "没有符合这些条件的服务记录。放宽或清除筛选再看看。", "No contact matches. Loosen or clear the filters.";
    empty_fresh: "还没有分析出带标记的服务记录。请先导入（tingxin import 文件夹）或通过接口提交服务记录，分析完成后会出现在这里。", "No flagged contact yet. Import a folder (tingxin import FOLDER) or send contacts through the API; they appear here once analysed.";
    choose_title: "从左侧选一条服务记录", "Choose a contact from the list";
    choose_lead: "按 J / K 上下移动，Enter 打开，? 查看全部快捷键。", "Press J / K to move, Enter to open, ? for all keys.";
    certainty: "置信度 {n}", "certainty {n}";
    certainty_top: "99% 以上", "over 99%";
    certainty_low: "不足 1%", "under 1%";
    spark: "客户情绪走势，共 {n} 轮", "Customer mood over {n} turns";

    asked_first: "培训师请优先复核", "Asked for by a trainer";

    // A contact.
    talk_incident: "登记的故障时段（{n}）：这条服务记录不计入个人比率。", "Within a declared incident ({n}): this contact is out of the rates of people.";
    back: "返回列表", "Back to the list";
    back_to_results: "返回检索结果", "Back to the results";
    previous: "上一条", "Previous";
    next: "下一条", "Next";
    facts: "基本信息", "Facts";
    fact_source: "来源", "Source";
    fact_channel: "渠道", "Channel";
    fact_staff: "员工", "Staff";
    fact_team: "班组", "Team";
    fact_time: "时间", "Began";
    fact_length: "时长", "Length";
    fact_survey: "客户评价", "Survey";
    fact_expected: "预计满意度", "Expected satisfaction";
    expected_range: "满分5分，80% 区间 {n}", "of 5, 80% interval {n}";
    expected_low: "不满意的可能性 {n}", "dissatisfied with probability {n}";
    flags_title: "为什么值得看", "Why it deserves a look";
    flag_hint: "仅提示，不计入", "only a hint, not counted";
    flags_none: "没有标记：这条服务记录没有达到任何规则的门槛。", "No flags: nothing reached the threshold of any rule.";
    judge: "复核这条标记", "Verdict on this flag";
    judge_confirm: "确认", "Confirm";
    judge_reject: "误报", "Reject";
    judge_unclear: "存疑", "Unclear";
    judge_objection: "为什么是误报", "Why it is rejected";
    judge_enter: "回车：不选理由，直接保存", "Enter saves without a reason";
    judge_back: "撤回结论", "Take back";
    judge_why: "理由与说明", "Reason and note";
    judge_note: "说明（可不填）", "Why (optional)";
    judge_former: "已复核，但现在不再标记", "judged, and no longer flagged";
    judge_kept: "已保存：{n}", "Kept: {n}";
    judge_undone: "已撤回：{n}", "Taken back: {n}";
    judge_undo: "撤回", "Undo";
    technical: "技术细节：走向、事件概率、未计算的项目、引擎", "Technical: course, event probabilities, not computed, engine";
    judge_failed: "结论没有保存：登录已过期，或这条标记刚被他人复核、重新分析。请刷新页面再看一遍。", "The verdict is not kept: the session has ended, or the flag was judged or analysed anew meanwhile. Reload and look again.";
    by_key: "{n}（接口密钥）", "{n} (API key)";
    judge_history: "复核记录", "Verdicts so far";
    turns: "相关轮次", "Turns";
    sentences: "相关句子", "Sentences";
    turn_n: "第 {n} 轮", "Turn {n}";
    sentence_n: "第 {n} 句", "Sentence {n}";
    unit_turns: "{n} 轮", "{n} turns";
    unit_sentences: "{n} 句", "{n} sentences";
    curve_title: "情绪曲线", "Mood over the contact";
    curve_desc: "横轴为轮次，纵轴为情绪值，+1 最愉快，−1 最不愉快。逐轮数值见下方表格。", "Horizontal: turns. Vertical: valence, +1 most pleasant, −1 most unpleasant. The table below has every value.";
    band: "客户 ±1 标准差", "Customer ±1 sd";
    gap: "未评分", "not scored";
    curve_table: "逐轮数值表", "Every value as a table";
    col_turn: "轮次", "Turn";
    col_time: "时间", "Time";
    col_speaker: "说话人", "Speaker";
    col_emotion: "情绪", "Emotion";
    col_valence: "情绪值", "Valence";
    col_sd: "标准差", "Sd";
    not_scored_system: "系统播报，不评分", "system voice, never scored";
    heard_as: "结合上文：{n}", "in context: {n}";
    not_scored_short: "文字太少，未评分", "too few words to score";
    talk_title: "对话", "Transcript";
    talk_waiting: "这条服务记录正在排队分析，先显示脱敏后的原文。稍后刷新即可看到结果。", "This contact still waits for its analysis; its redacted text is shown meanwhile. Reload later.";
    talk_quarantined: "这条服务记录多次分析失败，已隔离，请联系管理员。这里显示脱敏后的原文。", "The analysis failed repeatedly and the contact was set aside; tell an administrator. Its redacted text is shown.";
    legend: "图例", "Legend";
    legend_negative: "使读数变得不愉快的词", "words that make the reading unpleasant";
    legend_positive: "使读数变得愉快的词", "words that make the reading pleasant";
    legend_strength: "线越粗，影响越大", "the thicker the line, the stronger";
    legend_neg_sample: "气死", "气死";
    legend_pos_sample: "谢谢", "谢谢";
    legend_out_sample: "[电话]", "[phone]";
    legend_redacted: "已隐去的个人信息", "personal data taken out";
    evidence_title: "使情绪值变化 {n}", "moves the valence by {n}";
    redacted_title: "已隐去：{n}", "taken out: {n}";
    note_title: "员工记录", "Staff note";
    note_lead: "以下情绪由员工在记录中转述，不是客户当面说出的话，因此不画曲线。", "These emotions are reported by staff, not spoken by the customer, so there is no curve.";
    reported_customer: "员工记录的客户情绪", "Customer emotion as reported by staff";
    reported_staff: "员工记录的自身情绪", "Own emotion as reported by staff";
    reported_none: "未转述情绪", "reports no emotion";
    trajectory_title: "客户情绪走向", "The customer's mood";
    interval: "80% 区间 {n}", "80% interval {n}";
    events_title: "全部事件概率", "All event probabilities";
    events_lead: "没有达到门槛的事件也列在这里。", "Events below the threshold are listed too.";
    skipped_title: "未计算", "Not computed";
    skipped_turns: "部分客户发言", "Some customer turns";
    comma: "、", ", ";
    skipped_none: "全部项目都已计算。", "Everything was computed.";
    engine_title: "分析引擎", "Engine";
    engine_lexicon: "词典模型 {n}：情绪按词典读出，仅供定位可疑片段；概率尚未用人工复核校准，不能当作结论。", "Lexicon model {n}: emotions are lexicon readings that point to places; probabilities are not yet calibrated against reviewers and prove nothing.";
    engine_other: "模型 {n}：结果仅供定位可疑片段，请以原文为准。", "Model {n}: results point to places; the words themselves decide.";
    not_found_title: "没有找到", "Not found";
    not_found: "没有这个页面，或者它不在您的查看范围内。", "There is no such page, or it is outside what you may see.";
    forbidden_title: "无权查看", "Not allowed";
    forbidden: "您的角色不能做这件事。如果工作需要，请联系管理员调整角色。", "Your role may not do this. If your work needs it, ask an administrator.";
    failed_title: "暂时不可用", "Unavailable";
    failed: "服务暂时出了问题，数据没有丢失。请稍后重试；若持续出现，请把下面的编号告诉管理员。", "Something failed on our side; no data was lost. Try again; if it stays, give the number below to an administrator.";
    refused_title: "请求未被接受", "Request refused";
    refused: "提交的内容不完整或页面已过期。请返回后刷新页面再试。", "The form was incomplete or the page too old. Go back, reload and try again.";
    request_id: "编号 {n}", "Number {n}";
    go_home: "回到首页", "Go to the start";

    // Roles without a queue.

    // Accounts and keys.
    users_title: "账号管理", "Accounts";
    users_list: "现有账号", "Accounts";
    users_new: "新建账号", "New account";
    user_name: "账号", "Account";
    user_name_rule: "字母、数字、点、横线或下划线", "letters, digits, dot, dash or underscore";
    user_role: "角色", "Role";
    user_team: "班组（可选，填写后只能看到本班组）", "Team (optional; limits what is seen to it)";
    user_team_short: "班组", "Team";
    user_state: "状态", "State";
    user_created: "创建时间", "Created";
    user_action: "操作", "Action";
    user_active: "启用", "active";
    user_disabled: "已停用", "disabled";
    user_enable: "启用 {n}", "Enable {n}";
    user_disable: "停用 {n}", "Disable {n}";
    user_self: "当前账号", "this account";
    user_edit: "管理", "Manage";
    user_title: "账号 {n}", "Account {n}";
    user_back: "返回账号列表", "Back to all accounts";
    user_standing: "角色与范围", "Role and scope";
    user_standing_hint: "保存后下一次操作即生效，无需重新登录。", "It acts on the next request; nobody needs to log in again.";
    user_staff: "工号（可选，填写后可查看该工号本人的结果）", "Work number (optional; lets the account see that person's own results)";
    user_save: "保存", "Save";
    user_reset: "重置密码", "Reset the password";
    user_reset_hint: "重置后，该账号的所有登录立即失效。请当面或用其他安全方式告知新密码，并请本人登录后自行修改。", "All sessions of the account end. Hand the new password over in person or another safe way, and ask for it to be changed after logging in.";
    user_delete: "删除账号", "Delete the account";
    user_delete_hint: "删除后无法恢复；复核结论和审计日志中的记录会保留。人员离职请删除，暂时不用请停用。", "It cannot be undone; verdicts and entries of the audit log stay. Delete it when somebody leaves, disable it for the time being otherwise.";
    user_delete_sure: "确认删除 {n}", "Yes, delete {n}";
    user_own: "这是您正在使用的账号：角色、班组和工号请由其他管理员更改，也不能在这里删除。密码请在“修改密码”中更改。", "This is the account you are using: another administrator can change its role, team and work number, and it cannot be deleted here. Change its password under “Password”.";
    password_title: "修改密码", "Change your password";
    password_lead: "修改后，您在其他浏览器上的登录会全部失效，当前登录不受影响。", "Your sessions in other browsers end; this one goes on.";
    password_current: "当前密码", "Present password";
    password_new: "新密码", "New password";
    password_again: "再输入一次新密码", "New password once more";
    password_wrong: "没有修改：当前密码不对。", "Not changed: the present password is wrong.";
    password_differs: "没有修改：两次输入的新密码不一致。", "Not changed: the two new passwords differ.";
    create: "新建", "Create";
    keys_title: "接口密钥", "API keys";
    keys_list: "现有密钥", "Keys";
    keys_new: "新建密钥", "New key";
    keys_none: "还没有密钥。", "No keys yet.";
    key_name: "用途名称", "Purpose";
    key_prefix: "密钥开头", "Starts with";
    key_expires: "到期", "Expires";
    key_never: "不过期", "never";
    key_days: "有效天数（可选）", "Valid for days (optional)";
    key_active: "有效", "valid";
    key_revoked: "已吊销", "revoked";
    key_expired: "已到期", "expired";
    key_revoke: "吊销 {n}", "Revoke {n}";
    key_secret: "请立即复制保存，关闭本页后无法再次查看：", "Copy it now; it cannot be shown again:";
    done_created: "已新建 {n}。", "Created {n}.";
    done_enabled: "已启用 {n}。", "Enabled {n}.";
    done_disabled: "已停用 {n}，其登录已全部失效。", "Disabled {n}; all its sessions ended.";
    done_revoked: "已吊销 {n}。", "Revoked {n}.";
    done_changed: "已保存 {n} 的更改，下一次操作即生效。", "Saved {n}; it acts on the next request.";
    done_password_reset: "已重置 {n} 的密码，其登录已全部失效。", "The password of {n} is reset; all its sessions ended.";
    done_deleted: "已删除账号。", "The account is deleted.";
    done_password: "密码已修改，其他浏览器上的登录已失效。", "Your password is changed; sessions in other browsers have ended.";
    bad_number: "没有保存：工号格式不符合要求。", "Not saved: the work number is not accepted.";
    bad_sure: "没有删除：请先勾选确认。", "Not deleted: tick the box first.";
    bad_taken: "名称 {n} 已被占用。", "The name {n} is taken.";
    bad_password: "没有保存：密码太短、太常见，或与账号相同。请换一个更长的密码。", "Not saved: the password is too short, too common or equals the account. Choose a longer one.";
    bad_name: "没有保存：名称不符合要求。最多 64 个字母、数字、点、横线或下划线。", "Not saved: the name is not accepted. Up to 64 letters, digits, dots, dashes or underscores.";
    bad_team: "没有保存：班组名称不符合要求。", "Not saved: the team name is not accepted.";
    done_coaching_ended: "已撤回一条辅导约定。", "One coaching agreement was taken back.";
    done_incident: "已登记故障时段，相关服务记录只与彼此比较。", "The incident is declared; its contacts are compared with each other only.";
    done_incident_revoked: "已撤销一个故障时段。", "One incident was taken back.";
    bad_note: "没有保存：说明需要 1 到 500 个字，不能换行。", "Not saved: the note must have 1 to 500 characters and no line breaks.";
    bad_times: "没有保存：请填写开始和结束时间，结束要晚于开始。", "Not saved: give a beginning and an end; the end must be later.";
    bad_indicator: "没有保存：请选择一项行为。", "Not saved: choose a behaviour.";
    bad_process: "没有保存：业务名称不符合要求。", "Not saved: the business process is not accepted.";
    bad_view: "名称要有 1 到 40 个字符，不能换行。", "A name has 1 to 40 characters and no line breaks.";
    bad_view_words: "没有保存：名称或原文里像是有个人信息（如电话、姓名）。保存的检索里不能有。", "Not saved: the name or the words look like personal data, which a saved search must not hold.";
    bad_views: "没有保存：每个账号最多保存 20 个检索，请先删除一个。", "Not saved: an account keeps at most 20 searches; delete one first.";
    bad_days: "没有保存：有效天数应为 1 到 3650 的整数，或留空。", "Not saved: the days must be a whole number from 1 to 3650, or empty.";

    // Contacts that were set aside.
    aside_title: "已隔离的服务记录", "Contacts set aside";
    aside_lead: "这些服务记录多次分析失败，已被隔离，不影响其他服务记录。内容仍然保存着，只是没有分析结果。升级或排除故障后可以重试；放弃后不再尝试，除非来源系统发来新版本。", "These contacts could not be analysed in several attempts and were set aside; no other contact waits for them. They are stored, without an analysis. Retry after an upgrade or a repair. One that is given up is not tried again unless its source sends a newer revision.";
    aside_list: "清单", "List";
    aside_none: "没有被隔离的服务记录。", "No contact is set aside.";
    aside_contact: "服务记录", "Contact";
    aside_revision: "版本", "Revision";
    aside_since: "隔离时间", "Set aside";
    aside_attempts: "失败次数", "Failed attempts";
    aside_reason: "原因", "Reason";
    aside_retry: "重试", "Retry";
    aside_retry_all: "全部重试", "Retry all";
    aside_drop: "放弃", "Give up";
    aside_failed: "分析程序出错", "The analysis failed";
    aside_not_storable: "分析结果无法保存", "The result could not be stored";
    aside_died: "分析它时进程多次异常退出", "The process died while it was analysed";
    aside_unreadable: "保存的内容已损坏，无法读取", "The stored contact is damaged";
    done_retried: "已重新排队。", "It waits for its analysis again.";
    done_retried_all: "已全部重新排队。", "All wait for their analysis again.";
    done_given_up: "已放弃。", "It was given up.";
    done_view_saved: "检索已保存。", "The search is saved.";
    done_view_deleted: "检索已删除。", "The search is deleted.";
    bad_not_aside: "这条服务记录已经不在清单里。", "This contact is not on the list any more.";

    // The audit log.
    audit_title: "审计日志", "Audit log";
    audit_lead: "每条记录都与前一条用 SHA-256 串联，删改任何一条都会被发现。日志不含对话内容。", "Every entry is chained to the one before by SHA-256, so a change anywhere shows. It holds no text of contacts.";
    audit_none: "还没有记录。", "No entries yet.";
    audit_seq: "序号", "No.";
    audit_time: "时间", "Time";
    audit_actor: "操作者", "Who";
    audit_action: "动作", "What";
    audit_object: "对象", "Object";
    audit_purpose: "用途", "Purpose";
    audit_address: "来源地址", "From";
    audit_result: "结果", "Result";
    audit_intact: "日志完整：{n} 条记录都与写入时一致。", "The log is whole: {n} entries, each as it was written. ";
    audit_broken: "日志已被改动：从第 {n} 条起与写入时不一致（被修改、删除或移位）。请立即与备份比对，并报告安全负责人；查清之前，不要以这条及之后的记录为准。", "The log was tampered with: from entry {n} on it is not as it was written (changed, removed or moved). Compare it with a backup at once and tell whoever is responsible for security; rely on no entry from there on until it is cleared up. ";
    audit_checked: "检查时间：{n}。", "Checked at {n}.";
    audit_ok: "成功", "ok";
    audit_refused: "已拒绝", "refused";

    // Help, and what the keys do.
    help_title: "帮助", "Help";
    help_lead: "听心读完每一条服务记录，指出哪些值得您亲自看一遍。机器只提示，人来判断。", "Tingxin reads every customer contact and says which deserve your own eyes. The machine points; people judge.";
    help_rules: "标记的含义", "What the flags mean";
    help_numbers: "数字的含义", "What the numbers mean";
    help_valence: "情绪值在 −1（最不愉快）到 +1（最愉快）之间，由这句话里八种情绪的概率加权得出。它描述一句话听上去怎样，不是对说话人的评价。", "Valence runs from −1 (most unpleasant) to +1 (most pleasant), weighted from the probabilities of eight emotions. It says how a sentence sounds, not what a person is like.";
    help_sd: "标准差表示这一读数有多不确定：概率越分散，区间越宽。图中客户曲线两侧的浅色带就是 ±1 个标准差。", "The standard deviation says how uncertain a reading is. The pale band around the customer's curve is ±1 standard deviation.";
    help_probability: "“置信度”是规则所述事件发生的概率。情绪编码模型的概率只在自编语料上校准过，词典模型的没有校准；两者都未用本单位的人工复核结果校准，请只用它来排先后。", "Certainty is the probability that the event of the rule happened. The encoder's probabilities are calibrated on an invented corpus only, the lexicon's not at all, and neither against your reviewers: use them to choose what to read first.";
    help_after: "曲线只说明先后：某句话“之后”情绪变化，不等于“因为”这句话。系统不会给单条服务记录计算谁影响了谁。", "The curve shows order: a mood that changes after a sentence need not change because of it. No single contact gets a figure for who moved whom.";
    help_gap: "文字太少的轮次和系统播报不评分，曲线在那里断开，而不是猜一个数。", "Turns with too few words and system voices are not scored: the curve breaks there instead of guessing.";
    help_fair: "单条服务记录的结果不能用来考核员工。", "The result of one contact is no basis for judging a member of staff.";
    help_keys: "键盘", "Keyboard";
    help_privacy: "隐私", "Privacy";
    help_privacy_text: "电话、证件号、银行卡、姓名、地址等个人信息在保存之前就已隐去，客户只以假名出现，无法从这里还原。每次查看对话都会记入审计日志。", "Phone, identity and card numbers, names and addresses are taken out before anything is stored; customers appear under pseudonyms and cannot be recovered here. Every reading of a transcript is written to the audit log.";
    key_move: "下一条 / 上一条", "next / previous contact";
    key_choose: "选择第几条标记", "choose a flag";
    key_judge: "对选中的标记：确认 / 误报 / 存疑；误报后按数字选理由", "confirm / reject / unclear; after N a digit gives the reason";
    key_missed: "标出漏判的句子", "Mark a sentence that no rule heard";
    key_note: "写说明", "write a note";
    key_enter: "打开选中的；保存并到下一条", "open; save and go on";
    key_undo: "撤回上一个结论（在任何页面）", "take back the last verdict, from any page";
    key_escape: "回到列表；关闭帮助", "back to the list; close help";
    key_filter: "跳到筛选", "go to the filters";
    keys_single: "使用单键快捷键", "Use single-key shortcuts";
    key_help: "显示快捷键", "show the keys";
    close: "关闭", "Close";
    loaded: "已打开：{n}", "Opened: {n}";
    load_failed: "没有加载成功，正在重新打开页面。", "Loading failed; opening the page instead.";
}
