//! Statements of appeals, acknowledgements and of what trainers ask reviewers to listen to; see `sql.rs`.

/// What two rows about the same rule at the same turns of a revision share.
macro_rules! matter {
    ($one:literal, $other:literal) => {
        concat!(
            $one,
            ".contact = ",
            $other,
            ".contact AND ",
            $one,
            ".revision = ",
            $other,
            ".revision AND ",
            $one,
            ".rule = ",
            $other,
            ".rule AND ",
            $one,
            ".utterances = ",
            $other,
            ".utterances"
        )
    };
}

/// Confirmed flags with the verdict that confirmed them, as the person sees them.
macro_rules! released {
    () => {
        concat!(
            "SELECT f.id, f.contact, f.rule, f.severity, f.status, f.probability, f.utterances, f.facts, f.reason, \
             f.channel, f.team, f.happened_at, c.source, c.contact_id, c.started_at, v.revision, \
             v.judged_at AS released_at, v.judged_by AS confirmed_by, k.note AS acknowledged_note, \
             k.acknowledged_at, p.id AS appeal FROM flags f JOIN contacts c ON c.id = f.contact \
             JOIN verdicts v ON v.contact = f.contact AND v.revision = c.revision AND v.rule = f.rule \
             AND v.utterances = f.utterances \
             LEFT JOIN acknowledgements k ON ", matter!("k", "v"), " LEFT JOIN appeals p ON ", matter!("p", "v"),
            " WHERE c.staff_id = $1 AND f.status = 'confirmed' AND v.verdict = 'confirmed' \
             AND v.id = (SELECT MAX(l.id) FROM verdicts l WHERE ", matter!("l", "v"), ")"
        )
    };
}

/// Every column of an appeal.
macro_rules! appeal {
    () => {
        "SELECT p.id, p.flag, p.contact, p.revision, p.rule, p.utterances, p.staff_id, p.team, p.state, p.text, \
         p.filed_by, p.filed_at, p.confirmed_by, p.answer, p.answered_by, p.answered_at, p.reason, p.decided_by, \
         p.decided_at, p.due_at FROM appeals p"
    };
}

super::sql::statements! {
    /// What was released to a person, newest contact first.
    RELEASED = concat!(released!(), " ORDER BY f.happened_at DESC, f.id LIMIT $2");

    /// One of it.
    RELEASED_ONE = concat!(released!(), " AND f.id = $2");

    /// Files an appeal.
    ADD_APPEAL = "INSERT INTO appeals (id, flag, contact, revision, rule, utterances, staff_id, team, state, text, \
        filed_by, filed_at, confirmed_by, due_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'filed', $9, $10, $11, $12, $13)";

    /// One appeal.
    APPEAL = concat!(appeal!(), " WHERE p.id = $1");

    /// Appeals about a contact, oldest first.
    APPEALS_OF_CONTACT = concat!(appeal!(), " WHERE p.contact = $1 ORDER BY p.filed_at, p.id");

    /// What a lead makes of it.
    STEP_APPEAL = "UPDATE appeals SET state = $2, answer = $3, answered_by = $4, answered_at = $5, due_at = $6 \
        WHERE id = $1 AND state = 'filed'";

    /// Brings an answered appeal to a reviewer.
    INSIST = "UPDATE appeals SET state = 'forwarded', due_at = $2 WHERE id = $1 AND state = 'answered'";

    /// Decides an appeal for good.
    DECIDE_APPEAL = "UPDATE appeals SET state = $2, reason = $3, decided_by = $4, decided_at = $5 \
        WHERE id = $1 AND state IN ('filed', 'forwarded')";

    /// Whether somebody has judged what an appeal is about.
    JUDGED_BEFORE = concat!("SELECT COUNT(*) FROM verdicts v JOIN appeals p ON ", matter!("p", "v"),
        " WHERE p.id = $1 AND v.judged_by = $2");

    /// The verdict of an appeal that was upheld by nobody.
    OVERTURN = "INSERT INTO verdicts (flag, contact, revision, rule, utterances, verdict, note, judged_by, judged_at) \
        SELECT p.flag, p.contact, p.revision, p.rule, p.utterances, 'rejected', $2, $3, $4 FROM appeals p \
        WHERE p.id = $1";

    /// Lets the flag show it.
    SHOW_OVERTURNED = "UPDATE flags SET status = 'rejected' WHERE contact = $1 AND rule = $2 AND utterances = $3";

    /// How an appeal against a flag of the current revision stands.
    APPEAL_ON_FLAG = "SELECT p.state FROM appeals p JOIN contacts c ON c.id = p.contact AND c.revision = p.revision \
        WHERE p.flag = $1 AND p.utterances = $2";

    /// Flags of a person's contacts that are out of the rates or count otherwise: under appeal, or overturned.
    CONTESTED = "SELECT p.contact, p.rule, p.state FROM appeals p \
        JOIN contacts c ON c.id = p.contact AND c.revision = p.revision \
        WHERE c.staff_id = $1 AND c.happened_at >= $2 AND c.happened_at < $3 \
        AND p.state IN ('filed', 'forwarded', 'overturned')";

    /// Appeals that somebody still has to answer, and those whose step is overdue.
    APPEAL_BACKLOG = "SELECT COUNT(*), COALESCE(SUM(CASE WHEN due_at < $1 THEN 1 ELSE 0 END), 0) FROM appeals \
        WHERE state IN ('filed', 'forwarded') AND (CAST($2 AS TEXT) IS NULL OR team = $2)";

    /// Acknowledges a confirmed flag, once.
    ADD_ACKNOWLEDGEMENT = "INSERT INTO acknowledgements (id, contact, revision, rule, utterances, note, \
        acknowledged_by, acknowledged_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) \
        ON CONFLICT (contact, revision, rule, utterances) DO NOTHING";

    /// Forgets what people said about a contact.
    DROP_APPEAL_WORDS = "UPDATE appeals SET text = NULL, answer = NULL, reason = NULL WHERE contact = $1";

    /// The same for acknowledgements.
    DROP_ACKNOWLEDGED_WORDS = "UPDATE acknowledgements SET note = NULL WHERE contact = $1 AND note IS NOT NULL";

    /// Forgets the appeals of a person.
    DROP_APPEALS_OF_STAFF = "DELETE FROM appeals WHERE staff_id = $1";

    /// Forgets which contacts of a person were asked for.
    DROP_ASKED_OF_STAFF = "DELETE FROM asked_reviews WHERE staff_id = $1";

    /// Forgets who acknowledged what of a contact.
    DROP_ACKNOWLEDGEMENTS = "DELETE FROM acknowledgements WHERE contact = $1";

    /// Asks reviewers to listen to the latest contacts of a person that have an unjudged flag of a rule.
    ASK_REVIEW = "INSERT INTO asked_reviews (contact, rule, staff_id, team, indicator, asked_by, asked_at) \
        SELECT f.contact, f.rule, c.staff_id, c.team, $4, $5, CAST($6 AS BIGINT) FROM flags f \
        JOIN contacts c ON c.id = f.contact WHERE c.staff_id = $1 AND f.rule = $2 AND f.status = 'candidate' \
        AND c.happened_at >= $3 ORDER BY f.happened_at DESC, f.id LIMIT $7 ON CONFLICT (contact, rule) DO NOTHING";

    /// Puts the contacts that were asked for before all others in the queue.
    PUT_FIRST = "UPDATE flags SET priority = priority + $3 WHERE priority < $3 AND contact IN \
        (SELECT r.contact FROM asked_reviews r WHERE r.staff_id = $1 AND r.rule = $2)";

    /// What trainers asked for since a moment, and what reviewers said.
    ASKED_REVIEWS = "SELECT r.contact, r.rule, r.staff_id, r.team, r.indicator, r.asked_by, r.asked_at, \
        (SELECT f.status FROM flags f WHERE f.contact = r.contact AND f.rule = r.rule \
        ORDER BY CASE f.status WHEN 'confirmed' THEN 0 WHEN 'candidate' THEN 1 ELSE 2 END LIMIT 1) AS status \
        FROM asked_reviews r WHERE r.asked_at >= $1 AND (CAST($2 AS TEXT) IS NULL OR r.team = $2) \
        ORDER BY r.asked_at, r.contact LIMIT $3";
}

/// Start of the list of appeals; [`super::list`] adds the conditions.
pub(super) const APPEAL_LIST: &str = appeal!();
