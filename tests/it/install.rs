//! The installation that `deploy/README.md` describes, as far as it needs no systemd.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::support::shell::{Running, Shell};

/// The user of a container and of `DynamicUser`: nobody who owns a file.
const NOBODY: &str = "65534";

fn page(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

/// The value of a line `KEY=VALUE` of the unit.
fn unit(key: &str) -> String {
    let unit = page("deploy/systemd/tingxin.service");
    unit.lines().find_map(|line| line.strip_prefix(key)).unwrap_or_else(|| panic!("{key}")).to_owned()
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().unwrap().stdout.trim_ascii() == b"0"
}

#[tokio::test]
async fn the_pasted_commands_end_with_a_ready_service_of_a_user_who_owns_nothing() {
    let shell = Shell::new();
    let root = shell.path("");
    let root = root.to_str().unwrap().trim_end_matches('/');
    let readable = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(root, readable).unwrap();
    let readme = page("deploy/README.md");
    let section = readme.split("## systemd").nth(1).expect("the section on systemd");
    let commands: Vec<String> = section
        .lines()
        .filter(|line| line.starts_with("install "))
        .map(|line| {
            let line = line.replace(" /", &format!(" {root}/"));
            line.replace("target/release/tingxin", env!("CARGO_BIN_EXE_tingxin"))
        })
        .collect();
    assert!(commands.len() >= 4, "{section}");
    let base = format!("mkdir -p {root}/usr/local/bin {root}/etc/systemd/system");
    let script = std::iter::once(base).chain(commands).collect::<Vec<_>>().join("\n");

    let installed = Command::new("bash")
        .args(["-euc", &script])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();

    assert!(installed.status.success(), "{}", String::from_utf8_lossy(&installed.stderr));
    // What `StateDirectory` does.
    let state = shell.path("state");
    std::fs::create_dir(&state).unwrap();
    let start = unit("ExecStart=")
        .replace("/usr/", &format!("{root}/usr/"))
        .replace("/etc/", &format!("{root}/etc/"));
    let database =
        unit("Environment=TINGXIN_DATABASE_URL=").replace("/var/lib/tingxin", state.to_str().unwrap());
    let mut command = if is_root() {
        std::os::unix::fs::chown(&state, Some(65534), Some(65534)).unwrap();
        let mut other = Command::new("setpriv");
        other.args(["--reuid", NOBODY, "--regid", NOBODY, "--clear-groups", "--no-new-privs"]);
        other.args(start.split_whitespace());
        other
    } else {
        let mut words = start.split_whitespace();
        let mut same = Command::new(words.next().unwrap());
        same.args(words);
        same
    };
    command.args(["--listen", "127.0.0.1:0"]).env_clear().env("TINGXIN_DATABASE_URL", database);
    command.current_dir(&state).stdin(Stdio::null()).stdout(Stdio::piped());

    let mut service = Running::start(command);

    let url = service.line("listening on ");
    let link = service.line("create the first account (the link works once): ");
    assert!(link.starts_with(&url), "{link}");
    assert_eq!(crate::support::web::get(format!("{url}/readyz")).await.unwrap().status(), 200);
    service.signal("TERM");
    assert!(service.wait().success());
}
