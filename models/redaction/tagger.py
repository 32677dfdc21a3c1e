"""The parts of the trainer of redaction's tagger: lines, traits, the chain, its file."""

import json
import struct
import subprocess
import tempfile
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
KINDS = ["name", "address", "birth_date", "email", "number", "plate"]
KIND_OF = {"wechat": "number", "qq": "number", "account": "number", "code": "number", "phone": "number",
           "id_card": "number", "bank_card": "number"}
PLACEHOLDER = {"name": "[姓名]", "address": "[地址]", "birth_date": "[出生日期]", "email": "[邮箱]",
               "plate": "[车牌]", "phone": "[电话]", "id_card": "[身份证号]", "bank_card": "[银行卡号]"}
# O, then begin, inside, end and single of each kind.
LABELS = ["O"] + [f"{part}-{kind}" for kind in KINDS for part in "BIES"]
# Weights beyond this are cut off, so that the small ones keep their difference.
CLIP = 0.7
MAGIC = b"TXTAG1\0\0"


def load(path):
    lines = []
    for row in Path(path).read_text("utf-8").splitlines():
        row = json.loads(row)
        spans = [(s["start"], s["end"], s["kind"]) for s in row["spans"]]
        lines.append((row["text"], sorted(spans), row.get("group", "")))
    return lines


def contacts(folder=ROOT / "models/corpus/contacts"):
    """Utterances of the project's corpus: nothing in them is personal."""
    texts = []
    for path in sorted(folder.glob("*.txt")):
        for row in path.read_text("utf-8").splitlines():
            cells = row.split(" ", 2)
            if len(cells) == 3 and cells[0] in "CAN":
                texts.append(cells[2])
    return sorted(set(texts))


def bonuses(bias):
    """What each label gains: one number for every kind, or one for all of them."""
    by_kind = bias if isinstance(bias, dict) else dict.fromkeys(KINDS, bias)
    return np.array([0.0] + [by_kind[kind] for kind in KINDS for _ in "BIES"], np.float32)


class Traits:
    """Places, traits and keys of the gate of every character of some texts, and the places that the rules find."""

    def __init__(self, texts, binary, *arguments):
        feed = "".join(json.dumps(text, ensure_ascii=False) + "\n" for text in texts)
        raw = subprocess.run([binary, *arguments], input=feed.encode(), stdout=subprocess.PIPE, check=True).stdout
        raw = np.frombuffer(raw, "<u4")
        self.lines, self.keys, at = [], [], 0
        for _ in texts:
            count, at = int(raw[at]), at + 1
            places, traits, keys = [], [], []
            for _ in range(count):
                start, end, many, few = (int(n) for n in raw[at:at + 4])
                at += 4
                places.append((start, end))
                traits.append(raw[at:at + many])
                keys.append(raw[at + many:at + many + few])
                at += many + few
            found = int(raw[at])
            rules = raw[at + 1:at + 1 + 2 * found].reshape(-1, 2)
            at += 1 + 2 * found
            self.lines.append((places, traits, [(int(a), int(b)) for a, b in rules]))
            self.keys.append(np.array(keys, np.int32))


def labels(places, spans):
    out = [0] * len(places)
    for start, end, kind in spans:
        kind = KIND_OF.get(kind, kind)
        inside = [i for i, (a, b) in enumerate(places) if a < end and b > start]
        base = 1 + 4 * KINDS.index(kind)
        for i in inside:
            out[i] = base + 1
        if len(inside) == 1:
            out[inside[0]] = base + 3
        elif inside:
            out[inside[0]], out[inside[-1]] = base, base + 2
    return out


def allowed():
    """Which label may follow which; the last row is the beginning, the last column the end."""
    n = len(LABELS)
    ok = np.zeros((n + 1, n + 1), bool)
    for a in range(n + 1):
        for b in range(n + 1):
            left = "O" if a == n else LABELS[a]
            right = "O" if b == n else LABELS[b]
            if left[0] in "BI":
                ok[a, b] = right[0] in "IE" and left[2:] == right[2:]
            else:
                ok[a, b] = right[0] in "OBS"
    return ok


class Model:
    """Weights by trait, as numbers of NumPy."""

    def __init__(self, keys, weights, step):
        self.keys, self.weights, self.step = keys, weights, step

    def scores(self, traits):
        out = np.zeros((len(traits), len(LABELS)), np.float32)
        if traits:
            flat = np.concatenate(traits)
            owner = np.repeat(np.arange(len(traits)), [len(row) for row in traits])
            at = np.minimum(np.searchsorted(self.keys, flat), len(self.keys) - 1)
            hit = self.keys[at] == flat
            np.add.at(out, owner[hit], self.weights[at[hit]])
        return out

    def decode(self, scores, bias):
        n = len(LABELS)
        wall = np.where(allowed(), self.step, -1e4)
        scores = scores + bonuses(bias)
        best, back = wall[n, :n] + scores[0], []
        for row in scores[1:]:
            through = best[:, None] + wall[:n, :n]
            back.append(through.argmax(0))
            best = through.max(0) + row
        label = int((best + wall[:n, n]).argmax())
        path = [label]
        for step in reversed(back):
            label = int(step[label])
            path.append(label)
        return path[::-1]

    def spans(self, places, scores, bias):
        out, start = [], 0
        if not places:
            return out
        for i, label in enumerate(self.decode(scores, bias)):
            part = LABELS[label][0]
            if part in "BS":
                start = places[i][0]
            if part in "ES":
                out.append((start, places[i][1], LABELS[label][2:]))
        return out

    def small(self, least):
        """Without the traits that say little: no weight of so many steps."""
        keep = np.rint(np.abs(self.weights).max(1) * 127 / CLIP) >= least
        return Model(self.keys[keep], self.weights[keep], self.step)

    def bytes(self, bias):
        """The file: magic, counts, steps, bonuses, keys, weights of eight bits; all of them whole numbers."""
        scale = CLIP / 127
        weights = np.clip(np.rint(self.weights / scale), -127, 127).astype(np.int8)
        steps = np.where(allowed(), np.rint(self.step / scale), -2**30).astype("<i4")
        head = MAGIC + struct.pack("<II", len(self.keys), len(LABELS))
        bonus = np.rint(bonuses(bias) / scale).astype("<i4")
        return head + steps.tobytes() + bonus.tobytes() + self.keys.astype("<u4").tobytes() + weights.tobytes()


def train(rows, epochs, seed, dropout=0.3, rate=0.25, least=2):
    """`rows`: traits and labels of lines. The work is done by `chain.rs`."""
    rows = [(traits, gold) for traits, gold in rows if gold]
    flat = np.concatenate([t for traits, _ in rows for t in traits])
    lengths = [len(t) for traits, _ in rows for t in traits]
    keys, back, counts = np.unique(flat, return_inverse=True, return_counts=True)
    kept = counts >= least
    index = np.where(kept, np.cumsum(kept) - 1, -1)[back]
    keys = keys[kept]
    n, at, token = len(LABELS), 0, 0
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        with open(folder / "in", "wb") as out:
            head = [n, len(keys), len(rows), *allowed().astype(int).ravel()]
            out.write(np.array(head, "<u4").tobytes())
            for traits, gold in rows:
                line = [np.array([len(traits)])]
                for label in gold:
                    own = index[at:at + lengths[token]]
                    at, token = at + lengths[token], token + 1
                    own = own[own >= 0]
                    line += [np.array([label, len(own)]), own]
                out.write(np.concatenate(line).astype("<u4").tobytes())
        del flat, back, index
        binary = folder / "chain"
        subprocess.run(["rustc", "--edition", "2024", "-O", "-o", binary, HERE / "chain.rs"], check=True)
        subprocess.run([str(a) for a in (binary, folder / "in", folder / "out", epochs, rate, dropout, seed)],
                       check=True)
        out = np.fromfile(folder / "out", "<f4")
    size = len(keys) * n
    return Model(keys, out[:size].reshape(-1, n), out[size:].reshape(n + 1, n + 1))
