//! Cases and their steps as they go over the wire.

use serde::Serialize;
use uuid::Uuid;

use super::rows::row;
use crate::domain::{
    BusinessProcess, CaseAct, CaseCause, CaseKind, CaseOrigin, CaseOutcome, CaseState, CaseTerm, Channel,
    ContactRef, TeamId, UtcMillis,
};
use crate::store::{CaseEntry, ServiceCase};

row! {
    /// A case: somebody owes a customer an answer.
    #[schema(as = Case)]
    ListedCase of ServiceCase {
        /// Our key.
        id: Uuid,
        /// The contact it is about.
        contact: ContactRef,
        /// Pseudonym of the customer.
        customer: Option<String>,
        /// Team that served.
        team: Option<TeamId>,
        /// Touchpoint.
        channel: Channel,
        /// What the contact was about.
        business_process: Option<BusinessProcess>,
        /// What is owed.
        kind: CaseKind,
        /// Why it was opened. What a machine opened is a candidate for whoever calls back, not a fault of whoever served.
        origin: CaseOrigin,
        /// How far it is.
        state: CaseState,
        /// How long it may take.
        term: CaseTerm,
        /// When it was opened.
        #[schema(value_type = String, format = DateTime)]
        opened_at: UtcMillis,
        /// By whom.
        opened_by: String,
        /// When the customer should have the answer.
        #[schema(value_type = String, format = DateTime)]
        due_at: UtcMillis,
        /// Who took it first and stays responsible.
        first_owner: Option<String>,
        /// Who has it now.
        owner: Option<String>,
        /// Department that was asked last.
        department: Option<String>,
        /// How often it went on to another department.
        bounces: u32,
        /// Why the customer was not helped at once, as whoever closed it sees it.
        cause: Option<CaseCause>,
        /// What became of it.
        outcome: Option<CaseOutcome>,
        /// What the customer says afterwards, 1 to 5.
        satisfaction: Option<u8>,
        /// When it was closed.
        #[schema(value_type = Option<String>, format = DateTime)]
        closed_at: Option<UtcMillis>,
        /// By whom.
        closed_by: Option<String>,
        /// How often it was opened again.
        reopened: u32,
        /// When the customer came back after it was closed and said that nothing is settled.
        #[schema(value_type = Option<String>, format = DateTime)]
        came_back_at: Option<UtcMillis>,
        /// With which contact.
        came_back: Option<ContactRef>,
    }
}

row! {
    /// Something that was done with a case.
    #[schema(as = CaseStep)]
    ListedCaseEntry of CaseEntry {
        /// When.
        #[schema(value_type = String, format = DateTime)]
        at: UtcMillis,
        /// Who did it.
        by: String,
        /// What.
        act: CaseAct,
        /// The account or department it went to.
        to: Option<String>,
        /// The contact with which the customer came back.
        contact: Option<ContactRef>,
        /// What was said about it; null when the words are gone.
        note: Option<String>,
    }
}
