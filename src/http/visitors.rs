//! Forms of people who are not known yet, while they come in.
//!
//! A form of our own pages comes in one piece. One that is sent in parts, or never to its end, must
//! not keep anybody out: when there are too many, the one that waits longest makes room. Rejected:
//! refusing the newest, as for everything else. Behind a proxy or in a hall many share an address,
//! and a stranger's half forms would refuse all of theirs.

use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

/// Forms that may come in at the same time. Each holds at most 64 KiB.
const MOST: usize = 128;

/// The same from one address.
const MOST_OF_ADDRESS: usize = 16;

/// Forms that come in.
#[derive(Debug, Default)]
pub(super) struct Visitors(Mutex<Hall>);

#[derive(Debug, Default)]
struct Hall {
    next: u64,
    /// Those who wait longest stand first.
    waiting: VecDeque<Waiting>,
}

#[derive(Debug)]
struct Waiting {
    number: u64,
    address: IpAddr,
    /// Its end tells the visitor to make room.
    _stay: oneshot::Sender<()>,
}

/// A form that comes in. Over when it is dropped.
#[derive(Debug)]
pub(super) struct Visit {
    visitors: Arc<Visitors>,
    number: u64,
    over: oneshot::Receiver<()>,
}

impl Visitors {
    /// Lets a form begin, and sends the one away that has waited longest when there are too many.
    pub(super) fn enter(self: &Arc<Self>, address: IpAddr) -> Visit {
        let (stay, over) = oneshot::channel();
        let mut hall = self.lock();
        if let Some(at) = hall.too_many(address) {
            hall.waiting.remove(at);
        }
        let number = hall.next;
        hall.next += 1;
        hall.waiting.push_back(Waiting { number, address, _stay: stay });
        Visit { visitors: Arc::clone(self), number, over }
    }

    fn lock(&self) -> MutexGuard<'_, Hall> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Hall {
    /// Who makes room for another one of `address`: the longest waiting of that address, or of the
    /// address that has most.
    fn too_many(&self, address: IpAddr) -> Option<usize> {
        let mut counts: HashMap<IpAddr, usize> = HashMap::new();
        for waiting in &self.waiting {
            *counts.entry(waiting.address).or_default() += 1;
        }
        let whose = if counts.get(&address).is_some_and(|count| *count >= MOST_OF_ADDRESS) {
            address
        } else if self.waiting.len() >= MOST {
            *counts.iter().max_by_key(|(_, count)| **count)?.0
        } else {
            return None;
        };
        self.waiting.iter().position(|waiting| waiting.address == whose)
    }
}

impl Visit {
    /// Ends when this form must make room.
    pub(super) async fn over(&mut self) {
        // It ends by being dropped; nothing is ever sent.
        let _ = (&mut self.over).await;
    }
}

impl Drop for Visit {
    fn drop(&mut self) {
        self.visitors.lock().waiting.retain(|waiting| waiting.number != self.number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(last: u8) -> IpAddr {
        IpAddr::from([10, 0, 0, last])
    }

    fn is_over(visit: &mut Visit) -> bool {
        !matches!(visit.over.try_recv(), Err(oneshot::error::TryRecvError::Empty))
    }

    #[test]
    fn the_form_that_waits_longest_makes_room_for_the_next_of_its_address() {
        let visitors = Arc::<Visitors>::default();
        let mut other = visitors.enter(address(2));
        let mut first: Vec<Visit> = (0..MOST_OF_ADDRESS).map(|_| visitors.enter(address(1))).collect();

        let mut last = visitors.enter(address(1));

        let over: Vec<bool> = first.iter_mut().map(is_over).collect();
        assert!(over[0] && !over[1..].contains(&true), "{over:?}");
        assert!(!is_over(&mut other) && !is_over(&mut last));
    }

    #[test]
    fn when_many_addresses_wait_the_one_that_has_most_makes_room() {
        let visitors = Arc::<Visitors>::default();
        let mut greedy: Vec<Visit> = (0..2).map(|_| visitors.enter(address(0))).collect();
        let mut rest: Vec<Visit> = (1..=126).map(|n| visitors.enter(address(n))).collect();

        let mut last = visitors.enter(address(200));

        assert!(is_over(&mut greedy[0]) && !is_over(&mut greedy[1]));
        assert!(!rest.iter_mut().any(is_over) && !is_over(&mut last));
    }

    #[test]
    fn a_form_that_has_come_in_takes_no_room() {
        let visitors = Arc::<Visitors>::default();

        for _ in 0..1000 {
            drop(visitors.enter(address(1)));
        }

        assert!(visitors.lock().waiting.is_empty());
    }
}
