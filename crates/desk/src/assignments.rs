//! Whose work a flagged contact is: who looks at it now, and by which rules leads distribute it.
//!
//! Looking at a contact locks nobody out: the others are told, and their way through the queue leads past it. A verdict that
//! two people give is settled where it always was, by what each of them had seen.

use std::collections::{BTreeMap, BTreeSet};

use tingxin_store::{
    Assignment, DistributionMethod, DistributionRule, FlagFilter, FreeContact, NewAssignment, NewAudit,
    NewDistributionRule, ReviewClaim, Store, User,
};
use tingxin_text::domain::{ContactRef, Permission, TeamId, UtcMillis};
use uuid::Uuid;

use crate::{Caller, Desk, DeskError};

const MINUTE_MILLIS: i64 = 60_000;

/// Most rules of distribution. Set by the project: a page that a person can still read.
pub const MOST_RULES: usize = 100;

/// Most contacts that are listed as somebody's work.
const MOST_LISTED: u32 = 2_000;

/// How work is shared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReviewTerms {
    /// Minutes for which the others are told that somebody looks at a contact.
    pub claim_minutes: u32,
    /// Unjudged contacts up to which a reviewer is given more.
    pub most_open: u32,
}

impl Default for ReviewTerms {
    fn default() -> Self {
        Self { claim_minutes: 30, most_open: 50 }
    }
}

/// How much a reviewer has to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewerLoad {
    /// The account.
    pub account: String,
    /// The team that the account is limited to.
    pub team: Option<TeamId>,
    /// Contacts with an unjudged flag.
    pub open: usize,
    /// Whether nothing more is given for now.
    pub paused: bool,
}

/// How the work stands.
#[derive(Debug, Clone, Default)]
pub struct WorkStanding {
    /// Reviewers whom the caller leads, by name.
    pub reviewers: Vec<ReviewerLoad>,
    /// Rules, in the order in which they are asked.
    pub rules: Vec<DistributionRule>,
}

/// What is to be taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Recalled {
    /// Whatever somebody has left; that person is given nothing more until [`Desk::resume_reviewer`].
    Account(String),
    /// One contact.
    Contact(ContactRef),
}

impl Desk {
    /// Says that the caller looks at a contact, unless somebody else does. Keys look at nothing.
    ///
    /// # Errors
    /// [`DeskError::Store`].
    pub async fn claim_review(
        &self,
        caller: &Caller,
        contact: ContactRef,
        terms: ReviewTerms,
    ) -> Result<(), DeskError> {
        let (Some(account), now) = (caller.account.clone(), UtcMillis::now()) else { return Ok(()) };
        let until = now.plus_millis(i64::from(terms.claim_minutes) * MINUTE_MILLIS);
        Ok(self.store.claim_review(&ReviewClaim { contact, account, until }, now).await?)
    }

    /// Which contacts others look at now. Whoever asks from the list looks at none, which `left` says.
    ///
    /// # Errors
    /// [`DeskError::Store`].
    pub async fn claims_of_others(&self, caller: &Caller, left: bool) -> Result<Vec<ReviewClaim>, DeskError> {
        let Some(own) = caller.account.as_deref() else { return Ok(Vec::new()) };
        let mut claims = self.store.review_claims(UtcMillis::now()).await?;
        if left && claims.iter().any(|claim| claim.account == own) {
            self.store.leave_reviews(own).await?;
        }
        claims.retain(|claim| claim.account != own);
        Ok(claims)
    }

    /// How many contacts are left of the caller's own work.
    ///
    /// # Errors
    /// [`DeskError::Store`].
    pub async fn own_load(&self, caller: &Caller) -> Result<usize, DeskError> {
        let Some(own) = caller.account.as_deref() else { return Ok(0) };
        Ok(self.store.open_work(Some(own), caller.team.as_ref(), MOST_LISTED).await?.len())
    }

    /// What is left of the work that the caller may see: leads that of all reviewers, all others their own.
    ///
    /// # Errors
    /// [`DeskError::Store`].
    pub async fn open_work(&self, caller: &Caller) -> Result<Vec<Assignment>, DeskError> {
        let own = match (caller.may(Permission::QualityManage), caller.account.as_deref()) {
            (true, _) => None,
            (false, None) => return Ok(Vec::new()),
            (false, own) => own,
        };
        Ok(self.store.open_work(own, caller.team.as_ref(), MOST_LISTED).await?)
    }

    /// Reviewers with their work, and the rules.
    ///
    /// # Errors
    /// [`DeskError::Store`].
    pub async fn work_standing(&self, caller: &Caller) -> Result<WorkStanding, DeskError> {
        let mut rules = self.store.distribution_rules().await?;
        rules.retain(|rule| caller.sees(rule.what.team.as_ref()) || rule.what.team.is_none());
        Ok(WorkStanding { reviewers: self.reviewers(caller).await?, rules })
    }

    /// Gives one contact to a reviewer, whoever had it before.
    ///
    /// # Errors
    /// [`DeskError::Field`] for an account that does not review the caller's team, [`DeskError::NotFound`],
    /// [`DeskError::Store`].
    pub async fn assign_contact(&self, caller: &Caller, new: NewAssignment) -> Result<(), DeskError> {
        let reviewers = self.reviewers(caller).await?;
        let reviewer =
            reviewers.into_iter().find(|one| one.account == new.account).ok_or_else(no_reviewer)?;
        // A reviewer who is limited to a team is given that team's contacts alone.
        let team = caller.team.clone().or(reviewer.team);
        let entry = entry(caller, "assignment.give", new.contact.to_string());
        if self.store.assign(&new, team.as_ref(), &entry).await? { Ok(()) } else { Err(DeskError::NotFound) }
    }

    /// Takes work back; how many contacts.
    ///
    /// # Errors
    /// [`DeskError::Field`] for an account that is no reviewer of the caller's team, [`DeskError::NotFound`],
    /// [`DeskError::Store`].
    pub async fn recall_work(&self, caller: &Caller, what: Recalled) -> Result<u64, DeskError> {
        match what {
            Recalled::Contact(contact) => {
                let entry = entry(caller, "assignment.recall", contact.to_string());
                let gone = self.store.recall_contact(contact, caller.team.as_ref(), &entry).await?;
                if gone { Ok(1) } else { Err(DeskError::NotFound) }
            }
            Recalled::Account(account) => {
                self.own_reviewer(caller, &account).await?;
                let entry = entry(caller, "assignment.recall", account.clone());
                Ok(self.store.recall(&account, caller.team.as_ref(), &entry).await?)
            }
        }
    }

    /// Gives a reviewer work again whose work was taken back.
    ///
    /// # Errors
    /// [`DeskError::Field`] for an account that is no reviewer of the caller's team, [`DeskError::NotFound`] when nothing was
    /// stopped, [`DeskError::Store`].
    pub async fn resume_reviewer(&self, caller: &Caller, account: &str) -> Result<(), DeskError> {
        self.own_reviewer(caller, account).await?;
        let entry = entry(caller, "assignment.resume", account.to_owned());
        if self.store.resume(account, &entry).await? { Ok(()) } else { Err(DeskError::NotFound) }
    }

    /// Adds a rule by which work is distributed. A lead who is limited to a team makes rules for that team. Its key.
    ///
    /// # Errors
    /// [`DeskError::OtherTeam`], [`DeskError::Field`], [`DeskError::Store`].
    pub async fn add_distribution_rule(
        &self,
        caller: &Caller,
        mut new: NewDistributionRule,
    ) -> Result<Uuid, DeskError> {
        new.team = caller.team_or(new.team)?;
        let known: BTreeSet<String> =
            self.reviewers(caller).await?.into_iter().map(|one| one.account).collect();
        new.reviewers.sort();
        new.reviewers.dedup();
        if !new.reviewers.iter().all(|name| known.contains(name)) {
            return Err(no_reviewer());
        }
        if self.store.distribution_rules().await?.len() >= MOST_RULES {
            return Err(DeskError::field("/rule", format!("at most {MOST_RULES} rules; remove one first")));
        }
        let entry = entry(caller, "distribution.add", "distribution".to_owned());
        Ok(self.store.add_distribution_rule(&new, &entry).await?)
    }

    /// Removes a rule. Contacts that it has given stay where they are.
    ///
    /// # Errors
    /// [`DeskError::NotFound`], [`DeskError::Store`].
    pub async fn drop_distribution_rule(&self, caller: &Caller, id: Uuid) -> Result<(), DeskError> {
        let entry = entry(caller, "distribution.remove", id.to_string());
        let gone = self.store.drop_distribution_rule(id, caller.team.as_ref(), &entry).await?;
        if gone { Ok(()) } else { Err(DeskError::NotFound) }
    }

    /// Reviewers whom the caller leads: those who see the caller's team.
    async fn reviewers(&self, caller: &Caller) -> Result<Vec<ReviewerLoad>, DeskError> {
        let mut all = reviewers(&self.store).await?;
        all.retain(|one| caller.team.is_none() || one.team.is_none() || one.team == caller.team);
        Ok(all)
    }

    async fn own_reviewer(&self, caller: &Caller, account: &str) -> Result<(), DeskError> {
        let known = self.reviewers(caller).await?.iter().any(|one| one.account == account);
        if known { Ok(()) } else { Err(no_reviewer()) }
    }
}

/// Gives unjudged contacts that are nobody's work to reviewers, the most urgent first, as the rules say, and takes work from
/// accounts that cannot do it any more; how many were given. Contacts that no rule fits stay everybody's.
///
/// # Errors
/// [`DeskError::Store`].
pub async fn distribute(store: &Store, caller: &Caller, terms: ReviewTerms) -> Result<u64, DeskError> {
    let rules = store.distribution_rules().await?;
    if rules.is_empty() {
        return Ok(0);
    }
    store.recall_lost().await?;
    let without = store.rule_states(UtcMillis::now()).await?.not_counted();
    let desks = reviewers(store).await?.into_iter().filter(|one| !one.paused).collect();
    let most = usize::try_from(terms.most_open).unwrap_or(usize::MAX);
    let mut round = Round { desks, most, given: BTreeMap::new(), last: BTreeMap::new() };
    for rule in &rules {
        let (of_rule, of_lead) = (rule.what.team.as_ref(), caller.team.as_ref());
        if of_rule.zip(of_lead).is_some_and(|(one, other)| one != other) {
            // They exclude each other.
            continue;
        }
        let team = of_rule.or(of_lead).cloned();
        let (rule_of_flag, channel) = (rule.what.rule, rule.what.channel);
        let without = without.clone();
        let filter = FlagFilter { rule: rule_of_flag, channel, team, without, ..FlagFilter::default() };
        let mut free = store.free_contacts(&filter, round.room()).await?;
        free.retain(|one| !round.given.contains_key(&one.contact));
        for FreeContact { contact, team } in free {
            round.give(rule, contact, team.as_ref());
        }
    }
    let Round { given, last, .. } = round;
    if given.is_empty() {
        return Ok(0);
    }
    let new: Vec<NewAssignment> =
        given.into_iter().map(|(contact, account)| NewAssignment { contact, account }).collect();
    let last: Vec<(Uuid, String)> = last.into_iter().collect();
    let entry = entry(caller, "assignment.distribute", format!("{} contacts", new.len()));
    Ok(store.distribute(&new, &last, &entry).await?)
}

/// One round of distribution.
struct Round {
    /// Reviewers who are given work.
    desks: Vec<ReviewerLoad>,
    /// Unjudged contacts up to which a reviewer is given more.
    most: usize,
    /// Who gets what.
    given: BTreeMap<ContactRef, String>,
    /// Who got the latest of each rule.
    last: BTreeMap<Uuid, String>,
}

impl Round {
    /// Contacts that are worth looking for: those that were given this time are found again.
    fn room(&self) -> u32 {
        let room: usize = self.desks.iter().map(|desk| self.most.saturating_sub(desk.open)).sum();
        u32::try_from(room + self.given.len()).unwrap_or(u32::MAX).min(MOST_LISTED)
    }

    /// Gives a contact of that team to whoever the rule says, if there is anybody.
    fn give(&mut self, rule: &DistributionRule, contact: ContactRef, team: Option<&TeamId>) {
        let what = &rule.what;
        let last = self.last.get(&rule.id).or(rule.last_given.as_ref()).cloned();
        let may = |desk: &&mut ReviewerLoad| {
            desk.open < self.most
                && (desk.team.is_none() || desk.team.as_ref() == team)
                && (what.reviewers.is_empty() || what.reviewers.contains(&desk.account))
        };
        let fit = self.desks.iter_mut().filter(may);
        let next = match what.method {
            DistributionMethod::Load => fit.min_by_key(|desk| desk.open),
            // By name: first those after whoever had the last turn.
            DistributionMethod::Turn => {
                fit.min_by_key(|desk| (Some(&desk.account) <= last.as_ref(), desk.account.clone()))
            }
        };
        if let Some(desk) = next {
            desk.open += 1;
            self.last.insert(rule.id, desk.account.clone());
            self.given.insert(contact, desk.account.clone());
        }
    }
}

/// Every account that reviews, by name.
async fn reviewers(store: &Store) -> Result<Vec<ReviewerLoad>, DeskError> {
    let paused: BTreeSet<String> = store.paused_reviewers().await?.into_iter().collect();
    let loads: BTreeMap<String, usize> =
        store.open_loads().await?.into_iter().map(|load| (load.account, load.contacts)).collect();
    let users = store.users().await?.into_iter();
    let active = users.filter(|user| !user.disabled && user.role.allows(Permission::FlagsJudge));
    Ok(active
        .map(|User { name, team, .. }| ReviewerLoad {
            open: loads.get(&name).copied().unwrap_or_default(),
            paused: paused.contains(&name),
            account: name,
            team,
        })
        .collect())
}

fn no_reviewer() -> DeskError {
    DeskError::field("/account", "an account that may judge flags of this team and is not disabled")
}

fn entry(caller: &Caller, action: &'static str, object: String) -> NewAudit {
    let (at, actor) = (UtcMillis::now(), caller.actor.clone());
    NewAudit { at, actor, action, object, result: "ok", purpose: None }
}
