//! Text in which who speaks, with the time, stands on a line of its own above the words: exports of 通义听悟, 讯飞听见 and 飞书妙记,
//! chats copied from WeChat and QQ, mailed chats with a line for every day.

use super::super::told::{Document, FileForm, ToldContact, ToldContacts, ToldTurn, When};
use super::super::{columns, roles, voices};
use crate::domain::{Channel, UtcMillis};

/// Exports of recognisers: «发言人1 00:03».
pub(super) struct Minutes;

/// Copied chats: «小李 2026-11-01 10:02», «小李:».
pub(super) struct CopiedChat;

/// Longest name of whoever speaks, in characters.
const NAME: usize = 24;

/// Who speaks on a line of its own, and when.
#[derive(Clone)]
struct TurnHead {
    label: String,
    when: Option<When>,
}

impl FileForm for Minutes {
    fn name(&self) -> &'static str {
        "minutes"
    }

    fn example(&self) -> &'static str {
        "热线回访录音\n2026年11月1日 10:00|3分钟 20秒\n\n文字记录:\n\n客服 00:02\n您好，请问什么事？\n\n客户 00:05\n我家宽带又断了。\n"
    }

    fn recognises(&self, document: &Document<'_>) -> bool {
        let Document::Text(text) = document else { return false };
        !text.lines().any(|line| day(line).is_some())
            && is_headed(text, |when| matches!(when, Some(When::Millis(_))))
    }

    fn contacts(&self, document: &Document<'_>) -> ToldContacts {
        Ok(vec![read(document, None)])
    }
}

impl FileForm for CopiedChat {
    fn name(&self) -> &'static str {
        "wechat"
    }

    fn example(&self) -> &'static str {
        "客服 2026-11-01 10:02:11\n您好，请问什么事？\n\n客户 2026-11-01 10:02:40\n我家宽带又断了。\n"
    }

    fn recognises(&self, document: &Document<'_>) -> bool {
        let Document::Text(text) = document else { return false };
        text.lines().any(|line| day(line).is_some())
            || is_headed(text, |when| !matches!(when, Some(When::Millis(_))))
    }

    fn contacts(&self, document: &Document<'_>) -> ToldContacts {
        Ok(vec![read(document, Some(Channel::Chat))])
    }
}

/// Whether two lines or more are heads, and words follow most of them.
fn is_headed(text: &str, of_kind: impl Fn(&Option<When>) -> bool) -> bool {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).take(400).collect();
    let heads = lines.iter().filter_map(|line| head(line));
    let kinds: Vec<bool> = heads.map(|head| of_kind(&head.when)).collect();
    let fitting = kinds.iter().filter(|fits| **fits).count();
    let followed = lines
        .windows(2)
        .filter(|pair| matches!(pair, [one, next] if head(one).is_some() && head(next).is_none()))
        .count();
    fitting >= 2 && fitting * 2 > kinds.len() && followed * 2 >= kinds.len()
}

/// Words of lines above a record that look like heads and are none.
const TITLES: [&str; 12] = [
    "关键词",
    "文字记录",
    "全文",
    "摘要",
    "全文摘要",
    "章节速览",
    "要点回顾",
    "待办事项",
    "发言总结",
    "时间",
    "主题",
    "创建时间",
];

/// `发言人1 00:03`, `[00:00:03] 说话人2`, `小李 2026-11-01 10:02`,
/// `2026-11-01 10:02:11 小李(10001)`, `小李:`.
fn head(line: &str) -> Option<TurnHead> {
    let line = line.trim().trim_start_matches('\u{feff}');
    if line.is_empty() || line.chars().count() > NAME + 32 {
        return None;
    }
    let ends_in_colon = line.ends_with([':', '：']);
    let words: Vec<&str> = line.split_whitespace().collect();
    let (time_behind, name) = match words.as_slice() {
        [name @ .., day, time] if !name.is_empty() && when(&format!("{day} {time}")).is_some() => {
            (when(&format!("{day} {time}")), name.join(" "))
        }
        [name @ .., time] if !name.is_empty() && when(time).is_some() => (when(time), name.join(" ")),
        [day, time, name @ ..] if !name.is_empty() && when(&format!("{day} {time}")).is_some() => {
            (when(&format!("{day} {time}")), name.join(" "))
        }
        [time, name @ ..] if !name.is_empty() && when(time).is_some() => (when(time), name.join(" ")),
        _ if ends_in_colon => (None, line.to_owned()),
        _ => return None,
    };
    let name = name.trim_end_matches([':', '：']).trim();
    let plausible = (1..=NAME).contains(&name.chars().count())
        && !name.contains(['。', '，', '？', '！', '|', '、', '：', '"', '“'])
        && !TITLES.contains(&name)
        && when(name).is_none();
    plausible.then(|| TurnHead { label: name.to_owned(), when: time_behind })
}

/// A clock or a moment, maybe in brackets, maybe a span.
fn when(text: &str) -> Option<When> {
    let text =
        text.trim().trim_matches(['[', ']', '(', ')', '（', '）', '【', '】']).trim_end_matches([':', '：']);
    let text = text.split_once(['~', '—']).map_or(text, |(start, _)| start).trim();
    if !text.starts_with(|c: char| c.is_ascii_digit()) || !text.contains([':', '：', '时']) {
        return None;
    }
    columns::clock(text).map(When::of_clock).or_else(|| columns::moment(text).map(When::Moment))
}

/// «————— 2026-11-01 —————»: the day of all that follows.
fn day(line: &str) -> Option<UtcMillis> {
    let inner = line.trim().trim_matches(['-', '—', '=', '–', ' ']);
    let is_ruled = line.trim().starts_with(['-', '—', '=', '–']);
    (is_ruled && inner.chars().count() <= 14).then(|| columns::moment(inner)).flatten()
}

/// The record: what stands above the first head is a title.
fn read(document: &Document<'_>, channel: Option<Channel>) -> ToldContact {
    let mut told = ToldContact { channel, ..ToldContact::default() };
    let Document::Text(text) = document else { return told };
    // A colon alone heads a turn only where no time does: «客户说：» inside a record is words.
    let timed = text.lines().filter_map(head).any(|head| head.when.is_some());
    let mut today = None;
    for line in text.lines() {
        let line = line.trim().trim_start_matches('\u{feff}');
        if line.is_empty() {
            continue;
        }
        if let Some(date) = day(line) {
            today = Some(date);
        } else if let Some(TurnHead { label, when }) = head(line).filter(|head| head.when.is_some() || !timed)
        {
            let start = match (when, today) {
                (Some(When::Millis(clock)), Some(date)) => {
                    // Below the line of a day «10:02» is an hour, and elsewhere a minute.
                    let is_hour = line.matches([':', '：']).count() < 2;
                    Some(of_day(date, if is_hour { clock * 60.0 } else { clock }))
                }
                (when, _) => when,
            };
            told.turns.push(ToldTurn { label: Some(label), start, ..ToldTurn::default() });
        } else if let Some(turn) = told.turns.last_mut() {
            if !turn.text.is_empty() {
                turn.text.push('\n');
            }
            turn.text.push_str(line);
        } else if told.started_at.is_none() {
            told.started_at = line.split('|').next().and_then(columns::moment);
        }
    }
    told
}

#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    reason = "a clock shows less than a thousand hours"
)]
fn of_day(date: UtcMillis, clock: f64) -> When {
    When::Moment(date.plus_millis(clock as i64))
}

/// Lines that begin with a voice that recognisers tell apart without knowing whose it is: `SPEAKER_00: 好`, «说话人1：好».
pub(super) struct Neutral;

impl FileForm for Neutral {
    fn name(&self) -> &'static str {
        "labelled-lines"
    }

    fn example(&self) -> &'static str {
        "[00:03.34 - 00:05.99] SPEAKER_00: 您好，请问什么事？\n[00:06.10 - 00:08.02] SPEAKER_01: 我家宽带又断了。\n"
    }

    fn recognises(&self, document: &Document<'_>) -> bool {
        let Document::Text(text) = document else { return false };
        let labels: Vec<String> = text.lines().take(400).filter_map(|line| voiced(line)?.label).collect();
        // Known speakers alone are plain text, which also knows several contacts.
        labels.len() >= 2 && labels.iter().any(|label| voices::is_neutral(label))
    }

    fn contacts(&self, document: &Document<'_>) -> ToldContacts {
        let Document::Text(text) = document else { return Ok(Vec::new()) };
        let mut told = ToldContact::default();
        for line in text.lines() {
            if let Some(turn) = voiced(line) {
                told.turns.push(turn);
            } else if let Some(last) = told.turns.last_mut()
                && !line.trim().is_empty()
            {
                last.text.push('\n');
                last.text.push_str(line.trim());
            }
        }
        Ok(vec![told])
    }
}

/// A line with a label before a colon, and maybe a time before that.
fn voiced(line: &str) -> Option<ToldTurn> {
    let mut rest = line.trim();
    let (mut start, mut end) = (None, None);
    if let Some((inner, after)) =
        rest.strip_prefix(['[', '(', '【']).and_then(|rest| rest.split_once([']', ')', '】']))
        && inner.starts_with(|c: char| c.is_ascii_digit())
    {
        let (from, to) = inner.split_once(['-', '~', '—', '>']).unwrap_or((inner, ""));
        start = columns::clock(from.trim_matches(['-', ' '])).map(When::of_clock);
        end = columns::clock(to.trim_matches(['-', '>', ' '])).map(When::of_clock);
        start?;
        rest = after.trim_start();
    }
    let (label, words) = rest.split_once(['：', ':'])?;
    let label = label.trim();
    let known = voices::is_neutral(label) || roles::label(label).is_some();
    (known && !words.trim().is_empty()).then(|| ToldTurn {
        label: Some(label.to_owned()),
        text: words.trim().to_owned(),
        start,
        end,
        ..ToldTurn::default()
    })
}
