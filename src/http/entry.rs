//! One route with its method, path, name and permission.

use actix_web::dev::Handler;
use actix_web::middleware::from_fn;
use actix_web::{FromRequest, Responder, guard, web};

use super::access::{Access, Admitted, gate};

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

    /// The route as actix mounts it, behind its gate.
    pub(super) fn route(&self) -> actix_web::Route {
        (self.mount)()
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
