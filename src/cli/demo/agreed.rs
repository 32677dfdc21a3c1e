//! What the people of the demo have declared, agreed and appealed.

use super::super::error::CliError;
use super::people::{People, REVIEWERS, actor, staff};
use super::quarter::{OWN_STAFF, Quarter, outage};
use crate::desk::AppealTerms;
use crate::domain::{BusinessProcess, Programme, Role, Rule, StaffId, TeamId, UtcMillis};
use crate::staff::Indicator;
use crate::store::{
    Acknowledgement, AppealMoment, AppealStep, CoachingTerms, Filed, NewAppeal, NewAskedReview, NewCoaching,
    NewIncident, Released,
};

const DAY_HOURS: i64 = 24;

/// Weeks since the coachings were agreed: as many on either side as the quarter has room for.
const COACHED_WEEKS: i64 = 7;

/// Declares the outage, for which nobody is blamed.
pub(super) async fn declare_outage(people: &People) -> Result<(), CliError> {
    let (begins_at, ends_at) = outage(people.now);
    let incident = NewIncident {
        begins_at,
        ends_at,
        channel: None,
        business_process: Some(BusinessProcess::new("broadband_fault").map_err(CliError::failure)?),
        team: None,
        note: people.words("城东光缆被施工挖断，宽带大面积中断，下午一点恢复。"),
    };
    let declared = people.store.declare_incident(&incident, "user:zhuguan", people.later(begins_at, 1));
    declared.await.map_err(CliError::failure)?;
    Ok(())
}

/// Everything else: coaching, requests for reviews, appeals, and what was seen.
pub(super) async fn agree(people: &People, quarter: &Quarter) -> Result<(), CliError> {
    coach(people).await?;
    ask(people, quarter).await?;
    appeal(people).await?;
    acknowledge(people).await?;
    Ok(())
}

/// One coaching after which contacts end better, and one after which they do not.
async fn coach(people: &People) -> Result<(), CliError> {
    let agreed_at =
        UtcMillis::of_week(people.now.week() - COACHED_WEEKS).plus_millis(2 * DAY_HOURS * 3_600_000);
    let notes = [
        (
            "A1005",
            "hotline-01",
            Indicator::NegativeEnding,
            "先复述客户的问题，再给准确时限；每周一起听两通录音。",
        ),
        ("A2005", "hotline-02", Indicator::Unsoothed, "客户提高音量时先停一停，不解释规定。"),
    ];
    for (who, team, indicator, note) in notes {
        let coaching = NewCoaching {
            staff: staff(who)?,
            team: Some(TeamId::new(team).map_err(CliError::failure)?),
            indicator: indicator.as_str().to_owned(),
            note: people.words(note),
            terms: CoachingTerms {
                due_at: Some(agreed_at.plus_millis(28 * DAY_HOURS * 3_600_000)),
                programme: Some(Programme::Train),
                ..CoachingTerms::default()
            },
            clips: Vec::new(),
        };
        let agreed = people.store.agree_coaching(&coaching, "user:peixun", agreed_at);
        agreed.await.map_err(CliError::failure)?;
    }
    Ok(())
}

/// The trainer asks for contacts of somebody whose name waits for confirmations.
async fn ask(people: &People, quarter: &Quarter) -> Result<(), CliError> {
    let asked = NewAskedReview {
        people: vec![(staff("A2005")?, Rule::NegativeEnding)],
        indicator: Indicator::NegativeEnding.as_str().to_owned(),
        since: quarter.now.plus_millis(-14 * DAY_HOURS * 3_600_000),
        each: 5,
        by: actor("user:peixun", Role::Trainer),
        at: people.later(quarter.now, -6),
    };
    people.store.ask_reviews(&asked).await.map_err(CliError::failure)?;
    Ok(())
}

/// How far an appeal of the demo is.
#[derive(Clone, Copy)]
enum AppealStage {
    /// Nobody has answered; filed so many days ago.
    Filed(i64),
    /// The lead has answered.
    Answered,
    /// A second reviewer is to decide.
    Forwarded,
    /// Decided: whether it was overturned.
    Decided(bool),
}

/// Appeals in every state, one of them overdue.
async fn appeal(people: &People) -> Result<(), CliError> {
    let stages = [
        (OWN_STAFF, AppealStage::Filed(1), "客户开头就在生气，我已经按流程安抚，请再听一遍。"),
        ("A1002", AppealStage::Filed(9), "客户说的是别家公司，不是对我的服务不满。"),
        ("A1004", AppealStage::Answered, "那天系统卡，我催客户是因为后面排队。"),
        ("A2002", AppealStage::Forwarded, "客户挂断前说了谢谢，不算负面收尾。"),
        ("A3001", AppealStage::Decided(true), "那句话是重复客户的原话。"),
        ("A1003", AppealStage::Decided(false), "我觉得语气没有问题。"),
    ];
    for (who, stage, text) in stages {
        let who = staff(who)?;
        let released = people.store.released(&who, 200).await.map_err(CliError::failure)?;
        let days = if let AppealStage::Filed(days) = stage { days } else { 12 };
        if let Some(released) = before(&released, people.later(people.now, -days * DAY_HOURS)) {
            file(people, (&who, released), stage, text).await?;
        }
    }
    Ok(())
}

/// The latest item that was released before a moment and says something against whoever it is about.
fn before(released: &[Released], at: UtcMillis) -> Option<&Released> {
    let against = |one: &&Released| one.row.flag.rule != Rule::Recovery && one.row.flag.rule != Rule::Abuse;
    released.iter().filter(against).filter(|one| one.released_at < at).max_by_key(|one| one.released_at)
}

async fn file(
    people: &People,
    (who, released): (&StaffId, &Released),
    stage: AppealStage,
    text: &str,
) -> Result<(), CliError> {
    let days = if let AppealStage::Filed(days) = stage { days } else { 12 };
    let at = people.later(people.now, -days * DAY_HOURS);
    let term = i64::from(AppealTerms::default().answer_days) * DAY_HOURS * 3_600_000;
    let new = NewAppeal {
        flag: released.row.id,
        staff: who.clone(),
        text: people.words(text),
        released_since: UtcMillis::from_millis(0),
        due_at: at.plus_millis(term),
        by: actor(&format!("user:{}", who.as_str().to_lowercase()), Role::Staff),
        at,
    };
    let Filed::Kept(id) = people.store.file_appeal(&new).await.map_err(CliError::failure)? else {
        return Ok(());
    };
    let lead = actor("user:zhuguan", Role::Supervisor);
    let steps = match stage {
        AppealStage::Filed(_) => Vec::new(),
        AppealStage::Answered => {
            vec![(
                lead,
                AppealStep::Answer(people.words("录音听过了，催促的语气确实重，建议下次先说明原因。")),
                2,
            )]
        }
        AppealStage::Forwarded => {
            vec![(lead, AppealStep::Forward(Some(people.words("两种听法都有，请复审。"))), 8)]
        }
        AppealStage::Decided(overturned) => {
            let reason = people.words(if overturned {
                "确实是复述客户的话。"
            } else {
                "语气和用词都不合适，维持。"
            });
            let [_, second] = REVIEWERS;
            let judge = if released.confirmed_by == second { "user:zhijian-bing" } else { second };
            let decide = AppealStep::Decide { overturned, reason };
            vec![(lead, AppealStep::Forward(None), 2), (actor(judge, Role::Reviewer), decide, 5)]
        }
    };
    for (by, step, days) in steps {
        let Some(appeal) = people.store.appeal(id).await.map_err(CliError::failure)? else { return Ok(()) };
        let at = people.later(at, days * DAY_HOURS);
        let taken = people.store.step_appeal(
            &appeal,
            &step,
            AppealMoment { by: &by, at, due_at: at.plus_millis(term) },
        );
        taken.await.map_err(CliError::failure)?;
    }
    Ok(())
}

/// Whoever sees own results has seen some of them.
async fn acknowledge(people: &People) -> Result<(), CliError> {
    let who = staff(OWN_STAFF)?;
    let released = people.store.released(&who, 200).await.map_err(CliError::failure)?;
    for one in released.iter().skip(3).take(6) {
        let said = Acknowledgement {
            flag: one.row.id,
            staff: who.clone(),
            note: None,
            by: actor("user:yuangong", Role::Staff),
            at: people.later(one.released_at, 20),
        };
        people.store.acknowledge(&said).await.map_err(CliError::failure)?;
    }
    Ok(())
}
