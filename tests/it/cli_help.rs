//! What the command line says about itself, and how it refuses.

use std::fmt::Write as _;
use std::path::Path;

use crate::support::docs::assert_current;
use crate::support::shell::Shell;

const COMMANDS: [&str; 25] = [
    "serve",
    "demo",
    "analyze",
    "import",
    "rescore",
    "evaluate",
    "migrate",
    "backup",
    "restore",
    "user",
    "user create",
    "user list",
    "user disable",
    "user enable",
    "user passwd",
    "key",
    "key create",
    "key list",
    "key revoke",
    "queue",
    "queue list",
    "queue retry",
    "queue drop",
    "openapi",
    "completions",
];

#[test]
fn the_page_about_the_command_line_is_what_help_prints() {
    let shell = Shell::new();
    let mut page = PAGE_HEAD.to_owned();
    for command in std::iter::once("").chain(COMMANDS) {
        let arguments: Vec<_> = command.split_whitespace().chain(["--help"]).collect();
        let ended = shell.run(&arguments);
        assert_eq!(ended.status, 0, "{command}");
        let lines: Vec<_> = ended.out.lines().map(str::trim_end).collect();
        let title = format!("tingxin {command}");
        write!(page, "\n## {}\n\n```text\n{}\n```\n", title.trim_end(), lines.join("\n")).unwrap();
    }
    assert_current(Path::new("docs/cli.md"), &page);
}

const PAGE_HEAD: &str = "\
# The command line

What `tingxin COMMAND --help` prints, for every command. This page is generated from the program.
";

/// Pages that tell people what to type.
const GUIDES: [&str; 3] = ["README.md", "deploy/README.md", "samples/README.md"];

#[test]
fn every_command_that_a_guide_tells_people_to_type_is_understood() {
    let shell = Shell::new();
    let mut typed = 0;
    for guide in GUIDES {
        let page = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(guide)).unwrap();
        for line in page.lines() {
            let line = line.strip_prefix("docker compose exec tingxin ").unwrap_or(line);
            let Some(command) = line.strip_prefix("tingxin ") else { continue };
            let command = command.split(['#', '>', '|']).next().unwrap_or_default();
            let arguments: Vec<_> = command.split_whitespace().chain(["--help"]).collect();

            let ended = shell.run(&arguments);

            assert_eq!(ended.status, 0, "{guide}: {line}\n{}", ended.err);
            typed += 1;
        }
    }
    assert!(typed >= GUIDES.len(), "the guides are read: {typed}");
}

#[test]
fn wrong_usage_is_64_and_not_the_2_that_says_some_were_refused() {
    let shell = Shell::new();
    for wrong in [&["analyse"][..], &["analyze", "--outptu", "table"], &["key", "create"], &[]] {
        let ended = shell.run(wrong);

        assert_eq!(ended.status, 64, "{wrong:?}: {}", ended.err);
        assert_eq!(ended.out, "", "{wrong:?}");
        assert!(ended.err.contains("Usage"), "{wrong:?}: {}", ended.err);
    }
}

#[test]
fn help_and_version_are_no_failure() {
    let shell = Shell::new();

    assert_eq!(shell.run(&["--version"]).out, format!("tingxin {}\n", env!("CARGO_PKG_VERSION")));
    assert_eq!(shell.run(&["help"]).status, 0);
}

#[test]
fn completions_name_every_command() {
    let script = Shell::new().run(&["completions", "bash"]).out;

    for command in COMMANDS.iter().filter(|command| !command.contains(' ')) {
        assert!(script.contains(command), "{command}");
    }
}

#[test]
fn the_description_of_the_api_is_one_json_document() {
    let ended = Shell::new().run(&["openapi"]);

    let document: serde_json::Value = serde_json::from_str(&ended.out).unwrap();
    assert!(document["openapi"].as_str().unwrap().starts_with("3."));
    assert!(document["paths"]["/api/v1/contacts"]["post"].is_object());
}
