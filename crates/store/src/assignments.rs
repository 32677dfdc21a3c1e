//! Who looks at which contact, whose work it is, and by which rules work is distributed.

use uuid::Uuid;

use super::assignment_rows::{
    Assignment, AssignmentRow, DistributionRow, DistributionRule, FreeContact, FreeRow, NewAssignment,
    NewDistributionRule, OpenLoad, ReviewClaim, ReviewClaimRow,
};
use super::audit::append;
use super::list::{self, Value, among, list};
use super::sql_assignments as sql;
use super::{Cursor, FlagFilter, NewAudit, Store, StoreError, decode, execute, reading, writing};
use tingxin_text::domain::{Channel, ContactRef, FlagStatus, Rule, TeamId, UtcMillis};

/// Who looks at what.
impl Store {
    /// Says that an account looks at a contact, unless another does; what it looked at before it looks at no more.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn claim_review(&self, claim: &ReviewClaim, now: UtcMillis) -> Result<(), StoreError> {
        let ReviewClaim { contact, account, until } = claim;
        // Two transactions: one that holds the row of one contact and waits for that of another could wait for ever.
        execute!(self, sql::CLAIM_REVIEW, contact.0, account, now.as_millis(), until.as_millis());
        execute!(self, sql::LEAVE_OTHERS, account, contact.0);
        Ok(())
    }

    /// Says that an account looks at no contact.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn leave_reviews(&self, account: &str) -> Result<(), StoreError> {
        execute!(self, sql::LEAVE_ALL, account);
        Ok(())
    }

    /// Who looks at what now.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn review_claims(&self, now: UtcMillis) -> Result<Vec<ReviewClaim>, StoreError> {
        let rows: Vec<ReviewClaimRow> =
            reading!(self, |db| sqlx::query_as(sql::CLAIMS).bind(now.as_millis()).fetch_all(db).await?);
        Ok(rows.into_iter().map(ReviewClaim::from).collect())
    }
}

/// Whose work a contact is.
impl Store {
    /// Gives a contact to somebody, whoever had it before, and writes it to the audit log; `false` when there is no such
    /// contact of that team.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn assign(
        &self,
        new: &NewAssignment,
        team: Option<&TeamId>,
        entry: &NewAudit,
    ) -> Result<bool, StoreError> {
        Ok(writing!(self, |tx| {
            let given = sqlx::query(sql::ASSIGN).bind(new.contact.0).bind(&new.account);
            let given = given.bind(&entry.actor.name).bind(entry.at.as_millis());
            let given = given.bind(team.map(TeamId::as_str)).execute(&mut *tx).await?.rows_affected() > 0;
            if given {
                append!(tx, entry);
            }
            given
        }))
    }

    /// Gives contacts that are nobody's, remembers whose turn it was, and writes it to the audit log; how many were still
    /// nobody's.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn distribute(
        &self,
        new: &[NewAssignment],
        last: &[(Uuid, String)],
        entry: &NewAudit,
    ) -> Result<u64, StoreError> {
        Ok(writing!(self, |tx| {
            let mut given = 0;
            for NewAssignment { contact, account } in new {
                let giving = sqlx::query(sql::ASSIGN_FREE).bind(contact.0).bind(account);
                let giving = giving.bind(&entry.actor.name).bind(entry.at.as_millis());
                given += giving.execute(&mut *tx).await?.rows_affected();
            }
            for (rule, account) in last {
                sqlx::query(sql::SET_LAST_GIVEN).bind(*rule).bind(account).execute(&mut *tx).await?;
            }
            append!(tx, entry);
            given
        }))
    }

    /// Takes back what is left of somebody's work and gives that person nothing more for now, and writes it to the audit
    /// log; how many contacts.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn recall(
        &self,
        account: &str,
        team: Option<&TeamId>,
        entry: &NewAudit,
    ) -> Result<u64, StoreError> {
        Ok(writing!(self, |tx| {
            let paused = sqlx::query(sql::PAUSE).bind(account).bind(&entry.actor.name);
            paused.bind(entry.at.as_millis()).execute(&mut *tx).await?;
            let recalled = sqlx::query(sql::RECALL).bind(account).bind(team.map(TeamId::as_str));
            let recalled = recalled.execute(&mut *tx).await?.rows_affected();
            append!(tx, entry);
            recalled
        }))
    }

    /// Takes one contact back, and writes it to the audit log; whether it was somebody's.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn recall_contact(
        &self,
        contact: ContactRef,
        team: Option<&TeamId>,
        entry: &NewAudit,
    ) -> Result<bool, StoreError> {
        Ok(writing!(self, |tx| {
            let recalled = sqlx::query(sql::RECALL_CONTACT).bind(contact.0).bind(team.map(TeamId::as_str));
            let recalled = recalled.execute(&mut *tx).await?.rows_affected() > 0;
            if recalled {
                append!(tx, entry);
            }
            recalled
        }))
    }

    /// Gives somebody work again, and writes it to the audit log; whether that person was paused.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn resume(&self, account: &str, entry: &NewAudit) -> Result<bool, StoreError> {
        Ok(writing!(self, |tx| {
            let resumed = sqlx::query(sql::RESUME).bind(account).execute(&mut *tx).await?.rows_affected() > 0;
            if resumed {
                append!(tx, entry);
            }
            resumed
        }))
    }

    /// Takes work back from accounts that cannot do it any more; how many contacts.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn recall_lost(&self) -> Result<u64, StoreError> {
        Ok(execute!(self, sql::RECALL_LOST))
    }

    /// What is left of the work of an account or of all, oldest first, at most `limit`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn open_work(
        &self,
        account: Option<&str>,
        team: Option<&TeamId>,
        limit: u32,
    ) -> Result<Vec<Assignment>, StoreError> {
        let rows: Vec<AssignmentRow> = reading!(self, |db| {
            let asked = sqlx::query_as(sql::OPEN_WORK).bind(account).bind(team.map(TeamId::as_str));
            asked.bind(i64::from(limit)).fetch_all(db).await?
        });
        Ok(rows.into_iter().map(Assignment::from).collect())
    }

    /// How much is left of everybody's work; whoever has none is left out.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn open_loads(&self) -> Result<Vec<OpenLoad>, StoreError> {
        let rows: Vec<(String, i64)> =
            reading!(self, |db| sqlx::query_as(sql::OPEN_LOADS).fetch_all(db).await?);
        let load = |(account, contacts)| {
            Ok(OpenLoad { account, contacts: decode::number("review_assignments", contacts)? })
        };
        rows.into_iter().map(load).collect()
    }

    /// Whose work these contacts are.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn assigned_among(&self, contacts: &[ContactRef]) -> Result<Vec<Assignment>, StoreError> {
        if contacts.is_empty() {
            return Ok(Vec::new());
        }
        let keys: Vec<Uuid> = contacts.iter().map(|contact| contact.0).collect();
        let rows: Vec<AssignmentRow> = among!(self, AssignmentRow, sql::ASSIGNED, "a.contact", &keys, "");
        Ok(rows.into_iter().map(Assignment::from).collect())
    }

    /// Contacts with an unjudged flag that fits `filter` and that are nobody's work, most urgent first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn free_contacts(
        &self,
        filter: &FlagFilter,
        limit: u32,
    ) -> Result<Vec<FreeContact>, StoreError> {
        let free =
            ("a.contact IS NULL AND f.status = ", Value::Text(FlagStatus::Candidate.as_str().to_owned()));
        let conditions: Vec<_> = filter.conditions().into_iter().chain([free]).collect();
        let after: Option<&Cursor> = None;
        let rows: Vec<FreeRow> =
            list!(self, FreeRow, sql::FREE_LIST, conditions, list::REVIEW_ORDER, after, limit);
        rows.into_iter().map(FreeContact::try_from).collect()
    }
}

/// By which rules work is distributed.
impl Store {
    /// Adds a rule and writes it to the audit log; its key.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn add_distribution_rule(
        &self,
        new: &NewDistributionRule,
        entry: &NewAudit,
    ) -> Result<Uuid, StoreError> {
        let id = Uuid::now_v7();
        let reviewers = decode::to_json("distribution_rules.reviewers", &new.reviewers)?;
        writing!(self, |tx| {
            sqlx::query(sql::ADD_DISTRIBUTION_RULE)
                .bind(id)
                .bind(new.team.as_ref().map(TeamId::as_str))
                .bind(new.rule.map(Rule::as_str))
                .bind(new.channel.map(Channel::as_str))
                .bind(&reviewers)
                .bind(new.method.as_str())
                .bind(&entry.actor.name)
                .bind(entry.at.as_millis())
                .execute(&mut *tx)
                .await?;
            append!(tx, entry);
        });
        Ok(id)
    }

    /// Every rule, in the order in which they are asked.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn distribution_rules(&self) -> Result<Vec<DistributionRule>, StoreError> {
        let rows: Vec<DistributionRow> =
            reading!(self, |db| sqlx::query_as(sql::DISTRIBUTION_RULES).fetch_all(db).await?);
        rows.into_iter().map(DistributionRule::try_from).collect()
    }

    /// Removes a rule and writes it to the audit log; `false` when the team has no such rule.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn drop_distribution_rule(
        &self,
        id: Uuid,
        team: Option<&TeamId>,
        entry: &NewAudit,
    ) -> Result<bool, StoreError> {
        Ok(writing!(self, |tx| {
            let gone = sqlx::query(sql::DROP_DISTRIBUTION_RULE).bind(id).bind(team.map(TeamId::as_str));
            let gone = gone.execute(&mut *tx).await?.rows_affected() > 0;
            if gone {
                append!(tx, entry);
            }
            gone
        }))
    }

    /// Accounts that are given nothing for now.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn paused_reviewers(&self) -> Result<Vec<String>, StoreError> {
        Ok(reading!(self, |db| sqlx::query_scalar(sql::PAUSED).fetch_all(db).await?))
    }
}
