//! Every statement, once.
//!
//! `$n`, `ON CONFLICT`, `RETURNING`, row values and `WITH` mean the same on both databases, so one
//! text serves both. The exception is claiming (`sql_queue.rs`): PostgreSQL must lock the rows it
//! picks, and SQLite has no such clause. `Store::check_statements` has a live database parse every
//! text in [`COMMON`] and its own list.

macro_rules! statements {
    ($($(#[$doc:meta])* $name:ident = $text:expr;)+) => {
        $($(#[$doc])* pub(super) const $name: &str = $text;)+

        /// Every statement of this file that both databases run, with its name.
        pub(super) const COMMON: &[(&str, &str)] = &[$((stringify!($name), $name)),+];
    };
}

pub(super) use statements;

statements! {
    // ── Contacts ────────────────────────────────────────────────────────────────────────────────

    /// Adds a contact or brings it to a newer revision; no row when that revision or a newer one is
    /// there. The comparison stands in the statement that writes: read first and write after would
    /// let an old revision overwrite a newer one on PostgreSQL. For the same reason the team of
    /// whoever is limited to one, `$15`, is compared here.
    UPSERT_CONTACT = "INSERT INTO contacts (id, source, contact_id, revision, digest, kind, channel, \
        business_process, staff_id, team, customer, started_at, happened_at, received_at, utterances, \
        state, flags, survey) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, CAST($12 AS BIGINT), \
        COALESCE(CAST($12 AS BIGINT), $13), $13, $14, 'queued', 0, $16) \
        ON CONFLICT (source, contact_id) DO UPDATE SET revision = excluded.revision, \
        digest = excluded.digest, kind = excluded.kind, channel = excluded.channel, \
        business_process = excluded.business_process, staff_id = excluded.staff_id, \
        team = excluded.team, customer = excluded.customer, started_at = excluded.started_at, \
        happened_at = COALESCE(excluded.started_at, contacts.received_at), \
        utterances = excluded.utterances, state = 'queued', words_gone_at = NULL, survey = excluded.survey \
        WHERE contacts.revision < excluded.revision \
        AND (CAST($15 AS TEXT) IS NULL OR contacts.team = $15) RETURNING id";

    /// What is there under an identity.
    FIND_CONTACT = "SELECT id, revision, digest, team FROM contacts WHERE source = $1 AND contact_id = $2";

    /// Stores the text of a contact.
    PUT_BODY = "INSERT INTO contact_bodies (contact, body) VALUES ($1, $2) \
        ON CONFLICT (contact) DO UPDATE SET body = excluded.body";

    /// Lets the flags of the old revision follow the contact until the new ones are there: a
    /// contact that moved to another team must not stay in the first team's queue.
    MOVE_FLAGS = "UPDATE flags SET channel = $2, team = $3, \
        happened_at = (SELECT happened_at FROM contacts WHERE id = $1) WHERE contact = $1";

    /// One contact with its text.
    CONTACT = "SELECT c.id, c.state, c.received_at, b.body FROM contacts c \
        JOIN contact_bodies b ON b.contact = c.id \
        WHERE c.id = $1 AND (CAST($2 AS TEXT) IS NULL OR c.team = $2)";

    /// The current analysis of a contact.
    ANALYSIS = "SELECT a.body FROM analyses a JOIN contacts c ON c.id = a.contact \
        WHERE a.contact = $1 AND a.superseded_at IS NULL AND (CAST($2 AS TEXT) IS NULL OR c.team = $2)";

    /// Team names in order, jumping from one to the next in the index: a plain DISTINCT would walk
    /// through every contact.
    TEAMS = "WITH RECURSIVE names (team) AS (SELECT MIN(team) FROM contacts UNION ALL \
        SELECT (SELECT MIN(c.team) FROM contacts c WHERE c.team > names.team) FROM names \
        WHERE names.team IS NOT NULL) \
        SELECT team FROM names WHERE team IS NOT NULL LIMIT $1";

    // ── Analyses ────────────────────────────────────────────────────────────────────────────────

    /// Makes the present analysis an earlier one.
    SUPERSEDE = "UPDATE analyses SET superseded_at = $2 WHERE contact = $1 AND superseded_at IS NULL";

    /// Stores an analysis as the current one. Going back to an earlier engine revives its row.
    PUT_ANALYSIS = "INSERT INTO analyses (contact, revision, engine, created_at, curve, body) \
        VALUES ($1, $2, $3, $4, $5, $6) \
        ON CONFLICT (contact, revision, engine) DO UPDATE SET created_at = excluded.created_at, \
        superseded_at = NULL, curve = excluded.curve, body = excluded.body";

    /// Forgets the flags of the earlier analysis, whose body keeps them, and says which they were.
    DROP_FLAGS = "DELETE FROM flags WHERE contact = $1 RETURNING id, rule";

    /// Adds a flag with what it is filtered by, and with what a person said about the same rule at
    /// the same turns before.
    ADD_FLAG = "INSERT INTO flags (id, contact, rule, severity, status, probability, utterances, facts, reason, \
        priority, channel, team, happened_at, wording) \
        SELECT $1, c.id, $3, $4, COALESCE((SELECT v.verdict FROM verdicts v WHERE v.contact = c.id \
        AND v.revision = c.revision AND v.rule = $3 AND v.utterances = $7 ORDER BY v.id DESC LIMIT 1), $5), \
        $6, $7, $8, $9, $10, c.channel, c.team, c.happened_at, $11 FROM contacts c WHERE c.id = $2";

    /// Marks a contact as analysed.
    SET_ANALYSED = "UPDATE contacts SET state = 'analysed', flags = $2, dissatisfied = $3, mood = $4 WHERE id = $1";

    // ── Verdicts ────────────────────────────────────────────────────────────────────────────────

    /// The contact of a flag, or of a verdict on one that is no longer raised, that the team may
    /// see.
    CONTACT_OF_FLAG = "SELECT c.id FROM contacts c WHERE c.id IN (SELECT contact FROM flags WHERE id = $1 \
        UNION SELECT contact FROM verdicts WHERE flag = $1) AND (CAST($2 AS TEXT) IS NULL OR c.team = $2)";

    /// Keeps a verdict on a flag if it still is what the person looked at.
    ADD_VERDICT = "INSERT INTO verdicts (flag, contact, revision, rule, utterances, verdict, note, judged_by, \
        judged_at, objection, took_ms) SELECT f.id, f.contact, a.revision, f.rule, f.utterances, $2, $3, $4, $5, \
        $10, CAST($11 AS BIGINT) FROM flags f \
        JOIN contacts c ON c.id = f.contact \
        JOIN analyses a ON a.contact = f.contact AND a.superseded_at IS NULL \
        WHERE f.id = $1 AND f.utterances = $6 AND (CAST($7 AS BIGINT) IS NULL OR a.revision = $7) \
        AND (CAST($8 AS BIGINT) IS NULL OR $8 = (SELECT COUNT(*) FROM verdicts v WHERE v.contact = f.contact \
        AND v.revision = a.revision AND v.rule = f.rule AND v.utterances = f.utterances)) \
        AND (CAST($9 AS TEXT) IS NULL OR c.team = $9)";

    /// Whether a flag of a contact still is what the person looked at, as `ADD_VERDICT` asks.
    FLAG_STANDS = "SELECT COUNT(*) FROM flags f JOIN contacts c ON c.id = f.contact \
        JOIN analyses a ON a.contact = f.contact AND a.superseded_at IS NULL \
        WHERE f.id = $1 AND f.utterances = $2 AND (CAST($3 AS BIGINT) IS NULL OR a.revision = $3) \
        AND (CAST($4 AS BIGINT) IS NULL OR $4 = (SELECT COUNT(*) FROM verdicts v WHERE v.contact = f.contact \
        AND v.revision = a.revision AND v.rule = f.rule AND v.utterances = f.utterances)) \
        AND (CAST($5 AS TEXT) IS NULL OR c.team = $5) AND f.contact = $6";

    /// Takes a verdict back whose flag is no longer raised.
    TAKE_VERDICT_BACK = "INSERT INTO verdicts (flag, contact, revision, rule, utterances, verdict, note, judged_by, \
        judged_at, objection, took_ms) SELECT v.flag, v.contact, v.revision, v.rule, v.utterances, $2, $3, $4, $5, \
        $10, CAST($11 AS BIGINT) FROM verdicts v \
        JOIN contacts c ON c.id = v.contact \
        WHERE v.flag = $1 AND v.utterances = $6 AND (CAST($7 AS BIGINT) IS NULL OR v.revision = $7) \
        AND (CAST($8 AS BIGINT) IS NULL OR $8 = (SELECT COUNT(*) FROM verdicts w WHERE w.contact = v.contact \
        AND w.revision = v.revision AND w.rule = v.rule AND w.utterances = v.utterances)) \
        AND (CAST($9 AS TEXT) IS NULL OR c.team = $9) ORDER BY v.id DESC LIMIT 1";

    /// Lets a flag show its verdict.
    SHOW_VERDICT = "UPDATE flags SET status = $2 WHERE id = $1 AND utterances = $3";

    /// Verdicts on the flags of a contact, oldest first.
    VERDICTS = "SELECT v.flag, v.rule, v.utterances, v.revision, v.verdict, v.note, v.judged_by, v.judged_at, v.objection, \
        s.bound FROM verdicts v LEFT JOIN acceptance_samples s ON s.id = v.bulk WHERE v.contact = $1 ORDER BY v.id";

    /// How long somebody took for each verdict since a moment, fastest first.
    PACE = "SELECT took_ms FROM verdicts WHERE judged_by = $1 AND judged_at >= $2 AND verdict <> 'candidate' \
        ORDER BY took_ms";

    // ── Idempotency keys ────────────────────────────────────────────────────────────────────────

    /// Reserves a key that is free or has ended; no row when it is taken.
    RESERVE_KEY = "INSERT INTO idempotency_keys (caller, idempotency_key, body_sha256, reserved_at, expires_at) \
        VALUES ($1, $2, $3, $4, $5) ON CONFLICT (caller, idempotency_key) DO UPDATE SET \
        body_sha256 = excluded.body_sha256, reserved_at = excluded.reserved_at, \
        expires_at = excluded.expires_at, status = NULL, answer = NULL \
        WHERE idempotency_keys.expires_at <= excluded.reserved_at RETURNING reserved_at";

    /// What is known of a key.
    FIND_KEY = "SELECT body_sha256, status, answer FROM idempotency_keys \
        WHERE caller = $1 AND idempotency_key = $2";

    /// Remembers the answer.
    ANSWER_KEY = "UPDATE idempotency_keys SET status = $4, answer = $5, expires_at = reserved_at + $6 \
        WHERE caller = $1 AND idempotency_key = $2 AND reserved_at = $3 AND status IS NULL";

    /// Keeps a key whose request is still worked on.
    HOLD_KEY = "UPDATE idempotency_keys SET expires_at = $4 \
        WHERE caller = $1 AND idempotency_key = $2 AND reserved_at = $3 AND status IS NULL";

    /// Frees a key whose request came to nothing.
    FREE_KEY = "DELETE FROM idempotency_keys \
        WHERE caller = $1 AND idempotency_key = $2 AND reserved_at = $3 AND status IS NULL";

    /// Frees the keys whose requests died with their process.
    FREE_KEYS = "DELETE FROM idempotency_keys WHERE status IS NULL";

    /// Forgets keys that have ended.
    PURGE_KEYS = "DELETE FROM idempotency_keys WHERE expires_at <= $1";

    // ── Single values ───────────────────────────────────────────────────────────────────────────

    /// Sets a value that is not there yet.
    ADD_META = "INSERT INTO meta (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING";

    /// Sets a value.
    PUT_META = "INSERT INTO meta (name, value) VALUES ($1, $2) \
        ON CONFLICT (name) DO UPDATE SET value = excluded.value";

    /// A value.
    FIND_META = "SELECT value FROM meta WHERE name = $1";

    /// Forgets a value.
    DROP_META = "DELETE FROM meta WHERE name = $1";

    /// Uses up the set-up token, provided that it fits and there is no account.
    USE_SETUP_TOKEN = "DELETE FROM meta WHERE name = $1 AND value = $2 AND NOT EXISTS (SELECT 1 FROM users)";

    /// Writes the row of the readiness check and reads it back.
    PROBE = "INSERT INTO probe (id, at) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET at = excluded.at \
        RETURNING at";

    // ── Backup ──────────────────────────────────────────────────────────────────────────────────

    /// Whether anything worth keeping is there.
    IS_USED = "SELECT COUNT(*) FROM (SELECT 1 FROM contacts UNION ALL SELECT 1 FROM users \
        UNION ALL SELECT 1 FROM api_keys UNION ALL SELECT 1 FROM audit_log UNION ALL SELECT 1 FROM incidents \
        UNION ALL SELECT 1 FROM coaching UNION ALL SELECT 1 FROM sample_plans UNION ALL SELECT 1 FROM rule_changes UNION ALL SELECT 1 FROM legal_holds LIMIT 1) AS rows_found";

    /// The latest migration that was applied.
    SCHEMA_VERSION = "SELECT MAX(version) FROM _sqlx_migrations";

    /// Contacts in order of their key with what an inventory adds up.
    INVENTORY = "SELECT c.id, c.revision, c.state, c.digest, b.body, \
        (SELECT a.body FROM analyses a WHERE a.contact = c.id AND a.superseded_at IS NULL) AS analysis \
        FROM contacts c JOIN contact_bodies b ON b.contact = c.id WHERE c.id > $1 ORDER BY c.id LIMIT 500";

    /// Rows of every table that holds work.
    COUNTS = "SELECT (SELECT COUNT(*) FROM contacts) AS contacts, (SELECT COUNT(*) FROM jobs) AS jobs, \
        (SELECT COUNT(*) FROM analyses) AS analyses, (SELECT COUNT(*) FROM flags) AS flags, \
        (SELECT COUNT(*) FROM verdicts) AS verdicts, \
        (SELECT COUNT(*) FROM users) AS users, (SELECT COUNT(*) FROM api_keys) AS api_keys, \
        (SELECT COUNT(*) FROM audit_log) AS audit_entries";
}

/// Starts of the lists; [`super::list`] adds the conditions that a filter holds.
pub(super) const CONTACT_LIST: &str = "SELECT c.id, c.source, c.contact_id, c.revision, c.kind, c.channel, \
    c.business_process, c.staff_id, c.team, c.started_at, c.happened_at, c.received_at, c.state, \
    c.utterances, c.flags FROM contacts c";
pub(super) const FLAG_LIST: &str = "SELECT f.id, f.contact, f.rule, f.severity, f.status, f.probability, \
    f.utterances, f.facts, f.reason, f.channel, f.team, f.happened_at, c.source, c.contact_id, c.started_at \
    FROM flags f JOIN contacts c ON c.id = f.contact";
pub(super) const REVIEW_TOTAL: &str = "SELECT COUNT(*) FROM (SELECT DISTINCT f.contact FROM flags f";
pub(super) const REVIEW_LIST: &str = "SELECT DISTINCT f.priority, f.contact FROM flags f";
pub(super) const FLAGS_SHOWING: &str = "SELECT contact, status FROM flags";
pub(super) const CURVES: &str = "SELECT a.contact, a.curve FROM analyses a";
