"""Labelled texts of every source in one form."""

from __future__ import annotations

import gzip
import json
import random
import sys
import tomllib
import unicodedata
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "corpus"))

import corpus  # noqa: E402
from encoder import EMOTIONS, VALENCES, VOICES  # noqa: E402

UNKNOWN = -1
CPED = {"happy": "happiness", "grateful": "gratitude", "neutral": "neutral", "anger": "anger", "sadness": "sadness",
        "depress": "sadness", "fear": "fear", "worried": "fear", "astonished": "surprise", "disgust": "disgust"}
XED = {"1": "anger", "3": "disgust", "4": "fear", "5": "happiness", "6": "sadness", "7": "surprise"}

EWECT = {"happy": "happiness", "angry": "anger", "sad": "sadness", "fear": "fear", "surprise": "surprise",
         "neutral": "neutral"}


@dataclass(frozen=True)
class Item:
    text: str
    voice: int
    emotion: int = UNKNOWN
    valence: int = UNKNOWN
    abuse: int = UNKNOWN
    weight: float = 1.0


def mix() -> dict:
    return tomllib.loads((HERE / "mix.toml").read_text("utf-8"))


def own(split: str) -> list[Item]:
    """A split of the project's corpus, each text once."""
    chosen = [u for c in corpus.load() if c.split == split for u in c.utterances]
    repeated = corpus.near_duplicates(chosen)
    return [Item(u.text, VOICES[u.speaker], EMOTIONS.index(u.emotion), VALENCES.index(u.valence), int(u.abuse))
            for at, u in enumerate(chosen) if at not in repeated]


def lines(path: Path):
    with gzip.open(path, "rt", encoding="utf-8") as file:
        yield from map(json.loads, file)


def cped(folder: Path) -> list[Item]:
    found = []
    for name in ("cped_test", "cped_valid"):
        for row in lines(folder / f"{name}.jsonl.gz"):
            emotion = CPED.get(row["label"])
            found.append(Item(row["text"], VOICES["customer"], EMOTIONS.index(emotion) if emotion else UNKNOWN,
                              VALENCES.index(row["senti"])))
    return found


def xed(folder: Path) -> list[Item]:
    found = []
    for name in ("xed_cn", "xed_zh"):
        for row in lines(folder / f"{name}.jsonl.gz"):
            if row["label"] in XED:
                emotion = XED[row["label"]]
                valence = UNKNOWN if emotion == "surprise" else VALENCES.index(
                    "positive" if emotion == "happiness" else "negative")
                found.append(Item(row["text"], VOICES["customer"], EMOTIONS.index(emotion), valence))
    return found


def cold(folder: Path) -> list[Item]:
    return [Item(row["text"][:120], VOICES["customer"], abuse=int(row["label"]))
            for row in lines(folder / "cold_train.jsonl.gz")]


def ewect(folder: Path, name: str = "ewect_usual_train") -> list[Item]:
    """SMP2020-EWECT, microblogs with six emotions: no licence for shipped weights, for comparison alone."""
    return [Item(row["text"], VOICES["customer"], EMOTIONS.index(EWECT[row["label"]]))
            for row in lines(folder / f"{name}.jsonl.gz")]


SOURCES = {"cped": cped, "xed": xed, "cold": cold, "ewect": ewect}


def sources(folder: Path, stage: dict) -> dict[str, list[Item]]:
    """Every source of the stage, with the weight of its loss."""
    found = {}
    for name, setting in stage["sources"].items():
        items = own("train") if name == "own" else SOURCES[name](folder)
        found[name] = [Item(i.text, i.voice, i.emotion, i.valence, i.abuse, setting["weight"]) for i in items]
    return found


def epoch(found: dict[str, list[Item]], stage: dict, number: int) -> list[Item]:
    """The texts of one epoch: the same for the same seed and number."""
    settings = mix()
    chance = random.Random(settings["seed"] * 1000 + number)
    drawn: list[Item] = []
    for name, items in found.items():
        take = stage["sources"][name]["take"] or len(items)
        drawn.extend(chance.sample(items, min(take, len(items))))
    share = settings["strip_punctuation"]
    return [without_punctuation(item) if chance.random() < share else item for item in drawn]


def without_punctuation(item: Item) -> Item:
    bare = "".join(c for c in item.text if unicodedata.category(c)[0] != "P" or c in "[]")
    return Item(bare or item.text, item.voice, item.emotion, item.valence, item.abuse, item.weight)


def batches(items: list[Item], tokens: list[list[int]], most: int, chance: random.Random) -> list[list[int]]:
    """Indices grouped by length, each group at most `most` padded tokens, in random order."""
    order = sorted(range(len(items)), key=lambda at: (len(tokens[at]), chance.random()))
    groups: list[list[int]] = [[]]
    for at in order:
        if groups[-1] and (len(groups[-1]) + 1) * len(tokens[at]) > most:
            groups.append([])
        groups[-1].append(at)
    chance.shuffle(groups)
    return groups
