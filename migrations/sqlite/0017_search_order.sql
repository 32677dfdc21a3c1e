-- The least satisfied first, and single characters, among many contacts that are found by their words. What is indexed is indexed
-- anew by the service in the background.

DROP TRIGGER contact_words_gone;
DROP TABLE contact_words;
DROP TABLE contact_search;
CREATE TABLE contact_search (
    place INTEGER NOT NULL PRIMARY KEY, -- seconds of happened_at times 2^25, and a number that makes it unique
    contact BLOB NOT NULL UNIQUE REFERENCES contacts (id) ON DELETE CASCADE, -- which contact
    dissatisfied INTEGER                -- as the contact has it when it is indexed: sorted without a look at the contact
) STRICT;
CREATE VIRTUAL TABLE contact_words USING fts5(words, content='', contentless_delete=1, tokenize='ascii', prefix='1');
CREATE TRIGGER contact_words_gone AFTER DELETE ON contact_search BEGIN
DELETE FROM contact_words WHERE rowid = old.place;
END;

-- Verdicts of the last day are counted for the metrics.
CREATE INDEX verdicts_by_time ON verdicts (judged_at, rule, verdict);
