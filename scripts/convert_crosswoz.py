#!/usr/bin/env python3
"""Convert CrossWOZ dialogues to tingxin.contact.v1, one JSON object a line.

CrossWOZ (Zhu et al. 2020, Apache-2.0) holds Chinese task dialogues about hotels, restaurants and
sights. They are calm, polite and not about telecom: useful for load and for checking that calm
contacts raise no flags, useless for judging emotion.

    python3 scripts/convert_crosswoz.py val.json.zip > crosswoz.ndjson
    python3 scripts/convert_crosswoz.py train.json.zip test.json | tingxin analyze - --output table

Input: files of the CrossWOZ release, `.json` or `.json.zip`; each is an object from dialogue id to
dialogue. `usr` becomes the customer, `sys` the agent; source `crosswoz`, channel `chat`. What a
dialogue holds beside its turns (goals, states, acts) is left out. Standard library only.

Exit status: 0 done, 1 a file cannot be read or is no CrossWOZ file.
"""

import argparse
import io
import json
import signal
import sys
import zipfile

SPEAKERS = {"usr": "customer", "sys": "agent"}


def dialogues(path):
    """Yield (id, dialogue) of every dialogue in a .json file or in each .json of a .zip."""
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            names = [name for name in archive.namelist() if name.endswith(".json")]
            if not names:
                raise ValueError("the archive holds no .json file")
            for name in names:
                with archive.open(name) as member:
                    yield from json.load(io.TextIOWrapper(member, encoding="utf-8")).items()
    else:
        with open(path, encoding="utf-8") as file:
            yield from json.load(file).items()


def contact(identity, dialogue):
    """Return one contact, or None when the dialogue has no words."""
    turns = [
        {"speaker": SPEAKERS[message["role"]], "text": message["content"]}
        for message in dialogue["messages"]
        if message["content"].strip()
    ]
    if not turns:
        return None
    return {
        "schema": "tingxin.contact.v1",
        "source": "crosswoz",
        "contact_id": str(identity),
        "channel": "chat",
        "utterances": turns,
    }


def main():
    """Convert the files named on the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__.split("\n\n")[0], epilog="See the head of this file for an example."
    )
    parser.add_argument("files", nargs="+", metavar="FILE", help="CrossWOZ .json or .json.zip")
    arguments = parser.parse_args()
    # `| head` closes the pipe early: end quietly, as other filters do.
    if hasattr(signal, "SIGPIPE"):
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    out = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="\n")
    for path in arguments.files:
        try:
            for identity, dialogue in dialogues(path):
                converted = contact(identity, dialogue)
                if converted is not None:
                    out.write(json.dumps(converted, ensure_ascii=False, separators=(",", ":")) + "\n")
        except (OSError, ValueError, KeyError, AttributeError, TypeError) as problem:
            out.flush()
            print(f"{path}: not a CrossWOZ file: {problem!r}", file=sys.stderr)
            return 1
    out.flush()
    return 0


if __name__ == "__main__":
    sys.exit(main())
