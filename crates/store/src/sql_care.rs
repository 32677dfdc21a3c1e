//! Statements of care after abuse and of examples to learn from; see `sql.rs`.

/// Makes the tasks that are missing: for contacts of known people in which abuse was confirmed since a moment. They go to
/// the supervisor of the team, else to one of all teams, else to a trainer.
macro_rules! make {
    ($more:literal) => {
        concat!(
            "INSERT INTO care_tasks (contact, staff_id, team, owner, made_at, due_at) \
             SELECT c.id, c.staff_id, c.team, COALESCE(\
             (SELECT MIN(u.name) FROM users u WHERE u.role = 'supervisor' AND u.team = c.team AND NOT u.disabled), \
             (SELECT MIN(u.name) FROM users u WHERE u.role = 'supervisor' AND u.team IS NULL AND NOT u.disabled), \
             (SELECT MIN(u.name) FROM users u WHERE u.role = 'trainer' AND (u.team IS NULL OR u.team = c.team) \
             AND NOT u.disabled)), CAST($1 AS BIGINT), CAST($2 AS BIGINT) \
             FROM contacts c WHERE c.staff_id IS NOT NULL AND c.id IN (SELECT f.contact FROM flags f \
             WHERE f.rule = 'abuse' AND f.status = 'confirmed') AND EXISTS (SELECT 1 FROM verdicts v \
             WHERE v.contact = c.id AND v.rule = 'abuse' AND v.verdict = 'confirmed' AND v.judged_at >= $3)",
            $more,
            " ON CONFLICT (contact) DO NOTHING"
        )
    };
}

/// Every column of a task whose abuse still stands confirmed, or that was done.
macro_rules! care {
    ($more:literal) => {
        concat!(
            "SELECT t.contact, t.staff_id, t.team, t.owner, t.made_at, t.due_at, t.done_at, t.done_by, t.note \
             FROM care_tasks t WHERE (t.done_at IS NOT NULL OR EXISTS (SELECT 1 FROM flags f \
             WHERE f.contact = t.contact AND f.rule = 'abuse' AND f.status = 'confirmed'))",
            $more
        )
    };
}

/// An example with what it comes from; only while the recovery stands confirmed.
macro_rules! learning {
    ($more:literal) => {
        concat!(
            "SELECT i.contact, i.revision, i.first_turn, i.last_turn, i.remark, i.chosen_by, i.released_at \
             FROM learning_items i WHERE EXISTS (SELECT 1 FROM flags f WHERE f.contact = i.contact \
             AND f.rule = 'recovery' AND f.status = 'confirmed')",
            $more
        )
    };
}

super::sql::statements! {
    /// Makes every task that is missing.
    MAKE_CARE = make!("");

    /// Makes the task of one contact.
    MAKE_CARE_OF = make!(" AND c.id = $4");

    /// Tasks of a team or of all: open ones by their date, then what was done, latest first.
    CARE = care!(" AND (CAST($1 AS TEXT) IS NULL OR t.team = $1) \
        ORDER BY CASE WHEN t.done_at IS NULL THEN 0 ELSE 1 END, COALESCE(-t.done_at, t.due_at), t.contact LIMIT $2");

    /// One task.
    ONE_CARE = care!(" AND t.contact = $1");

    /// Takes a task over, with another date or the same.
    TAKE_CARE = "UPDATE care_tasks SET owner = $2, due_at = COALESCE($3, due_at) WHERE contact = $1 AND done_at IS NULL";

    /// Says that a task was done.
    FINISH_CARE = "UPDATE care_tasks SET done_at = $2, done_by = $3, note = $4 WHERE contact = $1 AND done_at IS NULL";

    /// Forgets the tasks about a person.
    DROP_CARE_OF_STAFF = "DELETE FROM care_tasks WHERE staff_id = $1";

    /// Tasks about a person, oldest first.
    CARE_OF_STAFF = "SELECT contact, staff_id, team, owner, made_at, due_at, done_at, done_by, note FROM care_tasks \
        WHERE staff_id = $1 ORDER BY made_at, contact";

    /// Confirmed recoveries since a moment that nobody has chosen yet, the most certain first.
    LEARNING_PROPOSALS = "SELECT f.contact, c.revision, f.utterances, f.probability, c.channel, c.started_at FROM flags f \
        JOIN contacts c ON c.id = f.contact WHERE f.rule = 'recovery' AND f.status = 'confirmed' AND f.happened_at >= $1 \
        AND (CAST($2 AS TEXT) IS NULL OR c.team = $2) AND NOT EXISTS \
        (SELECT 1 FROM learning_items i WHERE i.contact = f.contact) ORDER BY f.probability DESC, f.id LIMIT $3";

    /// Chooses an example.
    CHOOSE_LEARNING = "INSERT INTO learning_items (contact, revision, first_turn, last_turn, remark, chosen_by, chosen_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (contact) DO NOTHING";

    /// Takes an example back, released or not.
    DROP_LEARNING = "DELETE FROM learning_items WHERE contact = $1";

    /// Releases everything that was chosen.
    RELEASE_LEARNING = "UPDATE learning_items SET released_at = $1, released_by = $2 WHERE released_at IS NULL";

    /// What was chosen and waits, oldest first.
    CHOSEN_LEARNING = learning!(" AND i.released_at IS NULL ORDER BY i.chosen_at, i.contact");

    /// What was released since a moment, latest first.
    RELEASED_LEARNING = learning!(" AND i.released_at >= $1 ORDER BY i.released_at DESC, i.chosen_at, i.contact LIMIT $2");
}
