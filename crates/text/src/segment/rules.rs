//! Reads the pattern lists: which wording says what, in whose mouth.

use super::cues::{CueFinder, CueSpeakers, Pattern};
use crate::domain::{About, CueKind, Emotion, LapseAct, NoteOutcome, Threat};
use crate::lexicon::{self, ListError, WordList};

/// Strength of a cue whose list has no grades.
const UNGRADED: u8 = 3;

/// Every pattern of every list, ready to be looked for.
pub(super) fn load() -> Result<CueFinder, ListError> {
    let mut rules = Rules::default();
    rules.threats()?;
    rules.abuse(lexicon::ABUSE, CueSpeakers::SPEECH.and(CueSpeakers::NOTE))?;
    rules.abuse(lexicon::REPORTED_ABUSE, CueSpeakers::NOTE)?;
    rules.courtesy()?;
    rules.rhetorical()?;
    rules.lapses()?;
    rules.ungraded(
        lexicon::DEADLINE_TOLD,
        CueKind::DeadlineTold,
        CueSpeakers::AGENT.and(CueSpeakers::NOTE),
    )?;
    rules.ungraded(
        lexicon::COMPLAINT_TAKEN,
        CueKind::ComplaintTaken,
        CueSpeakers::AGENT.and(CueSpeakers::NOTE),
    )?;
    rules.ungraded(lexicon::SATISFACTION_ASKED, CueKind::SatisfactionAsked, CueSpeakers::AGENT)?;
    rules.ungraded(lexicon::PROBLEM_RAISED, CueKind::ProblemRaised, CueSpeakers::CUSTOMER)?;
    rules.reported()?;
    rules.outcomes()?;
    CueFinder::new(&rules.patterns).map_err(|(index, reason)| {
        let (list, line) = rules.origins.get(index).copied().unwrap_or((lexicon::ABUSE, 0));
        list.error(line, reason)
    })
}

#[derive(Default)]
struct Rules {
    patterns: Vec<Pattern>,
    origins: Vec<(WordList, usize)>,
}

impl Rules {
    fn add(&mut self, list: WordList, line: usize, pattern: Pattern) {
        self.patterns.push(pattern);
        self.origins.push((list, line));
    }

    fn threats(&mut self) -> Result<(), ListError> {
        let list = lexicon::REGULATOR;
        for row in list.rows(["regex", "kind", "strength"])? {
            let [_, kind, strength] = row.cells;
            let threat = Threat::from_name(kind).ok_or_else(|| unknown(list, row.line, kind))?;
            let strength = list.parse(row.line, strength)?;
            self.add(
                list,
                row.line,
                Pattern {
                    kind: CueKind::Threat(threat),
                    strength,
                    heard: CueSpeakers::CUSTOMER.and(CueSpeakers::NOTE),
                    regex: row.cells[0],
                },
            );
        }
        Ok(())
    }

    fn abuse(&mut self, list: WordList, heard: CueSpeakers) -> Result<(), ListError> {
        for row in list.rows(["regex", "level"])? {
            let level = list.parse(row.line, row.cells[1])?;
            self.add(
                list,
                row.line,
                Pattern { kind: CueKind::Abuse, strength: level, heard, regex: row.cells[0] },
            );
        }
        Ok(())
    }

    fn courtesy(&mut self) -> Result<(), ListError> {
        let list = lexicon::COURTESY;
        for row in list.rows(["regex", "role"])? {
            let heard = heard_from(list, row.line, row.cells[1])?;
            self.add(
                list,
                row.line,
                Pattern { kind: CueKind::Courtesy, strength: UNGRADED, heard, regex: row.cells[0] },
            );
        }
        Ok(())
    }

    fn rhetorical(&mut self) -> Result<(), ListError> {
        let list = lexicon::RHETORICAL;
        for row in list.rows(["regex", "class", "strength", "role"])? {
            let [_, class, strength, role] = row.cells;
            let emotion = Emotion::from_name(class).ok_or_else(|| unknown(list, row.line, class))?;
            let heard = heard_from(list, row.line, role)?;
            let strength = list.parse(row.line, strength)?;
            self.add(
                list,
                row.line,
                Pattern { kind: CueKind::Rhetorical(emotion), strength, heard, regex: row.cells[0] },
            );
        }
        Ok(())
    }

    fn lapses(&mut self) -> Result<(), ListError> {
        let list = lexicon::LAPSE;
        for row in list.rows(["regex", "act", "strength"])? {
            let [_, act, strength] = row.cells;
            let act = LapseAct::from_name(act).ok_or_else(|| unknown(list, row.line, act))?;
            let strength = list.parse(row.line, strength)?;
            self.add(
                list,
                row.line,
                Pattern {
                    kind: CueKind::Lapse(act),
                    strength,
                    heard: CueSpeakers::AGENT,
                    regex: row.cells[0],
                },
            );
        }
        Ok(())
    }

    fn ungraded(&mut self, list: WordList, kind: CueKind, heard: CueSpeakers) -> Result<(), ListError> {
        for row in list.rows(["regex"])? {
            self.add(list, row.line, Pattern { kind, strength: UNGRADED, heard, regex: row.cells[0] });
        }
        Ok(())
    }

    fn reported(&mut self) -> Result<(), ListError> {
        let list = lexicon::REPORTED;
        for row in list.rows(["regex", "about", "class", "strength"])? {
            let [_, about, class, strength] = row.cells;
            let about = About::from_name(about).ok_or_else(|| unknown(list, row.line, about))?;
            let emotion = Emotion::from_name(class).ok_or_else(|| unknown(list, row.line, class))?;
            let strength = list.parse(row.line, strength)?;
            self.add(
                list,
                row.line,
                Pattern {
                    kind: CueKind::Reported { about, emotion },
                    strength,
                    heard: CueSpeakers::NOTE,
                    regex: row.cells[0],
                },
            );
        }
        Ok(())
    }

    fn outcomes(&mut self) -> Result<(), ListError> {
        let list = lexicon::NOTE_OUTCOME;
        for row in list.rows(["regex", "outcome"])? {
            let outcome =
                NoteOutcome::from_name(row.cells[1]).ok_or_else(|| unknown(list, row.line, row.cells[1]))?;
            self.add(
                list,
                row.line,
                Pattern {
                    kind: CueKind::Outcome(outcome),
                    strength: UNGRADED,
                    heard: CueSpeakers::NOTE,
                    regex: row.cells[0],
                },
            );
        }
        Ok(())
    }
}

fn heard_from(list: WordList, line: usize, role: &str) -> Result<CueSpeakers, ListError> {
    match role {
        "any" => Ok(CueSpeakers::SPEECH),
        "customer" => Ok(CueSpeakers::CUSTOMER),
        "agent" => Ok(CueSpeakers::AGENT),
        _ => Err(unknown(list, line, role)),
    }
}

fn unknown(list: WordList, line: usize, name: &str) -> ListError {
    list.error(line, format!("`{name}` is no known name"))
}
