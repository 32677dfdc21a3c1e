//! Drives the real program with real Chromium: what a person at the console lives through.
//!
//! Needs `chromedriver` and axe-core (`scripts/test-tools.sh` fetches both). Without them the
//! stories are skipped and say so; where `CI` is set they fail instead, so that nothing is skipped
//! unseen.

// Helpers of tests are tests, too: without this line clippy holds them to the rules of the product.
#![cfg(test)]

mod appealing;
mod barriers;
mod coaching;
mod coming_in;
mod managing;
mod owing;
mod reviewing;
mod sampling;
mod searching;
mod watching;
mod world;
