//! The statements of the queue, like those of `sql.rs`. Claiming and ending leases that ran out are
//! the two that the databases do not share: PostgreSQL must lock the rows it picks, and SQLite has
//! no such clause.

use super::sql::statements;

/// What the end of a process means for a job that it held. One that stood in a batch comes back in
/// a smaller one; one that was alone keeps the strike that its claim has cost.
macro_rules! died {
    () => {
        "leased = FALSE, most = CASE WHEN batch > 1 THEN batch / 2 ELSE 1 END, \
         deaths = deaths + CASE WHEN batch = 1 THEN 1 ELSE 0 END"
    };
}

statements! {
    /// Takes the row lock of a contact without changing it. See the lock order in `jobs.rs`. The
    /// column is one without an index: SQLite would write the entry of an indexed one anew.
    LOCK_CONTACT = "UPDATE contacts SET flags = flags WHERE id = $1";

    /// Queues a new revision.
    ADD_JOB = "INSERT INTO jobs (contact, revision, queued_at, due_at) VALUES ($1, $2, $3, $3)";

    /// Forgets the job of an older revision, whoever holds it.
    DROP_JOB = "DELETE FROM jobs WHERE contact = $1";

    /// The text of a claimed contact.
    BODY = "SELECT body FROM contact_bodies WHERE contact = $1";

    /// Jobs that used up their attempts without anybody saying so: the process died every time.
    EXHAUSTED = "SELECT id, contact, attempts FROM jobs WHERE quarantined_at IS NULL \
        AND strikes >= $2 AND strikes > 0 AND due_at <= $1 ORDER BY due_at, id LIMIT 32";

    /// Makes a job whose lease ran out look held again, so that the reaper can end it like a
    /// worker.
    HOLD_JOB = "UPDATE jobs SET leased = TRUE WHERE id = $1 AND attempts = $2 AND due_at <= $3 \
        AND quarantined_at IS NULL";

    /// Ends a job, provided nobody has claimed it since. A lease that ran out meanwhile does not
    /// matter: the work is done.
    TAKE_JOB = "DELETE FROM jobs WHERE id = $1 AND contact = $2 AND attempts = $3";

    /// Ends a lease after a failure, provided the ticket is still good. A job that was claimed
    /// alone has its strike already.
    STRIKE_JOB = "UPDATE jobs SET leased = FALSE, reason = $3, most = 1, \
        strikes = strikes + CASE WHEN batch > 1 THEN 1 ELSE 0 END \
        WHERE id = $1 AND attempts = $2 AND leased RETURNING strikes";

    /// Sets the time of the next attempt.
    DELAY_JOB = "UPDATE jobs SET due_at = $2 WHERE id = $1";

    /// Sets a job aside.
    QUARANTINE_JOB = "UPDATE jobs SET quarantined_at = $2 WHERE id = $1";

    /// Marks a contact as set aside, unless it has an analysis of this revision.
    QUARANTINE_CONTACT = "UPDATE contacts SET state = 'quarantined' WHERE id = $1 AND state = 'queued'";

    /// Gives a lease back without counting the attempt.
    GIVE_BACK = "UPDATE jobs SET leased = FALSE, strikes = strikes - CASE WHEN batch = 1 THEN 1 ELSE 0 END, \
        due_at = queued_at WHERE id = $1 AND attempts = $2 AND leased";

    /// Ends every lease of a process that died.
    RELEASE_LEASES = concat!("UPDATE jobs SET ", died!(), ", due_at = queued_at WHERE leased");

    /// What to try next of those whom a failure or a dead process speaks against: how many
    /// together. Those come first against whom least speaks. `$2` is the largest number of deaths
    /// after which a job may be tried now.
    NEXT_SUSPECT = "SELECT most FROM jobs WHERE quarantined_at IS NULL AND NOT leased AND most IS NOT NULL \
        AND deaths <= $2 AND due_at <= $1 ORDER BY deaths, strikes, most DESC, due_at, id LIMIT 1";

    /// Contacts after `$1`, of the time from `$4` on, whose current analysis another engine made
    /// and that have no job.
    FIND_STALE = "SELECT c.id, c.source, c.contact_id FROM contacts c \
        JOIN analyses a ON a.contact = c.id AND a.superseded_at IS NULL \
        WHERE c.id > $1 AND a.engine <> $2 AND c.happened_at >= $4 AND c.words_gone_at IS NULL \
        AND NOT EXISTS (SELECT 1 FROM jobs j WHERE j.contact = c.id) ORDER BY c.id LIMIT $3";

    /// How many contacts from `$2` on have a current analysis by another engine.
    COUNT_BY_OTHERS = "SELECT COUNT(*) FROM contacts c \
        JOIN analyses a ON a.contact = c.id AND a.superseded_at IS NULL JOIN contact_measures m ON m.contact = c.id \
        WHERE a.engine <> $1 AND c.happened_at >= $2";

    /// Queues a contact once more.
    ADD_RESCORING = "INSERT INTO jobs (contact, revision, rescoring, queued_at, due_at) \
        SELECT id, revision, TRUE, $2, $2 FROM contacts WHERE id = $1 AND words_gone_at IS NULL ON CONFLICT (contact) DO NOTHING";

    /// What was set aside, the latest first.
    SET_ASIDE = "SELECT c.id, c.source, c.contact_id, c.revision, c.channel, j.strikes, j.deaths, j.reason, \
        j.queued_at, j.quarantined_at FROM jobs j JOIN contacts c ON c.id = j.contact \
        WHERE j.quarantined_at IS NOT NULL ORDER BY j.quarantined_at DESC, j.id DESC LIMIT $1";

    /// Gives a contact that was set aside up.
    DROP_SET_ASIDE = "DELETE FROM jobs WHERE contact = $1 AND quarantined_at IS NOT NULL";

    /// Contacts that were set aside.
    FIND_QUARANTINED = "SELECT c.id, c.source, c.contact_id FROM contacts c \
        JOIN jobs j ON j.contact = c.id WHERE j.quarantined_at IS NOT NULL";

    /// Gives a job five new attempts.
    REVIVE_JOB = "UPDATE jobs SET quarantined_at = NULL, strikes = 0, deaths = 0, leased = FALSE, due_at = $2, \
        most = 1 WHERE contact = $1 AND quarantined_at IS NOT NULL";

    /// Marks its contact as waiting again.
    REVIVE_CONTACT = "UPDATE contacts SET state = 'queued' WHERE id = $1 AND state = 'quarantined'";

    /// Number of jobs that wait or are leased.
    COUNT_WAITING = "SELECT COUNT(*) FROM jobs WHERE quarantined_at IS NULL";

    /// Number of jobs set aside.
    COUNT_QUARANTINED = "SELECT COUNT(*) FROM jobs WHERE quarantined_at IS NOT NULL";

    /// Since when the oldest contact waits for its first analysis. Re-scoring does not count: it
    /// has an answer already, and its backlog must not look like a service that falls behind.
    OLDEST_WAITING = "SELECT MIN(queued_at) FROM jobs WHERE quarantined_at IS NULL AND NOT rescoring";
}

/// Leases due jobs of one condition, as many of the first as fit into `$3` jobs and `$4` bytes of
/// text, and at least one. `$lock` is all that the two databases do not share.
macro_rules! claim {
    ($condition:expr, $order:literal, $lock:literal) => {
        concat!(
            "WITH due AS (SELECT id, contact, deaths, strikes, rescoring, due_at FROM jobs \
             WHERE quarantined_at IS NULL AND NOT leased AND ",
            $condition,
            " AND due_at <= $1 ORDER BY ",
            $order,
            " LIMIT $3",
            $lock,
            "), sized AS (SELECT due.id AS picked_id, ROW_NUMBER() OVER turn AS place, \
             SUM(COALESCE(OCTET_LENGTH(b.body), 0)) OVER turn AS bytes \
             FROM due LEFT JOIN contact_bodies b ON b.contact = due.contact WINDOW turn AS (ORDER BY ",
            $order,
            ")), picked AS (SELECT picked_id, COUNT(*) OVER () AS together FROM sized WHERE place = 1 OR bytes <= $4) \
             UPDATE jobs SET attempts = attempts + 1, leased = TRUE, due_at = $2, batch = picked.together, \
             strikes = strikes + CASE WHEN picked.together = 1 THEN 1 ELSE 0 END \
             FROM picked WHERE id = picked_id RETURNING id, contact, attempts, queued_at, rescoring"
        )
    };
}

macro_rules! fresh {
    ($lock:literal) => {
        claim!("most IS NULL", "rescoring, due_at, id", $lock)
    };
}

/// Suspects that may stand in a batch of `$5`, after at most `$6` deaths.
macro_rules! suspect {
    ($lock:literal) => {
        claim!("most = $5 AND deaths <= $6", "deaths, strikes, rescoring, due_at, id", $lock)
    };
}

/// Ends leases that ran out: whoever held them has died or hangs.
macro_rules! lapse {
    ($lock:literal) => {
        concat!(
            "UPDATE jobs SET ",
            died!(),
            " WHERE id IN (SELECT id FROM jobs WHERE leased AND due_at <= $1 AND quarantined_at IS NULL",
            $lock,
            ")"
        )
    };
}

/// Claims that differ: SQLite has one writer at a time and needs no lock clause.
pub(super) const SQLITE: &[(&str, &str)] = &[
    ("CLAIM_FRESH_SQLITE", CLAIM_FRESH_SQLITE),
    ("CLAIM_SUSPECT_SQLITE", CLAIM_SUSPECT_SQLITE),
    ("LAPSE_SQLITE", LAPSE_SQLITE),
];

/// Claims that differ: without `SKIP LOCKED`, eight workers were handed most jobs twice.
pub(super) const POSTGRES: &[(&str, &str)] = &[
    ("CLAIM_FRESH_POSTGRES", CLAIM_FRESH_POSTGRES),
    ("CLAIM_SUSPECT_POSTGRES", CLAIM_SUSPECT_POSTGRES),
    ("LAPSE_POSTGRES", LAPSE_POSTGRES),
];

pub(super) const CLAIM_FRESH_SQLITE: &str = fresh!("");
pub(super) const CLAIM_SUSPECT_SQLITE: &str = suspect!("");
pub(super) const LAPSE_SQLITE: &str = lapse!("");
pub(super) const CLAIM_FRESH_POSTGRES: &str = fresh!(" FOR UPDATE SKIP LOCKED");
pub(super) const CLAIM_SUSPECT_POSTGRES: &str = suspect!(" FOR UPDATE SKIP LOCKED");
pub(super) const LAPSE_POSTGRES: &str = lapse!(" FOR UPDATE SKIP LOCKED");
