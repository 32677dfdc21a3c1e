//! The real program beside a collector that stands in for a real one.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use crate::support::shell::{Running, Shell};

/// Words of a contact, and what names its customer and its staff: none of them may leave.
const CANARIES: [&str; 6] = ["金丝雀", "13987654321", "canary-contact", "C-CANARY", "A7777", "canary-team"];

/// Everything that a span may hold; docs/logging.md lists the same.
const HELD: [&str; 8] = ["id", "method", "route", "status", "contacts", "turns", "busy_ns", "idle_ns"];

const TRACE: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const CALLER: &str = "00f067aa0ba902b7";

/// Takes what is sent to it.
struct Collector {
    url: String,
    taken: Arc<Mutex<Vec<String>>>,
}

impl Collector {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/v1/traces", listener.local_addr().unwrap());
        let taken = Arc::<Mutex<Vec<String>>>::default();
        let kept = Arc::clone(&taken);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let kept = Arc::clone(&kept);
                std::thread::spawn(move || while take(stream.as_ref().unwrap(), &kept).is_some() {});
            }
        });
        Self { url, taken }
    }

    fn bodies(&self) -> String {
        self.taken.lock().unwrap().join("\n")
    }

    /// Every span that came.
    fn spans(&self) -> Vec<Value> {
        let taken = self.taken.lock().unwrap();
        let parsed = taken.iter().map(|body| serde_json::from_str::<Value>(body).unwrap());
        let resources = parsed.flat_map(|body| body["resourceSpans"].as_array().unwrap().clone());
        let scopes = resources.flat_map(|resource| resource["scopeSpans"].as_array().unwrap().clone());
        scopes.flat_map(|scope| scope["spans"].as_array().unwrap().clone()).collect()
    }
}

/// One request of a kept connection.
fn take(stream: &TcpStream, kept: &Mutex<Vec<String>>) -> Option<()> {
    let (mut reader, mut length) = (BufReader::new(stream), 0);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        let line = line.trim_end().to_ascii_lowercase();
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
        if line.is_empty() {
            break;
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    kept.lock().unwrap().push(String::from_utf8(body).unwrap());
    let answer = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}";
    (&*stream).write_all(answer.as_bytes()).ok()
}

fn contact(id: &str) -> Value {
    json!({
        "schema": "tingxin.contact.v1", "source": "crm", "contact_id": id, "channel": "hotline",
        "started_at": "2026-11-30T09:00:00+08:00",
        "staff": {"id": "A7777", "team": "canary-team"}, "customer": {"id": "C-CANARY"},
        "utterances": [
            {"speaker": "agent", "text": "您好请讲"},
            {"speaker": "customer", "text": "金丝雀套餐凭什么乱扣费，我的号码是13987654321"},
            {"speaker": "agent", "text": "我帮您看一下"},
        ],
    })
}

/// Name to span, of one trace.
fn of_trace<'a>(spans: &'a [Value], trace: &str) -> BTreeMap<&'a str, Vec<&'a Value>> {
    let mut found: BTreeMap<&str, Vec<&Value>> = BTreeMap::new();
    for span in spans.iter().filter(|span| span["traceId"] == trace) {
        found.entry(span["name"].as_str().unwrap()).or_default().push(span);
    }
    found
}

fn attribute<'a>(span: &'a Value, key: &str) -> &'a Value {
    let all = span["attributes"].as_array().unwrap();
    let found = all.iter().find(|one| one["key"] == key);
    let value = found.map_or(&Value::Null, |one| &one["value"]);
    value.as_object().and_then(|value| value.values().next()).unwrap_or(&Value::Null)
}

#[tokio::test]
async fn the_trace_of_a_request_holds_its_stages_and_nothing_that_anybody_said() {
    let (shell, collector) = (Shell::new(), Collector::start());
    shell.write("tingxin.toml", format!("model = \"lexicon\"\n[traces]\nendpoint = \"{}\"\n", collector.url));
    shell.run(&["migrate"]);
    let key = shell.run(&["key", "create", "crm", "--role", "integrator"]).out.trim().to_owned();
    let mut service = Running::start(shell.command(&["serve", "--listen", "127.0.0.1:0"]));
    let url = service.line("listening on ");
    let client = crate::support::web::client();
    let send = async |id: &str, parent: &str, query: &str| {
        let request = client.post(format!("{url}/api/v1/contacts{query}")).bearer_auth(&key);
        let answer = request.header("traceparent", parent).json(&contact(id)).send().await.unwrap();
        assert!(answer.status().is_success(), "{} {query}", answer.status());
        assert!(answer.headers().contains_key("x-request-id"));
    };

    send("canary-contact", &format!("00-{TRACE}-{CALLER}-01"), "").await;
    send("canary-contact-2", "13987654321 no trace at all", "").await;
    // What the worker does has a trace of its own.
    let analysis = format!("{url}/api/v1/contacts?state=analysed&limit=5");
    for _ in 0..100 {
        let listed = client.get(&analysis).bearer_auth(&key).send().await.unwrap();
        if listed.status() != 200
            || listed.json::<Value>().await.unwrap()["items"].as_array().unwrap().len() == 2
        {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    service.signal("TERM");
    assert!(service.wait().success());

    let spans = collector.spans();
    let own = of_trace(&spans, TRACE);
    let (request, intake, store) = (own["request"][0], own["intake"][0], own["store"][0]);
    assert_eq!(request["parentSpanId"], CALLER, "the caller's span is the parent");
    assert_eq!(intake["parentSpanId"], request["spanId"]);
    assert_eq!(store["parentSpanId"], intake["spanId"]);
    assert_eq!(attribute(request, "route"), "/api/v1/contacts");
    assert_eq!(attribute(intake, "contacts").to_string().trim_matches('"'), "1");
    let batch = spans.iter().find(|span| span["name"] == "batch").expect("the worker's batch is traced");
    let worked = of_trace(&spans, batch["traceId"].as_str().unwrap());
    assert!(worked.contains_key("score") && worked.contains_key("store"), "{worked:?}");
    for span in &spans {
        for one in span["attributes"].as_array().unwrap() {
            assert!(HELD.contains(&one["key"].as_str().unwrap()), "{one}");
        }
        assert!(span["events"].as_array().is_none_or(Vec::is_empty), "{span}");
    }
    let names: BTreeSet<&str> = spans.iter().map(|span| span["name"].as_str().unwrap()).collect();
    assert_eq!(names, BTreeSet::from(["batch", "intake", "request", "score", "store"]));
    let bodies = collector.bodies();
    for canary in CANARIES {
        assert!(!bodies.contains(canary), "`{canary}` left the house");
    }
}

#[tokio::test]
async fn whoever_waits_for_an_analysis_finds_the_scoring_in_the_same_trace() {
    let (shell, collector) = (Shell::new(), Collector::start());
    shell.write("tingxin.toml", format!("model = \"lexicon\"\n[traces]\nendpoint = \"{}\"\n", collector.url));
    let mut demo = shell.command(&["serve", "--listen", "127.0.0.1:0"]);
    shell.run(&["migrate"]);
    let key = shell.run(&["key", "create", "test", "--role", "integrator"]).out.trim().to_owned();
    demo.stderr(std::process::Stdio::null());
    let mut service = Running::start(demo);
    let url = service.line("listening on ");
    let request = crate::support::web::client().post(format!("{url}/api/v1/contacts?wait=true"));
    let request = request.bearer_auth(&key).header("traceparent", format!("00-{TRACE}-{CALLER}-01"));

    let answer = request.json(&contact("canary-contact")).send().await.unwrap();

    assert_eq!(answer.status(), 200);
    service.signal("TERM");
    assert!(service.wait().success());
    let spans = collector.spans();
    let own = of_trace(&spans, TRACE);
    assert_eq!(own["score"][0]["parentSpanId"], own["request"][0]["spanId"]);
    let (from, to) = (&own["score"][0]["startTimeUnixNano"], &own["score"][0]["endTimeUnixNano"]);
    assert!(from.as_str().unwrap() < to.as_str().unwrap(), "it has a duration");
}
