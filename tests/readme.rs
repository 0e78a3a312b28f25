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
