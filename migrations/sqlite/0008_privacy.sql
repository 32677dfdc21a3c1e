-- What is kept how long, and what must not go.

-- Contacts and customers that are part of a dispute: neither a period nor an erasure removes them.
CREATE TABLE legal_holds (
    id BLOB NOT NULL PRIMARY KEY,       -- our key
    contact BLOB UNIQUE REFERENCES contacts (id) ON DELETE CASCADE, -- which contact; null for a customer
    customer TEXT UNIQUE,               -- pseudonym of a customer, whose contacts are held all; null for a contact
    note TEXT NOT NULL,                 -- why, redacted
    placed_by TEXT NOT NULL,            -- who says so
    placed_at INTEGER NOT NULL          -- since when
) STRICT;

-- Since when the words of a contact are gone; its numbers stay longer. The index holds those that still have words.
ALTER TABLE contacts ADD COLUMN words_gone_at INTEGER; -- null while they are there
CREATE INDEX contacts_with_words ON contacts (happened_at, id) WHERE words_gone_at IS NULL;

-- Where the audit log begins after its oldest entries have been removed.
ALTER TABLE audit_head ADD COLUMN start_seq INTEGER NOT NULL DEFAULT 0; -- position of the last entry that was removed
ALTER TABLE audit_head ADD COLUMN start_chain TEXT NOT NULL DEFAULT ''; -- its chain value
