-- The least satisfied first among many contacts that are found by their words. What is indexed is indexed anew by the service in
-- the background.

DELETE FROM contact_search;
ALTER TABLE contact_search ADD COLUMN dissatisfied BIGINT; -- as the contact has it when it is indexed: sorted without a look at the contact
CREATE INDEX contact_search_by_dissatisfied ON contact_search (dissatisfied, contact) WHERE dissatisfied IS NOT NULL;

-- Verdicts of the last day are counted for the metrics.
CREATE INDEX verdicts_by_time ON verdicts (judged_at, rule, verdict);
