//! Programs that the tests ask and the product does not need: promtool, and Python for what is generated.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

/// Runs a program. Where it is not installed says so and returns `None`, but fails where `CI` is set.
#[expect(clippy::disallowed_methods, reason = "a setting of the tests, not of the product")]
fn ask(program: &str, arguments: &[&str], folder: &str, input: &str) -> Option<(bool, String)> {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(folder));
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let Ok(mut running) = command.spawn() else {
        assert!(std::env::var("CI").is_err(), "{program} must be installed where CI is set");
        eprintln!("not checked: {program} is not installed");
        return None;
    };
    running.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = running.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    Some((output.status.success(), said))
}

/// promtool, in the folder of the rules, has nothing to complain about.
pub(crate) fn assert_clean(arguments: &[&str], input: &str) {
    if let Some((fine, said)) = ask("promtool", arguments, "deploy/prometheus", input) {
        assert!(fine, "promtool {arguments:?}:\n{said}");
    }
}

/// The files of that script are what it would write.
pub(crate) fn assert_written_by(script: &str) {
    if let Some((fine, said)) = ask("python3", &["-B", script, "--check"], "", "") {
        assert!(fine, "{said}");
    }
}
