-- What people say about flags. Weekly sums get another shape with it (S11 takes scripts out, S12 knows how many served) and are
-- computed anew, in the background.

-- Verdicts on flags. Rows are only added: of one rule at the same turns of a revision the latest counts, the earlier ones say
-- what was thought before.
CREATE TABLE verdicts (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, -- order of the verdicts
    flag BLOB NOT NULL,                 -- key of the flag when it was judged; it may be gone
    contact BLOB NOT NULL REFERENCES contacts (id) ON DELETE CASCADE, -- whose flag
    revision INTEGER NOT NULL,          -- revision of the contact that was listened to
    rule TEXT NOT NULL,                 -- what raised the flag
    utterances TEXT NOT NULL,           -- turns it pointed at, as in flags: a verdict is about them
    verdict TEXT NOT NULL,              -- confirmed, rejected, or candidate when it was taken back
    note TEXT,                          -- why, redacted
    judged_by TEXT NOT NULL,            -- account or key
    judged_at INTEGER NOT NULL          -- when
) STRICT;
CREATE INDEX verdicts_by_flag ON verdicts (flag);
CREATE INDEX verdicts_by_contact ON verdicts (contact, id);

INSERT INTO stale_sums (kind, name, week) SELECT kind, name, week FROM weekly_sums;
DELETE FROM weekly_sums;
