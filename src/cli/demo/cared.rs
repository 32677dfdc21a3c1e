//! What followed good and bad contacts in the weeks before: care for those who were insulted, and examples to learn from.

use super::super::error::CliError;
use super::people::{People, actor};
use crate::desk::{Caller, Desk};
use crate::domain::{DAY_MILLIS, FlagStatus, HOUR_MILLIS, Role, Rule, UtcMillis};
use crate::store::{CareTimes, FlagRow};

/// Hours from a contact to the verdict that makes a task of care, and more than any verdict of the demo takes.
const CONFIRMED_HOURS: i64 = 50;

/// Days within which somebody should have talked to the person.
const CARE_DAYS: i64 = 2;

/// Older tasks than so many days are done; of the others some are open and some overdue.
const DONE_DAYS: i64 = 5;

/// What was done, one after the other.
const DONE: [&str; 3] = [
    "当面谈过，当天下午安排休息半天，情绪已平稳。",
    "班长陪同复听，说明不是他的责任；本周不排夜班。",
    "电话沟通，本人表示没事；下周调到在线班组两天。",
];

/// What there is to learn from an example.
const LEARNT: [&str; 4] = [
    "先说出客户的着急，再给出准确到分钟的进度。",
    "没有急着解释规定，先把客户的话复述一遍。",
    "主动补上一句“办好以后我再给您回电话”，客户马上放心了。",
    "承认之前答复不清楚，一句话说明现在怎么办。",
];

/// How many of them everybody can read; the rest was chosen and waits.
const RELEASED: usize = 3;

/// Writes it down.
pub(super) async fn care(people: &People, desk: &Desk) -> Result<(), CliError> {
    support(people).await?;
    choose(desk).await
}

/// A task for every confirmed insult, as old as the verdict.
async fn support(people: &People) -> Result<(), CliError> {
    let confirmed = |row: &FlagRow| row.flag.rule == Rule::Abuse && row.flag.status == FlagStatus::Confirmed;
    let (mut kinds, mut later) = (DONE.iter().cycle(), false);
    for row in people.flags().await?.into_iter().filter(confirmed) {
        let Some(began) = row.started_at else { continue };
        let now = people.later(began, CONFIRMED_HOURS);
        let (due, since) = (now.plus_millis(CARE_DAYS * DAY_MILLIS), UtcMillis::from_millis(0));
        let made = people.store.make_care(Some(row.contact), CareTimes { now, due, since });
        made.await.map_err(CliError::failure)?;
        let old = now.plus_millis(DONE_DAYS * DAY_MILLIS) < people.now;
        later = !old && !later;
        if later {
            // Taken over with another date, so that not all of them are overdue.
            let due = Some(people.now.plus_millis(DAY_MILLIS));
            people.store.take_care(row.contact, "zhuguan", due).await.map_err(CliError::failure)?;
        }
        if let Some(note) = kinds.next().filter(|_| old) {
            let (by, at) = (("user:zhuguan", &people.words(note)), now.plus_millis(20 * HOUR_MILLIS));
            people.store.finish_care(row.contact, by, at).await.map_err(CliError::failure)?;
        }
    }
    Ok(())
}

/// The trainer has chosen recoveries of the last weeks.
async fn choose(desk: &Desk) -> Result<(), CliError> {
    let trainer = Caller {
        actor: actor("user:peixun", Role::Trainer),
        team: None,
        account: Some("peixun".to_owned()),
        purpose: None,
    };
    let proposed = desk.learning_desk(&trainer).await.map_err(CliError::failure)?.proposed;
    // Not neighbours, which are often of one scene.
    let apart = proposed.iter().step_by((proposed.len() / LEARNT.len()).max(1));
    for (at, (example, remark)) in (1..).zip(apart.zip(LEARNT)) {
        let chosen = desk.choose_learning(&trainer, example.contact, remark);
        chosen.await.map_err(CliError::failure)?;
        if at == RELEASED {
            desk.release_learning(&trainer).await.map_err(CliError::failure)?;
        }
    }
    Ok(())
}
