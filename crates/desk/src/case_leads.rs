//! Which analysed contacts open a case by themselves, and which customers came back to one.

use std::collections::BTreeSet;

use tingxin_store::{Actor, CaseLead, NewCase, SettledLead, Store};
use tingxin_text::domain::{
    CaseKind, CaseOrigin, CaseState, CaseTerm, Channel, DAY_MILLIS, HOUR_MILLIS, Rule, RuleStates, UtcMillis,
};

use crate::DeskError;
use crate::cases::{AFTER_REPAIR_MILLIS, USUAL_MILLIS};

/// Leads settled in one transaction.
const AT_ONCE: u32 = 100;

/// How old a contact may be that opens a case: an archive that is read in, or read anew, opens none.
///
/// **Source**: set by the project. A call back after a week is no answer any more.
const RECENT_MILLIS: i64 = 7 * DAY_MILLIS;

/// How long after a case was closed a customer can come back to it. Set by the project.
const RETURN_MILLIS: i64 = 30 * DAY_MILLIS;

/// Takes up what asks for a case since the last time; how many leads were settled. Several processes may do so at once.
///
/// # Errors
/// [`DeskError::Store`]; what was not settled stays for the next time.
pub async fn take_up(store: &Store, now: UtcMillis) -> Result<usize, DeskError> {
    let mut settled = 0;
    loop {
        let leads = store.case_leads(AT_ONCE).await?;
        if leads.is_empty() {
            return Ok(settled);
        }
        let states = store.rule_states(now).await?;
        let by = Actor::here("system", None);
        let mut met = BTreeSet::new();
        // Of two contacts of a customer the second has to see what the first opens.
        let first = leads
            .iter()
            .filter(|lead| lead.customer.as_ref().is_none_or(|customer| met.insert(customer.clone())));
        let decided: Vec<SettledLead> = first.map(|lead| settle(lead, &states, (&by, now))).collect();
        store.settle_leads(&decided, (&by, now)).await?;
        settled += decided.len();
    }
}

/// What becomes of a lead.
fn settle(lead: &CaseLead, states: &RuleStates, (by, now): (&Actor, UtcMillis)) -> SettledLead {
    let mut settled =
        SettledLead { contact: lead.contact, came_back_to: None, was_closed: false, open: None };
    let origin = origin(lead, states);
    if lead.known || lead.happened_at < now.plus_millis(-RECENT_MILLIS) {
        return settled;
    }
    match &lead.standing {
        // The owner of the first case hears of it; a second case would have two people call.
        Some(case) if case.state != CaseState::Closed => {
            settled.came_back_to = (origin.is_some() || lead.unsettled).then_some(case.id);
        }
        Some(case) if lead.unsettled && after(case.closed_at, lead.happened_at) => {
            settled.came_back_to = Some(case.id);
            settled.was_closed = true;
            settled.open = Some(open(lead, (CaseOrigin::NotSettled, case.first_owner.clone()), (by, now)));
        }
        _ => settled.open = origin.map(|origin| open(lead, (origin, None), (by, now))),
    }
    settled
}

/// The case that a contact asks for by itself, whoever its customer is and however old it is; none where nothing does.
#[must_use]
pub fn asked_by(lead: &CaseLead, states: &RuleStates, (by, at): (&Actor, UtcMillis)) -> Option<NewCase> {
    origin(lead, states).map(|origin| open(lead, (origin, None), (by, at)))
}

fn open(
    lead: &CaseLead,
    (origin, owner): (CaseOrigin, Option<String>),
    (by, at): (&Actor, UtcMillis),
) -> NewCase {
    let (term, due_at) = term(lead);
    let (contact, kind, by) = (lead.contact, CaseKind::Callback, by.clone());
    NewCase { contact, kind, origin, term, due_at, owner, note: None, by, at }
}

/// Why a contact asks for a case; the flags of a rule that waits for nobody ask for none.
fn origin(lead: &CaseLead, states: &RuleStates) -> Option<CaseOrigin> {
    let ended_badly = lead.ended_badly && states.counts(Rule::NegativeEnding)
        || lead.distressed && states.counts(Rule::ReportedDistress);
    let dissatisfied = lead.dissatisfied && states.counts(Rule::LikelyDissatisfied);
    let reasons = [
        (lead.promised, CaseOrigin::Promise),
        (ended_badly, CaseOrigin::NegativeEnding),
        (dissatisfied, CaseOrigin::LikelyDissatisfied),
    ];
    reasons.into_iter().find(|(holds, _)| *holds).map(|(_, origin)| origin)
}

fn after(closed_at: Option<UtcMillis>, happened_at: UtcMillis) -> bool {
    closed_at.is_some_and(|closed| closed <= happened_at && happened_at < closed.plus_millis(RETURN_MILLIS))
}

/// How long the case may take, counted from the contact: the customer waits since then.
fn term(lead: &CaseLead) -> (CaseTerm, UtcMillis) {
    let repair = lead.channel == Channel::Visit
        || lead.business_process.as_ref().is_some_and(|process| process.as_str().contains("repair"));
    let (term, millis) = match lead.promised_hours {
        Some(hours) => (CaseTerm::Promised, i64::from(hours) * HOUR_MILLIS),
        None if repair => (CaseTerm::DayAfterRepair, AFTER_REPAIR_MILLIS),
        None => (CaseTerm::ThreeDays, USUAL_MILLIS),
    };
    (term, lead.happened_at.plus_millis(millis))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tingxin_store::StandingCase;
    use tingxin_text::domain::{ContactRef, RuleState};
    use uuid::Uuid;

    const NOW: UtcMillis = UtcMillis::from_millis(1_793_491_200_000);

    fn lead() -> CaseLead {
        CaseLead {
            contact: ContactRef(Uuid::now_v7()),
            promised: false,
            promised_hours: None,
            unsettled: false,
            ended_badly: false,
            dissatisfied: true,
            distressed: false,
            customer: Some("c-1".to_owned()),
            channel: Channel::Hotline,
            business_process: None,
            happened_at: NOW.plus_millis(-HOUR_MILLIS),
            known: false,
            standing: None,
        }
    }

    fn standing(state: CaseState, closed_before: i64) -> StandingCase {
        let closed_at = (state == CaseState::Closed).then(|| NOW.plus_millis(-closed_before));
        StandingCase { id: Uuid::now_v7(), state, closed_at, first_owner: Some("user:a".to_owned()) }
    }

    fn settled(lead: &CaseLead) -> SettledLead {
        settle(lead, &RuleStates::default(), (&Actor::here("system", None), NOW))
    }

    #[test]
    fn a_promise_is_due_when_it_was_promised_and_a_visit_a_day_later() {
        let promised = CaseLead { promised: true, promised_hours: Some(24), ..lead() };
        let visit = CaseLead { channel: Channel::Visit, ..lead() };
        let due = |lead: &CaseLead| {
            let case = settled(lead).open.unwrap();
            (case.origin, case.term, (case.due_at.as_millis() - lead.happened_at.as_millis()) / HOUR_MILLIS)
        };

        assert_eq!(due(&promised), (CaseOrigin::Promise, CaseTerm::Promised, 24));
        assert_eq!(due(&visit), (CaseOrigin::LikelyDissatisfied, CaseTerm::DayAfterRepair, 24));
        assert_eq!(due(&lead()), (CaseOrigin::LikelyDissatisfied, CaseTerm::ThreeDays, 72));
    }

    #[test]
    fn an_archive_and_a_rule_that_waits_for_nobody_open_no_case() {
        let old = CaseLead { happened_at: NOW.plus_millis(-8 * DAY_MILLIS), ..lead() };
        assert_eq!(settled(&old).open, None);

        let hint: RuleStates = [(Rule::LikelyDissatisfied, RuleState::Hint)].into_iter().collect();
        assert_eq!(settle(&lead(), &hint, (&Actor::here("system", None), NOW)).open, None);
    }

    #[test]
    fn a_customer_who_comes_back_unsettled_is_the_first_owners_again() {
        let case = Some(standing(CaseState::Closed, 2 * DAY_MILLIS));
        let back = CaseLead { unsettled: true, standing: case.clone(), ..lead() };

        let found = settled(&back);

        assert_eq!((found.came_back_to, found.was_closed), (case.map(|case| case.id), true));
        let open = found.open.unwrap();
        assert_eq!((open.origin, open.owner.as_deref()), (CaseOrigin::NotSettled, Some("user:a")));
        let later = CaseLead { standing: Some(standing(CaseState::Closed, 40 * DAY_MILLIS)), ..back };
        assert_eq!(settled(&later).came_back_to, None, "that is another matter by now");
    }

    #[test]
    fn a_second_contact_opens_no_second_case_while_the_first_is_open() {
        let again = CaseLead { standing: Some(standing(CaseState::Taken, 0)), ..lead() };

        let found = settled(&again);

        assert!(found.open.is_none() && found.came_back_to.is_some() && !found.was_closed);
    }
}
