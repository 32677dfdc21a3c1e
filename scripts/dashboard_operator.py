"""The board of operators: what is promised, and what the service lacks."""

from dashboard_queries import BAD_GOOD, JOB, figure, firing, grown
from grafana_panels import Board, Panel, Query, instance_variable
from prometheus_rules import PAGES

OBJECTIVE = "{{sloth_slo}}"
LOOKUPS, HIT = "tingxin_score_cache_lookups_total", 'result="hit"'


def quantile(of: float, selector: str) -> str:
    return f"histogram_quantile({of}, sum by (le) (rate(tingxin_http_request_duration_seconds_bucket{{{JOB},{selector}}}[$__rate_interval])))"


def rate(metric: str, by: str = "", selector: str = "") -> str:
    inside = ",".join(part for part in (JOB, selector) if part)
    return f"sum {by}(rate({metric}{{{inside}}}[$__rate_interval]))"


OPERATOR = Board(
    "tingxin-operator",
    "听心 · 运维看板",
    "Whether the service keeps what it promises, and what it lacks.",
    [instance_variable()],
    [
        (
            "服务目标（30 天）",
            [
                Panel(
                    "剩余额度",
                    "What is left of the failures that the objective of 30 days allows; below 0 it is missed.",
                    [Query("slo:period_error_budget_remaining:ratio", OBJECTIVE)],
                    "percentunit",
                    "stat",
                    names=("objective",),
                    steps=[(None, "red"), (0.0, "orange"), (0.25, "green")],
                    width=12,
                ),
                Panel(
                    "额度消耗速度",
                    "1 uses up exactly the allowance of 30 days; 14.4 within two days.",
                    [Query("slo:current_burn_rate:ratio", OBJECTIVE)],
                    "suffix: 倍",
                    names=("objective",),
                    width=12,
                ),
            ],
        ),
        (
            "现在",
            [
                figure("在线实例", "Instances that answer.", f"sum(up{{{JOB}}})", steps=BAD_GOOD),
                figure("数据库", "1: it answers every instance.", f"min(tingxin_database_up{{{JOB}}})", steps=BAD_GOOD),
                figure("排队的记录", "Contacts that wait.", f'max(tingxin_queue_contacts{{{JOB},state="waiting"}})', "suffix: 条"),
                figure("最早一条已等", "Age of the oldest contact that waits.", f"max(tingxin_oldest_unscored_contact_seconds{{{JOB}}})", "s"),
                figure("审计日志完好", "1: every entry is as it was written.", f"min(tingxin_audit_intact{{{JOB}}})", steps=BAD_GOOD),
                figure("距上次核对", "Age of the last check of the log.", f"time() - max(tingxin_audit_checked_timestamp_seconds{{{JOB}}})", "s"),
                firing("告警", "Tingxin.*", 24),
            ],
        ),
        (
            "收录与分析",
            [
                Panel(
                    "收录与分析完成",
                    "Contacts that come in and contacts that are analysed, a second.",
                    [
                        Query(rate("tingxin_contacts_ingested_total", selector='outcome=~"queued|updated"'), "收录"),
                        Query(rate("tingxin_contacts_analysed_total"), "分析完"),
                    ],
                    "suffix: 条/秒",
                ),
                Panel(
                    "收录结果",
                    "What became of the contacts that were sent.",
                    [Query(rate("tingxin_contacts_ingested_total", "by (outcome) "), "{{outcome}}")],
                    "suffix: 条/秒",
                    names=("intake",),
                ),
                Panel(
                    "各来源",
                    "What every source has sent within the last hour, the fewest that this hour brought in the past four weeks, "
                    "and how long ago its last contact came in.",
                    [
                        Query("max by (source, channel) (tingxin_source_contacts_hour)"),
                        Query("max by (source, channel) (tingxin_source_usual_contacts_hour)"),
                        Query("time() - max by (source, channel) (tingxin_source_last_contact_timestamp_seconds)"),
                    ],
                    "short",
                    "table",
                    columns={
                        "source": ("来源", ""),
                        "channel": ("渠道", "channel"),
                        "Value #A": ("近一小时", "suffix: 条"),
                        "Value #B": ("往常至少", "suffix: 条"),
                        "Value #C": ("距上次收录", "s"),
                    },
                ),
                Panel(
                    "等待分析的时间",
                    "Time from intake to the stored analysis.",
                    [
                        Query(f"histogram_quantile({of}, {rate('tingxin_queue_wait_seconds_bucket', 'by (le) ')})", word)
                        for of, word in ((0.5, "中位数"), (0.95, "95% 快于"))
                    ],
                    "s",
                ),
                Panel(
                    "各步骤耗时",
                    "Seconds of work in a second, by stage.",
                    [Query(rate("tingxin_stage_duration_seconds_sum", "by (stage) "), "{{stage}}")],
                    "s",
                    names=("stage",),
                    stacked="normal",
                ),
                Panel(
                    "缓存命中率",
                    "Share of texts that had been read before.",
                    [Query(f"{rate(LOOKUPS, selector=HIT)} / ({rate(LOOKUPS)} > 0)", "命中")],
                    "percentunit",
                ),
                Panel(
                    "失败与隔离",
                    "Attempts that failed and contacts that were set aside, in an hour.",
                    [
                        Query(grown("tingxin_analysis_attempts_failed_total", JOB, "1h"), "分析失败"),
                        Query(grown("tingxin_contacts_quarantined_total", JOB, "1h"), "已隔离"),
                    ],
                    "suffix: 次/小时",
                ),
            ],
        ),
        (
            "请求",
            [
                Panel(
                    "请求量",
                    "Requests a second, by class of status.",
                    [Query(rate("tingxin_http_requests_total", "by (status) "), "{{status}}")],
                    "reqps",
                    stacked="normal",
                ),
                Panel(
                    "失败占比",
                    "Share of requests that end with 5xx.",
                    [Query("tingxin:http_errors:ratio_rate5m", "失败")],
                    "percentunit",
                ),
                Panel("过载拒绝", "Requests that were turned away, a second.", [Query(rate("tingxin_requests_shed_total"), "拒绝")], "reqps"),
                Panel(
                    "页面打开时间",
                    "Time to the head of a page.",
                    [Query(quantile(of, PAGES), word) for of, word in ((0.5, "中位数"), (0.99, "99% 快于"))],
                    "s",
                ),
                Panel(
                    "接口应答时间",
                    "Time to the head of an answer of the API.",
                    [Query(quantile(of, 'route=~"/api/.*"'), word) for of, word in ((0.5, "中位数"), (0.99, "99% 快于"))],
                    "s",
                ),
                Panel(
                    "最慢的页面与接口",
                    "The ten routes with the highest 95th percentile in the chosen time.",
                    [
                        Query(
                            "topk(10, histogram_quantile(0.95, sum by (le, route, method) "
                            f"(rate(tingxin_http_request_duration_seconds_bucket{{{JOB}}}[$__range]))) > 0)"
                        )
                    ],
                    "s",
                    "table",
                    columns={"route": ("路径", ""), "method": ("方法", ""), "Value": ("95% 快于", "s")},
                ),
            ],
        ),
        (
            "进程",
            [
                Panel("内存", "Resident memory.", [Query(f"process_resident_memory_bytes{{{JOB}}}", "{{instance}}")], "bytes", width=6),
                Panel(
                    "处理器",
                    "Cores in use.",
                    [Query(f"rate(process_cpu_seconds_total{{{JOB}}}[$__rate_interval])", "{{instance}}")],
                    "suffix: 核",
                    width=6,
                ),
                Panel(
                    "文件句柄使用率",
                    "Open file descriptors of those allowed.",
                    [Query(f"process_open_fds{{{JOB}}} / process_max_fds{{{JOB}}}", "{{instance}}")],
                    "percentunit",
                    width=6,
                ),
                Panel(
                    "审计日志在内存里等待",
                    "Entries that cannot be written because the disk is full; they are lost with the process.",
                    [Query(f"tingxin_audit_entries_held{{{JOB}}}", "{{instance}}")],
                    "suffix: 条",
                    width=6,
                ),
            ],
        ),
    ],
    "now-6h",
)
