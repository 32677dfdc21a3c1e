"""What a caller of the package sees."""

import json
import subprocess
import sys
import threading

import pandas
import pytest
import tingxin

CONTACT: tingxin.Contact = {
    "source": "hotline",
    "contact_id": "H-1",
    "channel": "hotline",
    "utterances": [
        {"speaker": "agent", "text": "您好，很高兴为您服务。"},
        {"speaker": "customer", "text": "你们到底有没有人在管这个事，气死我了！我电话13800138000。"},
    ],
}
NOTE: tingxin.Contact = {
    "source": "visits",
    "contact_id": "N-1",
    "channel": "visit",
    "note": {"text": "客户情绪激动，要求退费。"},
}


def test_an_angry_customer_is_read_and_personal_data_is_gone(analyzer):
    [analysis] = analyzer.analyze([CONTACT])

    turn = analysis.utterances[1]
    assert (turn.speaker, turn.emotion) == ("customer", "anger")
    assert turn.valence is not None and turn.valence < -0.3
    assert sum(turn.emotions.values()) == pytest.approx(1, abs=1e-4)
    assert "13800138000" not in analysis.json.decode() and "[电话]" in turn.text
    assert [one.kind for one in analysis.redactions] == ["phone"]
    assert analysis.engine == analyzer.engine and analysis.engine.model.startswith("tingxin-emotion")


def test_the_module_reads_with_the_default_model():
    assert tingxin.analyze([CONTACT, NOTE])[1].reported[0].about == "customer"
    assert tingxin.analyze([]) == []


def test_a_refused_contact_says_which_and_why_and_never_what_it_said(analyzer):
    broken = {**CONTACT, "channel": "fax", "utterances": [{"speaker": "customer", "text": "秘密"}]}

    with pytest.raises(tingxin.RefusedContact) as caught:
        analyzer.analyze([CONTACT, broken])
    kept = analyzer.analyze([CONTACT, broken, "{", NOTE], refused="skip")

    assert (caught.value.refusal.index, caught.value.refusal.field) == (1, "/channel")
    assert "秘密" not in str(caught.value)
    assert [one.contact_id for one in kept] == ["H-1", "N-1"]


def test_wrong_use_is_answered_with_a_sentence(analyzer, tmp_path):
    with pytest.raises(ValueError, match="there is no model `bert-9000`"):
        tingxin.Analyzer("bert-9000")
    with pytest.raises(ValueError, match="threads must be 1 to 256"):
        tingxin.Analyzer("lexicon", threads=0)
    with pytest.raises(TypeError, match="give a list of contacts"):
        analyzer.analyze(CONTACT)
    with pytest.raises(OSError, match="nowhere.csv"):
        analyzer.analyze_file(tmp_path / "nowhere.csv")
    with pytest.raises(ValueError, match="no channel `fax`"):
        analyzer.analyze_file(__file__, channel="fax")


def test_a_file_tells_what_it_refused(analyzer, tmp_path):
    path = tmp_path / "mixed.ndjson"
    path.write_text(f"{json.dumps(CONTACT)}\n{{}}\n{json.dumps(NOTE)}\n", "utf-8")

    read = analyzer.analyze_file(path)

    assert [one.contact_id for one in read.analyses] == ["H-1", "N-1"]
    [refusal] = read.refused
    assert (refusal.index, refusal.line, refusal.file) == (1, 2, str(path))


def test_other_threads_run_while_it_scores(analyzer):
    contacts = [{**CONTACT, "contact_id": f"H-{n}", "utterances": [
        {"speaker": "customer", "text": f"第{n}次打电话了，还是没人管"}]} for n in range(400)]
    ended = threading.Event()
    rounds = 0

    def score():
        analyzer.analyze(contacts)
        ended.set()

    worker = threading.Thread(target=score)
    worker.start()
    while not ended.wait(0.001):
        rounds += 1
    worker.join()

    # With the lock held all the time there would be none or one.
    assert rounds >= 5


def test_frames_have_a_row_for_each_thing_and_keep_their_columns(analyzer):
    analyses = analyzer.analyze([CONTACT, NOTE])

    contacts = tingxin.to_frame(analyses)
    turns = tingxin.to_frame(analyses, "utterances")

    assert list(contacts["contact_id"]) == ["H-1", "N-1"] and list(contacts["redactions"]) == [1, 0]
    assert list(turns["emotion"]) == ["neutral", "anger"]
    for rows in ("contacts", "utterances", "reported", "signals", "flags"):
        filled, empty = tingxin.to_frame(analyses, rows), tingxin.to_frame([], rows)
        assert isinstance(filled, pandas.DataFrame) and list(filled.columns) == list(empty.columns)
        assert list(filled.columns[:3]) == ["source", "contact_id", "revision"]
    with pytest.raises(ValueError, match="rows must be one of contacts, utterances"):
        tingxin.to_frame(analyses, "words")


def test_pandas_is_asked_for_only_by_frames():
    code = "import sys, tingxin; assert 'pandas' not in sys.modules and 'numpy' not in sys.modules"

    subprocess.run([sys.executable, "-c", code], check=True)


def test_an_analysis_that_was_written_is_read_again(analyzer):
    [analysis] = analyzer.analyze([CONTACT])

    assert tingxin.Analysis.from_json(analysis.json + b"\n") == analysis
    with pytest.raises(ValueError, match="no analysis"):
        tingxin.Analysis.from_json(b'{"schema": "tingxin.contact.v1"}')
