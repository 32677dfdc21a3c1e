//! One binary for all integration tests: one link step instead of twenty.

// Helpers of tests are tests, too: without this line clippy holds them to the rules of the product.
#![cfg(test)]

mod score;
mod segment;
mod support;
