//! Tingxin on the command line.

fn main() {}
