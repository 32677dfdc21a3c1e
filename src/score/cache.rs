//! A bounded map of scores that forgets what was not asked for lately.

use std::collections::HashMap;

use super::Voice;
use crate::domain::UtteranceScore;

type Scores = HashMap<Voice, HashMap<Box<str>, UtteranceScore>>;

/// Two generations: what is found in the old one moves to the young one, and when the young one is full
/// it becomes the old one. Close to «least recently used» without a list to maintain, and at most
/// `capacity` texts are held.
#[derive(Default)]
pub(super) struct ScoreCache {
    young: Scores,
    old: Scores,
    young_texts: usize,
    capacity: usize,
}

impl ScoreCache {
    /// Holds up to `capacity` texts; 0 holds none.
    pub(super) fn new(capacity: usize) -> Self {
        Self { capacity, ..Self::default() }
    }

    /// The score of that text in that voice.
    pub(super) fn get(&mut self, voice: Voice, text: &str) -> Option<UtteranceScore> {
        if let Some(score) = self.young.get(&voice).and_then(|texts| texts.get(text)) {
            return Some(score.clone());
        }
        let (text, score) = self.old.get_mut(&voice)?.remove_entry(text)?;
        self.insert(voice, text, score.clone());
        Some(score)
    }

    /// Keeps a score.
    pub(super) fn put(&mut self, voice: Voice, text: &str, score: UtteranceScore) {
        if self.capacity > 0 {
            self.insert(voice, text.into(), score);
        }
    }

    fn insert(&mut self, voice: Voice, text: Box<str>, score: UtteranceScore) {
        if self.young_texts >= self.capacity.div_ceil(2) {
            self.old = std::mem::take(&mut self.young);
            self.young_texts = 0;
        }
        if self.young.entry(voice).or_default().insert(text, score).is_none() {
            self.young_texts += 1;
        }
    }

    #[cfg(test)]
    fn texts(&self) -> usize {
        self.young.values().chain(self.old.values()).map(HashMap::len).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::EmotionScores;

    fn score() -> UtteranceScore {
        UtteranceScore::from_emotions(EmotionScores::NEUTRAL, true, 0.0, Vec::new())
    }

    #[test]
    fn the_same_words_in_another_voice_are_another_text() {
        let mut cache = ScoreCache::new(10);

        cache.put(Voice::Customer, "谢谢", score());

        assert!(cache.get(Voice::Customer, "谢谢").is_some());
        assert!(cache.get(Voice::Agent, "谢谢").is_none());
    }

    #[test]
    fn what_is_asked_for_again_and_again_outlives_what_is_not() {
        let mut cache = ScoreCache::new(8);
        cache.put(Voice::Customer, "常用", score());
        cache.put(Voice::Customer, "罕见", score());

        for round in 0..20 {
            cache.put(Voice::Customer, &format!("第{round}句"), score());
            assert!(cache.get(Voice::Customer, "常用").is_some(), "round {round}");
        }

        assert!(cache.get(Voice::Customer, "罕见").is_none());
        assert!(cache.texts() <= 8, "{}", cache.texts());
    }

    #[test]
    fn a_cache_of_no_size_keeps_nothing() {
        let mut cache = ScoreCache::new(0);

        cache.put(Voice::Customer, "谢谢", score());

        assert!(cache.get(Voice::Customer, "谢谢").is_none());
    }
}
