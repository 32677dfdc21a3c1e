//! Slowing down whoever guesses passwords.
//!
//! Every failed attempt doubles the wait of that account from that address; other addresses may still
//! log in, so nobody can lock a colleague out. A second count per address stops trying one password on
//! many names.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use crate::domain::UtcMillis;

/// Failures of one account from one address before the first wait.
const FREE_FAILURES: u32 = 3;

/// Failures from one address over all accounts before the first wait: a whole hall may share one address.
const FREE_FAILURES_OF_ADDRESS: u32 = 30;

/// Longest wait in seconds. 15 minutes allow 96 guesses a day, which guess no password off the list.
const LONGEST_WAIT_SECONDS: u64 = 900;

/// A count without a failure for this long is forgotten, in milliseconds.
const FORGET_MILLIS: i64 = 24 * 3600 * 1000;

/// Most counts that are kept, some 100 bytes each. When they are all in use the oldest goes first.
const MOST_COUNTS: usize = 20_000;

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    account: Option<String>,
    address: IpAddr,
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

impl Logins {
    /// Begins an attempt, which counts as a failure until [`Self::succeeded`] says otherwise: else a
    /// hundred attempts sent at once would all be tried before the first of them had failed.
    ///
    /// # Errors
    /// Seconds to wait before `account` may be tried again from `address`.
    pub(super) fn begin(&self, account: &str, address: IpAddr, now: UtcMillis) -> Result<(), u64> {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let keys = keys(account, address);
        if let Some(seconds) = keys.iter().filter_map(|(key, _)| counts.get(key)?.wait(now)).max() {
            return Err(seconds);
        }
        if counts.len() >= MOST_COUNTS {
            make_room(&mut counts, now);
        }
        for (key, free) in keys {
            let count = counts.entry(key).or_insert(Count { failures: 0, last: now, until: now });
            count.failures = count.failures.saturating_add(1);
            count.last = now;
            count.until = now.plus_millis(wait_millis(count.failures, free));
        }
        Ok(())
    }

    /// The attempt was none of a guesser: forgets the failures of the account from this address, and of
    /// the address this one.
    pub(super) fn succeeded(&self, account: &str, address: IpAddr) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        counts.remove(&Key { account: Some(account.to_lowercase()), address });
        if let Some(count) = counts.get_mut(&Key { account: None, address }) {
            count.failures = count.failures.saturating_sub(1);
            count.until = count.last.plus_millis(wait_millis(count.failures, FREE_FAILURES_OF_ADDRESS));
        }
    }
}

impl Count {
    /// Whole seconds until the next attempt, rounded up; `None` when it may be made now.
    fn wait(&self, now: UtcMillis) -> Option<u64> {
        let millis = self.until.as_millis().saturating_sub(now.as_millis());
        (millis > 0).then(|| u64::try_from(millis).unwrap_or_default().div_ceil(1000))
    }
}

fn keys(account: &str, address: IpAddr) -> [(Key, u32); 2] {
    [
        (Key { account: Some(account.to_lowercase()), address }, FREE_FAILURES),
        (Key { account: None, address }, FREE_FAILURES_OF_ADDRESS),
    ]
}

/// 0 while failures are free, then 1, 2, 4, … seconds.
fn wait_millis(failures: u32, free: u32) -> i64 {
    let Some(doublings) = failures.checked_sub(free + 1) else { return 0 };
    let seconds = 1_u64.checked_shl(doublings).map_or(LONGEST_WAIT_SECONDS, |s| s.min(LONGEST_WAIT_SECONDS));
    i64::try_from(seconds * 1000).unwrap_or(i64::MAX)
}

fn make_room(counts: &mut HashMap<Key, Count>, now: UtcMillis) {
    counts.retain(|_, count| now.as_millis().saturating_sub(count.last.as_millis()) < FORGET_MILLIS);
    if counts.len() >= MOST_COUNTS {
        let mut ages: Vec<UtcMillis> = counts.values().map(|count| count.last).collect();
        ages.sort_unstable();
        let middle = ages.get(ages.len() / 2).copied().unwrap_or(now);
        counts.retain(|_, count| count.last > middle);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(10, 0, 0, 1));
    const THERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(10, 0, 0, 2));

    fn at(seconds: i64) -> UtcMillis {
        UtcMillis::from_millis(seconds * 1000)
    }

    /// Tries in vain so many times, whatever the wait.
    fn fail(logins: &Logins, account: &str, times: usize, now: UtcMillis) {
        for _ in 0..times {
            let _ = logins.begin(account, HERE, now);
        }
    }

    #[test]
    fn after_four_failures_every_further_one_waits_twice_as_long() {
        let logins = Logins::default();
        fail(&logins, "li", 4, at(0));
        assert_eq!(logins.begin("LI", HERE, at(0)), Err(1));

        fail(&logins, "li", 1, at(10));
        assert_eq!(logins.begin("li", HERE, at(10)), Err(2));
        let mut now = 10;
        for _ in 0..30 {
            now += 900;
            assert_eq!(logins.begin("li", HERE, at(now)), Ok(()), "never for ever");
        }
        assert_eq!(logins.begin("li", HERE, at(now)), Err(900), "never longer than a quarter of an hour");
    }

    #[test]
    fn a_hundred_attempts_at_once_are_four() {
        let logins = Logins::default();

        let tried = (0..100).filter(|_| logins.begin("li", HERE, at(0)).is_ok()).count();

        assert_eq!(tried, 4);
    }

    #[test]
    fn who_logs_in_every_day_is_never_slowed_down() {
        let logins = Logins::default();
        for n in 0..200 {
            assert_eq!(logins.begin("li", HERE, at(n)), Ok(()));
            logins.succeeded("li", HERE);
        }
    }

    #[test]
    fn nobody_locks_a_colleague_out() {
        let logins = Logins::default();
        fail(&logins, "li", 20, at(0));

        assert_eq!(logins.begin("li", THERE, at(0)), Ok(()));
        assert_eq!(logins.begin("wang", HERE, at(0)), Ok(()));
    }

    #[test]
    fn one_password_tried_on_many_names_is_slowed_down_by_the_address() {
        let logins = Logins::default();

        let tried = (0..40).filter(|n| logins.begin(&format!("user{n}"), HERE, at(0)).is_ok()).count();

        assert_eq!(tried, 31);
        assert!(logins.begin("wang", HERE, at(0)).is_err());
    }

    #[test]
    fn counts_take_bounded_memory() {
        let logins = Logins::default();
        for n in 0..MOST_COUNTS * 2 {
            let address = IpAddr::V6(u128::try_from(n).unwrap().into());
            logins.begin("li", address, at(i64::try_from(n).unwrap())).unwrap();
        }

        assert!(logins.counts.lock().unwrap().len() <= MOST_COUNTS + 2);
    }
}
