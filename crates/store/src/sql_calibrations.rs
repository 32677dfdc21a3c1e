//! Statements of calibration sessions; see `sql.rs`.

super::sql::statements! {
    /// Makes a session.
    ADD_CALIBRATION = "INSERT INTO calibrations (id, title, expert, made_by, made_at) VALUES ($1, $2, $3, $4, $5)";

    /// Invites somebody.
    INVITE_READER = "INSERT INTO calibration_readers (calibration, reader) VALUES ($1, $2)";

    /// Puts a contact into it, if it is analysed and of the team.
    ADD_CALIBRATION_ITEM = "INSERT INTO calibration_items (id, calibration, contact, place) \
        SELECT $1, $2, c.id, CAST($4 AS BIGINT) FROM contacts c WHERE c.id = $3 AND c.state = 'analysed' \
        AND (CAST($5 AS TEXT) IS NULL OR c.team = $5)";

    /// Every session, latest first.
    CALIBRATIONS = "SELECT id, title, expert, made_by, made_at, closed_at FROM calibrations \
        ORDER BY made_at DESC, id DESC";

    /// Who is invited to which.
    CALIBRATION_READERS = "SELECT calibration, reader FROM calibration_readers ORDER BY calibration, reader";

    /// The contacts of a session, in their order.
    CALIBRATION_ITEMS = "SELECT id, contact, place FROM calibration_items WHERE calibration = $1 ORDER BY place";

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
