#!/usr/bin/env python3
"""Calibrates a trained encoder on the dev split and writes the files that the product loads.

    export.py --base base-encoder --weights work/student work/fair work/fair --out models/tingxin-emotion

Writes `model.safetensors` (fp16, Hugging Face's names), `config.json` (with temperatures) and `tokenizer.json`, prints the
checksums for models/manifest.toml, and `parity.ndjson`: sentences with this program's own probabilities, against which the
product's engines are tested.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import save_file
from sklearn.metrics import f1_score
from tokenizers import Tokenizer

import data
from encoder import Encoder, names
from labels import EMOTIONS, UNKNOWN_WHETHER_SPOKEN, VOICES
from train import LONGEST, load, predict

CLASS = [2, 2, 1, 1, 0, 0, 0, 0]  # valence of every emotion: negative, neutral, positive
GRID = [x / 20 for x in range(10, 61)]


# How much a dev line counts when temperatures are fitted: most of what the product reads is recognised speech, and the first half of
# the corpus over-represents feeling.
COUNTS = {"recognised speech": 1.0, "posts and chats": 1.0, "notes": 1.0}
OTHERWISE = 0.3


def temperature(logits: torch.Tensor, labels: torch.Tensor, counts: torch.Tensor) -> float:
    """The temperature under which the labels are most probable."""
    if len(labels) < 30:
        return 1.0
    return min(GRID, key=lambda t: (F.cross_entropy(logits / t, labels, reduction="none") * counts).sum().item())


def combined(e: torch.Tensor, v: torch.Tensor, share: float) -> torch.Tensor:
    """Emotions shifted so that their sums agree with the valences by `share`; the product does the same."""
    sums = torch.zeros_like(v).index_add(1, torch.tensor(CLASS), e)
    return F.normalize(e * (v / sums.clamp(min=1e-6))[:, CLASS] ** share, p=1, dim=1)


def averaged(models: list[Encoder]) -> Encoder:
    """The mean of all parameters: of a model and its descendants it is better than either."""
    states = [model.state_dict() for model in models]
    models[0].load_state_dict({name: sum(state[name] for state in states) / len(states) for name in states[0]})
    return models[0]


def cooled(logits: torch.Tensor, voice: torch.Tensor, temperatures: list[float]) -> torch.Tensor:
    """Probabilities under the temperature of every row's voice."""
    return F.softmax(logits / torch.tensor(temperatures)[voice][:, None], 1)


def calibration_error(p: torch.Tensor, labels: torch.Tensor, bins: int = 15) -> float:
    sure, guess = p.max(1)
    right = (guess == labels).float()
    at = (sure * bins).long().clamp(max=bins - 1)
    return sum(abs(right[at == b].mean() - sure[at == b].mean()).item() * (at == b).float().mean().item()
               for b in range(bins) if (at == b).any())


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--base", type=Path, required=True)
    arguments.add_argument("--weights", type=Path, required=True, nargs="+", help="several are averaged")
    arguments.add_argument("--out", type=Path, required=True)
    options = arguments.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    tokenizer = Tokenizer.from_file(str(options.base / "tokenizer.json"))
    model = averaged([load(folder) for folder in options.weights]).eval()
    with torch.no_grad():
        # What is shipped is what is calibrated: half precision first.
        for p in model.parameters():
            p.copy_(p.half().float())
    dev = data.own("dev")
    # Every line that may be spoken counts twice: as the product reads it, and as it reads lines of unknown origin.
    dev += [data.unheard(item) for item in dev if item.voice in UNKNOWN_WHETHER_SPOKEN]
    e, v, a = predict(model, tokenizer, dev)
    voice = torch.tensor([i.voice for i in dev])
    emotion, valence = torch.tensor([i.emotion for i in dev]), torch.tensor([i.valence for i in dev])
    abuse = torch.tensor([float(i.abuse) for i in dev])
    counts = torch.tensor([COUNTS.get(i.register, OTHERWISE) for i in dev])
    warm: dict[str, list[float]] = {"emotion": [], "valence": []}
    for number in VOICES.values():
        mine = voice == number
        warm["emotion"].append(temperature(e[mine], emotion[mine], counts[mine]))
        warm["valence"].append(temperature(v[mine], valence[mine], counts[mine]))
    pe, pv = cooled(e, voice, warm["emotion"]), cooled(v, voice, warm["valence"])

    def quality(share: float) -> float:
        top = combined(pe, pv, share).argmax(1)
        return (f1_score(emotion, top, average="macro")
                + f1_score(valence, torch.tensor(CLASS)[top], average="macro"))

    share = max([0.0, 0.25, 0.5, 0.75, 1.0], key=quality)
    cool = min(GRID, key=lambda t: F.binary_cross_entropy_with_logits(a / t, abuse).item())
    p = combined(pe, pv, share)
    print(f"dev: 8 emotions {f1_score(emotion, p.argmax(1), average='macro'):.4f}, "
          f"3 valences {f1_score(valence, torch.tensor(CLASS)[p.argmax(1)], average='macro'):.4f}, "
          f"calibration error {calibration_error(p, emotion):.4f}, share {share}, temperatures {warm}, abuse {cool}")

    table = names(len(model.layers))
    state = {table[name]: value.half().contiguous() for name, value in model.state_dict().items()}
    save_file(state, str(options.out / "model.safetensors"), metadata={"format": "pt"})
    config = json.loads((options.base / "config.json").read_text("utf-8"))
    config |= {"architectures": ["BertForSequenceClassification"], "num_hidden_layers": len(model.layers),
               "type_vocab_size": len(VOICES), "torch_dtype": "float16",
               "tingxin": {"longest": LONGEST, "emotion_temperature": warm["emotion"],
                           "valence_temperature": warm["valence"], "valence_share": share, "abuse_temperature": cool}}
    (options.out / "config.json").write_text(json.dumps(config, indent=1) + "\n", "utf-8")
    shutil.copy(options.base / "tokenizer.json", options.out / "tokenizer.json")
    voices = {number: name.split() for name, number in VOICES.items()}
    with (options.out / "parity.ndjson").open("w", encoding="utf-8") as out:
        chosen = [at for at in range(0, len(dev), max(1, len(dev) // 200)) if len(dev[at].text) < 60]
        for at in chosen:
            speaker, *aloud = voices[dev[at].voice]
            row = {"text": dev[at].text, "speaker": speaker, "channel": "hotline" if aloud else "chat",
                   "emotions": {name: round(x, 6) for name, x in zip(EMOTIONS, p[at].tolist())},
                   "abuse": round(torch.sigmoid(a[at] / cool).item(), 6)}
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
    for name in ("config.json", "tokenizer.json", "model.safetensors"):
        path = options.out / name
        print(f'    {{ path = "{options.out.name}/{name}", sha256 = "{hashlib.sha256(path.read_bytes()).hexdigest()}" }},')


if __name__ == "__main__":
    main()
