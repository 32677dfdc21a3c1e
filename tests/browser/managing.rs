//! The work of administrators and auditors.

use super::world::{Browser, Screen, World};

#[tokio::test]
async fn an_administrator_creates_and_disables_an_account() {
    let Some(world) = World::get() else { return };
    let browser = Browser::log_in(world, Screen::Desk, "guanli").await;
    browser.go("/admin/users").await;
    browser.write("#u-name", "xiaowang").await;
    browser.write("#u-password", "a sentence to remember").await;

    browser.click("main form.grid button").await;
    assert!(browser.see(".notice.good").await.contains("xiaowang"));
    browser.ask("[...document.querySelectorAll('tr')].find((r) => r.textContent.includes('xiaowang')).querySelector('button').click()").await;
    assert!(browser.see("main").await.contains("停用账号 xiaowang"));
    browser.click("#sure button").await;

    browser.until("document.querySelector('.notice.good')?.textContent.includes('已停用')").await;
    browser.close().await;
}

#[tokio::test]
async fn the_secret_of_a_key_is_shown_once() {
    let Some(world) = World::get() else { return };
    let browser = Browser::log_in(world, Screen::Desk, "guanli").await;
    browser.go("/admin/keys").await;
    browser.write("#k-name", "crm").await;

    browser.click("main form.grid button").await;

    assert!(browser.see(".secret").await.starts_with("tx_"));
    browser.go("/admin/keys").await;
    assert_eq!(browser.count(".secret").await, 0);
    browser.close().await;
}

#[tokio::test]
async fn a_weak_password_is_refused_with_words_and_nothing_is_created() {
    let Some(world) = World::get() else { return };
    let browser = Browser::log_in(world, Screen::Desk, "guanli").await;
    browser.go("/admin/users").await;
    browser.write("#u-name", "xiaoli").await;
    browser.write("#u-password", "password123").await;

    browser.click("main form.grid button").await;

    assert!(browser.see(".notice.bad").await.contains("密码"));
    assert!(!browser.see("tbody").await.contains("xiaoli"));
    browser.close().await;
}

#[tokio::test]
async fn an_auditor_sees_who_read_which_contact() {
    let Some(world) = World::get() else { return };
    let reviewer = Browser::log_in(world, Screen::Desk, "zhijian").await;
    reviewer.click(".card-link").await;
    reviewer.see(".contact").await;
    let read = reviewer.path().await.replace("/review/", "");
    let auditor = Browser::log_in(reviewer.world.clone(), Screen::Desk, "shenji").await;

    auditor.go("/audit").await;

    let log = auditor.see("tbody").await;
    assert!(log.contains("查看服务记录") && log.contains(&read), "{log}");
    reviewer.close().await;
    auditor.close().await;
}
