//! The page of all contacts, without a browser.

use reqwest::header::{COOKIE, LOCATION, ORIGIN};
use reqwest::{Method, Response, StatusCode};
use tingxin::domain::Role;

use crate::console::{csrf, header, page, session};
use crate::support::app::{TestApp, contact};

async fn send(app: &TestApp, path: &str, cookie: &str, form: &[(&str, &str)]) -> Response {
    let request =
        app.anonymous(Method::POST, path).header(COOKIE, cookie).header(ORIGIN, &app.base).form(form);
    request.send().await.unwrap()
}

#[actix_web::test]
async fn a_reviewer_finds_a_contact_by_its_words_and_comes_back_to_the_results() {
    let app = TestApp::start().await;
    let id = app.analysed(&contact("H-1")).await;
    let cookie = session(&app, "zhijian", Role::Reviewer, None).await;
    let words = "%E5%AE%BD%E5%B8%A6"; // 宽带

    let found = page(&app, &format!("/contacts?q={words}&team=&channel="), &cookie).await;

    assert_eq!(found.status(), StatusCode::OK);
    let html = found.text().await.unwrap();
    assert!(html.contains("<mark class=\"found\">宽带</mark>"), "{html}");
    assert!(html.contains("共 1 条"));
    let link = format!("/review/{id}?results=q%3D%25E5%25AE%25BD%25E5%25B8%25A6#turn-");
    assert!(html.contains(&link), "{html}");
    let opened = page(&app, link.split('#').next().unwrap(), &cookie).await.text().await.unwrap();
    assert!(
        opened.contains(&format!("href=\"/contacts?q={words}\" id=\"results\"")),
        "the way back keeps the filter"
    );
    let nothing = page(&app, "/contacts?q=zzz", &cookie).await.text().await.unwrap();
    assert!(nothing.contains("没有找到"));
    let misread = page(&app, "/contacts?q=%EF%BC%8C&from=x", &cookie).await;
    assert_eq!(misread.status(), StatusCode::OK);
    assert!(misread.text().await.unwrap().contains("最多 8 个词"));
}

#[actix_web::test]
async fn whoever_does_not_judge_finds_contacts_by_confirmed_flags_only() {
    let app = TestApp::start().await;
    let mut angry = contact("H-1");
    angry["utterances"][1]["text"] =
        serde_json::json!("宽带断了三天没人管，太气人了，我要去工信部投诉你们！");
    let id = app.analysed(&angry).await;
    let rule = app.store.flags_of_contact(id.parse().unwrap()).await.unwrap()[0].flag.rule;
    let (reviewer, trainer) = (
        session(&app, "zhijian", Role::Reviewer, None).await,
        session(&app, "peixun", Role::Trainer, None).await,
    );
    let path = format!("/contacts?rule={}", rule.as_str());
    let shown = async |path: &str, cookie: &str| page(&app, path, cookie).await.text().await.unwrap();

    assert!(shown(&path, &reviewer).await.contains("class=\"chip tone"));
    assert!(!shown(&path, &trainer).await.contains(&id), "nobody has confirmed it");
    let all = shown("/contacts", &trainer).await;
    assert!(
        all.contains(&id) && !all.contains("class=\"chip tone"),
        "the contact is there, its candidate is not"
    );
}

#[actix_web::test]
async fn only_who_reads_contacts_opens_the_page_and_a_team_sees_its_own() {
    let app = TestApp::start().await;
    let id = app.analysed(&contact("H-1")).await;
    let admin = session(&app, "guanli", Role::Admin, None).await;
    let other = session(&app, "guangzhou", Role::Reviewer, Some("guangzhou-01")).await;

    assert_eq!(page(&app, "/contacts", &admin).await.status(), StatusCode::FORBIDDEN);
    let html = page(&app, "/contacts?team=beijing-01", &other).await.text().await.unwrap();
    assert!(!html.contains(&id));
}

#[actix_web::test]
async fn a_search_is_kept_opened_and_deleted_and_holds_no_personal_data() {
    let app = TestApp::start().await;
    app.analysed(&contact("H-1")).await;
    let cookie = session(&app, "zhijian", Role::Reviewer, None).await;
    let secret = csrf(&app, "/contacts?q=abc", &cookie).await;
    let save = |name: &'static str, query: &'static str| {
        let form = [("csrf", secret.clone()), ("view", name.to_owned()), ("query", query.to_owned())];
        let (app, cookie) = (&app, &cookie);
        async move {
            let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
            send(app, "/contacts/views", cookie, &form).await
        }
    };

    let kept = save("退费的", "?q=%E9%80%80%E8%B4%B9&team=&evil=1").await;
    assert_eq!(kept.status(), StatusCode::SEE_OTHER);
    assert_eq!(header(&kept, &LOCATION), "/contacts?q=%E9%80%80%E8%B4%B9&done=view_saved");
    let personal = save("电话", "?q=19900001234").await;
    assert_eq!(personal.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(personal.text().await.unwrap().contains("像是有个人信息"));
    let unnamed = save("  ", "?q=x").await;
    assert_eq!(unnamed.status(), StatusCode::UNPROCESSABLE_ENTITY);

    let html = page(&app, "/contacts", &cookie).await.text().await.unwrap();
    assert!(html.contains("href=\"/contacts?q=%E9%80%80%E8%B4%B9\""), "{html}");
    let (_, rest) = html.split_once("/contacts/views/").unwrap();
    let path = format!("/contacts/views/{}", rest.split('"').next().unwrap());
    let other = session(&app, "other", Role::Reviewer, None).await;
    assert!(!page(&app, "/contacts", &other).await.text().await.unwrap().contains("退费的"));
    let theirs = csrf(&app, "/contacts", &other).await;
    assert_eq!(
        send(&app, &path, &other, &[("csrf", &theirs), ("sure", "yes")]).await.status(),
        StatusCode::NOT_FOUND
    );
    let gone = send(&app, &path, &cookie, &[("csrf", &secret), ("sure", "yes")]).await;
    assert_eq!(header(&gone, &LOCATION), "/contacts?done=view_deleted");
    assert!(!page(&app, "/contacts", &cookie).await.text().await.unwrap().contains("退费的"));
}
