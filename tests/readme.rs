//! The README shows what the program prints.

use std::process::Command;

#[test]
fn the_output_in_the_readme_is_the_programs() {
    let root = env!("CARGO_MANIFEST_DIR");
    let output = Command::new(env!("CARGO_BIN_EXE_plimsoll"))
        .args(["--isolated", "fixtures/projects/quickstart"])
        .current_dir(root)
        .env_clear()
        .output()
        .unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(printed.contains("[privileged-service]"), "{printed}");
    let readme = std::fs::read_to_string(format!("{root}/README.md")).unwrap();
    assert!(readme.contains(printed.trim_end()), "README.md does not show what is printed:\n{printed}");
}

/// The files at the end of the guide are as hard as it says, and those at its beginning are not.
#[test]
fn the_guide_to_hardening_ends_where_it_says() {
    let guide = include_str!("../docs/guides/hardening.md").replace("\r\n", "\n");
    let (begin, end) = guide.split_once("## Where you end").expect("the guide has an end");
    let findings = |part: &str| {
        let directory = tempfile::tempdir().unwrap();
        for name in ["compose.yaml", "Dockerfile"] {
            let block = part.split_once(&format!("\n# {name}\n")).expect("both files are shown").1;
            std::fs::write(directory.path().join(name), block.split_once("```").unwrap().0).unwrap();
        }
        std::fs::create_dir(directory.path().join("secrets")).unwrap();
        for name in ["app.py", "requirements.txt", "secrets/db-password"] {
            std::fs::write(directory.path().join(name), "").unwrap();
        }
        let output = Command::new(env!("CARGO_BIN_EXE_plimsoll"))
            .args(["--isolated", "--profile=strict", "-f=concise", "-q"])
            .current_dir(directory.path())
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    assert_eq!(findings(end), "");
    assert!(findings(begin).lines().count() > 15);
}
