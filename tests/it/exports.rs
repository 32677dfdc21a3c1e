//! Exports: at the command line and over HTTP, in every form, and who gets what.

use std::io::Read as _;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tingxin::domain::Role;

use crate::console::session;
use crate::schemas::Published;
use crate::support::app::{TestApp, contact};
use crate::support::shell::{Shell, sample};

/// A database with the samples of one channel, analysed.
fn filled() -> Shell {
    let shell = Shell::new();
    let done = shell.run(&["import", "--analyze", &sample("hotline")]);
    assert_eq!(done.status, 0, "{}", done.err);
    shell
}

pub(crate) fn table(text: &str) -> Vec<Vec<String>> {
    let text = text.strip_prefix('\u{feff}').expect("Excel needs the byte order mark");
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

/// The files of a zip archive, by name.
pub(crate) fn unzipped(bytes: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

#[test]
fn every_kind_of_export_is_a_table_with_its_names_and_rows() {
    let shell = filled();

    for (kind, first, rows) in
        [("contacts", "id", 16..17), ("analyses", "contact", 60..1_000), ("flags", "id", 1..200)]
    {
        let ended = shell.run(&["export", kind]);
        assert_eq!(ended.status, 0, "{kind}: {}", ended.err);
        let table = table(&ended.out);
        assert_eq!(table[0][0], first, "{kind}");
        assert!(rows.contains(&(table.len() - 1)), "{kind}: {} rows", table.len() - 1);
        assert!(table.iter().all(|row| row.len() == table[0].len()), "{kind}");
    }
    for kind in ["staff", "teams"] {
        let ended = shell.run(&["export", kind]);
        assert_eq!(ended.status, 0, "{kind}: {}", ended.err);
        assert!(table(&ended.out)[0].contains(&"team".to_owned()));
    }
}

#[test]
fn a_filter_narrows_an_export_and_a_wrong_one_is_refused() {
    let shell = filled();

    let none = shell.run(&["export", "contacts", "--until", "2001-01-01"]);
    let wrong = shell.run(&["export", "staff", "--since", "2026-01-01"]);
    let day = shell.run(&["export", "contacts", "--since", "yesterday"]);

    assert_eq!((none.status, table(&none.out).len()), (0, 1));
    assert_eq!(wrong.status, 1, "{}", wrong.err);
    assert!(wrong.err.contains("13 weeks"), "{}", wrong.err);
    assert_eq!(day.status, 64);
}

#[test]
fn a_vcon_is_redacted_linked_to_its_twin_and_its_sentiment_fits_the_published_schema() {
    let shell = filled();
    let validator = Published::of("analysis");

    let ended = shell.run(&["export", "analyses", "--format", "vcon"]);
    let refused = shell.run(&["export", "flags", "--format", "vcon"]);

    assert_eq!(ended.status, 0, "{}", ended.err);
    let vcons: Vec<Value> = ended.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(vcons.len(), 16);
    for vcon in &vcons {
        let sentiment = &vcon["analysis"][0];
        assert_eq!((&sentiment["type"], &sentiment["encoding"]), (&json!("sentiment"), &json!("json")));
        assert_eq!(sentiment["schema"], "urn:tingxin:schema:analysis:v1");
        assert!(validator.fits(&sentiment["body"]));
        let turns = vcon["dialog"].as_array().unwrap().len();
        assert_eq!(sentiment["dialog"].as_array().unwrap().len(), turns);
        assert_eq!(sentiment["body"]["utterances"].as_array().unwrap().len(), turns);
        let [own, twin] = [&vcon["uuid"], &vcon["redacted"]["uuid"]].map(|uuid| uuid.as_str().unwrap());
        assert!(own != twin && uuid::Uuid::parse_str(own).is_ok() && uuid::Uuid::parse_str(twin).is_ok());
    }
    assert_eq!(refused.status, 1);
    assert!(refused.err.contains("contacts or analyses"), "{}", refused.err);

    // What goes out comes in again.
    shell.write("out.vcon.json", ended.out.lines().next().unwrap());
    assert_eq!(shell.run(&["analyze", "out.vcon.json"]).status, 0);
}

#[test]
fn a_workbook_holds_text_as_text() {
    let shell = Shell::new();
    let line = r#"{"source":"s","contact_id":"=1+1","channel":"chat","utterances":[{"speaker":"customer","text":"=HYPERLINK(\"http://x\")我要投诉"}]}"#;
    shell.write("c.ndjson", line);
    assert_eq!(shell.run(&["import", "--analyze", "c.ndjson"]).status, 0);

    let book = shell.run(&["export", "contacts", "--format", "xlsx", "--output", "c.xlsx"]);
    let sheet = unzipped(&std::fs::read(shell.path("c.xlsx")).unwrap(), "xl/worksheets/sheet1.xml");
    let text = table(&shell.run(&["export", "analyses"]).out);

    assert_eq!(book.status, 0, "{}", book.err);
    assert!(sheet.contains("=1+1") && !sheet.contains("<f>"), "{sheet}");
    assert!(text[1].iter().any(|cell| cell == "'=1+1"), "{text:?}");
    assert!(text[1].iter().any(|cell| cell.starts_with("'=HYPERLINK")), "{text:?}");
    assert!(
        shell
            .run(&["export", "contacts", "--format", "xlsx", "--output", "c.xlsx"])
            .err
            .contains("cannot write")
    );
}

#[test]
fn parquet_is_refused_in_one_sentence_where_the_program_has_none() {
    let shell = filled();

    let ended = shell.run(&["export", "contacts", "--format", "parquet", "--output", "c.parquet"]);

    if cfg!(feature = "parquet") {
        assert_eq!(ended.status, 0, "{}", ended.err);
        let bytes = std::fs::read(shell.path("c.parquet")).unwrap();
        assert!(bytes.starts_with(b"PAR1") && bytes.ends_with(b"PAR1"));
    } else {
        assert_eq!(ended.status, 1);
        assert!(ended.err.contains("--features parquet"), "{}", ended.err);
    }
}

#[actix_web::test]
async fn a_program_gets_names_and_a_person_gets_headings_and_a_mark() {
    let app = TestApp::start().await;
    app.analysed(&contact("H-1")).await;
    let cookie = session(&app, "zhujian", Role::Supervisor, None).await;
    let get =
        async |path: &str| app.anonymous(Method::GET, path).header("cookie", &cookie).send().await.unwrap();

    let program = app.get("/api/v1/export/contacts").await.text().await.unwrap();
    let person = get("/api/v1/export/contacts?purpose=reporting").await.text().await.unwrap();
    let without = get("/api/v1/export/contacts").await;

    let (program, person) = (table(&program), table(&person));
    assert_eq!((&*program[0][0], program.len()), ("id", 2));
    assert!(person[0][0].contains("zhujian") && person[0][0].contains("统计上报"), "{person:?}");
    assert_eq!((&*person[1][0], person.len()), ("编号", 3));
    assert_eq!(without.status(), StatusCode::BAD_REQUEST);
    let mark = person[0][0].split("标识：").nth(1).unwrap().split('　').next().unwrap();
    let audit = app.audit().await;
    assert!(
        audit
            .iter()
            .any(|entry| entry.contains("export contacts as csv for reporting") && entry.contains(mark)),
        "{audit:?}"
    );
}

#[actix_web::test]
async fn words_leave_by_a_persons_hand_after_approval_alone_and_others_see_what_was_confirmed() {
    let app = TestApp::start().await;
    app.analysed(&contact("H-1")).await;
    let cookie = session(&app, "zhujian", Role::Supervisor, None).await;
    let get =
        async |path: &str| app.anonymous(Method::GET, path).header("cookie", &cookie).send().await.unwrap();

    let texts = get("/api/v1/export/analyses?purpose=review").await;
    let vcon = get("/api/v1/export/contacts?format=vcon&purpose=review").await;
    let flags = get("/api/v1/export/flags?purpose=review").await.text().await.unwrap();
    let staff = app.request(Role::Integrator, Method::GET, "/api/v1/export/staff").send().await.unwrap();
    let program = app.get("/api/v1/export/analyses?format=vcon").await;

    assert_eq!((texts.status(), vcon.status()), (StatusCode::FORBIDDEN, StatusCode::FORBIDDEN));
    assert_eq!(texts.json::<Value>().await.unwrap()["code"], "approval_needed");
    assert_eq!(table(&flags).len(), 2, "nobody confirmed a flag: {flags}");
    assert_eq!(staff.status(), StatusCode::FORBIDDEN);
    let vcon: Value = serde_json::from_str(program.text().await.unwrap().trim_end()).unwrap();
    assert_eq!(vcon["analysis"][0]["body"]["contact_id"], "H-1");
    assert!(!vcon.to_string().contains("13900001234"));
}

#[actix_web::test]
async fn a_key_of_a_team_exports_that_team_alone_and_a_workbook_over_http_can_be_opened() {
    let app = TestApp::start().await;
    app.analysed(&contact("H-1")).await;
    let key = app.key("other", Role::Integrator, Some("guangzhou-02")).await;
    let get = async |path: &str| app.anonymous(Method::GET, path).bearer_auth(&key).send().await.unwrap();

    let own = get("/api/v1/export/contacts").await.text().await.unwrap();
    let foreign = get("/api/v1/export/contacts?team=beijing-01").await;
    let book = app.get("/api/v1/export/contacts?format=xlsx").await;

    assert_eq!(table(&own).len(), 1);
    assert_eq!(foreign.status(), StatusCode::FORBIDDEN);
    let named = book.headers()["content-disposition"].to_str().unwrap().to_owned();
    assert!(named.contains("tingxin-contacts-") && named.contains(".xlsx"), "{named}");
    let sheet = unzipped(&book.bytes().await.unwrap(), "xl/worksheets/sheet1.xml");
    assert!(sheet.contains("hotline-10086"));
}
