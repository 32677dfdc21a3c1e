//! Statements of erasure, periods, legal holds and handing over; see `sql.rs`.

/// Whether a contact `c` must stay.
macro_rules! held {
    () => {
        "(EXISTS (SELECT 1 FROM legal_holds h WHERE h.contact = c.id) \
         OR EXISTS (SELECT 1 FROM legal_holds h WHERE h.customer = c.customer))"
    };
}

/// How many contacts there are of a subject, and how many of them must stay.
macro_rules! count {
    ($of:literal) => {
        concat!(
            "SELECT COUNT(*) AS contacts, COALESCE(SUM(CASE WHEN ",
            held!(),
            " THEN 1 ELSE 0 END), 0) AS held FROM contacts c WHERE ",
            $of
        )
    };
}

/// Some contacts that may go. They are sorted into the lock order of the store afterwards: sorting
/// them here would read all of them for every batch.
macro_rules! find {
    ($of:literal) => {
        concat!(
            "SELECT c.id, c.source, c.contact_id FROM contacts c WHERE ",
            $of,
            " AND NOT ",
            held!(),
            " ORDER BY c.happened_at, c.id LIMIT $2"
        )
    };
}

/// Contacts before a time whose words are there and may go. Those that wait for their analysis wait
/// here, too.
macro_rules! with_words {
    () => {
        concat!(
            "FROM contacts c WHERE c.words_gone_at IS NULL AND c.happened_at < $1 AND NOT EXISTS \
             (SELECT 1 FROM jobs j WHERE j.contact = c.id AND j.quarantined_at IS NULL) AND NOT ",
            held!()
        )
    };
}

super::sql::statements! {
    // ── Erasure ─────────────────────────────────────────────────────────────────────────────────

    /// A contact by its identity.
    COUNT_OF_CONTACT = count!("c.id = $1");

    /// Contacts of a customer.
    COUNT_OF_CUSTOMER = count!("c.customer = $1");

    /// Contacts of a member of staff.
    COUNT_OF_STAFF = count!("c.staff_id = $1");

    /// A contact that may go.
    FIND_OF_CONTACT = find!("c.id = $1");

    /// Contacts of a customer that may go.
    FIND_OF_CUSTOMER = find!("c.customer = $1");

    /// Contacts of a member of staff that may go.
    FIND_OF_STAFF = find!("c.staff_id = $1");

    /// Erases a contact with everything that hangs on it, unless it must stay.
    ERASE_CONTACT = concat!("DELETE FROM contacts AS c WHERE c.id = $1 AND NOT ", held!());

    /// Answers to requests that repeat a text.
    FIND_ANSWERS = "SELECT caller, idempotency_key FROM idempotency_keys WHERE answer IS NOT NULL \
        AND (REPLACE(answer, $1, '') <> answer OR REPLACE(answer, $2, '') <> answer)";

    /// Forgets one.
    DROP_ANSWER = "DELETE FROM idempotency_keys WHERE caller = $1 AND idempotency_key = $2";

    /// Takes a work number off a contact, unless the contact must stay as it is.
    ERASE_STAFF = concat!("UPDATE contacts AS c SET staff_id = NULL WHERE c.id = $1 AND NOT ", held!());

    /// Every analysis of a contact.
    BODIES_OF_ANALYSES = "SELECT revision, engine, superseded_at, body FROM analyses WHERE contact = $1 \
        ORDER BY created_at, revision, engine";

    /// Puts another body in the place of an analysis's.
    SET_ANALYSIS_BODY = "UPDATE analyses SET body = $4 WHERE contact = $1 AND revision = $2 AND engine = $3";

    /// Puts another body in the place of a contact's.
    SET_BODY = "UPDATE contact_bodies SET body = $2 WHERE contact = $1";

    /// Forgets a body that cannot be read.
    DROP_BODY = "DELETE FROM contact_bodies WHERE contact = $1";

    /// Forgets an analysis that cannot be read.
    DROP_ANALYSIS = "DELETE FROM analyses WHERE contact = $1 AND revision = $2 AND engine = $3";

    /// Flags of a contact.
    FLAGS_OF_CONTACT = "SELECT f.id, f.contact, f.rule, f.severity, f.status, f.probability, f.utterances, \
        f.facts, f.reason, f.channel, f.team, f.happened_at, c.source, c.contact_id, c.started_at FROM flags f \
        JOIN contacts c ON c.id = f.contact WHERE f.contact = $1";

    /// Puts another reason in the place of a flag's.
    SET_REASON = "UPDATE flags SET facts = $2, reason = $3, wording = NULL WHERE id = $1";

    /// Forgets the sums of a person.
    DROP_SUMS_OF_STAFF = "DELETE FROM weekly_sums WHERE kind = 'staff' AND name = $1";

    /// Forgets that those of a person are out of date.
    DROP_MARKS_OF_STAFF = "DELETE FROM stale_sums WHERE kind = 'staff' AND name = $1";

    /// Forgets a person's coaching.
    DROP_COACHING_OF_STAFF = "DELETE FROM coaching WHERE staff_id = $1";

    /// Takes a work number off every account.
    UNLINK_STAFF = "UPDATE users SET staff_id = NULL WHERE staff_id = $1";

    // ── Legal holds ─────────────────────────────────────────────────────────────────────────────

    /// Places a hold; no row changes when there is one on the same.
    ADD_HOLD = "INSERT INTO legal_holds (id, contact, customer, note, placed_by, placed_at) \
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";

    /// Ends a hold.
    DROP_HOLD = "DELETE FROM legal_holds WHERE id = $1";

    /// Holds, latest first.
    HOLDS = "SELECT h.id, h.customer, h.note, h.placed_by, h.placed_at, c.source, c.contact_id \
        FROM legal_holds h LEFT JOIN contacts c ON c.id = h.contact ORDER BY h.placed_at DESC, h.id";

    // ── Periods ─────────────────────────────────────────────────────────────────────────────────

    /// Contacts before a time whose words may go.
    FIND_WORDS = concat!("SELECT c.id, c.source, c.contact_id ", with_words!(),
        " ORDER BY c.happened_at, c.id LIMIT $2");

    /// How many they are.
    COUNT_WORDS = concat!("SELECT COUNT(*) ", with_words!());

    /// Says that the words of a contact are gone, if it still is what was found: a new revision has
    /// words of its own.
    SET_WORDS_GONE = "UPDATE contacts SET words_gone_at = $2 WHERE id = $1 AND words_gone_at IS NULL \
        AND happened_at < $3 AND NOT EXISTS \
        (SELECT 1 FROM jobs j WHERE j.contact = contacts.id AND j.quarantined_at IS NULL)";

    /// Forgets analyses that another one has replaced.
    DROP_EARLIER_ANALYSES = "DELETE FROM analyses WHERE contact = $1 AND superseded_at IS NOT NULL";

    /// Makes the tickets of a contact's job worthless, and lets it be taken anew.
    OVERTAKE_JOB = "UPDATE jobs SET attempts = attempts + 1, leased = FALSE, due_at = queued_at WHERE contact = $1";

    /// Forgets why people judged as they did.
    DROP_NOTES = "UPDATE verdicts SET note = NULL WHERE contact = $1 AND note IS NOT NULL";

    /// Contacts before a time that may go.
    FIND_CONTACTS_BEFORE = find!("c.happened_at < $1");

    /// How many they are.
    COUNT_CONTACTS_BEFORE = concat!("SELECT COUNT(*) FROM contacts c WHERE c.happened_at < $1 AND NOT ", held!());

    /// How many sums before a week are out of date.
    COUNT_MARKS_BEFORE = "SELECT COUNT(*) FROM stale_sums WHERE week < $1";

    /// How many sums of weeks before one there are.
    COUNT_SUMS_BEFORE = "SELECT COUNT(*) FROM weekly_sums WHERE week < $1";

    /// Forgets the sums of weeks before one.
    DROP_SUMS_BEFORE = "DELETE FROM weekly_sums WHERE week < $1";

    /// Forgets that they are out of date.
    DROP_MARKS_BEFORE = "DELETE FROM stale_sums WHERE week < $1";

    /// How many incidents ended and how much coaching was agreed before a time.
    COUNT_EVENTS_BEFORE = "SELECT (SELECT COUNT(*) FROM incidents WHERE ends_at < $1) \
        + (SELECT COUNT(*) FROM coaching WHERE agreed_at < $1)";

    /// Forgets incidents that ended before a time.
    DROP_INCIDENTS_BEFORE = "DELETE FROM incidents WHERE ends_at < $1";

    /// Forgets coaching that was agreed before a time.
    DROP_COACHING_BEFORE = "DELETE FROM coaching WHERE agreed_at < $1";

    /// The last entry of the audit log before a time, with its chain value. The newest entry stays,
    /// whatever its age.
    LAST_AUDIT_BEFORE = "SELECT seq, chain FROM audit_log WHERE seq < (SELECT seq FROM audit_head WHERE id = 1) \
        AND seq < COALESCE((SELECT MIN(seq) FROM audit_log WHERE at >= $1), $2) ORDER BY seq DESC LIMIT 1";

    /// How many entries there are up to a position.
    COUNT_AUDIT_UNTIL = "SELECT COUNT(*) FROM audit_log WHERE seq <= $1";

    /// Forgets them.
    DROP_AUDIT_UNTIL = "DELETE FROM audit_log WHERE seq > $1 AND seq <= $2";

    /// The oldest entry that is there.
    FIRST_AUDIT = "SELECT MIN(seq) FROM audit_log";

    /// Says where the audit log begins now.
    SET_AUDIT_START = "UPDATE audit_head SET start_seq = $1, start_chain = $2 WHERE id = 1 AND start_seq < $1";

    // ── The files ───────────────────────────────────────────────────────────────────────────────

    /// Forgets a value if it is still the one that was read.
    DROP_META_IF = "DELETE FROM meta WHERE name = $1 AND value = $2";

    /// Takes a turn that only one process may have; no row changes when another had it since. Times
    /// are written with 13 digits.
    TAKE_TURN = "INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET \
        value = excluded.value WHERE meta.value < $3";

    // ── Handing over ────────────────────────────────────────────────────────────────────────────

    /// Contacts of a customer after a key, with their texts.
    TEXTS_OF_CUSTOMER = "SELECT c.id, c.state, c.received_at, b.body, m.body AS measures FROM contacts c \
        JOIN contact_bodies b ON b.contact = c.id LEFT JOIN contact_measures m ON m.contact = c.id \
        WHERE c.customer = $1 AND c.id > $2 ORDER BY c.id LIMIT $3";

    /// The same for a member of staff.
    TEXTS_OF_STAFF = "SELECT c.id, c.state, c.received_at, b.body, m.body AS measures FROM contacts c \
        JOIN contact_bodies b ON b.contact = c.id LEFT JOIN contact_measures m ON m.contact = c.id \
        WHERE c.staff_id = $1 AND c.id > $2 ORDER BY c.id LIMIT $3";

    /// The sums of a person.
    SUMS_OF_STAFF = "SELECT week, contacts, body, series FROM weekly_sums WHERE kind = 'staff' AND name = $1 ORDER BY week";

    /// Accounts that see a person's results.
    ACCOUNTS_OF_STAFF = "SELECT name, role, team, disabled, created_at FROM users WHERE staff_id = $1 ORDER BY name";

    /// Entries of the audit log after a position that an account made, oldest first.
    AUDIT_BY_ACTOR = "SELECT seq, at, actor, role, action, object, result, address, purpose, chain \
        FROM audit_log \
        WHERE actor = $1 AND seq > $2 ORDER BY seq LIMIT $3";
}
