//! Reads what somebody says: terms, what stands around them, and cues.

use aho_corasick::AhoCorasick;

use super::abuse::abuse_probability;
use super::modifiers::{Modified, ModifierFinder, Modifiers, Negation};
use super::terms::{Term, TermFinder};
use super::weigh::{EmotionCue, units_of, weigh};
use crate::Voice;
use tingxin_text::domain::{
    Cue, CueKind, Emotion, LapseAct, NormalText, SegmentedText, Span, Threat, UtteranceScore,
};
use tingxin_text::lexicon::{self, ListError};

/// Fewest words of a text that can be read if no term is in it.
const FEWEST_WORDS: usize = 2;
/// What is left of a term that is wished for or supposed.
const UNREAL: f32 = 0.25;
/// «不满意»: the contrary of a pleasant term is milder than the term itself.
const CONTRARY: f32 = 0.5;
/// «不太生气»: what is left of an unpleasant term.
const WEAKENED: f32 = 0.3;
/// Strength of thanks in a closing formula of the customer: a hint.
const FORMULA_THANKS: u8 = 1;
/// A threat cue of at least this strength threatens; a weaker one names a body.
const THREATENS: u8 = 4;
/// What one exclamation mark or one «??» adds to all evidence, up to [`MOST_MARKS`] of them.
const PER_MARK: f32 = 0.08;
const MOST_MARKS: usize = 3;
/// Characters that make an angry or annoyed term one of feeling, not of judging: «您生气» is said
/// about the customer, «您讨厌» to the customer.
const FELT: [char; 10] = ['气', '火', '怒', '急', '恼', '闷', '烦', '躁', '慌', '满'];
/// What ends a sentence in a normalised text.
const SENTENCE_ENDS: [char; 5] = ['。', '!', '?', ';', '\n'];
const CLAUSE_ENDS: [char; 8] = ['。', '!', '?', ';', '\n', ',', '、', ':'];

/// The lists for both speakers.
pub(super) struct SpeechReader {
    customer: TermFinder,
    agent: TermFinder,
    modifiers: ModifierFinder,
    echo: AhoCorasick,
}

impl SpeechReader {
    pub(super) fn new() -> Result<Self, ListError> {
        let markers = lexicon::ECHO.rows(["term"])?;
        let echo =
            AhoCorasick::new(markers.iter().map(|row| NormalText::of(row.cells[0]).as_str().to_owned()))
                .map_err(|cause| lexicon::ECHO.error(0, cause.to_string()))?;
        Ok(Self {
            customer: TermFinder::new(Voice::Customer)?,
            agent: TermFinder::new(Voice::Agent)?,
            modifiers: ModifierFinder::new()?,
            echo,
        })
    }

    /// Reads one utterance of the customer or of the agent.
    pub(super) fn read(&self, text: &SegmentedText, by_agent: bool) -> UtteranceScore {
        let terms = if by_agent { self.agent.find(text) } else { self.customer.find(text) };
        let modifiers = self.modifiers.find(text, &terms);
        let reading = SpeechReading {
            text,
            by_agent,
            echoes: if by_agent { self.echoes(text) } else { Vec::new() },
            hostile: text.cues.iter().any(is_hostile),
        };
        let mut pieces: Vec<EmotionCue> =
            terms.iter().filter_map(|term| reading.term(term, &modifiers)).collect();
        pieces.extend(text.cues.iter().filter_map(|cue| reading.cue(cue)));
        let scorable = text.tokens.len() >= FEWEST_WORDS || !pieces.is_empty();
        let (scores, evidence) = weigh(pieces, emphasis(text.normal.as_str()));
        UtteranceScore::from_emotions(scores, scorable, reading.abuse(), evidence)
    }

    /// Stretches of the normalised text in which staff repeat what the customer said.
    fn echoes(&self, text: &SegmentedText) -> Vec<(usize, usize)> {
        let normal = text.normal.as_str();
        self.echo
            .find_iter(normal)
            .map(|marker| {
                let rest = normal.get(marker.end()..).unwrap_or_default();
                (marker.start(), marker.end() + rest.find(SENTENCE_ENDS).unwrap_or(rest.len()))
            })
            .collect()
    }
}

/// One utterance while it is read.
struct SpeechReading<'a> {
    text: &'a SegmentedText,
    by_agent: bool,
    echoes: Vec<(usize, usize)>,
    /// An insult, a rhetorical attack or a lapse is in it: praise beside it is not meant.
    hostile: bool,
}

impl SpeechReading<'_> {
    fn term(&self, term: &Term, modifiers: &Modifiers<'_>) -> Option<EmotionCue> {
        if term.emotion == Emotion::Neutral {
            return None;
        }
        let span = self.text.normal.original(term.from, term.to);
        if self.marked(span, CueKind::Courtesy) {
            let thanks = !self.by_agent && term.emotion == Emotion::Gratitude;
            return thanks.then_some(EmotionCue {
                span,
                emotion: term.emotion,
                units: units_of(FORMULA_THANKS),
            });
        }
        let not_meant = (self.hostile && term.emotion.is_positive())
            || self.marked(span, CueKind::SatisfactionAsked)
            || (self.by_agent && self.is_about_customer(term));
        if not_meant {
            return None;
        }
        let (emotion, units) = self.turned(term, modifiers.around(term.from, term.to))?;
        Some(EmotionCue { span, emotion, units })
    }

    /// The term after negation, degree and wish; `None` when nothing is left of it.
    fn turned(&self, term: &Term, around: Modified) -> Option<(Emotion, f32)> {
        let pleasant = term.emotion.is_positive();
        let mut units = units_of(term.strength) * around.degree;
        if around.unreal && (pleasant || self.by_agent) {
            units *= UNREAL;
        }
        match around.negation {
            Negation::None => Some((term.emotion, units)),
            Negation::Full | Negation::Weak if pleasant => Some((Emotion::Disgust, units * CONTRARY)),
            Negation::Weak => Some((term.emotion, units * WEAKENED)),
            Negation::Full => None,
            Negation::Imperative => {
                let attack = matches!(term.emotion, Emotion::Anger | Emotion::Disgust) && !self.is_felt(term);
                attack.then_some((term.emotion, units))
            }
        }
    }

    fn cue(&self, cue: &Cue) -> Option<EmotionCue> {
        let (emotion, strength) = match cue.kind {
            CueKind::Rhetorical(emotion) => (emotion, cue.strength),
            CueKind::Abuse => (Emotion::Anger, cue.strength.saturating_add(2)),
            CueKind::Threat(threat) if cue.strength >= THREATENS => (Emotion::Anger, threat_strength(threat)),
            CueKind::Lapse(LapseAct::Blame | LapseAct::Command) => (Emotion::Anger, cue.strength),
            // A flat refusal is cold rather than hostile.
            CueKind::Lapse(LapseAct::Refusal) => (Emotion::Disgust, cue.strength.saturating_sub(1)),
            CueKind::Lapse(_) => (Emotion::Disgust, cue.strength),
            _ => return None,
        };
        (!self.is_echoed(cue.span)).then_some(EmotionCue {
            span: cue.span,
            emotion,
            units: units_of(strength),
        })
    }

    /// Probability of an insult, by the strongest cue. **Source**: set by the project so that
    /// rudeness stays below one half and an insult or a threat lies above any threshold in use.
    fn abuse(&self) -> f32 {
        let insults = self.text.cues.iter().filter(|c| c.kind == CueKind::Abuse && !self.is_echoed(c.span));
        abuse_probability(insults.map(|cue| cue.strength).max())
    }

    fn marked(&self, span: Span, kind: CueKind) -> bool {
        self.text.cues.iter().any(|cue| cue.kind == kind && cue.span.overlaps(span))
    }

    /// Whether staff speak of the customer's feeling: after «您说», or with «您» as the one who feels.
    fn is_about_customer(&self, term: &Term) -> bool {
        if self.echoes.iter().any(|(from, to)| *from <= term.from && term.to <= *to) {
            return true;
        }
        let before = self.text.normal.as_str().get(..term.from).unwrap_or_default();
        let clause = before.rsplit(CLAUSE_ENDS).next().unwrap_or_default();
        let (customer, speaker) = (clause.rfind('您'), clause.rfind('我'));
        match term.emotion {
            Emotion::Anger | Emotion::Disgust if !self.is_felt(term) => false,
            // «确实着急»: staff show empathy and name no one.
            Emotion::Sadness | Emotion::Fear | Emotion::Anger | Emotion::Disgust => {
                speaker.is_none() || customer > speaker
            }
            _ => customer > speaker,
        }
    }

    fn is_felt(&self, term: &Term) -> bool {
        self.text.normal.as_str().get(term.from..term.to).is_some_and(|word| word.contains(FELT))
    }

    fn is_echoed(&self, span: Span) -> bool {
        self.echoes.iter().any(|(from, to)| self.text.normal.original(*from, *to).overlaps(span))
    }
}

/// A body outside the company means anger; complaining to the company and leaving it may be said
/// calmly.
const fn threat_strength(threat: Threat) -> u8 {
    match threat {
        Threat::Regulator | Threat::Media | Threat::Legal => 3,
        Threat::Complaint | Threat::Churn => 1,
    }
}

const fn is_hostile(cue: &Cue) -> bool {
    match cue.kind {
        CueKind::Abuse | CueKind::Lapse(_) => true,
        CueKind::Threat(_) => cue.strength >= THREATENS,
        CueKind::Rhetorical(emotion) => emotion.is_negative(),
        _ => false,
    }
}

/// How much louder the marks make all evidence.
fn emphasis(normal: &str) -> f32 {
    let marks = normal.matches('!').count() + normal.matches("??").count();
    (0..marks.min(MOST_MARKS)).fold(1.0, |louder, _| louder + PER_MARK)
}
