-- Where a request came from and what a read was for, sealed with the entry; the last request of a session, for its idle time-out.
ALTER TABLE audit_log ADD COLUMN address TEXT; -- address that the request came from; null on the machine itself and in entries of the release before
ALTER TABLE audit_log ADD COLUMN purpose TEXT; -- what a read was for; null for changes and in entries of the release before
ALTER TABLE sessions ADD COLUMN seen_at BIGINT; -- last request, to the minute; null in sessions of the release before: they count from created_at
