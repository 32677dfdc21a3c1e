//! The role of a process on the command line.

use clap::builder::{PossibleValuesParser, TypedValueParser};

use crate::http::ServiceRole;

/// A role by its name.
#[must_use]
pub fn service_roles() -> impl TypedValueParser<Value = ServiceRole> {
    PossibleValuesParser::new(ServiceRole::ALL.map(ServiceRole::as_str))
        .try_map(|name| ServiceRole::from_name(&name).ok_or("no such role"))
}
