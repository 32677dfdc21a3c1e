//! `tingxin demo`: the first minute with the product.

use std::path::Path;

use crate::support::shell::{Running, Shell};

#[tokio::test]
async fn the_demo_shows_analysed_samples_and_leaves_nothing_behind() {
    let shell = Shell::new();
    let temporary = shell.path("tmp");
    std::fs::create_dir(&temporary).unwrap();
    let mut command = shell.command(&["demo", "--listen", "127.0.0.1:0"]);
    command.env("TMPDIR", &temporary);
    let mut demo = Running::start(command);

    let url = demo.line("listening on ");
    let password = demo.line("password: ");
    let key = demo.line("API key: ");
    let first_sight = demo.line("  http://");

    assert!(password.len() >= 15);
    assert!(format!("http://{first_sight}").starts_with(&format!("{url}/review/")), "{first_sight}");
    let id = first_sight.rsplit('/').next().unwrap();
    let client = crate::support::web::client();
    let analysis =
        client.get(format!("{url}/api/v1/contacts/{id}/analysis")).bearer_auth(&key).send().await.unwrap();
    assert_eq!(analysis.status(), 200);
    let analysis: serde_json::Value = analysis.json().await.unwrap();
    let rules: Vec<_> =
        analysis["flags"].as_array().unwrap().iter().map(|flag| flag["rule"].clone()).collect();
    assert!(rules.contains(&"escalation".into()), "{rules:?}");
    assert_eq!(entries(&temporary), 1);

    demo.signal("TERM");
    assert!(demo.wait().success());
    assert_eq!(entries(&temporary), 0);
    assert!(!shell.path("tingxin.db").exists());
}

#[test]
fn the_demo_does_not_touch_the_settings_of_an_installation() {
    let shell = Shell::new();
    shell.write("tingxin.toml", "database_url = \"sqlite://precious.db\"\n");
    let mut command = shell.command(&["demo", "--listen", "127.0.0.1:0"]);
    command.env("TINGXIN_DATABASE_URL", "sqlite://precious.db");
    let mut demo = Running::start(command);

    demo.line("listening on ");

    assert!(!shell.path("precious.db").exists());
}

#[test]
fn a_port_that_is_asked_for_and_taken_is_a_failure() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();

    let ended = Shell::new().run(&["demo", "--listen", &address]);

    assert_eq!(ended.status, 1);
    assert!(ended.err.contains(&address), "{}", ended.err);
}

fn entries(folder: &Path) -> usize {
    std::fs::read_dir(folder).unwrap().count()
}
