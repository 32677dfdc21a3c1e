//! Numbers by which people are compared with what the same contacts let expect.

use super::entry::NumberEntry;
use tingxin_statistics::minimum as least;
use tingxin_statistics::naming::MIN_CONFIRMED;

pub(super) static ENTRIES: &[NumberEntry] = &[
    NumberEntry {
        anchor: "indicators",
        name: ("行为：五种不希望出现的情况", "Behaviours: five unwanted events"),
        what: (
            "每条服务记录里，某种不希望出现的情况有或没有发生。",
            "Whether an unwanted event happened in a contact or not.",
        ),
        formula: (
            "负面开场未能缓和：开场三个客户轮次的均值低于 −0.2，结束时仍为负面。负面收尾、情绪升级：发生的概率不低于 0.5。坐席失当：有一轮的概率不低于 0.9。未询问满意：提出过问题，但没有问是否解决。",
            "Began and ended negative: the mean of the first three customer turns is below −0.2 and the end is negative too. Negative ending, escalation: a probability of at least 0.5. Agent lapse: one turn of at least 0.9. Satisfaction not asked: a matter was raised and nobody asked if it is settled.",
        ),
        from: (
            "可能发生这种情况的服务记录；平静的开场没有“缓和”的机会，不计入。",
            "Contacts in which it could happen: a calm beginning gives nothing to soothe and is not counted.",
        ),
        sure: (
            "单条服务记录的判断会出错，所以只看很多次的合计，并要求人工确认。",
            "A single contact may be misread, so only sums over many count, and people must confirm.",
        ),
        least: ("每人 {n} 条这类服务记录。", "{n} such contacts a person."),
        counts: &[least::STAFF_APPEAR],
        known: (
            "情绪由文字读出，听不到语气和停顿。",
            "Emotion is read from words; voice and pauses are not heard.",
        ),
        source: ("crates/staff/src/indicator.rs；ADR 0004。", "crates/staff/src/indicator.rs; ADR 0004."),
    },
    NumberEntry {
        anchor: "ratio",
        name: ("实际 ÷ 预期", "Observed ÷ expected"),
        what: (
            "本人的实际次数，除以同事处理同样服务记录时预期的次数；1 表示相符。",
            "The person's events over those expected had colleagues handled the same contacts; 1 is as expected.",
        ),
        formula: (
            "预期 = 每条服务记录在其他同事手里发生的概率之和；概率由渠道、业务、时段、开场情绪、是否重复来电、是否在故障时段决定，计算时不含本人。",
            "Expected: the sum of probabilities in colleagues' hands, given channel, process, hour, opening mood, repeat contact and incident; fitted without the person.",
        ),
        from: (
            "本周和之前 13 周内本人和全部同事的服务记录。",
            "Contacts of the person and all colleagues in this week and the 13 before.",
        ),
        sure: (
            "Byar 95% 区间；区间包含 1 就看不出差别。",
            "Byar's 95% interval; one that holds 1 shows no difference.",
        ),
        least: (
            "{n} 条服务记录才显示；比较最好从 {n} 条起。",
            "Shown from {n} contacts; comparisons are dependable from {n}.",
        ),
        counts: &[least::STAFF_APPEAR, least::STAFF_COMPARE],
        known: (
            "问题是否真的解决、系统是否出错等没有记录的难度不在预期里。",
            "Difficulty that nobody recorded, such as a faulty system, is not in the expectation.",
        ),
        source: (
            "Spiegelhalter 2005；Breslow 与 Day 1987；crates/statistics/src/case_mix.rs。",
            "Spiegelhalter 2005; Breslow and Day 1987; crates/statistics/src/case_mix.rs.",
        ),
    },
    NumberEntry {
        anchor: "funnel",
        name: ("漏斗图的限", "Limits of the funnel plot"),
        what: (
            "仅凭偶然和同事间的正常差别，实际 ÷ 预期会落在的范围。",
            "Where observed over expected lies by chance and by the ordinary differences between colleagues.",
        ),
        formula: (
            "预期两侧各取 1.96 和 3.09 个标准差；标准差含同事之间的正常差别，最外侧各一成先收拢再估计。",
            "1.96 and 3.09 standard deviations around the expectation; they include ordinary differences, estimated after pulling in the outer tenth on each side.",
        ),
        from: ("全中心达到最少服务记录数的人。", "Everybody of the centre above the minimum."),
        sure: (
            "100 人中约 5 人会在 95% 限以外，1000 人中约 2 人在 99.8% 限以外，什么原因都没有。",
            "About 5 of 100 people lie outside 95%, 2 of 1,000 outside 99.8%, with nothing behind it.",
        ),
        least: ("每人 {n} 条这类服务记录。", "{n} such contacts a person."),
        counts: &[least::STAFF_APPEAR],
        known: (
            "画出的线按平均服务记录构成；每个人按自己的限判定。",
            "The drawn lines are for the average mix; every person is judged by their own limits.",
        ),
        source: (
            "Spiegelhalter 2005；FunnelPlotR；crates/statistics/src/funnel.rs。",
            "Spiegelhalter 2005; FunnelPlotR; crates/statistics/src/funnel.rs.",
        ),
    },
    NumberEntry {
        anchor: "naming",
        name: ("列入名单的条件", "Conditions of a name"),
        what: (
            "什么时候可以说“建议辅导”或“值得表扬”。",
            "When «coaching suggested» or «deserves praise» may be said.",
        ),
        formula: (
            "三条同时成立：全体比较后错误发现率 10% 以内；差别大于对数优势比 0.3 的概率不低于 80%；人工确认的服务记录足够。",
            "All three: a false discovery rate of 10% among everybody; a probability of 80% that the difference exceeds 0.3 in log odds; enough contacts confirmed by people.",
        ),
        from: (
            "本人、全部同事，以及质检员的复核结论。",
            "The person, all colleagues, and what reviewers found.",
        ),
        sure: (
            "模拟毫无差别的 60 人中心：1000 个里约有 4 个，统计条件会选中人；真正差一倍的人约 19% 被列入，所以没列入不等于没问题，列入了多数可靠（约 85%）。",
            "In 1,000 simulated centres of 60 people without differences the statistical conditions name somebody in 4; of people with doubled odds about 19% are. Silence proves nothing; a name is right in about 85%.",
        ),
        least: (
            "{n} 条服务记录，其中 {n} 条经人工确认。",
            "{n} contacts, {n} of them confirmed by a person.",
        ),
        counts: &[least::STAFF_APPEAR, MIN_CONFIRMED],
        known: (
            "服务记录少的人很难被列入，也很难被表扬。",
            "People with few contacts are hardly ever named, for coaching or for praise.",
        ),
        source: (
            "Benjamini 与 Hochberg 1995；Jones 等 2008；Adams 等 2010；crates/statistics/src/naming.rs。",
            "Benjamini and Hochberg 1995; Jones et al. 2008; Adams et al. 2010; crates/statistics/src/naming.rs.",
        ),
    },
    NumberEntry {
        anchor: "matrix",
        name: ("能力 × 意愿", "Skill × will"),
        what: (
            "适合哪一类帮助：授权、激励、培训或支持。",
            "Which kind of help fits: empower, motivate, train or support.",
        ),
        formula: (
            "能力 = 负面开场能缓和，意愿 = 主动询问满意；各取与同事的对数优势比，向同事均值收缩。",
            "Skill: negative beginnings that end calmly; will: asking if satisfied. Log odds against colleagues, pulled towards their mean.",
        ),
        from: ("两项行为各自的服务记录。", "Contacts of both behaviours."),
        sure: (
            "任何一项的 95% 区间包含 0，或可靠性低于 0.7，就没有点。",
            "No dot when either 95% interval holds 0 or the reliability is below 0.7.",
        ),
        least: ("两项各 {n} 条服务记录。", "{n} contacts on both."),
        counts: &[least::STAFF_APPEAR],
        known: (
            "用两种看得见的做法代表能力和意愿，只是近似。",
            "Two visible habits stand for skill and will; that is an approximation.",
        ),
        source: ("crates/statistics/src/naming/matrix.rs。", "crates/statistics/src/naming/matrix.rs."),
    },
    NumberEntry {
        anchor: "cusum",
        name: ("变化走势（累积和）", "Over time (cumulative sum)"),
        what: ("不希望的情况是否最近变多了。", "Whether the unwanted event has become more frequent."),
        formula: (
            "每条服务记录加上一个对数似然比（优势翻倍对不变），低于 0 就回到 0。图下的“近期”是比预期多或少的加权平均，最近一次占 2%。",
            "Every contact adds a log likelihood ratio (doubled odds against unchanged ones); below 0 it returns to 0. «Lately» below the chart is a weighted mean of what was more or less than expected, the newest contact counting 2%.",
        ),
        from: (
            "本人的服务记录，按时间先后；预期来自同事。",
            "The person's contacts in order; the expectation comes from colleagues.",
        ),
        sure: (
            "提醒线 4.5：没有变化时，每 100 段 200 条服务记录约有 4 至 5 段误报；优势真的翻倍时，平均 92 至 101 条服务记录后提醒。",
            "Limit 4.5: without change 4 to 5 of 100 series of 200 contacts alert; with doubled odds it takes 92 to 101 contacts.",
        ),
        least: ("{n} 条服务记录。", "{n} contacts."),
        counts: &[least::STAFF_APPEAR],
        known: ("业务或系统的变化也会让线上升。", "A change of processes or systems lifts the line as well."),
        source: (
            "Steiner 等 2000；crates/statistics/src/control.rs。",
            "Steiner et al. 2000; crates/statistics/src/control.rs.",
        ),
    },
];
