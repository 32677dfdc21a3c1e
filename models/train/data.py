"""Labelled texts of every source in one form."""

from __future__ import annotations

import gzip
import json
import random
import re
import sys
import tomllib
import zipfile
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "corpus"))

import corpus  # noqa: E402
import invariance  # noqa: E402
from labels import EMOTIONS, UNKNOWN_WHETHER_SPOKEN, VALENCES, VOICES, voice_of  # noqa: E402

UNKNOWN = -1
CPED = {"happy": "happiness", "grateful": "gratitude", "neutral": "neutral", "anger": "anger", "sadness": "sadness",
        "depress": "sadness", "fear": "fear", "worried": "fear", "astonished": "surprise", "disgust": "disgust"}
XED = {"1": "anger", "3": "disgust", "4": "fear", "5": "happiness", "6": "sadness", "7": "surprise"}

EWECT = {"happy": "happiness", "angry": "anger", "sad": "sadness", "fear": "fear", "surprise": "surprise",
         "neutral": "neutral"}


@lru_cache(maxsize=1)
def converter():
    from opencc import OpenCC
    return OpenCC("t2s")


def simplified(text: str) -> str:
    """The text in Simplified characters, as the product hands it to the model: one for each, so that no place moves."""
    if text.isascii():
        return text
    copy = converter().convert(text)
    return copy if len(copy) == len(text) else "".join(one if len(one := converter().convert(c)) == 1 else c for c in text)


@dataclass(frozen=True)
class Item:
    text: str
    voice: int
    emotion: int = UNKNOWN
    valence: int = UNKNOWN
    abuse: int = UNKNOWN
    weight: float = 1.0
    register: str = ""
    plain: str = ""  # as it was before `exchanged` or `shaken`

    @property
    def asked(self) -> str:
        """What the teacher is asked about: who speaks must not matter, so it never sees the exchange."""
        return self.plain or self.text


def mix() -> dict:
    return tomllib.loads((HERE / "mix.toml").read_text("utf-8"))


def own(split: str) -> list[Item]:
    """A split of the project's corpus, each text once."""
    chosen = [(c, u) for c in corpus.load() if c.split == split for u in c.utterances]
    repeated = corpus.near_duplicates([u for _, u in chosen])
    return [Item(u.text, voice_of(u.speaker, c.channel), EMOTIONS.index(u.emotion), VALENCES.index(u.valence), int(u.abuse), register=c.register)
            for at, (c, u) in enumerate(chosen) if at not in repeated]


def unheard(item: Item) -> Item:
    """The same words where nobody knows whether they were spoken."""
    return replace(item, voice=UNKNOWN_WHETHER_SPOKEN.get(item.voice, item.voice))


def known_to_be_spoken(item: Item, chance: random.Random, shares: dict[str, float]) -> Item:
    """What is known to be spoken has feeling as rarely as real calls: the written drama of other registers seldom stands there."""
    share = shares["recognised"] if item.register == "recognised speech" else shares["otherwise"]
    return item if chance.random() < share else unheard(item)


def lines(path: Path):
    with gzip.open(path, "rt", encoding="utf-8") as file:
        yield from map(json.loads, file)


def cped(folder: Path) -> list[Item]:
    found = []
    for name in ("cped_test", "cped_valid"):
        for row in lines(folder / f"{name}.jsonl.gz"):
            emotion = CPED.get(row["label"])
            found.append(Item(row["text"], VOICES["customer"], EMOTIONS.index(emotion) if emotion else UNKNOWN,
                              VALENCES.index(row["senti"])))
    return found


def xed(folder: Path) -> list[Item]:
    found = []
    for name in ("xed_cn", "xed_zh"):
        for row in lines(folder / f"{name}.jsonl.gz"):
            if row["label"] in XED:
                emotion = XED[row["label"]]
                valence = UNKNOWN if emotion == "surprise" else VALENCES.index(
                    "positive" if emotion == "happiness" else "negative")
                found.append(Item(row["text"], VOICES["customer"], EMOTIONS.index(emotion), valence))
    return found


def cold(folder: Path) -> list[Item]:
    return [Item(row["text"][:120], VOICES["customer"], abuse=int(row["label"]))
            for row in lines(folder / "cold_train.jsonl.gz")]


WARM = re.compile("谢|哈|棒|赞|太好|喜欢|开心|期待|不错|满意|完美|遗憾|可惜|失望")


def crosswoz(folder: Path) -> list[Item]:
    """Questions and answers about a town, typed by people who were asked to: calm talk but for its thanks and wishes, which are left out."""
    with zipfile.ZipFile(folder / "crosswoz_val.json.zip") as archive:
        dialogues = json.loads(archive.read(archive.namelist()[0]))
    said = {(message["content"], message["role"]) for one in dialogues.values() for message in one["messages"]}
    return [Item(text, VOICES["customer" if role == "usr" else "agent"], EMOTIONS.index("neutral"), VALENCES.index("neutral"))
            for text, role in sorted(said) if not WARM.search(text)]


def ewect(folder: Path, name: str = "ewect_usual_train") -> list[Item]:
    """SMP2020-EWECT, microblogs with six emotions: no licence for shipped weights, for comparison alone."""
    return [Item(row["text"], VOICES["customer"], EMOTIONS.index(EWECT[row["label"]]))
            for row in lines(folder / f"{name}.jsonl.gz")]


SOURCES = {"cped": cped, "xed": xed, "cold": cold, "crosswoz": crosswoz, "ewect": ewect}


def sources(folder: Path, stage: dict) -> dict[str, list[Item]]:
    """Every source of the stage, with the weight of its loss."""
    found = {}
    for name, setting in stage["sources"].items():
        items = own("train") if name == "own" else SOURCES[name](folder)
        found[name] = [replace(item, weight=setting["weight"]) for item in items]
    return found


def epoch(found: dict[str, list[Item]], stage: dict, number: int) -> list[Item]:
    """The texts of one epoch: the same for the same seed and number."""
    settings = mix()
    chance = random.Random(settings["seed"] * 1000 + number)
    drawn: list[Item] = []
    for name, items in found.items():
        take = stage["sources"][name]["take"] or len(items)
        drawn.extend(chance.sample(items, min(take, len(items))))
    drawn = [known_to_be_spoken(item, chance, settings["aloud"]) for item in drawn]
    share = settings["strip_punctuation"]
    drawn = [without_punctuation(item) if chance.random() < share else item for item in drawn]
    if "shake" in stage:
        drawn = [shaken(item, chance, stage["shake"]) for item in joined(drawn, chance, stage["shake"]["join"])]
    share = stage.get("exchange", 0.0)
    return [exchanged(item, chance) if chance.random() < share else item for item in drawn]


def without_punctuation(item: Item) -> Item:
    return replace(item, text=invariance.bare(item.text))


def shaken(item: Item, chance: random.Random, how: dict[str, float]) -> Item:
    """Said again in another form. Notes are typed: only their marks change."""
    if item.voice == VOICES["note"]:
        how = {name: share for name, share in how.items() if name in ("bare", "marks")}
    return replace(item, text=invariance.shaken(item.text, chance, how), plain=item.asked)


def joined(items: list[Item], chance: random.Random, share: float) -> list[Item]:
    """A neutral turn of the same speaker before or behind some texts: the recogniser joins what the other side interrupted,
    and length must predict nothing."""
    own = [i for i in items if i.register and i.emotion == EMOTIONS.index("neutral") and len(i.text) < 60]
    calm = {voice: [i.text for i in own if i.voice == voice]
            for voice in set(VOICES.values()) - {VOICES["note"]}}
    found = []
    for item in items:
        if item.emotion != UNKNOWN and len(item.text) < 50 and calm.get(item.voice) and chance.random() < share:
            other, gap = chance.choice(calm[item.voice]), chance.choice(["", "_", "，", ""])
            text = other + gap + item.text if chance.random() < 0.5 else item.text + gap + other
            item = replace(item, text=text, plain=item.asked)
        found.append(item)
    return found


# Words that must not matter, each as good as the others of its row.
ALIKE = [
    "先生 女士 小姐 同志 师傅 大哥 大姐 大爷 大妈 阿姨 叔叔 老先生 老太太 小伙子 姑娘 小哥 小妹 帅哥 美女".split(),
    "老公 老婆 爱人 媳妇 丈夫 妻子 对象 男朋友 女朋友".split(),
    "爸爸 妈妈 老爸 老妈 父亲 母亲 爷爷 奶奶 姥姥 姥爷 外公 外婆 我爸 我妈".split(),
    "儿子 女儿 闺女 小子 孙子 孙女 弟弟 妹妹 哥哥 姐姐".split(),
    ("北京 上海 天津 重庆 成都 武汉 西安 郑州 沈阳 哈尔滨 长春 济南 青岛 南京 杭州 合肥 南昌 长沙 广州 深圳 南宁 海口 贵阳 昆明 拉萨 兰州 "
     "西宁 银川 乌鲁木齐 呼和浩特 石家庄 太原 福州 厦门 大连 苏州 宁波 温州 佛山 东莞 洛阳 宜昌 绵阳 遵义 大理 喀什").split(),
    "朝阳 海淀 浦东 徐汇 锦江 武侯 江汉 雁塔 和平 沈河 历下 玄武 西湖 天河 福田 南山 青秀 云岩 城关 新城".split(),
]
# Particles, exchanged at the end of a clause alone: inside a word («怎么», «哈哈») they mean something.
PARTICLES = ["吗 嘛 噻 嘞 咯 啵 呗 咧".split(), "啊 呀 哟 诶 嘎 哒 喔".split()]
SURNAMES = ("王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭"
            "廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文牛柴单尚仇冷阴苦宫怀农厉")
DOUBLE = "欧阳 上官 司马 诸葛 东方 慕容 尉迟 公孙 令狐".split()


def exchanged(item: Item, chance: random.Random) -> Item:
    """The same words from somebody of another name, sex, place or region."""
    text = item.text
    for row in ALIKE:
        found = [word for word in row if word in text]
        if found and chance.random() < 0.7:
            text = text.replace(chance.choice(found), chance.choice(row))
    for row in PARTICLES:
        at_end = re.compile(rf"(?<=[\u4e00-\u9fff])(?<!{'|'.join(row)})({'|'.join(row)})(?=[，。！？、_]|$)")
        if at_end.search(text) and chance.random() < 0.7:
            other = chance.choice(row)
            text = at_end.sub(lambda _: other, text)
    if chance.random() < 0.4:
        name = chance.choice(DOUBLE) if chance.random() < 0.1 else chance.choice(SURNAMES)
        place = chance.choice(ALIKE[4])
        text = chance.choice([f"我姓{name}，", f"我叫{name}某，", f"我是{place}的，", f"我姓{name}"]) + text
    return replace(item, text=text, plain=item.asked)


def batches(items: list[Item], tokens: list[list[int]], most: int, chance: random.Random) -> list[list[int]]:
    """Indices grouped by length, each group at most `most` padded tokens, in random order."""
    order = sorted(range(len(items)), key=lambda at: (len(tokens[at]), chance.random()))
    groups: list[list[int]] = [[]]
    for at in order:
        if groups[-1] and (len(groups[-1]) + 1) * len(tokens[at]) > most:
            groups.append([])
        groups[-1].append(at)
    chance.shuffle(groups)
    return groups
