//! Integration tests, in one binary.

mod ingest;
