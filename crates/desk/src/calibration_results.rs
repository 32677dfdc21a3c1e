//! What a calibration session shows once it has ended: about rules, and about its readers.

use std::collections::BTreeMap;

use tingxin_statistics::agreement::{Agreement, AlphaDrift, agreement, agreement_of_two, drift};
use tingxin_statistics::minimum::TooFew;
use tingxin_statistics::resample::generator;
use tingxin_store::{Calibration, CalibrationReading};
use tingxin_text::domain::{Rule, UtcMillis};
use uuid::Uuid;

use crate::error::off_the_event_loop;
use crate::samples::RuleAgreement;
use crate::{Caller, Desk, DeskError};

/// Sessions before this one that a reader's drift is measured against. Set by the project: about half a year of monthly sessions.
const EARLIER: usize = 6;

/// Names the random numbers of the intervals.
const SEED: u64 = 20_261_201;

/// A session, and what was said in it where it has ended.
#[derive(Debug, Clone)]
pub struct CalibrationReport {
    /// The session.
    pub session: Calibration,
    /// `None` while it is open: whoever leads it may be one of its readers.
    pub result: Option<CalibrationResult>,
}

/// What was said in a session.
#[derive(Debug, Clone)]
pub struct CalibrationResult {
    /// Whether readers agree, rule by rule, the expert among them.
    pub rules: Vec<RuleAgreement>,
    /// Everybody but the expert, by name.
    pub readers: Vec<ReaderStanding>,
}

/// How somebody reads beside the expert.
#[derive(Debug, Clone)]
pub struct ReaderStanding {
    /// Account.
    pub reader: String,
    /// Over all rules; `Ok(None)` where both always said the same single thing.
    pub agreement: Result<Option<Agreement>, TooFew>,
    /// Times the expert found a rule to apply and the reader did not.
    pub missed: usize,
    /// Times the reader found a rule to apply and the expert did not.
    pub extra: usize,
    /// The same agreement in earlier sessions, oldest first.
    pub before: Vec<SessionAgreement>,
    /// How much it has moved from those; `None` where it cannot be told.
    pub drift: Option<AlphaDrift>,
}

/// Agreement with the expert of an earlier session.
#[derive(Debug, Clone)]
pub struct SessionAgreement {
    /// What the session was called.
    pub title: String,
    /// When it ended.
    pub closed_at: UtcMillis,
    /// Its expert and this reader.
    pub agreement: Agreement,
}

impl Desk {
    /// A session that the caller leads, with what was said once it has ended. That is about people who work here, so whoever
    /// looks is written down.
    ///
    /// # Errors
    /// [`DeskError::NotFound`], [`DeskError::Store`], [`DeskError::Broken`].
    pub async fn calibration_report(
        &self,
        caller: &Caller,
        session: Uuid,
    ) -> Result<CalibrationReport, DeskError> {
        let session = self.led_calibration(caller, session).await?;
        let Some(closed_at) = session.closed_at else {
            return Ok(CalibrationReport { session, result: None });
        };
        self.write_down(caller, "calibration.result", session.id.to_string(), true).await?;
        let mut before = self.calibrations(caller).await?;
        before.retain(|one| one.closed_at.is_some_and(|at| at < closed_at) && one.shares_a_reader(&session));
        before.truncate(EARLIER);
        before.reverse();
        let mut earlier = Vec::new();
        for one in before {
            earlier
                .push(SessionReadings { readings: self.store.calibration_readings(one.id).await?, of: one });
        }
        let readings = self.store.calibration_readings(session.id).await?;
        let now = SessionReadings { readings, of: session.clone() };
        let result = off_the_event_loop(move || result(&now, &earlier)).await?;
        Ok(CalibrationReport { session, result: Some(result) })
    }
}

/// A session with what was said in it.
struct SessionReadings {
    of: Calibration,
    readings: Vec<CalibrationReading>,
}

fn result(now: &SessionReadings, earlier: &[SessionReadings]) -> CalibrationResult {
    let mut contacts: BTreeMap<Uuid, Vec<&CalibrationReading>> = BTreeMap::new();
    for reading in &now.readings {
        contacts.entry(reading.item.id).or_default().push(reading);
    }
    let rules = (0_u64..)
        .zip(Rule::ALL)
        .map(|(place, rule)| {
            let said = |all: &Vec<&CalibrationReading>| -> Vec<u8> {
                all.iter().filter_map(|one| one.answer.says(*rule)).map(u8::from).collect()
            };
            let units: Vec<Vec<u8>> = contacts.values().map(said).collect();
            RuleAgreement { rule: *rule, agreement: agreement(&units, &mut generator(SEED, &[place])) }
        })
        .collect();
    let others = now.of.readers.iter().filter(|reader| reader.name != now.of.expert);
    CalibrationResult { rules, readers: others.map(|reader| standing(&reader.name, now, earlier)).collect() }
}

fn standing(reader: &str, now: &SessionReadings, earlier: &[SessionReadings]) -> ReaderStanding {
    let own = now.beside_expert(reader);
    let times = |said: [u8; 2]| own.iter().flatten().filter(|pair| **pair == said).count();
    let before: Vec<SessionAgreement> =
        earlier.iter().filter_map(|session| session.agreement_of(reader)).collect();
    let agreement = agreed(&own);
    let known: Vec<Agreement> = before.iter().map(|one| one.agreement).collect();
    ReaderStanding {
        reader: reader.to_owned(),
        missed: times([1, 0]),
        extra: times([0, 1]),
        drift: agreement.ok().flatten().and_then(|latest| drift(&known, &latest)),
        agreement,
        before,
    }
}

fn agreed(contacts: &[Vec<[u8; 2]>]) -> Result<Option<Agreement>, TooFew> {
    agreement_of_two(contacts, &mut generator(SEED, &[u64::MAX]))
}

impl SessionReadings {
    /// What the expert and a reader say about every contact that both have read, rule by rule; rules that one of them cannot tell
    /// are left out.
    fn beside_expert(&self, reader: &str) -> Vec<Vec<[u8; 2]>> {
        let of = |name: &str| -> BTreeMap<Uuid, &CalibrationReading> {
            let own = self.readings.iter().filter(|one| one.reader == name);
            own.map(|one| (one.item.id, one)).collect()
        };
        let (expert, own) = (of(&self.of.expert), of(reader));
        let both = expert.iter().filter_map(|(item, first)| Some((*first, *own.get(item)?)));
        let said = |(first, second): (&CalibrationReading, &CalibrationReading)| {
            let pair = |rule: &Rule| {
                Some([u8::from(first.answer.says(*rule)?), u8::from(second.answer.says(*rule)?)])
            };
            Rule::ALL.iter().filter_map(pair).collect()
        };
        both.map(said).collect()
    }

    fn agreement_of(&self, reader: &str) -> Option<SessionAgreement> {
        let closed_at = self.of.closed_at?;
        let found = (reader != self.of.expert).then(|| agreed(&self.beside_expert(reader)))?;
        let agreement = found.ok().flatten()?;
        Some(SessionAgreement { title: self.of.title.clone(), closed_at, agreement })
    }
}

#[cfg(test)]
mod tests {
    use tingxin_store::{CalibrationItem, CalibrationReader, FoundRule, SampleAnswer};
    use tingxin_text::domain::ContactRef;

    use super::*;

    const EXPERT: &str = "user:expert";

    /// In which of the contacts somebody does not hear what the expert hears.
    type Misses = fn(usize) -> bool;

    /// A session of forty contacts, in every other one of which the expert hears an escalation. `misses` says in which of these
    /// contacts somebody does not hear it.
    fn session(closed: i64, people: &[(&str, Misses)]) -> SessionReadings {
        let at = UtcMillis::from_millis(closed);
        let name = |name: &str| CalibrationReader { name: name.to_owned(), done: 40 };
        let of = Calibration {
            id: Uuid::now_v7(),
            title: format!("s{closed}"),
            expert: EXPERT.to_owned(),
            team: None,
            contacts: 40,
            readers: people.iter().map(|(reader, _)| name(reader)).chain([name(EXPERT)]).collect(),
            made_by: "user:lead".to_owned(),
            made_at: at,
            closed_at: Some(at),
        };
        let mut readings = Vec::new();
        for place in 0..40 {
            let item = CalibrationItem { id: Uuid::now_v7(), contact: ContactRef(Uuid::now_v7()), place };
            let never: Misses = |_| false;
            let all = people.iter().copied().chain([(EXPERT, never)]);
            for (reader, misses) in all {
                let heard = place % 2 == 0 && !misses(place);
                let found = FoundRule { rule: Rule::Escalation, turn: None, emotion: None };
                let found = heard.then_some(found).into_iter().collect();
                let unclear = if place == 39 { vec![Rule::Abuse] } else { Vec::new() };
                let answer = SampleAnswer { found, unclear };
                readings.push(CalibrationReading { item, reader: reader.to_owned(), read_at: at, answer });
            }
        }
        SessionReadings { of, readings }
    }

    #[test]
    fn whoever_reads_as_the_expert_does_agrees_and_whoever_misses_is_told_how_often() {
        let now = session(1, &[("user:lina", |_| false), ("user:wang", |place| place < 20)]);

        let result = result(&now, &[]);

        let [lina, wang] = result.readers.as_slice() else { panic!("{result:?}") };
        assert!((lina.agreement.unwrap().unwrap().alpha - 1.0).abs() < 1e-12, "{lina:?}");
        assert_eq!((wang.missed, wang.extra, lina.missed), (10, 0, 0));
        assert!(wang.agreement.unwrap().unwrap().interval.high < 0.95 && wang.drift.is_none());
        let of = |rule| result.rules.iter().find(|one| one.rule == rule).unwrap().agreement;
        let escalation = of(Rule::Escalation).unwrap().unwrap();
        assert!(escalation.units == 40 && (0.4..0.9).contains(&escalation.alpha), "{escalation:?}");
        assert_eq!(of(Rule::Abuse), Ok(None), "nobody ever found it, and one contact could not be told");
    }

    #[test]
    fn a_reader_who_has_moved_away_since_earlier_sessions_shows_it_and_the_expert_of_then_does_not_count() {
        let steady: fn(usize) -> bool = |place| place == 0;
        let before = [
            session(1, &[("user:wang", steady)]),
            session(2, &[("user:wang", steady), ("user:lina", steady)]),
        ];
        let now = session(3, &[("user:wang", |place| place < 26), ("user:lina", steady)]);

        let result = result(&now, &before);

        let of = |name: &str| result.readers.iter().find(|one| one.reader == name).unwrap();
        let (wang, lina) = (of("user:wang"), of("user:lina"));
        assert_eq!(wang.before.iter().map(|one| one.title.as_str()).collect::<Vec<_>>(), ["s1", "s2"]);
        assert!(wang.drift.unwrap().interval.high < 0.0, "{wang:?}");
        assert!(lina.before.len() == 1 && lina.drift.unwrap().interval.contains(0.0), "{lina:?}");
    }
}
