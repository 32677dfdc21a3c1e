"""Emotions in customer contacts in Chinese: every turn scored, every flag explained, offline.

`analyze` reads contacts with the default model; an `Analyzer` keeps a model and may use several threads. Personal data is taken
out before anything is scored, and other threads of Python run on meanwhile.
"""

from __future__ import annotations

import functools
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from . import _native
from ._native import DEFAULT_MODEL, __version__
from .contacts import Channel, Contact, Speaker, as_json
from .frames import Rows, to_frame
from .results import (
    Analysis,
    Engine,
    Evidence,
    Flag,
    InContext,
    Redaction,
    Refusal,
    Reported,
    Satisfaction,
    Signal,
    Skipped,
    Token,
    Utterance,
)

__all__ = [
    "DEFAULT_MODEL",
    "Analysis",
    "Analyzer",
    "Channel",
    "Contact",
    "Engine",
    "Evidence",
    "FileAnalyses",
    "Flag",
    "InContext",
    "Redaction",
    "Refusal",
    "RefusedContact",
    "Reported",
    "Rows",
    "Satisfaction",
    "Signal",
    "Skipped",
    "Speaker",
    "Token",
    "Utterance",
    "__version__",
    "analyze",
    "to_frame",
]

AnyContact = Contact | Mapping[str, Any] | str | bytes


class RefusedContact(ValueError):
    """A contact is not one, or not a valid one; `refusal` says which, where and why."""

    def __init__(self, refusal: Refusal) -> None:
        at = f" at {refusal.field}" if refusal.field else ""
        super().__init__(f"contact {refusal.index}{at}: {refusal.message} ({refusal.code})")
        self.refusal = refusal


@dataclass(frozen=True, slots=True)
class FileAnalyses:
    """What became of a file."""

    analyses: list[Analysis]
    refused: list[Refusal]


class Analyzer:
    """Loads a model once and analyses with it; safe to share between threads."""

    def __init__(self, model: str | os.PathLike[str] = DEFAULT_MODEL, *, threads: int = 1) -> None:
        """`model` is `lexicon`, a name from the manifest of models, or the folder of a model. Each thread holds its own copy."""
        self._native = _native.Analyzer(os.fspath(model), threads)
        self.engine = Engine(**json.loads(self._native.engine))

    def __repr__(self) -> str:
        return f"Analyzer({self.engine.model!r})"

    def analyze(self, contacts: Iterable[AnyContact], *, refused: Literal["raise", "skip"] = "raise") -> list[Analysis]:
        """Analyses contacts in their order.

        A contact that is refused raises `RefusedContact`; with `refused="skip"` it is left out instead.
        """
        if isinstance(contacts, (str, bytes, Mapping)):
            raise TypeError("give a list of contacts, for example [contact]")
        if refused not in ("raise", "skip"):
            raise ValueError('refused must be "raise" or "skip"')
        analyses, refusals = _sorted(self._native.analyze([as_json(contact) for contact in contacts]))
        if refusals and refused == "raise":
            raise RefusedContact(refusals[0])
        return analyses

    def analyze_file(
        self,
        path: str | os.PathLike[str],
        *,
        source: str = "file",
        channel: Channel | None = None,
        speakers: Mapping[str, Speaker] | None = None,
    ) -> FileAnalyses:
        """Analyses the contacts of a file of any format that `tingxin formats` lists.

        `source` and `channel` are those of contacts that name none; `speakers` says who is meant by which label.
        """
        answers = ",".join(f"{label}={who}" for label, who in (speakers or {}).items()) or None
        return FileAnalyses(*_sorted(self._native.analyze_file(os.fspath(path), source, channel, answers)))


def analyze(contacts: Iterable[AnyContact], *, refused: Literal["raise", "skip"] = "raise") -> list[Analysis]:
    """Analyses contacts with the default model, which is loaded by the first call."""
    return _default().analyze(contacts, refused=refused)


@functools.cache
def _default() -> Analyzer:
    return Analyzer()


def _sorted(told: list[tuple[bool, bytes]]) -> tuple[list[Analysis], list[Refusal]]:
    analyses = [Analysis.from_json(line) for analysed, line in told if analysed]
    refusals = [Refusal(index=at, **json.loads(line)) for at, (analysed, line) in enumerate(told) if not analysed]
    return analyses, refusals
