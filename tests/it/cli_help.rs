//! What the command line says about itself, and how it refuses.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use crate::support::docs::assert_current;
use crate::support::shell::Shell;

/// Every command as its words, as the program itself lists them: `""`, `serve`, `user`,
/// `user create` …
fn commands(shell: &Shell) -> Vec<String> {
    let mut found = vec![String::new()];
    let mut at = 0;
    while let Some(command) = found.get(at).cloned() {
        let arguments: Vec<_> = command.split_whitespace().chain(["--help"]).collect();
        let help = shell.run(&arguments).out;
        let listed = help.lines().skip_while(|line| *line != "Commands:").skip(1);
        let names = listed.take_while(|line| line.starts_with("  ")).filter_map(|line| {
            // Longer descriptions go on in lines that are indented further.
            let line = line.strip_prefix("  ")?;
            line.split_whitespace().next().filter(|_| !line.starts_with(' '))
        });
        let names: Vec<_> = names.filter(|name| *name != "help").collect();
        let below = names.iter().map(|name| format!("{command} {name}").trim_start().to_owned());
        let rest = found.split_off(at + 1);
        found.extend(below);
        found.extend(rest);
        at += 1;
    }
    found
}

#[test]
fn the_page_about_the_command_line_is_what_help_prints() {
    let shell = Shell::new();
    let mut page = PAGE_HEAD.to_owned();
    let commands = commands(&shell);
    assert!(commands.iter().any(|command| command == "user create"), "{commands:?}");
    for command in &commands {
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

/// Every document of the project, by its path. Folders of builds, of tools and of packages hold
/// none.
fn documents() -> Vec<(String, String)> {
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()];
    let mut pages = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let (path, name) = (entry.path(), entry.file_name().into_string().unwrap());
            if entry.file_type().unwrap().is_dir() {
                if !name.starts_with('.') && name != "target" && name != "corpus" {
                    folders.push(path);
                }
            } else if path.extension().is_some_and(|end| end == "md") && name != "cli.md" {
                pages.push((path.display().to_string(), std::fs::read_to_string(&path).unwrap()));
            }
        }
    }
    pages
}

/// What a page says to type: lines of code that begin with the program, and code within a sentence.
fn typed(page: &str) -> impl Iterator<Item = &str> {
    page.lines().flat_map(|line| {
        let line = line.strip_prefix("docker compose exec tingxin ").unwrap_or(line);
        let whole = line.strip_prefix("tingxin ").into_iter();
        let within = line.split('`').skip(1).step_by(2).filter_map(|code| code.strip_prefix("tingxin "));
        whole.chain(within)
    })
}

#[test]
fn every_command_that_a_document_names_is_understood() {
    let shell = Shell::new();
    let mut seen = BTreeSet::new();
    for (path, page) in documents() {
        for line in typed(&page) {
            let command = line.split(['#', '>', '|', '…', '(']).next().unwrap_or_default();
            // `queue list|retry` and `--customer ID` in prose: the words before the first that is
            // no name.
            let named = |word: &&str| word.chars().all(|c| c.is_ascii_lowercase() || c == '-');
            let arguments: Vec<_> = command.split_whitespace().take_while(named).chain(["--help"]).collect();
            if arguments.len() == 1 || !seen.insert(arguments.join(" ")) {
                continue;
            }

            let ended = shell.run(&arguments);

            // An option whose value was cut off is understood, too.
            let known = ended.status == 0 || ended.err.contains("a value is required for");
            assert!(known, "{path}: {line}\n{}", ended.err);
        }
    }
    assert!(seen.len() > 20, "the documents are read: {seen:?}");
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

    for command in commands(&Shell::new()) {
        assert!(script.contains(&command.replace(' ', "__subcmd__")), "{command}");
    }
}

#[test]
fn the_description_of_the_api_is_one_json_document() {
    let ended = Shell::new().run(&["openapi"]);

    let document: serde_json::Value = serde_json::from_str(&ended.out).unwrap();
    assert!(document["openapi"].as_str().unwrap().starts_with("3."));
    assert!(document["paths"]["/api/v1/contacts"]["post"].is_object());
}
