//! `/metrics` on a listener of its own. It needs no database, neither for the numbers nor for a
//! key: what does not answer when something fails cannot tell that it fails.

use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::Server;
use actix_web::http::header::{self, HeaderMap};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use tokio::time::{MissedTickBehavior, interval, timeout};

use crate::desk::{Desk, DeskError};
use crate::domain::{CaseKind, DAY_MILLIS, UtcMillis};
use crate::metrics::{
    Backlog, CASE_KINDS, CasesOwed, Metrics, StreamWaiting, TEXT_FORMAT, Watched, WatchedDrift, WatchedRule,
    WatchedSource,
};
use crate::secrets;
use crate::store::{CaseBacklog, Store, StoreError, StreamBacklog};

/// How often the database is asked for its numbers: several times between two scrapes.
const ASK_EVERY: Duration = Duration::from_secs(5);

/// Longest wait for them: enough for a new connection in the place of one that died.
const PATIENCE: Duration = Duration::from_secs(3);

/// The same for a look at the whole house.
const LOOK_PATIENCE: Duration = Duration::from_secs(10);

/// Scrapers at the same time. One is usual.
const CONNECTIONS: usize = 32;

/// Asks the database for its numbers and notes them, or that it does not answer.
pub(super) async fn ask(store: &Store, metrics: &Metrics) {
    metrics.set_audit_held(store.audit_held().entries);
    let now = UtcMillis::now();
    let all = async {
        let (queue, appeals) = (store.queue_state(now).await?, store.appeal_backlog(now).await?);
        let cases = store.case_backlog((now, now.plus_millis(DAY_MILLIS)), None).await?;
        let people = store.process_state(now.plus_millis(-DAY_MILLIS), now).await?;
        Ok::<_, StoreError>((queue, appeals, cases, people))
    };
    let asked = timeout(PATIENCE, all).await;
    metrics.database_said(asked.ok().and_then(Result::ok).map(|(queue, appeals, cases, people)| Backlog {
        waiting: queue.waiting,
        quarantined: queue.quarantined,
        oldest_seconds: queue.oldest_seconds,
        appeals_open: appeals.open,
        appeals_overdue: appeals.overdue,
        cases: owed(&cases),
        flags: waiting(people.flags, now),
        sample: waiting(people.sample, now),
        coaching_open: people.coaching_open,
        coaching_overdue: people.coaching_overdue,
        verdicts: people.verdicts.iter().map(|one| (one.rule, one.status, one.count)).collect(),
    }));
}

/// Looks at the whole house, if nobody has for a minute: whether the model still reads as it was measured, which source sends,
/// how often the rules are right. What cannot be found out is left out until the next look.
pub(super) async fn look(desk: &Desk, metrics: &Metrics) {
    if !metrics.look_is_due() {
        return;
    }
    match timeout(LOOK_PATIENCE, watched(desk, UtcMillis::now())).await {
        Ok(Ok(watched)) => metrics.looked(watched),
        Ok(Err(failure)) => tracing::warn!(%failure, "sources and readings are looked at again later"),
        Err(_) => tracing::warn!("sources and readings are looked at again later: the database is slow"),
    }
}

async fn watched(desk: &Desk, now: UtcMillis) -> Result<Watched, DeskError> {
    let drifts = desk.drifts(now).await?.into_iter().map(|one| WatchedDrift {
        channel: one.channel,
        psi: one.drift.psi,
        error: one.drift.error,
    });
    let sources = desk.sources(now).await?.into_iter().map(|one| WatchedSource {
        source: one.source.to_string(),
        channel: one.channel,
        last_at_seconds: one.last_at.seconds_since(UtcMillis::from_millis(0)),
        hour: one.hour,
        usual: one.usual,
    });
    let rules = desk.sampled_precision(now).await?.into_iter().map(|(rule, share)| WatchedRule {
        rule,
        precision: share.value,
        low: share.interval.low,
        high: share.interval.high,
        judged: u64::try_from(share.judged).unwrap_or(u64::MAX),
    });
    Ok(Watched { drifts: drifts.collect(), sources: sources.collect(), rules: rules.collect() })
}

/// Looks again and again, for as long as it is run.
pub async fn keep_looking(desk: Desk, metrics: Arc<Metrics>) {
    let mut tick = interval(ASK_EVERY);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        look(&desk, &metrics).await;
    }
}

fn waiting(stream: StreamBacklog, now: UtcMillis) -> StreamWaiting {
    let oldest_seconds = stream.oldest.map_or(0.0, |oldest| now.seconds_since(oldest).max(0.0));
    StreamWaiting { count: stream.waiting, oldest_seconds }
}

/// In the order of the kinds; a kind without open cases has none.
fn owed(cases: &[(CaseKind, CaseBacklog)]) -> [CasesOwed; CASE_KINDS] {
    let mut all = [CasesOwed::default(); CASE_KINDS];
    for (owed, kind) in all.iter_mut().zip(CaseKind::ALL) {
        if let Some((_, CaseBacklog { open, due, overdue })) = cases.iter().find(|(of, _)| of == kind) {
            *owed = CasesOwed { open: *open, due: *due, overdue: *overdue };
        }
    }
    all
}

/// Asks again and again, for as long as it is run.
pub async fn keep_asking(store: Store, metrics: Arc<Metrics>) {
    let mut tick = interval(ASK_EVERY);
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        ask(&store, &metrics).await;
    }
}

struct Door {
    metrics: Arc<Metrics>,
    /// Digest of what a scraper must show.
    token_sha256: Option<String>,
}

impl Door {
    fn lets_in(&self, headers: &HeaderMap) -> bool {
        let Some(expected) = &self.token_sha256 else { return true };
        let shown = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let shown = shown.and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default();
        secrets::same(&secrets::digest(shown.trim().as_bytes()), expected)
    }
}

async fn answer(request: HttpRequest, door: web::Data<Door>) -> HttpResponse {
    if !door.lets_in(request.headers()) {
        return HttpResponse::Unauthorized()
            .insert_header((header::WWW_AUTHENTICATE, "Bearer"))
            .content_type("text/plain; charset=utf-8")
            .body("send the token of metrics_token_file as `Authorization: Bearer ...`\n");
    }
    match door.metrics.render() {
        Ok(text) => HttpResponse::Ok().content_type(TEXT_FORMAT).body(text),
        Err(failure) => {
            tracing::error!(%failure, "metrics cannot be written");
            HttpResponse::InternalServerError().finish()
        }
    }
}

/// Serves the numbers on a listener that is bound already, in a thread of its own, to whoever shows
/// `token`, or to everybody who reaches it when there is none.
///
/// # Errors
/// The operating system's, when the listener cannot be used.
pub fn serve_metrics(
    metrics: Arc<Metrics>,
    token: Option<&str>,
    listener: TcpListener,
) -> std::io::Result<Server> {
    let token_sha256 = token.map(|token| secrets::digest(token.as_bytes()));
    let door = web::Data::new(Door { metrics, token_sha256 });
    let server =
        HttpServer::new(move || App::new().app_data(door.clone()).route("/metrics", web::get().to(answer)))
            .workers(1)
            .max_connections(CONNECTIONS)
            .client_request_timeout(Duration::from_secs(5))
            .shutdown_timeout(1)
            .disable_signals()
            .listen(listener)?;
    Ok(server.run())
}
