//! Contacts that ask for a case.
//!
//! The transaction that stores an analysis leaves one row for such a contact and decides nothing; whoever takes the row up
//! later opens the case. So the many contacts that ask for none cost nothing there, and the few that do cost one row.

use sqlx::FromRow;
use uuid::Uuid;

use super::case_rows::{CaseLead, SettledLead, StandingCase};
use super::cases::open_case;
use super::news::news_of_case;
use super::{Actor, Store, StoreError, decode, reading, sql_cases as sql, sql_queue, writing};
use tingxin_text::domain::{CaseAct, ContactRef, UtcMillis};

#[derive(FromRow)]
#[expect(clippy::struct_excessive_bools, reason = "they are independent findings, as they were read")]
struct LeadRow {
    contact: Uuid,
    promised: bool,
    promised_hours: Option<i64>,
    unsettled: bool,
    customer: Option<String>,
    channel: String,
    business_process: Option<String>,
    happened_at: i64,
    ended_badly: bool,
    dissatisfied: bool,
    distressed: bool,
    known: bool,
    standing: Option<Uuid>,
    standing_state: Option<String>,
    standing_closed_at: Option<i64>,
    standing_owner: Option<String>,
}

impl TryFrom<LeadRow> for CaseLead {
    type Error = StoreError;

    fn try_from(row: LeadRow) -> Result<Self, StoreError> {
        let standing = match row.standing.zip(row.standing_state) {
            None => None,
            Some((id, state)) => Some(StandingCase {
                id,
                state: decode::text("cases.state", &state)?,
                closed_at: row.standing_closed_at.map(UtcMillis::from_millis),
                first_owner: row.standing_owner,
            }),
        };
        Ok(Self {
            contact: ContactRef(row.contact),
            promised: row.promised,
            promised_hours: row
                .promised_hours
                .map(|hours| decode::number("case_leads.promised_hours", hours))
                .transpose()?,
            unsettled: row.unsettled,
            ended_badly: row.ended_badly,
            dissatisfied: row.dissatisfied,
            distressed: row.distressed,
            customer: row.customer,
            channel: decode::text("contacts.channel", &row.channel)?,
            business_process: decode::optional("contacts.business_process", row.business_process.as_deref())?,
            happened_at: UtcMillis::from_millis(row.happened_at),
            known: row.known,
            standing,
        })
    }
}

impl Store {
    /// Some contacts that ask for a case, in the lock order of the store.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn case_leads(&self, limit: u32) -> Result<Vec<CaseLead>, StoreError> {
        let rows: Vec<LeadRow> =
            reading!(self, |db| sqlx::query_as(sql::LEADS).bind(i64::from(limit)).fetch_all(db).await?);
        rows.into_iter().map(CaseLead::try_from).collect()
    }

    /// Settles leads in the order in which they were read, in one transaction; how many cases were opened. A lead that
    /// another process took meanwhile is left alone.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn settle_leads(
        &self,
        settled: &[SettledLead],
        (by, at): (&Actor, UtcMillis),
    ) -> Result<usize, StoreError> {
        let now = at.as_millis();
        Ok(writing!(self, |tx| {
            let mut opened = 0;
            for lead in settled {
                let contact = lead.contact.0;
                sqlx::query(sql_queue::LOCK_CONTACT).bind(contact).execute(&mut *tx).await?;
                if sqlx::query(sql::TAKE_LEAD).bind(contact).execute(&mut *tx).await?.rows_affected() == 0 {
                    continue;
                }
                if let Some(case) = lead.came_back_to {
                    if lead.was_closed {
                        sqlx::query(sql::MARK_CAME_BACK)
                            .bind(case)
                            .bind(now)
                            .bind(contact)
                            .execute(&mut *tx)
                            .await?;
                    }
                    sqlx::query(sql::ADD_CASE_STEP)
                        .bind(Uuid::now_v7())
                        .bind(case)
                        .bind(now)
                        .bind(&by.name)
                        .bind(CaseAct::CameBack.as_str())
                        .bind(None::<String>)
                        .bind(contact)
                        .bind(None::<String>)
                        .execute(&mut *tx)
                        .await?;
                    news_of_case!(tx, case, CaseAct::CameBack, now);
                }
                if let Some(new) = &lead.open
                    && open_case!(tx, Uuid::now_v7(), new, None::<String>) > 0
                {
                    opened += 1;
                }
            }
            opened
        }))
    }
}
