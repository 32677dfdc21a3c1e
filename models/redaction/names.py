"""Writes crates/text/src/redact/names.tsv: how unlikely a character is in each place of a Chinese name.

    python3 models/redaction/names.py DICT_TXT

DICT_TXT is the dictionary of jieba (MIT), which the crate `jieba-rs` carries in `src/data/dict.txt`. Its people
(tag `nr`) and `given_names.txt` are counted together. Surnames weigh what the Ministry of Public Security's report
of 2020 gives them (thousandths of the population; the common hundred), rarer ones what is left.
"""

import collections
import math
import pathlib
import sys

HERE = pathlib.Path(__file__).parent
OUT = HERE.parent.parent / "crates/text/src/redact/names.tsv"

# The hundred commonest in the order of the report; the weight falls as 1 / (rank + 4).
COMMON = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢傅钟姜崔谭廖范汪陆金石戴"
    "贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷黎史龙陶贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
RARE = (
    "常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游"
    "辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇"
    "栾隋商刁沙荣巫寇桑郎甄丛虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘满闻位厉伊仝区郜海阚花权强"
    "帅屠豆朴盖练廉禹井祖漆巴丰支卿国狄平计索宣晋相初门云容敬来扈晁芮都普阙浦戈伏鹿薄邸雍辜羊乌母裘亓修邰赫杭况宿鲜印逯隆茹诺战慕危玉"
    "银亢嵇公哈湛宾戎勾茅利于呼居揭干但尉冶斯元束檀衣信展阴昝智幸奉植衡富尧闭肖闫付代"
)
FORMERLY = {"肖": 60, "闫": 33, "付": 20}  # as many write 萧, 阎, 傅, 戴
DOUBLE = "欧阳 司马 上官 诸葛 东方 皇甫 尉迟 公孙 慕容 令狐 夏侯 长孙 宇文 司徒 端木 澹台 轩辕 百里 南宫 西门 独孤 呼延 东郭"

WEIGHT = 20


def surnames():
    weights = {name: 600 / (rank + 8) for rank, name in enumerate(dict.fromkeys(COMMON))}
    for rank, name in enumerate(dict.fromkeys(RARE)):
        weights.setdefault(name, 500 / (rank + 100))
    weights.update(FORMERLY)
    return weights


def main(dictionary):
    family = surnames()
    first, second, alone = (collections.Counter() for _ in range(3))

    def count(given, times):
        if len(given) == 1:
            alone[given] += times
        else:
            first[given[0]] += times
            second[given[1]] += times

    for line in pathlib.Path(dictionary).read_text("utf-8").splitlines():
        word, _, tag = line.split()
        if tag == "nr" and len(word) in (2, 3) and word[0] in family:
            count(word[1:], 1)
    for line in (HERE / "given_names.txt").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            for given in line.split():
                count(given, WEIGHT)

    lines = [
        "# Written by models/redaction/names.py. Tenths of a nat that a character costs in its place of a name.",
        "place\tcost\tcharacters",
    ]
    for place, counts in (("surname", family), ("first", first), ("second", second), ("alone", alone)):
        total = sum(counts.values())
        levels = collections.defaultdict(list)
        for name, times in counts.items():
            if times >= 2 or place == "surname":
                levels[round(-math.log(times / total) * 4) * 10 // 4].append(name)
        lines += [f"{place}\t{cost}\t{''.join(sorted(levels[cost]))}" for cost in sorted(levels)]
    OUT.write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
