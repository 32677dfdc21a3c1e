"""What the texts of an epoch must be. Needs nothing but the standard library:

    python3 models/train/test_data.py
"""

from __future__ import annotations

import gzip
import json
import random
import re
import tempfile
import unittest
from collections import Counter
from pathlib import Path
from unittest import mock

import data
import invariance
from data import UNKNOWN, Item, corpus
from labels import EMOTIONS, VALENCES, VOICES, voice_of

ANGER, NEUTRAL = EMOTIONS.index("anger"), EMOTIONS.index("neutral")
CUSTOMER, AGENT, NOTE = VOICES["customer"], VOICES["agent"], VOICES["note"]
LINE = "[姓名]你好，我这个月的话费怎么又多了38块钱，什么时候退给我？"
DRAWS = 300


def dice(seed: int = 1) -> random.Random:
    return random.Random(seed)


def all_of(draw) -> list:
    """What `draw` returns for many dice."""
    return [draw(dice(seed)) for seed in range(DRAWS)]


class Voices(unittest.TestCase):
    def test_a_recorded_channel_gives_both_sides_a_voice_of_their_own(self):
        self.assertEqual(voice_of("customer", "hotline"), VOICES["customer aloud"])
        self.assertEqual(voice_of("agent", "visit"), VOICES["agent aloud"])

    def test_a_typed_channel_does_not(self):
        self.assertEqual(voice_of("customer", "chat"), CUSTOMER)

    def test_a_note_is_typed_even_if_the_contact_was_a_call(self):
        self.assertEqual(voice_of("note", "hotline"), NOTE)

    def test_unheard_changes_nothing_but_the_voice(self):
        item = Item("我要投诉", VOICES["agent aloud"], ANGER, 0, 1, 0.5, "pairs")
        self.assertEqual(data.unheard(item), Item("我要投诉", AGENT, ANGER, 0, 1, 0.5, "pairs"))
        self.assertEqual(data.unheard(Item("记录", NOTE)).voice, NOTE)

    def test_recognised_speech_is_known_to_be_spoken_more_often_than_the_rest(self):
        shares = {"recognised": 0.7, "otherwise": 0.15}

        def spoken(register: str) -> int:
            item = Item("好的", VOICES["customer aloud"], register=register)
            return sum(kept is item for kept in all_of(lambda chance: data.known_to_be_spoken(item, chance, shares)))

        self.assertAlmostEqual(spoken("recognised speech") / DRAWS, 0.7, delta=0.1)
        self.assertAlmostEqual(spoken("pairs") / DRAWS, 0.15, delta=0.1)


class Sources(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def write(self, name: str, *rows: dict) -> None:
        with gzip.open(self.folder / f"{name}.jsonl.gz", "wt", encoding="utf-8") as file:
            file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)

    def test_every_foreign_label_has_one_of_ours(self):
        for table in (data.CPED, data.XED, data.EWECT):
            self.assertLessEqual(set(table.values()), set(EMOTIONS))

    def test_a_label_of_cped_that_we_do_not_know_leaves_the_valence(self):
        self.write("cped_test", {"text": "烦死了", "label": "anger", "senti": "negative"})
        self.write("cped_valid", {"text": "放松", "label": "relaxed", "senti": "positive"})
        known, unknown = data.cped(self.folder)
        self.assertEqual((known.emotion, VALENCES[known.valence]), (ANGER, "negative"))
        self.assertEqual((unknown.emotion, VALENCES[unknown.valence]), (UNKNOWN, "positive"))

    def test_surprise_in_subtitles_says_nothing_about_valence(self):
        self.write("xed_cn", {"text": "什么", "label": "7"}, {"text": "等着吧", "label": "2"})
        self.write("xed_zh", {"text": "真好", "label": "5"})
        surprise, happiness = data.xed(self.folder)
        self.assertEqual((EMOTIONS[surprise.emotion], surprise.valence), ("surprise", UNKNOWN))
        self.assertEqual((EMOTIONS[happiness.emotion], VALENCES[happiness.valence]), ("happiness", "positive"))

    def test_offensive_posts_teach_abuse_alone_and_are_cut(self):
        self.write("cold_train", {"text": "骂" * 200, "label": "1"})
        (item,) = data.cold(self.folder)
        self.assertEqual((item.emotion, item.valence, item.abuse, len(item.text)), (UNKNOWN, UNKNOWN, 1, 120))

    def test_a_split_of_the_corpus_has_every_text_once(self):
        def line(text: str, emotion: str = "neutral") -> corpus.Utterance:
            return corpus.Utterance("customer", emotion, "neutral", False, text, "xx.txt:1", "", emotion)

        contact = corpus.Contact("zz-001", "hotline", "bill", "flat", "asr", None)
        contact.utterances = [line("帮我查一下这个月的话费"), line("帮我查一下，这个月的话费。"), line("谢谢", "gratitude")]
        with mock.patch.object(corpus, "load", return_value=[contact]):
            items = data.own(contact.split)
            self.assertEqual(data.own("none"), [])
        self.assertEqual([item.text for item in items], ["帮我查一下这个月的话费", "谢谢"])
        self.assertEqual({item.voice for item in items}, {VOICES["customer aloud"]})

    def test_a_source_brings_the_weight_that_its_stage_gives_it(self):
        self.write("cold_train", {"text": "好", "label": "0"})
        found = data.sources(self.folder, {"sources": {"cold": {"take": 0, "weight": 0.25}}})
        self.assertEqual([item.weight for item in found["cold"]], [0.25])


class Settings(unittest.TestCase):
    def test_every_stage_names_sources_and_changes_that_exist(self):
        changes = {name for name, _ in invariance.CHANGES} | {"bare", "marks", "lead", "join"}
        for name, stage in data.mix()["stages"].items():
            with self.subTest(name):
                self.assertLessEqual(set(stage["sources"]), {"own", *data.SOURCES})
                self.assertLessEqual(set(stage.get("shake", {})), changes)
                for share in [*stage.get("shake", {}).values(), stage.get("exchange", 0.0)]:
                    self.assertTrue(0 <= share <= 1, share)

    def test_only_what_may_be_shipped_goes_into_the_stages_that_are(self):
        for name, stage in data.mix()["stages"].items():
            if name != "published":
                self.assertNotIn("ewect", stage["sources"], name)


class Epoch(unittest.TestCase):
    found = {"own": [Item(f"第{n}条，我想问一下", VOICES["customer aloud"], NEUTRAL, 1, 0, register="pairs") for n in range(60)],
             "cold": [Item(f"第{n}个帖子", CUSTOMER, abuse=1, weight=0.5) for n in range(60)]}
    stage = {"sources": {"own": {"take": 0}, "cold": {"take": 10}}, "exchange": 0.3,
             "shake": {"bare": 0.3, "marks": 0.3, "numbers": 0.3, "stammer": 0.3, "break": 0.3, "filler": 0.3, "lead": 0.1, "join": 0.2}}

    def test_the_same_number_draws_the_same_texts_and_another_one_others(self):
        self.assertEqual(data.epoch(self.found, self.stage, 3), data.epoch(self.found, self.stage, 3))
        self.assertNotEqual(data.epoch(self.found, self.stage, 3), data.epoch(self.found, self.stage, 4))

    def test_it_takes_as_many_of_each_source_as_the_stage_says(self):
        weights = Counter(item.weight for item in data.epoch(self.found, self.stage, 1))
        self.assertEqual(weights, {1.0: 60, 0.5: 10})

    def test_a_source_smaller_than_its_share_is_taken_whole(self):
        stage = {"sources": {"cold": {"take": 500}}}
        self.assertEqual(len(data.epoch({"cold": self.found["cold"]}, stage, 1)), 60)

    def test_no_change_of_form_moves_a_label(self):
        labels = Counter((item.emotion, item.valence, item.abuse) for item in data.epoch(self.found, self.stage, 2))
        self.assertEqual(labels, {(NEUTRAL, 1, 0): 60, (UNKNOWN, UNKNOWN, 1): 10})


class Forms(unittest.TestCase):
    def test_the_teacher_is_asked_about_the_text_as_it_was(self):
        item = Item("王先生你好", CUSTOMER)
        self.assertEqual(item.asked, "王先生你好")
        again = data.exchanged(data.shaken(item, dice(), {"lead": 1.0}), dice())
        self.assertNotEqual(again.text, item.text)
        self.assertEqual(again.asked, "王先生你好")

    def test_a_note_changes_its_marks_alone(self):
        item = Item("客户来电，反映网速慢。", NOTE)
        how = {"bare": 1.0, "numbers": 1.0, "stammer": 1.0, "break": 1.0, "filler": 1.0, "lead": 1.0}
        for changed in all_of(lambda chance: data.shaken(item, chance, how)):
            self.assertEqual(changed.text, "客户来电反映网速慢")

    def test_only_calm_lines_of_the_same_speaker_are_joined_to_a_text(self):
        calm = [Item("嗯好的", CUSTOMER, NEUTRAL, register="pairs"), Item("您稍等", AGENT, NEUTRAL, register="pairs"),
                Item("气死我了", CUSTOMER, ANGER, register="pairs"), Item("随便", CUSTOMER, NEUTRAL)]
        upset = Item("怎么还没好", CUSTOMER, ANGER, weight=0.5)
        for seed in range(DRAWS):
            joined = data.joined([*calm, upset], dice(seed), 1.0)[-1]
            self.assertRegex(joined.text, r"^(嗯好的[_，]?怎么还没好|怎么还没好[_，]?嗯好的)$")
            self.assertEqual((joined.emotion, joined.weight, joined.asked), (ANGER, 0.5, "怎么还没好"))

    def test_what_has_no_emotion_or_is_long_stays_alone(self):
        calm = Item("嗯好的", CUSTOMER, NEUTRAL, register="pairs")
        for item in (Item("滚", CUSTOMER, abuse=1), Item("慢" * 50, CUSTOMER, ANGER), Item("记录", NOTE, NEUTRAL)):
            self.assertEqual(data.joined([calm, item], dice(), 1.0)[-1], item)

    def test_words_are_exchanged_within_their_row(self):
        row = set(data.ALIKE[2])
        for item in all_of(lambda chance: data.exchanged(Item("爸爸的卡", CUSTOMER, ANGER), chance)):
            self.assertRegex(item.text, rf"({'|'.join(row)})的卡$")
            self.assertEqual(item.emotion, ANGER)

    def test_a_particle_inside_a_word_is_no_particle(self):
        for item in all_of(lambda chance: data.exchanged(Item("哈哈，怎么嘛", CUSTOMER), chance)):
            self.assertRegex(item.text, rf"哈哈，怎么({'|'.join(data.PARTICLES[0])})$")


class Batches(unittest.TestCase):
    def test_every_text_stands_in_one_batch_and_no_batch_is_too_large(self):
        chance = dice()
        items = [Item("字", CUSTOMER)] * 200
        tokens = [[0] * chance.randrange(1, 60) for _ in items]
        groups = data.batches(items, tokens, 320, chance)
        self.assertEqual(sorted(at for group in groups for at in group), list(range(200)))
        for group in groups:
            self.assertLessEqual(len(group) * max(len(tokens[at]) for at in group), 320)

    def test_a_text_longer_than_a_batch_has_one_to_itself(self):
        groups = data.batches([Item("字", CUSTOMER)] * 2, [[0] * 500, [0] * 3], 320, dice())
        self.assertEqual(sorted(map(len, groups)), [1, 1])


class Marks(unittest.TestCase):
    def test_a_bare_text_has_no_mark_but_keeps_masks_and_breaks(self):
        self.assertEqual(invariance.bare("[电话]_打不通！真的？"), "[电话]_打不通真的")

    def test_a_text_of_marks_alone_is_left_as_it_is(self):
        self.assertEqual(invariance.bare("？？"), "？？")

    def test_another_mark_leaves_the_words(self):
        for text in all_of(lambda chance: invariance.remarked(LINE, chance)):
            self.assertEqual(re.sub("[ ~～]", "", invariance.bare(text)), invariance.bare(LINE))

    def test_a_question_keeps_its_mark_half_of_the_time_at_least(self):
        kept = sum(text == "几点？" for text in all_of(lambda chance: invariance.remarked("几点？", chance)))
        self.assertGreater(kept / DRAWS, 0.4)


class Speech(unittest.TestCase):
    def test_nothing_is_put_into_a_mask(self):
        for change in (invariance.stammered, invariance.broken, invariance.filled):
            for text in all_of(lambda chance, change=change: change("[手机号码]是我的新号码", chance)):
                self.assertIn("[手机号码]", text, change.__name__)

    def test_a_stammer_repeats_and_takes_nothing_away(self):
        seen = set(all_of(lambda chance: invariance.stammered("我要退款", chance)))
        self.assertIn("我我要退款", seen)
        for text in seen:
            self.assertTrue(re.search("我.*要.*退.*款$", text), text)

    def test_a_break_is_one_underscore_inside(self):
        for text in all_of(lambda chance: invariance.broken("我要退款", chance)):
            self.assertRegex(text, "^[^_]+_[^_]+$")
        self.assertEqual(invariance.broken("好的", dice()), "好的")

    def test_a_filler_leaves_the_words_in_their_order(self):
        for text in all_of(lambda chance: invariance.filled("这个月怎么又扣了我两份钱", chance)):
            letters = iter(text)
            self.assertTrue(all(c in letters for c in "这个月怎么又扣了我两份钱"), text)

    def test_what_carries_feeling_is_neither_misheard_nor_heard_by_mistake(self):
        alike = {c: ["码"] for c in "话费慢"} | {"烦": ["繁"]}
        with mock.patch.object(invariance, "sounds", return_value=alike):
            for text in all_of(lambda chance: invariance.misheard("话费慢得烦", chance)):
                self.assertEqual(text[-2:], "得烦")
                self.assertEqual(text.count("码"), 1)

    def test_a_text_without_homophones_is_heard_right(self):
        with mock.patch.object(invariance, "sounds", return_value={}):
            self.assertEqual(invariance.misheard("话费", dice()), "话费")


class Numbers(unittest.TestCase):
    def test_digits_are_masked_or_spoken(self):
        self.assertEqual(set(all_of(lambda chance: invariance.renumbered("多了38块", chance))), {"多了00块", "多了三八块"})

    def test_a_spoken_number_is_typed_and_a_counted_one_is_not(self):
        self.assertEqual(invariance.renumbered("尾号一二三四", dice()), "尾号1234")
        self.assertEqual(invariance.renumbered("二十四小时", dice()), "二十四小时")

    def test_the_number_of_a_service_stays_since_it_says_who_is_named(self):
        for text in all_of(lambda chance: invariance.renumbered("我打12315投诉，等了3天", chance)):
            self.assertEqual(text, "我打12315投诉，等了3天")


class Shaken(unittest.TestCase):
    every = {"bare": 0.3, "marks": 0.3, "numbers": 0.3, "stammer": 0.3, "break": 0.3, "filler": 0.3, "lead": 0.3}

    def test_without_a_share_nothing_changes(self):
        self.assertEqual(set(all_of(lambda chance: invariance.shaken(LINE, chance, {}))), {LINE})

    def test_the_same_dice_give_the_same_text(self):
        shake = lambda chance: invariance.shaken(LINE, chance, self.every)
        self.assertEqual(all_of(shake), all_of(shake))
        self.assertGreater(len(set(all_of(shake))), DRAWS // 2)

    def test_what_redaction_masked_stays_masked(self):
        for text in all_of(lambda chance: invariance.shaken(LINE, chance, self.every)):
            self.assertIn("[姓名]", text)

    def test_a_shorter_phrase_of_the_converter_moves_no_place(self):
        known = {"話費很貴": "话费贵", "話": "话", "費": "费", "貴": "贵"}
        convert = mock.Mock(convert=lambda text: known.get(text, text))
        with mock.patch.object(data, "converter", return_value=convert):
            self.assertEqual(data.simplified("話費很貴"), "话费很贵")
            self.assertEqual(data.simplified("10086"), "10086")


if __name__ == "__main__":
    unittest.main()
