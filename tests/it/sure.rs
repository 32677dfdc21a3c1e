//! What takes something away asks first, without a script and without losing what was typed.

use std::collections::BTreeSet;

use reqwest::StatusCode;
use tingxin::domain::Role;
use tingxin::http::routes::{self, Verb};

use crate::agreements::send;
use crate::console::{page, session};
use crate::support::app::TestApp;

/// A form of a page with what it sends.
struct Destructive {
    name: &'static str,
    who: Role,
    path: &'static str,
    fields: &'static [(&'static str, &'static str)],
}

const SOME: &str = "01890000-0000-7000-8000-000000000001";

const fn act(
    name: &'static str,
    who: Role,
    path: &'static str,
    fields: &'static [(&'static str, &'static str)],
) -> Destructive {
    Destructive { name, who, path, fields }
}

/// Every act that takes something away from somebody.
const DESTRUCTIVE: [Destructive; 17] = [
    act("console_user_delete", Role::Admin, "/admin/user/delete", &[("name", "wang")]),
    act("console_user_state", Role::Admin, "/admin/users/state", &[("name", "wang"), ("disabled", "true")]),
    act("console_key_revoke", Role::Admin, "/admin/keys/revoke", &[("name", "crm")]),
    act("console_give_up", Role::Admin, "/admin/queue/ID/drop", &[]),
    act("console_hook_remove", Role::Admin, "/admin/hooks/remove", &[("name", "crm")]),
    act("console_view_delete", Role::Reviewer, "/contacts/views/ID/delete", &[]),
    act("console_training_retire", Role::Trainer, "/trainings/ID/retire", &[]),
    act("console_form_act", Role::Admin, "/forms/ID/1", &[("act", "retire")]),
    act("console_incident_revoke", Role::Supervisor, "/teams/incidents/ID/revoke", &[]),
    act("console_recall", Role::Supervisor, "/assignments/recall", &[("account", "wang")]),
    act("console_distribution_remove", Role::Supervisor, "/assignments/rules/ID/remove", &[]),
    act("console_case_step", Role::Reviewer, "/cases/ID", &[("act", "close"), ("outcome", "settled")]),
    act("console_agreement_act", Role::Trainer, "/coaching/agreements/ID", &[("act", "end")]),
    act("console_calibration_close", Role::Supervisor, "/calibrations/ID/close", &[]),
    act("console_learning_choose", Role::Trainer, "/learning/ID", &[("act", "drop"), ("note", "")]),
    act("console_unmark", Role::Reviewer, "/review/ID/marks/ID/remove", &[]),
    act("console_group_judge", Role::Reviewer, "/review-groups/ID/verdict", &[("status", "confirmed")]),
];

/// Everything else that a form of the console does: it adds, keeps, moves on, or can be done the other way round at
/// once. Whoever adds a form decides here which of the two it is.
const HARMLESS: [&str; 43] = [
    "console_calibration_open",
    "console_calibration_read",
    "console_threshold_set",
    "console_appeal_step",
    "console_bell_read",
    "console_care_act",
    "console_case_open",
    "console_coaching_agree",
    "console_distribute",
    "console_distribution_add",
    "console_export_ask",
    "console_export_decide",
    "console_export_take",
    "console_form_draft",
    "console_group_draw",
    "console_hook_add",
    "console_hook_mute",
    "console_incident_declare",
    "console_judge",
    "console_key_create",
    "console_learning_release",
    "console_login_send",
    "console_logout",
    "console_mark",
    "console_own_agreement_read",
    "console_own_say",
    "console_password_change",
    "console_resume",
    "console_retry",
    "console_retry_all",
    "console_review_ask",
    "console_rule_switch",
    "console_sample_plan",
    "console_sample_read",
    "console_sample_reply",
    "console_setup_send",
    "console_sheet_keep",
    "console_training_add",
    "console_try_send",
    "console_user_change",
    "console_user_create",
    "console_user_password",
    "console_view_save",
];

#[test]
fn every_form_of_the_console_is_known_to_ask_or_to_take_nothing_away() {
    let known: BTreeSet<&str> = DESTRUCTIVE.iter().map(|one| one.name).chain(HARMLESS).collect();
    let forms: BTreeSet<&str> = routes::table()
        .iter()
        .filter(|entry| entry.verb == Verb::Post && !entry.is_api())
        .map(|entry| entry.name)
        .collect();

    assert_eq!(forms.difference(&known).collect::<Vec<_>>(), Vec::<&&str>::new(), "do these ask?");
    assert_eq!(known.difference(&forms).collect::<Vec<_>>(), Vec::<&&str>::new(), "these are gone");
}

#[actix_web::test]
async fn nothing_is_taken_away_before_the_question_was_answered() {
    let app = TestApp::start().await;
    app.account("wang", Role::Reviewer, None).await;
    for one in &DESTRUCTIVE {
        let cookie = session(&app, &format!("{}-{}", one.who, one.name), one.who, None).await;
        let path = one.path.replace("ID", SOME);

        let asked = send(&app, &cookie, &path, one.fields).await;
        let html = asked.text().await.unwrap();
        let sure: Vec<_> = one.fields.iter().copied().chain([("sure", "yes")]).collect();
        let done = send(&app, &cookie, &path, &sure).await.text().await.unwrap();

        let at = one.name;
        assert!(html.contains("name=\"sure\" value=\"yes\""), "{at} does not ask: {html}");
        assert!(html.contains(&format!("action=\"{path}\"")), "{at} asks about something else: {html}");
        for (name, value) in one.fields {
            let kept = format!("name=\"{name}\" value=\"{value}\"");
            assert!(html.contains(&kept), "{at} forgets {name}: {html}");
        }
        assert!(!done.contains("id=\"sure\""), "{at} asks twice: {done}");
    }
}

#[actix_web::test]
async fn a_key_works_until_the_question_was_answered() {
    let app = TestApp::start().await;
    let key = app.key("crm", Role::Integrator, None).await;
    let admin = session(&app, "guanli", Role::Admin, None).await;
    let works = async || {
        let asked = app.anonymous(reqwest::Method::GET, "/api/v1/contacts").bearer_auth(&key);
        asked.send().await.unwrap().status() == StatusCode::OK
    };

    let asked = send(&app, &admin, "/admin/keys/revoke", &[("name", "crm")]).await.text().await.unwrap();
    let still = works().await;
    let gone = send(&app, &admin, "/admin/keys/revoke", &[("name", "crm"), ("sure", "yes")]).await;

    assert!(asked.contains("吊销密钥 crm？") && still, "{asked}");
    assert_eq!(gone.status(), StatusCode::SEE_OTHER);
    assert!(!works().await);
    assert!(page(&app, "/admin/keys", &admin).await.text().await.unwrap().contains("已吊销"));
}
