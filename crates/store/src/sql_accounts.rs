//! Statements of accounts, sessions, keys and the audit log; see `sql.rs`.

super::sql::statements! {
    // ── Accounts ────────────────────────────────────────────────────────────────────────────────

    /// Adds an account; no row changes when the name is taken.
    ADD_USER = "INSERT INTO users (name, role, team, disabled, password_hash, created_at) \
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (name) DO NOTHING";

    /// An account with its password.
    FIND_USER = "SELECT name, role, team, disabled, created_at, password_hash FROM users WHERE name = $1";

    /// All accounts.
    USERS = "SELECT name, role, team, disabled, created_at FROM users ORDER BY name";

    /// Sets a password.
    SET_PASSWORD = "UPDATE users SET password_hash = $2 WHERE name = $1";

    /// Sets role and state.
    SET_USER = "UPDATE users SET role = $2, disabled = $3 WHERE name = $1";

    /// Sets what an account may do, what it sees, and whose results.
    CHANGE_USER = "UPDATE users SET role = $2, team = $3, staff_id = $4 WHERE name = $1";

    /// Removes an account; its sessions go with it.
    DROP_USER = "DELETE FROM users WHERE name = $1";

    /// Ends every session of an account.
    END_SESSIONS = "DELETE FROM sessions WHERE user_name = $1";

    /// Ends every session of an account but one.
    END_OTHER_SESSIONS = "DELETE FROM sessions WHERE user_name = $1 AND token_sha256 <> $2";

    /// Opens a session.
    ADD_SESSION = "INSERT INTO sessions (token_sha256, csrf, user_name, created_at, expires_at, seen_at) \
        VALUES ($1, $2, $3, $4, $5, $6)";

    /// A session that has not ended, with the present state of its account.
    FIND_SESSION = "SELECT s.token_sha256, s.csrf, s.created_at AS opened_at, s.expires_at, \
        COALESCE(s.seen_at, s.created_at) AS seen_at, u.name, u.role, u.team, u.disabled, u.created_at FROM sessions s \
        JOIN users u ON u.name = s.user_name \
        WHERE s.token_sha256 = $1 AND s.expires_at > $2 AND NOT u.disabled";

    /// Remembers that a session was used.
    SEE_SESSION = "UPDATE sessions SET seen_at = $2 WHERE token_sha256 = $1";

    /// Ends a session.
    END_SESSION = "DELETE FROM sessions WHERE token_sha256 = $1";

    /// Forgets sessions that have ended.
    PURGE_SESSIONS = "DELETE FROM sessions WHERE expires_at <= $1";

    /// Adds an API key; no row changes when the name is taken.
    ADD_API_KEY = "INSERT INTO api_keys (name, secret_sha256, prefix, role, team, created_at, expires_at, \
        revoked_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (name) DO NOTHING";

    /// A key that is accepted at `$2`.
    FIND_API_KEY = "SELECT name, prefix, role, team, created_at, expires_at, revoked_at FROM api_keys \
        WHERE secret_sha256 = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)";

    /// All keys.
    API_KEYS = "SELECT name, prefix, role, team, created_at, expires_at, revoked_at FROM api_keys \
        ORDER BY name";

    /// Revokes a key; a second time changes nothing but still finds it.
    REVOKE_API_KEY = "UPDATE api_keys SET revoked_at = COALESCE(revoked_at, $2) WHERE name = $1";

    // ── Audit log ───────────────────────────────────────────────────────────────────────────────

    /// Takes the next position. The row lock makes writers take turns, on PostgreSQL too.
    NEXT_AUDIT = "UPDATE audit_head SET seq = seq + 1 WHERE id = 1 RETURNING seq, chain";

    /// Appends an entry.
    ADD_AUDIT = "INSERT INTO audit_log (seq, at, actor, role, action, object, result, address, purpose, chain) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";

    /// Remembers the chain value of the last entry.
    SET_AUDIT_HEAD = "UPDATE audit_head SET chain = $1 WHERE id = 1";

    /// Position and chain value of the last entry.
    AUDIT_HEAD = "SELECT seq, chain, start_seq, start_chain FROM audit_head WHERE id = 1";

    /// Entries after a position, oldest first.
    AUDIT_WALK = "SELECT seq, at, actor, role, action, object, result, address, purpose, chain FROM audit_log \
        WHERE seq > $1 ORDER BY seq LIMIT $2";
}

/// Start of the list of the audit log.
pub(super) const AUDIT_LIST: &str = "SELECT a.seq, a.at, a.actor, a.role, a.action, a.object, a.result, a.address, a.purpose, a.chain FROM audit_log a";
