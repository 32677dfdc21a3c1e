//! Every list of statements that both databases run.

use super::{
    sql, sql_accounts, sql_appeals, sql_assignments, sql_bulk, sql_care, sql_cases, sql_coaching, sql_hooks,
    sql_news, sql_privacy, sql_queue, sql_samples, sql_search, sql_statistics, sql_today,
};

/// The lists, each statement with its name.
pub(super) const COMMON: [&[(&str, &str)]; 16] = [
    sql::COMMON,
    sql_queue::COMMON,
    sql_accounts::COMMON,
    sql_statistics::COMMON,
    sql_privacy::COMMON,
    sql_samples::COMMON,
    sql_appeals::COMMON,
    sql_assignments::COMMON,
    sql_bulk::COMMON,
    sql_care::COMMON,
    sql_cases::COMMON,
    sql_news::COMMON,
    sql_hooks::COMMON,
    sql_today::COMMON,
    sql_coaching::COMMON,
    sql_search::COMMON,
];
