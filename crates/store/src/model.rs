//! What goes into and comes out of the store.

use std::net::IpAddr;

use tingxin_text::domain::{
    BusinessProcess, Channel, ContactId, ContactRef, ContactState, Flag, FlagId, FlagStatus, Kind, Purpose,
    RedactedContact, Role, Rule, Severity, SourceId, Staff, StaffId, TeamId, UtcMillis,
};

/// What became of a contact that was handed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum IngestReceipt {
    /// New.
    Queued(ContactRef),
    /// A newer revision replaced the older one and is queued.
    Updated(ContactRef),
    /// Already there with the same content.
    Unchanged(ContactRef),
    /// The same revision is there with other content. Nothing was changed.
    Conflict(ContactRef),
    /// A newer revision is there already. Nothing was changed.
    Stale {
        /// The contact.
        id: ContactRef,
        /// The revision that is there.
        current: u32,
    },
    /// It names another team than its sender's, or none. Nothing was changed.
    SentForOtherTeam,
    /// It is there under another team than its sender's, or under none. Nothing was changed, and
    /// nothing more is told.
    HeldByOtherTeam,
}

/// The right to finish a job: job, and the number of the attempt that holds the lease.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Ticket {
    /// The contact.
    pub contact: ContactRef,
    /// The job.
    pub job: i64,
    /// Which attempt this is, from 1. A later attempt makes this ticket worthless.
    pub attempt: u32,
}

/// A leased job.
#[derive(Debug, Clone, PartialEq)]
pub struct Claim {
    /// The right to finish it.
    pub ticket: Ticket,
    /// What to analyse.
    pub contact: RedactedContact,
    /// Since when it waits.
    pub queued_at: UtcMillis,
}

/// What a failed attempt leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailOutcome {
    /// It will be tried again.
    Retried,
    /// It is set aside for a person.
    Quarantined,
    /// The ticket had been overtaken; nothing changed.
    Overtaken,
}

/// How much a worker asks for, and how long it has lived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ask {
    /// Most contacts.
    pub limit: u32,
    /// Most bytes of stored text, together; a longer contact comes alone.
    pub bytes: i64,
    /// Milliseconds since the worker began: who has just begun is not given a contact with which a
    /// process died a moment ago.
    pub lived_millis: i64,
}

impl From<u32> for Ask {
    /// That many contacts, for a worker that has proved itself.
    fn from(limit: u32) -> Self {
        Self { limit, bytes: i64::MAX, lived_millis: i64::MAX }
    }
}

/// A contact that was set aside after repeated failures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetAside {
    /// Our key.
    pub contact: ContactRef,
    /// The system it came from.
    pub source: SourceId,
    /// Its id there.
    pub contact_id: ContactId,
    /// The revision that could not be analysed.
    pub revision: u32,
    /// The touchpoint.
    pub channel: Channel,
    /// Attempts that ended badly.
    pub attempts: u32,
    /// Processes that died with it in hand, and with nothing else.
    pub deaths: u32,
    /// Code of the last failure, never a text of the contact.
    pub reason: String,
    /// Since when it waited.
    pub queued_at: UtcMillis,
    /// When it was set aside.
    pub since: UtcMillis,
}

/// How much work waits.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct QueueState {
    /// Waiting or leased.
    pub waiting: u64,
    /// Set aside.
    pub quarantined: u64,
    /// Age of the oldest waiting contact in seconds; 0 when none waits.
    pub oldest_seconds: f64,
}

/// One contact as stored.
#[derive(Debug, Clone, PartialEq)]
pub struct ContactRecord {
    /// Our key.
    pub id: ContactRef,
    /// How far it is.
    pub state: ContactState,
    /// When it came in.
    pub received_at: UtcMillis,
    /// The contact.
    pub contact: RedactedContact,
}

/// One contact in a list.
#[derive(Debug, Clone, PartialEq)]
pub struct ContactSummary {
    /// Our key.
    pub id: ContactRef,
    /// Where it came from.
    pub source: SourceId,
    /// Its id there.
    pub contact_id: ContactId,
    /// Current revision.
    pub revision: u32,
    /// Transcript or note.
    pub kind: Kind,
    /// Touchpoint.
    pub channel: Channel,
    /// What it was about.
    pub business_process: Option<BusinessProcess>,
    /// Who served.
    pub staff: Option<Staff>,
    /// When it began.
    pub started_at: Option<UtcMillis>,
    /// When it came in.
    pub received_at: UtcMillis,
    /// How far it is.
    pub state: ContactState,
    /// Number of turns or sentences.
    pub utterances: u32,
    /// Number of flags of the current analysis.
    pub flags: u32,
}

/// One flag in a list.
#[derive(Debug, Clone, PartialEq)]
pub struct FlagRow {
    /// Key of the flag.
    pub id: FlagId,
    /// Key of its contact.
    pub contact: ContactRef,
    /// Where the contact came from.
    pub source: SourceId,
    /// Its id there.
    pub contact_id: ContactId,
    /// Touchpoint.
    pub channel: Channel,
    /// Team that served.
    pub team: Option<TeamId>,
    /// When the contact began.
    pub started_at: Option<UtcMillis>,
    /// The flag.
    pub flag: Flag,
}

/// A flagged contact in the review queue.
#[derive(Debug, Clone, PartialEq)]
pub struct FlaggedContact {
    /// The contact.
    pub contact: ContactSummary,
    /// Its flags, most urgent first.
    pub flags: Vec<Flag>,
    /// Valence of the scored customer turns in order, for the small curve; empty for a note.
    pub customer_valence: Vec<f32>,
}

/// Which contacts. Every part is optional and they all must hold.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ContactFilter {
    /// Touchpoint.
    pub channel: Option<Channel>,
    /// Source.
    pub source: Option<SourceId>,
    /// Id within the source.
    pub contact_id: Option<ContactId>,
    /// Team.
    pub team: Option<TeamId>,
    /// Staff member.
    pub staff: Option<StaffId>,
    /// How far it is.
    pub state: Option<ContactState>,
    /// Began at or after.
    pub since: Option<UtcMillis>,
    /// Began before.
    pub until: Option<UtcMillis>,
}

/// Which flags. Every part is optional and they all must hold.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FlagFilter {
    /// The rule.
    pub rule: Option<Rule>,
    /// Rules whose flags are left out.
    pub without: Vec<Rule>,
    /// How urgent.
    pub severity: Option<Severity>,
    /// What people said.
    pub status: Option<FlagStatus>,
    /// Touchpoint.
    pub channel: Option<Channel>,
    /// Team.
    pub team: Option<TeamId>,
    /// Contact began at or after.
    pub since: Option<UtcMillis>,
    /// Contact began before.
    pub until: Option<UtcMillis>,
    /// Contacts that are this account's work. For the queue; the list of flags leaves it aside.
    pub assigned_to: Option<String>,
}

/// A place in a list: the sort key of the last row that was given out. Opaque to clients.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    /// The sort value of that row.
    pub sort: i64,
    /// Its key, which breaks ties.
    pub id: uuid::Uuid,
}

/// Part of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Where the next part begins; `None` at the end.
    pub next: Option<Cursor>,
}

/// An account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Login name.
    pub name: String,
    /// What the person may do.
    pub role: Role,
    /// Limits what the person sees to one team; null sees all.
    pub team: Option<TeamId>,
    /// May not log in.
    pub disabled: bool,
    /// Since when.
    pub created_at: UtcMillis,
}

/// A console session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// SHA-256 of the token in the cookie, hexadecimal.
    pub token_sha256: String,
    /// Secret that forms must repeat.
    pub csrf: String,
    /// Whose.
    pub user: String,
    /// Since when.
    pub created_at: UtcMillis,
    /// Until when.
    pub expires_at: UtcMillis,
    /// When it was last used, to the minute.
    pub seen_at: UtcMillis,
}

/// A key of a program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    /// What it is for.
    pub name: String,
    /// First characters of the secret, to recognise it.
    pub prefix: String,
    /// What the program may do.
    pub role: Role,
    /// Limits what it sees to one team.
    pub team: Option<TeamId>,
    /// Since when.
    pub created_at: UtcMillis,
    /// Until when; null never ends.
    pub expires_at: Option<UtcMillis>,
    /// Since when it is no longer accepted.
    pub revoked_at: Option<UtcMillis>,
}

/// A key to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewApiKey {
    /// The key.
    pub key: ApiKey,
    /// SHA-256 of its secret, hexadecimal.
    pub secret_sha256: String,
}

/// What is known of an idempotency key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IdempotencyVerdict {
    /// Never seen: now reserved for this request.
    Fresh,
    /// Seen with the same body: the first answer.
    Replay {
        /// Status of the first answer.
        status: u16,
        /// Its body.
        body: String,
    },
    /// Seen with another body.
    Mismatch,
    /// The first request is still being answered.
    InFlight,
}

/// Who did something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// `user:NAME`, `key:NAME` or `system`.
    pub name: String,
    /// In which role.
    pub role: Option<Role>,
    /// From which address; `None` on the machine itself. Personal data of whoever works there: it
    /// goes into the audit log and nowhere else.
    pub address: Option<IpAddr>,
}

impl Actor {
    /// Somebody on the machine itself.
    #[must_use]
    pub fn here(name: impl Into<String>, role: Option<Role>) -> Self {
        Self { name: name.into(), role, address: None }
    }
}

/// An entry for the audit log. Holds no text of a contact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAudit {
    /// When.
    pub at: UtcMillis,
    /// Who.
    pub actor: Actor,
    /// What was done, for example `contact.read`.
    pub action: &'static str,
    /// To what, for example a contact's key; never personal data.
    pub object: String,
    /// `ok` or `refused`.
    pub result: &'static str,
    /// What a read was for; `None` for a change.
    pub purpose: Option<Purpose>,
}

/// An entry of the audit log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// Position in the log, from 1.
    pub seq: i64,
    /// When.
    pub at: UtcMillis,
    /// Who.
    pub actor: String,
    /// In which role.
    pub role: Option<Role>,
    /// What was done.
    pub action: String,
    /// To what.
    pub object: String,
    /// `ok` or `refused`.
    pub result: String,
    /// From which address; `None` on the machine itself and in entries of releases that did not
    /// keep it.
    pub address: Option<String>,
    /// What a read was for; `None` for a change and in entries of releases that did not keep it.
    pub purpose: Option<Purpose>,
    /// SHA-256 over this entry and the chain before it, hexadecimal.
    pub chain: String,
}
