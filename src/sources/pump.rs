//! Runs a source: asks it, has the parcels taken in, and tells it what became of them.

use std::time::Duration;

use tokio::sync::watch;

use super::door::{LOOK_AGAIN, SourceDoor};
use super::parcel::{Fate, Parcel, Source, SourceError};
use super::reading::Contents;
use crate::store::{Party, on_behalf_of};

/// Pause after a failure of the source or the database: neither is hammered, and both come back
/// within moments or not at all.
const PAUSE: Duration = Duration::from_secs(2);

/// What a source brought.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Worked {
    /// Parcels that are stored whole.
    pub taken: u64,
    /// Parcels of which something was refused.
    pub refused: u64,
    /// Parcels that come again.
    pub later: u64,
}

/// Takes in what the source gives until `stop` becomes true or its sender is gone. What is in hand
/// is finished if the source is quick, and comes again if not: the caller may drop this at any
/// moment.
pub async fn run(mut source: impl Source, door: SourceDoor, mut stop: watch::Receiver<bool>) {
    let name = source.name();
    tracing::info!(source = name, "contacts are taken from a source");
    let mut waiting = false;
    while !stopped(&stop) {
        if door.is_full().await {
            if !std::mem::replace(&mut waiting, true) {
                tracing::warn!(
                    source = name,
                    "scoring is behind: the source waits, and nothing of it is lost"
                );
            }
            rest(LOOK_AGAIN, &mut stop).await;
            continue;
        }
        waiting = false;
        let given = tokio::select! {
            given = source.parcels() => given,
            () = signalled(&mut stop) => return,
        };
        let worked = match given {
            Ok(parcels) if parcels.is_empty() => continue,
            Ok(parcels) => work(&mut source, &door, parcels).await,
            Err(failure) => Err(failure),
        };
        match worked {
            Ok(Worked { later: 0, .. }) => {}
            Ok(_) => rest(PAUSE, &mut stop).await,
            Err(failure) => {
                tracing::warn!(source = name, %failure, "the source is asked again in a moment");
                rest(PAUSE, &mut stop).await;
            }
        }
    }
}

/// Takes in what the source gives now, and ends when it gives nothing more or something must come
/// again.
///
/// # Errors
/// [`SourceError`] of the source.
pub async fn run_once(source: &mut impl Source, door: &SourceDoor) -> Result<Worked, SourceError> {
    let mut all = Worked::default();
    loop {
        let parcels = source.parcels().await?;
        if parcels.is_empty() {
            return Ok(all);
        }
        let Worked { taken, refused, later } = work(source, door, parcels).await?;
        all.taken += taken;
        all.refused += refused;
        all.later += later;
        if later > 0 {
            return Ok(all);
        }
    }
}

async fn work<S: Source>(
    source: &mut S,
    door: &SourceDoor,
    parcels: Vec<Parcel<S::Ticket>>,
) -> Result<Worked, SourceError> {
    let (mut tickets, mut contents) = (Vec::new(), Vec::new());
    for Parcel { ticket, name, open } in parcels {
        tickets.push(ticket);
        contents.push(Contents { name, open });
    }
    let options = source.reading();
    let party = Party::stream_of(&format!("source {}", source.name()));
    let fates = on_behalf_of(party, door.take(&contents, &options)).await.unwrap_or_else(|failure| {
        tracing::warn!(source = source.name(), %failure, "nothing can be stored now: it comes again");
        contents.iter().map(|_| Fate::Later).collect()
    });
    let mut worked = Worked::default();
    let mut failed = None;
    for (ticket, fate) in tickets.into_iter().zip(fates) {
        match &fate {
            Fate::Taken => worked.taken += 1,
            Fate::Refused(turned) => {
                worked.refused += 1;
                // Neither the name nor the sentence: a file may be called after a telephone number.
                let code = turned.said.first().map_or("", |refusal| refusal.code);
                let (taken, refused) = (turned.taken, turned.refused);
                tracing::warn!(source = source.name(), taken, refused, code, "something was not taken");
            }
            Fate::Later => worked.later += 1,
        }
        // The others are settled all the same.
        if let Err(failure) = source.settle(ticket, fate).await {
            failed = Some(failure);
        }
    }
    failed.map_or(Ok(worked), Err)
}

fn stopped(stop: &watch::Receiver<bool>) -> bool {
    *stop.borrow() || stop.has_changed().is_err()
}

/// Ends when `stop` becomes true or its sender is gone.
async fn signalled(stop: &mut watch::Receiver<bool>) {
    // Either way there is nobody left who could want more work.
    let _ = stop.wait_for(|stop| *stop).await;
}

async fn rest(span: Duration, stop: &mut watch::Receiver<bool>) {
    tokio::select! {
        () = tokio::time::sleep(span) => {}
        () = signalled(stop) => {}
    }
}
