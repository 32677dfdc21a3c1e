#!/usr/bin/env python3
"""Utterances a second of the product's engine beside ONNX Runtime on the same weights and BERT-base, on two cores.

    cargo build --release && pip install -r models/train/speed.txt
    python3 models/corpus/labelled.py test > test.ndjson
    python3 models/train/speed.py --binary target/release/tingxin test.ndjson
    python3 models/train/speed.py --binary target/release/tingxin --traffic 10000

The second reads the corpus as traffic: so many contacts drawn from it, every tenth utterance with one character exchanged. There
the product runs as a whole, from file to flags, with its cache; ONNX Runtime computes forward passes of a sample of the
same utterances, without one.

Every row may use two cores: two processes of one thread each, or one process of two threads. The rows take turns; the best
of the rounds counts. The product's first row has tokenising and evidence in it; the others get finished token numbers
and compute the forward pass alone. BERT-base has random weights, which cost the same as trained ones, and one token a
character. The product computes in fp32; int8 is dynamic quantisation of the same weights, and its scores differ with the
batch. The last lines say what the machine can do at all: matrix products of 1,024 × 1,024 by torch, and the operations an
utterance needs.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import random
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any
from unittest import mock

import numpy as np

from encoder import PAD
from labels import VOICES

MODELS = Path(__file__).resolve().parents[1]
sys.path += [str(MODELS / "corpus"), str(MODELS.parent / "scripts")]
CORES = 2
BATCH = 32
BERT_BASE = {"num_hidden_layers": 12, "hidden_size": 768, "intermediate_size": 3072}

Sequence = tuple[list[int], int]  # token numbers and voice


def sequences(rows: list[dict], folder: Path, longest: int) -> list[Sequence]:
    from tokenizers import Tokenizer
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(longest)
    coded = tokenizer.encode_batch([row["text"] for row in rows])
    return [(one.ids, VOICES[row.get("speaker", "customer")]) for one, row in zip(coded, rows)]


def export(folder: Path, config: dict, out: Path) -> None:
    """Our weights as two ONNX files, fp32 and dynamically quantised int8, both with ONNX Runtime's own fusions."""
    import onnx as onnx_format
    import onnxruntime
    import torch
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from onnxruntime.transformers.optimizer import optimize_model
    from safetensors.torch import load_file

    from encoder import Encoder, names

    layers = config["num_hidden_layers"]
    model = Encoder(layers, config["vocab_size"], config["hidden_size"], config["num_attention_heads"],
                    config["intermediate_size"], config["max_position_embeddings"]).eval()
    tensors = load_file(folder / "model.safetensors")
    model.load_state_dict({ours: tensors[theirs].float() for ours, theirs in names(layers).items()})
    example = (torch.randint(5, 1000, (2, 7)), torch.zeros(2, dtype=torch.long))
    # A dropout of zero still becomes a node that costs time, and would make the comparison unfair.
    with mock.patch.object(torch.nn.functional, "dropout", lambda x, *_, **__: x):
        torch.onnx.export(model, example, str(out / "plain.onnx"), input_names=["ids", "voices"],
                          output_names=["emotions", "valences", "abuse"], opset_version=17,
                          dynamic_axes={"ids": {0: "batch", 1: "length"}, "voices": {0: "batch"}})
    fused = optimize_model(str(out / "plain.onnx"), model_type="bert", num_heads=config["num_attention_heads"],
                           hidden_size=config["hidden_size"])
    fused.save_model_to_file(str(out / "fp32.onnx"))
    quantize_dynamic(str(out / "fp32.onnx"), str(out / "int8.onnx"), weight_type=QuantType.QInt8,
                     extra_options={"DefaultTensorType": onnx_format.TensorProto.FLOAT})
    session = onnxruntime.InferenceSession(str(out / "fp32.onnx"), providers=["CPUExecutionProvider"])
    found = session.run(None, {"ids": example[0].numpy(), "voices": example[1].numpy()})[0]
    with torch.inference_mode():
        apart = np.abs(found - model(*example)[0].numpy()).max()
    if apart > 1e-3:
        raise SystemExit(f"the exported network is another one: its logits differ by {apart:.4f}")


def batches(texts: list[Sequence], size: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Padded batches of texts of about one length; of size 1 there is nothing to pad."""
    texts = sorted(texts, key=lambda text: len(text[0]))
    made = []
    for at in range(0, len(texts), size):
        part = texts[at:at + size]
        ids = np.full((len(part), max(len(text[0]) for text in part)), PAD, dtype=np.int64)
        for row, (numbers, _) in zip(ids, part):
            row[:len(numbers)] = numbers
        made.append((ids, np.array([voice for _, voice in part], dtype=np.int64)))
    return made


class Session:
    """What one of the two processes keeps; set by `Session.start` when the process begins."""

    barrier: Any
    run: Callable

    @classmethod
    def start(cls, path: str, barrier) -> None:
        import onnxruntime
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
        cls.barrier, cls.run = barrier, lambda ids, voices: session.run(None, {"ids": ids, "voices": voices})

    @classmethod
    def work(cls, mine: list[tuple[np.ndarray, np.ndarray]]) -> tuple[float, float]:
        cls.run(*mine[0])
        # Both at once, and never both pieces of work in one process.
        cls.barrier.wait()
        began = time.monotonic()
        for ids, voices in mine:
            cls.run(ids, voices)
        # CLOCK_MONOTONIC is one clock for all processes.
        return began, time.monotonic()


def onnx(path: Path, texts: list[Sequence], size: int) -> Callable[[], float]:
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(CORES, context, Session.start, (str(path), context.Barrier(CORES)))
    shares = [batches(texts, size)[at::CORES] for at in range(CORES)]

    def rate() -> float:
        times = list(pool.map(Session.work, shares))
        return len(texts) / (max(end for _, end in times) - min(began for began, _ in times))

    return rate


def bert_base(texts: list[str]) -> Callable[[], float]:
    import torch
    from transformers import BertConfig, BertModel
    torch.manual_seed(1)
    config = BertConfig(**BERT_BASE, vocab_size=21128)
    model = BertModel(config).eval()
    chance = np.random.default_rng(1)
    coded = [(chance.integers(1000, 20000, min(len(text), 510) + 2).tolist(), 0) for text in texts]
    made = [torch.from_numpy(ids) for ids, _ in batches(coded, BATCH)]

    def rate() -> float:
        torch.set_num_threads(CORES)
        with torch.inference_mode():
            began = time.monotonic()
            for ids in made:
                model(ids, attention_mask=(ids != PAD).long())
            return len(texts) / (time.monotonic() - began)

    return rate


def product(binary: Path, model: str, rows: list[dict], work: Path) -> Callable[[], float]:
    """Two processes of `tingxin evaluate` with the cache off, each on every other row, each timing itself."""
    parts = [work / f"{model}-{at}.ndjson" for at in range(CORES)]
    for at, part in enumerate(parts):
        part.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows[at::CORES]), "utf-8")

    def rate() -> float:
        command: list[str | Path] = [binary, "evaluate", "--model", model, "--no-control", "--output", "json"]
        running = [subprocess.Popen([*command, part], stdout=subprocess.PIPE) for part in parts]
        answers = [process.communicate()[0] for process in running]
        if any(process.returncode for process in running):
            raise SystemExit(f"{binary} evaluate failed; its complaints stand above")
        return sum(json.loads(answer)["models"][0]["utterances_per_second"] for answer in answers)

    return rate


def forward(rows: list[dict], work: Path) -> Callable[[], float]:
    """The embedded engine alone, two threads, as a bench of the crate: finished token numbers in, probabilities out."""
    file = work / "rows.ndjson"
    file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")

    def rate() -> float:
        command = ["cargo", "bench", "--quiet", "--bench", "engine", "--", str(file)]
        answer = subprocess.run(command, stdout=subprocess.PIPE, check=True, cwd=MODELS.parent).stdout
        return json.loads(answer.splitlines()[-1])["utterances_per_second"]

    return rate


def traffic(count: int, work: Path) -> tuple[Path, list[dict], float]:
    """The corpus as traffic: a file of contacts, their utterances, and the share of them that was said before."""
    import bench_table
    import corpus
    spoken = [{"schema": "tingxin.contact.v1", "channel": one.channel, "utterances": [
        {"speaker": said.speaker, "text": said.text} for said in one.utterances]}
        for one in corpus.load() if not one.is_note]
    file = work / "traffic.ndjson"
    texts = bench_table.write_file(file, count, spoken)
    return file, [{"speaker": speaker, "text": text} for speaker, text in texts], bench_table.repeated(texts)


def whole(binary: Path, model: str, file: Path, utterances: int) -> Callable[[], float]:
    """The whole program on a file of contacts: redaction, segmentation, cache, scores, evidence, signals, flags."""
    import bench_table

    def rate() -> float:
        return utterances / bench_table.analyze(binary, file, CORES, model)[0]

    return rate


def sgemm() -> Callable[[], float]:
    import torch
    a, b = torch.randn(1024, 1024), torch.randn(1024, 1024)

    def rate() -> float:
        torch.set_num_threads(CORES)
        a @ b
        began = time.monotonic()
        for _ in range(20):
            a @ b
        return 20 * 2 * 1024**3 / (time.monotonic() - began) / 1e9

    return rate


def operations(lengths: list[int], config: dict) -> float:
    """Floating-point operations of an utterance: linear layers, and attention with the square of the length."""
    width, inner = config["hidden_size"], config["intermediate_size"]
    each = [config["num_hidden_layers"] * (2 * n * (4 * width**2 + 2 * width * inner) + 4 * n**2 * width) for n in lengths]
    return sum(each) / len(each)


def network(options: argparse.Namespace, work: Path) -> tuple[Path, dict]:
    folder = MODELS / options.model
    config = json.loads((folder / "config.json").read_text("utf-8"))
    export(folder, config, work)
    return folder, config


def best_of(rounds: int, cases: dict[str, Callable[[], float]]) -> dict[str, float]:
    """The cases take turns, so that a slow minute of the machine is nobody's."""
    best: dict[str, float] = {}
    for _ in range(rounds):
        for name, rate in cases.items():
            best[name] = max(best.get(name, 0.0), rate())
    return best


def beside_traffic(binary: Path, options: argparse.Namespace, work: Path) -> None:
    folder, config = network(options, work)
    file, rows, repeated = traffic(options.traffic, work)
    sample = random.Random(1).sample(rows, min(len(rows), options.limit or 4_000))
    coded = sequences(sample, folder, config["tingxin"]["longest"])
    best = best_of(options.rounds, {
        f"tingxin, whole program with cache, {options.model}, 2 threads": whole(binary, options.model, file, len(rows)),
        "ONNX Runtime, int8, 2 processes, forward pass": onnx(work / "int8.onnx", coded, BATCH),
        "ONNX Runtime, fp32, 2 processes, forward pass": onnx(work / "fp32.onnx", coded, BATCH)})
    int8 = next(rate for name, rate in best.items() if "int8" in name)
    print("| engine | utterances/s | int8's rate |\n|---|---|---|")
    for name, rate in best.items():
        print(f"| {name} | {rate:,.0f} | {rate / int8:.2f} × |")
    print(f"\n{options.traffic} contacts with {len(rows):,} utterances, of which {repeated:.1%} were said before and are "
          f"answered by the cache; the model reads {1 - repeated:.1%}. ONNX Runtime has no cache and computes forward passes alone, "
          f"of a sample of {len(sample):,}.")


def beside_engines(binary: Path, options: argparse.Namespace, work: Path) -> None:
    rows = [json.loads(line) for line in options.file.read_text("utf-8").splitlines() if line.strip()][:options.limit]
    folder, config = network(options, work)
    coded = sequences(rows, folder, config["tingxin"]["longest"])
    texts = [row["text"] for row in rows]
    cases = {f"tingxin, {options.model}, fp32, 2 processes, evidence and all": product(binary, options.model, rows, work),
             "tingxin, forward pass alone, fp32, 2 threads": forward(rows, work)}
    for kind in ("fp32", "int8"):
        for size, how in ((1, "one by one, unpadded"), (BATCH, f"batches of {BATCH} by length")):
            cases[f"ONNX Runtime, same weights, {kind}, 2 processes, {how}"] = onnx(work / f"{kind}.onnx", coded, size)
    cases[f"torch, BERT-base, fp32, 2 threads, batches of {BATCH} by length"] = bert_base(texts)
    best = best_of(options.rounds, cases | {"sgemm": sgemm()})
    ours = operations([len(ids) for ids, _ in coded], config)
    base = operations([min(len(text), 510) + 2 for text in texts], BERT_BASE)
    peak = best.pop("sgemm")
    print("| engine | utterances/s | GFLOP/s | share of the limit |\n|---|---|---|---|")
    for name, rate in best.items():
        done = rate * (base if "BERT-base" in name else ours) / 1e9
        # The limit is one of fp32.
        share = "–" if "int8" in name else f"{done / peak:.0%}"
        print(f"| {name} | {rate:,.0f} | {done:.1f} | {share} |")
    print(f"\n{len(rows)} utterances, best of {options.rounds} rounds. torch SGEMM, {CORES} threads: {peak:.0f} GFLOP/s. An "
          f"utterance: {ours / 1e6:.0f} MFLOP, with BERT-base {base / 1e6:.0f} MFLOP")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--binary", type=Path, required=True, help="the product: target/release/tingxin")
    arguments.add_argument("--model", default="tingxin-emotion", help="an encoder of models/manifest.toml")
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--limit", type=int, help="only so many utterances of the file")
    what = arguments.add_mutually_exclusive_group(required=True)
    what.add_argument("--traffic", type=int, metavar="CONTACTS", help="the corpus as traffic, so many contacts of it")
    what.add_argument("file", type=Path, nargs="?", help="labelled utterances")
    options = arguments.parse_args()
    known = {model["name"]: model["kind"] for model in tomllib.loads((MODELS / "manifest.toml").read_text("utf-8"))["model"]}
    if known.get(options.model) != "encoder":
        arguments.error(f"{options.model} is no encoder of models/manifest.toml")
    binary = options.binary.resolve()
    with tempfile.TemporaryDirectory() as place:
        if options.traffic:
            beside_traffic(binary, options, Path(place))
        else:
            beside_engines(binary, options, Path(place))


if __name__ == "__main__":
    main()
