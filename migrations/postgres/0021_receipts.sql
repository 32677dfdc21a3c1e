-- When each source sent last, and how much it sends in an hour: read once a minute for monitoring.

CREATE INDEX contacts_by_receipt ON contacts (source, channel, received_at);
