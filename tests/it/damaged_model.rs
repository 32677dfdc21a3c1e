//! A model whose files are damaged: contacts are taken, nothing is judged with it.

use std::path::Path;

use tingxin::score;

use crate::support::shell::{Running, Shell, sample};

/// Copies the model's folder into the shell's working folder, where it is looked for first, and
/// damages a byte.
fn damage(shell: &Shell) {
    let folder = shell.path("models").join(MODEL);
    std::fs::create_dir_all(&folder).unwrap();
    for file in ["config.json", "tokenizer.json", "model.safetensors"] {
        let original = Path::new(env!("CARGO_MANIFEST_DIR")).join("models").join(MODEL).join(file);
        std::fs::copy(original, folder.join(file)).unwrap();
    }
    let weights = folder.join("model.safetensors");
    let mut bytes = std::fs::read(&weights).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(weights, bytes).unwrap();
}

const MODEL: &str = "tingxin-emotion";

fn serve(shell: &Shell) -> (Running, String) {
    let mut service = Running::start(shell.command(&["serve", "--listen", "127.0.0.1:0", "--model", MODEL]));
    let url = service.line("listening on ");
    (service, url)
}

async fn send(url: &str, key: &str, query: &str) -> (u16, serde_json::Value) {
    let answer = crate::support::web::client()
        .post(format!("{url}/api/v1/contacts{query}"))
        .bearer_auth(key)
        .header("content-type", "application/json")
        .body(std::fs::read_to_string(sample("chat/02-second-card.json")).unwrap())
        .send()
        .await
        .unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

#[tokio::test]
async fn the_service_is_not_ready_and_keeps_contacts_until_the_model_is_repaired() {
    let shell = Shell::new();
    let key = shell.run(&["key", "create", "crm"]).out.trim().to_owned();
    damage(&shell);
    let (service, url) = serve(&shell);

    let ready = crate::support::web::get(format!("{url}/readyz")).await.unwrap();
    assert_eq!(ready.status(), 503);
    let checks: serde_json::Value = ready.json().await.unwrap();
    assert_eq!(
        (&checks["checks"]["analysis"], &checks["checks"]["database"]),
        (&"failed".into(), &"ok".into())
    );
    assert_eq!(crate::support::web::get(format!("{url}/livez")).await.unwrap().status(), 200);
    let (status, receipt) = send(&url, &key, "").await;
    assert_eq!((status, receipt["status"].as_str()), (201, Some("queued")));
    let (status, problem) = send(&url, &key, "?wait=true").await;
    assert_eq!((status, problem["code"].as_str()), (503, Some("unavailable")));
    service.signal("TERM");
    assert!(service.wait().success());

    std::fs::remove_dir_all(shell.path("models")).unwrap();
    let (_service, url) = serve(&shell);
    let (status, analysis) = send(&url, &key, "?wait=true").await;
    assert_eq!(status, 200, "{analysis}");
    assert_eq!(analysis["engine"]["model"], "tingxin-emotion-4");
}

#[test]
fn nothing_is_analysed_or_demonstrated_with_it() {
    let shell = Shell::new();
    damage(&shell);

    let analyze = shell.run(&["analyze", &sample("chat/02-second-card.json"), "--model", MODEL]);
    let demo = shell.run(&["demo", "--listen", "127.0.0.1:0", "--model", MODEL]);

    assert!(analyze.status == 1 && analyze.out.is_empty(), "{}", analyze.out);
    assert!(analyze.err.contains("damaged or of another version"), "{}", analyze.err);
    assert!(demo.status == 1 && demo.err.contains("the emotion model cannot be used"), "{}", demo.err);
}

#[test]
fn a_model_that_does_not_exist_is_refused_by_name() {
    let refused = score::load("tingxin-emotion-0").err().unwrap().to_string();

    assert!(refused.contains(MODEL), "{refused}");
}
