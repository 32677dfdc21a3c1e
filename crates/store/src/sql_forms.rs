//! Statements of inspection forms and their sheets; see `sql.rs`.

/// Every column of a form.
macro_rules! form {
    ($more:literal) => {
        concat!(
            "SELECT f.id, f.version, f.title, f.plan, f.made_by, f.made_at, f.published_at, f.retired_at \
             FROM inspection_forms f",
            $more
        )
    };
}

/// Every column of a sheet, with what is known of its contact.
macro_rules! sheet {
    ($($more:literal)+) => {
        concat!(
            "SELECT h.id, h.contact, h.revision, h.form, h.version, h.marks, h.score, h.filled_by, h.filled_at, \
             f.title, f.plan, c.team, c.staff_id FROM inspection_sheets h \
             JOIN inspection_forms f ON f.id = h.form AND f.version = h.version JOIN contacts c ON c.id = h.contact",
            $($more),+
        )
    };
}

/// Of several sheets of a contact and a form the latest counts.
macro_rules! latest {
    ($more:literal) => {
        sheet!(
            " WHERE NOT EXISTS (SELECT 1 FROM inspection_sheets n WHERE n.contact = h.contact AND n.form = h.form \
             AND (n.filled_at, n.id) > (h.filled_at, h.id))"
            $more
        )
    };
}

super::sql::statements! {
    /// Every version of every form.
    FORMS = form!(" ORDER BY f.id, f.version");

    /// One version.
    ONE_FORM = form!(" WHERE f.id = $1 AND f.version = $2");

    /// Writes a draft anew, or a new version.
    PUT_FORM = "INSERT INTO inspection_forms (id, version, title, plan, made_by, made_at) VALUES ($1, $2, $3, $4, $5, $6) \
        ON CONFLICT (id, version) DO UPDATE SET title = excluded.title, plan = excluded.plan, made_by = excluded.made_by, \
        made_at = excluded.made_at WHERE inspection_forms.published_at IS NULL AND inspection_forms.retired_at IS NULL";

    /// From now on this version is filled in.
    PUBLISH_FORM = "UPDATE inspection_forms SET published_at = $3 WHERE id = $1 AND version = $2 AND published_at IS NULL \
        AND retired_at IS NULL";

    /// The versions before it are not filled in any more.
    RETIRE_BEFORE = "UPDATE inspection_forms SET retired_at = $3 WHERE id = $1 AND version < $2 AND retired_at IS NULL";

    /// A form is not filled in any more.
    RETIRE_FORM = "UPDATE inspection_forms SET retired_at = $2 WHERE id = $1 AND retired_at IS NULL";

    /// Keeps a sheet while its version is filled in and the contact has that revision.
    ADD_SHEET = "INSERT INTO inspection_sheets (id, contact, revision, form, version, marks, score, filled_by, filled_at) \
        SELECT $1, c.id, $3, f.id, f.version, $6, $7, $8, $9 FROM contacts c, inspection_forms f \
        WHERE c.id = $2 AND c.revision = $3 AND f.id = $4 AND f.version = $5 AND f.published_at IS NOT NULL \
        AND f.retired_at IS NULL AND (CAST($10 AS TEXT) IS NULL OR c.team = $10)";

    /// Sheets of a contact, latest first.
    SHEETS_OF_CONTACT = sheet!(" WHERE h.contact = $1 ORDER BY h.filled_at DESC, h.id DESC");

    /// Sheets that count, of a form since a moment.
    SHEETS_OF_FORM = latest!(" AND h.form = $1 AND h.filled_at >= $2 AND (CAST($3 AS TEXT) IS NULL OR c.team = $3) \
        ORDER BY h.filled_at DESC, h.id DESC LIMIT $4");

    /// Sheets that count, of a person's contacts.
    SHEETS_OF_STAFF = latest!(" AND c.staff_id = $1 ORDER BY h.filled_at DESC, h.id DESC LIMIT $2");
}
