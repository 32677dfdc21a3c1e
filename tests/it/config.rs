//! Settings as an operator meets them.

use crate::support::shell::Shell;

#[test]
fn print_config_shows_each_setting_with_its_place_and_masks_the_password() {
    let shell = Shell::new();
    shell.write("tingxin.toml", "threads = 2\n[limits]\nin_flight = 9\n");
    let mut command = shell.command(&["serve", "--print-config", "--listen", "127.0.0.1:0"]);

    let output = command.env("TINGXIN_DATABASE_URL", "postgres://a:geheim@db/x").output().unwrap();

    assert!(output.status.success());
    insta::assert_snapshot!(String::from_utf8(output.stdout).unwrap());
}

#[test]
fn a_mistyped_setting_stops_the_start_with_one_sentence() {
    let shell = Shell::new();
    let output = shell.command(&["serve"]).env("TINGXIN_LISTN", "127.0.0.1:0").output().unwrap();

    assert_eq!(output.status.code(), Some(1));
    let sentence = String::from_utf8(output.stderr).unwrap();
    assert!(sentence.starts_with("tingxin: there is no setting `listn`"), "{sentence}");
    assert_eq!(sentence.lines().count(), 1, "{sentence}");
    assert!(!shell.path("tingxin.db").exists());
}

#[test]
fn a_settings_file_that_is_named_must_be_there() {
    let ended = Shell::new().run(&["--config", "nowhere.toml", "migrate"]);

    assert_eq!(ended.status, 1);
    assert_eq!(ended.err, "tingxin: there is no settings file nowhere.toml\n");
}

#[test]
fn a_log_filter_that_makes_no_sense_is_refused() {
    let ended = Shell::new().run(&["serve", "--log", "tingxin=loud", "--listen", "127.0.0.1:0"]);

    assert_eq!(ended.status, 1);
    assert!(ended.err.contains("log filter `tingxin=loud`"), "{}", ended.err);
}
