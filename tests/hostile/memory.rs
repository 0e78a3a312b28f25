//! What a run keeps.

/// The name of a test that runs itself once more, in a process whose memory is measured.
const MEASURED: &str = "PLIMSOLL_TEST_MEASURED";

/// What has been judged is let go: a run needs the memory of its largest project and of its findings, not of all files.
#[test]
#[cfg(target_os = "linux")]
fn what_has_been_judged_is_let_go() {
    use lint_core::{Linter, Settings, Source, SourceKind};

    /// Dockerfiles that are made when they are asked for, so that none is kept by whoever has them.
    struct Made;

    impl lint_core::Files for Made {
        fn read(&self, path: &str) -> Result<String, lint_core::FileError> {
            let number = path.strip_suffix("/Dockerfile").ok_or(lint_core::FileError::NotFound)?;
            let run = "RUN apt-get update && apt-get install -y curl git && rm -rf /var/lib/apt/lists/*\n";
            Ok(format!("FROM debian:13\nLABEL number={number}\n{}USER 1000\n", run.repeat(70)))
        }

        fn exists(&self, _: &str) -> bool {
            false
        }
    }

    if std::env::var_os(MEASURED).is_some() {
        let sources: Vec<Source> =
            (0..3000).map(|n| Source::path(format!("{n}/Dockerfile"), SourceKind::Dockerfile)).collect();
        let mut settings = Settings::default();
        settings.select = vec!["root-user".to_owned()];
        settings.jobs = 2;
        assert!(Linter::new(settings).lint_with(&sources, &Made).findings().is_empty());
        return;
    }
    let output = std::process::Command::new("sh")
        .args(["-c", "ulimit -v 600000; exec \"$0\" \"$@\""])
        .arg(std::env::current_exe().expect("it has a path"))
        .args(["--exact", "memory::what_has_been_judged_is_let_go", "--nocapture"])
        .env(MEASURED, "1")
        .env("MALLOC_ARENA_MAX", "1")
        .output()
        .expect("it runs again");
    // 3,000 trees of 70 kB of memory for each 6 kB of text, and more of what rules ask of them, do not fit.
    assert!(output.status.success(), "{output:?}");
}
