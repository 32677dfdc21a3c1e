"""More lines out of marked ones: other people, other streets, other digits, other marks."""

import re
from pathlib import Path

from tagger import PLACEHOLDER

HERE = Path(__file__).parent
DIGITS = "零一二三四五六七八九"
FILLERS = ["嗯", "呃", "那个", "啊", "就是", "嗯那个", "额"]
MARKS = re.compile(r"[,。,!?:;:、“”…~!?;:,]")
# Characters of which estates, streets and villages make their names.
STEM = ("金银翠绿碧蓝紫红锦华富丽康福安泰祥和平顺兴盛荣昌阳光明月星云天海江河湖山水龙凤凰鹤松柏竹梅兰桂荷莲枫柳桃杏李橡樟"
        "桐榕文景雅静馨悦颐御尚逸润瑞嘉佳美新世纪东南西北中上下大小长高石沙白黄青马牛羊杨张王刘陈赵周吴徐孙朱胡林何郭罗"
        "梁宋郑谢韩唐冯于董程曹袁邓许傅沈曾彭吕春夏秋冬朝晨晓时代国际学府书香名都首座公园")
STREETS = ["路", "街", "大道", "巷", "弄", "胡同", "大街"]
ESTATES = ["小区", "苑", "花园", "城", "公寓", "家园", "府", "湾", "里", "新村", "广场", "大厦", "庭", "名邸", "国际", "郡"]
VILLAGES = ["村", "屯", "庄", "寨", "坪", "湾", "沟", "塘", "岭", "店", "桥", "坝"]
TAIL = re.compile("(.{1,3}?)(小区|花园|家园|公寓|大道|大街|胡同|新村|广场|大厦|[路街巷弄苑城府湾里村屯庄寨])")


class Names:
    """People who may be anybody."""

    def __init__(self, table):
        self.surnames, self.weights = [], []
        parts = {"first": ([], []), "second": ([], []), "alone": ([], [])}
        for row in table.read_text("utf-8").splitlines():
            cells = row.split("\t")
            if len(cells) != 3 or not cells[1].isdigit():
                continue
            # Rare ones count more than they do among people, for the common ones are known.
            weight = 2.718 ** (-int(cells[1]) / 10 * 0.5)
            into = (self.surnames, self.weights) if cells[0] == "surname" else parts.get(cells[0])
            if into:
                into[0].extend(cells[2])
                into[1].extend([weight] * len(cells[2]))
        self.parts = parts
        text = (HERE / "given_names.txt").read_text("utf-8")
        self.given = [w for row in text.splitlines() if not row.startswith("#") for w in row.split()]
        self.double = "欧阳 司马 上官 诸葛 东方 皇甫 尉迟 公孙 慕容 令狐 司徒 夏侯 长孙 宇文 轩辕 端木 独孤 南宫".split()

    def any(self, rng, length):
        pick = lambda part: rng.choices(*self.parts[part])[0]
        surname = rng.choices(self.surnames, self.weights)[0]
        if length == 1:
            return surname
        if length >= 4 or (length == 3 and rng.random() < 0.06):
            surname = rng.choice(self.double)
            return surname + (pick("alone") if length == 3 else pick("first") + pick("second"))
        if rng.random() < 0.4:
            fitting = [g for g in (rng.choice(self.given) for _ in range(12)) if len(g) == length - 1]
            if fitting:
                return surname + fitting[0]
        return surname + (pick("alone") if length == 2 else pick("first") + pick("second"))


def rewrite(line, change):
    """The line with its places rewritten by `change(text, kind)` and the rest as it was."""
    text, spans, group = line
    out, new, at = "", [], 0
    for start, end, kind in spans:
        if start < at:
            return line
        out += text[at:start]
        value = change(text[start:end], kind)
        new.append((len(out), len(out) + len(value), kind))
        out, at = out + value, end
    return out + text[at:], [s for s in new if s[0] < s[1]], group


def digits_changed(rng, value, kind):
    keep = 2 if kind == "phone" else 0
    spoken = rng.random() < 0.3
    written = rng.random() < 0.3
    out, seen = "", 0
    for c in value:
        if c in "0123456789" or c in DIGITS or c == "幺":
            seen += 1
            digit = "0123456789".find(c) if c in "0123456789" else 1 if c == "幺" else DIGITS.index(c)
            if seen > keep:
                digit = rng.randrange(10)
            chinese = (c not in "0123456789" or spoken) and not (written and kind in ("phone", "id_card", "number", "account"))
            c = ("幺" if digit == 1 and rng.random() < 0.8 else DIGITS[digit]) if chinese else str(digit)
        out += c
    return out


def address_changed(rng, value):
    def other(found):
        stem, tail = found.groups()
        if rng.random() < 0.35:
            return found.group(0)
        if tail in STREETS:
            tail = rng.choice(STREETS[:1] * 4 + STREETS)
        elif tail in VILLAGES and tail not in ESTATES:
            tail = rng.choice(VILLAGES[:1] * 3 + VILLAGES)
        elif tail in ESTATES:
            tail = rng.choice(ESTATES)
        many = rng.choice([2, 2, 2, 3, len(stem)])
        return "".join(rng.choice(STEM) for _ in range(many)) + tail

    value = TAIL.sub(other, value)
    spoken = rng.random() < 0.3
    written = not spoken and rng.random() < 0.3
    out = ""
    for i, c in enumerate(value):
        if c in "123456789":
            c = rng.choice("123456789")
            c = DIGITS[int(c)] if spoken else c
        elif c in DIGITS[1:]:
            c = DIGITS[rng.randrange(1, 10)]
            c = str(DIGITS.index(c)) if written and not (i and value[i - 1] == "十") else c
        out += c
    return out


def date_changed(rng, value):
    return "".join(
        rng.choice("0123456789") if c in "3456789" else rng.choice(DIGITS[1:]) if c in DIGITS[3:] else c for c in value)


def letters_changed(rng, value):
    return "".join(
        rng.choice("abcdefghijklmnopqrstuvwxyz") if "a" <= c <= "z" and rng.random() < 0.4 else
        rng.choice("0123456789") if c.isascii() and c.isdigit() else c for c in value)


def renumbered(rng, line):
    """Other numbers of orders; what they begin with, and short ones, say what they are."""
    def other(found):
        return found.group(0)[:2] + "".join(rng.choice("0123456789") for _ in found.group(0)[2:])

    text, spans, group = line
    return re.sub(r"(?<!\d)(?!1[3-9]\d{9}(?!\d))\d{7,}", other, text), spans, group


def changed(rng, names, line):
    def change(value, kind):
        if rng.random() < 0.15:
            return value
        if kind == "name":
            if all("一" <= c <= "鿿" for c in value) and len(value) <= 3 and rng.random() < 0.75:
                length = len(value) if len(value) == 1 else rng.choice([2, 3, 3])
                return names.any(rng, length)
            return value
        if kind == "address":
            return address_changed(rng, value)
        if kind == "birth_date":
            return date_changed(rng, value)
        if kind == "email" or re.search("[a-z]", value):
            return letters_changed(rng, value)
        return digits_changed(rng, value, kind)

    return rewrite(line, change)


def masked(rng, line, share):
    """What redaction has taken out already is no longer there to be found."""
    text, spans, group = line
    out, new, at = "", [], 0
    for start, end, kind in spans:
        if start < at:
            return line
        out += text[at:start]
        if rng.random() < share:
            out += PLACEHOLDER.get(kind, "[号码]")
        else:
            new.append((len(out), len(out) + end - start, kind))
            out += text[start:end]
        at = end
    return out + text[at:], new, group


def spoken(rng, line):
    """Without marks, with hesitation."""
    text, spans, group = line
    inside = [0] * len(text)
    for i, (start, end, _) in enumerate(spans):
        inside[start:end] = [i + 1] * (end - start)
    out, owner = [], []
    drop = rng.random() < 0.7
    for i, c in enumerate(text):
        if drop and MARKS.match(c) and not inside[i]:
            if rng.random() < 0.3:
                out.append(" ")
                owner.append(0)
            continue
        edge = i and inside[i] != inside[i - 1]
        within = inside[i] and i and inside[i] == inside[i - 1] and spans[inside[i] - 1][2] != "name"
        if rng.random() < (0.12 if edge else 0.02 if within else 0.01):
            word = rng.choice(FILLERS)
            out.extend(word)
            owner.extend([inside[i] if within else 0] * len(word))
        out.append(c)
        owner.append(inside[i])
    new = []
    for i, (_, _, kind) in enumerate(spans):
        places = [at for at, of in enumerate(owner) if of == i + 1]
        if places:
            new.append((places[0], places[-1] + 1, kind))
    return "".join(out), new, group


def joined(rng, line, others):
    """In a longer turn."""
    text, spans, group = line
    before = rng.choice(others) + rng.choice(["", ",", "。", " "]) if rng.random() < 0.5 else ""
    after = rng.choice(["", ",", "。", " "]) + rng.choice(others) if rng.random() < 0.5 else ""
    return before + text + after, [(a + len(before), b + len(before), k) for a, b, k in spans], group


def more(rng, names, lines, negatives, copies):
    """Every line as it is, and so many changed copies."""
    out = []
    for line in lines:
        out.append(line)
        if line[1]:
            out.append(masked(rng, line, 1.0 if rng.random() < 0.5 else 0.5))
        for _ in range(copies if line[1] else 2):
            new = changed(rng, names, line) if line[1] else renumbered(rng, line)
            if rng.random() < 0.4:
                new = spoken(rng, new)
            if rng.random() < 0.35:
                new = joined(rng, new, negatives)
            if rng.random() < 0.12:
                new = masked(rng, new, 0.5)
            out.append(new)
    return out


def around(rng, lines, others):
    """Lines of frames, some of them hesitating, some of them in a longer turn."""
    out = []
    for line in lines:
        if rng.random() < 0.25:
            line = spoken(rng, line)
        if rng.random() < 0.45:
            line = joined(rng, line, others)
        out.append(line)
    return out
