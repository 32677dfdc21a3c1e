//! Today as programs read it, and as it moves on.

use std::time::Duration;

use actix_web::http::header::{self, HeaderValue};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, web};
use serde::Serialize;

use super::access::{Allowed, ReadStaff, StreamPass};
use super::entry::Entry;
use super::error::ApiError;
use super::places::Place;
use super::query::{Asked, NoQuery};
use super::state::ServiceState;
use crate::desk::{HourMood, Today, TodayCount};
use crate::domain::{CaseKind, HOUR_MILLIS, Permission, UtcMillis};

/// How often a stream looks whether something has changed.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// Looks without a change after which a stream says that it is still there: a proxy ends what is silent for a minute.
const QUIET_LOOKS: u32 = 3;

/// Looks after which a stream ends; a browser begins another by itself. Half an hour.
const MOST_LOOKS: u32 = 360;

pub(super) fn routes() -> Vec<Entry> {
    vec![Entry::get("/api/v1/today", "get_today", get_today)]
}

/// Counts of today and of the last seven days.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct TodayFigures {
    /// As of when.
    #[schema(value_type = String, format = DateTime)]
    as_of: UtcMillis,
    /// First moment of the seven days.
    #[schema(value_type = String, format = DateTime)]
    since: UtcMillis,
    /// The counts.
    #[serde(flatten)]
    #[schema(inline)]
    counts: TodayCounts,
    /// How customers sounded, for every hour of the seven days in which enough were heard.
    hours: Vec<HourFigure>,
}

/// What a stream tells when it changes.
#[derive(Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(super) struct TodayCounts {
    /// Analysed contacts.
    contacts: SpanCount,
    /// Contacts of the last hour that escalated, as the model reads them.
    escalated_last_hour: usize,
    /// Contacts that escalated, likewise.
    escalated: SpanCount,
    /// Customers who are probably dissatisfied and did not complain, likewise.
    silent: SpanCount,
    /// Customers who spoke of a complaint outside, likewise.
    outside: SpanCount,
    /// Cases that somebody owes an answer in.
    cases: Vec<CaseCount>,
    /// Appeals that somebody still has to answer; at most 200 are counted.
    appeals_open: u64,
    /// Those of them whose step is overdue.
    appeals_overdue: u64,
    /// Declared incidents of the seven days.
    incidents: usize,
}

/// A count of contacts.
#[derive(Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(super) struct SpanCount {
    /// Of today.
    today: usize,
    /// Of the last seven days, today included.
    seven_days: usize,
}

/// Cases of one kind.
#[derive(Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub(super) struct CaseCount {
    /// Which kind.
    kind: CaseKind,
    /// Those that are not closed.
    open: u64,
    /// Those that are due within 24 hours, or were before.
    due: u64,
    /// Those that were due before.
    overdue: u64,
}

/// How customers sounded in an hour.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub(super) struct HourFigure {
    /// When the hour begins.
    #[schema(value_type = String, format = DateTime)]
    hour: UtcMillis,
    /// Contacts.
    contacts: usize,
    /// Mean valence of the customers, −1 to 1.
    mood: f64,
    /// Lower end of its 95 % interval.
    low: f64,
    /// Upper end of its 95 % interval.
    high: f64,
}

impl From<TodayCount> for SpanCount {
    fn from(TodayCount { today, week }: TodayCount) -> Self {
        Self { today, seven_days: week }
    }
}

impl TodayCounts {
    fn of(today: &Today) -> Self {
        let cases = today.cases.iter().map(|(kind, owed)| CaseCount {
            kind: *kind,
            open: owed.open,
            due: owed.due,
            overdue: owed.overdue,
        });
        Self {
            contacts: today.contacts.into(),
            escalated_last_hour: today.escalated_now,
            escalated: today.escalated.into(),
            silent: today.silent.into(),
            outside: today.outside.into(),
            cases: cases.collect(),
            appeals_open: today.appeals.open,
            appeals_overdue: today.appeals.overdue,
            incidents: today.incidents.len(),
        }
    }
}

impl TodayFigures {
    fn of(today: &Today) -> Self {
        let hours = today.days.iter().flat_map(|(day, moods)| {
            let starts = (0_i64..).map(|hour| day.plus_millis(hour * HOUR_MILLIS));
            starts.zip(moods).filter_map(|(hour, mood)| match mood {
                HourMood::Heard(heard) => Some(HourFigure {
                    hour,
                    contacts: heard.contacts,
                    mood: heard.mean,
                    low: heard.interval.low,
                    high: heard.interval.high,
                }),
                HourMood::Empty | HourMood::Few(_) => None,
            })
        });
        Self { as_of: today.at, since: today.from, counts: TodayCounts::of(today), hours: hours.collect() }
    }
}

/// Read counts of today and of the last seven days
///
/// Counts of contacts and how customers sounded by the hour; nothing is about a person. A caller who is limited to a team
/// gets the counts of that team.
#[utoipa::path(
    get,
    path = "/api/v1/today",
    operation_id = "get_today",
    tag = "staff",
    responses((status = 200, body = TodayFigures, description = "The counts"))
)]
async fn get_today(
    caller: Allowed<ReadStaff>,
    Asked(NoQuery {}): Asked<NoQuery>,
    state: web::Data<ServiceState>,
) -> Result<web::Json<TodayFigures>, ApiError> {
    let today = state.desk.today(&caller).await?;
    state.desk.write_down(&caller, "today.read", "today", true).await?;
    Ok(web::Json(TodayFigures::of(&today)))
}

/// A stream that is open.
struct OpenStream {
    state: web::Data<ServiceState>,
    pass: StreamPass,
    looks: u32,
    quiet: u32,
    told: Option<TodayCounts>,
    _place: Place,
}

/// The counts as server-sent events, whenever they change; `end` when the caller may not read them any more.
pub(super) async fn events(
    who: Allowed<ReadStaff>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
) -> Result<HttpResponse, ApiError> {
    let place = state.gates.live(&who.actor.name)?;
    state.desk.write_down(&who, "today.follow", "today", true).await?;
    let pass = StreamPass::of(&request, (&who.caller, who.session.as_ref()), Permission::StaffRead);
    let open = OpenStream { state, pass, looks: 0, quiet: 0, told: None, _place: place };
    let parts = futures_util::stream::unfold(Some(open), |open| async {
        let mut open = open?;
        let part = open.next().await?;
        Some((Ok::<_, std::convert::Infallible>(Bytes::from(part.text)), part.goes_on.then_some(open)))
    });
    Ok(HttpResponse::Ok()
        // A compressor and a proxy would hold events back until they have a block full.
        .insert_header((header::CONTENT_ENCODING, HeaderValue::from_static("identity")))
        .insert_header(("x-accel-buffering", "no"))
        .content_type("text/event-stream")
        .streaming(parts))
}

/// A part of the stream.
struct EventPart {
    text: String,
    goes_on: bool,
}

impl OpenStream {
    /// The next part; `None` at the end.
    async fn next(&mut self) -> Option<EventPart> {
        loop {
            if self.looks > 0 {
                tokio::select! {
                    () = tokio::time::sleep(LOOK_EVERY) => {}
                    () = self.state.stopped() => return None,
                }
            }
            self.looks += 1;
            if self.looks > MOST_LOOKS {
                return None;
            }
            if !self.pass.holds(&self.state).await {
                return Some(EventPart { text: "event: end\ndata: {}\n\n".to_owned(), goes_on: false });
            }
            if let Some(text) = self.news().await {
                self.quiet = 0;
                return Some(EventPart { text, goes_on: true });
            }
            self.quiet += 1;
            if self.quiet >= QUIET_LOOKS {
                self.quiet = 0;
                return Some(EventPart { text: ": still here\n\n".to_owned(), goes_on: true });
            }
        }
    }

    /// The counts, if they are others than those that were told; nothing while the database does not answer.
    async fn news(&mut self) -> Option<String> {
        let today = self.state.desk.today(self.pass.caller()).await.ok()?;
        let counts = TodayCounts::of(&today);
        if self.told.as_ref() == Some(&counts) {
            return None;
        }
        let data = serde_json::to_string(&counts).ok()?;
        self.told = Some(counts);
        Some(format!("event: today\ndata: {data}\n\n"))
    }
}
