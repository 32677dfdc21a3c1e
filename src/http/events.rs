//! The feed of events.

use actix_web::web;
use serde::{Deserialize, Deserializer, Serialize};
use uuid::Uuid;

use super::access::{Allowed, ReadEvents};
use super::entry::Entry;
use super::error::{ApiError, ProblemBody};
use super::query::{Asked, Limit};
use super::state::ServiceState;
use crate::desk::FeedPart;
use crate::domain::{Channel, ContactId, ContactRef, NewsKind, SourceId, StaffId, TeamId, UtcMillis};
use crate::store::{News, NewsContact};

pub(super) fn routes() -> Vec<Entry> {
    vec![Entry::get("/api/v1/events", "list_events", list_events)]
}

/// Most digits of a place, as it is described.
const PLACE_DIGITS: usize = 18;

/// A place in the feed.
#[derive(Debug, Clone, Copy)]
pub(super) struct FeedPlace(i64);

impl<'de> Deserialize<'de> for FeedPlace {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let place = String::deserialize(deserializer)?;
        // As it was given out: digits alone, and no more than a number of the database has.
        let written = place.len() <= PLACE_DIGITS && place.bytes().all(|byte| byte.is_ascii_digit());
        let place = place.parse().ok().filter(|_| written);
        place.map(Self).ok_or_else(|| serde::de::Error::custom("must be the `next` of an earlier answer"))
    }
}

/// Which part of the feed.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct EventQuery {
    /// `next` of the answer before; from the beginning when absent.
    #[param(value_type = Option<String>)]
    after: Option<FeedPlace>,
    /// Most events of the answer; 50 when absent.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Option<Limit>,
}

/// The contact that an event is about, as it is now.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct EventContact {
    /// Our key.
    id: ContactRef,
    /// Where it came from.
    source: SourceId,
    /// Its id there.
    contact_id: ContactId,
    /// Touchpoint.
    channel: Channel,
    /// Who served.
    staff: Option<StaffId>,
    /// Their team.
    team: Option<TeamId>,
    /// When it began; it may be long before the event.
    #[schema(value_type = Option<String>, format = DateTime)]
    started_at: Option<UtcMillis>,
}

/// Something that happened. It names things by their keys and holds no words of anybody.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Event)]
pub(super) struct ListedEvent {
    /// Always `tingxin.event.v1`.
    schema: &'static str,
    /// Its key: who gets it twice, from a webhook that was repeated, knows it by it.
    id: Uuid,
    /// Its place in the feed, to go on after it.
    cursor: String,
    /// What happened.
    #[serde(rename = "type")]
    kind: NewsKind,
    /// When.
    #[schema(value_type = String, format = DateTime)]
    at: UtcMillis,
    /// Key of the flag, the appeal or the case; name of an alert.
    object: String,
    /// The contact; null where it is about none.
    contact: Option<EventContact>,
    /// What there is to say: of a flag its rule, severity, probability and turns; of a verdict its
    /// status; of an appeal its state; of a case its kind, what was done, its state and when it is due.
    #[schema(value_type = Object)]
    detail: serde_json::Value,
}

/// A part of the feed.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct EventList {
    /// In the order of the feed.
    items: Vec<ListedEvent>,
    /// Goes into `after` of the next request; never null, for there is always more to come.
    next: String,
}

impl From<NewsContact> for EventContact {
    fn from(contact: NewsContact) -> Self {
        let NewsContact { id, source, contact_id, channel, staff, team, started_at } = contact;
        Self { id, source, contact_id, channel, staff, team, started_at }
    }
}

impl From<News> for ListedEvent {
    fn from(news: News) -> Self {
        let News { seq, id, kind, object, detail, at, contact } = news;
        let contact = contact.map(EventContact::from);
        Self { schema: "tingxin.event.v1", id, cursor: seq.to_string(), kind, at, object, contact, detail }
    }
}

/// List what happened, each event exactly once
///
/// Flags that are raised and withdrawn, verdicts, steps of appeals and of cases and predicted satisfaction, in an
/// order in which none can be missed: whoever goes on after `next` gets everything that was
/// committed since, also of contacts that took place long ago. Erasing a contact takes its events
/// along. Ask again with the same `after` and you get the same events again.
#[utoipa::path(
    get,
    path = "/api/v1/events",
    operation_id = "list_events",
    tag = "events",
    params(EventQuery),
    responses(
        (status = 200, body = EventList, description = "Part of the feed; empty when nothing has happened since"),
        (status = 400, body = ProblemBody, content_type = "application/problem+json", description = "A parameter is not accepted"),
    )
)]
async fn list_events(
    caller: Allowed<ReadEvents>,
    Asked(asked): Asked<EventQuery>,
    state: web::Data<ServiceState>,
) -> Result<web::Json<EventList>, ApiError> {
    let after = asked.after.map_or(0, |place| place.0);
    let FeedPart { items, next } = state.desk.feed(&caller, after, Limit::rows(asked.limit)).await?;
    Ok(web::Json(EventList { items: items.into_iter().map(Into::into).collect(), next: next.to_string() }))
}
