//! Finds personal names: after cues such as «我叫», before titles such as «先生», behind «小».
//!
//! A name without either is not looked for: of the two-character sequences that begin with a surname
//! most are words, and taking those out would leave nothing to score.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use crate::domain::RedactionKind;

use super::surnames::{goes_on, is_given, surname};
use super::{Hit, Line};

/// How much of the text behind a cue may be a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cue {
    /// A name follows: «我叫王伟查一下».
    Name,
    /// A name follows if nothing else does: «机主是王伟。».
    Alone,
    /// The same, but too often something else follows to look for it elsewhere: «我是王芳。».
    Introduction,
    /// A surname follows: «我姓王».
    Surname,
}

/// Longer ones first where one begins another.
const CUES: &[(&str, Cue)] = &[
    ("名字叫做", Cue::Name),
    ("名字叫", Cue::Name),
    ("名字是", Cue::Name),
    ("姓名是", Cue::Name),
    ("姓名为", Cue::Name),
    ("姓名:", Cue::Name),
    ("姓名", Cue::Alone),
    ("我叫做", Cue::Name),
    ("我叫", Cue::Name),
    ("她叫", Cue::Name),
    ("他叫", Cue::Name),
    ("机主叫", Cue::Name),
    ("机主是", Cue::Alone),
    ("机主:", Cue::Alone),
    ("机主", Cue::Alone),
    ("户主是", Cue::Alone),
    ("户主叫", Cue::Name),
    ("户主", Cue::Alone),
    ("联系人是", Cue::Alone),
    ("联系人:", Cue::Alone),
    ("联系人", Cue::Alone),
    ("收件人是", Cue::Alone),
    ("收件人:", Cue::Alone),
    ("收件人", Cue::Alone),
    ("登记的是", Cue::Alone),
    ("我是", Cue::Introduction),
    ("儿子叫", Cue::Name),
    ("女儿叫", Cue::Name),
    ("老公叫", Cue::Name),
    ("老婆叫", Cue::Name),
    ("妈叫", Cue::Name),
    ("爸叫", Cue::Name),
    ("师傅叫", Cue::Alone),
    ("免贵姓", Cue::Surname),
    ("姓", Cue::Surname),
];

/// «王先生», «李小姐», «张伟女士»: a given name may stand between.
const TITLES: &[&str] = &[
    "先生",
    "女士",
    "小姐",
    "师傅",
    "同志",
    "同学",
    "经理",
    "主任",
    "老师",
    "班长",
    "队长",
    "主管",
    "科长",
    "处长",
    "局长",
    "院长",
    "校长",
    "店长",
    "站长",
    "组长",
    "部长",
    "老板",
    "律师",
    "医生",
    "大夫",
    "警官",
    "会计",
    "工程师",
    "阿姨",
    "大爷",
    "大妈",
    "大娘",
    "大叔",
    "叔叔",
    "大哥",
    "大姐",
    "奶奶",
    "爷爷",
];

/// So many of them, from the first, are addressed to people whose name is known.
const CERTAIN: usize = 3;

/// Titles of one character, which stand in many words: only directly behind a surname, and only where
/// the text breaks off or turns to somebody.
const SHORT_TITLES: &str = "总姐哥工董叔婶嫂伯";

/// What may follow a name or a title that stands alone.
const BREAKS: &str = " ,。!?;:、~)“”\"…的您你好我说在吗呢啊呀吧哈是，\n\t[";

/// What gives a name away.
#[derive(Debug, Clone, Copy)]
enum Anchor {
    /// Length in characters, and what may follow.
    Cue(usize, Cue),
    Title {
        /// Whether the name before it is certain enough to be looked for elsewhere.
        certain: bool,
    },
    ShortTitle,
    /// «小» or «老».
    Nickname,
    /// `*`
    Mask,
}

impl Anchor {
    /// Whether a full name found by it is looked for in the rest of the contact.
    const fn is_certain(self) -> bool {
        matches!(self, Self::Cue(_, Cue::Name | Cue::Alone) | Self::Title { certain: true })
    }
}

/// All anchors in one automaton, so that a text is read once however many there are.
struct Anchors {
    automaton: AhoCorasick,
    kinds: Vec<Anchor>,
}

static ANCHORS: LazyLock<Anchors> = LazyLock::new(Anchors::new);

impl Anchors {
    #[expect(
        clippy::expect_used,
        reason = "the words are constants, and every test of this layer runs through here"
    )]
    fn new() -> Self {
        let cues =
            CUES.iter().map(|(word, cue)| ((*word).to_owned(), Anchor::Cue(word.chars().count(), *cue)));
        let titles = TITLES
            .iter()
            .enumerate()
            .map(|(place, word)| ((*word).to_owned(), Anchor::Title { certain: place < CERTAIN }));
        let short = SHORT_TITLES.chars().map(|c| (c.to_string(), Anchor::ShortTitle));
        let others = [("小", Anchor::Nickname), ("老", Anchor::Nickname), ("*", Anchor::Mask)];
        let others = others.into_iter().map(|(word, anchor)| (word.to_owned(), anchor));
        let (words, kinds): (Vec<String>, Vec<Anchor>) =
            cues.chain(titles).chain(short).chain(others).unzip();
        let automaton = AhoCorasick::new(words).expect("a few hundred constant words make an automaton");
        Self { automaton, kinds }
    }

    fn in_text<'a>(&'a self, text: &'a str) -> impl Iterator<Item = (usize, Anchor)> + 'a {
        self.automaton
            .find_overlapping_iter(text)
            .filter_map(|found| self.kinds.get(found.pattern().as_usize()).map(|kind| (found.start(), *kind)))
    }
}

/// The longest part of a name written with a dot.
const MAX_DOTTED: usize = 6;

/// More people are not named in one contact; the bound keeps the second search short.
const MAX_KNOWN: usize = 32;

/// The longest name that is looked for: a double surname and two characters.
const MAX_NAME: usize = 4;

/// Finds names in every line, then the same names wherever else they are mentioned.
pub(super) fn find(lines: &mut [Line]) {
    let mut known = BTreeSet::new();
    for line in lines.iter_mut() {
        let anchors: Vec<(usize, Anchor)> = ANCHORS.in_text(line.text()).collect();
        if anchors.is_empty() {
            continue;
        }
        let text = Text::of(line.text());
        for (byte, anchor) in anchors {
            let Some(name) = text.name_at(byte, anchor) else { continue };
            let full = name.len() > text.surname_at(name.start).unwrap_or(1);
            if full && anchor.is_certain() && known.len() < MAX_KNOWN {
                known.insert(text.slice(&name));
            }
            line.mark(Hit {
                from: text.byte(name.start),
                to: text.byte(name.end),
                kind: RedactionKind::Name,
            });
        }
    }
    for line in lines.iter_mut() {
        for name in &known {
            let places: Vec<usize> = line.text().match_indices(name.as_str()).map(|(from, _)| from).collect();
            for from in places {
                line.mark(Hit { from, to: from + name.len(), kind: RedactionKind::Name });
            }
        }
    }
}

type Place = std::ops::Range<usize>;

/// A text by characters.
struct Text {
    chars: Vec<(usize, char)>,
    only: Vec<char>,
    end: usize,
}

impl Text {
    fn of(text: &str) -> Self {
        Self { chars: text.char_indices().collect(), only: text.chars().collect(), end: text.len() }
    }

    fn byte(&self, at: usize) -> usize {
        self.chars.get(at).map_or(self.end, |(byte, _)| *byte)
    }

    fn char(&self, at: usize) -> Option<char> {
        self.only.get(at).copied()
    }

    fn before(&self, at: usize) -> Option<char> {
        at.checked_sub(1).and_then(|at| self.char(at))
    }

    fn from(&self, at: usize) -> &[char] {
        self.only.get(at..).unwrap_or_default()
    }

    fn slice(&self, place: &Place) -> String {
        self.only.get(place.clone()).unwrap_or_default().iter().collect()
    }

    fn starts_with(&self, at: usize, word: &str) -> bool {
        word.chars().enumerate().all(|(offset, c)| self.char(at + offset) == Some(c))
    }

    fn surname_at(&self, at: usize) -> Option<usize> {
        surname(self.before(at), self.from(at))
    }

    /// Whether the text breaks off at `at`.
    fn breaks(&self, at: usize) -> bool {
        self.char(at).is_none_or(|c| BREAKS.contains(c) || !c.is_alphanumeric())
    }

    /// The name that the anchor at `byte` gives away.
    fn name_at(&self, byte: usize, anchor: Anchor) -> Option<Place> {
        let at = self.chars.partition_point(|(start, _)| *start < byte);
        match anchor {
            Anchor::Cue(length, cue) => self.after_cue(at, at + length, cue),
            Anchor::Title { .. } => self.before_title(at),
            Anchor::ShortTitle => self.before_short_title(at),
            Anchor::Nickname => self.nickname(at),
            Anchor::Mask => self.masked(at.checked_sub(1)?),
        }
    }

    fn after_cue(&self, cue: usize, at: usize, kind: Cue) -> Option<Place> {
        let at = if self.char(at).is_some_and(|c| matches!(c, ':' | ' ')) { at + 1 } else { at };
        if kind == Cue::Name
            && let Some(dotted) = self.dotted(at)
        {
            return Some(dotted);
        }
        let family = surname(None, self.from(at))?;
        if kind == Cue::Surname {
            // «百姓», «同姓»; «姓周的», «姓刘，» but not «姓方便».
            let other_word = self.before(cue).is_some_and(|c| "百同".contains(c));
            return (!other_word && self.breaks(at + family)).then_some(at..at + family);
        }
        let given = self.from(at + family).iter().take(2).take_while(|c| is_given(**c)).count();
        let first_goes_on = goes_on(self.from(at + family));
        if given == 0 || first_goes_on {
            return None;
        }
        let short = given == 2 && goes_on(self.from(at + family + 1));
        let end = at + family + if short { 1 } else { given };
        (kind == Cue::Name || self.breaks(end)).then_some(at..end)
    }

    /// «阿依古丽·买买提»: names of other peoples are written with a dot.
    fn dotted(&self, at: usize) -> Option<Place> {
        let han = |from: usize| {
            from + self.from(from).iter().take(MAX_DOTTED).take_while(|c| is_given(**c)).count()
        };
        let dot = han(at);
        let end = han(dot + 1);
        (dot > at && matches!(self.char(dot)?, '·' | '•' | '・') && end > dot + 1).then_some(at..end)
    }

    /// The name before the title at `title`: the longest that may be one.
    fn before_title(&self, title: usize) -> Option<Place> {
        (1..=MAX_NAME.min(title)).rev().find_map(|length| {
            let start = title - length;
            let family = self.surname_at(start).filter(|family| *family <= length && length <= family + 2)?;
            let given = self.only.get(start + family..title)?;
            given.iter().all(|c| is_given(*c)).then_some(start..title)
        })
    }

    fn before_short_title(&self, title: usize) -> Option<Place> {
        let c = self.char(title).filter(|c| SHORT_TITLES.contains(*c))?;
        let start = title.checked_sub(1)?;
        if self.surname_at(start)? != 1 || !self.breaks(title + 1) {
            return None;
        }
        // «张总是打不通», «王总的» say nothing certain; «陈总您好», «赵总说» do.
        let always =
            c == '总' && self.char(title + 1).is_some_and(|c| matches!(c, '是' | '的' | '在' | '我'));
        (!always).then_some(start..title)
    }

    /// «我是装维的小周», «谢谢你小林»: the surname behind «小».
    fn nickname(&self, at: usize) -> Option<Place> {
        if !matches!(self.char(at)?, '小' | '老') {
            return None;
        }
        let begins = self.before(at).is_none_or(|c| "的你您叫是谢理找员班师给让请跟和 ,。!:“".contains(c));
        let ends = self.char(at + 2).is_none_or(|c| " ,。!?:~、啊呀吧吗您你说给帮“”\"".contains(c));
        let family = self.surname_at(at + 1)?;
        // «小钱», «小白», «老路» are words.
        let word =
            self.char(at + 1).is_some_and(|c| "钱白路常高路金康孙文石龙万牛毛马商季叶段时兰简".contains(c));
        (begins && ends && !word && family == 1).then_some(at + 1..at + 2)
    }

    /// `张*`, `王*伟`, `李**`: somebody else's mask shows the surname.
    fn masked(&self, at: usize) -> Option<Place> {
        let family = self.surname_at(at).filter(|_| self.char(at + 1) == Some('*'))?;
        let masks = self.from(at + family).iter().take_while(|c| **c == '*').count();
        let mut end = at + family + masks;
        if masks > 2 || self.char(end).is_some_and(|c| c.is_ascii_digit()) {
            return None;
        }
        let title = TITLES.iter().any(|title| self.starts_with(end, title));
        if masks == 1 && !title && self.char(end).is_some_and(is_given) && self.breaks(end + 1) {
            end += 1;
        }
        Some(at..end)
    }
}
