//! Every integration test in one binary: one link step, one set of helpers.

// Helpers of tests are tests, too: without this line clippy holds them to the rules of the product.
#![cfg(test)]

mod access;
mod api_bulk;
mod api_contacts;
mod api_errors;
mod api_limits;
mod api_lists;
mod api_privacy;
mod api_search;
mod api_teams;
mod architecture;
mod audit;
mod cli_analyze;
mod cli_database;
mod cli_demo;
mod cli_evaluate;
mod cli_help;
mod cli_privacy;
mod cli_rescore;
mod cli_samples;
mod config;
mod console;
mod console_contacts;
mod context;
mod crash;
mod damaged_model;
mod encoder;
mod flags;
#[cfg(target_os = "linux")]
mod giants;
mod ingest;
mod install;
mod licences;
mod logins;
mod metrics;
mod monitoring;
mod openapi;
mod privacy;
mod privacy_search;
mod redact;
mod rust_bert;
mod score;
mod segment;
mod set_aside;
mod shutdown;
mod signals;
mod specs;
mod staff;
mod store_accounts;
mod store_keeping;
mod store_lists;
mod store_races;
mod store_search;
mod store_statistics;
mod store_suite;
mod store_suspects;
mod store_verdicts;
mod strangers;
mod support;
mod verdicts;
mod waits;
mod worker;
