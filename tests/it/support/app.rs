//! The whole service on a port of its own, over a fresh database, with an API key for every role.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use reqwest::{Client, Method, RequestBuilder, Response};
use serde_json::{Value, json};
use tingxin::domain::{EmotionScores, Intake, Role, StaffId, TeamId, UtcMillis, UtteranceScore};
use tingxin::events::Observer;
use tingxin::http::{Exposure, Limits, Parts, ServiceRole, ServiceState};
use tingxin::metrics::Metrics;
use tingxin::pipeline::{Analyzer, Lane};
use tingxin::redact::{PseudonymKey, Redactor};
use tingxin::score::{EmotionModel, ModelError, ModelIdentity, ScoreCache, ScoreInput, Scorer};
use tingxin::segment::Segmenter;
use tingxin::store::{ApiKey, NewApiKey, Store, User};
use tingxin::{http, secrets};

use super::store::{HeldWrites, TestDb, tamper};

/// A password that nobody uses.
pub(crate) const PASSWORD: &str = "五月的风一直很大";

/// A running service. Everything goes away with it.
pub(crate) struct TestApp {
    pub(crate) base: String,
    pub(crate) store: Store,
    pub(crate) state: ServiceState,
    pub(crate) client: Client,
    keys: BTreeMap<Role, String>,
    server: actix_web::dev::ServerHandle,
    model: Arc<Switch>,
    db: TestDb,
}

impl TestApp {
    pub(crate) async fn start() -> Self {
        Self::with(Limits::default(), Exposure::default()).await
    }

    pub(crate) async fn with(limits: Limits, exposure: Exposure) -> Self {
        let db = TestDb::sqlite().await;
        let model = Arc::<Switch>::default();
        let state = state(&db.store, limits, exposure, Arc::clone(&model));
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let running = http::serve(state.clone(), listener, 1).unwrap();
        let server = running.handle();
        actix_web::rt::spawn(running);
        tingxin::deliver::name_tls_provider();
        let client = Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        let mut app =
            Self { base, store: db.store.clone(), state, client, keys: BTreeMap::new(), server, model, db };
        for role in Role::ALL {
            let key = app.key(role.as_str(), *role, None).await;
            app.keys.insert(*role, key);
        }
        app
    }

    /// Where the database lies.
    pub(crate) fn folder(&self) -> &std::path::Path {
        self.db.folder.path()
    }

    /// A new API key.
    pub(crate) async fn key(&self, name: &str, role: Role, team: Option<&str>) -> String {
        let secret = secrets::new_api_key().unwrap();
        let key = ApiKey {
            name: name.to_owned(),
            prefix: secrets::api_key_label(&secret),
            role,
            team: team.map(|team| TeamId::new(team).unwrap()),
            created_at: UtcMillis::now(),
            expires_at: None,
            revoked_at: None,
        };
        let secret_sha256 = secrets::digest(secret.as_bytes());
        self.store.create_api_key(&NewApiKey { key, secret_sha256 }).await.unwrap();
        secret
    }

    /// A new account with [`PASSWORD`].
    pub(crate) async fn account(&self, name: &str, role: Role, team: Option<&str>) -> User {
        static HASH: OnceLock<String> = OnceLock::new();
        let hash = HASH.get_or_init(|| secrets::hash_password(PASSWORD).unwrap());
        let user = User {
            name: name.to_owned(),
            role,
            team: team.map(|team| TeamId::new(team).unwrap()),
            disabled: false,
            created_at: UtcMillis::now(),
        };
        self.store.create_user(&user, hash).await.unwrap();
        user
    }

    /// A request without credentials.
    pub(crate) fn anonymous(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.base))
    }

    /// A request with the key of that role.
    pub(crate) fn request(&self, role: Role, method: Method, path: &str) -> RequestBuilder {
        self.anonymous(method, path).bearer_auth(&self.keys[&role])
    }

    /// Reads as the integrator does.
    pub(crate) async fn get(&self, path: &str) -> Response {
        self.request(Role::Integrator, Method::GET, path).send().await.unwrap()
    }

    /// Sends one contact as the integrator does.
    pub(crate) async fn send(&self, contact: &Value) -> Response {
        self.sending(contact).send().await.unwrap()
    }

    /// The request that sends one contact, to be completed.
    pub(crate) fn sending(&self, contact: &Value) -> RequestBuilder {
        self.request(Role::Integrator, Method::POST, "/api/v1/contacts").json(contact)
    }

    /// The request that sends one contact and waits for its analysis.
    pub(crate) fn waiting(&self, contact: &Value) -> RequestBuilder {
        self.request(Role::Integrator, Method::POST, "/api/v1/contacts?wait=true").json(contact)
    }

    /// Takes a contact in, lets a worker analyse it and returns its key.
    pub(crate) async fn analysed(&self, contact: &Value) -> String {
        let id = self.queued(contact).await;
        self.work().await;
        id
    }

    /// Takes a contact in and returns its key.
    pub(crate) async fn queued(&self, contact: &Value) -> String {
        let answer = self.send(contact).await;
        assert_eq!(answer.status(), 201, "{:?}", answer.text().await);
        answer.json::<Value>().await.unwrap()["id"].as_str().unwrap().to_owned()
    }

    /// Analyses everything that waits, as a worker does.
    pub(crate) async fn work(&self) {
        let now = UtcMillis::now();
        for claim in self.store.claim(1000, 60_000, now).await.unwrap() {
            let analyses = self.state.lane.analyse(vec![claim.contact]).await.unwrap();
            let done: Vec<_> = analyses.into_iter().map(|analysis| (claim.ticket, analysis)).collect();
            assert_eq!(self.store.complete(&done, now).await.unwrap(), [true]);
        }
    }

    /// Has a reviewer confirm this many flags of a person.
    pub(crate) async fn confirm_flags_of(&self, staff: &StaffId, count: u32) {
        let flags = self.store.flags_of_staff(staff, UtcMillis::from_millis(0), count).await.unwrap();
        assert_eq!(flags.len(), usize::try_from(count).unwrap());
        for flag in flags {
            let path = format!("/api/v1/flags/{}/verdict", flag.id.0);
            let verdict = serde_json::json!({"status": "confirmed", "utterances": flag.flag.utterances});
            let answer =
                self.request(Role::Reviewer, Method::POST, &path).json(&verdict).send().await.unwrap();
            assert_eq!(answer.status(), 200);
        }
        // Nobody waits a minute here.
        self.state.desk.forget_figures().await;
    }

    /// The entries of the audit log, oldest first, as `action object result`.
    pub(crate) async fn audit(&self) -> Vec<String> {
        let page = self.store.audit_log(None, 200).await.unwrap();
        let mut entries: Vec<_> = page
            .items
            .into_iter()
            .map(|entry| format!("{} {} {} {}", entry.actor, entry.action, entry.object, entry.result))
            .collect();
        entries.reverse();
        entries
    }

    /// The state of another process on the same database.
    pub(crate) fn restarted(&self) -> ServiceState {
        state(&self.store, Limits::default(), Exposure::default(), Arc::default())
    }

    /// Changes stored rows behind the service's back.
    pub(crate) async fn tamper(&self, sql: &'static str) {
        tamper(&self.db, sql).await;
    }

    /// Makes every further entry of the audit log fail.
    pub(crate) async fn break_audit(&self) {
        tamper(&self.db, "ALTER TABLE audit_log RENAME TO audit_gone").await;
    }

    /// Makes every further write of a contact fail.
    pub(crate) async fn break_contacts(&self) {
        tamper(&self.db, "ALTER TABLE jobs RENAME TO jobs_gone").await;
    }

    /// What the door makes of a contact.
    pub(crate) fn intake(&self, contact: &Value) -> Intake {
        let raw = tingxin::ingest::parse_contact(contact.to_string().as_bytes()).unwrap();
        self.state.redactor.redact(raw)
    }

    /// Keeps the lane busy and its queue full for as long as the result lives.
    pub(crate) async fn hold_lane(&self) -> Held {
        let held = self.hold_model();
        for _ in ["in the model", "in the queue"] {
            let (lane, contact) = (self.state.lane.clone(), self.intake(&contact("busy")).contact);
            actix_web::rt::spawn(async move { lane.analyse(vec![contact]).await.map(drop) });
            self.model_entered().await;
        }
        held
    }

    /// Keeps everybody from writing to the database until the result is released.
    pub(crate) async fn hold_writes(&self) -> HeldWrites {
        HeldWrites::of(&self.db).await
    }

    /// Keeps the model from answering for as long as the result lives.
    pub(crate) fn hold_model(&self) -> Held {
        self.model.closed.store(true, Ordering::SeqCst);
        Held(Arc::clone(&self.model))
    }

    /// Waits until a batch has reached the model.
    pub(crate) async fn model_entered(&self) {
        tokio::task::yield_now().await;
        while !self.model.entered.load(Ordering::SeqCst) {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    /// Stops the server gracefully. Without it the threads end with the test.
    pub(crate) fn stop(&self) -> impl Future<Output = ()> + use<> {
        self.server.stop(true)
    }
}

/// A contact of the hotline with one angry turn.
pub(crate) fn contact(id: &str) -> Value {
    json!({
        "source": "hotline-10086",
        "contact_id": id,
        "channel": "hotline",
        "started_at": "2026-11-01T08:00:00+08:00",
        "staff": {"id": "A1001", "team": "beijing-01"},
        "customer": {"id": "13900001234"},
        "utterances": [
            {"speaker": "agent", "text": "您好，很高兴为您服务。"},
            {"speaker": "customer", "text": "我家宽带又断了，这都第三次了！电话13900001234"}
        ]
    })
}

fn state(store: &Store, limits: Limits, exposure: Exposure, switch: Arc<Switch>) -> ServiceState {
    static SEGMENTER: OnceLock<Segmenter> = OnceLock::new();
    let segmenter = SEGMENTER.get_or_init(|| Segmenter::new().unwrap()).clone();
    let metrics = Arc::new(Metrics::new().unwrap());
    let observer: Arc<dyn Observer> = metrics.clone();
    let analyzer = Analyzer::new(
        segmenter,
        Scorer::new(Box::new(Calm::new(switch)), ScoreCache::new(0)),
        Arc::clone(&observer),
    );
    let (lane, _thread) = Lane::start(analyzer, 1).unwrap();
    let redactor = Redactor::new(PseudonymKey::new([7; 32]));
    let wake = Arc::default();
    let (reliability, reference) = (None, None);
    let parts =
        Parts { store: store.clone(), redactor, reliability, reference, lane, observer, metrics, wake };
    http::service_state(ServiceRole::All, parts, limits, exposure)
}

/// Reads no emotion into anything: what the API does must not depend on a model.
struct Calm {
    identity: ModelIdentity,
    switch: Arc<Switch>,
}

/// Stops the model in the middle of its work.
#[derive(Default)]
pub(crate) struct Switch {
    closed: AtomicBool,
    entered: AtomicBool,
}

/// A lane that is stopped; goes on when dropped.
pub(crate) struct Held(Arc<Switch>);

impl Drop for Held {
    fn drop(&mut self) {
        self.0.closed.store(false, Ordering::SeqCst);
    }
}

impl Calm {
    fn new(switch: Arc<Switch>) -> Self {
        let identity = ModelIdentity {
            name: "calm".to_owned(),
            sha256: "0".repeat(64),
            lexicon_version: "0".repeat(12),
        };
        Self { identity, switch }
    }
}

impl EmotionModel for Calm {
    fn identity(&self) -> &ModelIdentity {
        &self.identity
    }

    fn score(&mut self, batch: &[ScoreInput<'_>]) -> Result<Vec<UtteranceScore>, ModelError> {
        self.switch.entered.store(true, Ordering::SeqCst);
        while self.switch.closed.load(Ordering::SeqCst) {
            std::thread::sleep(Duration::from_millis(1));
        }
        let calm = || UtteranceScore::from_emotions(EmotionScores::NEUTRAL, true, 0.0, Vec::new());
        Ok(batch.iter().map(|_| calm()).collect())
    }
}
