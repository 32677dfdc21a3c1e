-- Searching all contacts, and filters that somebody keeps under a name.

-- What lists filter and sort by, written with the contact and with its analysis; null for contacts of earlier releases until
-- they have been filled in.
ALTER TABLE contacts ADD COLUMN survey BIGINT;       -- what the customer answered, in thousandths of the scale; null without an answer
ALTER TABLE contacts ADD COLUMN dissatisfied BIGINT; -- probability that the customer was dissatisfied, in thousandths; null where nothing was judged
CREATE INDEX contacts_by_dissatisfied ON contacts (dissatisfied, id) WHERE dissatisfied IS NOT NULL;
CREATE INDEX contacts_by_process ON contacts (business_process, happened_at, id);
CREATE INDEX flags_by_status_time ON flags (status, happened_at, contact);

-- Contacts that can be searched, in the order of time.
CREATE TABLE contact_search (
    place BIGINT NOT NULL,              -- seconds of happened_at times 2^25, and a number that tells most contacts apart
    contact UUID NOT NULL PRIMARY KEY REFERENCES contacts (id) ON DELETE CASCADE, -- which contact
    words TSVECTOR                      -- pairs of characters and marks of what is filtered by, without the text itself
);
CREATE INDEX contact_search_by_place ON contact_search (place, contact);
CREATE INDEX contact_search_words ON contact_search USING gin (words);

-- Filters of the list of contacts that somebody keeps.
CREATE TABLE saved_views (
    id UUID NOT NULL PRIMARY KEY,       -- our key
    account TEXT NOT NULL REFERENCES users (name) ON DELETE CASCADE, -- whose
    name TEXT NOT NULL,                 -- what it is called
    query TEXT NOT NULL,                -- the filter as it stands in an address
    saved_at BIGINT NOT NULL,           -- when
    UNIQUE (account, name)
);
