//! Tingxin on the command line.

fn main() -> std::process::ExitCode {
    tingxin::cli::run(std::env::args_os())
}
