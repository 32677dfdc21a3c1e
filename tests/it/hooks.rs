//! Webhooks: signed as each receiver documents it, in order, tried again, and never to a private place.

use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex};

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use reqwest::StatusCode;
use serde_json::{Value, json};
use tingxin::deliver::{Reach, Undelivered, signed};
use tingxin::desk::hooks::{self, Delivery};
use tingxin::desk::{Caller, secrets};
use tingxin::domain::{HookForm, HookScope, Role, UtcMillis};
use tingxin::store::{Hook, NewHook};

use crate::console::{csrf, page, session};
use crate::support::app::{TestApp, contact};
use crate::support::shell::Shell;
use crate::support::store::{NOW, TestDb};

const INSIDE: Reach = Reach { private_addresses: true };
const SECRET: &str = "SEC0123456789abcdef";

/// What came with a webhook.
type Taken = (String, String, String, String);

/// A system that takes webhooks and remembers them.
struct Receiver {
    url: String,
    seen: Arc<Mutex<Vec<Taken>>>,
    status: Arc<AtomicU16>,
}

impl Receiver {
    fn start() -> Self {
        let (seen, status) = (Arc::<Mutex<Vec<_>>>::default(), Arc::new(AtomicU16::new(200)));
        let (kept, says) = (Arc::clone(&seen), Arc::clone(&status));
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let server = HttpServer::new(move || {
            let (kept, says) = (Arc::clone(&kept), Arc::clone(&says));
            App::new().default_service(web::to(move |request: HttpRequest, body: String| {
                let header = |name: &str| {
                    request
                        .headers()
                        .get(name)
                        .map(|value| value.to_str().unwrap().to_owned())
                        .unwrap_or_default()
                };
                let [id, at, signature] =
                    ["webhook-id", "webhook-timestamp", "webhook-signature"].map(header);
                kept.lock().unwrap().push((id, at, signature, body));
                let status = StatusCode::from_u16(says.load(Ordering::SeqCst)).unwrap().as_u16();
                async move {
                    let status = actix_web::http::StatusCode::from_u16(status).unwrap();
                    HttpResponse::build(status).json(json!({"errcode": 0}))
                }
            }))
        });
        actix_web::rt::spawn(server.workers(1).listen(listener).unwrap().run());
        Self { url, seen, status }
    }

    fn bodies(&self) -> Vec<Value> {
        self.seen.lock().unwrap().iter().map(|(.., body)| serde_json::from_str(body).unwrap()).collect()
    }
}

fn hook(name: &str, form: HookForm, scope: HookScope, url: &str) -> NewHook {
    NewHook { name: name.to_owned(), form, scope, url: url.to_owned(), secret: SECRET.to_owned(), team: None }
}

async fn the_hook(db: &TestDb) -> Hook {
    db.store.hooks().await.unwrap().remove(0)
}

/// One try to deliver, as the service makes it; how it went, `None` when nothing was due.
async fn attempt(db: &TestDb, now: UtcMillis) -> Option<Result<(), Undelivered>> {
    let delivery = hooks::due(&db.store, the_hook(db).await, now).await.unwrap()?;
    let sent = INSIDE.send(&delivery, now).await;
    let code = sent.as_ref().err().map(ToString::to_string);
    delivery.settle(&db.store, code.as_deref(), now).await.unwrap();
    Some(sent)
}

#[actix_web::test]
async fn a_receiver_that_was_away_gets_everything_in_order_signed_and_once() {
    let (db, receiver) = (TestDb::sqlite().await, Receiver::start());
    let told = hook("crm", HookForm::Generic, HookScope::Events, &receiver.url);
    hooks::add(&db.store, &Caller::system(), &told).await.unwrap();
    let now = UtcMillis::now();
    for name in ["first", "second"] {
        assert!(db.store.tell_once(name, "{}", now).await.unwrap());
    }

    receiver.status.store(503, Ordering::SeqCst);
    assert_eq!(attempt(&db, now).await, Some(Err(Undelivered::Status(503))));
    assert_eq!(attempt(&db, now.plus_millis(4_000)).await, None, "it waits before it tries again");
    assert_eq!(the_hook(&db).await.last_error.as_deref(), Some("status_503"));
    assert!(db.store.tell_once("third", "{}", now).await.unwrap());
    receiver.status.store(200, Ordering::SeqCst);
    assert_eq!(attempt(&db, now.plus_millis(6_000)).await, Some(Ok(())));
    assert_eq!(attempt(&db, now.plus_millis(60_000)).await, None, "nothing is told twice");

    let bodies = receiver.bodies();
    let objects = |body: &Value| -> Vec<String> {
        body["events"]
            .as_array()
            .unwrap()
            .iter()
            .map(|event| event["object"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(
        bodies.iter().map(objects).collect::<Vec<_>>(),
        [vec!["first", "second"], vec!["first", "second", "third"]]
    );
    let (id, at, signature, body) = receiver.seen.lock().unwrap()[1].clone();
    let mac = secrets::mac_sha256(SECRET.as_bytes(), format!("{id}.{at}.{body}").as_bytes());
    assert_eq!(signature, format!("v1,{}", base64::Engine::encode(&base64::prelude::BASE64_STANDARD, mac)));
    let settled = the_hook(&db).await;
    assert_eq!((settled.failures, settled.last_error), (0, None));
}

#[actix_web::test]
async fn robots_are_signed_as_their_makers_document_it() {
    let db = TestDb::sqlite().await;
    let request = async |form: HookForm, url: &str| {
        let name = form.as_str();
        hooks::add(&db.store, &Caller::system(), &hook(name, form, HookScope::Alerts, url)).await.unwrap();
        let all = db.store.hooks().await.unwrap();
        let own = all.into_iter().find(|hook| hook.told.name == name).unwrap();
        signed(&Delivery::test(own, NOW), NOW).unwrap()
    };

    let ding = request(HookForm::Dingtalk, "https://oapi.dingtalk.com/robot/send?access_token=x").await;
    let wecom = request(HookForm::Wecom, "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=x").await;
    let feishu = request(HookForm::Feishu, "https://open.feishu.cn/open-apis/bot/v2/hook/x").await;

    // Computed by another implementation from the makers' pages.
    assert_eq!(
        ding.url.query().unwrap(),
        "access_token=x&timestamp=1793491200000&sign=%2BmlZeWer89me%2FJLAuTKIzx3OnQ9b08dmB%2BFou6o%2BR0w%3D"
    );
    let [ding, wecom, feishu] =
        [ding.body, wecom.body, feishu.body].map(|body| serde_json::from_str::<Value>(&body).unwrap());
    assert_eq!(ding["msgtype"], "markdown");
    assert!(ding["markdown"]["text"].as_str().unwrap().contains("测试消息"), "{ding}");
    assert!(wecom["markdown"]["content"].as_str().unwrap().contains("测试消息"), "{wecom}");
    assert_eq!(
        (&feishu["timestamp"], &feishu["sign"]),
        (&json!("1793491200"), &json!("Xjd7dpJjPci++GTsb4MimDMorga6+7ebotU9iuYfKHg="))
    );
    assert_eq!(feishu["msg_type"], "text");
}

#[actix_web::test]
async fn a_robot_hears_alerts_alone_and_none_while_it_is_muted() {
    let (db, receiver) = (TestDb::sqlite().await, Receiver::start());
    let told = hook("值班群", HookForm::Wecom, HookScope::Alerts, &receiver.url);
    hooks::add(&db.store, &Caller::system(), &told).await.unwrap();
    let now = UtcMillis::now();
    hooks::mute(&db.store, &Caller::system(), "值班群", 8).await.unwrap();
    db.store.tell_once("muted", r#"{"alert":"escalation_surge","count":20,"usual":2.0}"#, now).await.unwrap();

    let muted = attempt(&db, now.plus_millis(10_000)).await;
    hooks::mute(&db.store, &Caller::system(), "值班群", 0).await.unwrap();
    db.store.tell_once("told", r#"{"alert":"escalation_surge","count":30,"usual":2.0}"#, now).await.unwrap();
    let told = attempt(&db, now.plus_millis(20_000)).await;

    assert_eq!((muted, told), (None, Some(Ok(()))));
    let bodies = receiver.bodies();
    assert_eq!(bodies.len(), 1);
    let text = bodies[0]["markdown"]["content"].as_str().unwrap();
    assert!(text.contains("30 通") && !text.contains("20 通"), "{text}");
}

#[actix_web::test]
async fn a_private_place_is_refused_before_anything_is_sent() {
    let (db, receiver) = (TestDb::sqlite().await, Receiver::start());
    let told = hook("crm", HookForm::Generic, HookScope::Events, &receiver.url);
    hooks::add(&db.store, &Caller::system(), &told).await.unwrap();
    db.store.tell_once("first", "{}", NOW).await.unwrap();
    let now = UtcMillis::now();
    let delivery = hooks::due(&db.store, the_hook(&db).await, now).await.unwrap().unwrap();

    let sent = Reach::default().send(&delivery, now).await;

    assert_eq!(sent, Err(Undelivered::PrivateAddress));
    assert!(receiver.bodies().is_empty());
}

#[actix_web::test]
async fn two_processes_do_not_deliver_the_same_at_once() {
    let db = TestDb::sqlite().await;
    let told = hook("crm", HookForm::Generic, HookScope::Events, "https://example.com/");
    hooks::add(&db.store, &Caller::system(), &told).await.unwrap();
    db.store.tell_once("first", "{}", NOW).await.unwrap();
    let (now, seen) = (UtcMillis::now().plus_millis(1), the_hook(&db).await);

    let one = hooks::due(&db.store, seen.clone(), now).await.unwrap();
    let other = hooks::due(&db.store, seen, now).await.unwrap();

    assert!(one.is_some() && other.is_none());
}

#[test]
fn the_command_adds_lists_mutes_and_removes_and_shows_no_secret() {
    let shell = Shell::new();
    let add = ["hook", "add", "crm", "--url", "https://u:p@crm.example.com/hook?key=geheim", "--secret", "-"];

    let added = shell.run_with(&add, SECRET.as_bytes());
    let again = shell.run_with(&add, SECRET.as_bytes());
    let short = shell.run(&["hook", "add", "x", "--url", "https://crm.example.com/", "--secret", "kurz"]);
    let events =
        shell.run(&["hook", "add", "x", "--form", "feishu", "--scope", "events", "--url", "https://a.cn/"]);
    let muted = shell.run(&["hook", "mute", "crm", "--hours", "8"]);
    let listed = shell.run(&["hook", "list"]);
    let removed = shell.run(&["hook", "remove", "crm"]);
    let gone = shell.run(&["hook", "test", "crm"]);

    assert_eq!((added.status, again.status, short.status, events.status), (0, 1, 1, 1), "{}", added.err);
    assert_eq!((muted.status, listed.status, removed.status, gone.status), (0, 0, 0, 1));
    assert!(listed.out.contains("crm.example.com"), "{}", listed.out);
    assert!(!listed.out.contains("geheim") && !listed.out.contains(SECRET), "{}", listed.out);
    assert!(
        short.err.contains("16 characters") && events.err.contains("alerts"),
        "{} {}",
        short.err,
        events.err
    );
}

#[actix_web::test]
async fn an_admin_keeps_receivers_and_a_reviewer_sees_what_is_new_once() {
    let app = TestApp::start().await;
    let admin = session(&app, "guanli", Role::Admin, None).await;
    let reviewer = session(&app, "zhijian", Role::Reviewer, None).await;
    let secret = csrf(&app, "/help", &admin).await;
    let send = async |path: &str, form: &[(&str, &str)]| {
        let form: Vec<_> = form.iter().copied().chain([("csrf", &*secret)]).collect();
        let request =
            app.anonymous(reqwest::Method::POST, path).header("cookie", &admin).header("origin", &app.base);
        request.form(&form).send().await.unwrap().status()
    };
    let new = |url| {
        [
            ("name", "值班群"),
            ("form", "dingtalk"),
            ("scope", "alerts"),
            ("url", url),
            ("secret", SECRET),
            ("team", ""),
        ]
    };

    assert_eq!(send("/admin/hooks", &new("ftp://x")).await, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        send("/admin/hooks", &new("https://oapi.dingtalk.com/robot/send?access_token=geheim")).await,
        StatusCode::SEE_OTHER
    );
    assert_eq!(send("/admin/hooks/mute", &[("name", "值班群"), ("hours", "8")]).await, StatusCode::SEE_OTHER);
    let shown = page(&app, "/admin/hooks", &admin).await.text().await.unwrap();
    assert!(
        shown.contains("值班群") && shown.contains("oapi.dingtalk.com") && shown.contains("静音至"),
        "{shown}"
    );
    assert!(!shown.contains("geheim") && !shown.contains(SECRET));
    assert_eq!(page(&app, "/admin/hooks", &reviewer).await.status(), StatusCode::FORBIDDEN);
    assert_eq!(send("/admin/hooks/remove", &[("name", "值班群")]).await, StatusCode::SEE_OTHER);

    let mut abused = contact("H-9");
    abused["utterances"] = json!([
        {"speaker": "agent", "text": "您好，请讲。"},
        {"speaker": "customer", "text": "你他妈的傻逼，滚蛋！"},
        {"speaker": "customer", "text": "你个傻逼，去死吧！"},
    ]);
    app.analysed(&abused).await;
    let count = async || -> Value { page(&app, "/bell/count", &reviewer).await.json().await.unwrap() };
    assert!(count().await["new"].as_u64().unwrap() > 0);
    let bell = page(&app, "/bell", &reviewer).await.text().await.unwrap();
    assert!(bell.contains("H-9") && bell.contains("坐席受辱骂"), "{bell}");
    let secret = csrf(&app, "/bell", &reviewer).await;
    let head = bell.split("name=\"head\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let read =
        app.anonymous(reqwest::Method::POST, "/bell").header("cookie", &reviewer).header("origin", &app.base);
    let read = read.form(&[("csrf", &*secret), ("head", head)]).send().await.unwrap();
    assert_eq!(read.status(), StatusCode::SEE_OTHER);
    assert_eq!(count().await["new"], 0);
}

#[actix_web::test]
async fn the_bell_names_the_source_that_is_silent_and_the_channel_that_reads_otherwise() {
    let app = TestApp::start().await;
    let reviewer = session(&app, "zhijian", Role::Reviewer, None).await;
    let staff = session(&app, "li.na", Role::Staff, None).await;
    let now = UtcMillis::now();
    let silent = r#"{"alert":"source_silent","count":24,"usual":null,"channel":"hall","source":"boss"}"#;
    let moved = r#"{"alert":"reading_drift","count":400,"channel":"hotline","psi":0.42,"psi_error":0.05}"#;
    for (name, detail) in [("silent", silent), ("moved", moved)] {
        assert!(app.store.tell_once(name, detail, now).await.unwrap());
    }

    let bell = page(&app, "/bell", &reviewer).await.text().await.unwrap();
    for line in [
        "来源中断：近一小时没有送来记录，往常同时段至少 24 条 · boss · 营业厅",
        "情绪读数偏移：最近 400 条对话的读数与模型定标时相差较大，请抽样复核 · 热线",
    ] {
        assert!(bell.contains(line), "no line {line} in {bell}");
    }
    let own = page(&app, "/bell", &staff).await.text().await.unwrap();
    assert!(!own.contains("boss"), "staff hear of their own results alone");
}
