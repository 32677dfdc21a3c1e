-- What staff say about confirmed flags of their own contacts, and whom trainers ask reviewers to listen to.

-- Appeals against confirmed flags. One for each rule at the same turns of a revision: a final decision ends it.
CREATE TABLE appeals (
    id UUID NOT NULL PRIMARY KEY,       -- our key
    flag UUID NOT NULL,                 -- key of the flag; it may be gone
    contact UUID NOT NULL REFERENCES contacts (id) ON DELETE CASCADE, -- whose flag
    revision BIGINT NOT NULL,          -- revision of the contact that was listened to
    rule TEXT NOT NULL,                 -- what raised the flag
    utterances TEXT NOT NULL,           -- turns it pointed at, as in flags
    staff_id TEXT NOT NULL,             -- who appeals
    team TEXT,                          -- team that served the contact
    state TEXT NOT NULL,                -- filed, answered, forwarded, upheld or overturned
    text TEXT,                          -- what the person says, redacted; null when the words are gone
    filed_by TEXT NOT NULL,             -- account
    filed_at BIGINT NOT NULL,          -- when
    confirmed_by TEXT NOT NULL,         -- whose verdict it is about
    answer TEXT,                        -- what the lead says, redacted
    answered_by TEXT,                   -- lead who answered or forwarded
    answered_at BIGINT,                -- when
    reason TEXT,                        -- why it was decided so, redacted
    decided_by TEXT,                    -- second reviewer
    decided_at BIGINT,                 -- when
    due_at BIGINT NOT NULL,            -- when the present step should be done
    UNIQUE (contact, revision, rule, utterances)
);
CREATE INDEX appeals_by_time ON appeals (filed_at, id);
CREATE INDEX appeals_by_state ON appeals (state, filed_at, id);
CREATE INDEX appeals_by_staff ON appeals (staff_id, filed_at, id);
CREATE INDEX appeals_by_team ON appeals (team, filed_at, id);

-- Who has seen a confirmed flag of an own contact, and what they say about it.
CREATE TABLE acknowledgements (
    id UUID NOT NULL PRIMARY KEY,       -- our key
    contact UUID NOT NULL REFERENCES contacts (id) ON DELETE CASCADE, -- whose flag
    revision BIGINT NOT NULL,          -- revision of the contact that was listened to
    rule TEXT NOT NULL,                 -- what raised the flag
    utterances TEXT NOT NULL,           -- turns it pointed at, as in flags
    note TEXT,                          -- what the person says, redacted
    acknowledged_by TEXT NOT NULL,      -- account
    acknowledged_at BIGINT NOT NULL,   -- when
    UNIQUE (contact, revision, rule, utterances)
);

-- Contacts that a trainer asks reviewers to listen to first.
CREATE TABLE asked_reviews (
    contact UUID NOT NULL REFERENCES contacts (id) ON DELETE CASCADE, -- which contact
    rule TEXT NOT NULL,                 -- the flag to be judged
    staff_id TEXT NOT NULL,             -- whose contact
    team TEXT,                          -- team that served it
    indicator TEXT NOT NULL,            -- behaviour on which confirmations are missing
    asked_by TEXT NOT NULL,             -- trainer
    asked_at BIGINT NOT NULL,          -- when
    PRIMARY KEY (contact, rule)
);
CREATE INDEX asked_reviews_by_time ON asked_reviews (asked_at);
