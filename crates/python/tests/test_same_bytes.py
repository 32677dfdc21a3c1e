"""The package and `tingxin analyze` write the same bytes."""

import json
import subprocess

import pytest
import tingxin
from conftest import ROOT

HOTLINE = sorted((ROOT / "samples/hotline").glob("*.json"))
OTHERS = [ROOT / "samples/formats/hotline-morning.csv", ROOT / "samples/formats/hall-counter.txt"]
OTHERS += sorted((ROOT / "samples/notes").glob("*.json"))[:2]


def lines(binary, *arguments):
    ended = subprocess.run([binary, "analyze", "--quiet", *arguments], stdout=subprocess.PIPE, check=True)
    return ended.stdout.splitlines()


def test_every_contact_of_the_hotline_reads_like_the_binary(binary, analyzer):
    expected = lines(binary, *HOTLINE)

    from_texts = analyzer.analyze(path.read_bytes() for path in HOTLINE)
    from_mappings = analyzer.analyze(json.loads(path.read_text("utf-8")) for path in HOTLINE)

    assert len(expected) == len(HOTLINE) > 10
    assert [one.json for one in from_texts] == expected
    assert [one.json for one in from_mappings] == expected


def test_the_other_model_and_several_threads_change_no_byte(binary):
    expected = lines(binary, "--model", "lexicon", *HOTLINE)
    many = 20 * [path.read_bytes() for path in HOTLINE]

    analyses = tingxin.Analyzer(model="lexicon", threads=3).analyze(many)

    assert [one.json for one in analyses] == 20 * expected


@pytest.mark.parametrize("path", OTHERS, ids=lambda path: path.name)
def test_a_file_of_another_form_reads_like_the_binary(binary, analyzer, path):
    read = analyzer.analyze_file(path)

    assert [one.json for one in read.analyses] == lines(binary, path)
    assert read.analyses and not read.refused
