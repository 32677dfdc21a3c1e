//! What is erased, masked or over is no longer found by its words, and the index keeps no trace of them.

use tingxin::desk::Subject;
use tingxin::domain::{Role, Rule, StaffId};
use tingxin::store::{ContactFilter, ContactSearch, Horizons, NewView, SearchWords, Store, User};

use crate::privacy::{DAY, MARKER, customer, erase, found_in_files, known};
use crate::support::store::{NOW, TestDb, on_each_backend, on_sqlite};

on_each_backend! {
    an_erased_customer_is_not_found_by_words,
    an_erased_work_number_is_neither_found_nor_kept_in_a_saved_search,
    words_whose_time_is_over_are_not_found_and_their_contact_still_is,
}

async fn count(store: &Store, search: &ContactSearch) -> u64 {
    store.search_total(search).await.unwrap().counted
}

async fn found_by(store: &Store, words: &str) -> u64 {
    count(store, &ContactSearch { words: SearchWords::parse(words), ..ContactSearch::default() }).await
}

async fn an_erased_customer_is_not_found_by_words(db: TestDb) {
    known(&db.store, "H-1", "19900001234", MARKER).await;
    known(&db.store, "H-2", "19900005678", "话费不对").await;
    assert_eq!(found_by(&db.store, "端午节那天").await, 1);

    erase(&db.store, Subject::Customer(customer("19900001234"))).await.unwrap();

    assert_eq!(found_by(&db.store, "端午节那天").await, 0);
    assert_eq!(found_by(&db.store, "话费不对").await, 1);
}

async fn an_erased_work_number_is_neither_found_nor_kept_in_a_saved_search(db: TestDb) {
    let (store, number) = (&db.store, StaffId::new("A1001").unwrap());
    known(store, "H-1", "19900001234", "工号A1001的态度不好").await;
    let person =
        User { name: "li.na".to_owned(), role: Role::Reviewer, team: None, disabled: false, created_at: NOW };
    store.create_user(&person, "hash").await.unwrap();
    for (name, query) in [("他的", "?staff=A1001"), ("退费", "?q=x")] {
        store.save_view(NewView { account: "li.na", name, query, most: 9 }, NOW).await.unwrap();
    }
    assert_eq!(found_by(store, "工号A1001").await, 1);

    erase(store, Subject::Staff(number.clone())).await.unwrap();

    assert_eq!(found_by(store, "A1001").await, 0, "the index has forgotten the number");
    assert_eq!(found_by(store, "态度不好").await, 1, "and nothing else");
    let of_staff = ContactFilter { staff: Some(number), ..ContactFilter::default() };
    let words = SearchWords::parse("态度");
    assert_eq!(
        count(store, &ContactSearch { words, contact: of_staff, ..ContactSearch::default() }).await,
        0
    );
    let kept: Vec<_> = store.views("li.na").await.unwrap().into_iter().map(|view| view.name).collect();
    assert_eq!(kept, ["退费"]);
}

async fn words_whose_time_is_over_are_not_found_and_their_contact_still_is(db: TestDb) {
    known(&db.store, "H-1", "19900001234", MARKER).await;
    let later = NOW.plus_millis(30 * DAY);

    db.store.expire(&Horizons { text: Some(later), ..Horizons::default() }, later).await.unwrap();

    assert_eq!(found_by(&db.store, "端午节").await, 0);
    assert_eq!(found_by(&db.store, "原文已删除").await, 0, "what stands in their place is nobody's words");
    let by_rule = ContactSearch { rule: Some(Rule::RegulatorRisk), ..ContactSearch::default() };
    assert_eq!(count(&db.store, &by_rule).await, 1, "what is known of it still finds it");
}

/// Two characters that stand together in [`MARKER`] and nowhere else.
const PAIR: &str = "午节";

/// Blocks of the index in which a word stands that begins like no other in its first character: the index leaves out what a word
/// shares with the one before it, here at most two bytes.
async fn blocks_holding(url: &str, word: &str) -> i64 {
    let mut connection = <sqlx::SqliteConnection as sqlx::Connection>::connect(url).await.unwrap();
    let count = "SELECT COUNT(*) FROM contact_words_data WHERE instr(block, $1) > 0";
    let count =
        sqlx::query_scalar(count).bind(&word.as_bytes()[2..]).fetch_one(&mut connection).await.unwrap();
    sqlx::Connection::close(connection).await.unwrap();
    count
}

/// Whether any file of a folder holds the end of a word as the index writes it.
fn stands_in_files(folder: &std::path::Path, word: &str) -> bool {
    std::fs::read_dir(folder).unwrap().any(|entry| {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        bytes.windows(word.len() - 2).any(|window| window == &word.as_bytes()[2..])
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn no_pair_of_characters_of_an_erased_sentence_is_in_the_files() {
    on_sqlite(|db| async move {
        let (store, folder) = (&db.store, db.folder.path());
        for number in 0..40 {
            let (text, of) = if number == 17 {
                (MARKER.to_owned(), "19900001234")
            } else {
                ("话费又扣错了，请尽快处理。".repeat(20), "19900005678")
            };
            known(store, &format!("H-{number}"), of, &text).await;
        }
        assert!(blocks_holding(&db.url, PAIR).await > 0, "the scan must be able to find it");

        erase(store, Subject::Customer(customer("19900001234"))).await.unwrap();
        assert!(blocks_holding(&db.url, PAIR).await > 0, "deleting alone only marks it as gone");
        store.scrub().await.unwrap();
        store.backup(&folder.join("after.backup")).await.unwrap();

        assert_eq!(blocks_holding(&db.url, PAIR).await, 0);
        assert!(!stands_in_files(folder, PAIR) && !found_in_files(folder, PAIR));
        assert_eq!(found_by(store, "话费又扣错").await, 39, "the index still works");
    })
    .await;
}
