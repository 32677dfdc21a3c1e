//! One appeal from the flag to the changed figure, each role in a browser of its own.

use super::world::{Browser, Screen, World};

const SECOND: &str = "fushen";
const SENTENCE: &str = "a sentence to remember";

/// Confirms the first open flag of a contact of A1001; where the contact is.
async fn confirm(reviewer: &Browser) -> String {
    // One rule alone: elsewhere a verdict is about the whole matter.
    reviewer.go("/review?rule=escalation").await;
    reviewer.see(".card-link").await;
    reviewer
        .ask("[...document.querySelectorAll('.card-link')].find((c) => c.textContent.includes('A1001')).click()")
        .await;
    reviewer.see(".contact form.judge").await;
    let path = reviewer.path().await;
    reviewer.click("form.judge button[value=confirmed]").await;
    reviewer.until("document.body.textContent.includes('已确认')").await;
    path.replace("/review/", "")
}

/// An administrator adds a second reviewer, who logs in.
async fn second_reviewer(administrator: &Browser) -> Browser {
    administrator.go("/admin/users").await;
    administrator.write("#u-name", SECOND).await;
    administrator.write("#u-password", SENTENCE).await;
    administrator.click("main form.grid button").await;
    administrator.see(".notice.good").await;
    let second = Browser::open(administrator.world.clone(), Screen::Desk, true).await;
    second.go("/login").await;
    second.come_in_with(SECOND, SENTENCE).await;
    second
}

#[tokio::test]
async fn a_member_of_staff_appeals_the_lead_forwards_and_another_reviewer_overturns() {
    let Some(world) = World::get() else { return };
    let reviewer = Browser::log_in(world.clone(), Screen::Desk, "zhijian").await;
    let contact = confirm(&reviewer).await;

    let person = Browser::log_in(world.clone(), Screen::Phone, "yuangong").await;
    person.go(&format!("/me/contacts/{contact}")).await;
    person.write("input[id^='k-']", "知道了").await;
    person.click("input[value=acknowledge] ~ div button").await;
    person.until("document.querySelector('.notice.good')?.textContent.includes('已签阅')").await;
    person.write("input[id^='p-']", "当时是在安抚客户").await;
    person.click("input[value=appeal] ~ div button").await;
    person.until("document.querySelector('.notice.good')?.textContent.includes('申诉已提出')").await;
    assert!(!person.scrolls_sideways().await);
    assert_eq!(person.barriers().await, Vec::<String>::new());

    let lead = Browser::log_in(world.clone(), Screen::Desk, "zhuguan").await;
    lead.go("/appeals?state=filed").await;
    assert!(lead.see("main").await.contains("当时是在安抚客户"));
    assert_eq!(lead.barriers().await, Vec::<String>::new());
    lead.click("button[value=forward]").await;
    lead.until("document.querySelector('.notice.good')").await;

    reviewer.go("/appeals?state=forwarded").await;
    reviewer.see("article.line").await;
    assert_eq!(reviewer.count("button[value=overturn]").await, 0, "nobody decides about an own verdict");

    let administrator = Browser::log_in(world, Screen::Desk, "guanli").await;
    let second = second_reviewer(&administrator).await;
    second.go("/appeals?state=forwarded").await;
    second.write("input[id^='d-']", "重听了录音").await;
    second.click("button[value=overturn]").await;
    second.until("document.querySelector('.notice.good')").await;

    person.go(&format!("/me/contacts/{contact}")).await;
    assert!(person.see("main").await.contains("改判误报"));
    person.go("/me").await;
    assert_eq!(person.count("#items ~ ul a").await, 0, "the flag is gone from the own results");
    for browser in [reviewer, person, lead, administrator, second] {
        browser.close().await;
    }
}
