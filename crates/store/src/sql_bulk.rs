//! Statements of groups of flags that are worded alike; see `sql.rs`.

super::sql::statements! {
    /// Unjudged flags of a rule that are worded alike, largest groups first.
    WORDINGS = "SELECT f.rule, f.wording, COUNT(*) AS flags, MIN(f.reason) AS example FROM flags f \
        WHERE f.wording IS NOT NULL AND f.status = 'candidate' AND (CAST($1 AS TEXT) IS NULL OR f.team = $1) \
        GROUP BY f.rule, f.wording HAVING COUNT(*) >= $2 ORDER BY COUNT(*) DESC, f.rule, f.wording LIMIT $3";

    /// The flags of such a group.
    WORDING_FLAGS = "SELECT f.id AS flag, f.contact, a.revision, f.utterances, f.reason FROM flags f \
        JOIN analyses a ON a.contact = f.contact AND a.superseded_at IS NULL WHERE f.rule = $1 AND f.wording = $2 \
        AND f.status = 'candidate' AND (CAST($3 AS TEXT) IS NULL OR f.team = $3) ORDER BY f.id LIMIT $4";

    /// Keeps a sample.
    ADD_ACCEPTANCE = "INSERT INTO acceptance_samples (id, rule, wording, example, team, seed, members, drawn, drawn_by, \
        drawn_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";

    /// Keeps a flag of its group.
    ADD_ACCEPTANCE_MEMBER = "INSERT INTO acceptance_members (sample, flag, contact, revision, utterances, drawn) \
        VALUES ($1, $2, $3, $4, $5, $6)";

    /// Samples, latest first.
    ACCEPTANCES = "SELECT s.id, s.rule, s.wording, s.example, s.team, s.members, s.drawn, s.drawn_by, s.drawn_at, s.verdict, \
        s.wrong, s.bound, s.judged, s.given_by, s.given_at FROM acceptance_samples s \
        WHERE (CAST($1 AS TEXT) IS NULL OR s.team = $1) ORDER BY s.drawn_at DESC, s.id LIMIT $2";

    /// What was said of the flags of a sample.
    ACCEPTANCE_WORDS = "SELECT m.flag, m.contact, COALESCE((SELECT v.verdict FROM verdicts v WHERE v.contact = m.contact \
        AND v.revision = m.revision AND v.rule = s.rule AND v.utterances = m.utterances ORDER BY v.id DESC LIMIT 1), \
        'candidate') AS status FROM acceptance_members m JOIN acceptance_samples s ON s.id = m.sample \
        WHERE m.sample = $1 AND m.drawn = 1 ORDER BY m.flag";

    /// The flags that were not drawn, in the order in which their contacts are locked.
    ACCEPTANCE_REST = "SELECT m.flag, m.contact, m.revision, m.utterances, c.source, c.contact_id \
        FROM acceptance_members m JOIN contacts c ON c.id = m.contact WHERE m.sample = $1 AND m.drawn = 0";

    /// Says what the rest gets, once.
    GIVE_BULK = "UPDATE acceptance_samples SET verdict = $2, wrong = $3, bound = $4, given_by = $5, given_at = $6, judged = 0 \
        WHERE id = $1 AND verdict IS NULL";

    /// How many got it.
    COUNT_BULK = "UPDATE acceptance_samples SET judged = $2 WHERE id = $1";

    /// A verdict on a flag that still is what was drawn from and that nobody has judged.
    ADD_BULK_VERDICT = "INSERT INTO verdicts (flag, contact, revision, rule, utterances, verdict, judged_by, judged_at, bulk) \
        SELECT f.id, f.contact, a.revision, f.rule, f.utterances, $3, $4, CAST($5 AS BIGINT), $6 FROM flags f \
        JOIN analyses a ON a.contact = f.contact AND a.superseded_at IS NULL \
        WHERE f.id = $1 AND f.utterances = $2 AND a.revision = $7 AND f.status = 'candidate'";
}
