//! Finds digits, written or spoken, and groups them into runs.
//!
//! A transcript holds one number in many spellings: `199 0000 1234`, `幺九九 零零零零 嗯 幺二三四`,
//! `199四个零1234`. A pattern for each spelling of each kind of number would never end, so spelling is
//! dealt with here, once, and `number` sees nothing but digits and the gaps between them.

use super::numerals::{between_digits, is_mark, is_measure, looks_like, numeral};

/// How two groups of digits are kept apart. Later members hold less firmly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Gap {
    /// Nothing stands between them: the boundary is only suspected, as before the hour in
    /// «…幺二三四五点».
    None,
    /// Blanks, hyphens or brackets, as people write numbers.
    Blank,
    /// One mark without blanks: `138.0000.1234`, but also `192.168.1.1` and `1000/200`.
    Mark,
    /// Punctuation or a filler such as «嗯».
    Filler,
    /// Another utterance.
    Turn,
}

/// Digits without anything between them.
#[derive(Debug, Clone)]
pub(super) struct Block {
    /// `0`–`9`, `x` for the check character of an identity card, `*` for a masked digit.
    pub(super) digits: Vec<u8>,
    /// First byte in the normalised text.
    pub(super) from: usize,
    /// One past the last byte in the normalised text.
    pub(super) to: usize,
    /// How many of them are Chinese numerals.
    pub(super) spoken: usize,
    /// How many of them stand in multiples such as «三个零».
    pub(super) multiplied: usize,
    /// Whether it may be a quantity («五点», «三年») instead of part of a number.
    pub(super) measured: bool,
    /// What separates it from the block before.
    pub(super) gap: Gap,
}

/// Blocks with nothing but gaps between them.
#[derive(Debug, Clone)]
pub(super) struct Run {
    /// At least one.
    pub(super) blocks: Vec<Block>,
    /// Nothing but gaps stands before it in its utterance.
    pub(super) opens: bool,
    /// Nothing but gaps stands after it in its utterance.
    pub(super) closes: bool,
}

/// Longest gap inside a number, in characters: «，嗯，那个，就是，».
const MAX_GAP: usize = 10;
/// Digits before the check character of an identity card (GB 11643).
const ID_BODY: usize = 17;
/// Digits before it in the last group.
const ID_TAIL: usize = 3;
/// Digits of a mobile number behind its first one.
const MOBILE_REST: usize = 10;
/// Fewer masks than this are punctuation or emphasis.
const MIN_MASK: usize = 3;
/// No group of digits is longer, for what letters among them may stand for.
const MAX_GROUP: usize = 20;

/// What people say while they look for the next digits. Longer ones first where one begins another.
const FILLERS: &[&str] = &[
    "中间", "尾号", "前面", "就是", "那个", "这个", "然后", "后面", "后边", "横杠", "空格", "斜杠", "横线",
    "最后", "接着", "对吧", "对吗", "是吧", "是吗", "没错", "好的", "收到", "嗯", "呃", "额", "啊", "哦",
    "噢", "唔", "诶", "哎", "是", "杠", "对", "再", "吧", "吗", "呢", "哈", "好", "呀", "嘛",
];
/// Announces which digits come next.
const PLACES: &[&str] =
    &["中间是", "前三位", "前四位", "中间四位", "后四位", "后三位", "后两位", "最后四位", "末四位"];

/// Finds the runs of `text`, in order.
pub(super) fn runs(text: &str) -> Vec<Run> {
    if !text.chars().any(|c| numeral(c).is_some()) {
        return Vec::new();
    }
    Lexer { chars: text.char_indices().collect(), end: text.len() }.runs()
}

/// One symbol that stands for digits.
struct Symbol {
    digit: u8,
    times: usize,
    /// Characters it takes.
    chars: usize,
    spoken: bool,
}

struct Lexer {
    chars: Vec<(usize, char)>,
    end: usize,
}

impl Lexer {
    fn char(&self, at: usize) -> Option<char> {
        self.chars.get(at).map(|(_, c)| *c)
    }

    fn byte(&self, at: usize) -> usize {
        self.chars.get(at).map_or(self.end, |(byte, _)| *byte)
    }

    fn runs(&self) -> Vec<Run> {
        let mut runs = Vec::new();
        let lead = self.separators_end(0);
        let mut at = 0;
        while at < self.chars.len() {
            let (blocks, next) = self.blocks(at);
            // Masks alone are no number: «***».
            if blocks.iter().any(|block| block.digits.iter().any(u8::is_ascii_digit)) {
                let closes = self.separators_end(next) == self.chars.len();
                runs.push(Run { blocks, opens: at <= lead, closes });
            }
            at = next.max(at + 1);
        }
        runs
    }

    /// The blocks of the run that starts at `start`, none if there is none, and the character after
    /// it.
    fn blocks(&self, start: usize) -> (Vec<Block>, usize) {
        let mut blocks: Vec<Block> = Vec::new();
        let mut count = 0;
        let mut at = start;
        let mut gap = Gap::None;
        let mut fresh = true;
        loop {
            let Some(symbol) = self.symbol(at, count, fresh) else {
                if blocks.is_empty() {
                    break;
                }
                let Some((wider, next)) = self.gap(at) else { break };
                if self.symbol(next, count, true).is_none() {
                    break;
                }
                (gap, at, fresh) = (wider, next, true);
                continue;
            };
            let next = at + symbol.chars;
            let alone = (symbol.spoken && self.char(next).is_some_and(is_measure))
                || (symbol.digit == b'x' && count < ID_BODY);
            let digits = std::iter::repeat_n(symbol.digit, symbol.times);
            let spoken = if symbol.spoken { symbol.times } else { 0 };
            let multiplied = if symbol.times > 1 { symbol.times } else { 0 };
            count += symbol.times;
            match blocks.last_mut() {
                Some(block) if !fresh && !alone => {
                    block.digits.extend(digits);
                    block.to = self.byte(next);
                    block.spoken += spoken;
                    block.multiplied += multiplied;
                }
                _ => blocks.push(Block {
                    digits: digits.collect(),
                    from: self.byte(at),
                    to: self.byte(next),
                    spoken,
                    multiplied,
                    measured: alone,
                    gap,
                }),
            }
            (gap, at, fresh) = (Gap::None, next, false);
        }
        (blocks, at)
    }

    /// The symbol at `at`; `count` digits of the run stand before it, directly unless `fresh`.
    fn symbol(&self, at: usize, count: usize, fresh: bool) -> Option<Symbol> {
        let c = self.char(at)?;
        let one = |digit, spoken| Some(Symbol { digit, times: 1, chars: 1, spoken });
        if let Some(multiple) = self.multiple(at) {
            return Some(multiple);
        }
        if let Some((digit, spoken)) = numeral(c) {
            return one(digit, spoken);
        }
        if let Some(digit) = self.radio(at, count, fresh) {
            return one(digit, true);
        }
        if let Some(digit) = looks_like(c).filter(|_| self.is_disguised(at, count)) {
            return one(digit, false);
        }
        // The last group of a card may be dictated alone: «零零二叉».
        if count >= ID_BODY || (count >= ID_TAIL && !fresh) {
            self.check_character(at).or_else(|| self.mask(at))
        } else {
            self.mask(at)
        }
    }

    /// «洞», «拐» and what else is a digit only among digits.
    fn radio(&self, at: usize, count: usize, fresh: bool) -> Option<u8> {
        let (digit, firm) = between_digits(self.char(at)?)?;
        let digits_at = |at| {
            self.char(at)
                .is_some_and(|c| numeral(c).is_some() || between_digits(c).is_some_and(|(_, firm)| firm))
        };
        let before = at.checked_sub(1).and_then(|at| self.char(at));
        let word = before.is_some_and(|c| "什怎那这多要甚".contains(c));
        let is_digit = if firm {
            !fresh || (digits_at(at + 1) && (count > 0 || digits_at(at + 2)))
        } else if fresh && self.char(at) == Some('要') {
            // «要五二八八四零六幺三七»: what a recogniser makes of «幺» before the other ten digits.
            count == 0
                && (at + 1..=at + MOBILE_REST).all(digits_at)
                && !digits_at(at + MOBILE_REST + 1)
                && self.char(at + 1).is_none_or(|c| numeral(c).is_none_or(|(digit, _)| digit >= b'3'))
        } else if fresh {
            self.char(at) == Some('么') && !word && digits_at(at + 1) && digits_at(at + 2)
        } else {
            digits_at(at + 1)
        };
        is_digit.then_some(digit)
    }

    /// Whether the letter at `at` stands for a digit: in a group of nothing but digits and letters that look
    /// like some, in which two are digits, or in one of nothing but `o` behind digits.
    fn is_disguised(&self, at: usize, count: usize) -> bool {
        let of_group = |c: &char| c.is_ascii_alphanumeric();
        let back = (0..at).rev().take(MAX_GROUP).map_while(|at| self.char(at).filter(of_group));
        let ahead = (at..).take(MAX_GROUP).map_while(|at| self.char(at).filter(of_group));
        let group: Vec<char> = back.chain(ahead).collect();
        let digits = group.iter().filter(|c| c.is_ascii_digit()).count();
        let alike = group.iter().all(|c| c.is_ascii_digit() || looks_like(*c).is_some());
        alike && group.len() >= 3 && (digits >= 2 || (count > 0 && group.iter().all(|c| *c == 'o')))
    }

    /// The check character of an identity card that is no digit.
    fn check_character(&self, at: usize) -> Option<Symbol> {
        let one = |spoken, chars| Some(Symbol { digit: b'x', times: 1, chars, spoken });
        match self.char(at)? {
            'x' if !self.char(at + 1).is_some_and(|c| c.is_ascii_alphanumeric()) => one(false, 1),
            '叉' => one(true, 1),
            _ if self.starts_with(at, "艾克斯") => one(true, 3),
            _ => None,
        }
    }

    /// «三个零», «俩八», `4个0`.
    fn multiple(&self, at: usize) -> Option<Symbol> {
        let (times, short) = match self.char(at)? {
            '两' => (2, false),
            '俩' => (2, true),
            '仨' => (3, true),
            c => match numeral(c)?.0 {
                digit @ b'2'..=b'9' => (usize::from(digit - b'0'), false),
                _ => return None,
            },
        };
        let many = self.char(at + 1) == Some('个');
        if !many && !short {
            return None;
        }
        let chars = if many { 3 } else { 2 };
        let (digit, spoken) = numeral(self.char(at + chars - 1)?)?;
        // «两个七百五», «两个750».
        let quantity = self.char(at + chars).is_some_and(|c| {
            matches!(c, '十' | '百' | '千' | '万' | '亿') || (!spoken && c.is_ascii_digit())
        });
        (!quantity).then_some(Symbol { digit, times, chars, spoken: true })
    }

    /// Three or more masks in a row: `138****0001`, `138xxxx0001`.
    fn mask(&self, at: usize) -> Option<Symbol> {
        let c = self.char(at).filter(|c| matches!(c, '*' | 'x' | '•' | '●' | '×' | '#'))?;
        let times = self.chars.iter().skip(at).take_while(|(_, other)| *other == c).count();
        (times >= MIN_MASK).then_some(Symbol { digit: b'*', times, chars: times, spoken: false })
    }

    /// The gap that starts at `start` and the character after it, if there is one of bearable
    /// length.
    fn gap(&self, start: usize) -> Option<(Gap, usize)> {
        let mut at = start;
        let mut widest = Gap::None;
        while at - start <= MAX_GAP {
            let Some((gap, chars)) = self.separator(at) else { break };
            widest = widest.max(gap);
            at += chars;
        }
        (at > start && at - start <= MAX_GAP).then_some((widest, at))
    }

    /// The first character from `at` on that belongs to no separator.
    fn separators_end(&self, mut at: usize) -> usize {
        while let Some((_, chars)) = self.separator(at) {
            at += chars;
        }
        at
    }

    fn separator(&self, at: usize) -> Option<(Gap, usize)> {
        let c = self.char(at)?;
        if c.is_whitespace() || matches!(c, '-' | '—' | '–' | '‐' | '−' | '(' | ')' | '_') {
            return Some((Gap::Blank, 1));
        }
        let beside_blank = self.char(at + 1).is_none_or(char::is_whitespace);
        let repeated =
            self.char(at + 1) == Some(c) || at.checked_sub(1).and_then(|at| self.char(at)) == Some(c);
        if is_mark(c) && !beside_blank && !repeated {
            return Some((Gap::Mark, 1));
        }
        if matches!(c, ',' | '、' | '。' | '.' | ';' | '~' | '·' | '!' | '?' | '"' | '“' | '”') {
            return Some((Gap::Filler, 1));
        }
        let filler = PLACES.iter().chain(FILLERS).find(|filler| self.starts_with(at, filler))?;
        Some((Gap::Filler, filler.chars().count()))
    }

    fn starts_with(&self, at: usize, word: &str) -> bool {
        word.chars().enumerate().all(|(offset, c)| self.char(at + offset) == Some(c))
    }
}
