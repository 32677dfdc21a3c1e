//! Names and identities.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::personal::{self, PersonalData};

/// Longest name that an outside system may give to anything, in characters.
///
/// The names stand in unique indexes: 128 characters of at most 4 bytes keep three of them below
/// the 2,704 bytes that a PostgreSQL B-tree entry may hold.
pub const MAX_NAME_CHARS: usize = 128;

/// Why a name is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidName {
    /// Nothing but blanks.
    #[error("must not be empty")]
    Empty,
    /// More than the limit.
    #[error("is {0} characters long, at most {MAX_NAME_CHARS} are allowed")]
    TooLong(usize),
    /// A control character, which would break logs and headers.
    #[error("contains a control character")]
    Control,
    /// Somebody's number or address, which would be stored and shown as it came.
    #[error("contains {0}; send an id that names no person")]
    Personal(PersonalData),
    /// Something else than a slug.
    #[error(
        "must be a slug such as broadband_fault: lower-case letters a to z, digits, `_` and `-` only, beginning \
         with a letter"
    )]
    NoSlug,
}

/// A name that is stored and shown as it came.
fn impersonal(name: &str) -> Result<String, InvalidName> {
    let name = checked(name)?;
    personal::find(&name).map_or(Ok(name), |found| Err(InvalidName::Personal(found)))
}

/// A name from which free text is kept out by its shape: there is no telling what people write
/// there.
fn slug(name: &str) -> Result<String, InvalidName> {
    let name = impersonal(name)?;
    let shaped = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | '-'));
    if shaped { Ok(name) } else { Err(InvalidName::NoSlug) }
}

fn checked(name: &str) -> Result<String, InvalidName> {
    let name = name.trim();
    let length = name.chars().count();
    if name.is_empty() {
        Err(InvalidName::Empty)
    } else if length > MAX_NAME_CHARS {
        Err(InvalidName::TooLong(length))
    } else if name.chars().any(char::is_control) {
        Err(InvalidName::Control)
    } else {
        Ok(name.to_owned())
    }
}

macro_rules! name {
    ($(#[$doc:meta])* $name:ident by $check:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, utoipa::ToSchema)]
        #[serde(transparent)]
        pub struct $name(String);

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Self::new(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
            }
        }

        impl $name {
            /// Trims and checks a name.
            ///
            /// # Errors
            /// [`InvalidName`] when it is empty, too long, holds control characters or what its
            /// kind excludes.
            pub fn new(name: &str) -> Result<Self, InvalidName> {
                $check(name).map(Self)
            }

            /// The name as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

name! {
    /// The system that a contact came from, for example `hotline-10086`.
    SourceId by impersonal
}
name! {
    /// The contact's id within its source, for example `H-20261101-000123`.
    ContactId by impersonal
}
name! {
    /// A staff member's work number, for example `A1001`. Never a person's name.
    StaffId by impersonal
}
name! {
    /// A team, for example `beijing-01`.
    TeamId by impersonal
}
name! {
    /// What the contact was about, as a slug such as `broadband_fault`.
    BusinessProcess by slug
}
name! {
    /// Stands for a customer without naming one: the hexadecimal HMAC-SHA-256 of the id under a
    /// secret key.
    ///
    /// A plain hash would not do: eleven-digit numbers can be counted through in seconds.
    CustomerPseudonym by checked
}

/// A customer's id as the source sent it: personal data, so it can be neither printed nor
/// serialised.
#[derive(Clone, PartialEq, Eq)]
pub struct RawCustomerId(String);

impl RawCustomerId {
    /// Wraps the id.
    #[must_use]
    pub fn new(id: String) -> Self {
        Self(id)
    }

    /// The id itself. Only `redact` may ask for it; `tests/it/architecture.rs` holds it to that.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }

    /// Whether nothing but white space is in it.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.0.trim().is_empty()
    }
}

impl std::fmt::Debug for RawCustomerId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RawCustomerId(hidden)")
    }
}

macro_rules! key {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A fresh, time-ordered key (UUID version 7), so that new rows append to their index.
            #[must_use]
            pub fn fresh() -> Self {
                Self(Uuid::now_v7())
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map(Self)
            }
        }
    };
}

key! {
    /// Our own key of a contact, stable over its revisions.
    ContactRef
}
key! {
    /// The key of one flag.
    FlagId
}

#[doc(hidden)]
#[macro_export]
macro_rules! closed_set {
    ($(#[doc = $doc:literal])* $name:ident { $($(#[$vdoc:meta])* $variant:ident => $text:literal, $zh:literal;)+ }) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        pub enum $name {
            $($(#[$vdoc])* #[serde(rename = $text)] $variant,)+
        }

        impl $name {
            /// Every member, in the order of documentation and metrics.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The name used in JSON, SQL, metrics and URLs.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            /// The name that Chinese-speaking users see.
            #[must_use]
            pub const fn zh(self) -> &'static str {
                match self { $(Self::$variant => $zh),+ }
            }

            /// The member of that name, if there is one.
            #[must_use]
            pub fn from_name(name: &str) -> Option<Self> {
                match name { $($text => Some(Self::$variant),)+ _ => None }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }

        // By hand: the derive reads the names of the variants and not what a macro renames them to.
        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                use utoipa::openapi::schema::{ObjectBuilder, SchemaType, Type};
                ObjectBuilder::new()
                    .schema_type(SchemaType::Type(Type::String))
                    .description(Some(concat!($($doc),*).trim()))
                    .enum_values(Some([$($text),+]))
                    .into()
            }
        }

        impl utoipa::ToSchema for $name {}
    };
}
pub use closed_set;

closed_set! {
    /// The touchpoint through which customer and staff met.
    Channel {
        /// The 10086-style service hotline.
        Hotline => "hotline", "热线";
        /// The counter of a business hall.
        Hall => "hall", "营业厅";
        /// A visit to the customer's home, usually for installation or repair.
        Visit => "visit", "上门";
        /// A call that staff placed.
        Outbound => "outbound", "外呼";
        /// Online text chat.
        Chat => "chat", "在线客服";
        /// The personal manager of a VIP customer.
        VipManager => "vip_manager", "VIP客户经理";
        /// The manager of a business account.
        AccountManager => "account_manager", "集团客户经理";
        /// The manager of a residential community.
        CommunityManager => "community_manager", "社区经理";
        /// The online business hall.
        OnlineHall => "online_hall", "网上营业厅";
    }
}

impl Channel {
    /// Whether its transcripts come from a recogniser that listened to a recording: marks, fillers
    /// and breaks are its own.
    #[must_use]
    pub const fn is_spoken(self) -> bool {
        matches!(self, Self::Hotline | Self::Outbound | Self::Hall | Self::Visit)
    }
}

closed_set! {
    /// Who says an utterance.
    Speaker {
        /// The member of staff.
        Agent => "agent", "坐席";
        /// The customer.
        Customer => "customer", "客户";
        /// A voice menu or a robot: shown, never scored.
        System => "system", "系统";
    }
}
