//! The pages that people use in a browser. Handlers only: words, drawings and templates are in
//! `console`.

mod account;
mod accounts;
mod agreements;
mod appeals;
mod assignments;
mod audit;
mod calibrations;
mod care;
mod cases;
mod coaching;
mod contacts;
mod copy;
mod door;
mod exports;
mod files;
mod form;
mod forms;
mod groups;
mod hooks;
mod keys;
mod marks;
mod page;
mod password;
mod review;
mod rules;
mod samples;
mod set_aside;
mod sure;
mod teams;
mod thresholds;
mod today;
mod try_file;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpRequest, HttpResponse, web};

use super::access::{Allowed, UseConsole};
use super::entry::Entry;
use super::error::ApiError;
use super::state::ServiceState;
use crate::console::{ErrorKind, ErrorPage, HelpPage, HomePage, PlantedPage, Section};
use crate::desk::upkeep;
use crate::domain::{Permission, UtcMillis};
use page::{frame, page, see};

/// The console's part of the route table.
pub(super) fn routes() -> Vec<Entry> {
    let mut routes = pages();
    routes.extend(upkeep_pages());
    routes.extend(work());
    routes
}

/// What several reviewers share: whose work a contact is, and one verdict for many.
fn work() -> Vec<Entry> {
    vec![
        Entry::post("/review/{id}/marks", "console_mark", marks::mark),
        Entry::post("/review/{id}/marks/{mark}/remove", "console_unmark", marks::unmark),
        Entry::get("/review-groups", "console_groups", groups::list),
        Entry::post("/review-groups", "console_group_draw", groups::draw),
        Entry::get("/review-groups/{id}/next", "console_group_next", groups::next),
        Entry::post("/review-groups/{id}/verdict", "console_group_judge", groups::judge),
        Entry::get("/calibrations", "console_calibrations", calibrations::list),
        Entry::post("/calibrations", "console_calibration_open", calibrations::open),
        Entry::get("/calibrations/contacts/{id}", "console_calibration_contact", calibrations::contact),
        Entry::post("/calibrations/contacts/{id}/reading", "console_calibration_read", calibrations::read),
        Entry::get("/calibrations/{id}", "console_calibration", calibrations::one),
        Entry::get("/calibrations/{id}/next", "console_calibration_next", calibrations::next),
        Entry::post("/calibrations/{id}/close", "console_calibration_close", calibrations::close),
        Entry::get("/rules/{rule}/threshold", "console_threshold", thresholds::one),
        Entry::post("/rules/{rule}/threshold", "console_threshold_set", thresholds::set),
        Entry::get("/assignments", "console_assignments", assignments::list),
        Entry::post("/assignments/distribute", "console_distribute", assignments::distribute),
        Entry::post("/assignments/recall", "console_recall", assignments::recall),
        Entry::post("/assignments/resume", "console_resume", assignments::resume),
        Entry::post("/assignments/rules", "console_distribution_add", assignments::add),
        Entry::post("/assignments/rules/{id}/remove", "console_distribution_remove", assignments::remove),
    ]
}

fn pages() -> Vec<Entry> {
    vec![
        Entry::get("/static/{name}", "console_file", files::file),
        Entry::get("/", "console_home", home),
        Entry::get("/help", "console_help", help),
        Entry::get("/demo", "console_demo", planted),
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
        Entry::get("/forms", "console_forms", forms::list),
        Entry::post("/forms", "console_form_draft", forms::draft),
        Entry::get("/forms/{id}/{version}", "console_form", forms::one),
        Entry::post("/forms/{id}/{version}", "console_form_act", forms::act),
        Entry::get("/review/{id}/sheets", "console_sheets", forms::sheets),
        Entry::post("/review/{id}/sheets", "console_sheet_keep", forms::keep),
        Entry::get("/me/sheets", "console_own_sheets", forms::own),
        Entry::get("/contacts", "console_contacts", contacts::list),
        Entry::post("/contacts/views", "console_view_save", contacts::save_view),
        Entry::post("/contacts/views/{id}/delete", "console_view_delete", contacts::drop_view),
        Entry::get("/coaching", "console_coaching", coaching::list),
        Entry::post("/coaching", "console_coaching_agree", agreements::agree),
        Entry::get("/coaching/{id}/agree", "console_coaching_form", agreements::form),
        Entry::get("/coaching/agreements/{id}", "console_agreement", agreements::one),
        Entry::post("/coaching/agreements/{id}", "console_agreement_act", agreements::act),
        Entry::get("/care", "console_care", care::list),
        Entry::post("/care/{id}", "console_care_act", care::act),
        Entry::get("/learning", "console_learning", care::learning),
        Entry::post("/learning", "console_learning_release", care::release),
        Entry::post("/learning/{id}", "console_learning_choose", care::choose),
        Entry::get("/trainings", "console_trainings", agreements::catalogue),
        Entry::post("/trainings", "console_training_add", agreements::add),
        Entry::post("/trainings/{id}/retire", "console_training_retire", agreements::retire),
        Entry::get("/coaching/{id}", "console_person", coaching::one),
        Entry::post("/review-requests", "console_review_ask", coaching::ask),
        Entry::get("/me", "console_me", coaching::me),
        Entry::get("/me/coaching/{id}", "console_own_agreement", agreements::own),
        Entry::post("/me/coaching/{id}", "console_own_agreement_read", agreements::own_read),
        Entry::get("/me/contacts/{id}", "console_own_contact", appeals::own_contact),
        Entry::post("/me/contacts/{id}", "console_own_say", appeals::own_say),
        Entry::get("/appeals", "console_appeals", appeals::list),
        Entry::post("/appeals/{id}", "console_appeal_step", appeals::step),
        Entry::get("/today", "console_today", today::show),
        Entry::get("/today/events", "console_today_events", super::today::events),
        Entry::get("/cases", "console_cases", cases::list),
        Entry::post("/cases", "console_case_open", cases::open),
        Entry::get("/cases/report", "console_case_report", cases::report),
        Entry::get("/cases/report.md", "console_case_report_file", cases::report_file),
        Entry::get("/cases/{id}", "console_case", cases::one),
        Entry::post("/cases/{id}", "console_case_step", cases::step),
        Entry::get("/teams", "console_teams", teams::list),
        Entry::post("/teams/incidents", "console_incident_declare", teams::declare),
        Entry::post("/teams/incidents/{id}/revoke", "console_incident_revoke", teams::revoke),
        Entry::get("/signals", "console_signals", teams::signals),
        Entry::get("/numbers", "console_numbers", teams::numbers),
    ]
}

/// What is looked after: accounts, keys, the queue, copies, webhooks, the audit log.
fn upkeep_pages() -> Vec<Entry> {
    vec![
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
        Entry::get("/try", "console_try", try_file::form),
        Entry::post("/try", "console_try_send", try_file::send),
        Entry::get("/audit/file", "console_audit_file", audit::file),
    ]
}

/// The start: today for those who watch the service, whom to talk to for those who coach, the queue for those who have one, the own
/// results for staff, the log for auditors, and how the service is for those who keep it running.
async fn home(
    who: Allowed<UseConsole>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
) -> Result<HttpResponse, ApiError> {
    let session = who.console()?;
    if session.user.role.allows(Permission::IncidentsWrite) {
        return Ok(see("/today"));
    }
    if session.user.role.allows(Permission::CoachingWrite) {
        return Ok(see("/coaching"));
    }
    if session.user.role.allows(Permission::FlagsRead) {
        return Ok(see("/review"));
    }
    if session.user.role.allows(Permission::StaffOwn) {
        return Ok(see("/me"));
    }
    if session.user.role.allows(Permission::AuditRead) {
        return Ok(see("/audit"));
    }
    let shown = session.user.role.allows(Permission::UsersManage);
    let upkeep = if shown { Some(upkeep(&state.store, UtcMillis::now()).await?) } else { None };
    page(&request, StatusCode::OK, &HomePage::new(frame(&request, Some(session), Section::Home), upkeep))
}

async fn help(who: Allowed<UseConsole>, request: HttpRequest) -> Result<HttpResponse, ApiError> {
    let frame = frame(&request, Some(who.console()?), Section::Help);
    page(&request, StatusCode::OK, &HelpPage { frame })
}

/// What is planted in the data of a demo; no other service has such a page.
async fn planted(
    who: Allowed<UseConsole>,
    request: HttpRequest,
    state: web::Data<ServiceState>,
) -> Result<HttpResponse, ApiError> {
    let session = who.console()?;
    if !state.is_demo() {
        return Err(ApiError::not_found());
    }
    page(&request, StatusCode::OK, &PlantedPage { frame: frame(&request, Some(session), Section::Home) })
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
