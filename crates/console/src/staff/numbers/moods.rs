//! Numbers about moods: after the other side, after the contact before, of teams; and what came
//! after coaching.

use super::entry::NumberEntry;
use tingxin_statistics::minimum as least;

pub(super) static ENTRIES: &[NumberEntry] = &[
    NumberEntry {
        anchor: "soothing",
        name: ("负面开场之后的收尾（S9）", "How contacts that began negative ended (S9)"),
        what: (
            "负面开场的服务记录，收尾的情绪值比同事处理同样服务记录的预期高还是低。大于 0 是更平和。",
            "Whether contacts that began negative ended higher or lower in valence than colleagues' with the same contacts. Above 0 is calmer.",
        ),
        formula: (
            "收尾情绪值对开场、业务、渠道、时段、重复来电和故障回归，不用本人的服务记录；开场先按各队列还原（只凭误差显得极端的，会自己回到平均）。",
            "Final valence on the opening, process, channel, hours, repeat contact and incident, fitted without the person; the opening is first corrected for its return to the mean of its own queue.",
        ),
        from: (
            "开场情绪值低于 −0.2、至少六轮客户发言的服务记录。",
            "Contacts that open below −.2 with at least six customer turns.",
        ),
        sure: (
            "95% 区间，向同事均值收缩，已计入读数可靠性本身的误差；与同事分不开时不下结论。旁边列出未收缩的数值，以及把每周偏差的正负随机翻转 200 次时它的标准差（至少六周）：不到两倍就可能只是碰巧。",
            "95% interval, pulled towards colleagues, with the error of the reliability in it; silent where not told apart from them. Beside it the value before pulling, and its standard deviation when the sign of every week's deviation is drawn at random 200 times (six weeks or more): below twice that it may be luck.",
        ),
        least: ("{n} 条负面开场的服务记录。", "{n} contacts that began negative."),
        counts: &[least::SOOTHING_CONTACTS],
        known: (
            "事情有没有解决影响最大，这里看不到；礼貌的结束语已尽量剔除。",
            "Whether the matter was settled counts most and is not seen here; polite closings are left out as far as known.",
        ),
        source: ("crates/statistics/src/soothing.rs。", "crates/statistics/src/soothing.rs."),
    },
    NumberEntry {
        anchor: "infection",
        name: ("客户愤怒之后的语气（β⁻）", "Tone after the customer is angry (β⁻)"),
        what: (
            "客户不愉快的一轮之后，员工语气比预期高还是低。大于 0 是转冷，小于 0 是更温和。",
            "Whether the tone after an unpleasant turn is lower or higher than expected. Above 0 is cooler, below 0 warmer.",
        ),
        formula: (
            "在同一条服务记录内回归：员工这一轮的情绪值，对自己上一轮、客户这一轮愉快和不愉快的概率、所处位置；取不愉快一项，反号。",
            "Within a contact, the valence of the staff turn on their turn before, on the probabilities that the customer's turn is pleasant and unpleasant, and on the position; the unpleasant part with reversed sign.",
        ),
        from: ("至少有 4 组对答的服务记录。", "Contacts with at least 4 pairs of turns."),
        sure: (
            "按服务记录聚类的 95% 区间；个人的数值再向同事均值收缩。",
            "95% interval clustered by contact; a person's value is pulled towards colleagues.",
        ),
        least: (
            "{n} 条服务记录，其中 {n} 个不愉快的客户轮次。",
            "{n} contacts with {n} unpleasant customer turns.",
        ),
        counts: &[least::INFECTION_CONTACTS, least::INFECTION_NEGATIVE_TURNS],
        known: (
            "100 条服务记录时，真有 0.1 的差别也只有约两成能看出，所以门槛高；模型把罕见的不愉快读弱了，数值偏小（约 6 至 9 成）。",
            "With 100 contacts a true 0.1 is seen in a fifth of cases, hence the minimum; rare unpleasantness is read weakly, so values are 60 to 90% of the truth.",
        ),
        source: ("crates/staff/src/coupling.rs；ADR 0004。", "crates/staff/src/coupling.rs; ADR 0004."),
    },
    NumberEntry {
        anchor: "compensation",
        name: ("客户愉快之后的语气（β⁺）", "Tone after the customer is pleased (β⁺)"),
        what: (
            "客户愉快的一轮之后，员工语气是否也更温和。",
            "Whether the tone after a pleasant turn is warmer too.",
        ),
        formula: ("与上一项同一个回归，取愉快一项。", "The same regression, the pleasant part."),
        from: ("至少有 4 组对答的服务记录。", "Contacts with at least 4 pairs of turns."),
        sure: (
            "按服务记录聚类的 95% 区间。真实差别 0.1 时，100 条服务记录看出一半，400 条看出 97%。",
            "95% interval clustered by contact. A true 0.1 is seen in half of cases with 100 contacts, in 97% with 400.",
        ),
        least: ("{n} 条服务记录。", "{n} contacts."),
        counts: &[least::COMPENSATION_CONTACTS],
        known: (
            "标准话术本身就温和，已扣除位置的影响，但扣不干净。",
            "Scripts are warm by themselves; the position is taken out, not perfectly.",
        ),
        source: ("crates/staff/src/coupling.rs。", "crates/staff/src/coupling.rs."),
    },
    NumberEntry {
        anchor: "wear-down",
        name: ("反复不愉快之后的语气（δ）", "Tone after repeated unpleasantness (δ)"),
        what: (
            "一条服务记录里不愉快一轮轮累积，语气保持还是下降。",
            "Whether the tone holds or drops as unpleasant turns add up within a contact.",
        ),
        formula: (
            "在同一个回归里加入“此前不愉快的客户轮次数”。",
            "The same regression with the number of unpleasant turns so far.",
        ),
        from: ("至少有 4 组对答的服务记录。", "Contacts with at least 4 pairs of turns."),
        sure: ("按服务记录聚类的 95% 区间。", "95% interval clustered by contact."),
        least: (
            "{n} 条服务记录，其中 {n} 个不愉快的客户轮次。",
            "{n} contacts with {n} unpleasant customer turns.",
        ),
        counts: &[least::INFECTION_CONTACTS, least::INFECTION_NEGATIVE_TURNS],
        known: (
            "长的服务记录往往本来就难，长短和不愉快会互相影响。",
            "Long contacts are often the hard ones; length and unpleasantness belong together.",
        ),
        source: ("crates/staff/src/coupling.rs。", "crates/staff/src/coupling.rs."),
    },
    NumberEntry {
        anchor: "reciprocity",
        name: ("员工语气之后客户的下一句（γ）", "The customer's next turn after the tone (γ)"),
        what: (
            "员工语气温和之后，客户下一句是否更愉快。",
            "Whether the customer's next turn is more pleasant after a warm tone.",
        ),
        formula: (
            "在同一条服务记录内回归：客户下一轮，对客户上一轮、员工这一轮和位置。",
            "Within a contact, the customer's next turn on their turn before, the staff turn and the position.",
        ),
        from: ("全部有对答的服务记录。", "All contacts with pairs of turns."),
        sure: (
            "按服务记录聚类的 95% 区间。公开数据里它接近 0，看不出是常见结果。",
            "95% interval clustered by contact. In public data it is near 0: no visible change is the usual result.",
        ),
        least: ("{n} 条服务记录。", "{n} contacts."),
        counts: &[least::RECIPROCITY_CONTACTS],
        known: (
            "语气好不等于问题解决了；客户的情绪更多取决于后者。",
            "A warm tone solves nothing by itself; the customer's mood depends more on the matter.",
        ),
        source: (
            "crates/staff/src/coupling.rs；Hennig-Thurau 等 2006。",
            "crates/staff/src/coupling.rs; Hennig-Thurau et al. 2006.",
        ),
    },
    NumberEntry {
        anchor: "linear",
        name: ("线性核对", "Linear check"),
        what: (
            "用另一种算法核对前几项：语气随客户情绪值变化的斜率。",
            "A second computation beside the ones above: the slope of the tone on the customer's valence.",
        ),
        formula: (
            "情绪值对情绪值，按模型读数的可靠性（数值见 models/manifest.toml）放大还原。",
            "Valence on valence, corrected by the reliability of the readings (models/manifest.toml has the values).",
        ),
        from: ("至少有 4 组对答的服务记录。", "Contacts with at least 4 pairs of turns."),
        sure: (
            "按服务记录聚类的 95% 区间，已把可靠性本身的误差算进去；换了别的模型就不计算。",
            "95% interval clustered by contact, with the error of the reliability in it; not computed for any other model.",
        ),
        least: ("{n} 条服务记录。", "{n} contacts."),
        counts: &[least::COMPENSATION_CONTACTS],
        known: (
            "把转冷和更温和混在一起，只用来核对。",
            "It mixes cooling with warming and serves as a check only.",
        ),
        source: (
            "models/README.md；crates/statistics/src/panel.rs。",
            "models/README.md; crates/statistics/src/panel.rs.",
        ),
    },
    NumberEntry {
        anchor: "carry-over",
        name: ("上一通之后的开场", "The opening after the contact before"),
        what: (
            "听过不愉快的一通之后，下一通开场的语气是否不同。",
            "Whether the opening differs after an unpleasant contact.",
        ),
        formula: (
            "同一人同一天内：开场两轮的情绪值，对上一通的分量，间隔每 10 分钟衰减到约三分之一；各渠道、各业务话术本身的开场语气先扣除。",
            "Within a person's day: the valence of the first two turns on the load of the contact before, fading to a third every 10 minutes; the tone in which each channel and process opens by its script is taken out.",
        ),
        from: (
            "本季度本人的全部服务记录；班组是所有成员的。",
            "All contacts of the person in the quarter; of a team those of all members.",
        ),
        sure: (
            "按天聚类的 95% 区间，个人的数值再向同事均值收缩；并用下一位客户作对照，对照也有差别就不显示。",
            "95% interval clustered by day, a person's value pulled towards colleagues; with the next customer as placebo: if that differs too, nothing is shown.",
        ),
        least: (
            "{n} 条服务记录，上一通的分量要折合分布在至少 {n} 天；班组还要折合至少 {n} 人。",
            "{n} contacts, with what is carried over spread as over {n} equal days; a team's as over {n} equal people.",
        ),
        counts: &[least::CARRY_OVER_CONTACTS, least::CARRY_OVER_DAYS, least::TEAM_AGENTS],
        known: ("排队分配规律和共同的故障会造成相似的样子。", "Routing and shared outages can look alike."),
        source: ("crates/statistics/src/carry_over.rs。", "crates/statistics/src/carry_over.rs."),
    },
    NumberEntry {
        anchor: "load",
        name: ("分量：听到的不愉快", "Load: unpleasantness listened to"),
        what: (
            "一天里听到的不愉快总量，用来安排休息和关怀。",
            "How much unpleasantness was listened to in a day; it serves to plan rest and care.",
        ),
        formula: (
            "每条服务记录：客户每一轮不愉快的程度，按字数占比加权后相加；一天各次相加。",
            "A contact: how unpleasant each customer turn is, weighted by its share of words; a day adds its contacts.",
        ),
        from: ("当天全部服务记录，一条也算。", "All contacts of the day, even one."),
        sure: (
            "由概率相加得到的期望值，单日有零点几的出入很正常。",
            "A sum of probabilities; single days are off by some tenths.",
        ),
        least: ("没有下限。", "No minimum."),
        counts: &[],
        known: (
            "听不到音量和语速；记录里写的情绪不计入。",
            "Loudness and pace are not heard; emotions told in notes are not counted.",
        ),
        source: (
            "Hülsheger 与 Schewe 2011；crates/signals/src/contagion/dyad.rs。",
            "Hülsheger and Schewe 2011; crates/signals/src/contagion/dyad.rs.",
        ),
    },
    NumberEntry {
        anchor: "team-tone",
        name: ("班组语气", "Tone of a team"),
        what: (
            "班组成员当天语气的均值，扣除各自客户的影响。",
            "The members' mean tone of a day beyond what their own customers let expect.",
        ),
        formula: (
            "每人每天的平均情绪值，减去由当天客户推出的部分，再在班组内平均。",
            "Each member's mean valence less the part that the day's customers let expect, averaged over the team.",
        ),
        from: ("当天有服务记录的成员。", "Members with contacts on that day."),
        sure: ("看几天的走向，不看单独一天。", "Read several days, not one."),
        least: ("同一天 {n} 人、{n} 条服务记录。", "{n} people and {n} contacts on one day."),
        counts: &[least::TEAM_AGENTS, least::TEAM_CONTACTS],
        known: (
            "共同的故障或活动会让全组一起变化；从这些数据分不清是不是互相影响。",
            "A shared outage or campaign moves all members; these data cannot tell it from influence.",
        ),
        source: (
            "Manski 1993（映像问题）；crates/statistics/src/team_mood.rs。",
            "Manski 1993 (reflection problem); crates/statistics/src/team_mood.rs.",
        ),
    },
    NumberEntry {
        anchor: "icc",
        name: ("班组之间的差别（ICC）", "How much teams differ (ICC)"),
        what: (
            "语气差别里，属于班组而不是个人的份额。",
            "The share of differences in tone that belongs to teams rather than people.",
        ),
        formula: (
            "组内相关系数 ICC(1)，每天先减去全中心当天的均值。",
            "Intraclass correlation ICC(1), each day centred on the centre's mean.",
        ),
        from: ("达到最少人数和服务记录数的班组日。", "Team-days above the minimum."),
        sure: (
            "把人整个地随机换组 200 次，看真实值是否明显更高。",
            "Whole people are moved between teams at random 200 times; the real value must stand out.",
        ),
        least: (
            "至少两个班组；每个班组日 {n} 人、{n} 条服务记录。",
            "Two teams; {n} people and {n} contacts each day.",
        ),
        counts: &[least::TEAM_AGENTS, least::TEAM_CONTACTS],
        known: (
            "班组常按业务划分，业务的差别会算到班组上。",
            "Teams often follow processes, whose differences then count as the team's.",
        ),
        source: ("crates/statistics/src/team_mood.rs。", "crates/statistics/src/team_mood.rs."),
    },
    NumberEntry {
        anchor: "chance",
        name: ("与随机配对比较", "Beside chance"),
        what: (
            "同一算法在从未交谈过的配对上得到什么。",
            "What the same computation gives for pairs who never met.",
        ),
        formula: (
            "把员工的轮次与同一员工、同类业务另一位客户的轮次配对：全中心和个人随机配 100 次，每个队列每条服务记录配一次，再用同一算法估计。",
            "Staff turns are paired with another customer of the same person and process: 100 times for the centre and a person, once for every contact of a queue, and the same computation is run.",
        ),
        from: (
            "全中心最近的服务记录，至多 2000 条；个人和队列是本期全部。",
            "Of the centre the latest contacts, at most 2,000; of a person or queue all of the period.",
        ),
        sure: (
            "随机的均值和标准差，以及随机不低于真实的比例；队列给出 95% 区间。",
            "Mean and standard deviation of chance, and how often it is at or above the real value; for queues a 95% interval.",
        ),
        least: (
            "{n} 条服务记录；每次要有可换的对象。",
            "{n} contacts, each with somebody to be exchanged with.",
        ),
        counts: &[least::COMPENSATION_CONTACTS],
        known: (
            "陌生的配对也共享话术和同类的麻烦；它们的数值离 0 多远，真实数值就该打多少折扣。",
            "Strangers share scripts and kinds of trouble too; by as much as theirs differs from 0 the real value is worth less.",
        ),
        source: ("crates/staff/src/checks.rs。", "crates/staff/src/checks.rs."),
    },
    NumberEntry {
        anchor: "convergence",
        name: ("靠近与同步", "Drawing nearer, moving together"),
        what: (
            "双方的情绪是否越谈越近，起伏是否一致。",
            "Whether the moods of both sides draw nearer, and rise and fall together.",
        ),
        formula: (
            "距离 = 后三分之一的差距减前三分之一；同步 = 服务记录内的相关；都与随机配对相比。",
            "Distance: the gap in the last third less that in the first; synchrony: correlation within contacts; both beside chance.",
        ),
        from: (
            "每个队列每四周至少三组对答的服务记录，一周至多均匀取 300 条。",
            "Contacts with at least three pairs of turns, by queue and four weeks, at most 300 of a week, evenly spread.",
        ),
        sure: (
            "与陌生配对相差超过两倍标准差才算。",
            "It counts only beyond two standard deviations from strangers.",
        ),
        least: ("{n} 条服务记录，{n} 次随机配对。", "{n} contacts and {n} random pairings."),
        counts: &[least::CONVERGENCE_CONTACTS, least::CONVERGENCE_SURROGATES],
        known: (
            "只看队列和全中心；单条服务记录和个人都看不出。",
            "For queues and the centre only; no single contact or person shows it.",
        ),
        source: ("crates/statistics/src/convergence.rs。", "crates/statistics/src/convergence.rs."),
    },
    NumberEntry {
        anchor: "effect",
        name: ("辅导之后的差别", "Difference after coaching"),
        what: (
            "被辅导的人之后的变化，超出自然回落和同事同期变化的部分。",
            "The change of the coached beyond the return to the mean and beyond their colleagues' change.",
        ),
        formula: (
            "简单前后差 = 回归均值 + 同事同期变化 + 之后的差别；约定那一周不计入任何一边。",
            "Plain change = regression to the mean + colleagues' change + difference after; the week of the agreement is on neither side.",
        ),
        from: (
            "约定前后各 8 周的服务记录，与情况相近、未被辅导的同事。",
            "Contacts of 8 weeks on either side, and similar colleagues who were not coached.",
        ),
        sure: ("95% 区间；包含 0 就看不出差别。", "95% interval; one that holds 0 shows no difference."),
        least: (
            "两位相近的同事，且双方前后都有服务记录。",
            "Two similar colleagues, and contacts on both sides for all.",
        ),
        counts: &[],
        known: (
            "谁被辅导不是抽签决定的，所以只能说“之后”。",
            "Nobody drew lots, so only «after» can be said.",
        ),
        source: ("crates/statistics/src/effect.rs。", "crates/statistics/src/effect.rs."),
    },
];
