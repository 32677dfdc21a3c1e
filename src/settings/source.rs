//! Where settings come from, and how a refusal names that place.

use std::net::{IpAddr, SocketAddr};

use figment::value::{Dict, Map, Value};
use figment::{Figment, Metadata, Profile, Provider};
use serde::{Deserialize, Deserializer};

use super::error::SettingsError;

/// The defaults, with an explanation of every setting.
pub const DEFAULT_TOML: &str = include_str!("../../config/default.toml");

const PREFIX: &str = "TINGXIN_";

/// Variables with our prefix that are no settings: the one that names the settings file, those of
/// the test suite, and those that Kubernetes and Docker set for a service that is called `tingxin`.
const NO_SETTINGS: [&str; 4] = ["CONFIG", "TEST_", "SERVICE_", "PORT"];

/// The defaults that are compiled in.
pub(super) struct Embedded;

impl Provider for Embedded {
    fn metadata(&self) -> Metadata {
        Metadata::named("default")
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        use figment::providers::{Format as _, Toml};
        Toml::string(DEFAULT_TOML).data()
    }
}

/// Another provider under a name that people understand.
pub(super) struct NamedProvider<P>(pub(super) &'static str, pub(super) P);

impl<P: Provider> Provider for NamedProvider<P> {
    fn metadata(&self) -> Metadata {
        Metadata::named(self.0)
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        self.1.data()
    }
}

/// Environment variables, handed in so that tests need not change those of the process.
pub(super) struct Environment(Vec<(String, String)>);

impl Environment {
    pub(super) fn of(variables: impl IntoIterator<Item = (String, String)>) -> Self {
        let ours = variables.into_iter().filter_map(|(name, value)| {
            let name = name.strip_prefix(PREFIX)?;
            (!NO_SETTINGS.iter().any(|other| name.starts_with(other)))
                .then(|| (name.to_ascii_lowercase(), value))
        });
        let mut ours: Vec<_> = ours.collect();
        // The process lists them in any order; a refusal should name the same one every time.
        ours.sort();
        Self(ours)
    }
}

impl Provider for Environment {
    fn metadata(&self) -> Metadata {
        Metadata::named("environment")
            .interpolater(|_, keys| format!("{PREFIX}{}", keys.join("__").to_ascii_uppercase()))
    }

    fn data(&self) -> Result<Map<Profile, Dict>, figment::Error> {
        let mut settings = Dict::new();
        for (name, value) in &self.0 {
            insert(&mut settings, &name.split("__").collect::<Vec<_>>(), value);
        }
        Ok(Profile::Default.collect(settings))
    }
}

fn insert(into: &mut Dict, path: &[&str], value: &str) {
    match path {
        [] => {}
        [name] => {
            into.insert((*name).to_owned(), typed(value));
        }
        [table, rest @ ..] => {
            let entry = into.entry((*table).to_owned()).or_insert_with(|| Value::from(Dict::new()));
            if let Value::Dict(_, inner) = entry {
                insert(inner, rest, value);
            }
        }
    }
}

/// Numbers and truth values by their look, everything else a text. Figment's own reading also knows
/// lists and tables in brackets, which would make a mess of a password that begins with one.
fn typed(value: &str) -> Value {
    match value {
        "true" => Value::from(true),
        "false" => Value::from(false),
        _ => value.parse::<u64>().map_or_else(|_| Value::from(value), Value::from),
    }
}

/// An address with a port, or nothing for an empty text.
pub(super) fn address_or_none<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<SocketAddr>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| serde::de::Error::custom("must be an address with a port, or empty"))
}

/// A list of addresses, or one text with commas between them, as an environment variable holds it.
pub(super) fn addresses<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<IpAddr>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Either {
        List(Vec<String>),
        Text(String),
    }
    let parts = match Either::deserialize(deserializer)? {
        Either::List(parts) => parts,
        Either::Text(text) => text.split(',').map(str::to_owned).collect(),
    };
    let named = parts.iter().map(|part| part.trim()).filter(|part| !part.is_empty());
    named
        .map(|part| part.parse().map_err(|_| serde::de::Error::custom("must be a list of IP addresses")))
        .collect()
}

/// Turns figment's error into one sentence. The value itself is left out: it may be a secret.
pub(super) fn sentence(error: &figment::Error) -> SettingsError {
    use figment::error::Kind;
    let name = error.path.join(".");
    let what = match &error.kind {
        Kind::UnknownField(field, known) => {
            let inside = if name.is_empty() || name == *field { String::new() } else { format!("{name}.") };
            let inside = inside.strip_suffix(&format!("{field}.")).unwrap_or(&inside);
            format!("there is no setting `{inside}{field}`; there are {}", known.join(", "))
        }
        Kind::InvalidType(_, expected) | Kind::InvalidValue(_, expected) => {
            format!("setting `{name}` must be {expected}")
        }
        Kind::UnknownVariant(_, known) => {
            format!("setting `{name}` must be one of {}", known.join(", "))
        }
        Kind::MissingField(field) => format!("setting `{field}` is missing"),
        Kind::Message(_) if name.is_empty() => "the settings cannot be read".to_owned(),
        Kind::Message(text) if name.is_empty() || !name.contains("database") => {
            format!("setting `{name}`: {text}")
        }
        other => format!("setting `{name}`: {}", kind_name(other)),
    };
    SettingsError::Unreadable(match &error.metadata {
        Some(place) => format!("{what} (from {})", place_name(place)),
        None => what,
    })
}

fn kind_name(kind: &figment::error::Kind) -> &'static str {
    if matches!(kind, figment::error::Kind::ISizeOutOfRange(_) | figment::error::Kind::USizeOutOfRange(_)) {
        "the number is out of range"
    } else {
        "the value cannot be used"
    }
}

fn place_name(metadata: &Metadata) -> String {
    match &metadata.source {
        Some(figment::Source::File(path)) => path.display().to_string(),
        _ => metadata.name.to_string(),
    }
}

/// Where the effective value of a setting was given.
pub(super) fn place_of(figment: &Figment, name: &str) -> String {
    figment.find_metadata(name).map_or_else(|| "default".to_owned(), place_name)
}
