//! What the pages about staff, teams and signals say, in both languages.
//!
//! The rules of these words: what came *after*, never why; people stand in the order of their work
//! numbers; a figure below its minimum says what is missing; nothing here sounds like a verdict on
//! a person.

use crate::text::texts;

texts! {
    /// The words of these pages in one language. `{n}` marks the place of a value.
    pub(super) StaffWords, by SpokenOfStaff::staff:

    // Used on several pages.
    why: "这个数怎么来的", "Where this number comes from";
    as_of: "统计截至 {n}，包含本周和之前 {n} 周。", "As of {n}: this week and the {n} weeks before.";
    as_of_engines: "有 {n} 通服务记录是另一套模型或规则判读的，和现在的判读混在一起，请谨慎比较；管理员可以用 tingxin rescore 重新判读。", "{n} of the contacts were read by another engine: compare with care; an administrator has them read again with tingxin rescore.";
    as_of_waiting: "还有 {n} 组周汇总正在更新，数字会随之变化。", "{n} weekly sums are still being brought up to date; figures will change with them.";
    comma: "，", "; ";
    between: "{n} 至 {n}", "{n} to {n}";
    interval: "95% 区间 {n}", "95% interval {n}";
    from_contacts: "依据 {n} 条服务记录", "from {n} contacts";
    contacts_n: "{n} 条服务记录", "{n} contacts";
    few_contacts: "数据不足：还需 {n} 通（现有 {n}，最少 {n}）。", "Not enough data: {n} more contacts needed ({n} so far, at least {n}).";
    few_turns: "数据不足：还需 {n} 个不愉快的客户轮次（现有 {n}，最少 {n}）。", "Not enough data: {n} more unpleasant customer turns needed ({n} so far, at least {n}).";
    few_staff: "不显示：按服务记录折算只有 {n} 人，不足 {n} 人时就等于在说某一个人。", "Not shown: the contacts are as good as those of {n} people, and below {n} it would be a figure of somebody in particular.";
    not_estimable: "现有数据还算不出来：这些服务记录之间差别太小。", "The data do not determine it yet: these contacts differ too little.";
    uncalibrated: "没有测过现用模型的读数有多可靠，这一项不作计算。", "Nobody has measured how reliable the readings of the model in use are, so this is not computed.";
    attenuated: "没能按读数的可靠性还原，偏向 0", "not corrected for the reliability of the readings: too near to 0";
    beside_signs: "未收缩 {n}，各周偏差正负随机时 ± {n}", "before pulling {n}, with the signs of the weeks at random ± {n}";
    beside_chance: "从未交谈的配对 {n} ± {n}", "pairs who never met {n} ± {n}";
    uncertain: "还不足以与同事区分，先不作说明。", "Not yet told apart from colleagues, so nothing is said.";
    table: "数据表", "The values as a table";
    col_indicator: "行为", "Behaviour";
    col_observed: "实际", "Observed";
    col_expected: "预期", "Expected";
    col_ratio: "实际 ÷ 预期（95% 区间）", "Observed ÷ expected (95% interval)";
    col_chances: "可发生的服务记录", "Contacts where it could happen";
    col_standing: "怎么看", "Reading";
    col_missing: "要列入名单还缺什么", "Missing for naming";
    col_staff: "工号", "Work number";
    col_team: "班组", "Team";
    col_contacts: "服务记录", "Contacts";
    col_date: "日期", "Date";
    col_value: "数值", "Value";
    col_interval: "95% 区间", "95% interval";
    col_action: "操作", "Action";
    col_note: "说明", "Note";
    none: "无", "none";
    dash: "—", "—";

    // How a figure reads. Every behaviour is an unwanted event, so less is better.
    as_expected: "与预期相符", "As expected";
    watch_more: "比预期多一些，下期再看", "Somewhat more than expected; look again next time";
    watch_less: "比预期少一些，下期再看", "Somewhat fewer than expected; look again next time";
    far_more: "明显多于预期，先看看这些服务记录有什么共同点", "Clearly more than expected; see what these contacts share";
    far_less: "明显少于预期，看看有什么好做法", "Clearly fewer than expected; see what works well";
    named_more: "建议辅导", "Coaching suggested";
    named_less: "值得表扬", "Deserves praise";
    named_more_own: "可以和培训师聊聊这一项", "Worth a talk with your trainer";
    named_less_own: "做得很好，值得分享", "Well done and worth sharing";
    too_few: "数据不足：还需 {n} 条这类服务记录（现有 {n}，最少 {n}）", "Not enough data: {n} more such contacts needed ({n} so far, at least {n})";
    no_comparison: "还没有足够的同事数据可以比较", "Not enough data of colleagues to compare with";
    miss_contacts: "服务记录数", "contacts";
    miss_discovery: "与同事的差别还排除不了偶然", "the difference from colleagues may still be chance";
    miss_practical: "差别是否大到值得一次辅导，还不确定", "not known to be large enough for an hour of coaching";
    miss_confirmed: "人工确认的服务记录不足 {n} 条", "fewer than {n} contacts confirmed by a person";
    miss_sample: "随机抽检的校正结果不支持这一差别，可能是机器误读", "the random sample does not bear the difference out: the model may misread these contacts";

    // Coaching.
    coaching_title: "辅导", "Coaching";
    coaching_lead: "先把每个人的服务记录和同事处理同类服务记录的预期相比，再看差别有多确定。证据不足时，暂不列名单。", "Everybody's contacts are held against what colleagues would have reached with the same contacts, and then against chance. Where evidence is thin, this page stays silent.";
    tabs: "选择行为", "Choose a behaviour";
    funnel_title: "{n}：每人与预期的比较", "{n}: everybody against expectation";
    funnel_desc: "横轴是预期次数，纵轴是实际除以预期，1 表示与预期相符。虚线是 95% 限，实线是 99.8% 限。一个点代表一个人，只有列入名单的人带工号。", "Horizontal: expected events. Vertical: observed over expected, 1 is as expected. Dashed: 95 % limits, solid: 99.8 %. One dot is one person; only the named carry their number.";
    funnel_x: "预期次数", "expected events";
    funnel_y: "实际 ÷ 预期", "observed ÷ expected";
    funnel_note: "限线按全中心的平均服务记录构成绘制；每个点是圆点还是圆圈，按本人自己的限判定。名单之外的人不显示工号。", "The lines are drawn for the average mix of contacts; whether a person is a dot or a ring is judged by their own limits. Nobody but the named carries a number.";
    funnel_empty_title: "数据还不够画图", "Not enough data for this chart yet";
    funnel_empty: "每人至少 {n} 条可发生这种情况的服务记录才会出现一个点。目前最多的人有 {n} 条，还需 {n} 条。", "A person appears from {n} contacts on in which this could happen. The most that anybody has is {n}: {n} more are needed.";
    funnel_nobody: "每人至少 {n} 条可发生这种情况的服务记录才会出现一个点。目前还没有可比较的服务记录。", "A person appears from {n} contacts on in which this could happen. There is nothing to compare yet.";
    legend_inside: "95% 限以内", "within the 95 % limits";
    legend_outside: "95% 限以外，不列工号", "outside them, not named";
    legend_named: "列入名单（建议辅导或值得表扬）", "named (coaching or praise)";
    legend_limits: "虚线 95% 限，实线 99.8% 限", "dashed: 95 %, solid: 99.8 %";
    count_inside: "95% 限以内", "Within 95 %";
    count_watch: "95% 限以外", "Outside 95 %";
    count_far: "99.8% 限以外", "Outside 99.8 %";
    count_named: "列入名单", "Named";
    count_few: "数据不足", "Not enough data";
    col_group: "位置", "Place";
    col_people: "人数", "People";
    matrix_title: "能力 × 意愿", "Skill × will";
    matrix_lead: "能力看负面开场能否缓和，意愿看是否询问客户满意。两项都与预期明确不同的人才有一个点。", "Skill: negative beginnings that end calmly. Will: asking whether the customer is satisfied. A dot needs a clear difference on both.";
    matrix_desc: "横轴能力，纵轴意愿，中心为与预期相符。四个象限各有对应的做法：授权、激励、培训、支持。", "Horizontal: skill, vertical: will, the centre is as expected. Each quadrant has its programme: empower, motivate, train, support.";
    matrix_x: "能力 →", "skill →";
    matrix_y: "意愿 ↑", "will ↑";
    matrix_none: "{n} 人没有点：至少一项与预期分不开，或数据还不够。这是多数人的正常情况，不按两边猜。", "{n} people have no dot: on at least one side they are not told from expectation, or data are thin. That is normal for most people; nobody is sorted by a guess.";
    empower: "高能力高意愿：授权", "More skill, more will: empower";
    motivate: "高能力低意愿：激励", "More skill, less will: motivate";
    train: "低能力高意愿：培训", "Less skill, more will: train";
    support: "低能力低意愿：支持", "Less skill, less will: support";
    named_title: "建议辅导 / 值得表扬", "Coaching suggested / deserves praise";
    named_lead: "按工号排列。三个条件同时满足才会出现：差别排除了偶然、大到有实际意义、并有至少 {n} 条服务记录经人工确认。", "In the order of work numbers. Three conditions hold at once: not chance, large enough to matter, and at least {n} contacts confirmed by a person.";
    named_none: "目前没有需要列出的人。", "Nobody is named at present.";
    named_silence: "证据不足，暂不列名单：把偶然波动当成个人问题，会冤枉人，也会让真正需要帮助的人被忽略。", "No name is a good result: taking chance for a personal problem wrongs people and hides those who need help. A name appears once the evidence is there.";
    open_person: "查看 {n}", "Open {n}";
    outside_lead: "人工确认之前不显示工号。可以请质检员优先复核相关服务记录，结论会回到这里。", "Nobody is named before a person has confirmed. Reviewers can be asked to listen to exactly those contacts first; what they say comes back here.";
    outside_row: "{n}：{n} 人超出 99.8% 限，待人工确认。", "{n}: {n} people outside the 99.8 % limits, waiting for a person to confirm.";
    outside_asked: "已请质检员复核 {n} 条：已确认 {n} 条，其他结论 {n} 条，待复核 {n} 条。", "Reviewers were asked for {n}: {n} confirmed, {n} judged otherwise, {n} waiting.";
    outside_ask: "请质检员优先复核：{n}", "Ask reviewers: {n}";
    outside_done: "已请质检员优先复核。", "Reviewers have been asked.";
    people_title: "按工号查看", "By work number";
    people_lead: "这里只有工号和服务记录数，没有结果。", "Work numbers and contacts only, no results.";
    people_open: "查看", "Open";
    people_more: "这里列出前 {n} 个工号，共 {n} 个；其余请输入工号查看。", "The first {n} of {n} work numbers; open the others by their number.";
    people_none: "本期还没有员工的服务记录。", "No staff have contacts in this period yet.";
    agreed_title: "已约定的辅导", "Agreed coaching";
    agreed_none: "还没有约定辅导。", "No coaching agreed yet.";
    agreed_by: "约定人", "By";
    effect_title: "辅导之后", "After coaching";
    effect_lead: "辅导前后各 {n} 周，与同期未辅导的相近同事比较。这是“之后”的差别：谁被辅导不是抽签决定的。单位：每 100 条服务记录的次数，负数表示减少。", "{n} weeks on either side, compared with similar colleagues over the same weeks who were not coached. It is a difference after coaching: nobody drew lots. Unit: events in 100 contacts, below zero is fewer.";
    effect_difference: "之后的差别", "Difference after";
    effect_crude: "简单前后差", "Plain change";
    effect_regression: "回归均值", "Regression to the mean";
    effect_peers: "同事同期变化", "Colleagues' change";
    effect_matched: "比较人数", "People compared";
    effect_fewer: "之后明显减少", "clearly fewer after";
    effect_more: "之后明显增多", "clearly more after";
    effect_open: "区间包含 0：还看不出差别", "the interval holds 0: no difference visible yet";
    effect_not: "还不能比较：被辅导的人和至少两位相近的同事，都要在约定前后有服务记录，而且周汇总已全部更新。", "Cannot be compared yet: the coached and at least two similar colleagues need contacts on both sides, and all weekly sums must be up to date.";
    power_title: "约定之前：能看出多大的变化", "Before agreeing: how large a change could be seen";
    power_lead: "前后各 {n} 周、与未辅导的同事比较时，真实变化至少要这么大，才有八成机会看得出来。比这小的变化也可能是真的，只是这样看不出。单位：每 100 条服务记录。", "{n} weeks on either side, beside uncoached colleagues: a true change has to be this large to be seen four times in five. A smaller one may be real and stay unseen. Unit: events in 100 contacts.";
    power_rate: "全体现在", "Everybody now";
    power_detectable: "至少减少（减到）", "Falls at least by (to)";
    power_peers: "可比较的同事", "Colleagues to compare with";
    power_none: "目前的服务记录太少：即使完全不再发生，也看不出来。", "Contacts are too few: even if it never happened again, nobody could tell.";

    // One person.
    person_title: "员工 {n}", "Staff {n}";
    person_lead: "数字用来帮助，不用来评判。差别是否确定，看区间；不清楚的地方，以一起听录音为准。", "Figures are here to help, not to judge. The interval says how sure they are; where unclear, listen together.";
    own_title: "我的结果", "My results";
    own_lead: "这里是您自己的结果：已经人工确认的标记，以及和同类服务记录相比的数字。每个数字旁边的“?”说明它怎么来的。", "Your own results: what a reviewer confirmed, and figures held against the same contacts. The «?» beside each says where it comes from.";
    own_contest: "对已经确认的标记有不同意见，可以打开它提出申诉；对数字有疑问，请联系您的培训师，一起回听相关服务记录。人工复核的结论优先于系统的判断。", "You may contest every figure: open a confirmed flag to appeal it, or ask your trainer and listen to the contacts together. What people find stands above what the system says.";
    own_unlinked_title: "账号还没有关联工号", "Your account has no work number yet";
    own_unlinked: "关联之后，您会在这里看到自己的结果。请管理员在服务器上运行：", "Once it is linked you see your own results here. Ask an administrator to run on the server:";
    own_nothing_title: "本期还没有您的服务记录", "No contacts of yours in this period";
    own_nothing: "接到第一通之后，分析完成就会出现在这里。", "They appear here once the first one is analysed.";
    person_incidents: "其中 {n} 次在登记的故障时段内，不计入比率", "{n} of them within a declared incident, which are out of the rates";
    person_few: "目前 {n} 条服务记录，还需 {n} 条才会显示与同事的比较（最少 {n} 条）。在那之前任何数字都太容易出于偶然。", "{n} contacts so far; {n} more are needed before anything is compared with colleagues (at least {n}). Until then every figure could be chance.";
    figures_title: "与同类服务记录的预期相比", "Against what the same contacts let expect";
    trends_title: "变化走势", "Over time";
    trends_lead: "每条服务记录之后，比预期多就上升，少就下降，到 0 为止。越过 {n} 才提醒，平稳时每 100 段 200 条服务记录约有 4 至 5 段误报。", "After every contact the line rises with more than expected and falls with fewer, down to 0. It alerts from {n} on; in quiet times 4 to 5 of 100 series of 200 contacts do so by chance.";
    trend_title: "{n} 走势", "{n} over time";
    trend_desc: "横轴是服务记录的先后，纵轴是累积偏差，横线是提醒线。", "Horizontal: contacts in order. Vertical: accumulated deviation. The horizontal line is the limit.";
    trend_x: "第几条服务记录", "contact";
    trend_y: "累积偏差", "accumulated deviation";
    trend_limit: "提醒线 {n}", "limit {n}";
    trend_quiet: "没有越过提醒线（最近 {n}，最高 {n}，共 {n} 条服务记录）。", "Below the limit (latest {n}, highest {n}, {n} contacts).";
    trend_alarm: "{n} 越过提醒线（最近 {n}，最高 {n}，共 {n} 条服务记录）：请先看看那段时间发生了什么。", "Crossed the limit on {n} (latest {n}, highest {n}, {n} contacts): first see what happened then.";
    trend_lately: "近期每 100 次比预期{n} {n} 次（平稳时在 ± {n} 以内）。", "Lately {n} {n} in 100 contacts, against expectation (within ± {n} in quiet times).";
    trend_more: "多", "more by";
    trend_fewer: "少", "fewer by";
    trends_none: "服务记录还不够，暂时没有走势图。", "Not enough contacts for a chart yet.";
    coupling_title: "客户情绪之后，语气如何", "Tone after the customer's mood";
    coupling_lead: "由很多条服务记录汇总得出，只说先后，不说原因。单条服务记录没有这样的数字。", "Summed over many contacts: order, not cause. No single contact has such a figure.";
    carry_title: "上一通之后的开场", "The opening after the contact before";
    carry_lower: "听过不愉快的一通之后，下一通开场语气略低。这很自然，适合在排班上留出喘息时间。", "After an unpleasant contact the next opening is somewhat lower. That is natural; plan time to breathe.";
    carry_higher: "听过不愉快的一通之后，下一通开场语气反而更温和。", "After an unpleasant contact the next opening is even warmer.";
    carry_none: "上一通是否愉快，在下一通开场听不出来。", "The next opening does not tell how the contact before went.";
    carry_apart: "现有数据还算不出来：前后两通隔得太久，或者只有少数几天挨得近。", "The data do not determine it yet: contacts are too far apart, or close to each other on a few days only.";
    carry_placebo: "不显示：下一位客户的情绪也同步变化，可能有共同的背景（例如故障），分不清是不是残留。", "Not shown: the next customer moves along too; with a common background such as an outage this cannot be told from carry-over.";
    wording_title: "用语（只描述，不评判感受）", "Wording (described, not judged)";
    wording_shared: "最近 {n} 条服务记录里，{n} 的说法别人也常用（95% 区间 {n}）；固定开场和结束语不算在内。", "In the latest {n} contacts {n} of the wording is common elsewhere (95% interval {n}); fixed openings and closings are left out.";
    wording_replies: "回应不满时，{n} 是自己的话（95% 区间 {n}）。", "In replies to displeasure {n} are own words (95% interval {n}).";
    wording_none: "没有可比较的句子。", "There is no sentence to compare.";
    rare_title: "少见的失当", "Rare lapses";
    rare_said: "{n} 条服务记录里机器标出 {n} 次，同事处理同类服务记录预期 {n} 次；仅凭偶然出现这么多的概率是 {n}；最近一次之后又有 {n} 条服务记录。未经人工确认的不是结论。", "In {n} contacts the machine marked {n}; {n} are expected of colleagues with the same contacts. So many come by chance with probability {n}; {n} contacts since the latest. Nothing is settled before a person has confirmed it.";
    load_title: "每天听到的不愉快", "Unpleasantness listened to, day by day";
    load_lead: "这是员工承受的分量，不是表现。连续偏高时，请安排休息、轮换或关怀。", "This is what the person bears, not how they perform. When it stays high, arrange a rest, a change or a talk.";
    load_own: "这是您承受的分量，不是对您的评价。分量重的日子，休息是应该的，可以直接向班长提出。", "This is what you bear, not a judgement of you. On heavy days a rest is right; just ask for it.";
    load_latest: "{n}：{n} 条服务记录，其中约 {n} 个带敌意的客户轮次，约 {n} 句辱骂或威胁。", "{n}: {n} contacts with about {n} hostile customer turns and about {n} insults or threats.";
    load_none: "本期还没有可以汇总的日子。", "No day to sum up yet.";
    load_desc: "每天一根柱，高度是当天听到的不愉快总量。", "A bar a day; its height is the unpleasantness of that day.";
    load_x: "日期", "day";
    load_y: "分量", "load";
    load_days: "显示最近 {n} 天。", "The latest {n} days.";
    col_load: "分量", "Load";
    col_hostile: "带敌意的轮次", "Hostile turns";
    col_abusive: "辱骂或威胁", "Insults, threats";
    flags_title: "最近确认的标记", "Recently confirmed flags";
    flags_lead: "只列出质检人员确认过的标记。点开可以看原话。", "Only flags that a reviewer has confirmed. Open one to read the words.";
    flags_none: "没有。", "None.";
    agreed_person: "辅导约定", "Agreed coaching";

    // The couplings: what is asked, and how the answer reads.
    q_infection: "客户愤怒之后的语气", "Tone after the customer is angry";
    q_compensation: "客户愉快之后的语气", "Tone after the customer is pleased";
    q_wear_down: "客户不愉快反复出现之后的语气", "Tone after repeated unpleasantness";
    q_soothing: "负面开场之后的收尾（S9）", "How contacts that began negative ended (S9)";
    soothing_low: "负面开场的服务记录，收尾比同事处理同类服务记录的预期低", "Contacts that began negative ended lower than the same contacts let expect";
    soothing_high: "负面开场的服务记录，收尾比同事处理同类服务记录的预期更平和", "Contacts that began negative ended calmer than the same contacts let expect";
    soothing_open: "负面开场的服务记录，收尾与预期没有看得出的差别", "Contacts that began negative: no visible difference from expectation at the end";
    q_reciprocity: "员工语气温和之后，客户的下一句", "The customer's next turn after a warm tone";
    q_linear: "线性核对：语气随客户情绪值", "Linear check: tone on the customer's valence";
    infection_low: "客户愤怒之后，语气比预期更温和", "After the customer is angry, the tone is warmer than expected";
    infection_high: "客户愤怒之后，语气比预期转冷", "After the customer is angry, the tone is cooler than expected";
    infection_open: "客户愤怒之后，语气与预期没有看得出的差别", "After the customer is angry, no visible difference from expectation";
    compensation_high: "客户愉快之后，语气也更温和", "After the customer is pleased, the tone is warmer too";
    compensation_low: "客户愉快之后，语气比预期平淡", "After the customer is pleased, the tone is flatter than expected";
    compensation_open: "客户愉快之后，语气与预期没有看得出的差别", "After the customer is pleased, no visible difference from expectation";
    wear_low: "不愉快反复出现之后，语气有所下降，适合多安排休息", "After repeated unpleasantness the tone drops somewhat; more breaks help";
    wear_high: "不愉快反复出现之后，语气更温和", "After repeated unpleasantness the tone is warmer";
    wear_open: "不愉快反复出现之后，语气保持稳定，没有看得出的变化", "After repeated unpleasantness the tone holds: no visible change";
    reciprocity_high: "员工语气温和之后，客户的下一句也更愉快", "After a warm tone the customer's next turn is more pleasant too";
    reciprocity_low: "员工语气温和之后，客户的下一句没有更愉快，反而偏低", "After a warm tone the customer's next turn is lower";
    reciprocity_open: "员工语气温和之后，客户的下一句没有看得出的变化", "After a warm tone no visible change in the customer's next turn";
    linear_high: "语气与客户情绪同向", "The tone moves with the customer's mood";
    linear_low: "语气与客户情绪反向", "The tone moves against the customer's mood";
    linear_open: "语气与客户情绪没有看得出的关系", "No visible relation between tone and the customer's mood";

    // Teams and incidents.
    teams_title: "班组", "Teams";
    teams_lead: "班组每天的语气：扣除各自客户的影响之后，还剩下多少。", "The tone of teams day by day: what remains after what their own customers let expect.";
    teams_not: "这不是“情绪感染”：同一次故障、同一个活动，会让全组的语气同样变化，看上去和互相影响一模一样。", "This is not «emotional contagion»: one outage or one campaign moves a whole team alike and looks exactly the same.";
    teams_none: "本期还没有带班组的服务记录。导入时带上班组，这里就会出现。", "No contacts with a team in this period. Import them with their team and they appear here.";
    teams_few: "还没有一天达到显示条件（同一天至少 {n} 人、{n} 条服务记录）；本期共 {n} 条服务记录。", "No day has enough yet (at least {n} people and {n} contacts on one day); {n} contacts in this period.";
    teams_one: "只有一天达到条件：{n}，语气 {n}。再有一天就能画线。", "One day has enough: {n}, tone {n}. A line needs another.";
    team_chart: "{n} 的语气", "Tone of {n}";
    team_desc: "每天一点，0 表示与客户情况相符，向上更温和。", "A point a day; 0 is as the customers let expect, upwards is warmer.";
    col_load_each: "每条服务记录的分量", "Load a contact";
    col_tone: "语气", "Tone";
    col_members: "人数", "People";
    icc_title: "班组之间的差别", "How much teams differ";
    icc_text: "语气差别中属于班组的部分为 {n}；随机打乱班组 {n} 次，得到 {n}（标准差 {n}）。", "The share of differences in tone that belongs to teams is {n}; with teams shuffled {n} times it is {n} (sd {n}).";
    icc_none: "还不能比较：至少两个班组各有足够的日子。", "Cannot be told yet: at least two teams need enough days.";
    incidents_title: "故障时段", "Incidents";
    incidents_lead: "登记时段内的相关服务记录不计入个人比率：故障不是任何人的错。已入库的服务记录也会重新计算。", "Contacts within a declared time are out of the rates of people: an outage is nobody's fault. Stored contacts are counted anew.";
    incidents_none: "还没有登记故障时段。", "No incident declared.";
    incident_from: "开始", "From";
    incident_until: "结束", "Until";
    incident_scope: "范围", "Scope";
    incident_all: "全部服务记录", "all contacts";
    incident_by: "登记人", "Declared by";
    incident_revoked: "已撤销", "taken back";
    incident_revoke: "撤销 {n} 的登记", "Take back {n}";
    incident_title: "登记故障时段", "Declare an incident";
    incident_begin: "开始时间（北京时间）", "Beginning (Beijing time)";
    incident_end: "结束时间（北京时间）", "End (Beijing time)";
    incident_channel: "渠道", "Channel";
    incident_process: "业务（可选，如 broadband_fault）", "Business process (optional, for example broadband_fault)";
    incident_team: "班组（可选）", "Team (optional)";
    incident_note: "发生了什么（1 至 500 字，不写客户信息）", "What was wrong (1 to 500 characters, no customer data)";
    incident_button: "登记", "Declare";

    // Signals.
    signals_title: "情绪互动", "How moods move together";
    signals_lead: "由全中心和各队列的很多条服务记录汇总，不涉及任何个人。只说先后：一方的情绪之后，另一方的语气如何。", "Summed over many contacts of the centre and its queues, about nobody in particular. Order only: what follows on one side after the other.";
    signals_centre: "全中心", "Whole centre";
    forest_desc: "每行一个区间，竖线是“没有差别”。区间跨过竖线，就看不出差别。", "One interval a line; the vertical line is «no difference». An interval across it shows none.";
    below_warmer: "← 更温和", "← warmer";
    below_lower: "← 更低", "← lower";
    below_against: "← 反向", "← against";
    above_cooler: "转冷 →", "cooler →";
    above_warmer: "更温和 →", "warmer →";
    above_pleased: "更愉快 →", "more pleasant →";
    above_together: "同向 →", "together →";
    col_item: "项目", "Item";
    col_queue: "队列", "Queue";
    queue_none: "未分类", "not classified";
    queues_none: "还没有队列有足够的服务记录，下表写明各差多少。", "No queue has enough contacts yet; the table says what is missing.";
    checks_title: "与随机配对比较", "Beside chance";
    checks_lead: "把同一套算法用在从未交谈过的配对上。真实数值应当落在随机范围之外，才值得一看；依据最近 {n} 次有可换对象的服务记录。", "The same computation on pairs who never met. The real value is worth a look only outside what chance gives; it rests on the latest {n} contacts with somebody to be exchanged with.";
    checks_none: "服务记录还不够，无法随机配对。", "Not enough contacts for random pairings.";
    months_title: "双方是否走近、起伏是否一致", "Drawing nearer and moving together";
    months_lead: "每四周一行，最近的在前。“走近”看距离是否比从未交谈的配对缩小得更多，“一致”看相关是否更高；差别超过两倍标准差才值得一看。单条服务记录看不出这些。", "Four weeks a line, the latest first. Nearer: the distance shrinks by more than between pairs who never met; together: the correlation is higher. Worth a look beyond two standard deviations. No single contact shows this.";
    months_few: "另有 {n} 个队列在任何四周里都不足 {n} 条可比较的服务记录，没有列出。", "{n} more queues have fewer than {n} comparable contacts in every four weeks and are not listed.";
    months_none: "还没有一个队列有可比较的服务记录。", "No queue has comparable contacts yet.";
    col_since: "起始日期", "From";
    col_distance: "距离变化：实际 / 陌生配对 ± 标准差", "Change of distance: real / strangers ± sd";
    col_synchrony: "相关：实际 / 陌生配对 ± 标准差", "Correlation: real / strangers ± sd";
    col_strangers: "从未交谈的配对（95% 区间）", "Pairs who never met (95% interval)";
    col_real: "真实", "Real";
    col_chance: "随机（平均 ± 标准差）", "Random (mean ± sd)";
    col_above: "随机不低于真实的比例", "Random at or above real";
    col_drawn: "配对次数", "Pairings";

    // Where the numbers come from.
    numbers_title: "这个数怎么来的", "Where the numbers come from";
    numbers_lead: "控制台上每一个数字的来历：是什么、怎么算、依据多少、有多确定、最少要多少、已知的偏差和出处。", "The origin of every number in the console: what it is, how it is computed, from how many, how sure, the least needed, known deviations and the source.";
    numbers_index: "目录", "Contents";
    n_what: "是什么", "What it is";
    n_formula: "怎么算", "Formula in words";
    n_from: "依据", "From how many";
    n_sure: "有多确定", "How sure";
    n_least: "最少要多少", "Least needed";
    n_known: "已知偏差", "Known deviation";
    n_source: "出处", "Source";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_are_kind_and_name_no_cause() {
        for (key, zh, en) in TABLE {
            let english = en.to_lowercase();
            for banned in ["因为", "导致", "不真诚", "虚伪", "排名", "名次", "末位", "工资", "奖金", "绩效"]
            {
                assert!(!zh.contains(banned), "{key}: {banned}");
            }
            for banned in ["because", "caused", "insincere", "rank", "bonus", "salary", "performance review"]
            {
                assert!(!english.contains(banned), "{key}: {banned}");
            }
        }
    }
}
