//! The demo, the driver and the browser, each ended by its guard.

use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use fantoccini::key::Key;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use sqlx::{Connection as _, Executor as _};

/// How long an expected change may take. Generous, for machines that build at the same time: a
/// story that holds ends at once, and only one that fails waits so long.
const PATIENCE: Duration = Duration::from_secs(30);

/// A process that ends with the test.
struct Guarded(Child);

impl Drop for Guarded {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Guarded {
    /// Starts a program and reads its output until `found` recognises what it waits for.
    fn start<T>(mut command: Command, mut found: impl FnMut(&str) -> Option<T>) -> (Self, T) {
        let mut child = command.stdout(Stdio::piped()).stdin(Stdio::null()).spawn().expect("starts");
        let output = child.stdout.take().expect("piped");
        let guard = Self(child);
        let mut lines = BufReader::new(output).lines();
        let value = lines.by_ref().map_while(Result::ok).find_map(|line| found(&line));
        // Read on, so that the program never waits for a full pipe.
        std::thread::spawn(move || lines.for_each(drop));
        (guard, value.expect("the program says what it is waited for"))
    }
}

/// What every story shares: one demo and one driver.
pub(crate) struct World {
    /// `http://127.0.0.1:PORT`.
    pub(crate) url: String,
    /// The password of every demo account.
    password: String,
    /// The key with which a program sends contacts.
    pub(crate) key: String,
    driver: String,
    /// The source of axe-core.
    pub(crate) axe: String,
    _demo: Guarded,
    _chromedriver: Guarded,
}

static SHARED: Mutex<Weak<World>> = Mutex::new(Weak::new());

/// One story logs in at a time: the service checks two passwords at once and turns others away.
static DOOR: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

impl World {
    /// The world, if the machine has what it needs. The last story that lets go of it ends it.
    pub(crate) fn get() -> Option<Arc<Self>> {
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(world) = shared.upgrade() {
            return Some(world);
        }
        let world = match Self::start() {
            Ok(world) => Arc::new(world),
            Err(missing) => {
                assert!(std::env::var_os("CI").is_none(), "{missing}: run scripts/test-tools.sh");
                eprintln!("skipped: {missing}; scripts/test-tools.sh fetches it");
                return None;
            }
        };
        *shared = Arc::downgrade(&world);
        Some(world)
    }

    fn start() -> Result<Self, String> {
        let axe = std::env::var_os("TINGXIN_AXE").map_or_else(
            || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/tools/axe.min.js"),
            PathBuf::from,
        );
        let axe = std::fs::read_to_string(&axe).map_err(|_| format!("no axe-core at {}", axe.display()))?;
        let there = Command::new("chromedriver").arg("--version").output().is_ok();
        if !there {
            return Err("no chromedriver".to_owned());
        }
        let mut chromedriver = Command::new("chromedriver");
        chromedriver.arg("--port=0");
        let (chromedriver, port) = Guarded::start(chromedriver, |line| {
            let (_, port) = line.split_once("started successfully on port ")?;
            Some(port.trim_end_matches('.').to_owned())
        });
        let mut demo = Command::new(env!("CARGO_BIN_EXE_tingxin"));
        demo.args(["demo", "--small", "--listen", "127.0.0.1:0"]).env("NO_COLOR", "1");
        if let Some(server) = std::env::var_os("TINGXIN_STORIES_POSTGRES").filter(|url| !url.is_empty()) {
            demo.arg("--database").arg(empty_database(&server.to_string_lossy()));
        }
        let (mut url, mut password) = (None, None);
        let (demo, (url, password, key)) = Guarded::start(demo, |line| {
            if let Some(address) = line.strip_prefix("listening on ") {
                url = Some(address.trim().trim_end_matches('/').to_owned());
            }
            if let Some(word) = line.strip_prefix("password: ") {
                password = Some(word.trim().to_owned());
            }
            let key = line.strip_prefix("API key: ")?;
            Some((url.clone()?, password.clone()?, key.trim().to_owned()))
        });
        Ok(Self {
            url,
            password,
            key,
            driver: format!("http://127.0.0.1:{port}"),
            axe,
            _demo: demo,
            _chromedriver: chromedriver,
        })
    }
}

/// A new database on a server, for the same stories there; the server is thrown away with it.
fn empty_database(server: &str) -> String {
    let (base, _) = server.rsplit_once('/').expect("a server and a database");
    let name = format!("tingxin_stories_{}", uuid::Uuid::now_v7().simple());
    let (create, server) = (format!("CREATE DATABASE {name}"), server.to_owned());
    // Stories run in a runtime of their own, and none can be entered twice.
    let made = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let mut connection = sqlx::PgConnection::connect(&server).await.expect("the server answers");
            connection.execute(sqlx::AssertSqlSafe(create)).await.expect("a database");
        });
    });
    made.join().expect("a database");
    format!("{base}/{name}")
}

/// How wide the window is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Screen {
    /// 1280 × 900.
    Desk,
    /// The same, by a person who prefers dark pages.
    Night,
    /// 390 × 844, as a phone reports it.
    Phone,
}

/// One browser with its own profile.
pub(crate) struct Browser {
    pub(crate) client: Client,
    pub(crate) world: Arc<World>,
    session: String,
    _profile: tempfile::TempDir,
}

impl Browser {
    /// Opens a browser without an account.
    pub(crate) async fn open(world: Arc<World>, screen: Screen, scripts: bool) -> Self {
        let profile = tempfile::tempdir().expect("a folder for the profile");
        let mut options = json!({
            "args": [
                "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
                "--disable-background-networking", "--disable-dev-shm-usage", "--window-size=1280,900",
                "--lang=zh-CN", format!("--user-data-dir={}", profile.path().display()),
            ],
        });
        if screen == Screen::Night
            && let Some(arguments) = options["args"].as_array_mut()
        {
            arguments.push(json!("--blink-settings=preferredColorScheme=0"));
        }
        if screen == Screen::Phone {
            options["mobileEmulation"] =
                json!({"deviceMetrics": {"width": 390, "height": 844, "pixelRatio": 2.0}});
        }
        if !scripts {
            options["prefs"] = json!({"profile.managed_default_content_settings.javascript": 2});
        }
        let Value::Object(capabilities) =
            json!({"goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}})
        else {
            unreachable!("an object was written");
        };
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&world.driver)
            .await
            .expect("Chromium starts");
        let session = client.session_id().await.expect("the driver answers").expect("a session");
        Self { client, world, session, _profile: profile }
    }

    /// Opens a browser and logs in.
    pub(crate) async fn log_in(world: Arc<World>, screen: Screen, account: &str) -> Self {
        let browser = Self::open(world, screen, true).await;
        browser.enter(account).await;
        browser
    }

    /// Fills the log-in form in.
    pub(crate) async fn enter(&self, account: &str) {
        self.go("/login").await;
        self.come_in(account).await;
    }

    /// Fills the form in that is on the page.
    pub(crate) async fn come_in(&self, account: &str) {
        self.come_in_with(account, &self.world.password).await;
    }

    /// The same for an account with a password of its own.
    pub(crate) async fn come_in_with(&self, account: &str, password: &str) {
        let _alone = DOOR.lock().await;
        self.write("#name", account).await;
        self.write("#password", password).await;
        self.click("main button.primary").await;
        self.see(".who form").await;
    }

    pub(crate) async fn go(&self, path: &str) {
        self.client.goto(&format!("{}{path}", self.world.url)).await.expect("the page opens");
    }

    /// Waits until something is on the page, and returns its text.
    pub(crate) async fn see(&self, css: &str) -> String {
        let found = self.client.wait().at_most(PATIENCE).for_element(Locator::Css(css)).await;
        match found {
            Ok(element) => element.text().await.expect("text"),
            Err(failure) => {
                let there =
                    self.ask("return location.href + '\\n' + document.body.innerText.slice(0, 2000)").await;
                panic!("{css} is not on the page: {failure}\n{there}")
            }
        }
    }

    /// Waits until a condition in the page's own language holds.
    pub(crate) async fn until(&self, condition: &str) {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        while self.ask(&format!("return Boolean({condition})")).await != json!(true) {
            assert!(tokio::time::Instant::now() < deadline, "never came true: {condition}");
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
    }

    pub(crate) async fn click(&self, css: &str) {
        let found = self.client.wait().at_most(PATIENCE).for_element(Locator::Css(css)).await;
        let found = found.unwrap_or_else(|failure| panic!("no {css}: {failure}"));
        // Pages scroll smoothly, and the driver does not wait until one has arrived: what is asked for may still be
        // on its way under a bar that stays.
        let deadline = tokio::time::Instant::now() + PATIENCE;
        loop {
            let here = vec![serde_json::to_value(&found).expect("a reference")];
            let scroll = "arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})";
            self.client.execute(scroll, here).await.expect("it scrolls");
            match found.click().await {
                Ok(()) => return,
                Err(failure) => {
                    let waits = failure.to_string().contains("intercepted");
                    assert!(waits && tokio::time::Instant::now() < deadline, "a click on {css}: {failure}");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            }
        }
    }

    pub(crate) async fn write(&self, css: &str, text: &str) {
        let found = self.client.wait().at_most(PATIENCE).for_element(Locator::Css(css)).await;
        found.unwrap_or_else(|failure| panic!("no {css}: {failure}")).send_keys(text).await.expect("keys");
    }

    /// Presses keys wherever the focus is, as a person would.
    pub(crate) async fn press(&self, keys: &str) {
        let focus = self.client.active_element().await.expect("something has the focus");
        focus.send_keys(keys).await.expect("keys");
    }

    pub(crate) async fn escape(&self) {
        self.press(&Key::Escape.to_string()).await;
    }

    pub(crate) async fn enter_key(&self) {
        self.press(&Key::Enter.to_string()).await;
    }

    pub(crate) async fn ask(&self, script: &str) -> Value {
        self.client.execute(script, Vec::new()).await.expect("the script runs")
    }

    pub(crate) async fn count(&self, css: &str) -> usize {
        self.client.find_all(Locator::Css(css)).await.expect("a list").len()
    }

    pub(crate) async fn path(&self) -> String {
        self.client.current_url().await.expect("an address").path().to_owned()
    }

    /// What axe-core finds against WCAG 2.2 A and AA on the page as it stands, scrolled to its top: whatever is
    /// half under a bar that stays would be called too small.
    pub(crate) async fn barriers(&self) -> Vec<String> {
        self.ask("for (const e of [document.documentElement, ...document.querySelectorAll('main *')]) e.scrollTo({top: 0, behavior: 'instant'})").await;
        self.client.execute(&self.world.axe, Vec::new()).await.expect("axe-core loads");
        let run = "const done = arguments[arguments.length - 1];\
            axe.run(document, {runOnly: {type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']}})\
              .then((r) => done(r.violations.flatMap((v) => v.nodes.map((n) => v.id + ': ' + n.html + ' ' + n.failureSummary))),\
                    (e) => done([String(e)]));";
        let found = self.client.execute_async(run, Vec::new()).await.expect("axe-core runs");
        serde_json::from_value(found).expect("a list of findings")
    }

    /// What the browser itself complained about: broken policies, failed loads, script errors.
    pub(crate) async fn complaints(&self) -> Vec<String> {
        let url = format!("{}/session/{}/se/log", self.world.driver, self.session);
        tingxin::deliver::name_tls_provider();
        let answer = reqwest::Client::new().post(url).json(&json!({"type": "browser"})).send().await;
        let log: Value = answer.expect("the driver answers").json().await.expect("a log");
        let entries = log["value"].as_array().expect("entries").iter();
        entries.map(|entry| entry["message"].as_str().unwrap_or_default().to_owned()).collect()
    }

    /// Addresses outside the service that the page asked for.
    pub(crate) async fn outside_requests(&self) -> Vec<String> {
        let found = self
            .ask("return performance.getEntriesByType('resource').map((e) => e.name).filter((n) => !n.startsWith(location.origin))")
            .await;
        serde_json::from_value(found).expect("a list of addresses")
    }

    /// Whether the page can be scrolled sideways.
    pub(crate) async fn scrolls_sideways(&self) -> bool {
        self.ask("return document.documentElement.scrollWidth > document.documentElement.clientWidth").await
            == json!(true)
    }

    pub(crate) async fn close(self) {
        let _ = self.client.close().await;
    }
}
