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
    for name in ["PATHS", "ARGS", "SARIF", "BINARY", "WORKING_DIRECTORY"] {
        let of = name.to_lowercase().replace('_', "-");
        let input = format!("INPUT_{name}: ${{{{ inputs.{of} }}}}");
        assert!(action.contains(&input), "{input}");
        assert!(script.contains(&format!("INPUT_{name}")), "{name}");
    }
}
