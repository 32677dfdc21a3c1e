//! A bounded map of scores that forgets what was not asked for lately.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::Voice;
use tingxin_text::domain::UtteranceScore;

/// Texts that a process keeps by default: some 25 MB, and room for what a centre says again and
/// again.
const TEXTS: usize = 65_536;

/// Longest text that is kept, in bytes: some eighty characters. Longer ones are hardly ever said
/// twice, and without a limit the texts of one contact of two megabytes could fill the memory.
const LONGEST: usize = 256;

type Scores = HashMap<Voice, HashMap<Box<str>, UtteranceScore>>;

/// Scores of texts, shared by all threads that use one model; clones are the same cache.
///
/// One for each thread was rejected: every thread would read every common text once more, and keep
/// a copy of it. The lock is held for a look into a map, ten thousand times shorter than the
/// encoder takes for a text.
#[derive(Clone)]
pub struct ScoreCache(Arc<Mutex<Generations>>);

impl Default for ScoreCache {
    fn default() -> Self {
        Self::new(TEXTS)
    }
}

impl ScoreCache {
    /// Holds up to `capacity` texts; 0 holds none.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        Self(Arc::new(Mutex::new(Generations { capacity, ..Generations::default() })))
    }

    /// The score of that text in that voice.
    pub(super) fn get(&self, voice: Voice, text: &str) -> Option<UtteranceScore> {
        self.generations().get(voice, text)
    }

    /// Keeps a score.
    pub(super) fn put(&self, voice: Voice, text: &str, score: UtteranceScore) {
        let mut generations = self.generations();
        if generations.capacity > 0 && text.len() <= LONGEST {
            generations.insert(voice, text.into(), score);
        }
    }

    /// A thread that panicked left no entry half written.
    fn generations(&self) -> MutexGuard<'_, Generations> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Two generations: what is found in the old one moves to the young one, and when the young one is
/// full it becomes the old one. Close to «least recently used» without a list to maintain, and at
/// most `capacity` texts are held.
#[derive(Default)]
struct Generations {
    young: Scores,
    old: Scores,
    young_texts: usize,
    capacity: usize,
}

impl Generations {
    fn get(&mut self, voice: Voice, text: &str) -> Option<UtteranceScore> {
        if let Some(score) = self.young.get(&voice).and_then(|texts| texts.get(text)) {
            return Some(score.clone());
        }
        let (text, score) = self.old.get_mut(&voice)?.remove_entry(text)?;
        self.insert(voice, text, score.clone());
        Some(score)
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
    use tingxin_text::domain::EmotionScores;

    fn score() -> UtteranceScore {
        UtteranceScore::from_emotions(EmotionScores::NEUTRAL, true, 0.0, Vec::new())
    }

    #[test]
    fn the_same_words_in_another_voice_are_another_text() {
        let cache = ScoreCache::new(10);

        cache.put(Voice::Customer, "谢谢", score());

        assert!(cache.get(Voice::Customer, "谢谢").is_some());
        assert!(cache.get(Voice::Agent, "谢谢").is_none());
    }

    #[test]
    fn what_is_asked_for_again_and_again_outlives_what_is_not() {
        let cache = ScoreCache::new(8);
        cache.put(Voice::Customer, "常用", score());
        cache.put(Voice::Customer, "罕见", score());

        for round in 0..20 {
            cache.put(Voice::Customer, &format!("第{round}句"), score());
            assert!(cache.get(Voice::Customer, "常用").is_some(), "round {round}");
        }

        assert!(cache.get(Voice::Customer, "罕见").is_none());
        let held = cache.generations().texts();
        assert!(held <= 8, "{held}");
    }

    #[test]
    fn what_one_thread_has_read_the_others_know() {
        let cache = ScoreCache::new(8);
        let other = cache.clone();

        std::thread::spawn(move || other.put(Voice::Customer, "谢谢", score())).join().unwrap();

        assert!(cache.get(Voice::Customer, "谢谢").is_some());
    }

    #[test]
    fn a_cache_of_no_size_keeps_nothing() {
        let cache = ScoreCache::new(0);

        cache.put(Voice::Customer, "谢谢", score());

        assert!(cache.get(Voice::Customer, "谢谢").is_none());
    }
}
