"""A service of its own for the probes of this folder: it starts, is asked, and goes away."""

from __future__ import annotations

import http.client
import json
import os
import re
import subprocess
import tempfile
import urllib.parse
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

JSON = {"content-type": "application/json"}
FORM = {"content-type": "application/x-www-form-urlencoded", "sec-fetch-site": "same-origin"}
PASSWORD = "五月的风一直很大"


class Answer(NamedTuple):
    """What came back."""

    status: int
    body: bytes
    cookie: str


class Service(NamedTuple):
    """A running service and its set-up link, which works once."""

    host: str
    setup: str
    process: subprocess.Popen[str]


def contact(number: int | str, words: str = "我家宽带又断了，这都第三次了！") -> dict[str, object]:
    """A contact of the hotline with one angry turn."""
    return {
        "source": "probe",
        "contact_id": f"P-{number}",
        "channel": "hotline",
        "utterances": [
            {"speaker": "agent", "text": "您好，很高兴为您服务。"},
            {"speaker": "customer", "text": words},
        ],
    }


def ask(
    host: str,
    method: str,
    path: str,
    body: object = None,
    headers: dict[str, str] | None = None,
    connection: http.client.HTTPConnection | None = None,
) -> Answer:
    """One request; forms as pairs, everything else as JSON."""
    sent = dict(headers or {})
    text = None
    if isinstance(body, dict) and sent.get("content-type") == FORM["content-type"]:
        text = urllib.parse.urlencode(body).encode()
    elif body is not None:
        text, sent = json.dumps(body).encode(), JSON | sent
    own = connection or http.client.HTTPConnection(host, timeout=30)
    own.request(method, path, text, sent)
    answer = own.getresponse()
    found = Answer(answer.status, answer.read(), (answer.getheader("set-cookie") or "").split(";")[0])
    if connection is None:
        own.close()
    return found


def command(binary: Path, url: str, key_file: Path, *words: str, typed: str | None = None) -> str:
    """The output of a command on this database, which reads what is typed."""
    line = [str(binary), *words, "--database-url", url]
    environment = os.environ | {"TINGXIN_KEY_FILE": str(key_file)}
    done = subprocess.run(line, env=environment, check=True, capture_output=True, text=True, input=typed)
    return done.stdout.strip()


@contextmanager
def serve(binary: Path, url: str, key_file: Path, **settings: object) -> Iterator[Service]:
    """Runs the service with these settings until the block ends."""
    environment = os.environ | {f"TINGXIN_{name}": str(value) for name, value in settings.items()}
    environment |= {"TINGXIN_KEY_FILE": str(key_file), "TINGXIN_LOG": "error"}
    line = [str(binary), "serve", "--listen", "127.0.0.1:0", "--database-url", url]
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(line, env=environment, stdout=subprocess.PIPE, stderr=log, text=True)
        assert process.stdout is not None
        try:
            host = process.stdout.readline().split("http://")[-1].strip()
            found = re.search(r"/setup/\S+", process.stdout.readline())
            assert found, "the database must be new: it has accounts already"
            yield Service(host, found.group(), process)
        finally:
            process.terminate()
            process.wait(timeout=40)


def log_in(service: Service, name: str) -> str:
    """The cookie of a session."""
    answer = ask(service.host, "POST", "/login", {"name": name, "password": PASSWORD}, FORM)
    assert answer.status == 303, answer
    return answer.cookie


def set_up(service: Service, name: str = "probe") -> str:
    """Makes the first account; the cookie of its session."""
    form = {"name": name, "password": PASSWORD}
    answer = ask(service.host, "POST", service.setup, form, FORM)
    assert answer.status == 303, answer
    return answer.cookie
