//! Somebody looks for contacts.

use super::world::{Browser, Screen, World};

/// Has `TINGXIN_PICTURES` keep what the page looks like.
async fn picture(browser: &Browser, name: &str) {
    if let Some(folder) = std::env::var_os("TINGXIN_PICTURES") {
        let png = browser.client.screenshot().await.expect("a picture");
        std::fs::write(std::path::Path::new(&folder).join(format!("{name}.png")), png).expect("written");
    }
}

#[tokio::test]
async fn a_reviewer_searches_narrows_by_team_opens_one_and_returns_to_the_results() {
    let Some(world) = World::get() else { return };
    let browser = Browser::log_in(world, Screen::Desk, "zhijian").await;
    browser.click(".top nav a[href='/contacts']").await;
    browser.see("#q").await;
    picture(&browser, "contacts-all").await;

    browser.write("#q", "退费").await;
    browser.enter_key().await;
    browser.until("new URLSearchParams(location.search).get('q') === '退费'").await;
    let all = browser.count(".results tbody tr").await;
    let marked = browser
        .ask("return [...document.querySelectorAll('.results tbody tr')].filter((r) => r.querySelector('mark.found')?.textContent.includes('退费')).length")
        .await;
    assert!(all > 0, "the samples speak of it");
    assert_eq!(marked, all, "every row shows where it stands");
    picture(&browser, "contacts-found").await;

    let team = "(() => { const words = document.querySelector('.results tbody tr .wraps').innerText; \
         return [...document.querySelectorAll('select[name=team] option')].find((o) => o.value && words.includes(o.value)) })()";
    browser.ask(&format!("{team}.selected = true")).await;
    browser.click(".seek .primary").await;
    browser.until("new URLSearchParams(location.search).get('team')").await;
    let narrowed = browser.count(".results tbody tr").await;
    assert!(narrowed > 0 && narrowed <= all);
    // The form sends its empty fields, too; a link leaves them out.
    let asked = "return [...new URLSearchParams(location.search)].filter(([, value]) => value).join('&')";
    let address = browser.ask(asked).await;

    browser.click("a.result").await;
    browser.see(".contact").await;
    browser
        .until("document.querySelector('.turn:target, .sentence:target')?.textContent.includes('退费')")
        .await;
    picture(&browser, "contacts-opened").await;
    browser.click("#results").await;
    browser.see(".results").await;

    assert_eq!(browser.ask(asked).await, address, "the filter is still there");
    assert_eq!(browser.count(".results tbody tr").await, narrowed);
    browser.close().await;
}

#[tokio::test]
async fn a_search_works_without_a_script_and_is_kept_under_a_name() {
    let Some(world) = World::get() else { return };
    let browser = Browser::open(world, Screen::Desk, false).await;
    browser.enter("zhijian").await;
    browser.go("/contacts").await;

    browser.write("#q", "宽带").await;
    browser.click(".seek .primary").await;
    browser.see("mark.found").await;
    browser.write("#view", "宽带的").await;
    browser.click(".find button").await;
    browser.see(".notice.good").await;
    browser.go("/contacts").await;
    browser.click(".kept .button").await;
    browser.see("mark.found").await;

    browser.click(".kept .quiet").await;
    browser.click("#sure .danger").await;
    browser.see(".notice.good").await;
    assert_eq!(browser.count(".kept").await, 0);
    browser.close().await;
}

#[tokio::test]
async fn the_results_fit_a_phone() {
    let Some(world) = World::get() else { return };
    let browser = Browser::log_in(world, Screen::Phone, "zhijian").await;

    browser.go("/contacts?q=%E9%80%80%E8%B4%B9").await;

    browser.see("mark.found").await;
    assert!(!browser.scrolls_sideways().await);
    browser.ask("document.querySelector('#found').scrollIntoView({behavior: 'instant'})").await;
    picture(&browser, "contacts-phone").await;
    browser.close().await;
}
