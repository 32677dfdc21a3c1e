"""What goes in: a contact of `tingxin.contact.v1`, as a mapping or as its JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Literal, TypedDict

Channel = Literal[
    "hotline", "hall", "visit", "outbound", "chat", "vip_manager", "account_manager", "community_manager", "online_hall"
]
Speaker = Literal["agent", "customer", "system"]


class _UtteranceNeeds(TypedDict):
    speaker: Speaker
    text: str


class UtteranceIn(_UtteranceNeeds, total=False):
    """One turn; times in milliseconds from the start of the contact."""

    start_ms: int | None
    end_ms: int | None


class NoteIn(TypedDict):
    """What staff wrote down."""

    text: str


class CustomerIn(TypedDict):
    """The customer; the id never comes out again."""

    id: str


class _StaffNeeds(TypedDict):
    id: str


class StaffIn(_StaffNeeds, total=False):
    """Who served: a work number, never a name."""

    team: str | None


class SurveyIn(TypedDict):
    """What the customer answered when asked afterwards."""

    satisfaction: int
    scale: int


class _ContactNeeds(TypedDict):
    source: str
    contact_id: str
    channel: Channel


class Contact(_ContactNeeds, total=False):
    """One contact, with `utterances` or with `note`."""

    schema: Literal["tingxin.contact.v1"]
    kind: Literal["transcript", "note"] | None
    revision: int | None
    started_at: str | None
    business_process: str | None
    customer: CustomerIn | None
    staff: StaffIn | None
    survey: SurveyIn | None
    utterances: list[UtteranceIn] | None
    note: NoteIn | None


def as_json(contact: Contact | Mapping[str, Any] | str | bytes) -> bytes:
    """The JSON of a contact; what is JSON already is taken as it is."""
    if isinstance(contact, bytes):
        return contact
    if isinstance(contact, str):
        return contact.encode()
    return json.dumps(contact, ensure_ascii=False, allow_nan=False).encode()
