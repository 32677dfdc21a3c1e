//! One binary for all integration tests: one link step instead of twenty.

// Helpers of tests are tests, too: without this line clippy holds them to the rules of the product.
#![cfg(test)]

mod access;
mod architecture;
mod cli_analyze;
mod cli_database;
mod cli_evaluate;
mod cli_help;
mod cli_samples;
mod config;
mod crash;
mod ingest;
mod licences;
mod signals;
mod specs;
mod store_accounts;
mod store_keeping;
mod store_lists;
mod store_races;
mod store_suite;
mod support;
mod worker;
