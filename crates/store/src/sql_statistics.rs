//! Statements of statistics and incidents; see `sql.rs`.

/// Milliseconds by which Monday of week 0 in Beijing lies before the epoch: three days and eight
/// hours.
pub(super) const WEEKS_BEFORE: i64 = 288_000_000;

/// The numbers of contacts, with what makes them comparable: whether the customer had called in the
/// week before, and whether something was declared wrong at that time.
macro_rules! measures {
    () => {
        "SELECT c.id, c.channel, c.business_process, c.staff_id, c.team, c.happened_at, m.body, \
         (c.customer IS NOT NULL AND EXISTS (SELECT 1 FROM contacts e WHERE e.customer = c.customer \
         AND e.happened_at < c.happened_at AND e.happened_at >= c.happened_at - 604800000)) AS repeated, \
         EXISTS (SELECT 1 FROM incidents i WHERE i.revoked_at IS NULL AND i.begins_at <= c.happened_at \
         AND i.ends_at > c.happened_at AND (i.channel IS NULL OR i.channel = c.channel) \
         AND (i.business_process IS NULL OR i.business_process = c.business_process) \
         AND (i.team IS NULL OR i.team = c.team)) AS incident \
         FROM contacts c JOIN contact_measures m ON m.contact = c.id "
    };
}

/// Marks for a contact that a condition finds and for those of its customer after it.
macro_rules! marks {
    ($found:literal, $before:literal) => {
        concat!(
            "INSERT INTO stale_sums (kind, name, week) WITH touched AS (\
             SELECT c.staff_id, c.channel, c.business_process, c.happened_at FROM contacts c WHERE ",
            $found,
            " UNION ALL SELECT l.staff_id, l.channel, l.business_process, l.happened_at \
             FROM contacts c JOIN contacts l ON l.customer = c.customer AND l.happened_at > c.happened_at \
             AND l.happened_at <= c.happened_at + 604800000 WHERE ",
            $found,
            ") SELECT 'staff', staff_id, (happened_at + ",
            $before,
            ") / 604800000 FROM touched WHERE staff_id IS NOT NULL UNION \
             SELECT 'queue', channel || '/' || COALESCE(business_process, ''), (happened_at + ",
            $before,
            ") / 604800000 FROM touched"
        )
    };
}

super::sql::statements! {
    /// Stores the numbers of a contact.
    PUT_MEASURES = "INSERT INTO contact_measures (contact, body) VALUES ($1, $2) \
        ON CONFLICT (contact) DO UPDATE SET body = excluded.body";

    /// Forgets the numbers of a contact that has none any more.
    DROP_MEASURES = "DELETE FROM contact_measures WHERE contact = $1";

    /// Marks the sums that hold a contact as out of date, and those that hold a contact of the same
    /// customer in the seven days after it, which now comes back to something. `$2` is how far
    /// weeks begin before the epoch.
    MARK_CONTACT = marks!("c.id = $1", "$2");

    /// The same for the state of a contact before its next revision.
    MARK_IDENTITY = marks!("c.source = $1 AND c.contact_id = $2", "$3");

    /// The same for every contact of a time.
    MARK_TIME = "INSERT INTO stale_sums (kind, name, week) \
        SELECT DISTINCT 'staff', staff_id, (happened_at + $3) / 604800000 FROM contacts \
        WHERE happened_at >= $1 AND happened_at < $2 AND staff_id IS NOT NULL UNION ALL \
        SELECT DISTINCT 'queue', channel || '/' || COALESCE(business_process, ''), \
        (happened_at + $3) / 604800000 FROM contacts WHERE happened_at >= $1 AND happened_at < $2";

    /// Sums that are out of date, those of the latest weeks first.
    STALE_SUMS = "SELECT DISTINCT kind, name, week FROM stale_sums \
        WHERE CAST($1 AS TEXT) IS NULL OR kind = $1 ORDER BY week DESC, kind, name LIMIT $2";

    /// How many sums of some weeks are out of date.
    COUNT_STALE_SUMS = "SELECT COUNT(*) FROM \
        (SELECT DISTINCT kind, name, week FROM stale_sums WHERE week >= $1 AND week < $2) AS stale";

    /// Marks one sum as out of date.
    MARK_SUM = "INSERT INTO stale_sums (kind, name, week) VALUES ($1, $2, $3)";

    /// The same unless it is marked already: whoever asks again a minute later finds most of them
    /// marked.
    MARK_UNREAD = "INSERT INTO stale_sums (kind, name, week) SELECT $1, $2, $3 WHERE NOT EXISTS \
        (SELECT 1 FROM stale_sums WHERE kind = $1 AND name = $2 AND week = $3)";

    /// The marks of one sum.
    SEE_MARKS = "SELECT id FROM stale_sums WHERE kind = $1 AND name = $2 AND week = $3";

    /// Takes the marks of one sum up to the last that was seen before its contacts were read.
    /// PostgreSQL may show a mark of a lower number later than one of a higher: whoever takes one
    /// that was not seen has to set one again.
    TAKE_MARKS = "DELETE FROM stale_sums WHERE kind = $1 AND name = $2 AND week = $3 AND id <= $4 RETURNING id";

    /// Contacts of a person with their numbers.
    MEASURES_OF_STAFF = concat!(measures!(),
        "WHERE c.staff_id = $1 AND c.happened_at >= $2 AND c.happened_at < $3");

    /// Contacts of a queue with their numbers.
    MEASURES_OF_QUEUE = concat!(measures!(),
        "WHERE c.channel || '/' || COALESCE(c.business_process, '') = $1 \
         AND c.happened_at >= $2 AND c.happened_at < $3");

    /// The latest contacts of everybody with their numbers.
    LATEST_MEASURES = concat!(measures!(),
        "WHERE c.happened_at >= $1 ORDER BY c.happened_at DESC, c.id LIMIT $2");

    /// The latest analyses that have their words, of one person or of everybody, with the numbers
    /// of the contact.
    LATEST_ANALYSES = "SELECT a.body AS analysis, m.body AS measures FROM contacts c \
        JOIN analyses a ON a.contact = c.id AND a.superseded_at IS NULL \
        JOIN contact_measures m ON m.contact = c.id \
        WHERE c.happened_at >= $1 AND (CAST($2 AS TEXT) IS NULL OR c.staff_id = $2) \
        AND c.words_gone_at IS NULL \
        ORDER BY c.happened_at DESC, c.id LIMIT $3";

    /// Stores a sum.
    PUT_SUMS = "INSERT INTO weekly_sums (kind, name, week, contacts, body, series) \
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (kind, name, week) DO UPDATE SET \
        contacts = excluded.contacts, body = excluded.body, series = excluded.series";

    /// Forgets a sum without contacts.
    DROP_SUMS = "DELETE FROM weekly_sums WHERE kind = $1 AND name = $2 AND week = $3";

    /// Sums over contacts since a week.
    SUMS = "SELECT name, week, body FROM weekly_sums WHERE kind = $1 AND week >= $2 ORDER BY name, week";

    /// Sums over turns since a week.
    SERIES = "SELECT name, week, series AS body FROM weekly_sums WHERE kind = $1 AND week >= $2 ORDER BY name, week";

    /// Contacts in which people have confirmed a flag, by person and rule: their latest word on the text as it is now, also
    /// where another model has raised no such flag since, and not while it is under appeal.
    CONFIRMED = "SELECT c.staff_id, v.rule, COUNT(DISTINCT v.contact) AS contacts FROM verdicts v \
        JOIN contacts c ON c.id = v.contact AND c.revision = v.revision WHERE v.verdict = 'confirmed' \
        AND v.id = (SELECT MAX(l.id) FROM verdicts l WHERE l.contact = v.contact AND l.revision = v.revision \
        AND l.rule = v.rule AND l.utterances = v.utterances) AND c.happened_at >= $1 \
        AND NOT EXISTS (SELECT 1 FROM appeals p WHERE p.contact = v.contact AND p.revision = v.revision \
        AND p.rule = v.rule AND p.utterances = v.utterances AND p.state IN ('filed', 'forwarded')) \
        AND c.staff_id IS NOT NULL GROUP BY c.staff_id, v.rule";

    /// Flags of one person's contacts, newest first.
    FLAGS_OF_STAFF = "SELECT f.id, f.contact, f.rule, f.severity, f.status, f.probability, f.utterances, \
        f.facts, f.reason, f.channel, f.team, f.happened_at, c.source, c.contact_id, c.started_at FROM flags f \
        JOIN contacts c ON c.id = f.contact WHERE c.staff_id = $1 AND c.happened_at >= $2 \
        ORDER BY f.happened_at DESC, f.id LIMIT $3";

    /// Declares an incident.
    ADD_INCIDENT = "INSERT INTO incidents (id, begins_at, ends_at, channel, business_process, team, note, \
        declared_by, declared_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";

    /// Takes an incident back; its times.
    REVOKE_INCIDENT = "UPDATE incidents SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL \
        RETURNING begins_at, ends_at";

    /// Incidents, latest first.
    INCIDENTS = "SELECT id, begins_at, ends_at, channel, business_process, team, note, declared_by, \
        declared_at, revoked_at FROM incidents ORDER BY begins_at DESC, id LIMIT $1";

    /// Declared incidents that a contact fell into.
    INCIDENTS_OF = "SELECT i.id, i.begins_at, i.ends_at, i.channel, i.business_process, i.team, i.note, \
        i.declared_by, i.declared_at, i.revoked_at FROM incidents i JOIN contacts c ON c.id = $1 \
        WHERE i.revoked_at IS NULL AND i.begins_at <= c.happened_at AND i.ends_at > c.happened_at \
        AND (i.channel IS NULL OR i.channel = c.channel) \
        AND (i.business_process IS NULL OR i.business_process = c.business_process) \
        AND (i.team IS NULL OR i.team = c.team) ORDER BY i.begins_at";

    /// Links an account to a work number.
    LINK_STAFF = "UPDATE users SET staff_id = $2 WHERE name = $1";

    /// The work number of an account.
    STAFF_OF = "SELECT staff_id FROM users WHERE name = $1";
}
