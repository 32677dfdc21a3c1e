"""The boards of supervisors and of the QA lead: what is read in contacts, by channel."""

from dashboard_queries import FEWEST, GOOD_BAD, HERE, contacts, ended, figure, firing, flags, grown, said, share
from grafana_panels import Board, Panel, Query, channel_variable, named_variable
from prometheus_alerts import NEGATIVE

PER_HOUR = "suffix: 条/小时"
BY_CHANNEL = "by (channel) "
TEAM = named_variable("team", "班组", "tingxin_team_contact_endings_total")
TOPIC = named_variable("topic", "业务", "tingxin_topic_contact_endings_total")


def by_name(title: str, label: str, heading: str) -> Panel:
    """Endings and escalations by a name of the operator's own, over the chosen time."""
    here, by = f'{label}=~"${label}"', f"by ({label}) "
    endings = f"tingxin_{label}_contact_endings_total"

    def flagged(rule: str) -> str:
        return grown(f"tingxin_{label}_flags_total", f'{here},rule="{rule}"', by=by)

    judged = grown(endings, here + ',outcome!="unknown"', by=by)
    columns = {
        label: (heading, ""),
        "Value #A": ("服务记录", "short"),
        "Value #B": ("负面收尾占比", "percentunit"),
        "Value #C": ("情绪升级", "short"),
        "Value #D": ("可能不满意、没有投诉", "short"),
    }
    queries = [
        Query(f"round({grown(endings, here, by=by)})"),
        Query(share(grown(endings, here + ',outcome="negative"', by=by), judged)),
        *(Query(f"round({flagged(rule)})") for rule in ("escalation", "likely_dissatisfied")),
    ]
    told = "The chosen time. A number appears with the fifth contact that it stands for; the first five are no growth and do not count here."
    return Panel(title, told, queries, "short", "table", 12, 10, columns=columns)


def precision(bound: str) -> str:
    return f'max by (rule) (tingxin_rule_precision_ratio{{bound="{bound}"}})'


SUPERVISOR = Board(
    "tingxin-supervisor",
    "听心 · 主管看板",
    "How customers feel today, where it changes, and what to look at. Figures are a model's readings of channels, never of people.",
    [channel_variable(), TEAM, TOPIC],
    [
        (
            "所选时段",
            [
                figure("服务记录", "Contacts that were analysed in the chosen time.", f"round({contacts()})", "suffix: 条"),
                figure(
                    "客户负面情绪占比",
                    "Share of what customers said that is sadness, fear, anger or disgust.",
                    share(said("customer", "," + NEGATIVE), said("customer")),
                    "percentunit",
                ),
                figure(
                    "负面收尾占比",
                    "Share of contacts after which the customer left in a negative mood; contacts that cannot be judged are left out.",
                    share(ended('="negative"'), ended('!="unknown"')),
                    "percentunit",
                ),
                figure("情绪升级占比", "Share of contacts whose customer got clearly worse.", share(flags("escalation"), contacts()), "percentunit"),
                figure(
                    "可能不满意、没有投诉",
                    "Contacts whose customer is probably dissatisfied and did not complain.",
                    f"round({flags('likely_dissatisfied')})",
                    "suffix: 条",
                ),
                figure(
                    "外部投诉风险",
                    "Contacts whose customer may go to a regulator, the media, a court or another operator.",
                    f"round({flags('regulator_risk')})",
                    "suffix: 条",
                ),
            ],
        ),
        (
            "现在与平常（前四周同一时段）",
            [
                Panel(
                    "客户负面情绪占比",
                    "The last hour beside the same hour of the four weeks before; yesterday's until there are two weeks.",
                    [
                        Query(f"tingxin:customer_negative:ratio_rate1h{{{HERE}}}", "{{channel}}"),
                        Query(f"tingxin:customer_negative:usual_ratio1h{{{HERE}}}", "{{channel}} 平常"),
                    ],
                    "percentunit",
                    names=("channel",),
                    suffixes=("", " 平常"),
                    width=12,
                ),
                Panel(
                    "情绪升级占比",
                    "The last hour beside the same hour of the four weeks before. A wave on one channel is mostly a fault somewhere else.",
                    [
                        Query(f"tingxin:escalations:ratio_rate1h{{{HERE}}}", "{{channel}}"),
                        Query(f"tingxin:escalations:usual_ratio1h{{{HERE}}}", "{{channel}} 平常"),
                    ],
                    "percentunit",
                    names=("channel",),
                    suffixes=("", " 平常"),
                    width=12,
                ),
                firing("需要处理的告警", "TingxinEscalationsRising|TingxinMoodDropped|TingxinChannelSilent|TingxinSourceSilent"),
                Panel(
                    "各渠道负面收尾占比",
                    "Share of contacts of the last hour after which the customer left in a negative mood.",
                    [Query(f"tingxin:negative_endings:ratio_rate1h{{{HERE}}}", "{{channel}}")],
                    "percentunit",
                    names=("channel",),
                ),
                Panel(
                    "各渠道服务记录",
                    "Contacts analysed in an hour.",
                    [Query(f"tingxin:contacts_analysed:rate1h{{{HERE}}} * 3600", "{{channel}}")],
                    PER_HOUR,
                    names=("channel",),
                ),
            ],
        ),
        (
            "班组与业务",
            [by_name("各班组", "team", "班组"), by_name("各业务", "topic", "业务")],
        ),
        (
            "不满与回访",
            [
                Panel(
                    "可能不满意的客户",
                    "Contacts of an hour whose customer is probably dissatisfied: those who let it be felt, and those who did not.",
                    [Query(grown("tingxin_dissatisfied_contacts_total", HERE, "1h", "by (outcome) "), "{{outcome}}")],
                    PER_HOUR,
                    names=("felt",),
                    width=12,
                ),
                Panel(
                    "工单",
                    "Cases in which somebody owes a customer an answer; due within 24 hours, and overdue.",
                    [
                        Query("max by (kind) (tingxin_cases_open)"),
                        Query("max by (kind) (tingxin_cases_due)"),
                        Query("max by (kind) (tingxin_cases_overdue)"),
                    ],
                    "short",
                    "table",
                    12,
                    columns={
                        "kind": ("类别", "case"),
                        "Value #A": ("未办结", "short"),
                        "Value #B": ("24 小时内到期", "short"),
                        "Value #C": ("已超期", "short"),
                    },
                ),
            ],
        ),
        (
            "情绪与关怀",
            [
                Panel(
                    "客户情绪构成",
                    "What customers express, by the emotion that a listener most probably hears.",
                    [Query(f'sum by (emotion) (rate(tingxin_utterances_total{{{HERE},speaker="customer"}}[$__rate_interval]))', "{{emotion}}")],
                    "short",
                    names=("emotion",),
                    stacked="percent",
                    width=12,
                ),
                Panel(
                    "需要关怀、值得学习",
                    "Staff who were insulted need support; a recovery is an example to learn from. Both are candidates until confirmed.",
                    [Query(flags("abuse", "1h"), "坐席受辱骂"), Query(flags("recovery", "1h"), "情绪缓和")],
                    PER_HOUR,
                    width=12,
                ),
                Panel(
                    "各渠道一览",
                    f"The chosen time by channel. A share is left out where there are fewer than {FEWEST} contacts.",
                    [
                        Query(f"round({contacts(by=BY_CHANNEL)})"),
                        Query(share(said("customer", "," + NEGATIVE, by=BY_CHANNEL), said("customer", by=BY_CHANNEL))),
                        Query(share(ended('="negative"', by=BY_CHANNEL), ended('!="unknown"', by=BY_CHANNEL))),
                        Query(share(flags("escalation", by=BY_CHANNEL), contacts(by=BY_CHANNEL))),
                    ],
                    "short",
                    "table",
                    24,
                    10,
                    columns={
                        "channel": ("渠道", "channel"),
                        "Value #A": ("服务记录", "short"),
                        "Value #B": ("客户负面情绪占比", "percentunit"),
                        "Value #C": ("负面收尾占比", "percentunit"),
                        "Value #D": ("情绪升级占比", "percentunit"),
                    },
                ),
            ],
        ),
    ],
    "now/d",
)

QUALITY = Board(
    "tingxin-quality",
    "听心 · 质检主管看板",
    "What the rules raise and how much. Every flag is a candidate until a reviewer confirms it; nothing here names a person.",
    [channel_variable()],
    [
        (
            "所选时段",
            [
                figure("标记", "Flags that were raised.", f"round({grown('tingxin_flags_total', HERE)})", "suffix: 个"),
                figure(
                    "每百条记录的标记",
                    "Flags for every hundred contacts.",
                    f"100 * {share(grown('tingxin_flags_total', HERE), contacts())}",
                    decimals=1,
                ),
                figure(
                    "坐席失当（待确认）",
                    "Candidates for a lapse of staff. Reviewers confirm them before anybody else sees them.",
                    f"round({flags('agent_lapse')})",
                    "suffix: 条",
                ),
                figure("记录客户不满", "Notes in which staff report an upset customer.", f"round({flags('reported_distress')})", "suffix: 条"),
                figure(
                    "无法判断收尾的记录",
                    "Share of contacts whose ending cannot be judged: notes, and contacts with too few turns.",
                    share(ended('="unknown"'), ended('=~".+"')),
                    "percentunit",
                ),
                figure(
                    "已隔离",
                    "Contacts that could not be analysed and were set aside.",
                    'max(tingxin_queue_contacts{state="quarantined"})',
                    "suffix: 条",
                    steps=GOOD_BAD,
                ),
            ],
        ),
        (
            "标记",
            [
                Panel(
                    "各规则的标记",
                    "Flags in the chosen time, by what raised them.",
                    [Query(f"sort_desc(round({grown('tingxin_flags_total', HERE, by='by (rule) ')}))", "{{rule}}")],
                    "suffix: 个",
                    "bargauge",
                    names=("rule",),
                    height=9,
                ),
                Panel(
                    "标记走势",
                    "Flags in an hour, by what raised them.",
                    [Query(grown("tingxin_flags_total", HERE, "1h", "by (rule) "), "{{rule}}")],
                    "suffix: 个/小时",
                    names=("rule",),
                    width=16,
                    height=9,
                ),
                Panel(
                    "服务动作缺失占比",
                    "Share of contacts in which no time limit was told, or nobody asked whether the customer is satisfied.",
                    [
                        Query(share(flags("deadline_not_told", "1h"), contacts("1h")), "未告知时限"),
                        Query(share(flags("satisfaction_not_asked", "1h"), contacts("1h")), "未询问满意"),
                    ],
                    "percentunit",
                ),
                Panel(
                    "各渠道各规则的标记",
                    "Flags in the chosen time by channel and rule.",
                    [Query(f"round({grown('tingxin_flags_total', HERE, by='by (channel, rule) ')}) > 0")],
                    "short",
                    "table",
                    16,
                    columns={"channel": ("渠道", "channel"), "rule": ("规则", "rule"), "Value": ("标记", "short")},
                ),
            ],
        ),
        (
            "复核与辅导",
            [
                Panel(
                    "等待复核",
                    "Flags that nobody has judged, and contacts of the random sample that wait for a reader.",
                    [Query("max by (stream) (tingxin_review_waiting)", "{{stream}}")],
                    "suffix: 条",
                    names=("stream",),
                ),
                Panel(
                    "等得最久的记录",
                    "Age of the contact that has waited longest for a reviewer.",
                    [Query("max by (stream) (tingxin_review_oldest_seconds)", "{{stream}}")],
                    "s",
                    names=("stream",),
                ),
                Panel(
                    "各规则的复核结论（24 小时）",
                    "Verdicts of the last 24 hours. What was judged is no random sample: precision stands on the page of rules.",
                    [Query("max by (rule, outcome) (tingxin_verdicts_day)")],
                    "short",
                    "table",
                    columns={"rule": ("规则", "rule"), "outcome": ("结论", "verdict"), "Value": ("次数", "short")},
                ),
                Panel(
                    "各规则的查准率（随机抽样）",
                    "Of the flags of a rule, the share that readers of the random sample agree with, and the ends of its "
                    "95 % interval; 13 weeks. A rule is left out below 30 flags.",
                    [
                        Query(precision("estimate")),
                        Query(precision("low")),
                        Query(precision("high")),
                        Query("max by (rule) (tingxin_rule_precision_flags)"),
                    ],
                    "short",
                    "table",
                    24,
                    columns={
                        "rule": ("规则", "rule"),
                        "Value #A": ("查准率", "percentunit"),
                        "Value #B": ("下限", "percentunit"),
                        "Value #C": ("上限", "percentunit"),
                        "Value #D": ("抽样标记", "short"),
                    },
                ),
                figure("申诉未结", "Appeals that a lead or a second reviewer still has to answer.", "max(tingxin_appeals_open)", "suffix: 件"),
                figure(
                    "申诉超期",
                    "Open appeals whose present step should be done already.",
                    "max(tingxin_appeals_overdue)",
                    "suffix: 件",
                    steps=GOOD_BAD,
                ),
                figure("辅导未完成", "Agreements with staff that are not done.", "max(tingxin_coaching_open)", "suffix: 项"),
                figure("辅导超期", "Open agreements whose date is over.", "max(tingxin_coaching_overdue)", "suffix: 项", steps=GOOD_BAD),
                figure(
                    "读不出情绪的语句",
                    "Share of utterances in which nothing can be read.",
                    share(
                        grown("tingxin_utterances_unread_total", HERE),
                        f"({grown('tingxin_utterances_unread_total', HERE)} + {grown('tingxin_utterances_total', HERE)})",
                    ),
                    "percentunit",
                ),
            ],
        ),
        (
            "情绪与收尾",
            [
                Panel(
                    "坐席情绪构成",
                    "What staff express, over a whole channel.",
                    [Query(f'sum by (emotion) (rate(tingxin_utterances_total{{{HERE},speaker="agent"}}[$__rate_interval]))', "{{emotion}}")],
                    "short",
                    names=("emotion",),
                    stacked="percent",
                ),
                Panel(
                    "收尾构成",
                    "How contacts ended for the customer.",
                    [Query(f"sum by (outcome) (rate(tingxin_contact_endings_total{{{HERE}}}[$__rate_interval]))", "{{outcome}}")],
                    "short",
                    names=("ending",),
                    stacked="percent",
                ),
                Panel(
                    "等待分析的时间",
                    "Time from intake to the stored analysis: 95 % of the contacts are faster.",
                    [Query("tingxin:queue_wait_seconds:p95_rate15m", "95% 快于")],
                    "s",
                ),
                Panel(
                    "读数偏移（PSI）",
                    "How far the customers' mood in the latest conversations of a day has moved from what the model read "
                    "where it was measured. Above 0.25 by more than its error, TingxinReadingsDrifted fires.",
                    [
                        Query(f"max by (channel) (tingxin_reading_drift_psi{{{HERE}}})", "{{channel}}"),
                        Query(f"max by (channel) (tingxin_reading_drift_psi_error{{{HERE}}})", "{{channel}} 标准误"),
                    ],
                    "short",
                    names=("channel",),
                    suffixes=("", " 标准误"),
                    width=24,
                    decimals=2,
                ),
                Panel(
                    "模型与规则版本",
                    "What reads the contacts. After a change figures cannot be compared with the weeks before.",
                    [Query("max by (model, rules, version) (tingxin_build_info)")],
                    "short",
                    "table",
                    24,
                    5,
                    columns={"model": ("模型", ""), "rules": ("规则版本", ""), "version": ("程序版本", ""), "Value": ("在用", "short")},
                ),
            ],
        ),
    ],
    "now-7d",
)
