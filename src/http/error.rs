//! One failure → one response: RFC 9457 problem details.
//!
//! Every refusal leaves through [`ApiError`], also the ones that actix makes itself. The inner text
//! of a failure goes to the log once and never to a client: it may name tables and hosts.

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, ResponseError};
use serde::Serialize;

use crate::desk::DeskError;
use crate::domain::Refusal;
use crate::pipeline::LaneError;
use crate::store::StoreError;

macro_rules! problems {
    ($($(#[$doc:meta])* $variant:ident = $status:ident, $code:literal, $title:literal;)+) => {
        /// Every kind of failure that a client can meet: its stable code, its status and its title.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Problem {
            $($(#[$doc])* $variant,)+
        }

        impl Problem {
            /// Every kind, in the order of the documentation.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The stable name that programs may rely on.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// The status of the response.
            #[must_use]
            pub const fn status(self) -> StatusCode {
                match self { $(Self::$variant => StatusCode::$status),+ }
            }

            /// A short English title, the same for every occurrence.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Self::$variant => $title),+ }
            }
        }
    };
}

problems! {
    /// The body is no JSON.
    InvalidJson = BAD_REQUEST, "invalid_json", "The body is not JSON";
    /// A query parameter is unknown or has no such value.
    InvalidQuery = BAD_REQUEST, "invalid_query", "A query parameter is not accepted";
    /// A header has no such value.
    InvalidHeader = BAD_REQUEST, "invalid_header", "A header is not accepted";
    /// No or no valid credentials.
    Unauthenticated = UNAUTHORIZED, "unauthenticated", "Credentials are needed";
    /// Name and password do not fit.
    LoginFailed = UNAUTHORIZED, "login_failed", "Name or password is wrong";
    /// The role does not allow it.
    Forbidden = FORBIDDEN, "forbidden", "The role does not allow this";
    /// Words of contacts leave in bulk only when a second person has approved it.
    ApprovalNeeded = FORBIDDEN, "approval_needed", "A second person must approve this";
    /// The contact is another team's, by what is stored or by what was sent.
    OtherTeam = FORBIDDEN, "other_team", "The contact is not of the caller's team";
    /// A form came without the session's secret, or from another site.
    ForeignRequest = FORBIDDEN, "foreign_request", "The request does not come from the console";
    /// The one-time set-up token does not fit.
    SetupRefused = FORBIDDEN, "setup_refused", "The set-up token is not valid";
    /// No such route, or nothing of that key that the caller may see.
    NotFound = NOT_FOUND, "not_found", "There is nothing here";
    /// The contact is there and its analysis is not yet.
    AnalysisPending = NOT_FOUND, "analysis_pending", "The analysis is not there yet";
    /// The contact was set aside after repeated failures: it will not get an analysis by itself.
    AnalysisFailed = NOT_FOUND, "analysis_failed", "The contact could not be analysed";
    /// The route is there, the method is not.
    MethodNotAllowed = METHOD_NOT_ALLOWED, "method_not_allowed", "The method is not allowed here";
    /// The body did not arrive in time.
    BodyTimeout = REQUEST_TIMEOUT, "body_timeout", "The body did not arrive in time";
    /// Same identity and revision, other content.
    ContactConflict = CONFLICT, "contact_conflict", "The contact is there with other content";
    /// A newer revision is there.
    StaleRevision = CONFLICT, "stale_revision", "A newer revision of the contact is there";
    /// The flag is not what the verdict is about any more.
    FlagChanged = CONFLICT, "flag_changed", "The flag has changed since it was read";
    /// The appeal is over, has gone on, or may not be filed any more.
    AppealClosed = CONFLICT, "appeal_closed", "The appeal does not allow this";
    /// The case is not where the step begins.
    CaseChanged = CONFLICT, "case_changed", "The case does not allow this";
    /// The first request with this key is still being answered.
    IdempotencyInFlight = CONFLICT, "idempotency_in_flight", "The first request with this key is in progress";
    /// The name of an account or a key is in use.
    NameTaken = CONFLICT, "name_taken", "The name is taken";
    /// The body is larger than the limit.
    BodyTooLarge = PAYLOAD_TOO_LARGE, "body_too_large", "The body is too large";
    /// The body has another type than the route reads.
    UnsupportedMediaType = UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", "The media type is not supported";
    /// The body is JSON and no contact.
    InvalidContact = UNPROCESSABLE_ENTITY, "invalid_contact", "The contact is not valid";
    /// The key was used with another body.
    IdempotencyMismatch = UNPROCESSABLE_ENTITY, "idempotency_mismatch", "The key was used with another body";
    /// The password is too short, too long or too common.
    WeakPassword = UNPROCESSABLE_ENTITY, "weak_password", "The password is not accepted";
    /// A field of a form is not accepted.
    InvalidField = UNPROCESSABLE_ENTITY, "invalid_field", "A field is not accepted";
    /// This caller asks too often.
    TooManyRequests = TOO_MANY_REQUESTS, "too_many_requests", "Too many requests";
    /// A defect of the service.
    Internal = INTERNAL_SERVER_ERROR, "internal", "The service failed";
    /// The service is busy.
    Overloaded = SERVICE_UNAVAILABLE, "overloaded", "The service is busy";
    /// The process ends; what has no answer may not have been stored.
    Stopping = SERVICE_UNAVAILABLE, "stopping", "The service is stopping";
    /// The analysis queue is full; the contact is stored.
    AnalysisBusy = SERVICE_UNAVAILABLE, "analysis_busy", "The analysis queue is full";
    /// The database does not answer.
    Unavailable = SERVICE_UNAVAILABLE, "unavailable", "The database does not answer";
    /// The disk is full.
    DiskFull = INSUFFICIENT_STORAGE, "disk_full", "The disk is full";
}

/// Media type of every refusal.
pub const PROBLEM_JSON: &str = "application/problem+json";

/// A refusal on its way to the client.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiError {
    problem: Problem,
    code: &'static str,
    detail: String,
    pointer: Option<String>,
    retry_after: Option<u64>,
    allow: Option<String>,
}

/// The body of a refusal (RFC 9457).
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody {
    /// A URI that names the kind of problem: `urn:tingxin:problem:` and the code.
    #[serde(rename = "type")]
    pub kind: String,
    /// A short title, the same for every occurrence.
    pub title: &'static str,
    /// The status of the response.
    #[schema(minimum = 400, maximum = 599)]
    pub status: u16,
    /// The stable name that programs may rely on.
    pub code: &'static str,
    /// A sentence for people about this occurrence. Never holds text of a contact.
    pub detail: String,
    /// JSON pointer (RFC 6901) of the field at fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
}

impl ApiError {
    /// A refusal with a sentence for people. The sentence must not repeat what the client sent in a
    /// body.
    #[must_use]
    pub fn new(problem: Problem, detail: impl Into<String>) -> Self {
        Self {
            problem,
            code: problem.code(),
            detail: detail.into(),
            pointer: None,
            retry_after: None,
            allow: None,
        }
    }

    /// Names the field at fault by JSON pointer.
    #[must_use]
    pub fn at(mut self, pointer: impl Into<String>) -> Self {
        self.pointer = Some(pointer.into());
        self
    }

    /// Tells when to come again, in seconds.
    #[must_use]
    pub const fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// Names the methods that the route has.
    #[must_use]
    pub fn allow(mut self, methods: String) -> Self {
        self.allow = Some(methods);
        self
    }

    /// The same refusal for something that does not exist, whoever asks and for whatever reason.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(Problem::NotFound, "nothing is here, or nothing that this account may see")
    }

    /// What kind of failure it is.
    #[must_use]
    pub const fn problem(&self) -> Problem {
        self.problem
    }

    /// The stable name that programs may rely on; finer than [`Self::problem`] for a refused
    /// contact.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        self.code
    }

    /// The sentence for people.
    #[must_use]
    pub fn detail(&self) -> &str {
        &self.detail
    }

    /// When to come again, in seconds.
    #[must_use]
    pub const fn retry_after_seconds(&self) -> Option<u64> {
        self.retry_after
    }

    /// The body of the response.
    #[must_use]
    pub fn body(&self) -> ProblemBody {
        ProblemBody {
            kind: format!("urn:tingxin:problem:{}", self.code),
            title: self.problem.title(),
            status: self.problem.status().as_u16(),
            code: self.code,
            detail: self.detail.clone(),
            pointer: self.pointer.clone(),
        }
    }
}

impl std::fmt::Display for ApiError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.code, self.detail)
    }
}

impl std::error::Error for ApiError {}

impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        self.problem.status()
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status_code());
        if let Some(seconds) = self.retry_after {
            response.insert_header((header::RETRY_AFTER, seconds.to_string()));
        }
        if let Some(methods) = &self.allow {
            response.insert_header((header::ALLOW, methods.clone()));
        }
        if self.problem == Problem::Unauthenticated {
            response.insert_header((header::WWW_AUTHENTICATE, "Bearer realm=\"tingxin\""));
        }
        response.content_type(PROBLEM_JSON).json(self.body())
    }
}

impl From<StoreError> for ApiError {
    fn from(failure: StoreError) -> Self {
        match failure {
            StoreError::NameTaken(_) => Self::new(Problem::NameTaken, "choose another name"),
            StoreError::Full => {
                tracing::error!("the disk of the database is full");
                Self::new(Problem::DiskFull, "nothing was stored; come again when space has been freed")
                    .retry_after(30)
            }
            StoreError::Unavailable(cause) => {
                tracing::error!(%cause, "database unavailable");
                Self::new(Problem::Unavailable, "the database does not answer; come again").retry_after(2)
            }
            // The reason may quote the stored value, which is text of a contact.
            StoreError::Corrupt { what, .. } => {
                tracing::error!(what, "a stored value cannot be read");
                Self::internal()
            }
            other => {
                let cause = std::error::Error::source(&other).map(ToString::to_string);
                tracing::error!(%other, cause, "the store failed");
                Self::internal()
            }
        }
    }
}

impl From<DeskError> for ApiError {
    fn from(failure: DeskError) -> Self {
        let said = failure.to_string();
        match failure {
            DeskError::NotFound => Self::not_found(),
            DeskError::OtherTeam | DeskError::Unconfirmed | DeskError::OwnVerdict => {
                Self::new(Problem::Forbidden, said)
            }
            DeskError::FlagChanged => Self::new(Problem::FlagChanged, said),
            DeskError::CaseChanged => Self::new(Problem::CaseChanged, said),
            DeskError::ApprovalNeeded => Self::new(Problem::ApprovalNeeded, said),
            DeskError::Appealed | DeskError::AppealChanged | DeskError::AppealClosed(_) => {
                Self::new(Problem::AppealClosed, said)
            }
            DeskError::Field { pointer, reason } => Self::new(Problem::InvalidField, reason).at(pointer),
            DeskError::Store(failure) => failure.into(),
            DeskError::Broken => Self::internal(),
        }
    }
}

impl From<LaneError> for ApiError {
    fn from(failure: LaneError) -> Self {
        match failure {
            LaneError::Busy => Self::new(
                Problem::AnalysisBusy,
                "the contact is stored and will be analysed; ask for its analysis later",
            )
            .retry_after(2),
            LaneError::Stopped | LaneError::Failed(_) => {
                tracing::error!(%failure, "the analysis of a stored contact failed");
                Self::new(
                    Problem::Unavailable,
                    "the contact is stored and will be analysed; ask for its analysis later",
                )
                .retry_after(5)
            }
        }
    }
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        let problem = match refusal.code {
            "invalid_json" | "invalid_encoding" => Problem::InvalidJson,
            _ => Problem::InvalidContact,
        };
        let mut error = Self::new(problem, refusal.message);
        error.code = refusal.code;
        error.pointer = refusal.field;
        error
    }
}

impl ApiError {
    /// A defect of the service. Whatever is known about it stands in the log under the request's
    /// id.
    #[must_use]
    pub fn internal() -> Self {
        Self::new(Problem::Internal, "the failure is in the log under this request's X-Request-Id")
    }
}
