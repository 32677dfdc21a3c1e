use super::*;
use crate::{Measured, Sums, sum};
use tingxin_text::domain::{ContactMeasures, ContactRef, Exchange, Observation, StaffId, Tone, UtcMillis};

/// A contact of a queue whose openings scatter around −.5.
fn contact(at: u32, gift: f32, channel: Channel) -> Observation {
    let part = |salt: u32| f32::from(u8::try_from(at * salt % 17).unwrap()) / 17.0 - 0.5;
    // Chats begin more alike.
    let start = -0.6 + if channel == Channel::Chat { 0.2 } else { 0.4 } * part(7);
    let turn = |valence: f32| Exchange {
        customer: Some(Tone { valence, positive: 0.1, negative: 0.6 }),
        agent: None,
    };
    Observation {
        id: ContactRef(uuid::Uuid::from_u128(u128::from(at))),
        channel,
        process: None,
        staff: None,
        team: None,
        happened_at: UtcMillis::from_millis(i64::from(at) * 600_000),
        repeated: false,
        incident: false,
        contested: Vec::new(),
        measures: ContactMeasures {
            exchanges: (0..4).map(|turns: u32| turn(start + 0.3 * part(3 + turns))).collect(),
            start: Some(start),
            customer_turns: 6,
            end: Some(0.1 + 0.5 * start + 0.3 * part(11) + gift),
            ..ContactMeasures::default()
        },
    }
}

/// People with ten contacts a week.
fn centre(gifts: &[(f32, u32)]) -> (Vec<Person>, Weeks, Series) {
    let (mut whole, mut everybody) = (Series::default(), Weeks::new());
    let people = gifts
        .iter()
        .zip(0_u32..)
        .map(|((gift, contacts), at)| {
            // The second has a single contact of a kind that nobody else has.
            let own = |one| {
                let rare = at == 1 && one == 0;
                let channel = match one % 4 {
                    _ if rare => Channel::Visit,
                    3 => Channel::Chat,
                    _ => Channel::Hotline,
                };
                contact(at * 1_000 + one, *gift, channel)
            };
            let contacts: Vec<Observation> = (0..*contacts).map(own).collect();
            let weeks: BTreeMap<i64, Sums> =
                (0..).zip(contacts.chunks(10).map(|week| sum(week.to_vec()))).collect();
            let mut sums = Sums::of_all(weeks.values());
            whole.merge(&sums.take_series());
            let id = StaffId::new(&format!("A{at:04}")).unwrap();
            everybody.insert(id.clone(), weeks);
            Person { id, sums, confirmed: BTreeMap::new(), corrected: BTreeMap::new() }
        })
        .collect();
    (people, everybody, whole)
}

const SOLID: Reliability = Reliability {
    customer: Measured { value: 0.75, error: 0.03 },
    agent: Measured { value: 0.8, error: 0.03 },
};

#[test]
fn whoever_calms_more_than_colleagues_stands_out_in_units_of_valence_and_a_newcomer_is_not_judged() {
    let mut gifts = vec![(0.0, 80); 20];
    gifts[0].0 = 0.3;
    gifts[19].1 = 20;
    let (people, weeks, whole) = centre(&gifts);

    let found = soothing(&people, &weeks, &whole, Some(SOLID));

    let Shown::Estimate(gifted) = found[0].shown else { panic!("{:?}", found[0]) };
    assert!((gifted.value - 0.3).abs() < 0.06 && gifted.low > 0.2 && gifted.contacts == 80, "{gifted:?}");
    assert_eq!(found[19], Shown::TooFew { needed: 50, have: 20 }.into());
    let Shown::Estimate(other) = found[1].shown else { panic!("{:?}", found[1]) };
    assert!(other.low < 0.0 && other.high > -0.05 && other.contacts == 79, "{other:?}");
    // Eight weeks, each above expectation; the second is one of many.
    let [first, second] = [found[0].check.unwrap(), found[1].check.unwrap()];
    assert!((first.observed - 0.3).abs() < 0.06 && first.z() > 2.5 && first.p_above < 0.02, "{first:?}");
    assert!(second.z().abs() < 3.0 && second.drawn == 200, "{second:?}");
}

#[test]
fn how_well_the_readings_are_known_widens_the_interval_and_moves_nothing() {
    let gifts: Vec<(f32, u32)> = (0..20_u16).map(|at| (0.1 * f32::from(at % 4), 80)).collect();
    let (people, weeks, whole) = centre(&gifts);
    let at = |value: f64, error: f64| {
        let customer = Measured { value, error };
        let found = soothing(&people, &weeks, &whole, Some(Reliability { customer, ..SOLID }));
        found[3].shown.branch().unwrap()
    };
    let (known, doubted, other) = (at(0.5, 0.0), at(0.5, 0.3), at(0.8, 0.0));
    let half = |branch: Branch| (branch.high - branch.low) / (2.0 * Z_95);
    assert!((known.value - doubted.value).abs() < 1e-12);
    let expected = half(known).hypot(other.value - known.value);
    assert!((half(doubted) - expected).abs() < 1e-12 && half(doubted) > half(known), "{known:?} {doubted:?}");
}

#[test]
fn a_kind_that_one_person_has_fifty_times_and_another_five_times_is_left_out_of_both() {
    let case = Case::of(&contact(0, 0.0, Channel::Hotline));
    let row = |kind: f64, contacts: usize| {
        let mut moods = Moods::default();
        (0..contacts).for_each(|_| moods.merge(&Moods::of(-0.5, 0.1)));
        CaseOpenings { case: &case, covariates: vec![kind], moods }
    };
    let mut contacts =
        vec![vec![row(0.0, 30), row(1.0, 50)], vec![row(0.0, 75), row(1.0, 5)], vec![row(0.0, 80)]];

    keep_comparable(&mut contacts, 1);

    let kept: Vec<f64> =
        contacts.iter().map(|own| own.iter().map(|kind| kind.moods.contacts()).sum()).collect();
    assert_eq!(kept, [30.0, 75.0, 80.0]);
}

#[test]
fn without_a_measured_reliability_nothing_is_said() {
    let (people, weeks, whole) = centre(&[(0.0, 80), (0.0, 80)]);
    assert_eq!(soothing(&people, &weeks, &whole, None), [Shown::Uncalibrated.into(); 2]);
}
