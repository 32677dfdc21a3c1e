//! Logging in and out, and what each role finds behind the door.

use super::world::{Browser, Screen, World};

#[tokio::test]
async fn whoever_is_not_logged_in_is_led_to_the_door() {
    let Some(world) = World::get() else { return };
    let browser = Browser::open(world, Screen::Desk, true).await;

    browser.go("/review").await;

    assert_eq!(browser.path().await, "/login");
    browser.come_in("zhijian").await;
    assert_eq!(browser.path().await, "/review", "and then back to what was asked for");
    browser.close().await;
}

#[tokio::test]
async fn a_wrong_password_is_told_in_words_and_keeps_the_name() {
    let Some(world) = World::get() else { return };
    let browser = Browser::open(world, Screen::Desk, true).await;
    browser.go("/login").await;
    browser.write("#name", "nobody-here").await;
    browser.write("#password", "not the password").await;

    browser.click("main button.primary").await;

    assert!(browser.see(".notice.bad").await.contains("账号或密码不对"));
    assert_eq!(browser.ask("return document.querySelector('#name').value").await, "nobody-here");
    browser.close().await;
}

#[tokio::test]
async fn each_role_finds_its_own_pages_and_no_others() {
    let Some(world) = World::get() else { return };
    let roles = [
        ("zhijian", "/review", "待复核"),
        ("peixun", "/coaching", "辅导"),
        ("zhuguan", "/today", "今日"),
        ("yuangong", "/me", "我的结果"),
        ("guanli", "/", "guanli"),
        ("shenji", "/audit", "审计"),
    ];
    let browser = Browser::open(world, Screen::Desk, true).await;
    for (account, path, heading) in roles {
        browser.enter(account).await;

        assert_eq!(browser.path().await, path, "{account}");
        assert!(browser.see("h1").await.contains(heading), "{account}");
        if account == "yuangong" {
            // Linked to a work number: the page has the contacts of that number.
            assert!(browser.see("main").await.contains("条服务记录"));
        }
        if !["/review", "/today", "/coaching"].contains(&path) {
            browser.go("/review").await;
            assert!(browser.see("h1").await.contains("无权查看"), "{account}");
            browser.go("/").await;
        }
        browser.click(".who form button").await;
        browser.see("#password").await;
    }
    browser.close().await;
}

#[tokio::test]
async fn english_is_one_click_away_and_is_remembered() {
    let Some(world) = World::get() else { return };
    let browser = Browser::log_in(world, Screen::Desk, "zhijian").await;

    browser.click(".switch").await;

    browser.until("document.documentElement.lang === 'en'").await;
    browser.go("/help").await;
    assert_eq!(browser.see("h1").await, "Help");
    browser.close().await;
}
