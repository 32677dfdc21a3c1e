//! Puts the results of the stages into the published form.

use tingxin_text::domain::{
    Analysis, Body, Engine, Evidence, Flag, RedactionRecord, ReportedEmotion, ScoredContact, ScoredText,
    SegmentedText, Signals, Span, TokenRecord, Utterance, UtteranceAnalysis, UtteranceScore, rounded,
};

pub(super) fn assemble(
    contact: ScoredContact,
    signals: Signals,
    flags: Vec<Flag>,
    engine: Engine,
) -> Analysis {
    let header = contact.header;
    let redactions = list_redactions(&contact.body);
    let (mut utterances, mut reported) = (Vec::new(), Vec::new());
    match contact.body {
        Body::Transcript(turns) => {
            utterances = turns.into_iter().enumerate().map(|(index, turn)| utterance(index, turn)).collect();
        }
        Body::Note(sentences) => {
            reported = sentences.into_iter().enumerate().map(|(index, text)| sentence(index, text)).collect();
        }
    }
    Analysis {
        schema: Analysis::SCHEMA.to_owned(),
        source: header.source,
        contact_id: header.contact_id,
        revision: header.revision,
        engine,
        utterances,
        reported,
        satisfaction: signals.satisfaction,
        signals: signals.measured,
        flags,
        redactions,
        skipped: signals.skipped,
    }
}

fn utterance(index: usize, turn: Utterance<ScoredText>) -> UtteranceAnalysis {
    let ScoredText { segmented, score, heard } = turn.text;
    let tokens = place_tokens(&segmented);
    UtteranceAnalysis {
        index,
        speaker: turn.speaker,
        text: segmented.line.text,
        tokens,
        emotion: score.as_ref().map(|s| s.emotions.top()),
        emotions: score.as_ref().map(|s| s.emotions),
        valence: score.as_ref().map(|s| s.valence.rounded()),
        valence_sd: score.as_ref().map(|s| rounded(s.valence_sd)),
        scorable: score.as_ref().is_some_and(|s| s.scorable),
        evidence: score.map(evidence).unwrap_or_default(),
        in_context: heard.map(|heard| heard.emotions.into()),
    }
}

fn sentence(index: usize, text: ScoredText) -> ReportedEmotion {
    let ScoredText { segmented, score, heard: _ } = text;
    let tokens = place_tokens(&segmented);
    let about = segmented.reported_about();
    // A sentence that reports nobody's emotion has none, not a neutral one.
    let score = score.filter(|_| about.is_some());
    ReportedEmotion {
        index,
        text: segmented.line.text,
        tokens,
        about,
        emotion: score.as_ref().map(|s| s.emotions.top()),
        emotions: score.as_ref().map(|s| s.emotions),
        valence: score.as_ref().map(|s| s.valence.rounded()),
        valence_sd: score.as_ref().map(|s| rounded(s.valence_sd)),
        evidence: score.map(evidence).unwrap_or_default(),
    }
}

fn evidence(score: UtteranceScore) -> Vec<Evidence> {
    score.evidence.into_iter().map(|e| Evidence { weight: rounded(e.weight), ..e }).collect()
}

/// Cuts the words out in one walk over the text: spans are in order and do not overlap.
fn place_tokens(segmented: &SegmentedText) -> Vec<TokenRecord> {
    let text = segmented.line.text.as_str();
    let mut bytes = text.char_indices().map(|(at, _)| at).chain([text.len()]);
    let mut chars_seen = 0;
    let mut at = bytes.next().unwrap_or_default();
    let mut byte_of = |target: usize| {
        while chars_seen < target {
            at = bytes.next().unwrap_or(text.len());
            chars_seen += 1;
        }
        at
    };
    segmented
        .tokens
        .iter()
        .map(|token| {
            let Span { start, end } = token.span;
            let (from, to) = (byte_of(start), byte_of(end));
            TokenRecord { text: text.get(from..to).unwrap_or_default().to_owned(), start, end }
        })
        .collect()
}

fn list_redactions(body: &Body<ScoredText>) -> Vec<RedactionRecord> {
    body.texts()
        .enumerate()
        .flat_map(|(utterance, (_, text))| {
            text.segmented.line.redactions.iter().map(move |r| RedactionRecord {
                utterance,
                start: r.span.start,
                end: r.span.end,
                kind: r.kind,
            })
        })
        .collect()
}
