//! Adds up a week of invented contacts of four people and prints what may be said about them.
//!
//! ```text
//! cargo run -p tingxin-staff --example judge
//! ```

#![expect(clippy::print_stdout, reason = "an example shows its result on the terminal")]

use tingxin_staff::{Person, sum, table};
use tingxin_text::domain::{
    Channel, ContactMeasures, ContactRef, InvalidName, Observation, StaffId, UtcMillis,
};

/// Work number, contacts, and of how many contacts one ends negative.
const PEOPLE: [(&str, u32, u32); 4] =
    [("A1001", 140, 9), ("A1002", 120, 8), ("A1003", 150, 2), ("A1004", 20, 7)];

/// One contact an hour; every third customer begins upset.
fn contact(number: u32, negative_of: u32) -> Observation {
    let start = Some(if number.is_multiple_of(3) { -0.5 } else { 0.1 });
    let ends_negative = Some(if number.is_multiple_of(negative_of) { 0.9 } else { 0.1 });
    Observation {
        id: ContactRef::fresh(),
        channel: Channel::Hotline,
        process: None,
        staff: None,
        team: None,
        happened_at: UtcMillis::of_week(2965).plus_millis(i64::from(number) * 3_600_000),
        repeated: false,
        incident: false,
        contested: Vec::new(),
        measures: ContactMeasures { start, ends_negative, ..ContactMeasures::default() },
    }
}

fn main() -> Result<(), InvalidName> {
    let mut people = Vec::new();
    for (id, contacts, negative_of) in PEOPLE {
        let sums = sum((0..contacts).map(|number| contact(number, negative_of)).collect());
        // Nobody has listened to these contacts and confirmed a flag, so nobody can be named.
        people.push(Person { id: StaffId::new(id)?, sums, confirmed: [].into(), corrected: [].into() });
    }
    for line in table(&people) {
        println!("{}，{} 次接触", line.staff, line.contacts);
        for figure in &line.figures {
            let (seen, verdict) = (&figure.expected, &figure.verdict);
            println!("  {} {:.0}，预期 {:.1}", figure.indicator.zh(), seen.observed, seen.expected);
            println!("    {:?}，尚缺 {:?}", verdict.standing, verdict.missing);
        }
    }
    Ok(())
}
