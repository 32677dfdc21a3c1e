//! The pages that people use in a browser. Handlers only: words, drawings and templates are in
//! `console`.

mod account;
mod accounts;
mod appeals;
mod audit;
mod coaching;
mod contacts;
mod door;
mod exports;
mod files;
mod form;
mod hooks;
mod keys;
mod page;
mod password;
mod review;
mod rules;
mod samples;
mod set_aside;
mod teams;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse};

use super::access::{Allowed, UseConsole};
use super::entry::Entry;
use super::error::ApiError;
use crate::console::{ErrorKind, ErrorPage, HelpPage, HomePage, Section};
use crate::domain::Permission;
use page::{frame, page, see};

/// The console's part of the route table.
pub(super) fn routes() -> Vec<Entry> {
    vec![
        Entry::get("/", "console_home", home),
        Entry::get("/help", "console_help", help),
        Entry::get("/login", "console_login", door::login),
        Entry::post("/login", "console_login_send", door::login_send),
        Entry::get("/setup/{token}", "console_setup", door::setup),
        Entry::post("/setup/{token}", "console_setup_send", door::setup_send),
        Entry::post("/logout", "console_logout", door::logout),
        Entry::get("/review", "console_queue", review::queue),
        Entry::get("/review/{id}", "console_contact", review::contact),
        Entry::post("/review/{id}/verdict", "console_judge", review::judge),
        Entry::get("/samples", "console_samples", samples::list),
        Entry::post("/samples", "console_sample_plan", samples::plan),
        Entry::get("/samples/next", "console_sample_next", samples::next),
        Entry::get("/samples/{id}", "console_sample", samples::contact),
        Entry::post("/samples/{id}/reading", "console_sample_read", samples::read),
        Entry::post("/samples/{id}/flag", "console_sample_reply", samples::reply),
        Entry::get("/rules", "console_rules", rules::list),
        Entry::post("/rules", "console_rule_switch", rules::switch),
        Entry::get("/contacts", "console_contacts", contacts::list),
        Entry::post("/contacts/views", "console_view_save", contacts::save_view),
        Entry::post("/contacts/views/{id}/delete", "console_view_delete", contacts::drop_view),
        Entry::get("/coaching", "console_coaching", coaching::list),
        Entry::post("/coaching", "console_coaching_agree", coaching::agree),
        Entry::post("/coaching/{id}/end", "console_coaching_end", coaching::end),
        Entry::get("/coaching/{id}", "console_person", coaching::one),
        Entry::post("/review-requests", "console_review_ask", coaching::ask),
        Entry::get("/me", "console_me", coaching::me),
        Entry::get("/me/contacts/{id}", "console_own_contact", appeals::own_contact),
        Entry::post("/me/contacts/{id}", "console_own_say", appeals::own_say),
        Entry::get("/appeals", "console_appeals", appeals::list),
        Entry::post("/appeals/{id}", "console_appeal_step", appeals::step),
        Entry::get("/teams", "console_teams", teams::list),
        Entry::post("/teams/incidents", "console_incident_declare", teams::declare),
        Entry::post("/teams/incidents/{id}/revoke", "console_incident_revoke", teams::revoke),
        Entry::get("/signals", "console_signals", teams::signals),
        Entry::get("/numbers", "console_numbers", teams::numbers),
        Entry::get("/admin/users", "console_users", accounts::list),
        Entry::post("/admin/users", "console_user_create", accounts::create),
        Entry::post("/admin/users/state", "console_user_state", accounts::change),
        Entry::get("/admin/user", "console_user", account::show),
        Entry::post("/admin/user/change", "console_user_change", account::change),
        Entry::post("/admin/user/password", "console_user_password", account::password),
        Entry::post("/admin/user/delete", "console_user_delete", account::delete),
        Entry::get("/password", "console_password", password::form),
        Entry::post("/password", "console_password_change", password::change),
        Entry::get("/admin/keys", "console_keys", keys::list),
        Entry::post("/admin/keys", "console_key_create", keys::create),
        Entry::post("/admin/keys/revoke", "console_key_revoke", keys::revoke),
        Entry::get("/admin/queue", "console_set_aside", set_aside::list),
        Entry::post("/admin/queue/retry", "console_retry_all", set_aside::retry_all),
        Entry::post("/admin/queue/{id}/retry", "console_retry", set_aside::retry),
        Entry::post("/admin/queue/{id}/drop", "console_give_up", set_aside::give_up),
        Entry::get("/exports", "console_exports", exports::list),
        Entry::post("/exports", "console_export_ask", exports::ask),
        Entry::get("/exports/file", "console_export_table", exports::file),
        Entry::post("/exports/{id}/decide", "console_export_decide", exports::decide),
        Entry::post("/exports/{id}/file", "console_export_take", exports::take),
        Entry::get("/admin/hooks", "console_hooks", hooks::list),
        Entry::post("/admin/hooks", "console_hook_add", hooks::add),
        Entry::post("/admin/hooks/remove", "console_hook_remove", hooks::remove),
        Entry::post("/admin/hooks/mute", "console_hook_mute", hooks::mute),
        Entry::get("/bell", "console_bell", hooks::bell),
        Entry::post("/bell", "console_bell_read", hooks::bell_read),
        Entry::get("/bell/count", "console_bell_count", hooks::count),
        Entry::get("/audit", "console_audit", audit::list),
        Entry::get("/audit/file", "console_audit_file", audit::file),
        Entry::get("/static/{name}", "console_file", files::file),
    ]
}

/// The start: the queue for those who have one, the own results for staff, a page that says what
/// the role can do for all others.
async fn home(who: Allowed<UseConsole>, request: HttpRequest) -> Result<HttpResponse, ApiError> {
    let session = who.console()?;
    if session.user.role.allows(Permission::FlagsRead) {
        return Ok(see("/review"));
    }
    if session.user.role.allows(Permission::StaffOwn) {
        return Ok(see("/me"));
    }
    page(&request, StatusCode::OK, &HomePage { frame: frame(&request, Some(session), Section::Home) })
}

async fn help(who: Allowed<UseConsole>, request: HttpRequest) -> Result<HttpResponse, ApiError> {
    let frame = frame(&request, Some(who.console()?), Section::Help);
    page(&request, StatusCode::OK, &HelpPage { frame })
}

/// The page that a person sees instead of problem details. `request_id` helps to find it in the
/// log.
pub(super) fn error_page(request: &HttpRequest, error: &ApiError, request_id: &str) -> HttpResponse {
    let status = error.problem().status();
    let kind = ErrorKind::from_status(status.as_u16());
    // The number helps with our own failures; under «not found» it would only look like an
    // accusation.
    let request_id = (kind == ErrorKind::Failed).then(|| request_id.to_owned());
    // Whoever asks is not looked up again: what failed may be the store.
    let frame = frame(request, None, Section::Outside);
    let mut response = page(request, status, &ErrorPage { frame, kind, request_id })
        .unwrap_or_else(|failure| actix_web::ResponseError::error_response(&failure));
    let plain = actix_web::ResponseError::error_response(error);
    for name in [header::RETRY_AFTER, header::ALLOW] {
        if let Some(value) = plain.headers().get(&name) {
            response.headers_mut().insert(name, value.clone());
        }
    }
    response
}
