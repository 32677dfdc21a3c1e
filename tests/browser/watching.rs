//! A supervisor watches the day.

use std::path::PathBuf;

use serde_json::json;
use tingxin::domain::UtcMillis;

use super::world::{Browser, Screen, World};

const HOUR: i64 = 3_600_000;

/// Sends contacts of the last seven days, six an hour.
async fn send(world: &World) {
    tingxin::deliver::name_tls_provider();
    let client = reqwest::Client::new();
    let now = UtcMillis::now();
    for n in 0..84_i64 {
        let (day, slot) = (n % 7, n / 7);
        let at = now.plus_millis(-24 * HOUR * day - HOUR * (slot / 6) - 60_000 * slot);
        let plea = if n % 3 == 0 {
            "太气人了，你们到底管不管！"
        } else {
            "麻烦您帮我看看吧。"
        };
        let contact = json!({
            "source": "wall", "contact_id": format!("W-{n}"), "channel": if n % 2 == 0 { "hotline" } else { "chat" },
            "started_at": at.to_rfc3339(), "staff": {"id": "A9001", "team": "qingdao-01"},
            "utterances": [
                {"speaker": "agent", "text": "您好，请讲。"},
                {"speaker": "customer", "text": "我家宽带昨天晚上又断了。"},
                {"speaker": "agent", "text": "好的，我帮您查一下线路。"},
                {"speaker": "customer", "text": plea},
                {"speaker": "agent", "text": "我这边看到端口有告警。"},
                {"speaker": "customer", "text": "那什么时候可以修好呢？"},
            ],
        });
        let sent = client.post(format!("{}/api/v1/contacts", world.url)).bearer_auth(&world.key);
        let answer = sent.json(&contact).send().await.expect("the service answers");
        assert!(answer.status().is_success(), "{}", answer.status());
    }
}

/// Keeps a picture of the whole page where `TINGXIN_PICTURES` names a folder, for whoever wants to look.
async fn keep(browser: &Browser, name: &str) {
    let folder = std::env::var_os("TINGXIN_PICTURES").map(PathBuf::from);
    if let Some(folder) = folder {
        let picture = browser.client.screenshot().await.expect("a picture");
        std::fs::write(folder.join(name), picture).expect("the folder can be written");
    }
}

#[tokio::test]
async fn a_supervisor_lands_on_today_which_follows_what_comes_in_and_fits_a_phone_and_a_wall() {
    let Some(world) = World::get() else { return };
    let phone = Browser::log_in(world.clone(), Screen::Phone, "zhuguan").await;
    phone.go("/").await;
    assert_eq!(phone.path().await, "/today");
    phone.see("#today .tiles").await;
    send(&world).await;

    // Nobody loads the page anew: it hears of what came in.
    phone.until("document.querySelector('table.moods td[class*=mood-]')").await;
    assert!(!phone.scrolls_sideways().await);
    assert_eq!(phone.barriers().await, Vec::<String>::new());
    keep(&phone, "today-phone.png").await;
    let wall = Browser::log_in(world, Screen::Desk, "zhuguan").await;
    wall.client.set_window_size(1920, 1080).await.expect("a large window");
    wall.go("/today").await;
    assert!(wall.see("table.spans").await.contains("qingdao-01"));
    assert!(!wall.see("main").await.contains("A9001"), "nothing here is about a person");
    assert!(!wall.scrolls_sideways().await);
    assert_eq!(wall.barriers().await, Vec::<String>::new());
    keep(&wall, "today-wall.png").await;
    assert_eq!(wall.complaints().await, Vec::<String>::new());
    assert_eq!(wall.outside_requests().await, Vec::<String>::new());
    for browser in [phone, wall] {
        browser.close().await;
    }
}
