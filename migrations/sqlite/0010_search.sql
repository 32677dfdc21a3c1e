-- Searching all contacts, and filters that somebody keeps under a name.

-- What lists filter and sort by, written with the contact and with its analysis; null for contacts of earlier releases until
-- they have been filled in.
ALTER TABLE contacts ADD COLUMN survey INTEGER;       -- what the customer answered, in thousandths of the scale; null without an answer
ALTER TABLE contacts ADD COLUMN dissatisfied INTEGER; -- probability that the customer was dissatisfied, in thousandths; null where nothing was judged
CREATE INDEX contacts_by_dissatisfied ON contacts (dissatisfied, id) WHERE dissatisfied IS NOT NULL;
CREATE INDEX contacts_by_process ON contacts (business_process, happened_at, id);
CREATE INDEX flags_by_status_time ON flags (status, happened_at, contact);

-- Contacts that can be searched, in the order of time.
CREATE TABLE contact_search (
    place INTEGER NOT NULL PRIMARY KEY, -- seconds of happened_at times 2^25, and a number that makes it unique
    contact BLOB NOT NULL UNIQUE REFERENCES contacts (id) ON DELETE CASCADE -- which contact
) STRICT;

-- Their words: pairs of characters and marks of what is filtered by, without the text itself. The row is that of contact_search.
CREATE VIRTUAL TABLE contact_words USING fts5(words, content='', contentless_delete=1, tokenize='ascii');
CREATE TRIGGER contact_words_gone AFTER DELETE ON contact_search BEGIN
DELETE FROM contact_words WHERE rowid = old.place;
END;

-- Filters of the list of contacts that somebody keeps.
CREATE TABLE saved_views (
    id BLOB NOT NULL PRIMARY KEY,       -- our key
    account TEXT NOT NULL REFERENCES users (name) ON DELETE CASCADE, -- whose
    name TEXT NOT NULL,                 -- what it is called
    query TEXT NOT NULL,                -- the filter as it stands in an address
    saved_at INTEGER NOT NULL,          -- when
    UNIQUE (account, name)
) STRICT;
