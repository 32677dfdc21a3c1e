//! Slowing down whoever guesses passwords, without locking anybody out.
//!
//! Every failed attempt is counted three times: for the account from that address, for the account
//! from everywhere, and for the address over all accounts. The first count slows down one guesser,
//! the second a thousand machines that share one account among them, the third one password tried
//! on many names.
//!
//! The last two meet people who did nothing: a colleague behind the same proxy, or the owner of the
//! account that is attacked. So the wait of an address stays short, and a browser in which the
//! account has logged in before ([`super::device`]) is counted by itself: no stranger can slow it
//! down.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};

use crate::domain::UtcMillis;
use crate::secrets;

/// A count without a failure for this long is forgotten, in milliseconds.
const FORGET_MILLIS: i64 = 24 * 3600 * 1000;

/// Most counts that are kept, some 200 bytes each. When they are all in use, those with the fewest
/// failures go first: made-up names and addresses must not wash away the count of an account under
/// attack.
const MOST_COUNTS: usize = 20_000;

/// What failures are counted for. Accounts stand as digests: what is typed may be of any length,
/// and a password in the wrong field.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Key {
    /// The account from that address.
    Pair(String, IpAddr),
    /// The account from everywhere.
    Account(String),
    /// The address over all accounts.
    Address(IpAddr),
    /// The account in a browser where it has logged in before.
    Device(String, String),
}

/// How patient a count is.
struct Patience {
    /// Failures before the first wait.
    free: u32,
    /// Longest wait in seconds.
    longest: u64,
}

impl Key {
    /// **Source**: set by the project. 15 minutes allow 96 guesses a day, which guess no password
    /// off the list. An address may be a whole company's: 100 failures are a morning's slips of
    /// some hundred people, and two seconds keep an attacker to as many attempts as its accounts
    /// let him anyway.
    const fn patience(&self) -> Patience {
        match self {
            Self::Pair(..) | Self::Device(..) => Patience { free: 3, longest: 900 },
            Self::Account(_) => Patience { free: 20, longest: 900 },
            Self::Address(_) => Patience { free: 100, longest: 2 },
        }
    }

    /// Whether a success forgets all failures: they were slips of the same person.
    const fn is_own(&self) -> bool {
        matches!(self, Self::Pair(..) | Self::Device(..))
    }
}

#[derive(Debug, Clone, Copy)]
struct Count {
    failures: u32,
    last: UtcMillis,
    until: UtcMillis,
}

/// Failed logins of one process.
#[derive(Debug, Default)]
pub struct Logins {
    counts: Mutex<HashMap<Key, Count>>,
}

/// An attempt that may be made.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Attempt {
    keys: Vec<Key>,
}

impl Logins {
    /// Begins an attempt, which counts as a failure until [`Self::succeeded`] says otherwise: else
    /// a hundred attempts sent at once would all be tried before the first of them had failed.
    /// `device` names a browser in which the account has logged in before.
    ///
    /// # Errors
    /// Seconds to wait before `account` may be tried again from there.
    pub(super) fn begin(
        &self,
        account: &str,
        address: IpAddr,
        device: Option<&str>,
        now: UtcMillis,
    ) -> Result<Attempt, u64> {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let keys = keys(account, address, device);
        if let Some(seconds) = keys.iter().filter_map(|key| counts.get(key)?.wait(now)).max() {
            return Err(seconds);
        }
        if counts.len() >= MOST_COUNTS {
            make_room(&mut counts, now);
        }
        for key in &keys {
            let count = counts.entry(key.clone()).or_insert(Count { failures: 0, last: now, until: now });
            count.last = now;
            count.set(count.failures.saturating_add(1), key);
        }
        Ok(Attempt { keys })
    }

    /// The attempt was none of a guesser: forgets the failures of the account from this place, and
    /// of what is shared with others this one.
    pub(super) fn succeeded(&self, attempt: &Attempt) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        for key in &attempt.keys {
            if key.is_own() {
                counts.remove(key);
            } else if let Some(count) = counts.get_mut(key) {
                count.set(count.failures.saturating_sub(1), key);
            }
        }
    }
}

impl Count {
    /// Sets the number of failures and the wait that follows from it.
    fn set(&mut self, failures: u32, key: &Key) {
        self.failures = failures;
        self.until = self.last.plus_millis(wait_millis(failures, &key.patience()));
    }

    /// Whole seconds until the next attempt, rounded up; `None` when it may be made now.
    fn wait(&self, now: UtcMillis) -> Option<u64> {
        let millis = self.until.as_millis().saturating_sub(now.as_millis());
        (millis > 0).then(|| u64::try_from(millis).unwrap_or_default().div_ceil(1000))
    }
}

fn keys(account: &str, address: IpAddr, device: Option<&str>) -> Vec<Key> {
    let account = secrets::digest(account.to_lowercase().as_bytes());
    if let Some(device) = device {
        return vec![Key::Device(account, device.to_owned())];
    }
    let address = network(address);
    vec![Key::Pair(account.clone(), address), Key::Account(account), Key::Address(address)]
}

/// The address, or for IPv6 its network of 64 bits: every customer of a provider has that many
/// addresses at least.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64)).into(),
    }
}

/// 0 while failures are free, then 1, 2, 4, … seconds.
fn wait_millis(failures: u32, patience: &Patience) -> i64 {
    let Some(doublings) = failures.checked_sub(patience.free + 1) else { return 0 };
    let seconds = 1_u64.checked_shl(doublings).map_or(patience.longest, |s| s.min(patience.longest));
    i64::try_from(seconds * 1000).unwrap_or(i64::MAX)
}

fn make_room(counts: &mut HashMap<Key, Count>, now: UtcMillis) {
    counts.retain(|_, count| now.as_millis().saturating_sub(count.last.as_millis()) < FORGET_MILLIS);
    if counts.len() >= MOST_COUNTS {
        let mut weights: Vec<_> = counts.values().map(|count| (count.failures, count.last)).collect();
        weights.sort_unstable();
        let middle = weights.get(weights.len() / 2).copied().unwrap_or((0, now));
        counts.retain(|_, count| (count.failures, count.last) > middle);
    }
}

#[cfg(test)]
mod tests;
