//! Stored values back into the words of the domain.

use serde::de::DeserializeOwned;

use super::StoreError;
use tingxin_text::domain::{
    AppealState, BusinessProcess, CaseAct, CaseCause, CaseKind, CaseOrigin, CaseOutcome, CaseState, CaseTerm,
    Channel, ContactId, ContactState, Emotion, ExportForm, ExportKind, ExportReason, FlagStatus, HookForm,
    HookScope, InvalidName, Kind, NewsKind, Objection, Programme, Purpose, Role, Rule, RuleState, Severity,
    SourceId, StaffId, TeamId,
};

/// A value that one text column holds.
pub(super) trait StoredValue: Sized {
    fn read(text: &str) -> Result<Self, String>;
}

macro_rules! stored {
    (names: $($name:ident),+; members: $($set:ident),+) => {
        $(impl StoredValue for $name {
            fn read(text: &str) -> Result<Self, String> {
                Self::new(text).map_err(|cause: InvalidName| cause.to_string())
            }
        })+
        $(impl StoredValue for $set {
            fn read(text: &str) -> Result<Self, String> {
                Self::from_name(text).ok_or_else(|| "it is no member of its set".to_owned())
            }
        })+
    };
}

stored! {
    names: SourceId, ContactId, StaffId, TeamId, BusinessProcess;
    members: Channel, Kind, Role, Rule, Severity, FlagStatus, Objection, ContactState, Purpose, RuleState, AppealState, Emotion, Programme,
        CaseKind, CaseOrigin, CaseState, CaseTerm, CaseCause, CaseOutcome, CaseAct, NewsKind, HookForm, HookScope, ExportForm, ExportKind, ExportReason
}

/// Reads a text column; `what` names it.
pub(super) fn text<T: StoredValue>(what: &'static str, text: &str) -> Result<T, StoreError> {
    T::read(text).map_err(|reason| StoreError::Corrupt { what, reason })
}

/// Reads a text column that may be null.
pub(super) fn optional<T: StoredValue>(
    what: &'static str,
    value: Option<&str>,
) -> Result<Option<T>, StoreError> {
    value.map(|value| text(what, value)).transpose()
}

/// Reads a number column into a narrower type.
pub(super) fn number<T: TryFrom<i64>>(what: &'static str, value: i64) -> Result<T, StoreError> {
    T::try_from(value).map_err(|_| StoreError::Corrupt { what, reason: format!("{value} is out of range") })
}

/// Reads a JSON column. The reason names line and column only: serde repeats values in its
/// messages, and a value may be a text of a contact.
pub(super) fn json<T: DeserializeOwned>(what: &'static str, text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|cause| StoreError::Corrupt {
        what,
        reason: format!("its JSON is damaged at line {}, column {}", cause.line(), cause.column()),
    })
}

/// Writes a JSON column. The types that are stored have no map with keys other than text and no
/// number that JSON lacks, so this fails only when one is added.
pub(super) fn to_json<T: serde::Serialize>(what: &'static str, value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|cause| StoreError::Corrupt { what, reason: cause.to_string() })
}
