use super::*;

const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(10, 0, 0, 1));

fn at(seconds: i64) -> UtcMillis {
    UtcMillis::from_millis(seconds * 1000)
}

fn address(n: usize) -> IpAddr {
    IpAddr::V6(Ipv6Addr::from_bits(u128::try_from(n).unwrap() << 64))
}

/// Whether an attempt from an unknown browser may be made.
fn tries(logins: &Logins, account: &str, address: IpAddr, now: UtcMillis) -> Result<(), u64> {
    logins.begin(account, address, None, now).map(drop)
}

/// Tries in vain so many times, whatever the wait.
fn fail(logins: &Logins, account: &str, times: usize, now: UtcMillis) {
    for _ in 0..times {
        let _ = tries(logins, account, HERE, now);
    }
}

#[test]
fn after_four_failures_every_further_one_waits_twice_as_long() {
    let logins = Logins::default();
    fail(&logins, "li", 4, at(0));
    assert_eq!(tries(&logins, "LI", HERE, at(0)), Err(1));

    fail(&logins, "li", 1, at(10));
    assert_eq!(tries(&logins, "li", HERE, at(10)), Err(2));
    let mut now = 10;
    for _ in 0..30 {
        now += 900;
        assert_eq!(tries(&logins, "li", HERE, at(now)), Ok(()), "never for ever");
    }
    assert_eq!(tries(&logins, "li", HERE, at(now)), Err(900), "never longer than a quarter of an hour");
}

#[test]
fn a_hundred_attempts_at_once_are_four() {
    let logins = Logins::default();

    let tried = (0..100).filter(|_| tries(&logins, "li", HERE, at(0)).is_ok()).count();

    assert_eq!(tried, 4);
}

#[test]
fn who_logs_in_every_day_is_never_slowed_down() {
    let logins = Logins::default();
    for n in 0..200 {
        let attempt = logins.begin("li", HERE, None, at(n)).unwrap();
        logins.succeeded(&attempt);
    }
}

#[test]
fn a_guesser_locks_no_colleague_out_and_not_the_owner_at_another_place() {
    let logins = Logins::default();
    fail(&logins, "li", 20, at(0));

    assert_eq!(tries(&logins, "li", address(1), at(0)), Ok(()));
    assert_eq!(tries(&logins, "wang", HERE, at(0)), Ok(()));
}

#[test]
fn sixty_names_from_the_address_of_a_proxy_lock_no_colleague_out() {
    let logins = Logins::default();
    for n in 0..60 {
        assert_eq!(tries(&logins, &format!("name{n}"), HERE, at(0)), Ok(()));
    }

    assert_eq!(tries(&logins, "wang", HERE, at(0)), Ok(()));
}

#[test]
fn a_flood_of_names_from_one_address_costs_a_colleague_there_two_seconds_and_a_known_browser_none() {
    let logins = Logins::default();
    let mut tried = 0;
    for n in 0..3600 {
        tried += (0..10).filter(|m| tries(&logins, &format!("name{n}-{m}"), HERE, at(n)).is_ok()).count();
    }

    assert!(
        (1800..2000).contains(&tried),
        "one password on many names is slow: {tried} of 36,000 in an hour"
    );
    assert!(tries(&logins, "wang", HERE, at(3600)).is_err_and(|seconds| seconds <= 2));
    assert!(logins.begin("wang", HERE, Some("wangs browser"), at(3600)).is_ok());
}

#[test]
fn sixty_addresses_do_not_guess_one_account_without_delay() {
    let logins = Logins::default();

    let tried = (0..60).filter(|n| tries(&logins, "li", address(*n), at(0)).is_ok()).count();

    assert_eq!(tried, 21);
    assert_eq!(tries(&logins, "wang", address(1), at(0)), Ok(()), "only that account waits");
    assert!(logins.begin("li", HERE, Some("lis browser"), at(0)).is_ok(), "and not its owner");
}

#[test]
fn a_known_browser_is_slowed_down_for_its_own_failures() {
    let logins = Logins::default();

    let tried = (0..100).filter(|_| logins.begin("li", HERE, Some("stolen"), at(0)).is_ok()).count();

    assert_eq!(tried, 4);
}

#[test]
fn the_addresses_of_one_network_are_one() {
    let logins = Logins::default();
    let host = |n: u128| IpAddr::V6(Ipv6Addr::from_bits((0x2001_0db8 << 96) | n));

    let tried = (0..100).filter(|n| tries(&logins, "li", host(*n), at(0)).is_ok()).count();

    assert_eq!(tried, 4);
}

#[test]
fn counts_take_bounded_memory_and_made_up_names_do_not_wash_an_attack_away() {
    let logins = Logins::default();
    for n in 0..25 {
        let _ = tries(&logins, "li", address(n), at(0));
    }
    for n in 0..MOST_COUNTS {
        let name = format!("{n}").repeat(100);
        let _ = tries(&logins, &name, address(n), at(0));
    }

    assert!(logins.counts.lock().unwrap().len() <= MOST_COUNTS + 3);
    assert!(tries(&logins, "li", address(1 << 40), at(0)).is_err());
}
