//! How probable a cue makes an insult.

/// Probability of abuse by level: rude, an insult, a threat or an obscenity.
const ABUSE: [f32; 3] = [0.4, 0.85, 0.95];

/// 0 without an insult: forty utterances of a harmless contact must not add up to a probable one.
pub(super) fn abuse_probability(level: Option<u8>) -> f32 {
    level.and_then(|level| ABUSE.get(usize::from(level.clamp(1, 3)) - 1).copied()).unwrap_or_default()
}
