-- Whom a dead process speaks against. Jobs that a process held together when it died come back in batches of half the size,
-- until one is alone; only a death of which it was the only possible cause counts against a contact.
ALTER TABLE jobs ADD COLUMN batch INTEGER NOT NULL DEFAULT 1; -- jobs leased together with it the last time, itself included
ALTER TABLE jobs ADD COLUMN most INTEGER; -- largest batch it may stand in, halved at every death; null while nothing speaks against it
ALTER TABLE jobs ADD COLUMN deaths INTEGER NOT NULL DEFAULT 0; -- processes that died with it alone
UPDATE jobs SET most = 1 WHERE strikes > 0;

-- The release before finds its jobs without these two as well, only slower.
DROP INDEX jobs_fresh;
DROP INDEX jobs_struck;
CREATE INDEX jobs_unsuspected ON jobs (rescoring, due_at, id) WHERE quarantined_at IS NULL AND most IS NULL;
CREATE INDEX jobs_suspected ON jobs (deaths, strikes, due_at, id) WHERE quarantined_at IS NULL AND most IS NOT NULL;
CREATE INDEX jobs_leased ON jobs (due_at) WHERE leased;
