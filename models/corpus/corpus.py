"""Reads the corpus: whole contacts and notes with one emotion for every utterance. Standard library only."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
EMOTIONS = {"hap": "happiness", "gra": "gratitude", "neu": "neutral", "sur": "surprise",
            "sad": "sadness", "fea": "fear", "ang": "anger", "dis": "disgust"}
SPEAKERS = {"A": "agent", "C": "customer", "N": "note"}
CHANNELS = {"hotline", "hall", "visit", "outbound", "chat", "vip_manager", "account_manager",
            "community_manager", "online_hall"}
STYLES = {"asr", "chat", "clean", "note", "dialect", "trad"}
HEADER = re.compile(r"@ ([a-z]{2,4}-\d{3}) (\S+) (\S+) (\S+) (\S+)(?: ([1-5]))?$")
CODE = "hap|gra|neu|sur[+-]?|sad|fea|ang|dis"
LINE = re.compile(rf"([ACN]) ({CODE})(!?)(?:/({CODE}))? (\S.*)$")

# Writers of whom no line is trained on: every file is one writer's. Their figures say what the model makes of a stranger.
UNSEEN = {"dev": {"rci", "rcn"}, "test": {"rcf", "rcr"}}


# Registers of the second half, by the first letters of a writer's name; the first half has names of two letters.
REGISTERS = {"rc": "recognised speech", "rd": "recognised speech", "ps": "posts and chats", "pr": "pairs", "ct": "short dialogues", "bl": "balance",
             "ev": "everyday", "ed": "everyday"}


@dataclass
class Utterance:
    speaker: str
    emotion: str
    valence: str
    abuse: bool
    text: str
    place: str
    pair: str  # id of the pair of single lines it belongs to, else nothing
    in_context: str  # the emotion heard by somebody who heard the turns before; `emotion` where nothing was marked


@dataclass
class Contact:
    id: str
    channel: str
    topic: str
    arc: str
    style: str
    satisfaction: int | None  # 1 to 5, the customer's at the end as a listener judges it
    utterances: list[Utterance] = field(default_factory=list)

    @property
    def is_note(self) -> bool:
        return self.style == "note"

    @property
    def writer(self) -> str:
        return self.id.partition("-")[0]

    @property
    def register(self) -> str:
        if self.is_note:
            return "notes"
        return REGISTERS.get(self.writer[:2], "first half") if len(self.writer) > 2 else "first half"

    @property
    def split(self) -> str:
        """train, dev or test: by the writer if no line of theirs is trained on, else by the id: 70, 15 and 15 of a hundred."""
        for split, writers in UNSEEN.items():
            if self.writer in writers:
                return split
        drawn = self.id
        if self.writer.startswith("ct"):  # two neighbouring dialogues are a pair and must not be torn apart
            drawn = f"{self.writer}-pair-{(int(self.id[-3:]) + 1) // 2}"
        draw = int.from_bytes(hashlib.sha256(f"tingxin:{drawn}".encode()).digest()[:4], "big") % 100
        return "train" if draw < 70 else "dev" if draw < 85 else "test"


class CorpusError(Exception):
    """A line that cannot be read, with its place."""


def valence_of(emotion: str) -> str:
    if emotion in ("hap", "gra", "sur+"):
        return "positive"
    return "neutral" if emotion in ("neu", "sur") else "negative"


def parse(path: Path) -> list[Contact]:
    contacts: list[Contact] = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        place = f"{path.name}:{number}"
        line = line.strip()
        if not line:
            continue
        if line.startswith("@"):
            head = HEADER.match(line)
            if not head:
                raise CorpusError(f"{place}: a header is «@ id channel topic arc style [satisfaction]», not {line!r}")
            identifier, channel, topic, arc, style, satisfaction = head.groups()
            if channel not in CHANNELS or style not in STYLES:
                raise CorpusError(f"{place}: unknown channel or style in {line!r}")
            contacts.append(Contact(identifier, channel, topic, arc, style, int(satisfaction) if satisfaction else None))
            continue
        match = LINE.match(line)
        if not match or not contacts:
            raise CorpusError(f"{place}: an utterance is «A|C|N emotion[/emotion] text», not {line!r}")
        speaker, emotion, abuse, heard, text = match.groups()
        if (speaker == "N") != contacts[-1].is_note:
            raise CorpusError(f"{place}: N stands in notes, and only N does")
        contacts[-1].utterances.append(Utterance(
            SPEAKERS[speaker], EMOTIONS[emotion[:3]], valence_of(emotion), bool(abuse), text, place,
            contacts[-1].id if contacts[-1].arc == "pair" else "", EMOTIONS[(heard or emotion)[:3]]))
    return contacts


def load(folder: Path = HERE / "contacts") -> list[Contact]:
    contacts = [contact for path in sorted(folder.glob("*.txt")) for contact in parse(path)]
    seen: set[str] = set()
    for contact in contacts:
        if contact.id in seen:
            raise CorpusError(f"the id {contact.id} stands twice")
        seen.add(contact.id)
    return contacts


def normal(text: str) -> str:
    """Letters and digits alone, lower case: what two near-duplicates have in common."""
    return "".join(c for c in text.lower() if c.isalnum())


def grams(text: str) -> frozenset[str]:
    text = normal(text)
    return frozenset(text[i:i + 3] for i in range(max(1, len(text) - 2)))


def near_duplicates(utterances: list[Utterance], limit: float = 0.8) -> set[int]:
    """Indices of utterances that repeat an earlier one with the same label (Jaccard of character 3-grams at least `limit`).
    The two lines of a pair are never compared: that they are near to each other, with another label or the same, is their point."""
    index: dict[str, list[int]] = {}
    sets: list[frozenset[str]] = []
    repeated: set[int] = set()
    for at, utterance in enumerate(utterances):
        mine = grams(utterance.text)
        sets.append(mine)
        shared: dict[int, int] = {}
        for gram in mine:
            for other in index.get(gram, ()):
                shared[other] = shared.get(other, 0) + 1
        apart = lambda other: utterances[other].emotion != utterance.emotion or (
            utterance.pair and utterances[other].pair == utterance.pair)
        if any(n / (len(mine) + len(sets[other]) - n) >= limit and not apart(other) for other, n in shared.items()):
            repeated.add(at)
            continue
        for gram in mine:
            index.setdefault(gram, []).append(at)
    return repeated
