//! The route table: every route with its method, path, name and permission in one place.
//!
//! A handler enters the table only if its first argument is [`Allowed`] or [`Public`]; the permission
//! in the table is read off that argument, so that the two cannot differ.

use actix_web::dev::Handler;
use actix_web::middleware::from_fn;
use actix_web::{FromRequest, Responder, guard, web};

use super::access::{Access, Admitted, gate};
use super::error::{ApiError, Problem};
use super::{audit, coaching, console, contacts, flags, health, incidents, openapi, staff, verdicts};

#[cfg(doc)]
use super::access::{Allowed, Public};

/// The method of a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verb {
    /// Reads; answers HEAD too.
    Get,
    /// Changes something.
    Post,
}

impl Verb {
    /// Upper case, as on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
        }
    }
}

/// One route.
pub struct Entry {
    /// Its method.
    pub verb: Verb,
    /// Its path template, for example `/api/v1/contacts/{id}`.
    pub path: &'static str,
    /// Its name, which is the operation id in `openapi.json`.
    pub name: &'static str,
    /// Who may use it.
    pub access: Access,
    mount: Box<dyn Fn() -> actix_web::Route>,
}

impl std::fmt::Debug for Entry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { verb, path, name, access, mount: _ } = self;
        write!(f, "{} {path} ({name}): {access:?}", verb.as_str())
    }
}

impl Entry {
    /// A route that reads.
    pub fn get<F, Args>(path: &'static str, name: &'static str, handler: F) -> Self
    where
        F: Handler<Args>,
        F::Output: Responder + 'static,
        Args: Admitted + FromRequest + 'static,
    {
        let reads = || web::route().guard(guard::Any(guard::Get()).or(guard::Head()));
        let mount = move || behind_gate(Args::ACCESS, reads().to(handler.clone()));
        Self { verb: Verb::Get, path, name, access: Args::ACCESS, mount: Box::new(mount) }
    }

    /// A route that changes something.
    pub fn post<F, Args>(path: &'static str, name: &'static str, handler: F) -> Self
    where
        F: Handler<Args>,
        F::Output: Responder + 'static,
        Args: Admitted + FromRequest + 'static,
    {
        let mount = move || behind_gate(Args::ACCESS, web::post().to(handler.clone()));
        Self { verb: Verb::Post, path, name, access: Args::ACCESS, mount: Box::new(mount) }
    }

    /// Whether the route belongs to the API described by `openapi.json`.
    #[must_use]
    pub fn is_api(&self) -> bool {
        self.path.starts_with("/api/")
    }
}

fn behind_gate(access: Access, route: actix_web::Route) -> actix_web::Route {
    route.wrap(from_fn(move |request, next| gate(access, request, next)))
}

/// The routes that `openapi.json` describes.
#[must_use]
pub fn api() -> Vec<Entry> {
    let mut table = contacts::routes();
    table.extend(flags::routes());
    table.extend(verdicts::routes());
    table.extend(staff::routes());
    table.extend(incidents::routes());
    table.extend(coaching::routes());
    table.extend(audit::routes());
    table
}

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

/// Mounts the table; a known path answers 405 to other methods, an unknown one 404.
pub(super) fn mount(app: &mut web::ServiceConfig) {
    let table = table();
    let mut mounted: Vec<&str> = Vec::new();
    for Entry { path, .. } in &table {
        if mounted.contains(path) {
            continue;
        }
        mounted.push(path);
        let same: Vec<&Entry> = table.iter().filter(|entry| entry.path == *path).collect();
        let allow = allowed(&same);
        let resource = same.iter().fold(web::resource(*path), |all, entry| all.route((entry.mount)()));
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
