//! Statements of searching; see `sql.rs`. The words of the index are the one thing that the databases hold each in its own way.

super::sql::statements! {
    // ── The index ───────────────────────────────────────────────────────────────────────────────

    /// Takes a contact out of the index.
    UNINDEX = "DELETE FROM contact_search WHERE contact = $1";

    /// What a contact is marked with in the index, and its moment.
    MARKS = "SELECT channel, team, staff_id, business_process, happened_at FROM contacts WHERE id = $1";

    /// The rules that flagged it.
    RULES = "SELECT DISTINCT rule FROM flags WHERE contact = $1 ORDER BY rule";

    /// Gives it a place: after the last of its second, which begins at `$2` and ends before `$3`.
    ADD_PLACE = "INSERT INTO contact_search (place, contact, dissatisfied) \
        SELECT COALESCE((SELECT MAX(s.place) + 1 FROM contact_search s WHERE s.place >= $2 AND s.place < $3), $2), c.id, \
        c.dissatisfied \
        FROM contacts c WHERE c.id = $1";

    /// What contacts of earlier releases lack.
    SET_FACTS = "UPDATE contacts SET survey = $2, dissatisfied = $3 WHERE id = $1";

    /// Contacts after a key, and whether they wait to be indexed. One that is queued is indexed with its analysis.
    UNINDEXED = "SELECT c.id, c.source, c.contact_id, (c.state <> 'queued' \
        AND NOT EXISTS (SELECT 1 FROM contact_search s WHERE s.contact = c.id)) AS waits \
        FROM contacts c WHERE c.id > $1 ORDER BY c.id LIMIT $2";

    /// Whether a contact still waits to be indexed, with its text and what is known of its satisfaction.
    TO_INDEX = "SELECT b.body, (SELECT a.body FROM analyses a WHERE a.contact = c.id AND a.superseded_at IS NULL) AS analysis \
        FROM contacts c JOIN contact_bodies b ON b.contact = c.id WHERE c.id = $1 AND c.state <> 'queued' \
        AND NOT EXISTS (SELECT 1 FROM contact_search s WHERE s.contact = c.id)";

    // ── Saved views ─────────────────────────────────────────────────────────────────────────────

    /// Those of an account.
    VIEWS = "SELECT id, name, query FROM saved_views WHERE account = $1 ORDER BY saved_at, id";

    /// Keeps one, in the place of another of its name; no row when the account has as many as it may.
    PUT_VIEW = "INSERT INTO saved_views (id, account, name, query, saved_at) \
        SELECT $1, u.name, $3, $4, $5 FROM users u WHERE u.name = $2 \
        AND (SELECT COUNT(*) FROM saved_views v WHERE v.account = $2 AND v.name <> $3) < $6 \
        ON CONFLICT (account, name) DO UPDATE SET query = excluded.query, saved_at = excluded.saved_at";

    /// Forgets one.
    DROP_VIEW = "DELETE FROM saved_views WHERE id = $1 AND account = $2";

    /// Forgets those that name somebody.
    DROP_VIEWS_NAMING = "DELETE FROM saved_views WHERE REPLACE(query, $1, '') <> query";
}

/// Statements on the words of the index that SQLite runs.
pub(super) const SQLITE: &[(&str, &str)] =
    &[("PUT_WORDS_SQLITE", PUT_WORDS_SQLITE), ("MERGE_WORDS", MERGE_WORDS)];

/// Those that PostgreSQL runs.
pub(super) const POSTGRES: &[(&str, &str)] = &[("PUT_WORDS_POSTGRES", PUT_WORDS_POSTGRES)];

/// Stores the words of a contact at its place.
pub(super) const PUT_WORDS_SQLITE: &str =
    "INSERT INTO contact_words (rowid, words) SELECT s.place, $2 FROM contact_search s WHERE s.contact = $1";
pub(super) const PUT_WORDS_POSTGRES: &str =
    "UPDATE contact_search SET words = CAST($2 AS tsvector) WHERE contact = $1";

/// Writes the words anew without those of contacts that are gone: until then they are only marked as gone.
pub(super) const MERGE_WORDS: &str = "INSERT INTO contact_words (contact_words) VALUES ('optimize')";

macro_rules! columns {
    () => {
        "SELECT c.id, c.source, c.contact_id, c.revision, c.kind, c.channel, c.business_process, c.staff_id, c.team, \
         c.started_at, c.happened_at, c.received_at, c.state, c.utterances, c.flags, c.survey, c.dissatisfied, "
    };
}

/// Starts of a search, by how it is sorted and whether the index is asked.
pub(super) const BY_TIME: &str = concat!(columns!(), "c.happened_at AS sort FROM contacts c");
pub(super) const BY_DISSATISFIED: &str = concat!(columns!(), "c.dissatisfied AS sort FROM contacts c");
pub(super) const INDEXED_SQLITE: &str = concat!(
    columns!(),
    "w.rowid AS sort FROM contact_words w CROSS JOIN contact_search s ON s.place = w.rowid CROSS JOIN contacts c ON c.id = s.contact"
);
pub(super) const INDEXED_BY_DISSATISFIED_SQLITE: &str = concat!(
    columns!(),
    "c.dissatisfied AS sort FROM contact_words w CROSS JOIN contact_search s ON s.place = w.rowid \
     CROSS JOIN contacts c ON c.id = s.contact"
);
pub(super) const INDEXED_POSTGRES: &str =
    concat!(columns!(), "s.place AS sort FROM contact_search s JOIN contacts c ON c.id = s.contact");
pub(super) const INDEXED_BY_DISSATISFIED_POSTGRES: &str =
    concat!(columns!(), "c.dissatisfied AS sort FROM contact_search s JOIN contacts c ON c.id = s.contact");

/// The least satisfied among those that the index alone finds: sorted in the index, so that only the rows of the page are looked up.
pub(super) const RANKED: &str = concat!(columns!(), "c.dissatisfied AS sort FROM (");
pub(super) const RANKED_SQLITE: &str =
    "SELECT s.contact FROM contact_words w CROSS JOIN contact_search s ON s.place = w.rowid";
pub(super) const RANKED_POSTGRES: &str = "SELECT s.contact FROM contact_search s";
pub(super) const RANKED_END: &str =
    ") AS r JOIN contacts c ON c.id = r.contact ORDER BY c.dissatisfied DESC, c.id DESC";

/// What is counted, in a list that ends where nobody counts any further.
pub(super) const COUNT: &str = "SELECT COUNT(*) FROM (SELECT 1 FROM contacts c";
pub(super) const COUNT_INDEXED_SQLITE: &str = "SELECT COUNT(*) FROM (SELECT 1 FROM contact_words w CROSS JOIN contact_search s ON s.place = w.rowid \
     CROSS JOIN contacts c ON c.id = s.contact";
pub(super) const COUNT_INDEXED_POSTGRES: &str =
    "SELECT COUNT(*) FROM (SELECT 1 FROM contact_search s JOIN contacts c ON c.id = s.contact";
pub(super) const COUNT_WORDS_SQLITE: &str = "SELECT COUNT(*) FROM (SELECT 1 FROM contact_words w";
pub(super) const COUNT_PLACED_SQLITE: &str =
    "SELECT COUNT(*) FROM (SELECT 1 FROM contact_words w CROSS JOIN contact_search s ON s.place = w.rowid";
pub(super) const COUNT_WORDS_POSTGRES: &str = "SELECT COUNT(*) FROM (SELECT 1 FROM contact_search s";

/// Texts of found contacts.
pub(super) const TEXTS: &str = "SELECT b.contact, b.body FROM contact_bodies b";
