"""Emotions, valences and voices, in the order in which the heads of the network know them. Standard library only."""

from __future__ import annotations

EMOTIONS = ["happiness", "gratitude", "neutral", "surprise", "sadness", "fear", "anger", "disgust"]
VALENCES = ["negative", "neutral", "positive"]
VOICES = {"customer": 0, "agent": 1, "note": 2, "customer aloud": 3, "agent aloud": 4}
STAFF = {VOICES["agent"], VOICES["agent aloud"]}
UNKNOWN_WHETHER_SPOKEN = {VOICES["customer aloud"]: VOICES["customer"], VOICES["agent aloud"]: VOICES["agent"]}
SPOKEN = {"hotline", "outbound", "hall", "visit"}  # `Channel::is_spoken` of the program


def voice_of(speaker: str, channel: str) -> int:
    """The voice of an utterance, `Voice::of` of the program."""
    return VOICES.get(f"{speaker} aloud" if channel in SPOKEN else speaker, VOICES[speaker])
