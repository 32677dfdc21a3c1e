//! A reviewer's work.

use super::world::{Browser, Screen, World};

#[tokio::test]
async fn a_reviewer_filters_opens_a_contact_and_sees_curve_and_words() {
    let Some(world) = World::get() else { return };
    let browser = Browser::log_in(world, Screen::Desk, "zhijian").await;
    // Notes have no curve; the hotline sends conversations only.
    browser.go("/review?channel=hotline").await;
    browser.see(".card-link").await;

    browser
        .ask("const s = document.querySelector('[name=rule]'); s.value = 'regulator_risk'; s.dispatchEvent(new Event('change', {bubbles: true}))")
        .await;
    browser.until("new URLSearchParams(location.search).get('rule') === 'regulator_risk'").await;
    let shown = browser.count(".card-link").await;
    let fitting = browser
        .ask("return [...document.querySelectorAll('.card-link')].filter((c) => c.textContent.includes('外部投诉风险')).length")
        .await;
    assert!(shown > 0, "the samples hold contacts that threaten with a regulator");
    assert_eq!(fitting, shown);

    browser.click(".card-link").await;

    browser.see(".drawing.wide svg.curve .line.customer").await;
    browser.see("mark.word").await;
    assert!(browser.see("#flag-regulator_risk").await.contains("置信度"));
    assert!(browser.path().await.starts_with("/review/"));
    browser.close().await;
}

#[tokio::test]
async fn the_keyboard_alone_works_through_the_queue() {
    let Some(world) = World::get() else { return };
    let browser = Browser::log_in(world, Screen::Desk, "zhijian").await;
    browser.see(".card-link").await;

    browser.press("j").await;
    browser.until("document.activeElement === document.querySelectorAll('.card-link')[0]").await;
    browser.press("j").await;
    browser.press("k").await;
    browser.enter_key().await;
    browser.until("document.querySelector('.contact') && document.activeElement.id === 'detail-title'").await;
    browser.until("document.querySelectorAll('.card-link')[0].hasAttribute('aria-current')").await;

    browser.press("j").await;
    browser.until("document.querySelectorAll('.card-link')[1].hasAttribute('aria-current')").await;
    browser.press("k").await;
    browser.until("document.querySelectorAll('.card-link')[0].hasAttribute('aria-current')").await;

    browser.press("?").await;
    browser.until("document.querySelector('#keys').open").await;
    browser.escape().await;
    browser.until("!document.querySelector('#keys').open").await;

    browser.escape().await;
    browser.until("location.pathname === '/review' && !document.querySelector('.contact')").await;
    browser.close().await;
}

#[tokio::test]
async fn back_and_forward_lead_through_the_contacts_that_were_open() {
    let Some(world) = World::get() else { return };
    let browser = Browser::log_in(world, Screen::Desk, "zhijian").await;
    browser.click(".card-link").await;
    browser.see(".contact").await;
    let first = browser.path().await;
    browser.click("#next").await;
    browser.until(&format!("location.pathname !== '{first}'")).await;

    browser.client.back().await.expect("back");

    browser
        .until(&format!(
            "document.querySelector('.contact')?.dataset.id === '{}'",
            first.replace("/review/", "")
        ))
        .await;
    browser.close().await;
}

#[tokio::test]
async fn a_marker_on_the_curve_leads_to_its_words() {
    let Some(world) = World::get() else { return };
    let browser = Browser::log_in(world, Screen::Desk, "zhijian").await;
    browser.go("/review?rule=regulator_risk&channel=hotline").await;
    browser.click(".card-link").await;
    browser.see(".drawing.strip a.pin").await;

    browser.click(".drawing.strip a.pin").await;

    browser.until("document.querySelector('.turn:target')?.classList.contains('flagged')").await;
    browser.close().await;
}

#[tokio::test]
async fn everything_works_without_a_script() {
    let Some(world) = World::get() else { return };
    let browser = Browser::open(world, Screen::Desk, false).await;
    browser.enter("zhijian").await;

    browser.click(".filter-row select option[value=hotline]").await;
    browser.click(".apply").await;
    browser.see(".clear").await;
    browser.click(".card-link").await;

    browser.see("svg.curve").await;
    assert!(browser.see(".facts").await.contains("热线"));
    browser.close().await;
}

#[tokio::test]
async fn a_note_shows_what_staff_report_and_no_curve() {
    let Some(world) = World::get() else { return };
    let browser = Browser::log_in(world, Screen::Desk, "zhijian").await;
    browser.go("/review?rule=reported_distress").await;

    browser.click(".card-link").await;

    browser.see(".sentence .reported").await;
    assert_eq!(browser.count("svg.curve").await, 0);
    browser.close().await;
}

#[tokio::test]
async fn an_address_that_leads_nowhere_says_so_in_words() {
    let Some(world) = World::get() else { return };
    let browser = Browser::log_in(world, Screen::Desk, "zhijian").await;

    browser.go("/review/00000000-0000-7000-8000-000000000000").await;

    assert_eq!(browser.see("h1").await, "没有找到");
    browser.close().await;
}

#[tokio::test]
async fn a_reviewer_confirms_with_a_key_is_led_on_and_takes_back_what_was_said() {
    let Some(world) = World::get() else { return };
    let browser = Browser::log_in(world, Screen::Desk, "zhijian").await;
    browser.go("/review?rule=satisfaction_not_asked").await;
    browser.click(".card-link").await;
    browser.see(".judge").await;
    let first = browser.path().await;

    browser.press("y").await;
    // The rule is the work: its verdict leads to the next contact, whatever else this one has.
    browser.until(&format!("location.pathname !== '{first}' && document.querySelector('.contact')")).await;
    let id = first.replace("/review/", "");
    browser.until(&format!("!document.getElementById('card-{id}')")).await;

    browser.go(&first).await;
    assert!(browser.see(".history").await.contains("复核记录"));
    browser.click(".judge button[value=candidate]").await;
    browser.until("document.querySelectorAll('.judge button[value=candidate]').length === 0").await;
    browser.go("/review?rule=satisfaction_not_asked").await;
    browser.see(&format!("#card-{}", &id)).await;
    browser.close().await;
}

#[tokio::test]
async fn a_held_key_enter_in_a_note_and_an_ended_session_judge_nothing() {
    let Some(world) = World::get() else { return };
    let browser = Browser::log_in(world, Screen::Desk, "zhijian").await;
    browser.go("/review?rule=deadline_not_told").await;
    browser.click(".card-link").await;
    browser.see(".judge").await;
    let before = browser.path().await;
    let open = browser.count(".judge button[value=confirmed]").await;

    browser
        .ask("document.dispatchEvent(new KeyboardEvent('keydown', {key: 'y', repeat: true, bubbles: true}))")
        .await;
    browser.click(".judge summary").await;
    browser.write(".judge [name=note]", "先别确认").await;
    browser.enter_key().await;
    browser.press("y").await;
    browser.ask("document.activeElement.blur()").await;

    browser.client.delete_all_cookies().await.expect("the session is gone");
    browser.press("y").await;

    browser.until("!document.querySelector('#trouble').hidden").await;
    assert!(browser.see("#trouble").await.contains("结论没有保存"));
    assert_eq!(browser.path().await, before);
    let note = browser.ask("return document.querySelector('.judge [name=note]').value").await;
    assert_eq!(note, "先别确认y", "what was written stays");
    browser.enter("zhijian").await;
    // Narrowed as it was: elsewhere flags of one matter have a button together.
    browser.go(&format!("{before}?rule=deadline_not_told")).await;
    browser.see(".judge").await;
    assert_eq!(browser.count(".judge button[value=confirmed]").await, open);
    browser.close().await;
}

#[tokio::test]
async fn a_false_alarm_is_kept_with_its_reason_in_two_keys_and_taken_back_from_another_page() {
    let Some(world) = World::get() else { return };
    let browser = Browser::log_in(world, Screen::Desk, "zhijian").await;
    browser.go("/review?rule=negative_ending").await;
    let all = browser.see(".count").await;
    browser.click(".card-link").await;
    browser.see(".flag.chosen").await;
    let chosen = browser.ask("return document.querySelector('.flag.chosen').id").await;
    assert_eq!(chosen, "flag-negative_ending", "the rule that the list is narrowed to is the work");
    let first = browser.path().await;

    browser.press("n").await;
    browser.until("document.querySelector('.judge.asked details').open").await;
    browser.press("2").await;

    browser.until(&format!("location.pathname !== '{first}' && document.querySelector('.contact')")).await;
    let told = browser.see("#toast").await;
    assert!(told.contains("误报") && told.contains("负面收尾"), "{told}");
    assert!(browser.see(".pace").await.contains("中位用时"));
    browser.go(&first).await;
    assert!(browser.ask("return document.body.textContent").await.to_string().contains("误报 · 没看上下文"));

    browser.go("/help").await;
    browser.press("z").await;

    browser.until(&format!("location.pathname === '{first}'")).await;
    browser.see("#flag-negative_ending button[value=confirmed]").await;
    browser.go("/review?rule=negative_ending").await;
    assert_eq!(browser.see(".count").await, all);
    browser.close().await;
}

#[tokio::test]
async fn on_a_desk_the_words_and_the_verdict_are_on_the_screen_together() {
    let Some(world) = World::get() else { return };
    let browser = Browser::log_in(world, Screen::Desk, "zhijian").await;
    browser.go("/review?rule=regulator_risk&channel=hotline").await;
    browser.click(".card-link").await;
    browser.see(".flag.chosen").await;

    let both = "['.flag.chosen button[value=confirmed]', '.turn.flagged .bubble'].every((css) => { \
        const at = document.querySelector(css).getBoundingClientRect(); \
        return at.top >= 0 && at.bottom <= innerHeight; })";
    browser.until(both).await;
    browser.close().await;
}
