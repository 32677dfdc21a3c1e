//! One binary for all integration tests: one link step instead of twenty.

// Helpers of tests are tests, too: without this line clippy holds them to the rules of the product.
#![cfg(test)]

mod flags;
mod ingest;
mod signals;
mod specs;
mod support;
