//! Tidies what the patterns found in a note: whose words they are, and which of several readings
//! holds.

use std::cmp::Reverse;

use crate::domain::{Cue, CueKind, Emotion, NoteOutcome};

/// Quotation marks that may stand around somebody's words in a note.
const QUOTES: [(char, char); 5] = [('“', '”'), ('‘', '’'), ('「', '」'), ('『', '』'), ('《', '》')];

/// Leaves out reports inside quotation marks, which are the speaker's words and not the writer's
/// report, and of overlapping reports all but the longest. Of equally long ones a neutral one is
/// kept, for it denies the others («客户没有不满»), then an unpleasant, then a strong one.
pub(super) fn settle(text: &str, cues: &mut Vec<Cue>) {
    if !cues.iter().any(|cue| is_report(cue) || is_outcome(cue)) {
        return;
    }
    let quoted = quotations(text);
    cues.retain(|cue| {
        !((is_report(cue) || is_outcome(cue))
            && quoted.iter().any(|q| q.0 <= cue.span.start && cue.span.end <= q.1))
    });
    let mut reports: Vec<Cue> = cues.iter().copied().filter(is_report).collect();
    reports.sort_by_key(|cue| (Reverse(cue.span.len()), rank(cue), Reverse(cue.strength)));
    let mut kept: Vec<Cue> = Vec::new();
    for report in reports {
        if !kept.iter().any(|other| other.span.overlaps(report.span)) {
            kept.push(report);
        }
    }
    cues.retain(|cue| !is_report(cue) || kept.contains(cue));
    let outcomes: Vec<Cue> = cues.iter().copied().filter(is_outcome).collect();
    cues.retain(|cue| !is_outcome(cue) || !outcomes.iter().any(|other| overrules(other, cue)));
}

/// Whether an outcome stands inside a longer one («彻底修复» in «仍未彻底修复»), or is the better of two that
/// the same words were taken for.
fn overrules(outcome: &Cue, other: &Cue) -> bool {
    let (long, short) = (outcome.span, other.span);
    let covers = long.start <= short.start && short.end <= long.end;
    covers && (long.len() > short.len() || (is_good(other) && !is_good(outcome)))
}

const fn is_good(cue: &Cue) -> bool {
    matches!(
        cue.kind,
        CueKind::Outcome(
            NoteOutcome::Resolved | NoteOutcome::Appeased | NoteOutcome::Soothed | NoteOutcome::Promised
        )
    )
}

const fn is_report(cue: &Cue) -> bool {
    matches!(cue.kind, CueKind::Reported { .. })
}

const fn rank(cue: &Cue) -> u8 {
    match cue.kind {
        CueKind::Reported { emotion: Emotion::Neutral, .. } => 0,
        CueKind::Reported { emotion, .. } if emotion.is_negative() => 1,
        _ => 2,
    }
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
    use crate::domain::{About, Span};

    fn report(emotion: Emotion, from: usize, to: usize, strength: u8) -> Cue {
        let kind = CueKind::Reported { about: About::Customer, emotion };
        Cue { kind, span: Span::new(from, to), strength }
    }

    #[test]
    fn quoted_words_report_nothing() {
        let mut cues = vec![report(Emotion::Anger, 5, 7, 4)];

        settle("客户说“我生气”后挂机", &mut cues);

        assert!(cues.is_empty(), "{cues:?}");
    }

    #[test]
    fn what_is_still_unsolved_is_not_solved() {
        let outcome =
            |kind, from, to| Cue { kind: CueKind::Outcome(kind), span: Span::new(from, to), strength: 3 };
        let unsolved = outcome(NoteOutcome::Unresolved, 0, 6);
        let mut cues =
            vec![unsolved, outcome(NoteOutcome::Resolved, 2, 6), outcome(NoteOutcome::Resolved, 0, 6)];

        settle("仍未彻底修复", &mut cues);

        assert_eq!(cues, [unsolved]);
    }

    #[test]
    fn a_denial_wins_over_the_report_that_it_denies() {
        let denial = report(Emotion::Neutral, 0, 6, 1);
        let mut cues = vec![report(Emotion::Anger, 0, 6, 4), denial];

        settle("客户没有不满", &mut cues);

        assert_eq!(cues, [denial]);
    }

    #[test]
    fn of_overlapping_reports_the_longest_is_kept() {
        let long = report(Emotion::Anger, 0, 6, 3);
        let mut cues = vec![long, report(Emotion::Disgust, 4, 6, 5), report(Emotion::Neutral, 7, 9, 1)];

        settle("客户情绪很激动,已安抚", &mut cues);

        assert_eq!(cues, [long, report(Emotion::Neutral, 7, 9, 1)]);
    }
}
