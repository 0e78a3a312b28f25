//! The `plimsoll` binary; everything it does lives in `lint-cli`.

/// A fifth of a run is allocation, in many small pieces that live as long as a file is judged.
#[cfg(feature = "mimalloc")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    lint_cli::main()
}
