//! Who asks, and whether they may: the permission stands in the type of a handler's first argument.

mod credentials;
mod device;
mod login;
mod origin;
mod peer;
mod session;
mod stream_pass;
mod throttle;

use std::marker::PhantomData;

use actix_web::body::{BoxBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use tokio::sync::OwnedSemaphorePermit;

use super::error::{ApiError, Problem};
use super::places::Place;
use super::shed::QuotaLeft;
use super::state::ServiceState;
use crate::desk::Caller;
use crate::domain::{Permission, Purpose};
use crate::store::{Party, on_behalf_of};

pub use login::{
    FirstAccount, LoggedIn, LoginFrom, confirm_password, hash_new_password, log_in, log_out, redeem_setup,
};
pub use origin::{CSRF_FIELD, CSRF_HEADER, same_origin};
pub use peer::peer;
pub use session::ConsoleSession;
pub use stream_pass::StreamPass;
pub use throttle::Logins;

/// Who may use a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anybody.
    Public,
    /// Whoever has the permission.
    Needs(Permission),
}

mod sealed {
    pub trait Sealed {}
}

/// A permission as a type, for [`Allowed`].
pub trait Grant: sealed::Sealed + 'static {
    /// The permission.
    const PERMISSION: Permission;
}

macro_rules! grants {
    ($($name:ident = $permission:ident;)+) => {$(
        #[doc = concat!("[`Permission::", stringify!($permission), "`] as a type.")]
        #[derive(Debug, Clone, Copy)]
        pub enum $name {}
        impl sealed::Sealed for $name {}
        impl Grant for $name {
            const PERMISSION: Permission = Permission::$permission;
        }
    )+};
}

grants! {
    WriteContacts = ContactsWrite;
    ReadContacts = ContactsRead;
    ReadFlags = FlagsRead;
    JudgeFlags = FlagsJudge;
    ReadStaff = StaffRead;
    ReadOwn = StaffOwn;
    WriteCoaching = CoachingWrite;
    WriteTrainings = TrainingsWrite;
    CareForStaff = CareWrite;
    ReadLearning = LearningRead;
    WriteIncidents = IncidentsWrite;
    ReadAppeals = AppealsRead;
    ForwardAppeals = AppealsForward;
    ReadCases = CasesRead;
    WriteCases = CasesWrite;
    ReadMetrics = MetricsRead;
    ReadApi = ApiRead;
    ManageUsers = UsersManage;
    ManageKeys = KeysManage;
    ManageQueue = QueueManage;
    ReadQuality = QualityRead;
    ManageQuality = QualityManage;
    ReadAudit = AuditRead;
    ManagePrivacy = PrivacyManage;
    ExportPeople = PrivacyExport;
    TryFiles = FilesTry;
    ReadEvents = EventsRead;
    ManageHooks = HooksManage;
    ApproveExports = ExportsApprove;
    UseConsole = ConsoleUse;
}

/// The arguments of a handler that may stand in the route table: the first says who is admitted.
pub trait Admitted: sealed::Sealed {
    /// Who may use the route.
    const ACCESS: Access;
}

/// What the first argument of a handler says. Implemented by [`Allowed`] and [`Public`] only.
pub trait Gate: sealed::Sealed {
    /// Who may use the route.
    const ACCESS: Access;
}

macro_rules! admitted {
    ($($rest:ident)*) => {
        impl<G: Gate, $($rest),*> sealed::Sealed for (G, $($rest,)*) {}
        impl<G: Gate, $($rest),*> Admitted for (G, $($rest,)*) {
            const ACCESS: Access = G::ACCESS;
        }
    };
}

admitted!();
admitted!(A);
admitted!(A B);
admitted!(A B C);
admitted!(A B C D);

/// Says that a route is open to everybody, on purpose.
#[derive(Debug, Clone, Copy)]
pub struct Public;

impl sealed::Sealed for Public {}

impl Gate for Public {
    const ACCESS: Access = Access::Public;
}

impl FromRequest for Public {
    type Error = ApiError;
    type Future = std::future::Ready<Result<Self, ApiError>>;

    fn from_request(_: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(Ok(Self))
    }
}

/// Proof that the caller has the permission `G`. A handler that takes it does not run for anybody
/// else.
///
/// Role, team and state are read from the store at every request, so a change acts on the next one.
#[derive(Debug, Clone)]
pub struct Allowed<G> {
    /// Who asks, and what they may see.
    pub caller: Caller,
    /// The console session; `None` for an API key.
    pub session: Option<ConsoleSession>,
    grant: PhantomData<fn() -> G>,
}

impl<G: Grant> sealed::Sealed for Allowed<G> {}

impl<G: Grant> Gate for Allowed<G> {
    const ACCESS: Access = Access::Needs(G::PERMISSION);
}

impl<G: Grant> FromRequest for Allowed<G> {
    type Error = ApiError;
    type Future = std::future::Ready<Result<Self, ApiError>>;

    /// Takes what the route's gate has found. A handler that is mounted past the gate gets nothing.
    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let admitted = request.extensions_mut().remove::<Admission>();
        let admitted = admitted.filter(|admission| admission.permission == G::PERMISSION);
        std::future::ready(admitted.ok_or_else(ApiError::internal).map(|admission| {
            let credentials::Identified { caller, session } = admission.identified;
            Self { caller, session, grant: PhantomData }
        }))
    }
}

/// A caller that the gate has let through.
struct Admission {
    permission: Permission,
    identified: credentials::Identified,
}

/// Routes that answer however busy the service is: without them nobody could see that it is.
const NEVER_SHED: [&str; 3] = ["/livez", "/readyz", "/metrics"];

/// The gate in front of a route's handler. It stands before all extractors, for actix asks those
/// all at once: a body of the wrong type would be refused before it is known who sent it.
pub(super) async fn gate(
    access: Access,
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, actix_web::Error> {
    let refused = match access {
        // Held until the head of the response is ready.
        Access::Needs(permission) => match admit(&mut request, permission).await {
            Ok((identified, _place)) => {
                let party = Party::caller(&identified.caller.actor.name);
                request.extensions_mut().insert(Admission { permission, identified });
                let answer = on_behalf_of(party, next.call(request)).await?;
                return Ok(answer.map_into_boxed_body());
            }
            Err(refusal) => refusal,
        },
        Access::Public => match welcome(&mut request).await {
            Ok(_place) => return Ok(next.call(request).await?.map_into_boxed_body()),
            Err(refusal) => refusal,
        },
    };
    Ok(request.error_response(refused))
}

/// Says on every answer to a known caller how many requests are left.
pub(super) fn tell_quota(mut response: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
    let left = response.request().extensions().get::<QuotaLeft>().copied();
    for (name, text) in
        left.iter().flat_map(|left| [("ratelimit", left.now()), ("ratelimit-policy", left.policy())])
    {
        // Digits and letters alone are always a value.
        if let Ok(value) = HeaderValue::from_str(&text) {
            response.headers_mut().insert(HeaderName::from_static(name), value);
        }
    }
    response
}

/// Finds out who asks, and whether they may. Nobody takes a place among the requests before they
/// are known.
async fn admit(
    request: &mut ServiceRequest,
    permission: Permission,
) -> Result<(credentials::Identified, Option<Place>), ApiError> {
    let state = state_of(request.request())?.clone();
    let shed = !NEVER_SHED.contains(&request.path());
    let mut identified = {
        let address = peer(request.request(), &state).to_string();
        let _arrival = shed.then(|| state.gates.arrival(&address)).transpose()?;
        credentials::identify(request.request(), &state).await?
    };
    let caller = &identified.caller;
    let (left, within) = state.gates.caller(&caller.actor.name);
    request.extensions_mut().insert(left);
    within?;
    let place = shed.then(|| state.gates.request(&caller.actor.name)).transpose()?;
    if !caller.actor.role.is_some_and(|role| role.allows(permission)) {
        audit_refusal(request.request(), &state, caller).await?;
        return Err(ApiError::new(Problem::Forbidden, format!("the permission `{permission}` is needed")));
    }
    origin::remember_csrf_field(request, state.limits.body_timeout).await?;
    if let Some(session) = &identified.session {
        origin::check_change(request.request(), &session.csrf)?;
    }
    let purpose = permission.purpose();
    identified.caller.purpose =
        if identified.session.is_some() { purpose } else { purpose.and(Some(Purpose::Api)) };
    Ok((identified, place))
}

/// Lets in whoever asks for a page that is everybody's. A form of a stranger is read in a place of
/// its own, and worked on in one of a few.
async fn welcome(request: &mut ServiceRequest) -> Result<Option<OwnedSemaphorePermit>, ApiError> {
    if !origin::is_form(request) {
        return Ok(None);
    }
    let state = state_of(request.request())?.clone();
    let mut visit = state.gates.visitors.enter(peer(request.request(), &state));
    tokio::select! {
        read = origin::remember_csrf_field(request, state.limits.body_timeout) => read?,
        () = visit.over() => return Err(state.gates.overloaded("too many forms come in at once")),
    }
    state.gates.door().map(Some)
}

impl<G> std::ops::Deref for Allowed<G> {
    type Target = Caller;

    fn deref(&self) -> &Caller {
        &self.caller
    }
}

impl<G> Allowed<G> {
    /// The console session of a page's visitor.
    ///
    /// # Errors
    /// [`Problem::Forbidden`] for an API key: keys do not use pages.
    pub fn console(&self) -> Result<&ConsoleSession, ApiError> {
        self.session
            .as_ref()
            .ok_or_else(|| ApiError::new(Problem::Forbidden, "API keys cannot use the console"))
    }
}

fn state_of(request: &HttpRequest) -> Result<&ServiceState, ApiError> {
    request.app_data::<web::Data<ServiceState>>().map(|data| &***data).ok_or_else(ApiError::internal)
}

/// A known caller who may not is worth remembering. The object is the route's template and, where
/// the path holds one, a contact's key: nothing that the caller made up.
async fn audit_refusal(request: &HttpRequest, state: &ServiceState, caller: &Caller) -> Result<(), ApiError> {
    let template = state.route_name(request.match_pattern().as_deref(), request.method().as_str()).0;
    let id = request.match_info().get("id").and_then(|id| uuid::Uuid::parse_str(id).ok());
    let id = id.map(|id| format!(" {id}")).unwrap_or_default();
    let object = format!("{} {template}{id}", request.method());
    Ok(state.desk.write_down(caller, "access.refused", object, false).await?)
}
