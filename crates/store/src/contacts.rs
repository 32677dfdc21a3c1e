//! Taking contacts in.

use sqlx::FromRow;
use uuid::Uuid;

use super::index::share_of_scale;
use super::sql_statistics::WEEKS_BEFORE;
use super::{IngestReceipt, Store, StoreError, decode, sql, sql_queue, sql_search, sql_statistics, writing};
use tingxin_text::domain::{
    BusinessProcess, ContactRef, CustomerPseudonym, Header, Intake, StaffId, TeamId, UtcMillis,
};

/// What is there under the identity of a contact that was neither added nor updated.
#[derive(FromRow)]
struct Present {
    id: Uuid,
    revision: i64,
    digest: String,
    team: Option<String>,
}

/// An intake whose texts are ready to be bound, so that nothing is computed while the writer waits.
struct PreparedIntake<'a> {
    position: usize,
    header: &'a Header,
    customer: Option<&'a str>,
    utterances: i64,
    fresh: ContactRef,
    digest: String,
    kind: &'static str,
    body: String,
}

impl<'a> PreparedIntake<'a> {
    fn new(position: usize, intake: &'a Intake) -> Result<Self, StoreError> {
        let contact = &intake.contact;
        Ok(Self {
            position,
            header: &contact.header,
            customer: contact.customer.as_ref().map(CustomerPseudonym::as_str),
            utterances: i64::try_from(contact.body.len()).unwrap_or(i64::MAX),
            fresh: ContactRef::fresh(),
            digest: intake.digest.to_hex(),
            kind: contact.body.kind().as_str(),
            body: decode::to_json("contact_bodies.body", contact)?,
        })
    }

    fn team(&self) -> Option<&'a str> {
        self.header.staff.as_ref().and_then(|staff| staff.team.as_ref()).map(TeamId::as_str)
    }

    fn staff(&self) -> Option<&'a str> {
        self.header.staff.as_ref().map(|staff| &staff.id).map(StaffId::as_str)
    }

    /// What it means that the statement wrote nothing. Whose it is comes first: whoever may not see
    /// the contact is not told its revision or whether the content is the same.
    fn compared_with(&self, present: &Present, own: Option<&str>) -> Result<IngestReceipt, StoreError> {
        let id = ContactRef(present.id);
        Ok(if own.is_some() && present.team.as_deref() != own {
            IngestReceipt::HeldByOtherTeam
        } else if present.revision > i64::from(self.header.revision) {
            IngestReceipt::Stale { id, current: decode::number("contacts.revision", present.revision)? }
        } else if present.digest == self.digest {
            IngestReceipt::Unchanged(id)
        } else {
            IngestReceipt::Conflict(id)
        })
    }
}

/// Adds the contact or brings it to this revision; its key, or `None` when nothing was written.
macro_rules! upsert {
    ($tx:ident, $item:ident, $own:ident, $now:ident) => {
        sqlx::query_scalar(sql::UPSERT_CONTACT)
            .bind($item.fresh.0)
            .bind($item.header.source.as_str())
            .bind($item.header.contact_id.as_str())
            .bind(i64::from($item.header.revision))
            .bind(&$item.digest)
            .bind($item.kind)
            .bind($item.header.channel.as_str())
            .bind($item.header.business_process.as_ref().map(BusinessProcess::as_str))
            .bind($item.staff())
            .bind($item.team())
            .bind($item.customer)
            .bind($item.header.started_at.map(UtcMillis::as_millis))
            .bind($now)
            .bind($item.utterances)
            .bind($own)
            .bind($item.header.survey.map(share_of_scale))
            .fetch_optional(&mut *$tx)
            .await?
    };
}

/// Marks the sums in which the contact stands before it is replaced.
macro_rules! mark_identity {
    ($tx:ident, $item:ident) => {
        sqlx::query(sql_statistics::MARK_IDENTITY)
            .bind($item.header.source.as_str())
            .bind($item.header.contact_id.as_str())
            .bind(WEEKS_BEFORE)
            .execute(&mut *$tx)
            .await?;
    };
}

/// Takes the job and the words of the older revision away and moves its flags to where the contact is now.
macro_rules! retire_revision {
    ($tx:ident, $item:ident, $id:ident) => {
        sqlx::query(sql_queue::DROP_JOB).bind($id).execute(&mut *$tx).await?;
        sqlx::query(sql_search::UNINDEX).bind($id).execute(&mut *$tx).await?;
        sqlx::query(sql::MOVE_FLAGS)
            .bind($id)
            .bind($item.header.channel.as_str())
            .bind($item.team())
            .execute(&mut *$tx)
            .await?;
    };
}

/// Stores the text and queues it.
macro_rules! queue {
    ($tx:ident, $item:ident, $id:ident, $now:ident) => {
        sqlx::query(sql::PUT_BODY).bind($id).bind(&$item.body).execute(&mut *$tx).await?;
        sqlx::query(sql_queue::ADD_JOB)
            .bind($id)
            .bind(i64::from($item.header.revision))
            .bind($now)
            .execute(&mut *$tx)
            .await?;
    };
}

impl Store {
    /// Stores contacts with their jobs in one transaction; one receipt for each, in order.
    /// Durable when it returns.
    ///
    /// The same contact may stand in the batch several times: the later one meets the earlier.
    ///
    /// # Errors
    /// [`StoreError`] when nothing was stored.
    pub async fn ingest(&self, intakes: &[Intake], now: UtcMillis) -> Result<Vec<IngestReceipt>, StoreError> {
        self.ingest_for(None, intakes, now).await
    }

    /// The same for a caller who is limited to the team `own`: contacts that name another team or
    /// none, and those that are there under another team or none, are left as they are.
    ///
    /// # Errors
    /// [`StoreError`] when nothing was stored.
    pub async fn ingest_for(
        &self,
        own: Option<&TeamId>,
        intakes: &[Intake],
        now: UtcMillis,
    ) -> Result<Vec<IngestReceipt>, StoreError> {
        if intakes.is_empty() {
            return Ok(Vec::new());
        }
        let mut prepared = intakes
            .iter()
            .enumerate()
            .map(|(position, intake)| PreparedIntake::new(position, intake))
            .collect::<Result<Vec<_>, _>>()?;
        // The lock order of the store, see `queue.rs`. The sort is stable: equal contacts keep
        // theirs.
        prepared.sort_by(|a, b| {
            (&a.header.source, &a.header.contact_id).cmp(&(&b.header.source, &b.header.contact_id))
        });
        let (own, now) = (own.map(TeamId::as_str), now.as_millis());
        let mut receipts: Vec<(usize, IngestReceipt)> = writing!(self, |tx| {
            let mut receipts = Vec::with_capacity(prepared.len());
            for item in &prepared {
                if own.is_some() && item.team() != own {
                    receipts.push((item.position, IngestReceipt::SentForOtherTeam));
                    continue;
                }
                if item.header.revision > 1 {
                    // It may leave a person, a queue or a week, whose sums must not keep it.
                    mark_identity!(tx, item);
                }
                let written: Option<Uuid> = upsert!(tx, item, own, now);
                let receipt = match written {
                    None => {
                        let present: Present = sqlx::query_as(sql::FIND_CONTACT)
                            .bind(item.header.source.as_str())
                            .bind(item.header.contact_id.as_str())
                            .fetch_one(&mut *tx)
                            .await?;
                        item.compared_with(&present, own)?
                    }
                    Some(id) => {
                        let is_new = id == item.fresh.0;
                        if !is_new {
                            retire_revision!(tx, item, id);
                        }
                        queue!(tx, item, id, now);
                        let id = ContactRef(id);
                        if is_new { IngestReceipt::Queued(id) } else { IngestReceipt::Updated(id) }
                    }
                };
                receipts.push((item.position, receipt));
            }
            receipts
        });
        receipts.sort_by_key(|(position, _)| *position);
        Ok(receipts.into_iter().map(|(_, receipt)| receipt).collect())
    }
}
