//! Every integration test in one binary: one link step, one set of helpers.

mod architecture;
mod ingest;
mod licences;
mod signals;
mod specs;
mod support;
