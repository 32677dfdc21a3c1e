//! Tidies what the patterns found in a note: whose words they are, and which of several readings holds.

use std::cmp::Reverse;

use crate::domain::{Cue, CueKind};

/// Quotation marks that may stand around somebody's words in a note.
const QUOTES: [(char, char); 5] = [('“', '”'), ('‘', '’'), ('「', '」'), ('『', '』'), ('《', '》')];

/// Leaves out reports inside quotation marks, which are the speaker's words and not the writer's
/// report, and of overlapping reports all but the longest, then strongest.
pub(super) fn settle(text: &str, cues: &mut Vec<Cue>) {
    if !cues.iter().any(|cue| is_report(cue) || is_outcome(cue)) {
        return;
    }
    let quoted = quotations(text);
    cues.retain(|cue| {
        let inside = |q: &(usize, usize)| q.0 <= cue.span.start && cue.span.end <= q.1;
        !((is_report(cue) || is_outcome(cue)) && quoted.iter().any(inside))
    });
    let mut reports: Vec<Cue> = cues.iter().copied().filter(is_report).collect();
    reports.sort_by_key(|cue| (Reverse(cue.span.len()), Reverse(cue.strength)));
    let mut kept: Vec<Cue> = Vec::new();
    for report in reports {
        if !kept.iter().any(|other| other.span.overlaps(report.span)) {
            kept.push(report);
        }
    }
    cues.retain(|cue| !is_report(cue) || kept.contains(cue));
}

const fn is_report(cue: &Cue) -> bool {
    matches!(cue.kind, CueKind::Reported { .. })
}

const fn is_outcome(cue: &Cue) -> bool {
    matches!(cue.kind, CueKind::Outcome(_))
}

/// Stretches between quotation marks, in characters. Straight marks open and close by turns.
fn quotations(text: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut open: Option<(usize, char)> = None;
    for (at, c) in text.chars().enumerate() {
        match open {
            Some((start, closing)) if c == closing => {
                found.push((start, at));
                open = None;
            }
            Some(_) => {}
            None if c == '"' => open = Some((at + 1, '"')),
            None => {
                open =
                    QUOTES.iter().find(|(opening, _)| *opening == c).map(|(_, closing)| (at + 1, *closing));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{About, Emotion, Span};

    fn report(emotion: Emotion, from: usize, to: usize, strength: u8) -> Cue {
        let kind = CueKind::Reported { about: About::Customer, emotion };
        Cue { kind, span: Span::new(from, to), strength }
    }

    #[test]
    fn quoted_words_report_nothing() {
        let mut cues = vec![report(Emotion::Anger, 5, 8, 4)];

        settle("客户说“我生气”后挂机", &mut cues);

        assert!(cues.is_empty(), "{cues:?}");
    }

    #[test]
    fn of_overlapping_reports_the_longest_is_kept() {
        let long = report(Emotion::Anger, 0, 6, 3);
        let mut cues = vec![long, report(Emotion::Disgust, 4, 6, 5), report(Emotion::Neutral, 7, 9, 1)];

        settle("客户情绪很激动,已安抚", &mut cues);

        assert_eq!(cues, [long, report(Emotion::Neutral, 7, 9, 1)]);
    }
}
