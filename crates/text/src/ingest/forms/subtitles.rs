//! Subtitles: WebVTT and SRT. Speakers stand in voice tags (`<v 客服>`) or before the words («客服：»).

use super::super::columns;
use super::super::told::{Document, FileForm, ToldContact, ToldContacts, ToldTurn, When};
use super::super::values::without_tags;
use super::super::voices;

/// WebVTT.
pub(super) struct WebVtt;

/// SubRip.
pub(super) struct Srt;

impl FileForm for WebVtt {
    fn name(&self) -> &'static str {
        "webvtt"
    }

    fn example(&self) -> &'static str {
        "WEBVTT\n\n00:01.000 --> 00:03.000\n<v 客服>您好，请问什么事？\n\n00:03.500 --> 00:06.000\n<v 客户>我家宽带又断了。\n"
    }

    fn recognises(&self, document: &Document<'_>) -> bool {
        matches!(document, Document::Text(text) if text.trim_start().starts_with("WEBVTT"))
    }

    fn contacts(&self, document: &Document<'_>) -> ToldContacts {
        Ok(vec![cues(document)])
    }
}

impl FileForm for Srt {
    fn name(&self) -> &'static str {
        "srt"
    }

    fn example(&self) -> &'static str {
        "1\n00:00:01,000 --> 00:00:03,000\n客服：您好，请问什么事？\n\n2\n00:00:03,500 --> 00:00:06,000\n客户：我家宽带又断了。\n"
    }

    fn recognises(&self, document: &Document<'_>) -> bool {
        let Document::Text(text) = document else { return false };
        text.lines().filter(|line| !line.trim().is_empty()).take(4).any(|line| span(line).is_some())
    }

    fn contacts(&self, document: &Document<'_>) -> ToldContacts {
        Ok(vec![cues(document)])
    }
}

/// «00:00:01,000 --> 00:00:03,000 align:start»; hours may be left out.
fn span(line: &str) -> Option<(u64, u64)> {
    let (start, rest) = line.split_once("-->")?;
    let end = rest.split_whitespace().next()?;
    Some((columns::clock(start.trim())?, columns::clock(end)?))
}

/// The cues. A line of a cue that names another voice begins another turn.
fn cues(document: &Document<'_>) -> ToldContact {
    let mut told = ToldContact { goes_on: true, ..ToldContact::default() };
    let Document::Text(text) = document else { return told };
    let (mut open, mut skipping) = (None, false);
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        let line = line.trim();
        if line.is_empty() {
            (open, skipping) = (None, false);
        } else if let Some(found) = span(line) {
            (open, skipping) = (Some((found, told.turns.len())), false);
        } else if ["NOTE", "STYLE", "REGION"].iter().any(|word| line.split([' ', '\t']).next() == Some(word))
            && open.is_none()
        {
            skipping = true;
        } else if let Some(((start, end), first)) = open
            && !skipping
        {
            // The number of the next cue, where the blank line before it was lost.
            let is_number = line.bytes().all(|byte| byte.is_ascii_digit());
            if is_number && lines.peek().is_some_and(|next| span(next.trim()).is_some()) {
                open = None;
                continue;
            }
            say(&mut told.turns, first, line, (start, end));
        }
    }
    told
}

/// Adds a line of a cue whose first turn is the `first`th.
fn say(turns: &mut Vec<ToldTurn>, first: usize, line: &str, (start, end): (u64, u64)) {
    for (label, words) in tagged(line) {
        let words = without_tags(&words);
        let words = words.trim_start_matches(['-', '–', '—']).trim().to_owned();
        if words.is_empty() && label.is_none() {
            continue;
        }
        let begins = label.is_some() || voices::begins_turn(&words);
        if !begins
            && turns.len() > first
            && let Some(last) = turns.last_mut()
        {
            last.text.push('\n');
            last.text.push_str(&words);
            continue;
        }
        turns.push(ToldTurn {
            label,
            text: words,
            start: Some(When::of_clock(start)),
            end: Some(When::of_clock(end)),
            ..ToldTurn::default()
        });
    }
}

/// The voices of a line: `<v 客服>您好</v>`, `<v.loud 客户 王先生>好`; words before the first tag are nobody's.
fn tagged(line: &str) -> Vec<(Option<String>, String)> {
    let mut found = Vec::new();
    let mut rest = line;
    let mut label = None;
    loop {
        let tag = rest.match_indices("<v").find_map(|(at, _)| {
            let inside = rest.get(at + 2..)?;
            let (class, after) = inside.split_once('>')?;
            class.starts_with([' ', '.', '\t']).then_some((at, class, after))
        });
        let (words, next) = match tag {
            Some((at, class, after)) => (rest.get(..at).unwrap_or_default(), Some((class, after))),
            None => (rest, None),
        };
        if !words.trim().is_empty() || label.is_some() {
            found.push((label.take(), words.to_owned()));
        }
        let Some((class, after)) = next else { return found };
        let name = class.split_once([' ', '\t']).map(|(_, name)| name.trim()).unwrap_or_default();
        label = (!name.is_empty()).then(|| without_tags(name));
        rest = after;
    }
}
