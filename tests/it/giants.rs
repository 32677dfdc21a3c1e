//! Contacts of the largest size, many of them: what they cost is memory with a limit, and nothing
//! stays behind.

use std::time::{Duration, Instant};

use tingxin::domain::UtcMillis;
use tingxin::store::Store;

use crate::support::shell::{Running, Shell};

/// Of 1.9 MB each: as one text they would take half a gigabyte to analyse.
const GIANTS: usize = 12;

/// The aim for any input.
const LIMIT_KIB: u64 = 512 * 1024;

/// A contact just below the limit of two megabytes, as telephone calls are written down.
fn giant(number: usize) -> String {
    let lines = [
        "您好，我家的宽带又断了，这都第三次了，到底什么时候能修好？",
        "1 3 8-0 0 0 0-1 2 3 4 ",
        "我要去投诉你们！",
    ];
    let mut utterances = Vec::new();
    let mut bytes = 0;
    for turn in 0.. {
        let text = lines[turn % 3].repeat(4);
        bytes += text.len() + 40;
        if bytes > 1_900_000 {
            break;
        }
        let speaker = ["agent", "customer"][turn % 2];
        utterances.push(serde_json::json!({ "speaker": speaker, "text": text }));
    }
    let id = format!("G-{number}");
    serde_json::json!({
        "source": "giants", "contact_id": id, "channel": "hotline", "utterances": utterances,
    })
    .to_string()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn giant_contacts_are_all_analysed_within_half_a_gigabyte() {
    let shell = Shell::new();
    let secret = shell.run(&["key", "create", "crm"]).out;
    // Word lists read everything at once, so they hold more than a model that reads in portions.
    let mut service =
        Running::start(shell.command(&["serve", "--listen", "127.0.0.1:0", "--model", "lexicon"]));
    let url = service.line("listening on ");
    let body: String = (0..GIANTS).map(|number| giant(number) + "\n").collect();

    let answer = crate::support::web::client()
        .post(format!("{url}/api/v1/contacts/bulk"))
        .bearer_auth(secret.trim())
        .header("content-type", "application/x-ndjson")
        .body(body)
        .send()
        .await
        .unwrap();
    let answers = answer.text().await.unwrap();

    assert_eq!(answers.matches("\"queued\"").count(), GIANTS, "{answers}");
    let store = Store::open(&format!("sqlite://{}", shell.path("tingxin.db").display())).await.unwrap();
    let begun = Instant::now();
    while store.queue_state(UtcMillis::now()).await.unwrap().waiting > 0 {
        assert!(begun.elapsed() < Duration::from_mins(5), "the giants are not worked off");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    assert_eq!(store.queue_state(UtcMillis::now()).await.unwrap().quarantined, 0);
    let peak = service.peak_kib();
    assert!(peak < LIMIT_KIB, "the service held {peak} KiB");
}

#[test]
fn a_file_of_giant_contacts_is_analysed_within_half_a_gigabyte() {
    let shell = Shell::new();
    let lines: String = (0..GIANTS).map(|number| giant(number) + "\n").collect();
    let file = shell.write("giants.ndjson", lines);
    let out = std::fs::File::create(shell.path("out.ndjson")).unwrap();
    let mut command = shell.command(&["analyze", "--model", "lexicon", "--quiet"]);
    command.arg(&file).stdout(out);
    let mut child = command.spawn().unwrap();

    let mut peak = 0;
    while child.try_wait().unwrap().is_none() {
        let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
        let held = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        peak = held.map_or(peak, |held| held.trim().trim_end_matches(" kB").parse().unwrap());
        std::thread::sleep(Duration::from_millis(20));
    }

    assert!(child.wait().unwrap().success());
    let analyses = std::fs::read_to_string(shell.path("out.ndjson")).unwrap();
    assert_eq!(analyses.lines().count(), GIANTS);
    assert!(peak < LIMIT_KIB, "it held {peak} KiB");
}
