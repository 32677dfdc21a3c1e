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
    /// Seconds to wait before `account` may be tried again from `address`; `None` when it may be now.
    pub(super) fn wait(&self, account: &str, address: IpAddr, now: UtcMillis) -> Option<u64> {
        let counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let until =
            keys(account, address).iter().filter_map(|(key, _)| counts.get(key)).map(|c| c.until).max()?;
        let millis = until.as_millis().saturating_sub(now.as_millis());
        (millis > 0).then(|| u64::try_from(millis.div_euclid(1000)).unwrap_or_default() + 1)
    }

    /// Notes a failed attempt.
    pub(super) fn failed(&self, account: &str, address: IpAddr, now: UtcMillis) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.len() >= MOST_COUNTS {
            make_room(&mut counts, now);
        }
        for (key, free) in keys(account, address) {
            let count = counts.entry(key).or_insert(Count { failures: 0, last: now, until: now });
            count.failures = count.failures.saturating_add(1);
            count.last = now;
            count.until = now.plus_millis(wait_millis(count.failures, free));
        }
    }

    /// Forgets the failures of an account that has logged in from this address.
    pub(super) fn succeeded(&self, account: &str, address: IpAddr) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        counts.remove(&Key { account: Some(account.to_lowercase()), address });
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

    #[test]
    fn the_fourth_failure_waits_and_every_further_one_waits_twice_as_long() {
        let logins = Logins::default();
        (0..3).for_each(|_| logins.failed("li", HERE, at(0)));
        assert_eq!(logins.wait("li", HERE, at(0)), None);

        logins.failed("li", HERE, at(0));
        assert_eq!(logins.wait("LI", HERE, at(0)), Some(2), "one second, rounded up");
        logins.failed("li", HERE, at(10));
        logins.failed("li", HERE, at(10));
        assert_eq!(logins.wait("li", HERE, at(10)), Some(5), "four seconds, rounded up");
        (0..99).for_each(|_| logins.failed("li", HERE, at(10)));
        assert_eq!(logins.wait("li", HERE, at(10)), Some(901), "never longer than a quarter of an hour");
        assert_eq!(logins.wait("li", HERE, at(10 + 901)), None, "and never for ever");
    }

    #[test]
    fn nobody_locks_a_colleague_out() {
        let logins = Logins::default();
        (0..20).for_each(|_| logins.failed("li", HERE, at(0)));

        assert_eq!(logins.wait("li", THERE, at(0)), None);
        assert_eq!(logins.wait("wang", HERE, at(0)), None);
    }

    #[test]
    fn one_password_tried_on_many_names_is_slowed_down_by_the_address() {
        let logins = Logins::default();
        (0..40).for_each(|n| logins.failed(&format!("user{n}"), HERE, at(0)));

        assert!(logins.wait("wang", HERE, at(0)).is_some());
        logins.succeeded("wang", HERE);
        assert!(logins.wait("wang", HERE, at(0)).is_some(), "a success does not clear the address");
    }

    #[test]
    fn counts_take_bounded_memory() {
        let logins = Logins::default();
        for n in 0..MOST_COUNTS {
            logins.failed(&format!("user{n}"), HERE, at(i64::try_from(n).unwrap()));
        }

        assert!(logins.counts.lock().unwrap().len() <= MOST_COUNTS + 2);
    }
}
