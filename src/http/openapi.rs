//! `openapi.json`: the description of the API, made from the handlers themselves.

mod examples;
mod exports;
mod names;
mod plain;

use actix_web::{HttpResponse, web};
use utoipa::openapi::header::HeaderBuilder;
use utoipa::openapi::path::Operation;
use utoipa::openapi::response::ResponseBuilder;
use utoipa::openapi::schema::{ObjectBuilder, SchemaType, Type};
use utoipa::openapi::security::{
    ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityRequirement, SecurityScheme,
};
use utoipa::openapi::{ContentBuilder, OpenApi as Document, Ref, RefOr};
use utoipa::{Modify, OpenApi};

use super::access::{Access, Allowed, ReadApi};
use super::entry::Entry;
use super::error::{PROBLEM_JSON, ProblemBody};
use crate::desk::accounts::{ROLES_OF_PEOPLE, ROLES_OF_PROGRAMS};
use crate::domain::Permission;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Tingxin",
        description = "听心 reads every customer contact of a telecom operator and says which deserve a second look.\n\nAll personal data is taken out before anything is stored. Errors are RFC 9457 problem details with a stable `code`. Lists are walked by cursor: put `next` of an answer into `cursor` of the next request until it is null."
    ),
    paths(
        super::contacts::send_contact,
        super::bulk::send_contacts,
        super::search::list_contacts,
        super::contacts::get_contact,
        super::contacts::get_analysis,
        super::flags::list_flags,
        super::verdicts::judge_flag,
        super::verdicts::list_verdicts,
        super::appeals::list_appeals,
        super::appeals::file_appeal,
        super::appeals::get_appeal,
        super::appeals::answer_appeal,
        super::appeals::forward_appeal,
        super::appeals::insist_on_appeal,
        super::appeals::decide_appeal,
        super::appeals::list_own_flags,
        super::appeals::acknowledge_flag,
        super::assignments::list_assignments,
        super::assignments::assign_contact,
        super::assignments::distribute_contacts,
        super::assignments::recall_contacts,
        super::assignments::list_reviewers,
        super::assignments::resume_reviewer,
        super::assignments::list_distribution_rules,
        super::assignments::add_distribution_rule,
        super::assignments::remove_distribution_rule,
        super::cases::list_cases,
        super::cases::open_case,
        super::cases::list_callbacks,
        super::cases::get_case,
        super::case_steps::take_case,
        super::case_steps::assign_case,
        super::case_steps::forward_case,
        super::case_steps::close_case,
        super::case_steps::reopen_case,
        super::staff::list_staff,
        super::staff::get_own_results,
        super::staff::get_staff,
        super::staff::list_teams,
        super::staff::get_signals,
        super::today::get_today,
        super::incidents::list_incidents,
        super::incidents::declare_incident,
        super::incidents::revoke_incident,
        super::coaching::list_coaching,
        super::coaching::agree_coaching,
        super::coaching::get_coaching,
        super::coaching::finish_coaching,
        super::coaching::end_coaching,
        super::care::list_care,
        super::care::take_care,
        super::care::finish_care,
        super::trainings::list_trainings,
        super::trainings::add_training,
        super::trainings::retire_training,
        super::trainings::acknowledge_coaching,
        super::samples::get_samples,
        super::samples::plan_sample,
        super::forms::list_forms,
        super::forms::draft_form,
        super::forms::get_form_results,
        super::forms::publish_form,
        super::forms::retire_form,
        super::forms::list_sheets,
        super::forms::fill_sheet,
        super::calibrations::list_calibrations,
        super::rules::list_rules,
        super::rules::switch_rule,
        super::rules::list_rates,
        super::thresholds::get_threshold,
        super::thresholds::set_threshold,
        super::privacy::erase_person,
        super::privacy::export_person,
        super::privacy::get_retention,
        super::privacy::list_holds,
        super::privacy::place_hold,
        super::privacy::release_hold,
        super::audit::list_audit,
        super::events::list_events,
        super::exports::export_contacts,
        super::exports::export_analyses,
        super::exports::export_flags,
        super::exports::export_staff,
        super::exports::export_teams,
    ),
    components(schemas(
        ProblemBody,
        crate::store::ContactSort,
        crate::domain::ExportForm,
        crate::domain::ExportReason
    )),
    tags(
        (name = "contacts", description = "Contacts between customers and staff, and their analyses"),
        (name = "flags", description = "Reasons to listen to a contact"),
        (name = "appeals", description = "What staff say about confirmed flags of their own contacts, and what becomes of it"),
        (name = "assignments", description = "Whose work a flagged contact is, and by which rules leads distribute it"),
        (name = "cases", description = "Who owes which customer an answer, and what became of it"),
        (name = "staff", description = "Statistics of staff, teams and queues, with their uncertainty"),
        (name = "improvement", description = "Incidents, for which nobody is blamed, and coaching with what came after it"),
        (name = "quality", description = "The random sample, how well rules do, and rates corrected for what they get wrong"),
        (name = "privacy", description = "Erasing people, keeping what must stay, handing over what is held"),
        (name = "audit", description = "Who did what"),
        (name = "events", description = "What happened, each event exactly once"),
        (name = "export", description = "Copies as files, written to the audit log with their purpose"),
    ),
    servers(
        (url = "/", description = "The service that gave this description"),
        (url = "http://127.0.0.1:8080", description = "A service that was started with its defaults"),
    ),
    modifiers(&Shared),
)]
struct Api;

/// The document, the same bytes for the same program.
#[must_use]
pub fn document() -> Document {
    Api::openapi()
}

/// The document as pretty JSON with a final line end, as it stands in `docs/openapi.json`.
#[must_use]
pub fn to_json() -> String {
    // The document is a tree of strings and numbers: it can always be written.
    let mut text = document().to_pretty_json().unwrap_or_default();
    text.push('\n');
    text
}

/// Name of the security scheme of programs.
const BY_KEY: &str = "api_key";

/// Name of the security scheme of people.
const BY_LOGIN: &str = "session";

/// What every operation has in common: credentials, and the refusals of the gates before the
/// handler.
struct Shared;

const GATES: [(&str, &str); 7] = [
    ("400", "A parameter is not accepted, or the body is no JSON"),
    ("401", "No credentials, or none that are valid"),
    ("403", "The role does not have the permission"),
    ("429", "This key or account asks too often: see `Retry-After`"),
    ("500", "A defect of the service"),
    ("503", "The service is busy or its database does not answer: see `Retry-After`"),
    ("507", "The disk is full: see `Retry-After`"),
];

/// Further refusals of operations with a body.
const OF_BODIES: [(&str, &str); 3] = [
    ("408", "The body did not arrive in time"),
    ("413", "The body is too large"),
    ("415", "The body is not sent as this operation takes it"),
];

impl Modify for Shared {
    fn modify(&self, document: &mut Document) {
        let bearer = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
        let why = "The session of a person who logged in to the console. A POST also needs the session's secret in \
                   `X-CSRF-Token`, and `Origin` or `Sec-Fetch-Site` of the same site. Over HTTPS the cookie is called \
                   `__Host-tingxin_session`.";
        let cookie =
            SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::with_description("tingxin_session", why)));
        let components = document.components.get_or_insert_default();
        components.add_security_scheme(BY_KEY, bearer);
        components.add_security_scheme(BY_LOGIN, cookie);
        plain::simplify(components);
        names::tighten_fields(components);
        let schemas = examples::Schemas::of(components);
        let table = super::api::api();
        for (path, item) in &mut document.paths.paths {
            let operations = [("GET", item.get.as_mut()), ("POST", item.post.as_mut())];
            for (verb, operation) in operations {
                let Some(operation) = operation else { continue };
                let entry = table.iter().find(|e| e.path == path && e.verb.as_str() == verb);
                complete(operation, entry.map(|entry| entry.access));
                exports::narrow(operation);
                names::tighten_parameters(operation);
                schemas.illustrate(operation);
            }
        }
    }
}

fn complete(operation: &mut Operation, access: Option<Access>) {
    if let Some(Access::Needs(permission)) = access {
        let needs = format!("Needs the permission `{permission}`.");
        let text = operation.description.take().unwrap_or_default();
        operation.description = Some(if text.is_empty() { needs } else { format!("{text}\n\n{needs}") });
        operation.security = Some(credentials(permission));
    }
    let of_body = OF_BODIES.iter().filter(|_| operation.request_body.is_some());
    for (status, why) in GATES.iter().chain(of_body).copied() {
        operation
            .responses
            .responses
            .entry(status.to_owned())
            .or_insert_with(|| RefOr::T(refusal(status, why)));
    }
}

/// With what the permission can be had: a key, a log-in, or either.
fn credentials(permission: Permission) -> Vec<SecurityRequirement> {
    let ways = [(BY_KEY, ROLES_OF_PROGRAMS), (BY_LOGIN, ROLES_OF_PEOPLE)];
    let open = ways.into_iter().filter(|(_, roles)| roles.iter().any(|role| role.allows(permission)));
    open.map(|(way, _)| SecurityRequirement::new(way, std::iter::empty::<String>())).collect()
}

fn refusal(status: &str, why: &str) -> utoipa::openapi::Response {
    let body = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    let response = ResponseBuilder::new().description(why).content(PROBLEM_JSON, body);
    if matches!(status, "429" | "503" | "507") {
        let seconds = ObjectBuilder::new().schema_type(SchemaType::Type(Type::Integer));
        let header = HeaderBuilder::new().schema(Some(seconds)).description(Some("Seconds to wait")).build();
        let response = response.header("Retry-After", header);
        return if status == "429" { quota(response).build() } else { response.build() };
    }
    response.build()
}

/// What every answer to a known caller says, and the refusal of one that asks too often.
fn quota(response: ResponseBuilder) -> ResponseBuilder {
    let text = |why| {
        let schema = ObjectBuilder::new().schema_type(SchemaType::Type(Type::String));
        HeaderBuilder::new().schema(Some(schema)).description(Some(why)).build()
    };
    let left = "Requests that are left, and seconds until all are there again: `\"caller\";r=399;t=2`";
    let policy = "Requests that may be made, and the seconds in which they come back: `\"caller\";q=400;w=2`";
    response.header("RateLimit", text(left)).header("RateLimit-Policy", text(policy))
}

pub(super) fn routes() -> Vec<Entry> {
    let served: std::sync::Arc<str> = to_json().into();
    let served = web::Bytes::copy_from_slice(served.as_bytes());
    vec![Entry::get("/openapi.json", "openapi", move |_: Allowed<ReadApi>| {
        let body = served.clone();
        async move { HttpResponse::Ok().content_type("application/json").body(body) }
    })]
}
