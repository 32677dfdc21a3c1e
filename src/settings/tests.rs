use super::*;

fn from(environment: &[(&str, &str)], flags: &Flags) -> Result<Loaded, SettingsError> {
    let owned = environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    load(None, owned, flags)
}

fn refused(environment: &[(&str, &str)]) -> String {
    from(environment, &Flags::default()).err().expect("must be refused").to_string()
}

fn file_with(text: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("own.toml");
    std::fs::write(&path, text).unwrap();
    (folder, path)
}

#[test]
fn the_embedded_defaults_are_complete_and_valid() {
    let loaded = from(&[], &Flags::default()).unwrap();

    assert_eq!(loaded.settings.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(loaded.settings.key_path(), Some(PathBuf::from("tingxin.db.key")));
}

#[test]
fn file_gives_way_to_environment_and_environment_to_flags() {
    let (_folder, path) =
        file_with("model = \"a\"\nthreads = 1\nsession_hours = 1\n[limits]\nin_flight = 7\n");
    let environment = [("TINGXIN_MODEL", "b"), ("TINGXIN_THREADS", "2")]
        .map(|(name, value)| (name.to_owned(), value.to_owned()));
    let flags = Flags { model: Some("c".to_owned()), ..Flags::default() };

    let loaded = load(Some(&path), environment, &flags).unwrap();

    assert_eq!(loaded.settings.model, "c");
    assert_eq!(loaded.settings.threads, 2);
    assert_eq!(loaded.settings.session_hours, 1);
    assert_eq!(loaded.settings.limits.in_flight, 7);
    assert_eq!(loaded.settings.limits.body_bytes, 2_097_152);
}

#[test]
fn two_underscores_enter_a_table() {
    let loaded = from(&[("TINGXIN_LIMITS__BODY_BYTES", "4096")], &Flags::default()).unwrap();

    assert_eq!(loaded.settings.limits.body_bytes, 4096);
}

#[test]
fn a_mistyped_name_is_refused_with_its_place_and_the_names_there_are() {
    let (_folder, path) = file_with("[limits]\nbody_byte = 1\n");

    let text = load(Some(&path), [], &Flags::default()).err().unwrap().to_string();

    assert!(text.contains("`limits.body_byte`") && text.contains("own.toml"), "{text}");
    assert!(text.contains("requests_per_second"), "{text}");
    let text = refused(&[("TINGXIN_LISTN", "127.0.0.1:1")]);
    assert!(text.contains("`listn`") && text.contains("environment"), "{text}");
}

#[test]
fn variables_of_an_orchestrator_are_no_settings() {
    let kubernetes = [
        ("TINGXIN_SERVICE_HOST", "10.0.0.1"),
        ("TINGXIN_PORT_8080_TCP", "tcp://10.0.0.1:8080"),
        ("TINGXIN_PORT", "tcp://10.0.0.1:8080"),
        ("TINGXIN_CONFIG", "/etc/tingxin.toml"),
    ];

    assert!(from(&kubernetes, &Flags::default()).is_ok());
}

#[test]
fn a_value_of_the_wrong_kind_is_refused_by_name_without_repeating_it() {
    for (name, setting) in [
        ("TINGXIN_LISTEN", "listen"),
        ("TINGXIN_ENGINE", "engine"),
        ("TINGXIN_THREADS", "threads"),
        ("TINGXIN_SECURE_COOKIES", "secure_cookies"),
        ("TINGXIN_LIMITS__REQUESTS_PER_SECOND", "limits.requests_per_second"),
        ("TINGXIN_LIMITS", "limits"),
        ("TINGXIN_TRUSTED_PROXIES", "trusted_proxies"),
    ] {
        let text = refused(&[(name, "geheim")]);

        assert!(text.contains(&format!("`{setting}`")), "{text}");
        assert!(!text.contains("geheim"), "{text}");
    }
}

#[test]
fn a_value_out_of_range_is_refused_with_the_range() {
    for (name, value, hint) in [
        ("TINGXIN_LIMITS__BODY_BYTES", "1", "between 1024"),
        ("TINGXIN_SESSION_HOURS", "0", "between 1 and 720"),
        ("TINGXIN_DATABASE_URL", "mysql://db/x", "sqlite:// or postgres://"),
        ("TINGXIN_LANE_QUEUE", "0", "between 1 and 1024"),
        ("TINGXIN_ENGINE", "abacus", "one of embedded, rust-bert"),
    ] {
        let text = refused(&[(name, value)]);

        assert!(text.contains(hint), "{text}");
    }
}

#[test]
fn a_file_that_is_named_must_exist() {
    let missing = load(Some(Path::new("/nowhere/tingxin.toml")), [], &Flags::default());

    assert!(matches!(missing, Err(SettingsError::NoFile(_))));
}

#[test]
fn printing_shows_every_setting_with_its_place_and_no_password() {
    let loaded = from(
        &[("TINGXIN_DATABASE_URL", "postgres://tingxin:geheim@db/tingxin")],
        &Flags { threads: Some(3), ..Flags::default() },
    )
    .unwrap();

    let printed = loaded.to_string();

    assert!(!printed.contains("geheim") && !format!("{:?}", loaded.settings).contains("geheim"));
    assert!(printed.contains("postgres://tingxin:****@db/tingxin"), "{printed}");
    insta::assert_snapshot!(printed);
}

#[test]
fn what_is_printed_can_be_read_back() {
    let printed = from(&[], &Flags::default()).unwrap().to_string();
    let (_folder, path) = file_with(&printed);

    let again = load(Some(&path), [], &Flags::default()).unwrap();

    assert_eq!(again.settings, from(&[], &Flags::default()).unwrap().settings);
}

#[test]
fn every_default_is_explained() {
    let lines: Vec<_> = DEFAULT_TOML.lines().collect();
    for (at, line) in lines.iter().enumerate() {
        if line.contains(" = ") && !line.starts_with('#') {
            assert!(lines[at - 1].starts_with('#'), "no comment above `{line}`");
        }
    }
}

#[test]
fn the_key_lies_beside_an_sqlite_database_and_nowhere_for_one_in_memory() {
    let with = |url: &str| {
        let mut settings = from(&[], &Flags::default()).unwrap().settings;
        settings.database_url = url.to_owned();
        settings.key_path()
    };

    assert_eq!(with("sqlite:///var/lib/t/a.db?mode=rwc"), Some(PathBuf::from("/var/lib/t/a.db.key")));
    assert_eq!(with("sqlite::memory:"), None);
    assert_eq!(with("postgres://db/tingxin"), Some(PathBuf::from("tingxin.key")));
}

#[test]
fn proxies_are_a_list_in_the_file_and_a_text_with_commas_in_the_environment() {
    let (_folder, path) = file_with("trusted_proxies = [\"10.0.0.7\", \"::1\"]\n");

    let listed = load(Some(&path), [], &Flags::default()).unwrap();
    let named = from(&[("TINGXIN_TRUSTED_PROXIES", "10.0.0.7, ::1")], &Flags::default()).unwrap();

    assert_eq!(listed.settings.trusted_proxies, named.settings.trusted_proxies);
    assert_eq!(listed.settings.trusted_proxies.len(), 2);
}
