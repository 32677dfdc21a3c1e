//! Everything that is held about a person, in a form that can be handed over (PIPL, article 45).
//!
//! A contact has two sides. A customer gets both sides' words, without the work number of whoever
//! served; a member of staff gets what they said themselves, without the customer's words. What
//! reviewers are called goes to neither.

use serde::Serialize;
use tingxin_store::{AppealFilter, AuditEntry, Erasable, HeldContact, Store, User, Verdict};
use tingxin_text::domain::{
    Analysis, Body, BusinessProcess, Channel, ContactId, ContactMeasures, ContactRef, ContactState,
    FlagStatus, Kind, Objection, Purpose, RedactedText, Role, Rule, SourceId, Speaker, Survey, TeamId,
    UtcMillis,
};
use tingxin_text::redact::Redactor;

use crate::erasure::{Subject, label, resolve, unlimited};
use crate::handed::{
    AgreedCoaching, OneAppeal, OneCare, OneCase, WeeklySum, agreed, appealed, cared, owed, sum,
};
use crate::{Caller, Desk, DeskError, write_down};

/// Contacts of one portion.
const PORTION: u32 = 50;

/// Entries of the audit log read at once.
const AUDIT_PORTION: u32 = 1_000;

/// Appeals of one person: far more than anybody files.
const MOST_APPEALS: u32 = 10_000;

/// One line of what is handed over.
#[derive(Debug, Serialize)]
#[serde(tag = "record", rename_all = "snake_case")]
pub enum Record {
    /// Whom it is about: the first line.
    Person(PersonHead),
    /// A contact.
    Contact(Box<OneContact>),
    /// The sums of a member of staff in a week.
    WeeklySum(WeeklySum),
    /// Coaching that was agreed with a member of staff.
    Coaching(AgreedCoaching),
    /// Care that a member of staff was owed after abuse.
    Care(OneCare),
    /// An appeal of a member of staff.
    Appeal(OneAppeal),
    /// A case of a customer.
    Case(OneCase),
    /// An account that sees a person's results.
    Account(LinkedAccount),
    /// What that account did.
    Audit(AuditLine),
    /// The last line: what has it is whole.
    End {},
}

/// Whom it is about.
#[derive(Debug, Serialize)]
pub struct PersonHead {
    schema: &'static str,
    kind: &'static str,
    /// Work number, or pseudonym of a customer: the id itself is kept nowhere.
    known_as: String,
    written_at: UtcMillis,
    contacts: u64,
    /// What a member of staff is called, where the operator gives it.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
}

/// A contact with what was made of it.
#[derive(Debug, Serialize)]
pub struct OneContact {
    id: ContactRef,
    state: ContactState,
    received_at: UtcMillis,
    source: SourceId,
    contact_id: ContactId,
    revision: u32,
    kind: Kind,
    channel: Channel,
    started_at: Option<UtcMillis>,
    business_process: Option<BusinessProcess>,
    team: Option<TeamId>,
    survey: Option<Survey>,
    texts: Vec<SaidText>,
    numbers: Option<ContactMeasures>,
    analyses: Vec<OneAnalysis>,
    verdicts: Vec<OneVerdict>,
}

#[derive(Debug, Serialize)]
struct SaidText {
    index: usize,
    speaker: Option<Speaker>,
    text: RedactedText,
}

#[derive(Debug, Serialize)]
struct OneAnalysis {
    superseded: bool,
    analysis: Analysis,
}

#[derive(Debug, Serialize)]
struct OneVerdict {
    rule: Rule,
    utterances: Vec<usize>,
    revision: u32,
    status: FlagStatus,
    objection: Option<Objection>,
    note: Option<String>,
    judged_at: UtcMillis,
}

/// An account.
#[derive(Debug, Serialize)]
pub struct LinkedAccount {
    name: String,
    role: Role,
    team: Option<TeamId>,
    disabled: bool,
    created_at: UtcMillis,
}

/// An entry of the audit log.
#[derive(Debug, Serialize)]
pub struct AuditLine {
    at: UtcMillis,
    action: String,
    object: String,
    result: String,
    address: Option<String>,
    purpose: Option<Purpose>,
}

impl PersonHead {
    const SCHEMA: &'static str = "tingxin.person.v1";
}

/// What is left of one who asks: the words of the other side are another person's.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Both,
    Staff,
}

impl Side {
    fn keeps(self, speaker: Option<Speaker>) -> bool {
        self == Self::Both || speaker == Some(Speaker::Agent)
    }
}

impl OneContact {
    fn new(held: HeldContact, verdicts: Vec<Verdict>, side: Side) -> Self {
        let HeldContact { record, measures, analyses } = held;
        let (header, body) = (record.contact.header, record.contact.body);
        Self {
            id: record.id,
            state: record.state,
            received_at: record.received_at,
            source: header.source,
            contact_id: header.contact_id,
            revision: header.revision,
            kind: body.kind(),
            channel: header.channel,
            started_at: header.started_at,
            business_process: header.business_process,
            team: header.staff.and_then(|staff| staff.team).filter(|_| side == Side::Staff),
            survey: header.survey,
            texts: texts(&body, side),
            numbers: measures,
            analyses: analyses.into_iter().map(|one| OneAnalysis::new(one, side)).collect(),
            verdicts: verdicts.into_iter().map(|one| OneVerdict::new(one, side)).collect(),
        }
    }
}

fn texts(body: &Body<tingxin_text::domain::RedactedLine>, side: Side) -> Vec<SaidText> {
    let numbered = body.texts().enumerate().filter(|(_, (speaker, _))| side.keeps(*speaker));
    numbered.map(|(index, (speaker, line))| SaidText { index, speaker, text: line.text.clone() }).collect()
}

impl OneAnalysis {
    fn new((mut analysis, superseded): (Analysis, bool), side: Side) -> Self {
        if side == Side::Staff {
            analysis.utterances.retain(|one| side.keeps(Some(one.speaker)));
            // Sentences of a note tell of the customer.
            analysis.reported.clear();
            // What a flag quotes may be the customer's.
            analysis.flags.iter_mut().for_each(tingxin_text::domain::Flag::forget_words);
        }
        Self { superseded, analysis }
    }
}

impl OneVerdict {
    fn new(verdict: Verdict, side: Side) -> Self {
        let Verdict {
            rule,
            utterances,
            revision,
            status,
            objection,
            note,
            judged_at,
            flag: _,
            judged_by: _,
            bulk_bound: _,
        } = verdict;
        // A note may quote the customer.
        let note = note.filter(|_| side == Side::Both);
        Self { rule, utterances, revision, status, objection, note, judged_at }
    }
}

/// What is handed over, portion by portion: as much as there is fits into no memory.
pub struct Handover {
    store: Store,
    subject: Erasable,
    /// The contact after which it goes on; `None` before the first portion.
    after: Option<ContactRef>,
    begun: bool,
    ended: bool,
}

impl Handover {
    /// Begins to hand over, and writes down that it is done.
    ///
    /// # Errors
    /// [`DeskError::OtherTeam`] for whoever is limited to a team, [`DeskError::Field`],
    /// [`DeskError::Store`].
    pub async fn begin(
        store: &Store,
        redactor: &Redactor,
        caller: &Caller,
        subject: &Subject,
    ) -> Result<Self, DeskError> {
        unlimited(caller)?;
        if matches!(subject, Subject::Contact { .. }) {
            return Err(DeskError::field("", "name a customer or a member of staff"));
        }
        let subject = resolve(store, redactor, subject).await?;
        write_down(store, caller, "person.export", label(&subject), true).await?;
        Ok(Self { store: store.clone(), subject, after: None, begun: false, ended: false })
    }

    /// The next portion; `None` when everything has been handed over.
    ///
    /// # Errors
    /// [`DeskError::Store`].
    pub async fn portion(&mut self) -> Result<Option<Vec<Record>>, DeskError> {
        if !self.begun {
            self.begun = true;
            return self.first().await.map(Some);
        }
        if self.ended {
            return Ok(None);
        }
        let held = self.store.held_contacts(&self.subject, self.after, PORTION).await?;
        let Some(last) = held.last() else {
            self.ended = true;
            return Ok(Some(vec![Record::End {}]));
        };
        self.after = Some(last.record.id);
        let side = if matches!(self.subject, Erasable::Staff(_)) { Side::Staff } else { Side::Both };
        let mut records = Vec::with_capacity(held.len());
        for one in held {
            let verdicts = self.store.verdicts(one.record.id).await?;
            records.push(Record::Contact(Box::new(OneContact::new(one, verdicts, side))));
        }
        Ok(Some(records))
    }

    /// Whom it is about, and what is kept of a member of staff beside contacts.
    async fn first(&self) -> Result<Vec<Record>, DeskError> {
        let (kind, known_as) = match &self.subject {
            Erasable::Customer(customer) => ("customer", customer.to_string()),
            Erasable::Staff(staff) => ("staff", staff.to_string()),
            Erasable::Contact(id) => ("contact", id.to_string()),
        };
        let contacts = self.store.extent(&self.subject).await?.contacts;
        let (schema, written_at) = (PersonHead::SCHEMA, UtcMillis::now());
        let name = match &self.subject {
            Erasable::Staff(staff) => self.store.staff_name(staff).await?,
            Erasable::Customer(_) | Erasable::Contact(_) => None,
        };
        let head = PersonHead { schema, kind, known_as, written_at, contacts, name };
        let mut records = vec![Record::Person(head)];
        if let Erasable::Customer(customer) = &self.subject {
            for case in self.store.cases_of_customer(customer.as_str()).await? {
                let entries = self.store.case_entries(case.id).await?;
                records.push(Record::Case(owed(&case, entries)));
            }
        }
        if let Erasable::Staff(staff) = &self.subject {
            records.extend(self.store.sums_of(staff).await?.iter().map(sum).map(Record::WeeklySum));
            records
                .extend(self.store.coaching_of(staff).await?.into_iter().map(agreed).map(Record::Coaching));
            records.extend(self.store.care_of(staff).await?.into_iter().map(cared).map(Record::Care));
            let own = AppealFilter { staff: Some(staff.clone()), ..AppealFilter::default() };
            let appeals = self.store.appeals(&own, None, MOST_APPEALS).await?;
            records.extend(appeals.items.into_iter().map(appealed).map(Record::Appeal));
            for User { name, role, team, disabled, created_at } in self.store.accounts_of(staff).await? {
                let actor = format!("user:{name}");
                records.push(Record::Account(LinkedAccount { name, role, team, disabled, created_at }));
                self.audit_by(&actor, &mut records).await?;
            }
        }
        Ok(records)
    }

    async fn audit_by(&self, actor: &str, records: &mut Vec<Record>) -> Result<(), DeskError> {
        let mut after = 0;
        loop {
            let entries = self.store.audit_by(actor, after, AUDIT_PORTION).await?;
            let Some(last) = entries.last() else { return Ok(()) };
            after = last.seq;
            records.extend(entries.into_iter().map(|entry| {
                let AuditEntry { at, action, object, result, address, purpose, .. } = entry;
                Record::Audit(AuditLine { at, action, object, result, address, purpose })
            }));
        }
    }
}

impl Desk {
    /// Begins to hand over what is held about a person.
    ///
    /// # Errors
    /// As [`Handover::begin`].
    pub async fn hand_over(&self, caller: &Caller, subject: &Subject) -> Result<Handover, DeskError> {
        Handover::begin(&self.store, &self.redactor, caller, subject).await
    }
}
