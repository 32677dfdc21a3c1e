//! Reading contacts, analyses and flags.

use std::collections::HashMap;

use sqlx::FromRow;
use uuid::Uuid;

use super::jobs::urgency;
use super::list::{self, among, count, list};
use super::search_asked::{BoundedCount, COUNT_TO};
use super::{
    ContactFilter, ContactRecord, ContactSummary, Cursor, FlagFilter, FlagRow, FlaggedContact, Page, Store,
    StoreError, decode, reading, sql, sql_assignments,
};
use tingxin_text::domain::{
    Analysis, ContactRef, Flag, FlagId, FlagStatus, Rule, Staff, TeamId, UtcMillis, Why,
};

#[derive(FromRow)]
pub(super) struct SummaryRow {
    pub(super) id: Uuid,
    source: String,
    contact_id: String,
    revision: i64,
    kind: String,
    channel: String,
    business_process: Option<String>,
    staff_id: Option<String>,
    team: Option<String>,
    started_at: Option<i64>,
    happened_at: i64,
    received_at: i64,
    state: String,
    utterances: i64,
    flags: i64,
}

#[derive(FromRow)]
pub(super) struct StoredFlag {
    id: Uuid,
    contact: Uuid,
    rule: String,
    severity: String,
    status: String,
    probability: f64,
    utterances: String,
    facts: Option<String>,
    reason: String,
    channel: String,
    team: Option<String>,
    happened_at: i64,
    source: String,
    contact_id: String,
    started_at: Option<i64>,
}

#[derive(FromRow)]
struct ContactBodyRow {
    id: Uuid,
    state: String,
    received_at: i64,
    body: String,
}

#[derive(FromRow)]
struct ReviewRow {
    priority: i64,
    contact: Uuid,
}

#[derive(FromRow)]
struct FlagOfContact {
    contact: Uuid,
    status: String,
}

#[derive(FromRow)]
struct CurveRow {
    contact: Uuid,
    curve: String,
}

impl TryFrom<SummaryRow> for ContactSummary {
    type Error = StoreError;

    fn try_from(row: SummaryRow) -> Result<Self, StoreError> {
        let team = decode::optional("contacts.team", row.team.as_deref())?;
        Ok(Self {
            id: ContactRef(row.id),
            source: decode::text("contacts.source", &row.source)?,
            contact_id: decode::text("contacts.contact_id", &row.contact_id)?,
            revision: decode::number("contacts.revision", row.revision)?,
            kind: decode::text("contacts.kind", &row.kind)?,
            channel: decode::text("contacts.channel", &row.channel)?,
            business_process: decode::optional("contacts.business_process", row.business_process.as_deref())?,
            staff: decode::optional("contacts.staff_id", row.staff_id.as_deref())?
                .map(|id| Staff { id, team }),
            started_at: row.started_at.map(UtcMillis::from_millis),
            received_at: UtcMillis::from_millis(row.received_at),
            state: decode::text("contacts.state", &row.state)?,
            utterances: decode::number("contacts.utterances", row.utterances)?,
            flags: decode::number("contacts.flags", row.flags)?,
        })
    }
}

impl TryFrom<StoredFlag> for FlagRow {
    type Error = StoreError;

    fn try_from(row: StoredFlag) -> Result<Self, StoreError> {
        Ok(Self {
            id: FlagId(row.id),
            contact: ContactRef(row.contact),
            source: decode::text("contacts.source", &row.source)?,
            contact_id: decode::text("contacts.contact_id", &row.contact_id)?,
            channel: decode::text("flags.channel", &row.channel)?,
            team: decode::optional("flags.team", row.team.as_deref())?,
            started_at: row.started_at.map(UtcMillis::from_millis),
            flag: Flag {
                rule: decode::text("flags.rule", &row.rule)?,
                severity: decode::text("flags.severity", &row.severity)?,
                probability: row.probability,
                utterances: decode::json("flags.utterances", &row.utterances)?,
                why: match row.facts.as_deref() {
                    Some(facts) => Why::Facts(decode::json("flags.facts", facts)?),
                    None => Why::Sentence(row.reason),
                },
                status: decode::text("flags.status", &row.status)?,
            },
        })
    }
}

/// Most urgent first.
fn order(flag: &Flag) -> (std::cmp::Reverse<i64>, Rule) {
    (std::cmp::Reverse(urgency(flag)), flag.rule)
}

/// Reading. `team` limits every answer to one team's contacts; `None` sees all.
impl Store {
    /// One contact, redacted.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn contact(
        &self,
        id: ContactRef,
        team: Option<&TeamId>,
    ) -> Result<Option<ContactRecord>, StoreError> {
        let row: Option<ContactBodyRow> = reading!(self, |db| {
            sqlx::query_as(sql::CONTACT).bind(id.0).bind(team.map(TeamId::as_str)).fetch_optional(db).await?
        });
        row.map(|row| {
            Ok(ContactRecord {
                id: ContactRef(row.id),
                state: decode::text("contacts.state", &row.state)?,
                received_at: UtcMillis::from_millis(row.received_at),
                contact: decode::json("contact_bodies.body", &row.body)?,
            })
        })
        .transpose()
    }

    /// The current analysis of a contact. While a newer revision waits, it is that of the older one.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn analysis(
        &self,
        id: ContactRef,
        team: Option<&TeamId>,
    ) -> Result<Option<Analysis>, StoreError> {
        let body: Option<String> = reading!(self, |db| {
            sqlx::query_scalar(sql::ANALYSIS)
                .bind(id.0)
                .bind(team.map(TeamId::as_str))
                .fetch_optional(db)
                .await?
        });
        body.map(|body| decode::json("analyses.body", &body)).transpose()
    }

    /// Contacts, newest first. A contact whose source tells no time counts from when it came in.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn contacts(
        &self,
        filter: &ContactFilter,
        after: Option<&Cursor>,
        limit: u32,
    ) -> Result<Page<ContactSummary>, StoreError> {
        let rows: Vec<SummaryRow> = list!(
            self,
            SummaryRow,
            sql::CONTACT_LIST,
            filter.conditions(),
            list::CONTACT_ORDER,
            after,
            limit
        );
        list::page(rows, limit, |row| (row.happened_at, row.id), TryInto::try_into)
    }

    /// Flags of current analyses, newest contact first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn flags(
        &self,
        filter: &FlagFilter,
        after: Option<&Cursor>,
        limit: u32,
    ) -> Result<Page<FlagRow>, StoreError> {
        let rows: Vec<StoredFlag> =
            list!(self, StoredFlag, sql::FLAG_LIST, filter.conditions(), list::FLAG_ORDER, after, limit);
        list::page(rows, limit, |row| (row.happened_at, row.id), TryInto::try_into)
    }

    /// How many flags of these contacts show a status.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn count_flags(
        &self,
        contacts: &[ContactRef],
        status: FlagStatus,
    ) -> Result<HashMap<ContactRef, u32>, StoreError> {
        if contacts.is_empty() {
            return Ok(HashMap::new());
        }
        let keys: Vec<Uuid> = contacts.iter().map(|contact| contact.0).collect();
        let rows: Vec<FlagOfContact> = among!(self, FlagOfContact, sql::FLAGS_SHOWING, "contact", &keys, "");
        let mut counts = HashMap::new();
        for row in rows.into_iter().filter(|row| row.status == status.as_str()) {
            *counts.entry(ContactRef(row.contact)).or_default() += 1;
        }
        Ok(counts)
    }

    /// Flagged contacts for the review queue, most urgent first (by the highest severity and
    /// probability of their flags), with their flags and the customer's valence curve. The filter
    /// chooses contacts that have such a flag; all flags of a chosen contact are given.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn review_queue(
        &self,
        filter: &FlagFilter,
        after: Option<&Cursor>,
        limit: u32,
    ) -> Result<Page<FlaggedContact>, StoreError> {
        let start = match filter.assigned_to {
            Some(_) => sql_assignments::WORK_LIST,
            None => sql::REVIEW_LIST,
        };
        let rows: Vec<ReviewRow> =
            list!(self, ReviewRow, start, filter.queue_conditions(), list::REVIEW_ORDER, after, limit);
        let Page { items: keys, next } = list::page(
            rows,
            limit,
            |row| (row.priority, row.contact),
            |row| Ok::<_, StoreError>(row.contact),
        )?;
        let mut items = self.flagged(&keys).await?;
        for item in &mut items {
            item.flags.retain(|flag| !filter.without.contains(&flag.rule));
        }
        Ok(Page { items, next })
    }

    /// How many contacts the review queue holds, up to [`BoundedCount::MOST`].
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn review_total(&self, filter: &FlagFilter) -> Result<BoundedCount, StoreError> {
        let start = match filter.assigned_to {
            Some(_) => sql_assignments::WORK_TOTAL,
            None => sql::REVIEW_TOTAL,
        };
        BoundedCount::of(count!(self, start, filter.queue_conditions(), COUNT_TO))
    }

    /// Flags of the current analysis of one contact, most urgent first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn flags_of_contact(&self, contact: ContactRef) -> Result<Vec<FlagRow>, StoreError> {
        let rows: Vec<StoredFlag> = among!(self, StoredFlag, sql::FLAG_LIST, "f.contact", &[contact.0], "");
        let mut flags = rows.into_iter().map(FlagRow::try_from).collect::<Result<Vec<_>, _>>()?;
        flags.sort_by_key(|row| order(&row.flag));
        Ok(flags)
    }

    /// Flags of the current analyses of some contacts, most urgent first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn flags_among(
        &self,
        contacts: &[ContactRef],
    ) -> Result<HashMap<ContactRef, Vec<Flag>>, StoreError> {
        if contacts.is_empty() {
            return Ok(HashMap::new());
        }
        let keys: Vec<Uuid> = contacts.iter().map(|contact| contact.0).collect();
        let rows: Vec<StoredFlag> = among!(self, StoredFlag, sql::FLAG_LIST, "f.contact", &keys, "");
        let mut flags: HashMap<ContactRef, Vec<Flag>> = HashMap::new();
        for row in rows {
            flags.entry(ContactRef(row.contact)).or_default().push(FlagRow::try_from(row)?.flag);
        }
        for flags in flags.values_mut() {
            flags.sort_by_key(order);
        }
        Ok(flags)
    }

    /// What the review queue shows of these contacts, in their order. A contact that lost its flags
    /// between two statements is left out.
    async fn flagged(&self, keys: &[Uuid]) -> Result<Vec<FlaggedContact>, StoreError> {
        if keys.is_empty() {
            return Ok(Vec::new());
        }
        let contacts: Vec<SummaryRow> = among!(self, SummaryRow, sql::CONTACT_LIST, "c.id", keys, "");
        let references: Vec<ContactRef> = keys.iter().copied().map(ContactRef).collect();
        let mut flags_of = self.flags_among(&references).await?;
        let curves: Vec<CurveRow> =
            among!(self, CurveRow, sql::CURVES, "a.contact", keys, " AND a.superseded_at IS NULL");
        let mut contacts: HashMap<Uuid, SummaryRow> = contacts.into_iter().map(|row| (row.id, row)).collect();
        let curves: HashMap<Uuid, String> = curves.into_iter().map(|row| (row.contact, row.curve)).collect();
        let mut items = Vec::with_capacity(keys.len());
        for key in keys {
            let (Some(contact), Some(flags)) = (contacts.remove(key), flags_of.remove(&ContactRef(*key)))
            else {
                continue;
            };
            let customer_valence =
                curves.get(key).map(|curve| decode::json("analyses.curve", curve)).transpose()?;
            items.push(FlaggedContact {
                contact: contact.try_into()?,
                flags,
                customer_valence: customer_valence.unwrap_or_default(),
            });
        }
        Ok(items)
    }

    /// Names of the teams that have contacts, sorted, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn teams(&self, limit: u32) -> Result<Vec<TeamId>, StoreError> {
        let names: Vec<String> = reading!(self, |db| {
            sqlx::query_scalar(sql::TEAMS).bind(i64::from(limit)).fetch_all(db).await?
        });
        let mut teams: Vec<TeamId> =
            names.iter().map(|name| decode::text("contacts.team", name)).collect::<Result<_, _>>()?;
        // PostgreSQL sorts by its own collation.
        teams.sort();
        Ok(teams)
    }
}
