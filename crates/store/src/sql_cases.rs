//! Statements of cases; see `sql.rs`.

/// Every column of a case.
macro_rules! case {
    () => {
        "SELECT k.id, k.contact, k.customer, k.team, k.channel, k.business_process, k.kind, k.origin, k.state, k.term, \
         k.opened_at, k.opened_by, k.due_at, k.first_owner, k.owner, k.department, k.bounces, k.cause, k.outcome, \
         k.satisfaction, k.closed_at, k.closed_by, k.reopened, k.came_back_at, k.came_back FROM cases k"
    };
}

/// Whoever takes a step with a case that nobody has is its first owner.
macro_rules! owned {
    ($by:literal) => {
        concat!("owner = COALESCE(owner, ", $by, "), first_owner = COALESCE(first_owner, ", $by, ")")
    };
}

/// Whether a contact has a flag of a rule that nobody rejected.
macro_rules! flagged {
    ($rule:literal) => {
        concat!(
            "EXISTS (SELECT 1 FROM flags f WHERE f.contact = c.id AND f.rule = '",
            $rule,
            "' AND f.status <> 'rejected')"
        )
    };
}

super::sql::statements! {
    /// Remembers that a contact asks for a case.
    ADD_LEAD = "INSERT INTO case_leads (contact, promised, promised_hours, unsettled) VALUES ($1, $2, $3, $4) \
        ON CONFLICT (contact) DO UPDATE SET promised = excluded.promised, promised_hours = excluded.promised_hours, \
        unsettled = excluded.unsettled";

    /// Contacts that ask for a case, in the lock order of the store, with the latest case of their customer.
    LEADS = concat!("SELECT l.contact, l.promised, l.promised_hours, l.unsettled, c.customer, c.channel, \
        c.business_process, c.happened_at, ", flagged!("negative_ending"), " AS ended_badly, ",
        flagged!("likely_dissatisfied"), " AS dissatisfied, ", flagged!("reported_distress"), " AS distressed, \
        EXISTS (SELECT 1 FROM cases o WHERE o.contact = c.id OR o.came_back = c.id) AS known, \
        k.id AS standing, k.state AS standing_state, k.closed_at AS standing_closed_at, \
        k.first_owner AS standing_owner FROM \
        (SELECT contact, promised, promised_hours, unsettled FROM case_leads ORDER BY contact LIMIT $1) AS l \
        JOIN contacts c ON c.id = l.contact LEFT JOIN cases k ON k.id = (SELECT e.id FROM cases e \
        WHERE e.customer = c.customer ORDER BY e.opened_at DESC, e.id DESC LIMIT 1) \
        ORDER BY c.source, c.contact_id");

    /// Takes a lead, once.
    TAKE_LEAD = "DELETE FROM case_leads WHERE contact = $1";

    /// Opens a case about a contact that the team may see.
    ADD_CASE = "INSERT INTO cases (id, contact, customer, team, channel, business_process, kind, origin, state, term, \
        opened_at, opened_by, due_at, first_owner, owner, bounces, reopened) \
        SELECT $1, c.id, c.customer, c.team, c.channel, c.business_process, $3, $4, $5, $6, CAST($7 AS BIGINT), $8, \
        CAST($9 AS BIGINT), $10, $10, 0, 0 FROM contacts c \
        WHERE c.id = $2 AND (CAST($11 AS TEXT) IS NULL OR c.team = $11)";

    /// Writes down what was done.
    ADD_CASE_STEP = "INSERT INTO case_steps (id, case_id, at, by_whom, act, to_whom, contact, note) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";

    /// Takes a case that nobody has, or takes the own one back from a department.
    TAKE_CASE = concat!("UPDATE cases SET state = 'taken', ", owned!("$2"),
        " WHERE id = $1 AND (state = 'open' OR (state = 'forwarded' AND owner = $2))");

    /// Gives a case to somebody.
    ASSIGN_CASE = "UPDATE cases SET state = CASE WHEN state = 'open' THEN 'taken' ELSE state END, owner = $2, \
        first_owner = COALESCE(first_owner, $2) WHERE id = $1 AND state <> 'closed'";

    /// Hands a case to a department.
    FORWARD_CASE = concat!("UPDATE cases SET state = 'forwarded', department = $3, \
        bounces = bounces + CASE WHEN forwarded_at IS NULL THEN 0 ELSE 1 END, \
        forwarded_at = COALESCE(forwarded_at, $4), ", owned!("$2"), " WHERE id = $1 AND state <> 'closed'");

    /// Closes a case.
    CLOSE_CASE = concat!("UPDATE cases SET state = 'closed', outcome = $3, cause = $4, satisfaction = $5, \
        closed_at = $6, closed_by = $2, ", owned!("$2"), " WHERE id = $1 AND state <> 'closed'");

    /// Opens a case again.
    REOPEN_CASE = concat!("UPDATE cases SET state = 'taken', outcome = NULL, cause = NULL, satisfaction = NULL, \
        closed_at = NULL, closed_by = NULL, reopened = reopened + 1, due_at = $3, ", owned!("$2"),
        " WHERE id = $1 AND state = 'closed'");

    /// Says that the customer came back after a case was closed.
    MARK_CAME_BACK = "UPDATE cases SET came_back_at = $2, came_back = $3 WHERE id = $1 AND came_back_at IS NULL";

    /// What is told of a case.
    CASE_TOLD = "SELECT contact, kind, state, due_at FROM cases WHERE id = $1";

    /// One case.
    CASE = concat!(case!(), " WHERE k.id = $1");

    /// Cases of a contact, oldest first.
    CASES_OF_CONTACT = concat!(case!(), " WHERE k.contact = $1 ORDER BY k.opened_at, k.id");

    /// Cases of a customer, oldest first.
    CASES_OF_CUSTOMER = concat!(case!(), " WHERE k.customer = $1 ORDER BY k.opened_at, k.id");

    /// Cases of a time, for a report.
    CASES_BETWEEN = concat!(case!(), " WHERE k.opened_at >= $1 AND k.opened_at < $2 \
        AND (CAST($3 AS TEXT) IS NULL OR k.team = $3) ORDER BY k.opened_at, k.id LIMIT $4");

    /// What was done with a case, oldest first.
    CASE_STEPS = "SELECT id, at, by_whom, act, to_whom, contact, note FROM case_steps WHERE case_id = $1 \
        ORDER BY at, id";

    /// Cases that are not closed, those due until a moment, those overdue at another, by kind, of one team or all.
    CASE_BACKLOG = "SELECT kind, COUNT(*), COALESCE(SUM(CASE WHEN due_at < $2 THEN 1 ELSE 0 END), 0), \
        COALESCE(SUM(CASE WHEN due_at < $1 THEN 1 ELSE 0 END), 0) FROM cases \
        WHERE state IN ('open', 'taken', 'forwarded') AND (CAST($3 AS TEXT) IS NULL OR team = $3) GROUP BY kind";

    /// Forgets what people wrote about the cases of a contact.
    DROP_CASE_WORDS = "UPDATE case_steps SET note = NULL WHERE note IS NOT NULL \
        AND case_id IN (SELECT id FROM cases WHERE contact = $1)";

    /// Forgets what people wrote where it names a member of staff.
    DROP_CASE_WORDS_NAMING = "UPDATE case_steps SET note = NULL WHERE note IS NOT NULL \
        AND REPLACE(note, $1, '') <> note";
}

/// Start of the list of cases; [`super::list`] adds the conditions.
pub(super) const CASE_LIST: &str = case!();
