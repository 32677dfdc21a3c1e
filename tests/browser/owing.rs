//! Who owes a customer an answer: the owner of a case, and the supervisor.

use super::world::{Browser, Screen, World};

#[tokio::test]
async fn the_owner_takes_a_case_asks_a_department_and_closes_it() {
    let Some(world) = World::get() else { return };
    let owner = Browser::log_in(world, Screen::Phone, "zhijian").await;
    owner.go("/review").await;
    owner.click("#queue a[href^='/review/']").await;
    owner.see(".contact .owe summary").await;
    owner.click(".owe summary").await;
    owner.write("#case-note", "宽带又断了，请今天回电").await;
    owner.click(".owe button").await;
    owner.until("document.querySelector('.notice.good')?.textContent.includes('已登记')").await;
    let case = owner.path().await;
    assert!(!owner.scrolls_sideways().await);
    assert_eq!(owner.barriers().await, Vec::<String>::new());

    owner.click("button[value=take]").await;
    owner.until("document.querySelector('#facts ~ dl')?.textContent.includes('zhijian')").await;
    owner.write("#department", "装维中心").await;
    owner.click("button[value=forward]").await;
    owner.until("document.querySelector('h1').textContent.includes('等部门答复')").await;
    owner.click("#outcome option[value=settled]").await;
    owner.click("#cause option[value=system]").await;
    owner.click("button[value=close]").await;
    assert!(owner.see("#sure").await.contains("确认"));
    owner.click("#sure button").await;
    owner.until("document.querySelector('h1').textContent.includes('已办结')").await;
    assert!(owner.see("#steps ~ ul").await.contains("装维中心"));

    owner.go("/cases?tab=closed").await;
    owner.see(&format!("a[href='{case}']")).await;
    assert!(!owner.scrolls_sideways().await);
    assert_eq!(owner.complaints().await, Vec::<String>::new());
    owner.close().await;
}

#[tokio::test]
async fn a_supervisor_assigns_a_case_and_prints_the_report() {
    let Some(world) = World::get() else { return };
    let supervisor = Browser::log_in(world, Screen::Desk, "zhuguan").await;
    supervisor.go("/contacts").await;
    let found = supervisor.ask("return document.querySelector('a.result').pathname").await;
    supervisor.go(found.as_str().expect("a contact")).await;
    supervisor.click(".owe summary").await;
    supervisor.click(".owe button").await;
    supervisor.until("document.querySelector('.notice.good')").await;
    let case = supervisor.path().await;
    supervisor.click("#to option:nth-child(2)").await;
    supervisor.click("button[value=assign]").await;
    supervisor.until("document.querySelector('h1').textContent.includes('处理中')").await;

    supervisor.go("/cases").await;
    supervisor.see(&format!("a[href='{case}']")).await;
    assert_eq!(supervisor.barriers().await, Vec::<String>::new());
    supervisor.go("/cases/report?days=30").await;
    assert!(supervisor.see("main").await.contains("要做的事"));
    supervisor.see("button[data-print]").await;
    assert_eq!(supervisor.barriers().await, Vec::<String>::new());
    assert_eq!(supervisor.complaints().await, Vec::<String>::new());
    supervisor.close().await;
}
