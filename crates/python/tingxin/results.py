"""What comes out: an analysis of `tingxin.analysis.v1`, typed. Places in texts count characters, turns count from 0."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Engine:
    """What produced an analysis; equal engines give equal bytes."""

    model: str
    model_sha256: str
    lexicon_version: str
    rules_version: str


@dataclass(frozen=True, slots=True)
class Token:
    """A word at its place."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words that moved a score."""

    start: int
    end: int
    weight: float


@dataclass(frozen=True, slots=True)
class InContext:
    """A turn as it is heard after those before it."""

    emotion: str
    emotions: Mapping[str, float]
    valence: float


@dataclass(frozen=True, slots=True)
class Utterance:
    """One turn of a transcript; what is `None` was not read, as the voice of a system."""

    index: int
    speaker: str
    text: str
    tokens: tuple[Token, ...]
    emotion: str | None
    emotions: Mapping[str, float] | None
    valence: float | None
    valence_sd: float | None
    scorable: bool
    evidence: tuple[Evidence, ...]
    in_context: InContext | None


@dataclass(frozen=True, slots=True)
class Reported:
    """One sentence of a note and the emotion that it reports, if any."""

    index: int
    text: str
    tokens: tuple[Token, ...]
    about: str | None
    emotion: str | None
    emotions: Mapping[str, float] | None
    valence: float | None
    valence_sd: float | None
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """How satisfied the customer is expected to be, from 1 to 5, with its 80 % interval."""

    value: float
    low: float
    high: float
    dissatisfied: float
    turns: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Signal:
    """One measured quantity."""

    name: str
    value: float
    kind: str
    low: float | None
    high: float | None
    utterances: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Flag:
    """A reason to listen to a contact: a candidate until a person has confirmed it."""

    rule: str
    severity: str
    probability: float
    utterances: tuple[int, ...]
    reason: str
    facts: Mapping[str, Any] | None
    status: str


@dataclass(frozen=True, slots=True)
class Redaction:
    """A place from which personal data was taken."""

    utterance: int
    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that was not computed."""

    feature: str
    reason: str


@dataclass(frozen=True, slots=True)
class Analysis:
    """The answer for one contact."""

    source: str
    contact_id: str
    revision: int
    engine: Engine
    utterances: tuple[Utterance, ...]
    reported: tuple[Reported, ...]
    satisfaction: Satisfaction | None
    signals: tuple[Signal, ...]
    flags: tuple[Flag, ...]
    redactions: tuple[Redaction, ...]
    skipped: tuple[Skipped, ...]
    json: bytes = field(repr=False)
    """The line that `tingxin analyze` writes, without its end."""

    @classmethod
    def from_json(cls, line: bytes) -> Analysis:
        """Reads an analysis that this package or `tingxin analyze` wrote."""
        read = json.loads(line)
        if read.get("schema") != "tingxin.analysis.v1":
            raise ValueError("this is no analysis of tingxin.analysis.v1")
        satisfaction = read.get("satisfaction")
        return cls(
            source=read["source"],
            contact_id=read["contact_id"],
            revision=read["revision"],
            engine=Engine(**read["engine"]),
            utterances=tuple(_utterance(one) for one in read["utterances"]),
            reported=tuple(_reported(one) for one in read["reported"]),
            satisfaction=Satisfaction(**{**satisfaction, "turns": tuple(satisfaction["turns"])}) if satisfaction else None,
            signals=tuple(_signal(one) for one in read["signals"]),
            flags=tuple(_flag(one) for one in read["flags"]),
            redactions=tuple(Redaction(**one) for one in read["redactions"]),
            skipped=tuple(Skipped(**one) for one in read["skipped"]),
            json=line.rstrip(b"\r\n"),
        )


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a contact was not analysed. It never repeats what the contact says."""

    index: int
    """Which of the contacts that were given, from 0."""
    code: str
    message: str
    field: str | None = None
    file: str | None = None
    line: int | None = None


def _utterance(one: dict[str, Any]) -> Utterance:
    heard = one.get("in_context")
    return Utterance(
        index=one["index"],
        speaker=one["speaker"],
        text=one["text"],
        tokens=_tokens(one),
        emotion=one.get("emotion"),
        emotions=one.get("emotions"),
        valence=one.get("valence"),
        valence_sd=one.get("valence_sd"),
        scorable=one["scorable"],
        evidence=_evidence(one),
        in_context=InContext(**heard) if heard else None,
    )


def _reported(one: dict[str, Any]) -> Reported:
    return Reported(
        index=one["index"],
        text=one["text"],
        tokens=_tokens(one),
        about=one.get("about"),
        emotion=one.get("emotion"),
        emotions=one.get("emotions"),
        valence=one.get("valence"),
        valence_sd=one.get("valence_sd"),
        evidence=_evidence(one),
    )


def _tokens(one: dict[str, Any]) -> tuple[Token, ...]:
    return tuple(Token(**token) for token in one["tokens"])


def _evidence(one: dict[str, Any]) -> tuple[Evidence, ...]:
    return tuple(Evidence(**words) for words in one["evidence"])


def _signal(one: dict[str, Any]) -> Signal:
    return Signal(
        name=one["name"],
        value=one["value"],
        kind=one["kind"],
        low=one.get("low"),
        high=one.get("high"),
        utterances=tuple(one["utterances"]),
    )


def _flag(one: dict[str, Any]) -> Flag:
    return Flag(
        rule=one["rule"],
        severity=one["severity"],
        probability=one["probability"],
        utterances=tuple(one["utterances"]),
        reason=one["reason"],
        facts=one.get("facts"),
        status=one["status"],
    )
