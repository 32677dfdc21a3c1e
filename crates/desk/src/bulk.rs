//! One verdict for many: flags of one rule that are worded alike, after a sample of them was judged.
//!
//! The sample is drawn by lot before anybody judges, and its size is what the group takes. It is looked at once, when all of it
//! was judged: whoever could draw again until it fits would bound nothing.

use sha2::{Digest as _, Sha256};
use tingxin_statistics::acceptance::{residual_bound, sample_size};
use tingxin_store::{
    AcceptanceSample, DrawnFlag, NewAcceptance, NewAudit, NewBulkVerdict, WordingFlag, WordingGroup,
};
use tingxin_text::domain::{ContactRef, FlagStatus, Rule, UtcMillis};
use uuid::Uuid;

use crate::care::make_missing;
use crate::samples::random_seed;
use crate::{Caller, Desk, DeskError};

/// Share of the rest that may be wrong, at 95 %.
///
/// **Source**: what the project promises of a verdict that nobody gave on the contact itself.
pub const BULK_BOUND: f64 = 0.05;

/// Fewest flags of a group: of a hundred the sample takes 78, of fewer nearly all.
pub const FEWEST: u32 = 100;

/// Most flags of a group; more of them wait for the next sample.
const MOST: u32 = 2_000;

/// Groups and samples on the page.
const LISTED: u32 = 50;

/// How a sample stands.
#[derive(Debug, Clone, PartialEq)]
pub struct AcceptanceStanding {
    /// The sample.
    pub sample: AcceptanceSample,
    /// Flags of it that are not judged yet.
    pub left: usize,
    /// Of those that are, how many are confirmed and how many rejected.
    pub said: [usize; 2],
    /// What may be said of the rest, with the bound of its error.
    pub offer: Option<BulkOffer>,
}

/// A verdict that may be given to the rest.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BulkOffer {
    /// Confirmed or rejected.
    pub status: FlagStatus,
    /// Flags of the sample of which something else was said.
    pub wrong: usize,
    /// Upper end of the share of the rest that is wrong, at 95 %.
    pub bound: f64,
}

/// What the page shows.
#[derive(Debug, Clone, Default)]
pub struct BulkStanding {
    /// Groups of which no sample is being judged, with the size of the sample that each takes.
    pub groups: Vec<(WordingGroup, u64)>,
    /// Samples, latest first.
    pub samples: Vec<AcceptanceStanding>,
}

impl Desk {
    /// Groups of flags that are worded alike, and samples of them.
    ///
    /// # Errors
    /// [`DeskError::Store`].
    pub async fn bulk_standing(&self, caller: &Caller) -> Result<BulkStanding, DeskError> {
        let team = caller.team.as_ref();
        let hints = self.rule_states().await?;
        let mut samples = Vec::new();
        for sample in self.store.acceptances(team, LISTED).await? {
            samples.push(self.stands(sample).await?);
        }
        let mut groups = self.store.wording_groups(team, FEWEST, LISTED).await?;
        groups.retain(|group| {
            let begun = |one: &AcceptanceStanding| {
                one.sample.given.is_none()
                    && one.sample.rule == group.rule
                    && one.sample.wording == group.wording
            };
            hints.counts(group.rule) && !samples.iter().any(begun)
        });
        let sized = groups.into_iter().map(|group| {
            let size = sample_size(size(group.flags.min(most())), BULK_BOUND);
            (group, size)
        });
        Ok(BulkStanding { groups: sized.collect(), samples })
    }

    /// Draws the sample of a group by lot; its key.
    ///
    /// # Errors
    /// [`DeskError::NotFound`] when there is no such group, or a sample of it is being judged; [`DeskError::Store`].
    pub async fn draw_acceptance(
        &self,
        caller: &Caller,
        (rule, wording): (Rule, &str),
    ) -> Result<Uuid, DeskError> {
        let known = self.bulk_standing(caller).await?.groups;
        if !known.iter().any(|(group, _)| group.rule == rule && group.wording == wording) {
            return Err(DeskError::NotFound);
        }
        let mut members = self.store.wording_flags((rule, wording), caller.team.as_ref(), MOST).await?;
        let seed = random_seed()?;
        members.sort_by_cached_key(|member| lot(seed, member));
        let drawn = usize::try_from(sample_size(size(members.len()), BULK_BOUND)).unwrap_or(usize::MAX);
        let members = members.into_iter().enumerate().map(|(at, member)| (member, at < drawn)).collect();
        let entry = entry(caller, "bulk.draw", rule.as_str().to_owned());
        let (wording, team) = (wording.to_owned(), caller.team.clone());
        Ok(self.store.add_acceptance(&NewAcceptance { rule, wording, team, seed, members, entry }).await?)
    }

    /// The contact of a sample that is to be judged next; `None` where nothing is left.
    ///
    /// # Errors
    /// [`DeskError::NotFound`], [`DeskError::Store`].
    pub async fn next_of_acceptance(
        &self,
        caller: &Caller,
        sample: Uuid,
    ) -> Result<Option<(ContactRef, Rule)>, DeskError> {
        let rule = self.acceptance(caller, sample).await?.sample.rule;
        let words = self.store.acceptance_words(sample).await?;
        let open = words.into_iter().find(|drawn| drawn.status == FlagStatus::Candidate);
        Ok(open.map(|DrawnFlag { contact, .. }| (contact, rule)))
    }

    /// Gives the rest of a group the verdict that its sample allows; how many flags got it.
    ///
    /// # Errors
    /// [`DeskError::NotFound`], [`DeskError::FlagChanged`] when the sample does not allow it or it was given before,
    /// [`DeskError::Store`].
    pub async fn judge_rest(
        &self,
        caller: &Caller,
        (sample, status): (Uuid, FlagStatus),
    ) -> Result<usize, DeskError> {
        let standing = self.acceptance(caller, sample).await?;
        let offer = standing.offer.filter(|offer| offer.status == status).ok_or(DeskError::FlagChanged)?;
        let entry = entry(caller, "bulk.judge", format!("{sample} {status}"));
        let BulkOffer { status, wrong, bound } = offer;
        let given = self.store.judge_rest(&NewBulkVerdict { sample, status, wrong, bound, entry }).await?;
        let given = given.ok_or(DeskError::FlagChanged)?;
        if status == FlagStatus::Confirmed {
            make_missing(&self.store).await?;
        }
        Ok(given)
    }

    async fn acceptance(&self, caller: &Caller, id: Uuid) -> Result<AcceptanceStanding, DeskError> {
        let samples = self.store.acceptances(caller.team.as_ref(), LISTED).await?;
        let sample = samples.into_iter().find(|sample| sample.id == id).ok_or(DeskError::NotFound)?;
        self.stands(sample).await
    }

    async fn stands(&self, sample: AcceptanceSample) -> Result<AcceptanceStanding, DeskError> {
        let words = self.store.acceptance_words(sample.id).await?;
        let count = |status| words.iter().filter(|drawn| drawn.status == status).count();
        let said = [count(FlagStatus::Confirmed), count(FlagStatus::Rejected)];
        // A contact that was erased meanwhile is judged by nobody any more: the sample is whole without it only by number.
        let left = sample.drawn - (words.len() - count(FlagStatus::Candidate)).min(sample.drawn);
        let open = left == 0 && sample.given.is_none();
        let offer = [(FlagStatus::Confirmed, said[0]), (FlagStatus::Rejected, said[1])]
            .into_iter()
            .map(|(status, right)| {
                let wrong = sample.drawn - right.min(sample.drawn);
                let bound = residual_bound(size(sample.members), size(sample.drawn), size(wrong));
                BulkOffer { status, wrong, bound }
            })
            .find(|offer| open && offer.bound <= BULK_BOUND);
        Ok(AcceptanceStanding { sample, left, said, offer })
    }
}

fn size(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

fn most() -> usize {
    usize::try_from(MOST).unwrap_or(usize::MAX)
}

/// The place of a flag in the lot.
fn lot(seed: i64, member: &WordingFlag) -> [u8; 32] {
    Sha256::digest(serde_json::json!([seed, member.flag.0]).to_string()).into()
}

fn entry(caller: &Caller, action: &'static str, object: String) -> NewAudit {
    let (at, actor) = (UtcMillis::now(), caller.actor.clone());
    NewAudit { at, actor, action, object, result: "ok", purpose: None }
}
