//! Finds personal names: after cues such as «我叫», before titles such as «先生», behind «小», and what `foreign`
//! and `guess` find; then the same names wherever else they are mentioned.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use crate::domain::RedactionKind;

use super::chars::{CharRange, Text};
use super::cues::{CERTAIN, CUES, NameCue, SHORT_TITLES, TITLES};
use super::foreign;
use super::guess;
use super::line::{Hit, SearchedLine};
use super::surnames::{
    begins_a_word, given_behind_cue, goes_on, is_common_given, is_given, rare_surname, role_name, surname,
};

/// What gives a name away.
#[derive(Debug, Clone, Copy)]
enum Anchor {
    /// Length in characters, and what may follow.
    NameCue(usize, NameCue),
    Title {
        /// Whether the name before it is certain enough to be looked for elsewhere.
        certain: bool,
    },
    ShortTitle,
    /// «小» or «老».
    Nickname,
    /// «单名»
    OnlyGiven,
    /// «阿»
    Familiar,
    /// `*`
    Mask,
}

impl Anchor {
    /// Whether a full name found by it is looked for in the rest of the contact.
    const fn is_certain(self) -> bool {
        matches!(
            self,
            Self::NameCue(_, NameCue::Name | NameCue::Alone | NameCue::Role) | Self::Title { certain: true }
        )
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
            CUES.iter().map(|(word, cue)| ((*word).to_owned(), Anchor::NameCue(word.chars().count(), *cue)));
        let titles = TITLES
            .iter()
            .enumerate()
            .map(|(place, word)| ((*word).to_owned(), Anchor::Title { certain: place < CERTAIN }));
        let short = SHORT_TITLES.chars().map(|c| (c.to_string(), Anchor::ShortTitle));
        let others = [
            ("阿", Anchor::Familiar),
            ("单名", Anchor::OnlyGiven),
            ("单字", Anchor::OnlyGiven),
            ("小", Anchor::Nickname),
            ("老", Anchor::Nickname),
            ("*", Anchor::Mask),
        ];
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

/// More people are not named in one contact; the bound keeps the second search short.
const MAX_KNOWN: usize = 32;

/// A surname and the whole name stand so close: «我姓王，名字叫王小明».
const MAX_BETWEEN: usize = 6;

/// The longest name that is looked for: a double surname and two characters.
const MAX_NAME: usize = 4;

/// Finds names in every line, then the same names wherever else they are mentioned.
pub(super) fn find(lines: &mut [SearchedLine]) {
    let mut known = BTreeSet::new();
    for line in lines.iter_mut() {
        foreign::find(line);
        let anchors: Vec<(usize, Anchor)> = ANCHORS.in_text(line.text()).collect();
        if anchors.is_empty() {
            continue;
        }
        let text = Text::of(line.text());
        for (byte, anchor) in anchors {
            let Some(name) = text.name_at(byte, anchor) else { continue };
            let spelled_out = match anchor {
                Anchor::NameCue(_, NameCue::Surname) => text.full_name_behind(&name),
                _ => None,
            };
            let certain = (anchor.is_certain() && name.len() > text.surname_at(name.start).unwrap_or(1))
                .then_some(&name)
                .or(spelled_out.as_ref());
            if let Some(certain) = certain.filter(|_| known.len() < MAX_KNOWN) {
                known.insert(text.slice(certain));
            }
            for name in [Some(name), spelled_out].into_iter().flatten() {
                let (from, to) = (text.byte(name.start), text.byte(name.end));
                line.mark(Hit { from, to, kind: RedactionKind::Name });
            }
        }
    }
    for line in lines.iter_mut() {
        let found = guess::find(line);
        known.extend(found.into_iter().take(MAX_KNOWN.saturating_sub(known.len())));
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

impl Text {
    /// The name that the anchor at `byte` gives away.
    fn name_at(&self, byte: usize, anchor: Anchor) -> Option<CharRange> {
        let at = self.chars.partition_point(|(start, _)| *start < byte);
        match anchor {
            Anchor::NameCue(length, cue) => self.after_cue(at, at + length, cue),
            Anchor::Title { .. } => self.before_title(at).or_else(|| self.rare_before_title(at)),
            Anchor::OnlyGiven => self.only_given(at),
            Anchor::Familiar => self.familiar(at),
            Anchor::ShortTitle => self.before_short_title(at),
            Anchor::Nickname => self.nickname(at),
            Anchor::Mask => self.masked(at.checked_sub(1)?),
        }
    }

    fn after_cue(&self, cue: usize, at: usize, kind: NameCue) -> Option<CharRange> {
        let opens =
            |c| matches!(c, ':' | ' ') || (c == '(' && matches!(kind, NameCue::Role | NameCue::Alone));
        let at = if self.char(at).is_some_and(opens) { at + 1 } else { at };
        let Some(family) = surname(None, self.from(at)) else {
            return self.rare_name(at, kind).or_else(|| self.foreign_name(at, kind));
        };
        if kind == NameCue::Surname {
            // «百姓», «同姓»; «姓周的», «姓刘，» but not «姓方便».
            let other_word = self.before(cue).is_some_and(|c| "百同".contains(c));
            return (!other_word && self.breaks(at + family)).then_some(at..at + family);
        }
        // Before a title the surname alone is taken out, by the title.
        if TITLES.iter().any(|title| self.starts_with(at + family, title)) {
            return None;
        }
        let alone = || self.given_at(at + family).map(|given| at..at + family + given);
        let in_part =
            || role_name(self.from(at), family, |end| self.breaks(at + end)).map(|end| at..at + end);
        let named = match kind {
            NameCue::Name => alone(),
            NameCue::Introduction => alone().filter(|name| self.breaks(name.end)),
            NameCue::Alone => alone().filter(|name| self.breaks(name.end)).or_else(in_part),
            NameCue::Role => in_part(),
            NameCue::Surname => None,
        };
        named.or_else(|| self.child_of(at, kind))
    }

    /// A name of sounds behind a cue; behind «我是» only a long one.
    fn foreign_name(&self, at: usize, kind: NameCue) -> Option<CharRange> {
        let least = match kind {
            NameCue::Name | NameCue::Alone => 2,
            NameCue::Introduction => 3,
            NameCue::Role | NameCue::Surname => return None,
        };
        foreign::behind_cue(self, at).filter(|length| *length >= least).map(|length| at..at + length)
    }

    /// Behind a cue that something links to it, a name may be a word besides («实名是方便。»), and the surname
    /// one that is an everyday word («我叫时光。», «我姓向，»).
    fn rare_name(&self, at: usize, kind: NameCue) -> Option<CharRange> {
        if !self.char(at).is_some_and(rare_surname) {
            return None;
        }
        let linked = self.before(at).is_some_and(|c| "是: 叫为系的".contains(c));
        match kind {
            NameCue::Surname => self.breaks(at + 1).then_some(at..at + 1),
            NameCue::Name | NameCue::Alone if linked => (1..=2)
                .find(|given| {
                    self.from(at + 1).iter().take(*given).all(|c| is_given(*c) || "便女".contains(*c))
                        && self.ends_name(at + 1 + given)
                })
                .map(|given| at..at + 1 + given),
            _ => self.child_of(at, kind),
        }
    }

    /// Nothing but a mark, a blank or the end follows.
    fn ends_name(&self, at: usize) -> bool {
        self.char(at).is_none_or(|c| !c.is_alphanumeric())
    }

    /// «我是任何的妈妈».
    fn child_of(&self, at: usize, kind: NameCue) -> Option<CharRange> {
        let family = self.char(at).is_some_and(rare_surname) && kind == NameCue::Introduction;
        let relative = |at: usize| {
            ["的妈", "的爸", "的母亲", "的父亲", "的儿子", "的女儿", "的老公", "的老婆", "的爱人", "的家属"]
                .iter()
                .any(|word| self.starts_with(at, word))
        };
        (2..=3)
            .find(|length| family && relative(at + length))
            .map(|length| at..at + length)
            .filter(|name| self.from(name.start + 1).iter().take(name.len() - 1).all(|c| is_given(*c)))
    }

    /// «计师傅», «等柴主任»: a rare surname directly before a title, where a thought begins.
    fn rare_before_title(&self, title: usize) -> Option<CharRange> {
        let start = title.checked_sub(1)?;
        let begins = self.before(start).is_none_or(|c| {
            !c.is_alphanumeric() || "的了你们请找是给叫跟让个等问好您谢到被由期天次回拜午晨晚小老".contains(c)
        });
        // «谢谢奶奶», «祝太太早日好», «由于师傅没来».
        let wish = self.char(start).is_some_and(|c| "谢謝祝哈".contains(c))
            || surname(None, self.from(start)).is_some();
        if self.char(start).is_some_and(rare_surname) && !wish && begins && !begins_a_word(self.from(start)) {
            return Some(start..title);
        }
        // «艾力大哥»
        let first = (2..=4).rev().filter_map(|length| title.checked_sub(length)).find(|start| {
            self.before(*start).is_none_or(|c| !c.is_alphanumeric())
                && foreign::is_written_so(self, *start..title)
        })?;
        Some(first..title)
    }

    /// «阿强话你哋送部手机»
    fn familiar(&self, at: usize) -> Option<CharRange> {
        let begins =
            self.before(at).is_none_or(|c| !c.is_alphanumeric() || "的你叫是找跟和问给同俾让请".contains(c));
        let common = self.char(at + 1).is_some_and(is_common_given);
        let speaks = self.breaks(at + 2)
            || self.char(at + 2).is_some_and(|c| "话讲帮来去给叫系嘅打办用把跟".contains(c));
        (begins && common && speaks).then_some(at..at + 2)
    }

    /// «单名一个磊字»
    fn only_given(&self, at: usize) -> Option<CharRange> {
        let name = ["单名一个", "单名个", "单名叫", "单名", "单字"]
            .iter()
            .find(|cue| self.starts_with(at, cue))
            .map(|cue| at + cue.chars().count())?;
        let ends = self.char(name + 1).is_none_or(|c| c == '字' || !c.is_alphanumeric());
        (ends && self.char(name).is_some_and(is_given)).then_some(name..name + 1)
    }

    /// Length of the given name at `at`, behind a surname that a cue announced.
    fn given_at(&self, at: usize) -> Option<usize> {
        let rest = self.from(at);
        let given = given_behind_cue(rest);
        if given == 0 || goes_on(rest) {
            return None;
        }
        let short = given == 2 && goes_on(self.from(at + 1));
        Some(if short { 1 } else { given })
    }

    /// «我姓王，王小明», «我姓欧阳，叫欧阳娜娜»: the same surname again, now with the given name.
    fn full_name_behind(&self, surname: &CharRange) -> Option<CharRange> {
        let name = self.slice(surname);
        let start = (surname.end..surname.end + MAX_BETWEEN).find(|at| {
            self.before(*at).is_some_and(|c| " ,。:叫是名".contains(c)) && self.starts_with(*at, &name)
        })?;
        let family = crate::redact::surnames::surname(None, self.from(start))?;
        self.given_at(start + family).map(|given| start..start + family + given)
    }

    /// The name before the title at `title`: the longest that may be one.
    fn before_title(&self, title: usize) -> Option<CharRange> {
        (1..=MAX_NAME.min(title)).rev().find_map(|length| {
            let start = title - length;
            let family = self.surname_at(start).filter(|family| *family <= length && length <= family + 2)?;
            let given = self.only.get(start + family..title)?;
            // «谢汪律师您教了我» thanks somebody.
            let thanks =
                self.char(start) == Some('谢') && length == 2 && self.surname_at(start + 1).is_some();
            if thanks {
                return None;
            }
            given.iter().all(|c| is_given(*c)).then_some(start..title)
        })
    }

    fn before_short_title(&self, title: usize) -> Option<CharRange> {
        let c = self.char(title).filter(|c| SHORT_TITLES.contains(*c))?;
        let start = title.checked_sub(1)?;
        let speaks = self.char(title + 1).is_some_and(|c| "说给让来跟答叫把今明昨".contains(c));
        if self.surname_at(start)? != 1 || !(speaks || self.breaks(title + 1)) {
            return None;
        }
        // «张总是打不通», «王总的» say nothing certain; «陈总您好», «赵总说» do.
        let always =
            c == '总' && self.char(title + 1).is_some_and(|c| matches!(c, '是' | '的' | '在' | '我'));
        (!always).then_some(start..title)
    }

    /// «我是装维的小周», «谢谢你小林»: the surname behind «小».
    fn nickname(&self, at: usize) -> Option<CharRange> {
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
    fn masked(&self, at: usize) -> Option<CharRange> {
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
