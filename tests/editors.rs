//! `docs/editors.md` without the editors: its patterns find every line of `concise`, and what its functions take for granted of the JSON
//! holds. `tests/e2e/editors.sh` runs the setups themselves.

#[path = "cli/tree.rs"]
mod tree;

use std::collections::BTreeSet;
use std::process::Command;
use std::sync::LazyLock;

use regex_lite::Regex;
use serde_json::Value;

use crate::tree::Tree;

const PAGE: &str = include_str!("../docs/editors.md");

/// The block below `<!-- snippet: NAME -->`.
fn snippet(name: &str) -> String {
    let page = PAGE.replace("\r\n", "\n");
    let (_, rest) = page.split_once(&format!("<!-- snippet: {name} -->\n```")).expect("it is marked");
    let (_, rest) = rest.split_once('\n').expect("a block begins");
    rest.split_once("\n```\n").expect("a block ends").0.to_owned()
}

/// The output for all fixtures under the profile that reports most, colours and settings of the tester's left out.
fn fixtures(format: &str) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_plimsoll"));
    command.current_dir(env!("CARGO_MANIFEST_DIR"));
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("PLIMSOLL_") {
            command.env_remove(name);
        }
    }
    command.args(["check", "--profile", "audit", "--color", "never", "--output-format", format, "fixtures"]);
    String::from_utf8(command.output().expect("the binary runs").stdout).expect("output is UTF-8")
}

static CONCISE: LazyLock<String> = LazyLock::new(|| fixtures("concise"));
static JSON: LazyLock<Vec<Value>> = LazyLock::new(|| serde_json::from_str(&fixtures("json")).expect("JSON"));

#[test]
fn the_pattern_for_visual_studio_code_takes_every_line_apart() {
    let tasks: Value = serde_json::from_str(&snippet("vscode-task")).unwrap();
    let pattern = &tasks["tasks"][0]["problemMatcher"]["pattern"];
    let regex = Regex::new(pattern["regexp"].as_str().unwrap()).unwrap();
    assert_eq!(CONCISE.lines().count(), JSON.len());
    assert!(JSON.len() > 1000, "the fixtures have findings");
    for (line, finding) in CONCISE.lines().zip(JSON.iter()) {
        let groups = regex.captures(line).unwrap_or_else(|| panic!("no match: {line}"));
        let group = |name: &str| {
            let number = usize::try_from(pattern[name].as_u64().unwrap()).unwrap();
            groups.get(number).unwrap().as_str()
        };
        assert_eq!(group("file"), finding["file"], "{line}");
        assert_eq!(group("line"), finding["line"].to_string(), "{line}");
        assert_eq!(group("column"), finding["column"].to_string(), "{line}");
        assert_eq!(group("severity"), finding["level"], "{line}");
        assert_eq!(group("code"), finding["code"], "{line}");
    }
    for other in ["error: missing: no such file or directory", "error: -:2:5: not UTF-8 text (byte 0xFF)"] {
        assert!(!regex.is_match(other), "{other}");
    }
    let windows = regex.captures(r"C:\a b\Dockerfile:1:6: info: x: y:1:2: error: z [root-user]").unwrap();
    assert_eq!((&windows[1], &windows[4]), (r"C:\a b\Dockerfile", "info"));
}

/// What Vim makes of an item of `errorformat`, with the file, line, column and, unless it is `style`, letter of the type as groups.
fn errorformat(item: &str) -> Regex {
    let mut pattern = item.to_owned();
    for (code, meaning) in [
        ("%f", "(.+?)"),
        ("%l", r"(\d+)"),
        ("%c", r"(\d+)"),
        ("%trror", "([A-Za-z])rror"),
        ("%tarning", "([A-Za-z])arning"),
        ("%tnfo", "([A-Za-z])nfo"),
        ("%m", "(.+)"),
    ] {
        pattern = pattern.replace(code, meaning);
    }
    assert!(!pattern.contains('%'), "an unknown item: {item}");
    Regex::new(&format!("^{pattern}$")).unwrap()
}

#[test]
fn the_error_formats_take_every_line_and_are_the_same_for_vim_and_efm() {
    let vim = snippet("vim-make");
    let (_, vim) = vim.split_once("errorformat=").expect("it is set");
    let formats: Vec<String> = vim.replace("\\ ", " ").split(',').map(str::to_owned).collect();
    let efm = snippet("efm");
    let efm: Vec<&str> =
        efm.lines().filter_map(|line| line.trim().strip_prefix("- '")?.strip_suffix('\'')).collect();
    assert_eq!(formats, efm);
    let formats: Vec<Regex> = formats.iter().map(|format| errorformat(format)).collect();
    for (line, finding) in CONCISE.lines().zip(JSON.iter()) {
        // Vim takes the first that fits.
        let groups = formats.iter().find_map(|format| format.captures(line));
        let groups = groups.unwrap_or_else(|| panic!("no format for {line}"));
        assert_eq!(groups[1], finding["file"], "{line}");
        assert_eq!(groups[2], finding["line"].to_string(), "{line}");
        assert_eq!(groups[3], finding["column"].to_string(), "{line}");
        let kind = if groups.len() == 6 { &groups[4] } else { "s" };
        assert!(finding["level"].as_str().unwrap().starts_with(kind), "{line}");
    }
}

#[test]
fn the_filter_for_jetbrains_takes_every_line() {
    let mut pattern = snippet("jetbrains-filter");
    for (field, meaning) in
        [("$FILE_PATH$", "(.+?)"), ("$LINE$", r"(\d+)"), ("$COLUMN$", r"(\d+)"), ("$MESSAGE$", "(.+)")]
    {
        pattern = pattern.replace(field, meaning);
    }
    let regex = Regex::new(&format!("^{pattern}$")).unwrap();
    for (line, finding) in CONCISE.lines().zip(JSON.iter()) {
        let groups = regex.captures(line).unwrap_or_else(|| panic!("no match: {line}"));
        assert_eq!(groups[1], finding["file"]);
        assert_eq!(groups[2], finding["line"].to_string());
    }
}

#[test]
fn json_has_what_the_functions_take_for_granted() {
    let mut levels = BTreeSet::new();
    for finding in JSON.iter() {
        let number = |key: &str| finding[key].as_u64().unwrap_or_else(|| panic!("{key} of {finding}"));
        let (start, end) = ((number("line"), number("column")), (number("endLine"), number("endColumn")));
        assert!(start.0 >= 1 && start.1 >= 1 && end.1 >= 1 && start <= end, "{finding}");
        for key in ["file", "message", "code"] {
            assert!(!finding[key].as_str().expect("a string").is_empty(), "{key} of {finding}");
        }
        levels.insert(finding["level"].as_str().expect("a string"));
    }
    // The functions look levels up in a table of these four; hadolint's function for nvim-lint stops at any other.
    assert_eq!(levels, BTreeSet::from(["error", "info", "style", "warning"]));
}

#[test]
fn a_buffers_own_findings_bear_its_bare_name() {
    let compose = "services:\n  web:\n    build: web\n    privileged: true\n";
    let tree = Tree::new(&[("web/Dockerfile", "FROM a:1\nUSER root\n"), ("compose.yaml", "services: {}\n")]);
    let args = [
        "check",
        "--select=privileged-service,root-user",
        "--force-exclude",
        "--output-format=json",
        "--stdin-filename",
        "compose.yaml",
        "-",
    ];
    let run = tree.run_on(compose.as_bytes(), &args);
    assert_eq!((run.code, run.stderr.as_str()), (1, ""));
    let findings: Vec<Value> = serde_json::from_str(&run.stdout).unwrap();
    let files: Vec<_> = findings.iter().map(|finding| finding["file"].as_str().unwrap()).collect();
    assert_eq!(files, ["compose.yaml", "web/Dockerfile"]);
}

#[test]
fn yaml_that_is_no_compose_file_leaves_an_empty_array() {
    let run = Tree::new(&[])
        .run_on(b"a: b\n", &["check", "--output-format=json", "--stdin-filename", "values.yaml", "-"]);
    assert_eq!((run.code, run.stdout.as_str()), (2, "[]\n"));
}

#[test]
fn every_flag_on_the_page_exists() {
    let tree = Tree::new(&[]);
    let help = tree.run(&["check", "--help"]).stdout + &tree.run(&["lsp", "--help"]).stdout;
    let flags = Regex::new("--[a-z][a-z-]*").unwrap();
    // Before it other programs' are spoken of.
    let (_, ours) = PAGE.split_once("Any other client of the protocol").unwrap();
    let flags: BTreeSet<_> = flags.find_iter(ours).map(|flag| flag.as_str()).collect();
    assert!(flags.len() > 3, "{flags:?}");
    for flag in flags {
        assert!(help.split_whitespace().any(|word| word == flag), "{flag}");
    }
}

#[test]
fn snippets_that_are_json_are_json() {
    for name in ["vscode-task", "zed-task"] {
        let value: Result<Value, _> = serde_json::from_str(&snippet(name));
        assert!(value.is_ok(), "{name}: {value:?}");
    }
}

/// `tests/e2e/editors.sh` for the editors that are here and need no plug-in; it says which are not.
#[cfg(unix)]
#[test]
fn the_setups_work_in_the_editors_that_are_here() {
    let script = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/e2e/editors.sh");
    if Command::new("bash").arg("--version").output().is_err() {
        eprintln!("not tested: bash is not installed");
        return;
    }
    let output = Command::new(script)
        .args(["vim", "efm", "nvim", "nvim-lint", "none-ls", "vscode", "zed"])
        .env("PLIMSOLL", env!("CARGO_BIN_EXE_plimsoll"))
        .output()
        .expect("the script runs");
    let said = [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned());
    assert!(output.status.success(), "{}{}", said[0], said[1]);
    said[0]
        .lines()
        .filter(|line| line.starts_with("skipped"))
        .for_each(|line| eprintln!("not tested: {line}"));
}
