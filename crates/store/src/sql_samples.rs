//! Statements of random samples and of what rules are good for; see `sql.rs`.

super::sql::statements! {
    /// Adds a version of the plan.
    ADD_PLAN = "INSERT INTO sample_plans (version, unit, per_week, seed, since_week, made_by, made_at) \
        SELECT COALESCE(MAX(version), 0) + 1, $1, $2, $3, $4, $5, $6 FROM sample_plans RETURNING version";

    /// Every version, oldest first.
    PLANS = "SELECT version, unit, per_week, seed, since_week, made_by, made_at FROM sample_plans ORDER BY version";

    /// Every week that was drawn, latest first, with how far it is read.
    WEEKS = "SELECT w.week, w.version, w.contacts, w.drawn_at, \
        (SELECT COUNT(*) FROM sample_draws d WHERE d.week = w.week) AS drawn, \
        (SELECT COUNT(*) FROM sample_draws d WHERE d.week = w.week AND d.readings >= d.readers) AS judged, \
        (SELECT COUNT(*) FROM sample_draws d WHERE d.week = w.week AND d.readers > 1) AS twice \
        FROM sample_weeks w ORDER BY w.week DESC LIMIT $1";

    /// Contacts of a time that can be drawn.
    FRAME = "SELECT id, source, contact_id, channel, staff_id, team FROM contacts \
        WHERE happened_at >= $1 AND happened_at < $2 AND state = 'analysed' AND words_gone_at IS NULL";

    /// Notes that a week is drawn; no row when it was before.
    ADD_WEEK = "INSERT INTO sample_weeks (week, version, contacts, drawn_at) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (week) DO NOTHING";

    /// Keeps a draw of a contact that is still there.
    ADD_DRAW = "INSERT INTO sample_draws (id, week, contact, probability, place, readers) \
        SELECT $1, $2, id, $4, $5, $6 FROM contacts WHERE id = $3";

    /// What somebody is to read: what they have begun, then what they have not read, of the earliest week, in the order of
    /// the lot.
    DUE = "SELECT d.id, d.contact, d.week FROM sample_draws d JOIN contacts c ON c.id = d.contact \
        LEFT JOIN sample_readings r ON r.draw = d.id AND r.read_by = $1 \
        WHERE c.words_gone_at IS NULL AND (CAST($2 AS TEXT) IS NULL OR c.team = $2) \
        AND ((r.id IS NULL AND d.readings < d.readers) OR (r.id IS NOT NULL AND r.done_at IS NULL)) \
        ORDER BY CASE WHEN r.id IS NULL THEN 1 ELSE 0 END, d.week, d.place LIMIT $3";

    /// How many that are.
    COUNT_DUE = "SELECT COUNT(*) FROM sample_draws d JOIN contacts c ON c.id = d.contact \
        LEFT JOIN sample_readings r ON r.draw = d.id AND r.read_by = $1 \
        WHERE c.words_gone_at IS NULL AND (CAST($2 AS TEXT) IS NULL OR c.team = $2) \
        AND ((r.id IS NULL AND d.readings < d.readers) OR (r.id IS NOT NULL AND r.done_at IS NULL))";

    /// The contact of a draw that the team may see.
    DRAW = "SELECT d.contact, d.readers - d.readings AS wanted FROM sample_draws d \
        JOIN contacts c ON c.id = d.contact \
        WHERE d.id = $1 AND (CAST($2 AS TEXT) IS NULL OR c.team = $2)";

    /// What somebody has said about a draw.
    OWN_READING = "SELECT answer, raised, replies, done_at FROM sample_readings WHERE draw = $1 AND read_by = $2";

    /// Locks a draw, so that its readers take their places one after the other.
    LOCK_DRAW = "UPDATE sample_draws SET readings = readings WHERE id = $1";

    /// Keeps what was said before any flag was shown, if the contact still is what was read, somebody is still to read it,
    /// and this one has not.
    ADD_READING = "INSERT INTO sample_readings (draw, place, revision, read_by, read_at, took_ms, answer, raised, \
        replies, done_at) SELECT d.id, d.readings + 1, c.revision, $3, $4, CAST($5 AS BIGINT), $6, $7, '[]', \
        CAST($8 AS BIGINT) FROM sample_draws d JOIN contacts c ON c.id = d.contact \
        WHERE d.id = $1 AND c.revision = $2 AND d.readings < d.readers \
        AND NOT EXISTS (SELECT 1 FROM sample_readings r WHERE r.draw = $1 AND r.read_by = $3)";

    /// Marks a sentence that no rule heard, if the contact still is what was listened to.
    ADD_MARK = "INSERT INTO sentence_marks (id, contact, revision, utterance, emotion, rule, marked_by, marked_at) \
        SELECT $1, c.id, c.revision, CAST($3 AS BIGINT), $4, $5, $6, CAST($7 AS BIGINT) FROM contacts c \
        WHERE c.id = $2 AND c.revision = $8 AND c.utterances > $3 AND (CAST($9 AS TEXT) IS NULL OR c.team = $9) \
        ON CONFLICT (contact, revision, utterance, rule, marked_by) DO UPDATE SET emotion = excluded.emotion, \
        marked_at = excluded.marked_at";

    /// The same for whoever reads a draw of the sample.
    ADD_SAMPLE_MARK = "INSERT INTO sentence_marks (id, contact, revision, utterance, emotion, rule, draw, marked_by, \
        marked_at) SELECT $1, c.id, c.revision, CAST($3 AS BIGINT), $4, $5, d.id, $6, CAST($7 AS BIGINT) \
        FROM sample_draws d JOIN contacts c ON c.id = d.contact WHERE d.id = $2 AND c.utterances > $3 \
        ON CONFLICT (contact, revision, utterance, rule, marked_by) DO UPDATE SET emotion = excluded.emotion, \
        draw = excluded.draw, marked_at = excluded.marked_at";

    /// Sentences of a contact that were marked, in their order.
    MARKS = "SELECT id, revision, utterance, emotion, rule, draw, marked_by, marked_at FROM sentence_marks \
        WHERE contact = $1 ORDER BY revision, utterance, rule, marked_by";

    /// Takes an own mark back; one that the sample counts stays, as what was said there does.
    DROP_MARK = "DELETE FROM sentence_marks WHERE id = $1 AND contact = $2 AND marked_by = $3 AND draw IS NULL";

    /// Counts it.
    COUNT_READING = "UPDATE sample_draws SET readings = readings + 1 WHERE id = $1";

    /// Keeps what was said about flags that were shown after it.
    ADD_REPLY = "UPDATE sample_readings SET replies = $3, done_at = CAST($4 AS BIGINT) \
        WHERE draw = $1 AND read_by = $2 AND done_at IS NULL AND replies = $5";

    /// Draws since a week with what was said about them, readings of a contact that has changed since left out.
    DRAWS = "SELECT d.id, d.week, d.contact, d.probability, c.channel, c.team, c.staff_id, r.place, r.read_at, \
        r.answer, r.replies, r.done_at FROM sample_draws d JOIN contacts c ON c.id = d.contact \
        LEFT JOIN sample_readings r ON r.draw = d.id AND r.revision = c.revision \
        WHERE d.week >= $1 ORDER BY d.week, d.place, r.place";

    /// Rules with a flag on the contacts of those draws.
    DRAWN_FLAGS = "SELECT DISTINCT f.contact, f.rule FROM flags f JOIN sample_draws d ON d.contact = f.contact \
        WHERE d.week >= $1";

    /// Contacts of the drawn weeks since a week, by whose they are. `$2` is how far weeks begin before the epoch.
    FRAME_CONTACTS = "SELECT channel, team, staff_id, COUNT(*) AS contacts FROM contacts \
        WHERE state = 'analysed' AND (happened_at + $2) / 604800000 IN (SELECT week FROM sample_weeks \
        WHERE week >= $1) GROUP BY channel, team, staff_id";

    /// Those with a flag, by rule.
    FRAME_FLAGS = "SELECT c.channel, c.team, c.staff_id, f.rule, COUNT(DISTINCT c.id) AS contacts \
        FROM flags f JOIN contacts c ON c.id = f.contact WHERE c.state = 'analysed' \
        AND (c.happened_at + $2) / 604800000 IN (SELECT week FROM sample_weeks WHERE week >= $1) \
        GROUP BY c.channel, c.team, c.staff_id, f.rule";

    /// The latest word on every flag of the queue since a time, on the text as it is now.
    QUEUE_WORDS = "SELECT v.rule, v.verdict, v.judged_at FROM verdicts v \
        JOIN contacts c ON c.id = v.contact AND c.revision = v.revision \
        WHERE v.verdict IN ('confirmed', 'rejected') AND v.judged_at >= $1 AND v.bulk IS NULL \
        AND v.id = (SELECT MAX(l.id) FROM verdicts l WHERE l.contact = v.contact AND l.revision = v.revision \
        AND l.rule = v.rule AND l.utterances = v.utterances)";

    /// Every change of a rule, in the order in which they begin.
    RULE_CHANGES = "SELECT rule, state, since, note, measured, threshold, replay, made_by, made_at FROM rule_changes ORDER BY since, id";

    /// Adds one.
    ADD_RULE_CHANGE = "INSERT INTO rule_changes (rule, state, since, note, measured, made_by, made_at, threshold, replay) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";

    /// Current analyses of contacts since a time, the latest that came in first, portion by portion.
    ANALYSES_BEFORE = "SELECT a.contact, a.body FROM analyses a JOIN contacts c ON c.id = a.contact \
        WHERE a.superseded_at IS NULL AND c.happened_at >= $1 AND a.contact < $2 ORDER BY a.contact DESC LIMIT $3";

    /// Current analyses of contacts that were drawn since a week.
    DRAWN_ANALYSES = "SELECT a.contact, a.body FROM sample_draws d \
        JOIN analyses a ON a.contact = d.contact AND a.superseded_at IS NULL WHERE d.week >= $1";
}
