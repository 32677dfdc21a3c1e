"""Read by mypy: the package is typed for its callers."""

import tingxin

contact: tingxin.Contact = {"source": "a", "contact_id": "1", "channel": "chat", "note": {"text": "客户很满意"}}
analyses: list[tingxin.Analysis] = tingxin.Analyzer("lexicon", threads=2).analyze([contact])
valences: list[float | None] = [turn.valence for analysis in analyses for turn in analysis.utterances]
names: list[str] = [str(column) for column in tingxin.to_frame(analyses, "flags").columns]
