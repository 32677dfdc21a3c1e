"""Analyses as data frames of pandas, which is asked for only here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, Literal

from .results import Analysis

if TYPE_CHECKING:
    import pandas

Rows = Literal["contacts", "utterances", "reported", "signals", "flags"]


def to_frame(analyses: Iterable[Analysis], rows: Rows = "contacts") -> pandas.DataFrame:
    """A frame with a row for each contact, turn, sentence of a note, signal or flag.

    Every row begins with `source`, `contact_id` and `revision`, so that frames can be joined. Columns stay when there is no row.
    """
    try:
        import pandas
    except ImportError as missing:
        raise ImportError("data frames need pandas: pip install tingxin[pandas]") from missing
    if rows not in _ROWS:
        raise ValueError(f"rows must be one of {', '.join(_ROWS)}")
    columns, of = _ROWS[rows]
    keys = ["source", "contact_id", "revision"]
    data = [(a.source, a.contact_id, a.revision, *row) for a in analyses for row in of(a)]
    return pandas.DataFrame(data, columns=[*keys, *columns])


def _contacts(a: Analysis) -> Iterator[tuple[Any, ...]]:
    values = {signal.name: signal.value for signal in a.signals}
    signals = (values.get(name) for name in ("customer_mean", "customer_worst", "customer_end"))
    satisfaction = a.satisfaction.value if a.satisfaction else None
    turns = len(a.utterances) + len(a.reported)
    yield (turns, *signals, satisfaction, [flag.rule for flag in a.flags], len(a.redactions), a.engine.model)


def _utterances(a: Analysis) -> Iterator[tuple[Any, ...]]:
    for u in a.utterances:
        heard = (u.in_context.emotion, u.in_context.valence) if u.in_context else (None, None)
        yield (u.index, u.speaker, u.text, u.scorable, u.emotion, u.valence, u.valence_sd, *heard)


def _reported(a: Analysis) -> Iterator[tuple[Any, ...]]:
    for s in a.reported:
        yield (s.index, s.text, s.about, s.emotion, s.valence, s.valence_sd)


def _signals(a: Analysis) -> Iterator[tuple[Any, ...]]:
    for s in a.signals:
        yield (s.name, s.value, s.kind, s.low, s.high, list(s.utterances))


def _flags(a: Analysis) -> Iterator[tuple[Any, ...]]:
    for f in a.flags:
        yield (f.rule, f.severity, f.probability, f.reason, f.status, list(f.utterances))


_ROWS: dict[str, tuple[list[str], Callable[[Analysis], Iterator[tuple[Any, ...]]]]] = {
    "contacts": (
        ["turns", "customer_mean", "customer_worst", "customer_end", "satisfaction", "flags", "redactions", "model"],
        _contacts,
    ),
    "utterances": (
        [
            "index",
            "speaker",
            "text",
            "scorable",
            "emotion",
            "valence",
            "valence_sd",
            "emotion_in_context",
            "valence_in_context",
        ],
        _utterances,
    ),
    "reported": (["index", "text", "about", "emotion", "valence", "valence_sd"], _reported),
    "signals": (["name", "value", "kind", "low", "high", "utterances"], _signals),
    "flags": (["rule", "severity", "probability", "reason", "status", "utterances"], _flags),
}
