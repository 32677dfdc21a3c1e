//! A real Prometheus with the rules of the deployment, made impatient.

use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

/// Runs until it is dropped.
pub(crate) struct Prometheus {
    child: Child,
    base: String,
    client: reqwest::Client,
    _folder: tempfile::TempDir,
}

impl Prometheus {
    /// Scrapes `target` four times a second. Where Prometheus is not installed says so and returns
    /// `None`, but fails where `CI` is set.
    #[expect(clippy::disallowed_methods, reason = "a setting of the tests, not of the product")]
    pub(crate) fn watching(target: &str) -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("rules.yml"), impatient(&rules())).unwrap();
        let config = format!(
            "global: {{ scrape_interval: 250ms, scrape_timeout: 250ms, evaluation_interval: 250ms }}\n\
             rule_files: [rules.yml]\n\
             scrape_configs:\n  - job_name: tingxin\n    static_configs: [{{ targets: [\"{target}\"] }}]\n"
        );
        std::fs::write(folder.path().join("prometheus.yml"), config).unwrap();
        // Free a moment ago: Prometheus cannot tell which port it took.
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let address = format!("127.0.0.1:{port}");
        let mut command = Command::new("prometheus");
        command.current_dir(folder.path()).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command.args(["--config.file=prometheus.yml", "--storage.tsdb.path=data"]);
        command.arg(format!("--web.listen-address={address}"));
        let Ok(child) = command.spawn() else {
            assert!(std::env::var("CI").is_err(), "prometheus must be installed where CI is set");
            eprintln!("not checked: prometheus is not installed");
            return None;
        };
        let client = crate::support::web::client();
        Some(Self { child, base: format!("http://{address}"), client, _folder: folder })
    }

    /// The names of the alerts that fire.
    async fn firing(&self) -> Vec<String> {
        let Ok(answer) = self.client.get(format!("{}/api/v1/alerts", self.base)).send().await else {
            return Vec::new();
        };
        let answer: Value = answer.json().await.unwrap_or_default();
        let alerts = answer["data"]["alerts"].as_array().cloned().unwrap_or_default();
        let firing = alerts.iter().filter(|alert| alert["state"] == "firing");
        firing.map(|alert| alert["labels"]["alertname"].as_str().unwrap().to_owned()).collect()
    }

    /// Waits until an alert fires, or until it does no more.
    pub(crate) async fn wait_for(&self, alert: &str, fires: bool) {
        let begun = Instant::now();
        loop {
            let firing = self.firing().await;
            if firing.iter().any(|name| name == alert) == fires {
                return;
            }
            assert!(begun.elapsed() < Duration::from_mins(1), "{alert} ({fires}): {firing:?}");
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    /// Waits for the first scrape.
    pub(crate) async fn has_scraped(&self) {
        assert!(self.finds("up == 1").await.is_ok(), "Prometheus scrapes nothing");
    }

    /// Asks for an expression until it has a value that is a number. A minute later says what the answer was instead.
    pub(crate) async fn finds(&self, expression: &str) -> Result<(), String> {
        let begun = Instant::now();
        loop {
            let said = self.ask(expression).await.unwrap_or_default();
            let found = said["data"]["result"].as_array().is_some_and(|series| series.iter().any(is_number));
            if found && said["warnings"].is_null() {
                return Ok(());
            }
            if said["status"] == "error" || begun.elapsed() > Duration::from_mins(1) {
                return Err(said.to_string());
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    /// What Prometheus says to an expression, now.
    pub(crate) async fn ask(&self, expression: &str) -> Option<Value> {
        let query = self.client.post(format!("{}/api/v1/query", self.base)).form(&[("query", expression)]);
        query.send().await.ok()?.json().await.ok()
    }
}

fn is_number(series: &Value) -> bool {
    series["value"][1].as_str().is_some_and(|value| value != "NaN")
}

impl Drop for Prometheus {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn rules() -> String {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(root.join("deploy/prometheus/rules.yml")).unwrap()
}

/// The same expressions over seconds in the place of minutes. No threshold is changed but that of a
/// worker which stands still.
fn impatient(rules: &str) -> String {
    let lines = rules.lines().map(|line| {
        if line.trim_start().starts_with("for: ") { line.replace('m', "s") } else { line.to_owned() }
    });
    let text = lines.collect::<Vec<_>>().join("\n") + "\n";
    text.replace("[15m]", "[15s]")
        .replace("[5m]", "[5s]")
        .replace("tingxin_worker_still_seconds) > 60", "tingxin_worker_still_seconds) > 3")
}
