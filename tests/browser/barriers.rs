//! What must hold on every page: no barrier, no request to elsewhere, no complaint of the browser.

use super::world::{Browser, Screen, World};

/// Every page, by the account that may open it. `{contact}` stands for the first of a filtered
/// queue.
const PAGES: &[(&str, &[&str])] = &[
    (
        "zhijian",
        &[
            "/review",
            "/review?rule=abuse&status=rejected",
            "/contacts",
            "/contacts?q=退费&channel=hotline",
            "/contacts?q=zzz",
            "/help",
            "/samples",
            "/samples/next",
            "/rules",
            "/signals",
            "/nowhere",
            "/audit",
        ],
    ),
    (
        "peixun",
        &[
            "/coaching",
            "/coaching?indicator=satisfaction_not_asked",
            "/coaching/A1001/agree",
            "/trainings",
            "/care",
            "/learning",
            "/teams",
        ],
    ),
    (
        "zhuguan",
        &[
            "/today",
            "/cases",
            "/cases?tab=win_back",
            "/cases/report",
            "/coaching",
            "/teams",
            "/signals",
            "/samples",
            "/rules",
        ],
    ),
    ("yuangong", &["/me", "/numbers"]),
    ("guanli", &["/", "/admin/users", "/admin/keys"]),
    ("shenji", &["/", "/audit"]),
];

/// Queues whose first contact is opened: one of each kind of page.
const CONTACTS: &[&str] = &[
    "/review?rule=regulator_risk&channel=hotline",
    "/review?rule=abuse",
    "/review?rule=agent_lapse",
    "/review?rule=reported_distress",
];

async fn check(browser: &Browser, what: &str) {
    assert_eq!(browser.barriers().await, Vec::<String>::new(), "barriers on {what}");
    assert_eq!(browser.outside_requests().await, Vec::<String>::new(), "requests of {what}");
    assert!(!browser.scrolls_sideways().await, "{what} scrolls sideways");
    // The browser notes every answer of 403 and 404; here they are what was asked for.
    let complaints = browser.complaints().await;
    let real: Vec<_> = complaints.iter().filter(|line| !line.contains("Failed to load resource")).collect();
    assert!(real.is_empty(), "{what}: {real:?}");
}

async fn check_every_page(screen: Screen) {
    let Some(world) = World::get() else { return };
    let browser = Browser::open(world, screen, true).await;
    for path in ["/login", "/setup/abc", "/login?lang=en"] {
        browser.go(path).await;
        check(&browser, path).await;
    }
    for (account, paths) in PAGES {
        browser.enter(account).await;
        for path in *paths {
            for lang in ["zh", "en"] {
                let joint = if path.contains('?') { '&' } else { '?' };
                browser.go(&format!("{path}{joint}lang={lang}")).await;
                check(&browser, &format!("{path} for {account} in {lang}")).await;
            }
        }
        browser.go("/help?lang=zh").await;
        browser.click(".who form button").await;
        browser.see("#password").await;
    }
    browser.close().await;
}

async fn check_contacts(screen: Screen) {
    let Some(world) = World::get() else { return };
    let browser = Browser::log_in(world, screen, "zhijian").await;
    let dark = browser.ask("return matchMedia('(prefers-color-scheme: dark)').matches").await;
    assert_eq!(dark, screen == Screen::Night);
    for queue in CONTACTS {
        browser.go(queue).await;
        browser.click(".card-link").await;
        browser.see(".contact").await;
        check(&browser, &format!("a contact of {queue}")).await;
        browser.ask("document.querySelectorAll('details').forEach((d) => { d.open = true })").await;
        check(&browser, &format!("an unfolded contact of {queue}")).await;
    }
    browser.press("?").await;
    browser.until("document.querySelector('#keys').open").await;
    check(&browser, "the list of keys").await;
    browser.close().await;
}

#[tokio::test]
async fn no_page_has_a_barrier_on_a_desk() {
    check_every_page(Screen::Desk).await;
}

#[tokio::test]
async fn no_page_has_a_barrier_on_a_phone() {
    check_every_page(Screen::Phone).await;
}

#[tokio::test]
async fn no_contact_has_a_barrier_on_a_desk() {
    check_contacts(Screen::Desk).await;
}

#[tokio::test]
async fn no_contact_has_a_barrier_on_a_phone() {
    check_contacts(Screen::Phone).await;
}

#[tokio::test]
async fn no_contact_has_a_barrier_in_the_dark() {
    check_contacts(Screen::Night).await;
}

#[tokio::test]
async fn targets_are_large_enough_for_a_finger() {
    let Some(world) = World::get() else { return };
    let browser = Browser::log_in(world, Screen::Phone, "zhijian").await;
    browser.click(".card-link").await;
    browser.see(".contact").await;

    // Links inside a sentence are exempt (WCAG 2.5.8); these are all the others.
    let small = browser
        .ask(
            "return [...document.querySelectorAll('button, select, .button, nav a, .pin, .flag-turns a, .turn-flags a, .switch, summary')]\
               .filter((e) => e.checkVisibility()).map((e) => [e.outerHTML.slice(0, 80), e.getBoundingClientRect()])\
               .filter(([, r]) => r.width && (r.width < 24 || r.height < 24)).map(([html, r]) => `${html} ${r.width}×${r.height}`)",
        )
        .await;

    assert_eq!(small, serde_json::json!([]));
    browser.close().await;
}
