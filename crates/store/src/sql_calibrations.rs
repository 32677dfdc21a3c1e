//! Statements of calibration sessions; see `sql.rs`.

super::sql::statements! {
    /// Makes a session.
    ADD_CALIBRATION = "INSERT INTO calibrations (id, title, expert, team, made_by, made_at) \
        VALUES ($1, $2, $3, $4, $5, $6)";

    /// Invites somebody.
    INVITE_READER = "INSERT INTO calibration_readers (calibration, reader) VALUES ($1, $2)";

    /// Puts a contact into it, if it still is analysed.
    ADD_CALIBRATION_ITEM = "INSERT INTO calibration_items (id, calibration, contact, place) \
        SELECT $1, $2, c.id, CAST($4 AS BIGINT) FROM contacts c WHERE c.id = $3 AND c.state = 'analysed'";

    /// Analysed contacts of a time that nobody was asked to read by lot, so that no reading of the sample is of a contact
    /// that was talked about.
    CALIBRATION_FRAME = "SELECT c.id, CAST(CASE WHEN EXISTS (SELECT 1 FROM flags f WHERE f.contact = c.id) \
        THEN 1 ELSE 0 END AS BIGINT) AS flagged FROM contacts c WHERE c.happened_at >= $1 AND c.happened_at < $3 AND c.state = 'analysed' AND c.words_gone_at IS NULL \
        AND (CAST($2 AS TEXT) IS NULL OR c.team = $2) \
        AND NOT EXISTS (SELECT 1 FROM sample_draws d WHERE d.contact = c.id) \
        AND NOT EXISTS (SELECT 1 FROM calibration_items i WHERE i.contact = c.id)";

    /// Every session, latest first.
    CALIBRATIONS = "SELECT s.id, s.title, s.expert, s.team, s.made_by, s.made_at, s.closed_at, \
        (SELECT COUNT(*) FROM calibration_items i WHERE i.calibration = s.id) AS contacts FROM calibrations s \
        ORDER BY s.made_at DESC, s.id DESC";

    /// Who is invited to which, and how much of it they have read.
    CALIBRATION_READERS = "SELECT p.calibration, p.reader, (SELECT COUNT(*) FROM calibration_readings r \
        JOIN calibration_items i ON i.id = r.item WHERE i.calibration = p.calibration AND r.read_by = p.reader) AS done \
        FROM calibration_readers p ORDER BY p.calibration, p.reader";

    /// What somebody is to read in a session: what is there, still to be read, and invited to.
    CALIBRATION_DUE = "SELECT i.id, i.contact, i.place FROM calibration_items i \
        JOIN calibrations s ON s.id = i.calibration JOIN contacts c ON c.id = i.contact \
        JOIN calibration_readers p ON p.calibration = s.id AND p.reader = $2 \
        WHERE s.id = $1 AND s.closed_at IS NULL AND c.words_gone_at IS NULL AND (CAST($3 AS TEXT) IS NULL OR c.team = $3) \
        AND NOT EXISTS (SELECT 1 FROM calibration_readings r WHERE r.item = i.id AND r.read_by = $2) \
        ORDER BY i.place";

    /// The session of an item.
    CALIBRATION_OF = "SELECT calibration FROM calibration_items WHERE id = $1";

    /// Keeps what an invited reader says, if the session is open and the contact still is what was read.
    ADD_CALIBRATION_READING = "INSERT INTO calibration_readings (id, item, revision, read_by, read_at, answer) \
        SELECT $1, i.id, c.revision, r.reader, CAST($5 AS BIGINT), $6 FROM calibration_items i \
        JOIN calibrations s ON s.id = i.calibration JOIN contacts c ON c.id = i.contact \
        JOIN calibration_readers r ON r.calibration = s.id AND r.reader = $4 \
        WHERE i.id = $2 AND c.revision = $3 AND s.closed_at IS NULL \
        ON CONFLICT (item, read_by) DO NOTHING";

    /// What was said in a session about contacts that have not changed since.
    CALIBRATION_READINGS = "SELECT i.id AS item, i.contact, i.place, r.read_by, r.read_at, r.answer \
        FROM calibration_readings r JOIN calibration_items i ON i.id = r.item \
        JOIN contacts c ON c.id = i.contact AND c.revision = r.revision \
        WHERE i.calibration = $1 ORDER BY i.place, r.read_by";

    /// Ends it.
    CLOSE_CALIBRATION = "UPDATE calibrations SET closed_at = $2 WHERE id = $1 AND closed_at IS NULL";
}
