//! One line of plain text: `[3] [00:01:05] 客服A1001：您好`.

use super::columns;
use crate::domain::{Speaker, UtcMillis};

/// When a line was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stamp {
    /// At a date and a time of day.
    Moment(UtcMillis),
    /// So many milliseconds after the start, or after midnight; maybe until a second such time.
    Clock(u64, Option<u64>),
}

/// A line that names its speaker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TurnLine<'a> {
    pub(super) speaker: Speaker,
    pub(super) stamp: Option<Stamp>,
    pub(super) text: &'a str,
}

/// Longest remark in brackets after a speaker, such as a work number, in bytes.
const MAX_REMARK: usize = 64;

/// Reads a line that begins with who speaks; number of the turn and time may stand before that, and
/// work number and time after it.
pub(super) fn parse(line: &str) -> Option<TurnLine<'_>> {
    let (mut rest, mut stamp) = (line.trim_start(), None);
    loop {
        let (found, after) = match bracketed(rest) {
            Some((inner, after)) if is_ordinal(inner) => (None, after),
            Some((inner, after)) => (Some(stamp_of(inner)?), after),
            None => match leading_stamp(rest).map(|(found, after)| (Some(found), after)) {
                Some(found) => found,
                None => match leading_ordinal(rest) {
                    Some(after) => (None, after),
                    None => break,
                },
            },
        };
        stamp = stamp.or(found);
        rest = after.trim_start();
    }
    let label = label(rest)?;
    Some(TurnLine { speaker: label.speaker, stamp: stamp.or(label.stamp), text: label.after.trim() })
}

/// Who speaks, and what follows the colon.
struct SpeakerLabel<'a> {
    speaker: Speaker,
    stamp: Option<Stamp>,
    after: &'a str,
}

/// «客服», «客服A1001», «客服王芳», «客服（A1001）00:01:05», and a colon.
fn label(text: &str) -> Option<SpeakerLabel<'_>> {
    let (speaker, after) = columns::SPEAKERS.iter().find_map(|(word, speaker)| {
        let head = text.get(..word.len())?;
        head.eq_ignore_ascii_case(word).then(|| (*speaker, text.get(word.len()..).unwrap_or_default()))
    })?;
    let after = after.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '-');
    let mut after = name(after).unwrap_or(after).trim_start();
    let mut stamp = None;
    if let Some((inner, beyond)) = bracketed(after)
        && inner.len() <= MAX_REMARK
    {
        stamp = stamp_of(inner);
        after = beyond.trim_start();
    }
    let mut ends_in_time = false;
    if let Some((found, beyond)) = leading_stamp(after) {
        stamp = stamp.or(Some(found));
        after = beyond.trim_start();
        ends_in_time = true;
    }
    match after.strip_prefix(['：', ':']) {
        Some(after) => Some(SpeakerLabel { speaker, stamp, after }),
        // Chat exports write «客服 2026-11-01 08:00:05» above what was said.
        None if after.is_empty() && ends_in_time => Some(SpeakerLabel { speaker, stamp, after }),
        None => None,
    }
}

/// Longest name behind a speaker, in characters: «王芳», «欧阳女士».
const MAX_NAME: usize = 4;

/// Characters that make another word of a speaker, or a sentence: «客户端：», «客户说：», «用户名：».
const NO_NAME: &str = "端说說讲講问問称稱反要表回投来來号號服名姓电電联聯地编編信类類级級身证證群满滿资資评評态態情诉訴申办辦方侧側那这這本自的是在因无無";

/// What follows the name that the text begins with, if a colon, a bracket or a time does.
fn name(text: &str) -> Option<&str> {
    let end = text.find(|c: char| !('一'..='鿿').contains(&c))?;
    let (name, after) = text.split_at_checked(end)?;
    let named = (1..=MAX_NAME).contains(&name.chars().count()) && !name.starts_with(|c| NO_NAME.contains(c));
    named.then_some(after)
}

/// A speaker who is named inside a line.
struct InnerLabel<'a> {
    at: usize,
    label: SpeakerLabel<'a>,
    /// Whether the name stands behind a word without a space.
    glued: bool,
}

/// Both sides speak on one line, and it cannot be told where the one ends.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Ambiguous;

/// What was said before the first speaker that a text names inside, and the turns after that.
///
/// A name behind a space or a mark begins a turn. Behind a word it may be a word itself («我是客户：…»),
/// unless both sides are named in turn, as in exports that write a whole call on one line.
pub(super) fn inside(text: &str) -> Result<(&str, Vec<TurnLine<'_>>), Ambiguous> {
    let mut found: Vec<InnerLabel<'_>> = Vec::new();
    let (mut previous, mut from) = (None, 0);
    for (at, c) in text.char_indices() {
        let word = previous.is_some_and(|before: char| before.is_ascii_alphanumeric());
        if at >= from
            && at > 0
            && !word
            && let Some(label) = text.get(at..).and_then(label)
            && !label.after.is_empty()
        {
            from = text.len() - label.after.len();
            found.push(InnerLabel { at, label, glued: previous.is_some_and(char::is_alphanumeric) });
        }
        previous = Some(c);
    }
    let in_turn = found.windows(2).all(|pair| match pair {
        [one, other] => one.label.speaker != other.label.speaker,
        _ => true,
    });
    if found.iter().any(|inner| inner.glued) && !(found.len() > 1 && in_turn) {
        return Err(Ambiguous);
    }
    let ends = found.iter().skip(1).map(|inner| inner.at).chain([text.len()]);
    let before = text.get(..found.first().map_or(text.len(), |inner| inner.at)).unwrap_or_default();
    let turns = found.iter().zip(ends).map(|(InnerLabel { label, .. }, end)| {
        let words = text.get(text.len() - label.after.len()..end).unwrap_or_default();
        TurnLine { speaker: label.speaker, stamp: label.stamp, text: words.trim() }
    });
    Ok((before.trim_end(), turns.collect()))
}

/// What stands in the brackets that the text begins with, and what follows them.
fn bracketed(text: &str) -> Option<(&str, &str)> {
    let close = match text.chars().next()? {
        '[' => ']',
        '【' => '】',
        '(' => ')',
        '（' => '）',
        '<' => '>',
        _ => return None,
    };
    let (inner, after) = text.split_once(close)?;
    let mut inside = inner.chars();
    inside.next();
    Some((inside.as_str().trim(), after))
}

/// «3», «轮次3», «第3轮», «#3».
fn is_ordinal(text: &str) -> bool {
    let number =
        text.trim_start_matches(['第', '轮', '次', '#', ' ']).trim_end_matches(['轮', '次', '句', ' ']);
    !number.is_empty() && number.len() <= 6 && number.bytes().all(|byte| byte.is_ascii_digit())
        || matches!(text, "轮次" | "轮")
}

/// «3.», «3、», «3)», «第3轮».
fn leading_ordinal(text: &str) -> Option<&str> {
    let named = text.strip_prefix('第');
    let text = named.unwrap_or(text);
    let after = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = text.len() - after.len();
    if digits == 0 || digits > 6 {
        return None;
    }
    if named.is_some() {
        return after.strip_prefix(['轮', '句']);
    }
    after
        .strip_prefix(['.', '、', '．', ')', '）'])
        .or_else(|| after.starts_with([' ', '\t']).then_some(after))
}

/// The time that the text begins with, and what follows it.
fn leading_stamp(text: &str) -> Option<(Stamp, &str)> {
    let (first, after) = word(text);
    if first.len() < 4 || !first.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    if let Some(clock) = columns::clock(first) {
        return Some((Stamp::Clock(clock, None), after));
    }
    let (second, beyond) = word(after.trim_start());
    if columns::clock(second).is_some()
        && let Some(moment) = columns::moment(&format!("{first} {second}"))
    {
        return Some((Stamp::Moment(moment), beyond));
    }
    first.contains('T').then(|| columns::moment(first)).flatten().map(|moment| (Stamp::Moment(moment), after))
}

/// The characters of a time at the start of the text. A colon before anything but a digit is the
/// one after the speaker.
fn word(text: &str) -> (&str, &str) {
    let mut end = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let belongs = match c {
            '0'..='9' | '-' | '/' | '.' | ',' | '+' | 'T' | 'Z' | '年' | '月' | '日' => true,
            ':' => chars.peek().is_some_and(|(_, next)| next.is_ascii_digit()),
            _ => false,
        };
        if !belongs {
            break;
        }
        end = at + c.len_utf8();
    }
    text.split_at_checked(end).unwrap_or(("", text))
}

fn stamp_of(text: &str) -> Option<Stamp> {
    if let Some((start, end)) = text.split_once(['-', '~', '—', '→'])
        && let (Some(start), Some(end)) =
            (columns::clock(start.trim()), columns::clock(end.trim_matches(['-', '>', ' '])))
    {
        return Some(Stamp::Clock(start, Some(end)));
    }
    let whole = leading_stamp(text).filter(|(_, after)| after.trim().is_empty());
    whole.map(|(stamp, _)| stamp)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speakers_are_found_behind_numbers_times_and_work_numbers() {
        let at = Some(Stamp::Clock(65_000, None));
        let moment = UtcMillis::parse_rfc3339("2026-11-01T08:00:05+08:00").ok().map(Stamp::Moment);
        for (line, speaker, stamp) in [
            ("客服：您好", Speaker::Agent, None),
            (" 客户: 您好 ", Speaker::Customer, None),
            ("[3] 客户：您好", Speaker::Customer, None),
            ("[轮次3] 系统：您好", Speaker::System, None),
            ("1. 坐席：您好", Speaker::Agent, None),
            ("12、座席A1001：您好", Speaker::Agent, None),
            ("第3轮 客户经理：您好", Speaker::Agent, None),
            ("[00:01:05] 员工：您好", Speaker::Agent, at),
            ("00:01:05 customer: 您好", Speaker::Customer, at),
            ("01:05 Agent：您好", Speaker::Agent, at),
            ("【00:01:05.000】 用户：您好", Speaker::Customer, at),
            ("客服（A1001）00:01:05：您好", Speaker::Agent, at),
            ("客服 [00:01:05]：您好", Speaker::Agent, at),
            ("3. [00:01:05 - 00:01:09] 客服：您好", Speaker::Agent, Some(Stamp::Clock(65_000, Some(69_000)))),
            ("2026-11-01 08:00:05 客户：您好", Speaker::Customer, moment),
            ("[2026/11/1 08:00:05] 客户：您好", Speaker::Customer, moment),
            ("2026-11-01T08:00:05+08:00 客户：您好", Speaker::Customer, moment),
        ] {
            assert_eq!(parse(line), Some(TurnLine { speaker, stamp, text: "您好" }), "{line}");
        }
    }

    #[test]
    fn a_name_behind_the_speaker_and_traditional_labels_are_understood() {
        for (line, speaker) in [
            ("客服王芳：您好", Speaker::Agent),
            ("客服小李：您好", Speaker::Agent),
            ("客户王先生：您好", Speaker::Customer),
            ("客戶：您好", Speaker::Customer),
            ("客服人員：您好", Speaker::Agent),
            ("用戶陳小姐: 您好", Speaker::Customer),
        ] {
            assert_eq!(parse(line), Some(TurnLine { speaker, stamp: None, text: "您好" }), "{line}");
        }
    }

    #[test]
    fn speakers_inside_a_line_are_found_or_the_line_is_ambiguous() {
        let said = |text| inside(text).map(|(before, turns)| (before, turns.len()));
        assert_eq!(said("您好请讲客户：我要退费客服：好的"), Ok(("您好请讲", 2)));
        assert_eq!(said("您好请讲。客户：我要退费"), Ok(("您好请讲。", 1)));
        assert_eq!(said("您好 客戶: 我要退費"), Ok(("您好", 1)));
        assert_eq!(said("我是客户：真的"), Err(Ambiguous));
        assert_eq!(said("您好客户：我要退费"), Err(Ambiguous));
        assert_eq!(said("客户端：打不开"), Ok(("客户端：打不开", 0)));
        assert_eq!(said("您的余额是：三十元"), Ok(("您的余额是：三十元", 0)));
    }

    #[test]
    fn a_chat_line_with_name_and_time_has_its_words_below() {
        let turn = parse("客服 08:00:05").map(|turn| (turn.speaker, turn.text));

        assert_eq!(turn, Some((Speaker::Agent, "")));
    }

    #[test]
    fn lines_that_name_no_speaker_are_no_turns() {
        for line in [
            "客户说：不行",
            "我是客户：真的",
            "您好",
            "",
            "客服",
            "[笑] 客户：好",
            "客户端：打不开",
            "：",
            "[",
            "12",
        ] {
            assert_eq!(parse(line), None, "{line}");
        }
    }
}
