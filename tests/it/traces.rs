//! Traces: what goes to a collector, and what never does. Without the feature `otel` there are none; `scripts/test.sh`
//! runs this module in both builds.

#[cfg(feature = "otel")]
mod collector;

use crate::support::shell::Shell;

#[cfg(not(feature = "otel"))]
#[test]
fn a_program_without_traces_says_so_when_they_are_asked_for() {
    let shell = Shell::new();
    shell.write("tingxin.toml", "[traces]\nendpoint = \"http://127.0.0.1:4318/v1/traces\"\n");

    let ended = shell.run(&["serve", "--listen", "127.0.0.1:0"]);

    assert_eq!(ended.status, 1);
    assert!(ended.err.contains("feature `otel`") && ended.err.contains("traces.endpoint"), "{}", ended.err);
}

#[test]
fn a_collector_that_is_no_url_is_refused_by_its_name() {
    let shell = Shell::new();
    shell.write("tingxin.toml", "[traces]\nendpoint = \"127.0.0.1:4318\"\n");

    let ended = shell.run(&["serve", "--print-config"]);

    assert_ne!(ended.status, 0);
    assert!(ended.err.contains("traces.endpoint"), "{}", ended.err);
}
