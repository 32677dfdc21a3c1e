"""Panels, variables and boards as Grafana reads them, for scripts/dashboards.py. No numbers of the product stand here."""

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]

# The dialect of Grafana 10.4 and later; newer releases bring it up to date by themselves.
SCHEMA = 39
SOURCE: Json = {"type": "prometheus", "uid": "${datasource}"}
WIDTH = 24

# What the product calls its labels in Chinese; a test compares them with the program.
NAMES: dict[str, dict[str, str]] = {
    "channel": {
        "hotline": "热线",
        "hall": "营业厅",
        "visit": "上门",
        "outbound": "外呼",
        "chat": "在线客服",
        "vip_manager": "VIP客户经理",
        "account_manager": "集团客户经理",
        "community_manager": "社区经理",
        "online_hall": "网上营业厅",
    },
    "emotion": {
        "happiness": "喜悦",
        "gratitude": "感激",
        "neutral": "平静",
        "surprise": "惊讶",
        "sadness": "失落",
        "fear": "担忧",
        "anger": "愤怒",
        "disgust": "厌烦",
    },
    "rule": {
        "escalation": "情绪升级",
        "negative_ending": "负面收尾",
        "likely_dissatisfied": "可能不满意",
        "agent_lapse": "坐席失当",
        "regulator_risk": "外部投诉风险",
        "abuse": "坐席受辱骂",
        "recovery": "情绪缓和",
        "deadline_not_told": "未告知时限",
        "satisfaction_not_asked": "未询问满意",
        "reported_distress": "记录客户不满",
    },
    "ending": {"negative": "负面收尾", "calm": "平稳收尾", "unknown": "无法判断"},
    "intake": {"queued": "已排队", "updated": "已更新", "unchanged": "无变化", "conflict": "冲突", "refused": "被拒绝"},
    "stage": {"redact": "脱敏", "segment": "分词", "score": "评分", "contagion": "情绪感染", "flag": "标记", "store": "存储"},
    "felt": {"spoken": "有表露", "silent": "未表露"},
    "stream": {"flags": "标记", "sample": "抽样"},
    "verdict": {"confirmed": "已确认", "rejected": "误报", "unclear": "存疑"},
    "case": {"callback": "回访", "matter": "问题处理"},
    "objective": {"ingest": "收录成功", "analysed-in-a-minute": "一分钟内分析完", "pages-in-250-ms": "页面 250 毫秒内打开"},
}
COLOURS = {
    "happiness": "#73BF69",
    "gratitude": "#37872D",
    "neutral": "#8E8E8E",
    "surprise": "#B877D9",
    "sadness": "#5794F2",
    "fear": "#FADE2A",
    "anger": "#E02F44",
    "disgust": "#FF9830",
    "negative": "#E02F44",
    "calm": "#73BF69",
    "unknown": "#8E8E8E",
}


@dataclass
class Query:
    """One expression; `legend` is a word or a label in braces."""

    expr: str
    legend: str = ""


@dataclass
class Panel:
    """One picture. `names` says which labels its legend shows, so that people read words and not codes."""

    title: str
    description: str
    queries: list[Query]
    unit: str = "short"
    kind: str = "timeseries"
    width: int = 8
    height: int = 8
    names: tuple[str, ...] = ()
    suffixes: tuple[str, ...] = ("",)
    stacked: str = ""
    decimals: int | None = None
    steps: list[tuple[float | None, str]] = field(default_factory=list)
    columns: dict[str, tuple[str, str]] = field(default_factory=dict)

    def overrides(self) -> list[Json]:
        found = []
        for group in self.names:
            for code, name in NAMES[group].items():
                for suffix in self.suffixes:
                    properties: list[Json] = [{"id": "displayName", "value": name + suffix}]
                    if code in COLOURS and not suffix:
                        properties.append({"id": "color", "value": {"mode": "fixed", "fixedColor": COLOURS[code]}})
                    found.append({"matcher": {"id": "byName", "options": code + suffix}, "properties": properties})
        return found

    def field_config(self) -> Json:
        defaults: Json = {"unit": self.unit, "noValue": "无数据"}
        if self.decimals is not None:
            defaults["decimals"] = self.decimals
        if self.steps:
            defaults["thresholds"] = {"mode": "absolute", "steps": [{"value": at, "color": colour} for at, colour in self.steps]}
            defaults["color"] = {"mode": "thresholds"}
        overrides = self.overrides()
        if self.kind == "timeseries":
            defaults["min"] = 0
            defaults["custom"] = {"lineWidth": 2, "fillOpacity": 70 if self.stacked else 10, "showPoints": "never", "spanNulls": False}
            if self.stacked:
                defaults["custom"]["stacking"] = {"mode": self.stacked, "group": "A"}
        if self.kind == "table":
            overrides = [column(name, unit, label) for label, (name, unit) in self.columns.items()]
        return {"defaults": defaults, "overrides": overrides}

    def options(self) -> Json:
        if self.kind == "timeseries":
            return {"legend": {"displayMode": "list", "placement": "bottom", "showLegend": True}, "tooltip": {"mode": "multi", "sort": "desc"}}
        if self.kind == "table":
            return {"showHeader": True, "cellHeight": "sm"}
        shared: Json = {"reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False}}
        if self.kind == "bargauge":
            return {**shared, "orientation": "horizontal", "displayMode": "basic", "showUnfilled": True}
        return {**shared, "colorMode": "value", "graphMode": "none", "textMode": "auto"}

    def targets(self) -> list[Json]:
        found = []
        for query, letter in zip(self.queries, "ABCDEFGH"):
            target: Json = {"refId": letter, "datasource": SOURCE, "expr": query.expr, "legendFormat": query.legend or "__auto"}
            target["instant"] = self.kind != "timeseries"
            target["range"] = self.kind == "timeseries"
            target["format"] = "table" if self.kind == "table" else "time_series"
            found.append(target)
        return found

    def json(self, number: int, x: int, y: int) -> Json:
        panel: Json = {
            "id": number,
            "type": self.kind,
            "title": self.title,
            "description": self.description,
            "datasource": SOURCE,
            "gridPos": {"x": x, "y": y, "w": self.width, "h": self.height},
            "fieldConfig": self.field_config(),
            "options": self.options(),
            "targets": self.targets(),
        }
        if self.kind == "table":
            panel["transformations"] = [
                {"id": "merge", "options": {}},
                {"id": "organize", "options": {"excludeByName": {"Time": True}, "indexByName": {}, "renameByName": {}}},
            ]
        return panel


def column(name: str, unit: str, label: str) -> Json:
    """A column of a table: a number with its unit, or a label whose codes are put into words."""
    properties: list[Json] = [{"id": "displayName", "value": name}]
    if unit in NAMES:
        words = {code: {"text": word, "index": place} for place, (code, word) in enumerate(NAMES[unit].items())}
        properties.append({"id": "mappings", "value": [{"type": "value", "options": words}]})
    elif unit:
        properties.append({"id": "unit", "value": unit})
    return {"matcher": {"id": "byName", "options": label}, "properties": properties}


def source_variable() -> Json:
    return {"name": "datasource", "label": "数据源", "type": "datasource", "query": "prometheus", "current": {}, "hide": 0}


def channel_variable() -> Json:
    channels = NAMES["channel"]
    options = [{"text": "全部", "value": "$__all", "selected": True}]
    options += [{"text": name, "value": code, "selected": False} for code, name in channels.items()]
    return {
        "name": "channel",
        "label": "渠道",
        "type": "custom",
        "query": ",".join(f"{name} : {code}" for code, name in channels.items()),
        "multi": True,
        "includeAll": True,
        "allValue": ".*",
        "current": {"text": ["全部"], "value": ["$__all"]},
        "options": options,
        "hide": 0,
    }


def named_variable(name: str, label: str, metric: str) -> Json:
    """A label whose values are the operator's own."""
    query = f"label_values({metric}, {name})"
    return {**instance_variable(), "name": name, "label": label, "query": {"query": query, "refId": name}, "definition": query}


def instance_variable() -> Json:
    query = 'label_values(up{job="tingxin"}, instance)'
    return {
        "name": "instance",
        "label": "实例",
        "type": "query",
        "datasource": SOURCE,
        "query": {"query": query, "refId": "instance"},
        "definition": query,
        "refresh": 2,
        "sort": 1,
        "multi": True,
        "includeAll": True,
        "allValue": ".*",
        "current": {"text": ["All"], "value": ["$__all"]},
        "hide": 0,
    }


@dataclass
class Board:
    """One dashboard: rows of panels, each with its heading."""

    uid: str
    title: str
    description: str
    variables: list[Json]
    rows: list[tuple[str, list[Panel]]]
    since: str

    def json(self) -> Json:
        panels: list[Json] = []
        y = 0
        for heading, row in self.rows:
            panels.append({"id": len(panels) + 1, "type": "row", "title": heading, "collapsed": False, "gridPos": at(0, y), "panels": []})
            x, y, tallest = 0, y + 1, 0
            for panel in row:
                if x + panel.width > WIDTH:
                    x, y, tallest = 0, y + tallest, 0
                panels.append(panel.json(len(panels) + 1, x, y))
                x, tallest = x + panel.width, max(tallest, panel.height)
            y += tallest
        return {
            "uid": self.uid,
            "title": self.title,
            "description": self.description,
            "tags": ["tingxin"],
            "schemaVersion": SCHEMA,
            "version": 1,
            "editable": False,
            "graphTooltip": 1,
            "timezone": "browser",
            "weekStart": "monday",
            "refresh": "1m",
            "time": {"from": self.since, "to": "now"},
            "annotations": {"list": []},
            "templating": {"list": [source_variable(), *self.variables]},
            "links": [
                {"type": "dashboards", "title": "听心看板", "tags": ["tingxin"], "asDropdown": True, "includeVars": True, "keepTime": True},
            ],
            "panels": panels,
        }


def at(x: int, y: int) -> Json:
    return {"x": x, "y": y, "w": WIDTH, "h": 1}
