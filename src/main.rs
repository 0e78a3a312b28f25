//! The `plimsoll` binary; everything it does lives in `lint-cli`.

fn main() -> std::process::ExitCode {
    lint_cli::main()
}
