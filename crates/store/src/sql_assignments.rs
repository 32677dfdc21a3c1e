//! Statements of claims, assignments and the rules by which work is distributed; see `sql.rs`.

super::sql::statements! {
    /// Claims a contact that nobody else looks at.
    CLAIM_REVIEW = "INSERT INTO review_claims (contact, account, claimed_at, until_at) \
        SELECT id, $2, CAST($3 AS BIGINT), CAST($4 AS BIGINT) FROM contacts WHERE id = $1 \
        ON CONFLICT (contact) DO UPDATE SET account = excluded.account, claimed_at = excluded.claimed_at, \
        until_at = excluded.until_at \
        WHERE review_claims.account = excluded.account OR review_claims.until_at <= excluded.claimed_at";

    /// Gives up what somebody looked at, but for one contact.
    LEAVE_OTHERS = "DELETE FROM review_claims WHERE account = $1 AND contact <> $2";

    /// Gives up whatever somebody looked at.
    LEAVE_ALL = "DELETE FROM review_claims WHERE account = $1";

    /// Who looks at what now.
    CLAIMS = "SELECT contact, account, until_at FROM review_claims WHERE until_at > $1 ORDER BY contact";

    /// Forgets claims that have ended.
    PURGE_CLAIMS = "DELETE FROM review_claims WHERE until_at <= $1";

    /// Gives a contact to somebody, whoever had it before.
    ASSIGN = "INSERT INTO review_assignments (contact, account, assigned_by, assigned_at) \
        SELECT id, $2, $3, CAST($4 AS BIGINT) FROM contacts WHERE id = $1 AND (CAST($5 AS TEXT) IS NULL OR team = $5) \
        ON CONFLICT (contact) DO UPDATE SET account = excluded.account, assigned_by = excluded.assigned_by, \
        assigned_at = excluded.assigned_at";

    /// Gives a contact to somebody if it is nobody's.
    ASSIGN_FREE = "INSERT INTO review_assignments (contact, account, assigned_by, assigned_at) \
        SELECT id, $2, $3, CAST($4 AS BIGINT) FROM contacts WHERE id = $1 ON CONFLICT (contact) DO NOTHING";

    /// Takes back what is left of somebody's work.
    RECALL = "DELETE FROM review_assignments WHERE account = $1 AND contact IN (SELECT f.contact FROM flags f \
        WHERE f.status = 'candidate' AND (CAST($2 AS TEXT) IS NULL OR f.team = $2))";

    /// Takes one contact back.
    RECALL_CONTACT = "DELETE FROM review_assignments WHERE contact = $1 AND contact IN (SELECT c.id FROM contacts c \
        WHERE CAST($2 AS TEXT) IS NULL OR c.team = $2)";

    /// Takes work back from whoever cannot do it any more: accounts that are disabled or review no longer, and contacts that
    /// are another team's now.
    RECALL_LOST = "DELETE FROM review_assignments WHERE contact IN (SELECT a.contact FROM review_assignments a \
        JOIN users u ON u.name = a.account JOIN contacts c ON c.id = a.contact \
        WHERE u.disabled OR u.role <> 'reviewer' OR (u.team IS NOT NULL AND (c.team IS NULL OR c.team <> u.team)))";

    /// What is left of everybody's work, contact by contact.
    OPEN_WORK = "SELECT a.contact, a.account, a.assigned_by, a.assigned_at FROM review_assignments a \
        WHERE (CAST($1 AS TEXT) IS NULL OR a.account = $1) AND EXISTS (SELECT 1 FROM flags f \
        WHERE f.contact = a.contact AND f.status = 'candidate' AND (CAST($2 AS TEXT) IS NULL OR f.team = $2)) \
        ORDER BY a.assigned_at, a.contact LIMIT $3";

    /// How much is left of everybody's work.
    OPEN_LOADS = "SELECT a.account, COUNT(*) FROM review_assignments a WHERE EXISTS (SELECT 1 FROM flags f \
        WHERE f.contact = a.contact AND f.status = 'candidate') GROUP BY a.account ORDER BY a.account";

    /// Adds a rule of distribution.
    ADD_DISTRIBUTION_RULE = "INSERT INTO distribution_rules (id, team, rule, channel, reviewers, method, made_by, made_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";

    /// Rules of distribution, in the order in which they are asked.
    DISTRIBUTION_RULES = "SELECT id, team, rule, channel, reviewers, method, last_given, made_by, made_at \
        FROM distribution_rules ORDER BY made_at, id";

    /// Removes a rule of distribution.
    DROP_DISTRIBUTION_RULE = "DELETE FROM distribution_rules WHERE id = $1 AND (CAST($2 AS TEXT) IS NULL OR team = $2)";

    /// Remembers whose turn it was.
    SET_LAST_GIVEN = "UPDATE distribution_rules SET last_given = $2 WHERE id = $1";

    /// Gives somebody nothing for now.
    PAUSE = "INSERT INTO paused_reviewers (account, paused_by, paused_at) \
        SELECT name, $2, CAST($3 AS BIGINT) FROM users WHERE name = $1 ON CONFLICT (account) DO NOTHING";

    /// Gives somebody work again.
    RESUME = "DELETE FROM paused_reviewers WHERE account = $1";

    /// Who is given nothing for now.
    PAUSED = "SELECT account FROM paused_reviewers ORDER BY account";
}

/// Starts of lists; [`super::list`] adds the conditions.
pub(super) const FREE_LIST: &str = "SELECT DISTINCT f.priority, f.contact, f.team FROM flags f \
    LEFT JOIN review_assignments a ON a.contact = f.contact";
pub(super) const WORK_LIST: &str = "SELECT DISTINCT f.priority, f.contact FROM review_assignments a \
    JOIN flags f ON f.contact = a.contact";
pub(super) const WORK_TOTAL: &str = "SELECT COUNT(*) FROM (SELECT DISTINCT f.contact FROM review_assignments a \
    JOIN flags f ON f.contact = a.contact";
pub(super) const ASSIGNED: &str =
    "SELECT a.contact, a.account, a.assigned_by, a.assigned_at FROM review_assignments a";
