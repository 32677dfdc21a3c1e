//! Declaring incidents and agreeing coaching: what the API and the console do alike.

use std::collections::{BTreeMap, BTreeSet};

use actix_web::web;
use uuid::Uuid;

use super::coaching::CoachingBody;
use super::error::ApiError;
use super::figures::weeks;
use super::improvement::{IncidentBody, invalid, note};
use super::reading::{audited, own_team};
use super::state::ServiceState;
use crate::domain::{StaffId, TeamId, UtcMillis};
use crate::staff::{Coached, Indicator, Outcome, Power, WEEKS, effect_of};
use crate::store::{Actor, Coaching, Incident, NewCoaching, NewIncident};

/// Why there is no comparison yet.
const WAITING: &str = "sums of past weeks are still being brought up to date; ask again in a moment";

/// Most rows of one answer.
pub(super) const MOST: u32 = 200;

/// Declares an incident; a caller who is limited to a team declares it for that team. Its key.
pub(super) async fn declare(
    state: &ServiceState,
    actor: &Actor,
    team: Option<&TeamId>,
    body: IncidentBody,
) -> Result<Uuid, ApiError> {
    if body.ends_at <= body.begins_at {
        return Err(invalid("/ends_at", "the end must be after the beginning"));
    }
    let incident = NewIncident {
        begins_at: body.begins_at,
        ends_at: body.ends_at,
        channel: body.channel,
        business_process: body.business_process,
        team: own_team(team, body.team)?,
        note: note(state, &body.note)?,
    };
    let id = state.store.declare_incident(&incident, &actor.name, UtcMillis::now()).await?;
    state.forget_figures().await;
    audited(state, actor, "incident.declare", id.to_string(), true).await?;
    Ok(id)
}

/// Incidents that touch the caller's team, latest first.
pub(super) async fn visible(state: &ServiceState, own: Option<&TeamId>) -> Result<Vec<Incident>, ApiError> {
    let mut items = state.store.incidents(MOST).await?;
    items.retain(|incident| own.is_none() || incident.team.is_none() || incident.team.as_ref() == own);
    Ok(items)
}

/// Takes an incident back. Whoever is limited to a team takes back what was declared for that team, not for everybody.
pub(super) async fn revoke(
    state: &ServiceState,
    actor: &Actor,
    team: Option<&TeamId>,
    id: Uuid,
) -> Result<(), ApiError> {
    let own = |incident: &Incident| incident.id == id && (team.is_none() || incident.team.as_ref() == team);
    let known = visible(state, team).await?.iter().any(own);
    if !known || !state.store.revoke_incident(id, UtcMillis::now()).await? {
        return Err(ApiError::not_found());
    }
    state.forget_figures().await;
    audited(state, actor, "incident.revoke", id.to_string(), true).await
}

/// Agrees coaching. Its key, and what it can show; a person of another team is not there.
pub(super) async fn agree(
    state: &ServiceState,
    actor: &Actor,
    team: Option<&TeamId>,
    body: CoachingBody,
) -> Result<(Uuid, Option<Power>), ApiError> {
    let CoachingBody { staff, indicator, note: text } = body;
    let (now, text) = (UtcMillis::now(), note(state, &text)?);
    let figures = state.figures().await?;
    let person = figures.place(&staff).and_then(|at| figures.people.get(at));
    let own = person.and_then(|person| person.sums.team.clone());
    if person.is_none() || (team.is_some() && team != own.as_ref()) {
        return Err(ApiError::not_found());
    }
    let power = figures.powers.iter().find(|(of, _)| *of == indicator).and_then(|(_, power)| *power);
    let coaching = NewCoaching { staff, team: own, indicator: indicator.as_str().to_owned(), note: text };
    let id = state.store.agree_coaching(&coaching, &actor.name, now).await?;
    audited(state, actor, "coaching.agree", id.to_string(), true).await?;
    Ok((id, power))
}

/// Takes coaching back; that of another team is not there.
pub(super) async fn end(
    state: &ServiceState,
    actor: &Actor,
    team: Option<&TeamId>,
    id: Uuid,
) -> Result<(), ApiError> {
    let own = state.store.coaching(team, MOST).await?;
    if !own.iter().any(|one| one.id == id) || !state.store.end_coaching(id, UtcMillis::now()).await? {
        return Err(ApiError::not_found());
    }
    audited(state, actor, "coaching.end", id.to_string(), true).await
}

/// Agreed coaching of a team or of all, and what came after it, behaviour by behaviour.
pub(super) async fn coaching(
    state: &ServiceState,
    team: Option<&TeamId>,
) -> Result<(Vec<Coaching>, Vec<Outcome>), ApiError> {
    let all = state.store.coaching(None, MOST).await?;
    // Whoever was ever coached is no uncoached colleague, whatever the team and whether it was taken back.
    let touched: BTreeSet<StaffId> = all.iter().map(|one| one.staff.clone()).collect();
    let own: Vec<Coaching> =
        all.into_iter().filter(|one| team.is_none() || one.team.as_ref() == team).collect();
    let mut coached: BTreeMap<Indicator, Vec<Coached>> = BTreeMap::new();
    for one in own.iter().filter(|one| one.ended_at.is_none()) {
        if let Some(indicator) = Indicator::from_name(&one.indicator) {
            let person = Coached { staff: one.staff.clone(), week: one.agreed_at.week() };
            coached.entry(indicator).or_default().push(person);
        }
    }
    let Some(first) = coached.values().flatten().map(|one| one.week).min() else {
        return Ok((own, Vec::new()));
    };
    if state.store.count_stale_sums(first - WEEKS..UtcMillis::now().week()).await? > 0 {
        // A week that is not summed yet would look like one without contacts.
        let later =
            |indicator: &Indicator| Outcome { indicator: *indicator, effect: Err(WAITING.to_owned()) };
        return Ok((own, coached.keys().map(later).collect()));
    }
    let weeks = weeks(&state.store, first - WEEKS).await?;
    let work = move || {
        let outcome = |(indicator, people): (&Indicator, &Vec<Coached>)| {
            effect_of(*indicator, people, &touched, &weeks)
        };
        coached.iter().map(outcome).collect()
    };
    Ok((own, web::block(work).await.map_err(|_| ApiError::internal())?))
}
