//! The route table: every route with its method, path, name and permission in one place.
//!
//! A handler enters the table only if its first argument is [`Allowed`] or [`Public`]; the
//! permission in the table is read off that argument, so that the two cannot differ.

use actix_web::web;

pub use super::api::api;
pub use super::entry::{Entry, Verb};
use super::error::{ApiError, Problem};
use super::role::ServiceRole;
use super::{console, health, openapi};

#[cfg(doc)]
use super::access::{Allowed, Public};

/// Every route of the service. Of two templates that fit a path, the one that stands first answers.
#[must_use]
pub fn table() -> Vec<Entry> {
    let mut table = api();
    table.extend(health::routes());
    table.extend(openapi::routes());
    #[cfg(feature = "swagger-ui")]
    table.extend(super::docs::routes());
    table.extend(console::routes());
    table
}

/// The routes of a process that does a part of the work.
pub(super) fn table_of(role: ServiceRole) -> Vec<Entry> {
    let mut table = table();
    table.retain(|entry| role.serves(entry.verb.as_str(), entry.path));
    table
}

/// Mounts the table of a role; a known path answers 405 to other methods, an unknown one 404.
pub(super) fn mount(app: &mut web::ServiceConfig, role: ServiceRole) {
    let table = table_of(role);
    let mut mounted: Vec<&str> = Vec::new();
    for Entry { path, .. } in &table {
        if mounted.contains(path) {
            continue;
        }
        mounted.push(path);
        let same: Vec<&Entry> = table.iter().filter(|entry| entry.path == *path).collect();
        let allow = allowed(&same);
        let resource = same.iter().fold(web::resource(*path), |all, entry| all.route(entry.route()));
        app.service(resource.default_service(web::to(move || {
            let refusal = ApiError::new(Problem::MethodNotAllowed, "the Allow header names the methods");
            std::future::ready(Err::<actix_web::HttpResponse, _>(refusal.allow(allow.clone())))
        })));
    }
    app.default_service(web::to(|| {
        std::future::ready(Err::<actix_web::HttpResponse, _>(ApiError::not_found()))
    }));
}

fn allowed(entries: &[&Entry]) -> String {
    let mut methods: Vec<&str> = Vec::new();
    for entry in entries {
        match entry.verb {
            Verb::Get => methods.extend(["GET", "HEAD"]),
            Verb::Post => methods.push("POST"),
        }
    }
    methods.join(", ")
}
