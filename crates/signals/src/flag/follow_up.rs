//! What of a contact asks for somebody to come back to the customer. It raises no flag: nothing of it is about whoever served.

use super::shared::texts;
use tingxin_text::domain::{
    Cue, CueKind, Flag, FollowUp, NoteOutcome, Rule, ScoredContact, ScoredText, Speaker,
};

/// Words of coming back to somebody, within a promise or a time limit.
const COMING_BACK: [&str; 7] = ["回访", "回电", "回复", "个电话", "联系", "答复", "反馈"];

/// What customers say whose earlier matter was not settled.
///
/// **Source**: set by the project, from its samples. Not in the word lists: their version names the engine, and every contact
/// would be read anew although no reading changes.
const UNSETTLED: [&str; 16] = [
    "没解决",
    "没有解决",
    "未解决",
    "没处理",
    "没有处理",
    "没给我解决",
    "没人联系",
    "没有人联系",
    "没人回访",
    "没给我回",
    "没人管",
    "还是不行",
    "还是没",
    "还是老样子",
    "又坏了",
    "又断了",
];

/// Rules whose flags ask for a call back.
const ASKING: [Rule; 3] = [Rule::NegativeEnding, Rule::LikelyDissatisfied, Rule::ReportedDistress];

/// Units of time that people promise in, with their hours.
const UNITS: [(&str, u32); 6] =
    [("小时", 1), ("工作日", 24), ("天", 24), ("日内", 24), ("星期", 168), ("周", 168)];

/// Most hours that are believed: a longer promise is read as the usual time.
const MOST_HOURS: u32 = 720;

/// What asks for somebody to come back to the customer; `None` where nothing does.
pub(crate) fn follow_up(contact: &ScoredContact, flags: &[Flag]) -> Option<FollowUp> {
    let mut found = FollowUp::default();
    for (_, speaker, text) in texts(contact) {
        for words in text.segmented.cues.iter().filter_map(|cue| promise(speaker, text, cue)) {
            found.promised = true;
            found.promised_hours = found.promised_hours.or_else(|| hours(words));
        }
        found.unsettled |= says_unsettled(speaker, text);
    }
    let asked = flags.iter().any(|flag| ASKING.contains(&flag.rule));
    (found.promised || found.unsettled || asked).then_some(found)
}

/// The words with which staff promise to come back.
fn promise<'a>(speaker: Option<Speaker>, text: &'a ScoredText, cue: &Cue) -> Option<&'a str> {
    let promises = match speaker {
        Some(Speaker::Agent) => matches!(cue.kind, CueKind::DeadlineTold | CueKind::ComplaintTaken),
        Some(Speaker::Customer | Speaker::System) => false,
        None => cue.kind == CueKind::Outcome(NoteOutcome::Promised),
    };
    let words = cue.span.slice(text.segmented.line.text.as_str());
    (promises && COMING_BACK.iter().any(|word| words.contains(word))).then_some(words)
}

fn says_unsettled(speaker: Option<Speaker>, text: &ScoredText) -> bool {
    match speaker {
        Some(Speaker::Customer) => {
            let words = text.segmented.scored();
            UNSETTLED.iter().any(|phrase| words.contains(phrase))
        }
        Some(Speaker::Agent | Speaker::System) => false,
        None => {
            let mut cues = text.segmented.cues.iter();
            cues.any(|cue| cue.kind == CueKind::Outcome(NoteOutcome::Unresolved))
        }
    }
}

/// The hours of a promise such as «24小时内» or «两个工作日».
fn hours(words: &str) -> Option<u32> {
    let of_unit = |(unit, each): &(&str, u32)| {
        let (before, _) = words.split_once(unit)?;
        Some(number_before(before)?.saturating_mul(*each))
    };
    UNITS.iter().find_map(of_unit).filter(|hours| (1..=MOST_HOURS).contains(hours))
}

/// The number with which a text ends, with or without a measure word.
fn number_before(text: &str) -> Option<u32> {
    let text = text.trim_end_matches(['个', ' ']);
    let digits: String = text.chars().rev().take_while(char::is_ascii_digit).collect();
    if !digits.is_empty() {
        return digits.chars().rev().collect::<String>().parse().ok();
    }
    let numerals: Vec<char> =
        text.chars().rev().take_while(|c| *c == '十' || numeral(*c).is_some()).collect();
    if numerals.is_empty() {
        return None;
    }
    // «二十四»: tens before the sign, ones after it.
    let (mut value, mut ones) = (0, 0);
    for c in numerals.into_iter().rev() {
        if let Some(digit) = numeral(c) {
            ones = digit;
        } else {
            value += if ones == 0 { 10 } else { ones * 10 };
            ones = 0;
        }
    }
    Some(value + ones)
}

fn numeral(c: char) -> Option<u32> {
    let at = "一二三四五六七八九".chars().position(|one| one == c);
    match (at, c) {
        (Some(at), _) => u32::try_from(at + 1).ok(),
        (None, '两') => Some(2),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_promise_tells_its_hours() {
        for (words, told) in [
            ("承诺24小时内回访", Some(24)),
            ("四十八小时内给您答复", Some(48)),
            ("两个工作日内给您回复", Some(48)),
            ("三天内联系您", Some(72)),
            ("十二小时内回电", Some(12)),
            ("尽快给您回电", None),
            ("9999小时内回电", None),
        ] {
            assert_eq!(hours(words), told, "{words}");
        }
    }
}
