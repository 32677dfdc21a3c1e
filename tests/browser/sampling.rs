//! Reading the random sample.

use super::world::{Browser, Screen, World};

/// How many contacts the page says are waiting.
async fn due(browser: &Browser) -> usize {
    browser.go("/samples").await;
    let said = browser.see("main > p").await;
    said.chars().filter(char::is_ascii_digit).collect::<String>().parse().expect("a number")
}

/// A rule that is chosen notes the turn in sight. Nothing is saved.
async fn choose_a_rule(browser: &Browser) {
    browser.go("/samples/next").await;
    browser.see(".ask form[action$='/reading']").await;
    browser.until("document.readyState === 'complete'").await;

    browser.press("j").await;
    browser.press("j").await;
    browser
        .until("document.activeElement.id === 'turn-2' || document.querySelectorAll('.turn').length < 2")
        .await;
    browser.press("1").await;

    let chosen = "document.querySelector('[data-key=\"1\"]').checked";
    let noted = "document.querySelector('.rules input[type=number]').value";
    browser.until(&format!("{chosen} && {noted} === document.activeElement.dataset.number")).await;
}

#[tokio::test]
async fn a_reviewer_works_off_five_contacts_of_the_sample_by_keys() {
    let Some(world) = World::get() else { return };
    let browser = Browser::log_in(world, Screen::Desk, "zhijian").await;
    // One story: what a reader has begun comes first, and two stories would begin for each other.
    choose_a_rule(&browser).await;
    let before = due(&browser).await;
    browser.until("document.readyState === 'complete'").await;

    browser.press("b").await;
    browser.until("location.pathname.startsWith('/samples/')").await;
    for _ in 0..5 {
        browser.until("document.readyState === 'complete'").await;
        browser.see(".ask form[action$='/reading']").await;
        assert_eq!(
            browser.count(".sample .chip, .sample mark.word").await,
            0,
            "nothing that the machine found"
        );
        let here = browser.path().await;

        browser.press("n").await;

        // A flag that was not named is shown after it and asked for.
        let mut asked = String::new();
        loop {
            let now = format!("document.querySelector('#ask')?.textContent !== '{asked}'");
            let flag = "document.querySelector(\".ask form[action$='/flag']\")";
            browser.until(&format!("location.pathname !== '{here}' || ({flag} && {now})")).await;
            if browser.path().await != here {
                break;
            }
            asked = browser.see("#ask").await;
            browser.until("document.readyState === 'complete'").await;
            browser.press("n").await;
        }
    }

    assert_eq!(due(&browser).await, before - 5);
    browser.close().await;
}
