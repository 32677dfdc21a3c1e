//! The published shape of a contact, `tingxin.contact.v1`.
//!
//! These types mirror the JSON and nothing else: what a value must look like beyond its JSON type
//! is decided in `check`. None of them can be printed, because they hold unredacted text.

use serde::Deserialize;
use utoipa::ToSchema;

use super::object;
use crate::domain::{Channel, Kind, Speaker};

/// One contact between a customer and staff.
#[derive(Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "schema": "tingxin.contact.v1",
    "source": "hotline-10086",
    "contact_id": "H-20261101-000123",
    "revision": 1,
    "kind": "transcript",
    "channel": "hotline",
    "started_at": "2026-11-01T08:00:00+08:00",
    "business_process": "broadband_fault",
    "staff": {"id": "A1001", "team": "beijing-01"},
    "customer": {"id": "138****0001"},
    "utterances": [
        {"speaker": "agent", "text": "您好，很高兴为您服务。", "start_ms": 0, "end_ms": 2300},
        {"speaker": "customer", "text": "我家宽带又断了，这都第三次了！", "start_ms": 2600}
    ],
    "survey": {"satisfaction": 2, "scale": 5}
}))]
pub struct ContactV1 {
    /// `tingxin.contact.v1`; may be left out.
    pub schema: Option<String>,
    /// The system that the contact comes from. With `contact_id` it is the contact's identity.
    /// Refused, like `contact_id` and both fields of `staff`, when it holds a mobile number, an
    /// identity card number or an e-mail address: it is stored and shown as it came.
    #[schema(min_length = 1, max_length = 128)]
    pub source: String,
    /// The contact's id in that system.
    #[schema(min_length = 1, max_length = 128)]
    pub contact_id: String,
    /// Grows when the source sends a corrected version; 1 when left out.
    #[schema(minimum = 1)]
    pub revision: Option<u32>,
    /// `transcript` or `note`; follows from `utterances` or `note` when left out.
    pub kind: Option<Kind>,
    /// The touchpoint. Required.
    #[schema(required = true, nullable = false)]
    #[serde(deserialize_with = "present")]
    pub channel: Option<Channel>,
    /// When the contact began, RFC 3339 with an offset.
    #[schema(format = DateTime)]
    pub started_at: Option<String>,
    /// What it was about, as a slug such as `broadband_fault`.
    #[schema(max_length = 128, pattern = "^[a-z][a-z0-9_-]*$")]
    pub business_process: Option<String>,
    /// Who served the customer.
    #[serde(default, deserialize_with = "object::optional")]
    pub staff: Option<StaffV1>,
    /// The customer. The id is replaced by a keyed pseudonym before anything is stored.
    #[serde(default, deserialize_with = "object::optional")]
    pub customer: Option<CustomerV1>,
    /// What was said, turn by turn. Either this or `note`.
    #[schema(max_items = 20000)]
    #[serde(default, deserialize_with = "object::optional_list")]
    pub utterances: Option<Vec<UtteranceV1>>,
    /// What staff wrote down. Either this or `utterances`.
    #[serde(default, deserialize_with = "object::optional")]
    pub note: Option<NoteV1>,
    /// What the customer answered when asked afterwards.
    #[serde(default, deserialize_with = "object::optional")]
    pub survey: Option<SurveyV1>,
}

/// Without this, serde would take an absent channel for `None`: it is an `Option` here only because
/// the other readers fill a contact in step by step.
fn present<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Channel>, D::Error> {
    Channel::deserialize(deserializer).map(Some)
}

/// A member of staff.
#[derive(Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StaffV1 {
    /// Work number, never a name.
    #[schema(min_length = 1, max_length = 128, example = "A1001")]
    pub id: String,
    /// Team at the time of the contact.
    #[schema(max_length = 128, example = "beijing-01")]
    pub team: Option<String>,
}

/// A customer.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CustomerV1 {
    /// A phone number, masked or not, or any other id that the source uses for the same customer.
    #[schema(min_length = 1, max_length = 128, example = "138****0001")]
    pub id: String,
}

/// One turn of a transcript.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UtteranceV1 {
    /// Who speaks.
    pub speaker: Speaker,
    /// What is said; at most 64 KiB of UTF-8. May be blank, which speech recognition sometimes
    /// produces.
    pub text: String,
    /// Milliseconds from the start of the contact to the first word.
    pub start_ms: Option<u64>,
    /// Milliseconds from the start of the contact to the last word; not before `start_ms`.
    pub end_ms: Option<u64>,
}

/// A note that staff wrote.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NoteV1 {
    /// The note; at most 256 KiB of UTF-8.
    #[schema(example = "客户情绪激动，要求退费，已安抚并承诺24小时内回访。")]
    pub text: String,
}

/// The answer to a satisfaction question.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SurveyV1 {
    /// From 1 (worst) to `scale`.
    #[schema(minimum = 1, maximum = 10)]
    pub satisfaction: u8,
    /// Number of grades.
    #[schema(minimum = 2, maximum = 10)]
    pub scale: u8,
}
