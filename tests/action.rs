//! The script behind action.yml, run as GitHub would run it.
#![cfg(unix)]

use std::path::Path;
use std::process::Command;

struct Run {
    code: Option<i32>,
    stdout: String,
    output: String,
}

/// Runs the script in a directory with one privileged service in `a b/compose.yaml`.
fn run(inputs: &[(&str, &str)], directory: &Path) -> Run {
    let folder = directory.join("a b");
    std::fs::create_dir_all(&folder).unwrap();
    let compose = "services:\n  web:\n    image: a\n    privileged: true\n";
    std::fs::write(folder.join("compose.yaml"), compose).unwrap();
    let outputs = directory.join("outputs");
    let output = Command::new("sh")
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("packaging/action/lint.sh"))
        .current_dir(directory)
        .env("INPUT_BINARY", env!("CARGO_BIN_EXE_plimsoll"))
        .env("GITHUB_OUTPUT", &outputs)
        .envs(inputs.iter().copied())
        .output()
        .unwrap();
    Run {
        code: output.status.code(),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        output: std::fs::read_to_string(&outputs).unwrap_or_default(),
    }
}

#[test]
fn findings_become_annotations_and_fail_the_step() {
    let directory = tempfile::tempdir().unwrap();
    let select = "--isolated\n--select=privileged-service";
    let run = run(&[("INPUT_ARGS", select), ("INPUT_PATHS", "a b\n")], directory.path());
    assert_eq!((run.code, run.output.as_str()), (Some(1), ""));
    assert!(run.stdout.starts_with("::error "), "{}", run.stdout);
    assert!(run.stdout.contains("file=a b/compose.yaml"), "{}", run.stdout);
}

#[test]
fn a_sarif_report_is_written_whether_or_not_the_step_fails() {
    let directory = tempfile::tempdir().unwrap();
    let run = run(&[("INPUT_SARIF", "plimsoll.sarif")], directory.path());
    assert_eq!((run.code, run.output.as_str()), (Some(1), "sarif=plimsoll.sarif\n"));
    let report = std::fs::read_to_string(directory.path().join("plimsoll.sarif")).unwrap();
    assert!(report.contains("privileged-service"), "{report}");
}

/// Where the script ran is not where the step runs that uploads what it wrote.
#[test]
fn the_path_of_a_report_starts_at_the_root() {
    let directory = tempfile::tempdir().unwrap();
    let output = |working: &str, sarif: &str| {
        let inputs = [("INPUT_SARIF", sarif), ("INPUT_WORKING_DIRECTORY", working)];
        let run = run(&inputs, directory.path());
        std::fs::remove_file(directory.path().join("outputs")).unwrap();
        run.output
    };
    assert_eq!(output(".", "a.sarif"), "sarif=a.sarif\n");
    assert_eq!(output("svc/", "a.sarif"), "sarif=svc/a.sarif\n");
    let absolute = directory.path().join("b.sarif");
    assert_eq!(output("svc", absolute.to_str().unwrap()), format!("sarif={}\n", absolute.display()));
}

#[test]
fn inputs_are_arguments_and_nothing_else() {
    let directory = tempfile::tempdir().unwrap();
    // A path is not an option, and neither a command nor a pattern.
    let path = "--exit-zero\n$(touch made)\n*\n`touch made`; touch made";
    assert_eq!(run(&[("INPUT_PATHS", path)], directory.path()).code, Some(2));
    assert!(!directory.path().join("made").exists());
}

#[test]
fn every_input_reaches_the_script() {
    let read = |name| std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap();
    let (action, script) = (read("action.yml"), read("packaging/action/lint.sh"));
    for name in ["PATHS", "ARGS", "CHANGED_SINCE", "SARIF", "BINARY", "WORKING_DIRECTORY"] {
        let of = name.to_lowercase().replace('_', "-");
        let input = format!("INPUT_{name}: ${{{{ inputs.{of} ");
        assert!(action.contains(&input), "{input}");
        assert!(script.contains(&format!("INPUT_{name}")), "{name}");
    }
}

/// `packaging/action/install.sh` with a release that lies on this machine.
#[test]
#[cfg(target_os = "linux")]
fn a_release_is_installed_when_its_checksum_is_the_released_one() {
    let directory = tempfile::tempdir().unwrap();
    let works =
        |program: &str| Command::new(program).arg("--version").output().is_ok_and(|o| o.status.success());
    if !works("curl") || !works("sha256sum") || !works("tar") {
        eprintln!("not tested: curl, sha256sum or tar is not installed");
        return;
    }
    let machine = if cfg!(target_arch = "aarch64") { ("aarch64", "ARM64") } else { ("x86_64", "X64") };
    let name = format!("plimsoll-{}-unknown-linux-musl", machine.0);
    let release = directory.path().join("release");
    let script = format!(
        "mkdir -p '{name}' && cp '{}' '{name}/plimsoll' && tar -czf '{name}.tar.gz' '{name}' && sha256sum '{name}.tar.gz' > SHA256SUMS",
        env!("CARGO_BIN_EXE_plimsoll")
    );
    std::fs::create_dir_all(&release).unwrap();
    assert!(Command::new("sh").args(["-c", &script]).current_dir(&release).status().unwrap().success());
    let install = |variables: &[(&str, &str)]| {
        let outputs = directory.path().join("outputs");
        let _ = std::fs::remove_file(&outputs);
        let output = Command::new("sh")
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("packaging/action/install.sh"))
            .env("VERSION", env!("CARGO_PKG_VERSION"))
            .env("RUNNER_TEMP", directory.path().join("temp"))
            .env("RUNNER_TOOL_CACHE", directory.path().join("cache"))
            .env("RUNNER_OS", "Linux")
            .env("RUNNER_ARCH", machine.1)
            .env("GITHUB_OUTPUT", &outputs)
            .env("PLIMSOLL_BASE_URL", format!("file://{}", release.display()))
            .envs(variables.iter().copied())
            .output()
            .unwrap();
        (output.status.code(), std::fs::read_to_string(&outputs).unwrap_or_default(), output)
    };
    std::fs::create_dir_all(directory.path().join("temp")).unwrap();
    let (code, said, output) = install(&[]);
    assert_eq!(code, Some(0), "{output:?}");
    let program = said.trim().strip_prefix("binary=").unwrap();
    assert!(Command::new(program).arg("--version").status().unwrap().success());
    // The second time it is kept, and compared; another checksum, version or name of a version is refused.
    std::fs::remove_file(release.join(format!("{name}.tar.gz"))).unwrap();
    assert_eq!(install(&[]).0, Some(0));
    assert_eq!(install(&[("SHA256", &"0".repeat(64))]).0, Some(2));
    assert_eq!(install(&[("VERSION", "0.1.0;touch made")]).0, Some(2));
    assert_eq!(install(&[("RUNNER_ARCH", "S390X")]).0, Some(2));
}
