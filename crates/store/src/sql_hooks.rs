//! Statements of webhooks, of the bell and of copies that need a second person; see `sql.rs`.

super::sql::statements! {
    /// Adds a receiver that begins at the end of the feed.
    ADD_HOOK = "INSERT INTO hooks (id, name, form, scope, url, secret, team, seq, due_at, made_by, made_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $9)";

    /// Every receiver, by name.
    HOOKS = "SELECT id, name, form, scope, url, secret, team, seq, failures, due_at, last_error, muted_until, \
        made_by, made_at FROM hooks ORDER BY name";

    /// Forgets a receiver.
    DROP_HOOK = "DELETE FROM hooks WHERE name = $1";

    /// Passes alerts over until a moment; null lets them through again.
    MUTE_HOOK = "UPDATE hooks SET muted_until = $2 WHERE name = $1";

    /// Takes the turn of delivering to a receiver, if nobody else has taken it.
    TAKE_HOOK = "UPDATE hooks SET due_at = $3 WHERE id = $1 AND due_at = $2 AND due_at <= $4";

    /// Remembers how far a receiver is.
    HOOK_DONE = "UPDATE hooks SET seq = $2, due_at = $3, failures = 0, last_error = NULL WHERE id = $1";

    /// Remembers that it did not work, and when to try again.
    HOOK_FAILED = "UPDATE hooks SET due_at = $2, failures = failures + 1, last_error = $3 WHERE id = $1";

    /// How far an account has read the bell.
    BELL = "SELECT seq FROM bells WHERE account = $1";

    /// Remembers how far.
    PUT_BELL = "INSERT INTO bells (account, seq) VALUES ($1, $2) \
        ON CONFLICT (account) DO UPDATE SET seq = excluded.seq";

    /// Flags of a rule on contacts of a span of time.
    COUNT_FLAGS_BETWEEN = "SELECT COUNT(*) FROM flags WHERE rule = $1 AND happened_at >= $2 AND happened_at < $3";

    /// Keeps what somebody asks to take.
    ADD_EXPORT_REQUEST = "INSERT INTO export_requests (id, kind, form, reason, filter, asked_by, asked_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7)";

    /// What was asked for, latest first.
    EXPORT_REQUESTS = "SELECT id, kind, form, reason, filter, asked_by, asked_at, approved, decided_by, \
        decided_at, taken_at FROM export_requests ORDER BY asked_at DESC, id DESC LIMIT $1";

    /// One of it.
    EXPORT_REQUEST = "SELECT id, kind, form, reason, filter, asked_by, asked_at, approved, decided_by, \
        decided_at, taken_at FROM export_requests WHERE id = $1";

    /// Forgets what was asked for about a member of staff.
    DROP_REQUESTS_OF_STAFF = "DELETE FROM export_requests WHERE filter LIKE '%\"staff\":\"' || $1 || '\"%'";

    /// A second person says yes or no.
    DECIDE_EXPORT = "UPDATE export_requests SET approved = $2, decided_by = $3, decided_at = $4 \
        WHERE id = $1 AND approved IS NULL AND asked_by <> $3";

    /// Whoever asked takes it, once, and not long after.
    TAKE_EXPORT = "UPDATE export_requests SET taken_at = $3 \
        WHERE id = $1 AND asked_by = $2 AND approved AND taken_at IS NULL AND decided_at >= $4";
}
