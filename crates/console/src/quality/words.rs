//! What the pages about the sample and the rules say, in both languages.

use crate::text::texts;

texts! {
    /// The words of these pages in one language. `{n}` marks the place of a value.
    pub(super) QualityWords, by SpokenOfQuality::quality:

    interval: "（95% 区间 {n}）", " (95% interval {n})";
    few: "数据不足：现有 {n}", "Not enough data: {n} so far";

    // The sample.
    samples_title: "抽检", "Random sample";
    samples_lead: "每周按计划随机抽取服务记录，每通被抽中的概率都记录在案。只有抽检的结论用来计算准确率和比率，复核队列里的不用：那里急的排在前面，不能代表全部。", "Contacts are drawn by lot every week, each with a probability that is kept. Rates rest on what people say about these alone, not about the queue: there the urgent come first and stand for nobody else.";
    samples_due: "待您抽检 {n} 通。", "{n} contacts wait for you.";
    samples_begin: "开始抽检", "Begin";
    samples_none_due: "没有待您抽检的服务记录。", "Nothing waits for you.";
    samples_weeks: "各周进度", "Week by week";
    samples_no_weeks: "还没有抽取过。计划生效后，每周结束时抽取上一周。", "Nothing was drawn yet. Once a plan is in force, a week is drawn after it has ended.";
    col_week: "周（周一）", "Week from";
    col_version: "计划", "Plan";
    col_frame: "可抽", "Could be drawn";
    col_drawn: "抽中", "Drawn";
    col_judged: "已判", "Read";
    col_due: "待判", "To be read";
    col_twice: "双人盲评", "Read twice";
    plan_title: "抽样计划", "Plan";
    plan_lead: "修改计划就是增加一版：已经抽取的周不变。", "A change is another version: weeks that were drawn stay as they are.";
    plan_none: "还没有计划。", "There is no plan yet.";
    plan_unit: "抽样单位", "Drawn by";
    plan_per_week: "每周每个单位抽几通（0 为停止）", "Contacts of each a week (0 ends it)";
    plan_since: "从哪一周起（留空为上一周）", "From the week of (empty: the last week)";
    plan_button: "保存为新一版", "Save as a new version";
    col_seed: "随机种子", "Seed";
    col_by: "制定人", "Made by";
    alpha_title: "判断是否一致", "Do readers agree";
    alpha_lead: "每 20 通有 1 通由两人各自判断，互不知道对方的结论。α 为 1 表示总是一致，0 表示与碰巧一样。", "One contact in twenty is read by two people who do not know of each other. α is 1 where they always agree and 0 where they agree as by chance.";
    alpha_same: "双方结论全都相同，无从计算", "everybody always said the same: not defined";
    col_rule: "规则", "Rule";
    col_alpha: "Krippendorff α", "Krippendorff's α";
    col_n: "双人判断", "Read by two";
    done_planned: "新一版计划已保存。", "The plan was saved.";
    bad_plan: "每周抽取的数量须在 0 到 100 之间，日期须写成 2026-11-26。", "A number from 0 to 100 and a date such as 2026-11-26 are needed.";
    bad_team: "您的账号只限一个班组，不能修改全局设置。", "Your account is limited to one team and cannot change what is everybody's.";

    // Reading one of them.
    read_title: "抽检判断", "Reading";
    read_blind: "哪些规则所说的情况确实出现了？机器的判断在您提交之后才显示。", "Which of these did happen? What the machine found is shown after you have answered.";
    read_none: "都没有出现", "None of them";
    read_save: "提交判断", "Save";
    read_turn: "第几轮", "turn";
    read_emotion: "情绪", "emotion";
    read_unclear: "说不准", "cannot tell";
    read_flag: "机器标记了“{n}”，而您没有选。现在看，它成立吗？", "The machine raised «{n}», and you did not name it. Looking again, does it hold?";
    read_yes: "成立", "It holds";
    read_no: "误报", "False alarm";
    read_keys: "按 1–9、0 选规则（先用 J / K 停在某一轮，就会记下轮次），Enter 提交；什么都没有按 N。", "1–9 and 0 choose a rule (J and K move to a turn first, which is then noted), Enter saves; N for none.";
    read_over: "抽检完成，没有待您判断的了。", "All done: nothing waits for you.";
    read_taken: "同事刚刚判断过这一通，已为您换下一通。", "A colleague has just read that one; here is the next.";

    // Rules.
    rules_title: "规则", "Rules";
    rules_lead: "准确率：机器标记的，有多少属实。召回率：确实出现的，机器找到了多少。", "Precision: how many of its flags are right. Recall: how much of what happens it finds.";
    rules_bar: "准确率的 95% 区间整个低于 {n} 的规则会自动降为“仅提示”：仍显示在服务记录上，但不进复核队列，也不计入员工和班组的数字。停用只能由人决定。", "A rule whose whole 95% interval of precision lies below {n} makes itself a hint: still shown on the contact, but not queued and not counted. Only a person switches a rule off.";
    col_state: "状态", "State";
    col_precision: "准确率", "Precision";
    col_from: "依据", "From";
    col_recall: "召回率（抽检）", "Recall (sample)";
    col_judged_flags: "已判标记", "Flags judged";
    col_reason: "原因", "Why";
    rules_machine: "自动降级：准确率区间上限 {n}", "Made itself a hint: upper end of its precision {n}";
    rules_since: "{n} 起", "since {n}";
    rules_coming: "{n} 起改为", "from {n}";
    rules_change: "更改状态", "Switch";
    rules_note: "原因（必填）", "Why (needed)";
    rules_effective: "生效日期（留空为立即）", "From (empty: now)";
    rules_save: "保存", "Save";
    done_rule: "规则状态已更改。", "The rule was switched.";
    bad_rule: "请写明原因（1 到 500 字），生效日期不能早于今天。", "Say why in 1 to 500 characters; the date must not have passed.";

    // Corrected rates.
    rates_title: "校正后的比率", "Corrected rates";
    rates_lead: "“原始”是机器标记的比率，带着机器自己的错误；“校正”用随机抽检的人工结论消除了这些错误。", "Raw is the share that the machine flags, with all its errors; corrected takes them out by what people found in the random sample.";
    rates_none: "还没有抽检过的周，暂无校正。", "No week was drawn yet, so there is nothing to correct by.";
    rates_group: "范围", "Of";
    rates_raw: "原始", "Raw";
    rates_corrected: "校正", "Corrected";

    // Calibration sessions.
    calibrations_title: "校准", "Calibration";
    calibrations_lead: "几位质检员和一位专家各自判断同一批服务记录，互不知道对方的结论，用来检验大家的尺度是否一致。这里的判断只说明判断人，不计入任何准确率、比率和员工数字。", "Several reviewers and an expert read the same contacts, none knowing what the others say, to see whether they judge by one measure. What is said here is about the readers alone and enters no precision, no rate and no figure of staff.";
    calibrations_own: "邀请我参加的", "You are invited to";
    calibrations_own_none: "目前没有邀请您参加的校准。", "You are invited to no session at present.";
    calibration_left: "待判 {n}", "{n} to be read";
    calibrations_led: "各次校准", "Sessions";
    calibrations_none: "还没有做过校准。", "There was no session yet.";
    calibration_title: "名称", "Title";
    calibration_team: "班组", "Team";
    calibration_all_teams: "全部班组", "All teams";
    calibration_made: "发起", "Opened";
    calibration_through: "已判完的人", "Readers who are through";
    calibration_new: "发起校准", "Open a session";
    calibration_new_lead: "从最近四个完整周的服务记录中随机抽取，尽量一半带有标记；抽检抽中的和以前校准用过的不再抽取。", "Contacts of the last four whole weeks are drawn by lot, half of them with a flag as far as there are such, and none that was drawn for the random sample or read in another session.";
    calibration_contacts: "抽取几通", "Contacts";
    calibration_expert: "专家", "Expert";
    calibration_readers: "质检员（至少两人）", "Reviewers (at least two)";
    calibration_reader: "判断人", "Reader";
    calibration_button: "抽取并邀请", "Draw and invite";
    calibration_open: "进行中", "open";
    calibration_closed: "{n} 结束", "ended {n}";
    calibration_progress: "进度", "Progress";
    calibration_blind: "结束之前，谁也看不到任何人的结论。结束后不能再补判。", "Nobody sees what anybody said before the session has ended. Nothing more can be read then.";
    calibration_close: "结束校准，查看结果", "End it and see the result";
    calibration_rules: "各规则是否判得一致", "Do readers agree, rule by rule";
    calibration_rules_lead: "专家和所有质检员一起计算。α 为 1 表示总是一致，0 表示与碰巧一样。", "The expert and all reviewers together. α is 1 where they always agree and 0 where they agree as by chance.";
    calibration_n: "多人判断", "Read by several";
    calibration_beside: "与专家是否一致", "Beside the expert";
    calibration_beside_lead: "所有规则合并计算。“变化”是这一次减去以前几次的平均；区间不含 0 才算有变化。", "Over all rules. Drift is this session less the mean of the earlier ones; only an interval without 0 shows any.";
    calibration_missed: "专家判有、本人判无", "Missed";
    calibration_extra: "本人判有、专家判无", "Extra";
    calibration_before: "以前几次", "Earlier sessions";
    calibration_drift: "变化", "Drift";
    drift_none: "无从比较", "nothing to compare with";
    drift_moved: "有变化", "has moved";
    drift_still: "看不出变化", "no drift shown";
    calibration_opened: "已抽取服务记录并发出邀请。", "The contacts were drawn and everybody is invited.";
    calibration_ended: "校准已结束。", "The session has ended.";
    calibration_read_over: "这次校准您已全部判完，谢谢。", "You have read everything in this session. Thank you.";
    calibration_refused: "请填写名称和通数（30 到 100），选一位专家和至少两位能看到这些服务记录的质检员；最近四周可抽的服务记录也须足够。", "A title, 30 to 100 contacts, an expert and at least two reviewers who see these contacts are needed, and enough contacts of the last four weeks.";
    calibrate_title: "校准判断", "Calibration";
    calibrate_blind: "哪些规则所说的情况确实出现了？请独立判断，不要与他人商量。", "Which of these did happen? Judge by yourself and ask nobody.";

    // The threshold of a rule.
    threshold_title: "阈值", "Threshold";
    threshold_lead: "得分达到阈值的服务记录才会被标记。机器只提建议，由人决定是否更改；更改从生效日期起对新判读的服务记录有效，已有的标记不变。", "A contact whose score reaches the threshold is flagged. The machine proposes and a person decides; a change holds for contacts that are analysed from its day on, and flags that are there stay.";
    threshold_now: "现用", "In force";
    threshold_shipped: "出厂", "as shipped";
    threshold_proposal: "随机抽检的建议", "What the random sample proposes";
    threshold_proposed: "建议", "Proposed";
    threshold_none: "没有哪个阈值确实比现用的更好。", "No threshold is shown to do better than the one in force.";
    threshold_gain: "建议的阈值使 F1 提高（已按所有试过的阈值校正的 95% 区间 {n}）。", "The proposed one raises F1 (95% interval, for all that were tried together: {n}).";
    threshold_replay: "在存档上重放", "Replay on the archive";
    threshold_replay_lead: "用最近 13 周已判读的服务记录（最多 20000 通）看换一个阈值会多出、去掉多少标记。", "What another threshold would make of the contacts of the last 13 weeks, at most 20,000.";
    threshold_try: "重放", "Replay";
    threshold_contacts: "服务记录", "Contacts";
    threshold_stay: "仍有标记", "Keep their flag";
    threshold_appear: "新增标记", "Flags that appear";
    threshold_go: "去掉标记", "Flags that go";
    threshold_of: "（共 {n} 通）", " (of {n})";
    threshold_set: "改为", "Set to";
    threshold_history: "更改历史", "Changes";
    threshold_never: "没有更改过。", "It was never changed.";
    threshold_since: "生效", "From";
    threshold_by: "更改人", "By";
    threshold_changed: "阈值已更改。", "The threshold was changed.";
    threshold_refused: "阈值须在 0.30 到 0.95 之间，请写明原因（1 到 500 字），生效日期不能早于今天。", "A threshold from 0.30 to 0.95 and a reason in 1 to 500 characters are needed; the date must not have passed.";
}
