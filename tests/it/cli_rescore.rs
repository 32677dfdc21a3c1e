//! `tingxin rescore` in a shell: contacts that another engine has read.

use crate::support::shell::{Shell, sample};

fn imported() -> Shell {
    let shell = Shell::new();
    shell.write("tingxin.toml", "model = \"lexicon\"\n");
    let ended = shell.run(&["import", "--analyze", &sample("hotline")]);
    assert_eq!(ended.status, 0, "{ended:?}");
    shell
}

#[test]
fn what_another_model_has_read_is_queued_once() {
    let shell = imported();

    let same = shell.run(&["rescore", "--model", "lexicon"]);
    let first = shell.run(&["rescore", "--model", "tingxin-emotion"]);
    let again = shell.run(&["rescore", "--model", "tingxin-emotion"]);

    assert!(same.out.starts_with("queued 0 that lexicon-1"), "{same:?}");
    assert!(first.out.starts_with("queued 16 that tingxin-emotion"), "{first:?}");
    assert!(again.out.starts_with("queued 0 "), "{again:?}");
}

#[test]
fn a_dry_run_says_which_flags_would_come_and_go_and_queues_nothing() {
    let shell = imported();

    let dry = shell.run(&["rescore", "--dry-run", "--model", "tingxin-emotion"]);
    let after = shell.run(&["rescore", "--model", "tingxin-emotion"]);

    assert_eq!(dry.status, 0, "{dry:?}");
    assert!(
        dry.out.contains("come") && dry.out.contains("16 contacts were read by another engine"),
        "{dry:?}"
    );
    assert!(after.out.starts_with("queued 16 "), "{after:?}");
}

#[test]
fn only_contacts_since_a_day_are_queued() {
    let shell = imported();

    let none = shell.run(&["rescore", "--since", "2099-01-01", "--model", "tingxin-emotion"]);
    let wrong = shell.run(&["rescore", "--since", "1.1.2026"]);

    assert!(none.out.starts_with("queued 0 "), "{none:?}");
    assert_eq!(wrong.status, 64, "{wrong:?}");
    assert!(wrong.err.contains("is a day as in 2026-11-01"), "{wrong:?}");
}

#[test]
fn rescoring_here_leaves_nothing_waiting() {
    let shell = imported();

    let done = shell.run(&["rescore", "--analyze", "--model", "tingxin-emotion"]);
    let again = shell.run(&["rescore", "--dry-run", "--model", "tingxin-emotion"]);

    assert!(done.out.contains("queued 16 ") && done.out.contains("nothing waits any more"), "{done:?}");
    assert!(again.out.contains("0 contacts were read by another engine"), "{again:?}");
}
