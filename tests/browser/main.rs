//! Drives the console in a real browser.

fn main() {}
