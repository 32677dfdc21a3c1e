//! `tingxin demo`: the first minute with the product.

use std::path::Path;

use tingxin::domain::{Permission, Role};
use tingxin::http::access::Access;
use tingxin::http::routes::{self, Verb};

use crate::support::shell::{Running, Shell};

/// What programs of every role may read, and appeals: the demo has one key for whoever tries it out.
fn is_of_programs(permission: Permission) -> bool {
    let programs = [Role::Integrator, Role::Analyst, Role::Monitor];
    permission == Permission::AppealsRead || programs.iter().any(|role| role.allows(permission))
}

#[tokio::test]
async fn the_key_of_the_demo_reads_what_every_program_may_read() {
    let mut demo = Running::start(Shell::new().command(&["demo", "--small", "--listen", "127.0.0.1:0"]));
    let (url, key) = (demo.line("listening on "), demo.line("API key: "));
    let client = crate::support::web::client();
    let mut asked = Vec::new();

    for entry in routes::table().iter().filter(|entry| entry.verb == Verb::Get) {
        let Access::Needs(permission) = entry.access else { continue };
        // Pages want somebody who has logged in.
        let of_console = entry.name.starts_with("console_");
        if of_console || !is_of_programs(permission) {
            continue;
        }
        let path = entry.path.replace("{id}", "0190b3c2-0000-7000-8000-000000000000");
        let answer = client.get(format!("{url}{path}")).bearer_auth(&key).send().await.unwrap();

        assert!(![401, 403].contains(&answer.status().as_u16()), "{path} got {}", answer.status());
        asked.push(entry.path);
    }
    for path in
        ["/metrics", "/api/v1/rules", "/api/v1/samples", "/api/v1/appeals", "/api/v1/flags", "/api/v1/staff"]
    {
        assert!(asked.contains(&path), "{path} was not asked: {asked:?}");
    }
}

#[tokio::test]
async fn the_demo_shows_analysed_samples_and_leaves_nothing_behind() {
    let shell = Shell::new();
    let temporary = shell.path("tmp");
    std::fs::create_dir(&temporary).unwrap();
    let mut command = shell.command(&["demo", "--small", "--listen", "127.0.0.1:0"]);
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
    let mut command = shell.command(&["demo", "--small", "--listen", "127.0.0.1:0"]);
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

#[tokio::test]
async fn the_quarter_fills_in_beside_a_service_that_answers_already() {
    let shell = Shell::new();
    let arguments = ["demo", "--weeks", "1", "--model", "lexicon", "--listen", "127.0.0.1:0"];
    let mut demo = Running::start(shell.command(&arguments));
    let (url, key) = (demo.line("listening on "), demo.line("API key: "));
    tingxin::deliver::name_tls_provider();
    // While it fills in, connections that wait are closed by the service.
    let client = reqwest::Client::builder().pool_max_idle_per_host(0).build().unwrap();
    let ask = async |path: &str| {
        let answer = client.get(format!("{url}/api/v1{path}")).bearer_auth(&key).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        answer.json::<serde_json::Value>().await.unwrap()
    };
    // Nothing need be full for that.
    ask("/contacts?limit=1").await;

    let page = demo.line("what is planted: ");

    assert_eq!(page, format!("{url}/demo"));
    for channel in tingxin::domain::Channel::ALL {
        let contacts = ask(&format!("/contacts?channel={channel}&limit=1")).await;
        assert_eq!(contacts["items"].as_array().unwrap().len(), 1, "{channel}");
    }
    let confirmed = ask("/flags?status=confirmed&limit=1").await;
    assert_eq!(confirmed["items"].as_array().unwrap().len(), 1, "reviewers have judged");
    assert!(!ask("/samples").await["draws"].as_array().unwrap().is_empty(), "the sample is drawn");
    assert!(!ask("/incidents").await["items"].as_array().unwrap().is_empty(), "the outage is declared");
    assert_eq!(ask("/coaching").await["items"].as_array().unwrap().len(), 2);
    for which in ["status=closed", "overdue=true", "status=forwarded", "came_back=true"] {
        let cases = ask(&format!("/cases?{which}&limit=1")).await;
        assert_eq!(cases["items"].as_array().unwrap().len(), 1, "cases with {which}");
    }
}
