//! Statements of coaching, of the catalogue of trainings and of names of staff; see `sql.rs`.

/// Every column of an agreement.
macro_rules! coaching {
    () => {
        "SELECT g.id, g.staff_id, g.team, g.indicator, g.note, g.agreed_by, g.agreed_at, g.ended_at, g.due_at, \
         g.programme, g.training, t.title, t.title_en, g.private_note, g.shared_note, g.acknowledged_at, \
         g.acknowledged_note, g.done_at FROM coaching g LEFT JOIN trainings t ON t.id = g.training"
    };
}

super::sql::statements! {
    /// Agrees coaching.
    ADD_COACHING = "INSERT INTO coaching (id, staff_id, team, indicator, note, agreed_by, agreed_at, due_at, programme, \
        training, private_note, shared_note) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";

    /// Adds turns of a contact to it.
    ADD_CLIP = "INSERT INTO coaching_clips (coaching, place, contact, revision, first_turn, last_turn, good) \
        VALUES ($1, $2, $3, $4, $5, $6, $7)";

    /// The turns of an agreement.
    CLIPS = "SELECT contact, revision, first_turn, last_turn, good FROM coaching_clips WHERE coaching = $1 ORDER BY place";

    /// Takes coaching back.
    END_COACHING = "UPDATE coaching SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL";

    /// Says that it was done.
    FINISH_COACHING = "UPDATE coaching SET done_at = $2 WHERE id = $1 AND ended_at IS NULL AND done_at IS NULL";

    /// Says that the person has read it, once.
    ACKNOWLEDGE_COACHING = "UPDATE coaching SET acknowledged_at = $3, acknowledged_note = $4 \
        WHERE id = $1 AND staff_id = $2 AND ended_at IS NULL AND acknowledged_at IS NULL";

    /// Coaching, latest first.
    COACHING = concat!(coaching!(), " WHERE CAST($1 AS TEXT) IS NULL OR g.team = $1 ORDER BY g.agreed_at DESC, g.id LIMIT $2");

    /// What is neither done nor taken back, by its date; what has none comes last.
    OPEN_COACHING = concat!(coaching!(), " WHERE (CAST($1 AS TEXT) IS NULL OR g.team = $1) AND g.done_at IS NULL \
        AND g.ended_at IS NULL ORDER BY COALESCE(g.due_at, 9223372036854775807), g.agreed_at, g.id LIMIT $2");

    /// One agreement.
    ONE_COACHING = concat!(coaching!(), " WHERE g.id = $1");

    /// What was agreed with a person, oldest first.
    COACHING_OF_STAFF = concat!(coaching!(), " WHERE g.staff_id = $1 ORDER BY g.agreed_at, g.id");

    /// Adds an entry to the catalogue.
    ADD_TRAINING = "INSERT INTO trainings (id, title, title_en, indicator, programme, about, added_by, added_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";

    /// No longer offers an entry.
    RETIRE_TRAINING = "UPDATE trainings SET retired_at = $2 WHERE id = $1 AND retired_at IS NULL";

    /// The catalogue, oldest entry first.
    TRAININGS = "SELECT id, title, title_en, indicator, programme, about, added_by, added_at, retired_at FROM trainings \
        ORDER BY added_at, id";

    /// Gives a work number its name.
    NAME_STAFF = "INSERT INTO staff_names (staff_id, name, given_at) VALUES ($1, $2, $3) \
        ON CONFLICT (staff_id) DO UPDATE SET name = excluded.name, given_at = excluded.given_at";

    /// Takes a name off a work number.
    UNNAME_STAFF = "DELETE FROM staff_names WHERE staff_id = $1";

    /// What everybody is called.
    STAFF_NAMES = "SELECT staff_id, name FROM staff_names";

    /// What one person is called.
    STAFF_NAME = "SELECT name FROM staff_names WHERE staff_id = $1";
}
