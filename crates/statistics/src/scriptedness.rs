//! S14 scriptedness: how much of an agent's wording is shared with many other contacts.
//!
//! A description of wording and not a score. Compliance sentences are mandatory and excluded; short
//! replies repeat by nature; amount of scripted politeness has no measurable effect on the
//! customer's next turn. Nothing here measures, or may be worded as measuring, what an agent feels
//! or means.
//!
//! The library counts in how many contacts a trigram of tokens occurs. It is additive and keeps
//! hashes only, so it can be stored and summed without keeping what anybody wrote.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};

use super::count;
use super::distribution::Interval;
use super::minimum::{Minimum, TooFew, enough};
use super::resample::{bootstrap, generator};

/// A trigram or a whole turn counts as template wording from this share of *other* contacts on.
pub const TEMPLATE_SHARE: f64 = 0.002;

/// Draws behind an agent's interval. The 2.5 % tail then rests on 25 draws; more draws sharpen
/// nothing a reader would see.
pub const BOOTSTRAP_DRAWS: usize = 1000;

/// One agent turn, already tokenised.
#[derive(Debug, Clone, Copy)]
pub struct AgentTurn<'a, T> {
    /// Tokens in order.
    pub tokens: &'a [T],
    /// A compliance sentence the agent must say: excluded everywhere.
    pub mandatory: bool,
    /// Whether it answers a negative customer turn.
    pub answers_negative: bool,
}

/// In how many contacts each trigram and each whole turn occurs.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Library {
    contacts: u32,
    trigrams: HashMap<u64, u32>,
    turns: HashMap<u64, u32>,
}

/// Counts of one contact; sums of them are an agent. Shares are taken at the end, so that a long
/// contact weighs more.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wording {
    /// Agent trigrams.
    pub trigrams: usize,
    /// Of those, seen in at least 0.2 % of other contacts.
    pub shared: usize,
    /// Of those, already used by the agent in an earlier turn of the same contact (self-repeat
    /// overlap).
    pub repeated: usize,
    /// Agent turns with at least one token.
    pub turns: usize,
    /// Of those, word for word in at least 0.2 % of other contacts.
    pub template_turns: usize,
    /// Trigrams in turns answering a negative customer turn.
    pub answering: usize,
    /// Of those, seen in at least 0.2 % of other contacts.
    pub answering_shared: usize,
}

/// An agent's wording with bootstrap intervals over contacts. All shares lie in [0, 1].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Scriptedness {
    /// Share of trigrams that many other contacts use.
    pub shared: f64,
    /// 95 % interval of `shared`.
    pub interval: Interval,
    /// Share of turns that are a template word for word.
    pub template_turns: f64,
    /// Share of trigrams repeated within the contact.
    pub repeated: f64,
    /// 1 − shared wording in replies to negative turns, with its 95 % interval; `None` without such
    /// replies.
    pub responsiveness: Option<(f64, Interval)>,
    /// Contacts behind it.
    pub contacts: usize,
}

/// FNV-1a, 64 bits: defined for ever, unlike the hasher of the standard library, so stored
/// libraries stay readable.
fn hash<T: AsRef<str>>(tokens: &[T]) -> u64 {
    // The separator cannot occur in UTF-8, so ("ab","c") and ("a","bc") differ.
    let bytes = tokens.iter().flat_map(|token| token.as_ref().bytes().chain(std::iter::once(0xFF)));
    bytes.fold(0xCBF2_9CE4_8422_2325, |state, byte| (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3))
}

fn trigrams<'a, T: AsRef<str>>(turn: &AgentTurn<'a, T>) -> impl Iterator<Item = u64> + use<'a, T> {
    turn.tokens.windows(3).map(hash)
}

fn spoken<'a, 'b, T>(turns: &'b [AgentTurn<'a, T>]) -> impl Iterator<Item = &'b AgentTurn<'a, T>> {
    turns.iter().filter(|turn| !turn.mandatory && !turn.tokens.is_empty())
}

impl Library {
    /// Adds the agent turns of one contact. A trigram counts once per contact, however often it is
    /// said.
    pub fn add<T: AsRef<str>>(&mut self, contact: &[AgentTurn<'_, T>]) {
        self.contacts = self.contacts.saturating_add(1);
        let seen: HashSet<u64> = spoken(contact).flat_map(trigrams).collect();
        for key in seen {
            increase(&mut self.trigrams, key, 1);
        }
        let whole: HashSet<u64> = spoken(contact).map(|turn| hash(turn.tokens)).collect();
        for key in whole {
            increase(&mut self.turns, key, 1);
        }
    }

    /// Adds the contacts of another library.
    pub fn merge(&mut self, other: &Self) {
        self.contacts = self.contacts.saturating_add(other.contacts);
        other.trigrams.iter().for_each(|(key, n)| increase(&mut self.trigrams, *key, *n));
        other.turns.iter().for_each(|(key, n)| increase(&mut self.turns, *key, *n));
    }

    /// Contacts in the library.
    #[must_use]
    pub fn contacts(&self) -> u32 {
        self.contacts
    }

    /// Counts of one contact **that is in the library**: its own occurrence is taken out, so a
    /// phrase only this contact uses is never shared. With under 500 contacts one other contact is
    /// already 0.2 %: build the library over a centre.
    #[must_use]
    pub fn wording<T: AsRef<str>>(&self, contact: &[AgentTurn<'_, T>]) -> Wording {
        let others = f64::from(self.contacts.saturating_sub(1));
        let shared = |table: &HashMap<u64, u32>, key: u64| {
            let elsewhere = table.get(&key).map_or(0, |n| n.saturating_sub(1));
            elsewhere > 0 && f64::from(elsewhere) >= TEMPLATE_SHARE * others
        };
        let mut wording = Wording::default();
        let mut earlier: HashSet<u64> = HashSet::new();
        for turn in spoken(contact) {
            wording.turns += 1;
            wording.template_turns += usize::from(shared(&self.turns, hash(turn.tokens)));
            let keys: Vec<u64> = trigrams(turn).collect();
            let common = keys.iter().filter(|key| shared(&self.trigrams, **key)).count();
            wording.trigrams += keys.len();
            wording.shared += common;
            wording.repeated += keys.iter().filter(|key| earlier.contains(*key)).count();
            if turn.answers_negative {
                wording.answering += keys.len();
                wording.answering_shared += common;
            }
            earlier.extend(keys);
        }
        wording
    }
}

fn increase(table: &mut HashMap<u64, u32>, key: u64, by: u32) {
    let slot = table.entry(key).or_default();
    *slot = slot.saturating_add(by);
}

fn share<'a>(contacts: impl Iterator<Item = &'a Wording>, parts: impl Fn(&Wording) -> (usize, usize)) -> f64 {
    let (part, whole) = contacts.map(parts).fold((0, 0), |sum, next| (sum.0 + next.0, sum.1 + next.1));
    // 0/0 is NaN on purpose: the bootstrap leaves such draws out.
    count(part) / count(whole)
}

/// An agent's wording over contacts, intervals by a bootstrap over contacts with the given seed.
///
/// `Ok(None)` when the agent said no three words in a row that were not mandatory.
///
/// # Errors
/// [`TooFew`] below 30 contacts.
pub fn scriptedness(contacts: &[Wording], seed: u64) -> Result<Option<Scriptedness>, TooFew> {
    enough(Minimum::Scriptedness, contacts.len())?;
    let interval = |parts: &dyn Fn(&Wording) -> (usize, usize), stream: u64| {
        bootstrap(
            contacts,
            |sample| share(sample.iter().copied(), parts),
            BOOTSTRAP_DRAWS,
            0.95,
            &mut generator(seed, &[14, stream]),
        )
    };
    let answered = share(contacts.iter(), free);
    let responsiveness =
        interval(&free, 1).filter(|_| answered.is_finite()).map(|interval| (answered, interval));
    Ok(interval(&shared, 0).map(|interval| Scriptedness {
        shared: share(contacts.iter(), shared),
        interval,
        template_turns: share(contacts.iter(), |wording| (wording.template_turns, wording.turns)),
        repeated: share(contacts.iter(), |wording| (wording.repeated, wording.trigrams)),
        responsiveness,
        contacts: contacts.len(),
    }))
}

/// Trigrams of answers that stand nowhere else, of all of them.
fn free(wording: &Wording) -> (usize, usize) {
    (wording.answering - wording.answering_shared.min(wording.answering), wording.answering)
}

fn shared(wording: &Wording) -> (usize, usize) {
    (wording.shared, wording.trigrams)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turn<'a>(tokens: &'a [&'a str]) -> AgentTurn<'a, &'a str> {
        AgentTurn { tokens, mandatory: false, answers_negative: false }
    }

    const GREETING: [&str; 5] = ["您好", "很", "高兴", "为您", "服务"];
    const OWN: [&str; 5] = ["路由器", "上", "第三个", "灯", "亮"];

    /// 1,000 contacts, the greeting in three of them, the sentence about the router in one.
    fn library() -> Library {
        let mut library = Library::default();
        (0..3).for_each(|_| library.add(&[turn(&GREETING)]));
        library.add(&[turn(&OWN)]);
        (0..996).for_each(|i| library.add(&[turn(&[format!("{i}").as_str(), "这边", "看"])]));
        library
    }

    #[test]
    fn a_greeting_two_in_a_thousand_others_use_is_template_wording_and_an_own_sentence_is_not() {
        let library = library();
        let greeting = library.wording(&[turn(&GREETING)]);
        assert_eq!((greeting.trigrams, greeting.shared, greeting.template_turns), (3, 3, 1));
        let own = library.wording(&[turn(&OWN)]);
        assert_eq!((own.trigrams, own.shared, own.template_turns), (3, 0, 0));
    }

    #[test]
    fn what_compliance_demands_is_not_counted_and_repeating_oneself_is() {
        let library = library();
        let mandatory = AgentTurn { mandatory: true, ..turn(&GREETING) };
        assert_eq!(library.wording(&[mandatory]), Wording::default());
        let twice = library.wording(&[turn(&OWN), turn(&OWN)]);
        assert_eq!((twice.trigrams, twice.repeated), (6, 3));
    }

    #[test]
    fn replies_to_complaints_have_their_own_share() {
        let answer = AgentTurn { answers_negative: true, ..turn(&OWN) };
        let wording = library().wording(&[turn(&GREETING), answer]);
        assert_eq!((wording.answering, wording.answering_shared), (3, 0));
        let agent = scriptedness(&[wording; 30], 1).unwrap().unwrap();
        assert!((agent.shared - 0.5).abs() < 1e-12);
        let (responsiveness, interval) = agent.responsiveness.unwrap();
        assert!((responsiveness - 1.0).abs() < 1e-12 && (interval.low - 1.0).abs() < 1e-12);
    }

    #[test]
    fn an_interval_over_thirty_contacts_covers_the_share_and_twenty_nine_are_too_few() {
        let contacts: Vec<Wording> = (0..40)
            .map(|i| Wording { trigrams: 20, shared: if i % 2 == 0 { 18 } else { 2 }, ..Wording::default() })
            .collect();
        let agent = scriptedness(&contacts, 3).unwrap().unwrap();
        assert!((agent.shared - 0.5).abs() < 1e-12 && agent.responsiveness.is_none());
        assert!(agent.interval.low < 0.42 && agent.interval.high > 0.58, "{:?}", agent.interval);
        assert_eq!(scriptedness(&contacts[..29], 3), Err(TooFew { needed: 30, have: 29 }));
        assert_eq!(scriptedness(&[Wording::default(); 30], 3), Ok(None));
    }

    #[test]
    fn the_library_of_a_year_is_the_sum_of_its_months() {
        let (mut first, mut second, mut both) = (Library::default(), Library::default(), Library::default());
        first.add(&[turn(&GREETING)]);
        second.add(&[turn(&GREETING), turn(&OWN)]);
        both.add(&[turn(&GREETING)]);
        both.add(&[turn(&GREETING), turn(&OWN)]);
        first.merge(&second);
        assert_eq!(first, both);
        assert_ne!(hash(&["ab", "c"]), hash(&["a", "bc"]));
    }
}
