//! Every integration test in one binary: one link step, one set of helpers.

mod architecture;
mod licences;
mod redact;
