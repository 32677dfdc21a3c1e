//! A reviewer works off a hundred flags by keys: how many keys, how many pages, how long the server takes.
//!
//! `scripts/hundred_flags.sh` prints the figures.

use serde_json::Value;

use crate::world::{Browser, Screen, World};

/// Flags to be judged.
const FLAGS: u64 = 100;

/// Where in the sorted list the 95th percentile stands.
fn p95(times: &mut [f64]) -> f64 {
    times.sort_by(f64::total_cmp);
    times[(times.len() * 95).div_ceil(100) - 1]
}

#[tokio::test]
async fn a_hundred_flags_take_at_most_three_keys_each_and_load_no_page() {
    // A demo of its own: what is worked off here, other stories would miss.
    let Some(world) = World::alone() else { return };
    let browser = Browser::log_in(world, Screen::Desk, "zhijian").await;
    browser.go("/review").await;
    // A page that was loaded anew would have lost the mark.
    browser.ask("window.stays = true; performance.setResourceTimingBufferSize(5000);").await;
    browser.click(".card-link").await;
    browser.see(".flag.chosen .judge button[value=confirmed]").await;

    let (mut keys, mut verdicts, mut flags) = (0_u32, 0_u32, 0_u64);
    while flags < FLAGS {
        let chosen = "const also = document.querySelector('.flag.chosen .judge [name=also]'); \
            return document.querySelector('.flag.chosen .judge button[value=confirmed]') ? \
                1 + (also ? JSON.parse(also.value).length : 0) : 0";
        let judged = browser.ask(chosen).await.as_u64().unwrap();
        assert!(judged > 0, "a flag is chosen as soon as the contact is there; {flags} were judged");
        let before =
            browser.ask("return document.querySelector('.judge [name=opened]').value + location").await;
        // Every third is a false alarm with its reason.
        if verdicts % 3 == 2 {
            browser.press("n").await;
            browser.press("1").await;
            keys += 2;
        } else {
            browser.press("y").await;
            keys += 1;
        }
        let Value::String(before) = before else { panic!("a place") };
        browser
            .until(&format!(
                "!document.querySelector('.judge.sending') && \
                 document.querySelector('.judge [name=opened]')?.value + location !== '{before}'"
            ))
            .await;
        verdicts += 1;
        flags += judged;
    }

    let times = browser
        .ask(
            "return performance.getEntriesByType('resource').filter((e) => e.name.includes('/verdict')) \
             .map((e) => e.responseStart - e.startTime)",
        )
        .await;
    let mut times: Vec<f64> = serde_json::from_value(times).unwrap();
    let each = f64::from(keys) / f64::from(verdicts);
    println!(
        "{flags} flags in {verdicts} verdicts: {keys} keys, {each:.2} a verdict; full page loads: 0; \
         server time of a verdict with the next contact: p95 {:.0} ms of {}",
        p95(&mut times),
        times.len()
    );
    assert_eq!(times.len(), usize::try_from(verdicts).unwrap(), "one request a verdict");
    assert_eq!(browser.ask("return window.stays === true").await, true, "no page was loaded");
    assert!(each <= 3.0);
    browser.close().await;
}
