//! Calibration sessions: several reviewers and an expert read the same contacts, none knowing what the others say.
//!
//! What is said there is about the readers, not about the contacts: it is kept apart and enters no rate, no health of a rule and
//! no figure of staff.

use sha2::{Digest as _, Sha256};
use tingxin_store::{
    Calibration, CalibrationCandidate, CalibrationItem, ContactRecord, NewAudit, NewCalibration, User,
};
use tingxin_text::domain::{ContactRef, Permission, Purpose, TeamId, UtcMillis};
use uuid::Uuid;

use crate::readings::ReadingAsked;
use crate::samples::random_seed;
use crate::{Caller, Desk, DeskError};

/// Fewest contacts of a session: α of fewer is not shown.
pub const FEWEST_CONTACTS: u32 = 30;

/// Most contacts of a session. Set by the project: a working day of reading.
pub const MOST_CONTACTS: u32 = 100;

/// Weeks of which contacts are drawn, all of which have ended: the random sample has drawn from them and will not ask anybody to
/// read what was talked about. Set by the project: what reviewers hear at present.
const WEEKS: i64 = 4;

/// A session as somebody asks for it.
#[derive(Debug, Clone)]
pub struct CalibrationAsked {
    /// What it is called, as it was written. It is redacted before it is stored.
    pub title: String,
    /// Account whose reading the others are compared with.
    pub expert: String,
    /// Accounts that are compared with it.
    pub readers: Vec<String>,
    /// Whose contacts are read; `None` for those of all teams that the caller sees.
    pub team: Option<TeamId>,
    /// How many contacts are read.
    pub contacts: u32,
}

/// A session that somebody is invited to, as that reader sees it: neither who else reads nor who the expert is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// Key of the session.
    pub session: Uuid,
    /// What it is called.
    pub title: String,
    /// Contacts that are read.
    pub contacts: usize,
    /// Those that the reader is done with.
    pub done: usize,
}

impl Desk {
    /// Opens a session: draws its contacts by lot, half of them with a flag as far as there are such, and invites its readers. Its
    /// key. Without the half with flags most rules would apply to no contact at all, and α would say nothing about them.
    ///
    /// # Errors
    /// [`DeskError::OtherTeam`]; [`DeskError::Field`] for a title, a number, readers that cannot judge or see those contacts, and
    /// where too few contacts are there; [`DeskError::Store`], [`DeskError::Broken`].
    pub async fn open_calibration(
        &self,
        caller: &Caller,
        asked: CalibrationAsked,
    ) -> Result<Uuid, DeskError> {
        if !(FEWEST_CONTACTS..=MOST_CONTACTS).contains(&asked.contacts) {
            let reason = format!("{FEWEST_CONTACTS} to {MOST_CONTACTS} contacts");
            return Err(DeskError::field("/contacts", reason));
        }
        let team = caller.team_or(asked.team)?;
        let (expert, readers) = self.invited(asked.expert, asked.readers, team.as_ref()).await?;
        let title = self.note(&asked.title)?;
        let now = UtcMillis::now();
        let time = UtcMillis::of_week(now.week() - WEEKS)..UtcMillis::of_week(now.week());
        let frame = self.store.calibration_frame(time, team.as_ref()).await?;
        let wanted = usize::try_from(asked.contacts).unwrap_or(usize::MAX);
        if frame.len() < wanted {
            let reason = format!("only {} contacts of the last {WEEKS} weeks can be drawn", frame.len());
            return Err(DeskError::field("/contacts", reason));
        }
        let id = Uuid::now_v7();
        let contacts = draw(&frame, wanted, random_seed()?);
        let entry = entry(caller, "calibration.open", id, now);
        self.store
            .add_calibration(&NewCalibration { id, title, expert, team, readers, contacts, entry })
            .await?;
        Ok(id)
    }

    /// The expert and all readers by the names under which they act.
    async fn invited(
        &self,
        expert: String,
        mut readers: Vec<String>,
        team: Option<&TeamId>,
    ) -> Result<(String, Vec<String>), DeskError> {
        readers.retain(|name| *name != expert);
        readers.sort();
        readers.dedup();
        if readers.len() < 2 {
            return Err(DeskError::field("/readers", "an expert and at least two others"));
        }
        let able = self.calibration_readers(team).await?;
        readers.push(expert.clone());
        if !readers.iter().all(|name| able.contains(name)) {
            return Err(DeskError::field(
                "/readers",
                "accounts that judge flags and see all of these contacts",
            ));
        }
        Ok((acting(&expert), readers.iter().map(|name| acting(name)).collect()))
    }

    /// Accounts that can be invited to read contacts of a team, or of all teams.
    ///
    /// # Errors
    /// [`DeskError::Store`].
    pub async fn calibration_readers(&self, team: Option<&TeamId>) -> Result<Vec<String>, DeskError> {
        let able = |user: &User| {
            !user.disabled
                && user.role.allows(Permission::FlagsJudge)
                && (user.team.is_none() || user.team.as_ref() == team)
        };
        Ok(self.store.users().await?.into_iter().filter(able).map(|user| user.name).collect())
    }

    /// Sessions that the caller leads, latest first: how far everybody has read, and nothing of what was said.
    ///
    /// # Errors
    /// [`DeskError::Store`].
    pub async fn calibrations(&self, caller: &Caller) -> Result<Vec<Calibration>, DeskError> {
        let mut all = self.store.calibrations().await?;
        all.retain(|one| caller.sees(one.team.as_ref()));
        Ok(all)
    }

    /// Open sessions that the caller is invited to.
    ///
    /// # Errors
    /// [`DeskError::Store`].
    pub async fn own_invitations(&self, caller: &Caller) -> Result<Vec<Invitation>, DeskError> {
        let all = self.store.calibrations().await?.into_iter().filter(|one| one.closed_at.is_none());
        let own = |session: Calibration| {
            let reader = session.readers.iter().find(|reader| reader.name == caller.actor.name)?;
            let done = reader.done;
            Some(Invitation { session: session.id, title: session.title, contacts: session.contacts, done })
        };
        Ok(all.filter_map(own).collect())
    }

    /// What the caller is to read next in a session; `None` where nothing is left.
    ///
    /// # Errors
    /// [`DeskError::Store`].
    pub async fn next_of_calibration(
        &self,
        caller: &Caller,
        session: Uuid,
    ) -> Result<Option<CalibrationItem>, DeskError> {
        Ok(self.calibration_due(caller, session).await?.into_iter().next())
    }

    /// A contact of a session for its reader; not there for whoever is not invited or has read it. Whoever reads it is written
    /// down.
    ///
    /// # Errors
    /// [`DeskError::NotFound`], [`DeskError::Store`].
    pub async fn calibration_to_read(&self, caller: &Caller, item: Uuid) -> Result<ContactRecord, DeskError> {
        let record = match self.due_item(caller, item).await? {
            Some(due) => self.store.contact(due.contact, caller.team.as_ref()).await?,
            None => None,
        };
        let reads = Caller { purpose: Some(Purpose::Review), ..caller.clone() };
        let object = record.as_ref().map_or_else(|| item.to_string(), |record| record.id.to_string());
        self.write_down(&reads, "contact.read", object, record.is_some()).await?;
        record.ok_or(DeskError::NotFound)
    }

    /// Keeps what the caller says about a contact of a session.
    ///
    /// # Errors
    /// [`DeskError::NotFound`]; [`DeskError::FlagChanged`] when it has been read, ended or changed meanwhile;
    /// [`DeskError::Store`].
    pub async fn read_calibration(
        &self,
        caller: &Caller,
        item: Uuid,
        asked: &ReadingAsked,
    ) -> Result<(), DeskError> {
        self.due_item(caller, item).await?.ok_or(DeskError::FlagChanged)?;
        let entry = entry(caller, "calibration.read", item, UtcMillis::now());
        let kept = self.store.keep_calibration_reading(item, asked.revision, &asked.answer, &entry).await?;
        if kept { Ok(()) } else { Err(DeskError::FlagChanged) }
    }

    /// The session of an item; not there for whoever is not invited.
    ///
    /// # Errors
    /// [`DeskError::NotFound`], [`DeskError::Store`].
    pub async fn session_of_item(&self, caller: &Caller, item: Uuid) -> Result<Uuid, DeskError> {
        let session = self.store.calibration_of(item).await?.ok_or(DeskError::NotFound)?;
        let all = self.store.calibrations().await?;
        let found = all.into_iter().find(|one| one.id == session);
        let invited = found.filter(|one| one.readers.iter().any(|reader| reader.name == caller.actor.name));
        invited.map(|one| one.id).ok_or(DeskError::NotFound)
    }

    /// Ends a session: nothing more is read, and what was said can be looked at.
    ///
    /// # Errors
    /// [`DeskError::NotFound`] for whoever does not lead it and where it has ended, [`DeskError::Store`].
    pub async fn close_calibration(&self, caller: &Caller, session: Uuid) -> Result<(), DeskError> {
        self.led_calibration(caller, session).await?;
        let entry = entry(caller, "calibration.close", session, UtcMillis::now());
        let closed = self.store.close_calibration(session, &entry).await?;
        if closed { Ok(()) } else { Err(DeskError::NotFound) }
    }

    /// A session that the caller leads.
    pub(crate) async fn led_calibration(
        &self,
        caller: &Caller,
        session: Uuid,
    ) -> Result<Calibration, DeskError> {
        let found = self.calibrations(caller).await?.into_iter().find(|one| one.id == session);
        found.ok_or(DeskError::NotFound)
    }

    async fn calibration_due(
        &self,
        caller: &Caller,
        session: Uuid,
    ) -> Result<Vec<CalibrationItem>, DeskError> {
        Ok(self.store.calibration_due(session, &caller.actor.name, caller.team.as_ref()).await?)
    }

    async fn due_item(&self, caller: &Caller, item: Uuid) -> Result<Option<CalibrationItem>, DeskError> {
        let Some(session) = self.store.calibration_of(item).await? else { return Ok(None) };
        Ok(self.calibration_due(caller, session).await?.into_iter().find(|one| one.id == item))
    }
}

/// The name under which an account stands in the audit log.
fn acting(account: &str) -> String {
    format!("user:{account}")
}

/// Draws by lot, half of them with a flag as far as there are such; in the order of another lot.
fn draw(frame: &[CalibrationCandidate], wanted: usize, seed: i64) -> Vec<ContactRef> {
    let lot = |what: &str, contact: ContactRef| -> [u8; 32] {
        Sha256::digest(format!("{seed} {what} {contact}")).into()
    };
    let mut drawn: Vec<CalibrationCandidate> = frame.to_vec();
    drawn.sort_by_key(|one| lot("draw", one.contact));
    let (mut flagged, mut plain): (Vec<_>, Vec<_>) = drawn.into_iter().partition(|one| one.flagged);
    let with = flagged.len().min((wanted / 2).max(wanted.saturating_sub(plain.len())));
    flagged.truncate(with);
    plain.truncate(wanted - with);
    let mut contacts: Vec<ContactRef> = flagged.iter().chain(&plain).map(|one| one.contact).collect();
    contacts.sort_by_key(|contact| lot("place", *contact));
    contacts
}

fn entry(caller: &Caller, action: &'static str, object: Uuid, at: UtcMillis) -> NewAudit {
    let (actor, object) = (caller.actor.clone(), object.to_string());
    NewAudit { at, actor, action, object, result: "ok", purpose: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(flagged: usize, plain: usize) -> Vec<CalibrationCandidate> {
        let one = |flagged| CalibrationCandidate { contact: ContactRef(Uuid::now_v7()), flagged };
        (0..flagged).map(|_| one(true)).chain((0..plain).map(|_| one(false))).collect()
    }

    #[test]
    fn half_of_the_contacts_have_a_flag_as_far_as_there_are_such_and_nothing_tells_them_apart() {
        for (flagged, plain, with) in [(100, 100, 15), (3, 100, 3), (100, 10, 20), (20, 10, 20)] {
            let frame = frame(flagged, plain);

            let drawn = draw(&frame, 30, 7);

            let has = |contact: &&ContactRef| frame.iter().any(|one| one.contact == **contact && one.flagged);
            assert_eq!((drawn.len(), drawn.iter().filter(has).count()), (30, with), "{flagged} and {plain}");
            let first = drawn.iter().take(with).filter(has).count();
            assert!(with == 3 || first < with, "those with a flag do not come first");
            assert_eq!(drawn, draw(&frame, 30, 7));
            assert_ne!(drawn, draw(&frame, 30, 8));
        }
    }
}
