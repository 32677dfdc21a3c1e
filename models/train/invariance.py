"""The same words as another hand, another mouth or a recogniser would have left them: what must not move a reading.

Every change keeps the label, and every one is drawn without looking at the label: a mark, a filler or a length that stands as
often with one feeling as with another can predict none.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections import Counter
from functools import lru_cache

FIRST = ("唉 哎 啊 呃 嗯 哦 喂 那 这个 那个 就是 然后 哎呀 诶 噢 额 就是说 那那个 嗯嗯 喂喂 哎那个 呃那个 啊那个 嗯就是 哎就是 "
         "我说 你听我说 是这样").split()
INSIDE = "呃 那个 就是 就是说 嗯 这个 啊 的话 然后".split()
LEAD = ("喂你好 我跟你说 是这样的 那个什么 我想说 你好啊 喂听得见吗 我再说一下 你帮我看看 我这边呢 麻烦你听下 那我说一下 我的意思是 您好我这边 "
        "就这个事 刚才那个 我问一下啊 跟您说一声").split()
MARKS = ["", "", "", "。", "。", "！", "！", "！！", "~", "～", "…", "，", "。。", "！？"]
DIGITS = "零一二三四五六七八九"
SERVICE = re.compile("12315|12300|12381|10086|10010|10000|12345|110")
INNER = re.compile(r"[，。、；：！？,.!?;:~～…]")


def is_mark(c: str) -> bool:
    return unicodedata.category(c)[0] == "P" and c not in "[]_@#"


def bare(text: str) -> str:
    """Without any mark."""
    return "".join(c for c in text if not is_mark(c)) or text


def remarked(text: str, chance: random.Random) -> str:
    """Another final mark; now and then no inner marks either. A question keeps its question mark half of the time."""
    body = text.rstrip("。！？!?.~～…，, ")
    asks = text.rstrip(" ").endswith(("？", "?"))
    if asks and chance.random() < 0.5:
        return text
    if chance.random() < 0.3:
        body = INNER.sub(lambda _: chance.choice(["", " ", "，", "，", "！"]), body)
    return (body or text) + chance.choice(MARKS)


@lru_cache(maxsize=1)
def sounds() -> dict[str, list[str]]:
    """Every common character → others that sound like it, tones aside."""
    from pypinyin import Style, pinyin

    import corpus
    count = Counter(c for contact in corpus.load() for u in contact.utterances for c in u.text if "一" <= c <= "鿿")
    common = [c for c, n in count.items() if n >= 8]
    groups: dict[str, list[str]] = {}
    for c in common:
        groups.setdefault(pinyin(c, style=Style.NORMAL)[0][0], []).append(c)
    return {c: [other for other in group if other != c and other not in KEPT] for group in groups.values() for c in group}


# What carries feeling is neither misheard nor heard by mistake: nobody could hear the label, or everybody another one.
KEPT = set("不没别都又才还老就凭骗坑烦气急怕谢感好坏差烂破滚骂投诉退恶心满意难受哭笑怎么什到底算了吗吧呢")


def misheard(text: str, chance: random.Random) -> str:
    places = [at for at, c in enumerate(text) if sounds().get(c) and c not in KEPT]
    for at in chance.sample(places, min(len(places), 1 + (len(places) > 12))):
        text = text[:at] + chance.choice(sounds()[text[at]]) + text[at + 1:]
    return text


def outside(text: str, at: int) -> bool:
    """Whether a place lies outside the masks of redaction, such as «[电话]»."""
    return text.count("[", 0, at) == text.count("]", 0, at)


def stammered(text: str, chance: random.Random) -> str:
    """A syllable or a word said twice, at the beginning or inside."""
    at = 0 if chance.random() < 0.5 else chance.randrange(max(1, len(text) - 1))
    width = chance.choice([1, 1, 1, 2, 2, 3])
    piece = text[at:at + width]
    if not all("一" <= c <= "鿿" for c in piece) or not outside(text, at):
        return text
    return text[:at] + piece + chance.choice(["", "", "_", "那个"]) + text[at:]


def broken(text: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(text)) if len(text) > 3 else len(text)
    return text[:at] + "_" + text[at:] if at < len(text) and outside(text, at) else text


def filled(text: str, chance: random.Random) -> str:
    if chance.random() < 0.75:
        text = chance.choice(FIRST) + chance.choice(["", "", "", "，", "_"]) + text
    if len(text) > 8 and chance.random() < 0.4:
        at = chance.randrange(3, len(text) - 2)
        if outside(text, at):
            text = text[:at] + chance.choice(INSIDE) + text[at:]
    return text


def renumbered(text: str, chance: random.Random) -> str:
    """Digits as they are spoken, as they are masked, or as they are typed. Numbers of services stay: who is named says something."""
    if SERVICE.search(text):
        return text
    if re.search(r"[0-9]", text):
        if chance.random() < 0.5:
            return re.sub(r"[0-9]", "0", text)
        return re.sub(r"[0-9]", lambda m: DIGITS[int(m[0])], text)
    spoken = re.compile("[零一二三四五六七八九]{3,}")
    return spoken.sub(lambda m: "".join(str(DIGITS.index(c)) for c in m[0]), text)


# In this order: what is misheard, said twice or broken is the word itself, before a filler stands in front of it.
CHANGES = [("numbers", renumbered), ("misheard", misheard), ("stammer", stammered), ("break", broken), ("filler", filled)]


def shaken(text: str, chance: random.Random, how: dict[str, float]) -> str:
    """The text after every change that the dice allow; `how` gives the share of texts for each."""
    draw = lambda name: chance.random() < how.get(name, 0.0)
    if draw("bare"):
        text = bare(text)
    elif draw("marks"):
        text = remarked(text, chance)
    for name, change in CHANGES:
        if draw(name):
            text = change(text, chance)
    if draw("lead"):
        text = chance.choice(LEAD) + chance.choice(["", "", "，", "_"]) + text
    return text
