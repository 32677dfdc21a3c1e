-- Who looks at which contact, whose work it is, by which rules work is distributed, and sentences that no rule heard.

-- Contacts that somebody has open for review. It ends by itself.
CREATE TABLE review_claims (
    contact BLOB NOT NULL PRIMARY KEY REFERENCES contacts (id) ON DELETE CASCADE, -- which contact
    account TEXT NOT NULL REFERENCES users (name) ON DELETE CASCADE, -- who looks at it
    claimed_at INTEGER NOT NULL,        -- since when
    until_at INTEGER NOT NULL           -- until when the others are told
) STRICT;
CREATE INDEX review_claims_by_account ON review_claims (account);

-- Contacts that are a reviewer's work.
CREATE TABLE review_assignments (
    contact BLOB NOT NULL PRIMARY KEY REFERENCES contacts (id) ON DELETE CASCADE, -- which contact
    account TEXT NOT NULL REFERENCES users (name) ON DELETE CASCADE, -- whose work
    assigned_by TEXT NOT NULL,          -- account, key or system
    assigned_at INTEGER NOT NULL        -- when
) STRICT;
CREATE INDEX review_assignments_by_account ON review_assignments (account);

-- By what flagged contacts are given to reviewers. The first rule that fits a contact gives it.
CREATE TABLE distribution_rules (
    id BLOB NOT NULL PRIMARY KEY,       -- our key
    team TEXT,                          -- contacts of this team; null for all
    rule TEXT,                          -- contacts with an unjudged flag of this rule; null for any
    channel TEXT,                       -- contacts of this channel; null for all
    reviewers TEXT NOT NULL,            -- accounts that get them, as a JSON array; empty for every reviewer
    method TEXT NOT NULL,               -- load or turn
    last_given TEXT,                    -- who got the latest, for those that go in turn
    made_by TEXT NOT NULL,              -- account or key
    made_at INTEGER NOT NULL            -- when; earlier rules come first
) STRICT;

-- Reviewers who are given nothing for now.
CREATE TABLE paused_reviewers (
    account TEXT NOT NULL PRIMARY KEY REFERENCES users (name) ON DELETE CASCADE, -- who
    paused_by TEXT NOT NULL,            -- account or key
    paused_at INTEGER NOT NULL          -- when
) STRICT;

-- Sentences of which a person says that a rule should have heard them.
CREATE TABLE sentence_marks (
    id BLOB NOT NULL PRIMARY KEY,       -- our key
    contact BLOB NOT NULL REFERENCES contacts (id) ON DELETE CASCADE, -- which contact
    revision INTEGER NOT NULL,          -- revision that was listened to
    utterance INTEGER NOT NULL,         -- turn or sentence, from 0
    emotion TEXT NOT NULL,              -- what it expresses
    rule TEXT NOT NULL,                 -- what should have heard it
    draw BLOB,                          -- draw of the random sample that was being read; null outside of it
    marked_by TEXT NOT NULL,            -- account
    marked_at INTEGER NOT NULL,         -- when
    UNIQUE (contact, revision, utterance, rule, marked_by)
) STRICT;
