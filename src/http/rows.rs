//! Rows of the store as they go over the wire. The store's own types know no JSON.

use serde::Serialize;
use uuid::Uuid;

use crate::domain::{
    AppealState, BusinessProcess, Channel, ContactId, ContactRef, ContactState, Flag, FlagId, FlagStatus,
    Kind, Objection, Programme, PublishedFlag, Purpose, Role, Rule, SourceId, Staff, StaffId, TeamId,
    UtcMillis,
};
use crate::store::{
    Appeal, AuditEntry, CareTask, Coaching, ContactSummary, FlagRow, Incident, Training, Verdict,
};

/// A shape with the fields of a row.
macro_rules! row {
    ($(#[$about:meta])* $view:ident of $row:ident { $($(#[$field_about:meta])* $field:ident: $type:ty,)+ }) => {
        #[derive(Debug, Serialize, utoipa::ToSchema)]
        $(#[$about])*
        pub(super) struct $view { $($(#[$field_about])* $field: $type,)+ }

        impl From<$row> for $view {
            fn from(row: $row) -> Self {
                Self { $($field: row.$field,)+ }
            }
        }
    };
}

pub(super) use row;

row! {
    /// One contact in a list.
    #[schema(as = ContactSummary)]
    ListedContact of ContactSummary {
        /// Our key.
        id: ContactRef,
        /// Where it came from.
        source: SourceId,
        /// Its id there.
        contact_id: ContactId,
        /// Current revision.
        revision: u32,
        /// Transcript or note.
        kind: Kind,
        /// Touchpoint.
        channel: Channel,
        /// What it was about.
        business_process: Option<BusinessProcess>,
        /// Who served.
        staff: Option<Staff>,
        /// When it began.
        #[schema(value_type = Option<String>, format = DateTime)]
        started_at: Option<UtcMillis>,
        /// When it came in.
        #[schema(value_type = String, format = DateTime)]
        received_at: UtcMillis,
        /// How far it is.
        state: ContactState,
        /// Number of turns or sentences.
        utterances: u32,
        /// Number of flags of the current analysis.
        flags: u32,
    }
}

row! {
    /// One flag in a list.
    #[schema(as = FlagRow)]
    ListedFlag of FlagRow {
        /// Key of the flag.
        id: FlagId,
        /// Key of its contact.
        contact: ContactRef,
        /// Where the contact came from.
        source: SourceId,
        /// Its id there.
        contact_id: ContactId,
        /// Touchpoint.
        channel: Channel,
        /// Team that served.
        team: Option<TeamId>,
        /// When the contact began.
        #[schema(value_type = Option<String>, format = DateTime)]
        started_at: Option<UtcMillis>,
        /// The flag.
        #[serde(flatten)]
        #[schema(value_type = PublishedFlag)]
        flag: Flag,
    }
}

row! {
    /// What somebody said about a flag.
    #[schema(as = Verdict)]
    ListedVerdict of Verdict {
        /// Which flag.
        flag: FlagId,
        /// What had raised it.
        rule: Rule,
        /// The turns it pointed at.
        utterances: Vec<usize>,
        /// Revision of the contact that was listened to.
        revision: u32,
        /// Confirmed, rejected or unclear; `candidate` when it was taken back.
        status: FlagStatus,
        /// Why it was rejected, of the fixed list.
        objection: Option<Objection>,
        /// Why, in words.
        note: Option<String>,
        /// Who said so.
        judged_by: String,
        /// When.
        #[schema(value_type = String, format = DateTime)]
        judged_at: UtcMillis,
        /// Where nobody listened to this one and the verdict was given to many alike: the upper end, at 95 %, of the share of
        /// them that is wrong.
        bulk_bound: Option<f64>,
    }
}

row! {
    /// An appeal of staff against a confirmed flag of an own contact.
    #[schema(as = Appeal)]
    ListedAppeal of Appeal {
        /// Our key.
        id: Uuid,
        /// The flag.
        flag: FlagId,
        /// Its contact.
        contact: ContactRef,
        /// Revision of the contact that was listened to.
        revision: u32,
        /// What had raised the flag.
        rule: Rule,
        /// The turns it pointed at.
        utterances: Vec<usize>,
        /// Who appeals.
        staff: StaffId,
        /// Team that served the contact.
        team: Option<TeamId>,
        /// How far it is.
        state: AppealState,
        /// What the person says; null when the words of the contact are gone.
        text: Option<String>,
        /// The account that filed it.
        filed_by: String,
        /// When.
        #[schema(value_type = String, format = DateTime)]
        filed_at: UtcMillis,
        /// Whose verdict it is about.
        confirmed_by: String,
        /// What the lead says.
        answer: Option<String>,
        /// The lead who answered or forwarded it.
        answered_by: Option<String>,
        /// When.
        #[schema(value_type = Option<String>, format = DateTime)]
        answered_at: Option<UtcMillis>,
        /// Why it was decided so.
        reason: Option<String>,
        /// The second reviewer.
        decided_by: Option<String>,
        /// When.
        #[schema(value_type = Option<String>, format = DateTime)]
        decided_at: Option<UtcMillis>,
        /// When the present step should be done.
        #[schema(value_type = String, format = DateTime)]
        due_at: UtcMillis,
    }
}

row! {
    /// A time in which something was wrong that staff cannot help.
    #[schema(as = Incident)]
    ListedIncident of Incident {
        /// Our key.
        id: Uuid,
        /// First moment.
        #[schema(value_type = String, format = DateTime)]
        begins_at: UtcMillis,
        /// First moment after it.
        #[schema(value_type = String, format = DateTime)]
        ends_at: UtcMillis,
        /// Only this touchpoint; null for all.
        channel: Option<Channel>,
        /// Only this process; null for all.
        business_process: Option<BusinessProcess>,
        /// Only this team; null for all.
        team: Option<TeamId>,
        /// What was wrong.
        note: String,
        /// Who says so.
        declared_by: String,
        /// Since when it is known here.
        #[schema(value_type = String, format = DateTime)]
        declared_at: UtcMillis,
        /// No longer counted since.
        #[schema(value_type = Option<String>, format = DateTime)]
        revoked_at: Option<UtcMillis>,
    }
}

row! {
    /// Agreed coaching.
    #[schema(as = Coaching)]
    ListedCoaching of Coaching {
        /// Our key.
        id: Uuid,
        /// Whom.
        staff: StaffId,
        /// Their team.
        team: Option<TeamId>,
        /// The behaviour, by the name of its indicator.
        indicator: String,
        /// Agreed action.
        note: String,
        /// Trainer.
        agreed_by: String,
        /// When; contacts of the weeks after that one count as after.
        #[schema(value_type = String, format = DateTime)]
        agreed_at: UtcMillis,
        /// Taken back since.
        #[schema(value_type = Option<String>, format = DateTime)]
        ended_at: Option<UtcMillis>,
        /// Until when it should be done.
        #[schema(value_type = Option<String>, format = DateTime)]
        due_at: Option<UtcMillis>,
        /// The kind of help.
        programme: Option<Programme>,
        /// Item of the catalogue of trainings.
        training: Option<Uuid>,
        /// For whoever agreed it; null for everybody else.
        private_note: Option<String>,
        /// For the person, too.
        shared_note: Option<String>,
        /// When the person said that they have read it.
        #[schema(value_type = Option<String>, format = DateTime)]
        acknowledged_at: Option<UtcMillis>,
        /// What the person said with that.
        acknowledged_note: Option<String>,
        /// When it was done.
        #[schema(value_type = Option<String>, format = DateTime)]
        done_at: Option<UtcMillis>,
    }
}

row! {
    /// A training that coaching may name.
    #[schema(as = Training)]
    ListedTraining of Training {
        /// Our key.
        id: Uuid,
        /// What it is called.
        title: String,
        /// The same in English.
        title_en: Option<String>,
        /// Behaviour that it is for; null for any.
        indicator: Option<String>,
        /// The kind of help.
        programme: Programme,
        /// What is done.
        about: String,
        /// Who added it; `system` for what is shipped.
        added_by: String,
        /// When.
        #[schema(value_type = String, format = DateTime)]
        added_at: UtcMillis,
        /// No longer offered since.
        #[schema(value_type = Option<String>, format = DateTime)]
        retired_at: Option<UtcMillis>,
    }
}

row! {
    /// A task to support somebody who was insulted or threatened.
    #[schema(as = CareTask)]
    ListedCare of CareTask {
        /// Where it happened.
        contact: ContactRef,
        /// Who needs support.
        staff: StaffId,
        /// Team that served.
        team: Option<TeamId>,
        /// The account that sees to it.
        owner: Option<String>,
        /// When it was made.
        #[schema(value_type = String, format = DateTime)]
        made_at: UtcMillis,
        /// Until when somebody should have talked to the person.
        #[schema(value_type = String, format = DateTime)]
        due_at: UtcMillis,
        /// When it was done.
        #[schema(value_type = Option<String>, format = DateTime)]
        done_at: Option<UtcMillis>,
        /// Who says so.
        done_by: Option<String>,
        /// What was done.
        note: Option<String>,
    }
}

row! {
    /// An entry of the audit log.
    #[schema(as = AuditEntry)]
    ListedAudit of AuditEntry {
        /// Position in the log, from 1.
        seq: i64,
        /// When.
        #[schema(value_type = String, format = DateTime)]
        at: UtcMillis,
        /// Who.
        actor: String,
        /// In which role.
        role: Option<Role>,
        /// What was done.
        action: String,
        /// To what.
        object: String,
        /// `ok` or `refused`.
        result: String,
        /// From which address; null on the machine itself and in entries of releases that did not
        /// keep it.
        address: Option<String>,
        /// What a read was for; null for a change and in entries of releases that did not keep it.
        purpose: Option<Purpose>,
        /// SHA-256 over this entry and the chain before it, hexadecimal.
        chain: String,
    }
}
