//! How the service starts, and how it ends.

use futures_util::StreamExt as _;
use serde_json::json;
use tingxin::domain::UtcMillis;
use tingxin::secrets::digest;
use tingxin::store::{IdempotencyVerdict, Store};

use crate::support::shell::{Running, Shell, sample};

const ANY_PORT: [&str; 2] = ["--listen", "127.0.0.1:0"];

fn serve(shell: &Shell) -> Running {
    Running::start(shell.command(&["serve", ANY_PORT[0], ANY_PORT[1]]))
}

#[tokio::test]
async fn the_first_start_offers_a_link_and_no_password_and_later_ones_do_not() {
    let shell = Shell::new();
    let mut first = serve(&shell);
    let url = first.line("listening on ");
    let link = first.line("create the first account (the link works once): ");
    assert!(link.starts_with(&format!("{url}/setup/")), "{link}");
    assert_eq!(crate::support::web::get(format!("{url}/readyz")).await.unwrap().status(), 200);
    first.signal("TERM");
    assert!(first.wait().success());
    let token = link.rsplit('/').next().unwrap();
    let stored = std::fs::read(shell.path("tingxin.db")).unwrap();
    assert!(!stored.windows(token.len()).any(|part| part == token.as_bytes()), "the token is kept hashed");

    let made = shell.run_with(
        &["user", "create", "li.na", "--role", "admin", "--password-stdin"],
        "五月的风一直很大".as_bytes(),
    );
    assert_eq!(made.status, 0, "{}", made.err);
    let mut second = serve(&shell);
    second.line("listening on ");
    second.signal("INT");
    assert!(second.rest().is_empty(), "no link once there is an account");
}

#[tokio::test]
async fn what_was_accepted_before_a_stop_is_there_after_it() {
    let shell = Shell::new();
    let key = shell.run(&["key", "create", "crm"]).out;
    let mut first = serve(&shell);
    let url = first.line("listening on ");
    let client = crate::support::web::client();
    let contact = std::fs::read_to_string(sample("chat/02-second-card.json")).unwrap();
    let sent = client
        .post(format!("{url}/api/v1/contacts"))
        .bearer_auth(key.trim())
        .header("content-type", "application/json")
        .body(contact.clone())
        .send()
        .await
        .unwrap();
    assert_eq!(sent.status(), 201);

    first.signal("TERM");
    assert!(first.wait().success());

    let mut second = serve(&shell);
    let url = second.line("listening on ");
    let again = client
        .post(format!("{url}/api/v1/contacts?wait=true"))
        .bearer_auth(key.trim())
        .header("content-type", "application/json")
        .body(contact)
        .send()
        .await
        .unwrap();
    assert_eq!(again.status(), 200);
    let analysis: serde_json::Value = again.json().await.unwrap();
    assert_eq!(analysis["schema"], json!("tingxin.analysis.v1"));
}

#[tokio::test]
async fn a_stream_that_is_still_open_at_a_stop_is_told_what_to_send_again() {
    let shell = Shell::new();
    let key = shell.run(&["key", "create", "crm"]).out;
    let mut running = serve(&shell);
    let url = running.line("listening on ");
    let (lines, body) = tokio::sync::mpsc::unbounded_channel::<std::io::Result<String>>();
    let body =
        futures_util::stream::unfold(body, |mut body| async { body.recv().await.map(|line| (line, body)) });
    let contact = |n: u32| {
        json!({"source": "s", "contact_id": format!("H-{n}"), "channel": "hotline", "note": {"text": "好"}})
            .to_string()
    };
    lines.send(Ok(contact(1) + "\n")).unwrap();
    let response = crate::support::web::client()
        .post(format!("{url}/api/v1/contacts/bulk"))
        .bearer_auth(key.trim())
        .header("content-type", "application/x-ndjson")
        .body(reqwest::Body::wrap_stream(body))
        .send()
        .await
        .unwrap();
    let mut answers = response.bytes_stream();
    let first = answers.next().await.unwrap().unwrap();
    assert!(first.starts_with(b"{\"line\":1,\"status\":\"queued\""), "{first:?}");
    // The client goes on sending for as long as it is let.
    let sending = tokio::spawn(async move {
        for n in 2.. {
            if lines.send(Ok(contact(n) + "\n")).is_err() {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    });

    running.signal("TERM");

    let mut text = Vec::new();
    let whole = async {
        while let Some(part) = answers.next().await {
            text.extend_from_slice(&part.unwrap());
        }
    };
    // Far below the 25 seconds that other requests get, far above what a busy machine needs.
    tokio::time::timeout(std::time::Duration::from_secs(12), whole).await.expect("the stream is ended");
    drop(answers);
    let ended = tokio::task::spawn_blocking(|| running.wait());
    let ended = tokio::time::timeout(std::time::Duration::from_secs(12), ended).await;
    assert!(ended.expect("the process ends soon after").unwrap().success());
    sending.abort();
    let answered: Vec<serde_json::Value> =
        String::from_utf8(text).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let (last, stored) = answered.split_last().expect("a last line");
    assert_eq!((&last["status"], &last["code"]), (&json!("failed"), &json!("stopping")));
    assert!(last["message"].as_str().unwrap().contains("without an answer"), "{last}");
    assert!(stored.iter().all(|line| line["status"] == "queued"));
    assert_eq!(last["line"], json!(stored.len() + 2), "every line before it has its answer");
}

#[test]
fn a_second_process_on_the_same_port_says_so_and_ends() {
    let shell = Shell::new();
    let mut first = serve(&shell);
    let url = first.line("listening on ");
    let taken = url.trim_start_matches("http://");

    let second = Shell::new().run(&["serve", "--log", "error", "--listen", taken]);

    assert_eq!(second.status, 1);
    assert!(second.err.contains(&format!("cannot listen on {taken}")), "{}", second.err);
}

#[test]
fn log_lines_are_json_objects() {
    let shell = Shell::new();
    let mut command = shell.command(&["serve", ANY_PORT[0], ANY_PORT[1]]);
    let log = std::fs::File::create(shell.path("log")).unwrap();
    command.stderr(log);
    let mut running = Running::start_with_its_own_log(command);
    running.line("listening on ");
    running.signal("TERM");
    assert!(running.wait().success());

    let log = std::fs::read_to_string(shell.path("log")).unwrap();
    let lines: Vec<serde_json::Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(lines.iter().any(|line| line["message"] == "stopping" && line["signal"] == "SIGTERM"), "{log}");
}

#[tokio::test]
async fn a_service_goes_on_when_whoever_started_it_has_stopped_reading() {
    let shell = Shell::new();
    let mut child = shell.command(&["serve", ANY_PORT[0], ANY_PORT[1]]).spawn().unwrap();
    let mut line = String::new();
    std::io::BufRead::read_line(&mut std::io::BufReader::new(child.stdout.take().unwrap()), &mut line)
        .unwrap();
    let url = line.trim_end().trim_start_matches("listening on ");

    let alive = crate::support::web::get(format!("{url}/livez")).await.unwrap();

    assert_eq!(alive.status(), 200);
    child.kill().unwrap();
    child.wait().unwrap();
}

#[tokio::test]
async fn a_second_service_on_the_same_file_is_refused_until_the_first_has_died() {
    let shell = Shell::new();
    let mut first = serve(&shell);
    first.line("listening on ");
    // By another name of the same file, too.
    std::os::unix::fs::symlink(shell.path("tingxin.db"), shell.path("other.db")).unwrap();

    for url in ["sqlite://tingxin.db", "sqlite://other.db"] {
        let second = shell.run(&["serve", ANY_PORT[0], ANY_PORT[1], "--database-url", url]);
        assert_eq!(second.status, 1);
        assert!(second.err.contains("another tingxin works on"), "{}", second.err);
        assert!(second.err.contains("PostgreSQL"), "it says what to do: {}", second.err);
    }

    first.signal("KILL");
    first.wait();
    serve(&shell).line("listening on ");
}

#[tokio::test]
async fn the_key_of_a_request_that_was_killed_answers_after_the_next_start() {
    let shell = Shell::new();
    let secret = shell.run(&["key", "create", "crm"]).out;
    let contact = std::fs::read_to_string(sample("chat/02-second-card.json")).unwrap();
    let mut first = serve(&shell);
    first.line("listening on ");
    // What a request leaves behind that has its key and then dies with the process.
    let store = Store::open(&format!("sqlite://{}", shell.path("tingxin.db").display())).await.unwrap();
    let (key, body) = (digest(b"k-1"), digest(&[b"send", contact.as_bytes()].concat()));
    let begun = store.idempotency_begin("key:crm", &key, &body, UtcMillis::now()).await.unwrap();
    assert_eq!(begun, IdempotencyVerdict::Fresh);
    store.close().await;
    first.signal("KILL");
    first.wait();

    let mut second = serve(&shell);
    let url = second.line("listening on ");
    let answer = crate::support::web::client()
        .post(format!("{url}/api/v1/contacts"))
        .bearer_auth(secret.trim())
        .header("content-type", "application/json")
        .header("idempotency-key", "k-1")
        .body(contact)
        .send()
        .await
        .unwrap();

    assert_eq!(answer.status(), 201);
}
