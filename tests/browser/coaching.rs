//! Coaching from finding somebody to the acknowledgement, each role in a browser of its own.

use super::world::{Browser, Screen, World};

#[tokio::test]
async fn a_trainer_finds_somebody_agrees_in_two_clicks_and_the_person_acknowledges() {
    let Some(world) = World::get() else { return };
    let trainer = Browser::log_in(world.clone(), Screen::Desk, "peixun").await;
    trainer.go("/coaching").await;
    trainer.write("#p-staff", "a1001").await;
    trainer.enter_key().await;
    trainer.until("location.pathname === '/coaching/A1001'").await;

    trainer.click(".head a.button").await;
    trainer.see("#g-note").await;
    assert_eq!(trainer.barriers().await, Vec::<String>::new());
    trainer.write("#g-private", "先听她怎么说").await;
    trainer.click("main form.grid button.primary").await;
    trainer.until("document.querySelector('.notice.good')?.textContent.includes('辅导已约定')").await;
    assert!(trainer.see("main").await.contains("先听她怎么说"));
    assert_eq!(trainer.barriers().await, Vec::<String>::new());

    let person = Browser::log_in(world, Screen::Phone, "yuangong").await;
    person.go("/me").await;
    person.click("a[href^='/me/coaching/']").await;
    person.see("#k-note").await;
    assert!(!person.see("main").await.contains("先听她怎么说"), "a private note is private");
    assert!(!person.scrolls_sideways().await);
    person.write("#k-note", "好的，我试试").await;
    person.click("main form.grid button.primary").await;
    person.until("document.querySelector('.notice.good')?.textContent.includes('已签阅')").await;
    assert_eq!(person.barriers().await, Vec::<String>::new());

    trainer.go("/coaching").await;
    assert!(trainer.see("main").await.contains("已签阅"));
    for page in ["/care", "/learning", "/trainings"] {
        trainer.go(page).await;
        trainer.see("main h1").await;
        assert_eq!(trainer.barriers().await, Vec::<String>::new(), "{page}");
    }
    assert_eq!(trainer.complaints().await, Vec::<String>::new());
    trainer.close().await;
    person.close().await;
}
