//! The watched folder.

use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use tingxin::ingest::ReadOptions;
use tingxin::sources::{Fate, FolderSource, FolderTerms, Source as _, Worked, run, run_once};
use tingxin::store::Store;

use super::{door, ids, line};
use crate::support::shell::{Running, Shell};
use crate::support::store::{HeldWrites, TestDb};

fn source(folder: &Path) -> FolderSource {
    let terms = FolderTerms {
        path: folder.to_owned(),
        quiet: Duration::ZERO,
        done_days: 0,
        reading: ReadOptions::default(),
    };
    FolderSource::open(terms).unwrap()
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_of_every_kind_are_taken_in_and_put_away() {
    let db = TestDb::sqlite().await;
    let inbox = tempfile::tempdir().unwrap();
    let put = |name: &str, bytes: &[u8]| std::fs::write(inbox.path().join(name), bytes).unwrap();
    put("a.ndjson", (line("A-1", "又断了") + &line("A-2", "好的")).as_bytes());
    put("b.csv", "contact_id,speaker,text\nB-1,agent,您好\nB-1,customer,好\n".as_bytes());
    let mut packed = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    packed.start_file("c.json", zip::write::SimpleFileOptions::default()).unwrap();
    packed.write_all(line("C-1", "谢谢").as_bytes()).unwrap();
    put("c.zip", &packed.finish().unwrap().into_inner());
    std::fs::create_dir(inbox.path().join("hall")).unwrap();
    put("hall/d.txt", "客服：您好\n客户：好\n".as_bytes());
    put("e.ndjson.tmp", line("E-1", "还在写").as_bytes());
    put(".f.ndjson", line("F-1", "藏起来").as_bytes());

    let worked = run_once(&mut source(inbox.path()), &door(&db.store)).await.unwrap();

    assert_eq!(worked, Worked { taken: 4, refused: 0, later: 0 });
    assert_eq!(ids(&db.store).await, ["A-1", "A-2", "B-1", "C-1", "d"]);
    assert_eq!(names(&inbox.path().join("done")), ["a.ndjson", "b.csv", "c.zip", "hall"]);
    assert_eq!(names(inbox.path()), [".f.ndjson", "done", "e.ndjson.tmp", "failed", "hall"]);
    std::fs::rename(inbox.path().join("e.ndjson.tmp"), inbox.path().join("e.ndjson")).unwrap();
    let worked = run_once(&mut source(inbox.path()), &door(&db.store)).await.unwrap();
    assert_eq!(worked.taken, 1, "once it is complete it is taken");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_is_not_all_contacts_fails_with_the_reason_and_without_a_word_of_them() {
    let db = TestDb::sqlite().await;
    let inbox = tempfile::tempdir().unwrap();
    let bad = line("A-1", "好的")
        + "{\"contact_id\": \"A-2\", \"utterances\": \"我叫王小明\"}\n"
        + &line("A-3", "好");
    std::fs::write(inbox.path().join("night.ndjson"), bad).unwrap();
    std::fs::write(inbox.path().join("empty.csv"), "").unwrap();
    std::fs::write(inbox.path().join("call.wav"), b"RIFF\0\0\0\0WAVE").unwrap();

    let worked = run_once(&mut source(inbox.path()), &door(&db.store)).await.unwrap();

    assert_eq!(worked, Worked { taken: 0, refused: 3, later: 0 });
    assert_eq!(ids(&db.store).await, ["A-1", "A-3"], "the neighbours of a broken line are taken");
    let failed = inbox.path().join("failed");
    assert_eq!(
        names(&failed),
        [
            "call.wav",
            "call.wav.reason.txt",
            "empty.csv",
            "empty.csv.reason.txt",
            "night.ndjson",
            "night.ndjson.reason.txt"
        ]
    );
    let reason = |name: &str| std::fs::read_to_string(failed.join(name)).unwrap();
    let said = reason("night.ndjson.reason.txt");
    assert!(said.contains("2 contacts were taken, 1 were not") && said.contains("\n2 "), "{said}");
    assert!(!said.contains("王小明"), "{said}");
    assert!(reason("call.wav.reason.txt").contains("recording"));
    assert!(reason("empty.csv.reason.txt").contains("holds no contact"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_dies_between_the_database_and_the_move_begins_again_and_doubles_nothing() {
    let db = TestDb::sqlite().await;
    let inbox = tempfile::tempdir().unwrap();
    std::fs::write(inbox.path().join("a.ndjson"), line("A-1", "又断了") + &line("A-2", "好")).unwrap();
    // Everything is stored, and then there is nobody left to move the file.
    let mut dying = source(inbox.path());
    let mut parcels = dying.parcels().await.unwrap();
    let parcel = parcels.pop().unwrap();
    let stored = tingxin::ingest::read((parcel.open)().unwrap(), &parcel.name, &dying.reading());
    let redactor = door(&db.store).redactor;
    let intakes: Vec<_> = stored.map(|placed| redactor.redact(placed.unwrap().contact)).collect();
    tingxin::desk::intake::take_in(&db.store, None, &intakes).await.unwrap();
    drop(dying);
    assert_eq!(names(inbox.path()), ["a.ndjson", "done", "failed"]);

    let worked = run_once(&mut source(inbox.path()), &door(&db.store)).await.unwrap();

    assert_eq!(worked, Worked { taken: 1, refused: 0, later: 0 });
    assert_eq!(ids(&db.store).await, ["A-1", "A-2"]);
    assert_eq!(names(inbox.path()), ["done", "failed"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_changes_while_it_is_read_is_read_again() {
    let db = TestDb::sqlite().await;
    let inbox = tempfile::tempdir().unwrap();
    let path = inbox.path().join("a.ndjson");
    std::fs::write(&path, line("A-1", "好")).unwrap();
    let mut source = source(inbox.path());
    let parcel = source.parcels().await.unwrap().pop().unwrap();
    std::fs::write(&path, line("A-1", "好") + &line("A-2", "好")).unwrap();

    source.settle(parcel.ticket, Fate::Taken).await.unwrap();

    assert!(path.exists(), "what came late is not moved away unread");
    run_once(&mut source, &door(&db.store)).await.unwrap();
    assert_eq!(ids(&db.store).await, ["A-1", "A-2"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_the_database_takes_nothing_files_stay_where_they_are() {
    let db = TestDb::sqlite().await;
    let inbox = tempfile::tempdir().unwrap();
    std::fs::write(inbox.path().join("a.ndjson"), line("A-1", "好")).unwrap();
    let held = HeldWrites::of(&db).await;

    let worked = run_once(&mut source(inbox.path()), &door(&db.store)).await.unwrap();

    assert_eq!(worked, Worked { taken: 0, refused: 0, later: 1 });
    assert_eq!(names(inbox.path()), ["a.ndjson", "done", "failed"]);
    held.release().await;
    run_once(&mut source(inbox.path()), &door(&db.store)).await.unwrap();
    assert_eq!(ids(&db.store).await, ["A-1"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_scoring_is_behind_the_folder_waits() {
    let db = TestDb::sqlite().await;
    let inbox = tempfile::tempdir().unwrap();
    std::fs::write(inbox.path().join("a.ndjson"), line("A-1", "好")).unwrap();
    run_once(&mut source(inbox.path()), &door(&db.store)).await.unwrap();
    std::fs::write(inbox.path().join("b.ndjson"), line("B-1", "好")).unwrap();
    let mut full = door(&db.store);
    full.oldest_unscored_seconds = 0.0;
    let (stop, stopping) = tokio::sync::watch::channel(false);
    let running = tokio::spawn(run(source(inbox.path()), full, stopping));

    tokio::time::sleep(Duration::from_millis(1500)).await;

    assert_eq!(ids(&db.store).await, ["A-1"]);
    stop.send(true).unwrap();
    running.await.unwrap();
    assert!(inbox.path().join("b.ndjson").exists());
}

#[test]
fn a_folder_that_is_not_there_is_said_and_not_made() {
    let shell = Shell::new();

    let ended = shell.run(&["watch", "inbxo", "--once"]);

    assert_eq!(ended.status, 1);
    assert!(ended.err.contains("inbxo"), "{}", ended.err);
    assert!(!shell.path("inbxo").exists());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn kills_of_the_watch_lose_no_file_and_double_no_contact() {
    let shell = Shell::new();
    let url = format!("sqlite://{}", shell.path("tingxin.db").display());
    std::fs::create_dir(shell.path("inbox")).unwrap();
    let watch = ["watch", "inbox", "--quiet-seconds", "0", "--database-url", &url];
    let mut expected = Vec::new();
    for round in 0..5 {
        for file in 0..100 {
            let id = |n: u32| format!("K-{round}-{file:03}-{n}");
            let lines: String = (0..3).map(|n| line(&id(n), "我家宽带又断了")).collect();
            shell.write(&format!("inbox/{round}-{file:03}.ndjson"), lines);
            expected.extend((0..3).map(id));
        }
        let mut running = Running::start(shell.command(&watch));
        running.line("watching ");
        tokio::time::sleep(Duration::from_millis(40 * (1 + round))).await;
        running.signal("KILL");
        running.wait();
    }

    let ended = shell.run(&[&watch[..], &["--once"]].concat());

    assert_eq!(ended.status, 0, "{}", ended.err);
    let store = Store::open(&url).await.unwrap();
    expected.sort();
    assert_eq!(ids(&store).await, expected);
    assert_eq!(shell.names("inbox/done").len(), 500);
    assert_eq!(
        (shell.names("inbox"), shell.names("inbox/failed").len()),
        (vec!["done".into(), "failed".into()], 0)
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_service_watches_a_folder_of_its_settings() {
    let shell = Shell::new();
    std::fs::create_dir(shell.path("inbox")).unwrap();
    shell.write("inbox/a.ndjson", line("A-1", "我家宽带又断了，这都第三次了！"));
    let mut command = shell.command(&["serve", "--listen", "127.0.0.1:0", "--model", "lexicon"]);
    command.env("TINGXIN_SOURCES__FOLDER__PATH", shell.path("inbox"));
    command.env("TINGXIN_SOURCES__FOLDER__QUIET_SECONDS", "0");
    let mut running = Running::start(command);
    running.line("listening on ");

    let begun = Instant::now();
    while shell.names("inbox/done").is_empty() {
        assert!(begun.elapsed() < Duration::from_mins(1), "the file is not taken in");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }

    running.signal("TERM");
    assert!(running.wait().success());
    let store = Store::open(&format!("sqlite://{}", shell.path("tingxin.db").display())).await.unwrap();
    assert_eq!(ids(&store).await, ["A-1"]);
}
