//! Finds names of other peoples: those written with a dot («古丽娜尔·艾买提»), and behind a cue those of more
//! characters than a Chinese name has («我叫卓玛央金»).
//!
//! Their characters only write sounds, so what belongs to the name is told by the dictionary: a word of everyday
//! speech ends it.

use crate::domain::RedactionKind;

use super::chars::{CharRange, Text};
use super::dictionary::DICTIONARY;
use super::line::{Hit, SearchedLine};

/// The longest part of such a name.
const MAX_PART: usize = 8;
/// The longest name without a dot.
const MAX_WHOLE: usize = 6;
/// Words more frequent than this (minus the logarithm of the share) are everyday words.
const EVERYDAY: f64 = 11.5;
/// Single characters that no such name holds.
const NOT_SOUNDS: &str =
    "我你他她您们的了是在叫这那说给跟找让请把被很没还有个和说要来去打问就也啥什么谁户主机客";

/// Finds names with a dot in one line.
pub(super) fn find(line: &mut SearchedLine) {
    if !line.text().contains(['·', '•', '・', '‧']) {
        return;
    }
    let text = Text::of(line.text());
    let dots = text.only.iter().enumerate().filter(|(_, c)| matches!(c, '·' | '•' | '・' | '‧'));
    let places: Vec<CharRange> = dots.filter_map(|(dot, _)| dotted(&text, dot)).collect();
    for place in places {
        line.mark(Hit { from: text.byte(place.start), to: text.byte(place.end), kind: RedactionKind::Name });
    }
}

fn dotted(text: &Text, dot: usize) -> Option<CharRange> {
    let han = |c: &char| ('\u{4e00}'..='\u{9fff}').contains(c);
    let left = (0..dot).rev().take(MAX_PART).take_while(|at| text.char(*at).is_some_and(|c| han(&c))).count();
    let right = text.from(dot + 1).iter().take(MAX_PART).take_while(|c| han(c)).count();
    let before = text.slice(&(dot - left..dot));
    let behind = text.slice(&(dot + 1..dot + 1 + right));
    // «滨江·御品苑» is an estate.
    if behind.contains(['苑', '园', '府', '城', '湾', '庭', '郡', '轩', '墅', '邸']) {
        return None;
    }
    let start: usize =
        parts(&before).iter().rev().take_while(|(_, sound)| *sound).map(|(chars, _)| chars).sum();
    let end: usize = parts(&behind).iter().take_while(|(_, sound)| *sound).map(|(chars, _)| chars).sum();
    (start >= 1 && end >= 1 && start + end >= 3).then(|| dot - start..dot + 1 + end)
}

/// The words of `text`: how many characters each has, and whether it may write sounds.
fn parts(text: &str) -> Vec<(usize, bool)> {
    let words = DICTIONARY.weigh(text);
    words
        .map(|word| {
            let chars = word.text.chars().count();
            let sound = if chars == 1 {
                !NOT_SOUNDS.contains(word.text)
            } else {
                word.person || word.cost > EVERYDAY
            };
            (chars, sound)
        })
        .collect()
}

/// Characters with which the sounds of such names are written.
const SOUNDS: &str = "阿艾安昂奥巴白班宝贝比卜布才查朝次措达丹旦道德登迪丁东多额尔法嘎甘高格根古贡哈海合和胡吉加嘉坚江金卡凯克库拉来兰朗勒乐里丽力林罗洛玛马麦买曼毛梅米明莫木姆那娜乃妮尼宁诺努帕培普其齐恰青琼曲热仁日如茹瑞萨赛桑色沙尚莎斯苏索塔台泰特提天图吐托娃旺维卫乌吾西希夏央耶叶依伊益英扎西顿珠永玉云赞泽扎增占珍孜珠卓旦顿迦音苔孜其木勒";

/// Length of the name that stands between a cue and the next break, if it is made of sounds alone.
pub(super) fn behind_cue(text: &Text, at: usize) -> Option<usize> {
    let length = text
        .from(at)
        .iter()
        .take_while(|c| ('\u{4e00}'..='\u{9fff}').contains(*c))
        .take(MAX_WHOLE + 1)
        .count();
    ((2..=MAX_WHOLE).contains(&length) && is_written_so(text, at..at + length)).then_some(length)
}

/// Whether nothing but sounds of such a name stands at `place`.
pub(super) fn is_written_so(text: &Text, place: CharRange) -> bool {
    let written = text.from(place.start).iter().take(place.len()).all(|c| SOUNDS.contains(*c));
    let laughs = text.slice(&place).contains("哈哈");
    written && !laughs && parts(&text.slice(&place)).iter().all(|(_, sound)| *sound)
}
