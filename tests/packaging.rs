//! Versions and hooks that are written down twice say the same.

use std::path::Path;

const VERSION: &str = env!("CARGO_PKG_VERSION");

fn read(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).expect("it is there")
}

#[test]
fn every_file_names_this_version() {
    for (file, text) in [
        ("packaging/pre-commit-mirror/pyproject.toml", format!("\nversion = \"{VERSION}\"")),
        ("packaging/pre-commit-mirror/pyproject.toml", format!("\"plimsoll=={VERSION}\"")),
        ("compose.yaml", format!("image: plimsoll:{VERSION}\n")),
        ("docs/ci.md", format!("plimsoll-lint/plimsoll@v{VERSION}\n")),
        ("docs/ci.md", format!("version: {VERSION}\n")),
        ("docs/ci.md", format!("--version {VERSION} ")),
        ("docs/ci.md", format!("plimsoll-{VERSION}\n")),
        ("docs/editors.md", format!("plimsoll-{VERSION}.vsix\n")),
        ("editors/vscode/package.json", format!("\"version\": \"{VERSION}\"")),
        ("editors/zed/extension.toml", format!("version = \"{VERSION}\"")),
        ("editors/emacs/plimsoll.el", format!(";; Version: {VERSION}\n")),
    ] {
        assert!(read(file).contains(&text), "{file} lacks {text:?}");
    }
}

/// crates.io shows the README, and both licences ask to travel with the code.
#[test]
fn every_crate_carries_its_readme_and_the_licences() {
    for library in ["lint-parser", "lint-core", "lint-disk", "lint-lsp", "lint-cli"] {
        for licence in ["LICENSE-MIT", "LICENSE-APACHE"] {
            assert_eq!(read(&format!("crates/{library}/{licence}")), read(licence), "{library}");
        }
        assert!(read(&format!("crates/{library}/README.md")).starts_with(&format!("# {library}\n")));
        assert!(
            read("Cargo.toml")
                .contains(&format!("{library} = {{ path = \"crates/{library}\", version = \"{VERSION}\" }}"))
        );
    }
}

/// All but the language, and the first line that tells which file this is.
#[test]
fn the_hook_of_the_mirror_is_the_hook_here() {
    let after_title = |text: String| text.split_once('\n').map(|(_, rest)| rest.to_owned());
    let here = after_title(read(".pre-commit-hooks.yaml")).unwrap();
    let mirror = after_title(read("packaging/pre-commit-mirror/.pre-commit-hooks.yaml")).unwrap();
    assert_ne!(here, mirror);
    assert_eq!(here.replace("language: rust", "language: python"), mirror);
}

/// The pattern of names in `.pre-commit-hooks.yaml`, as pre-commit joins its lines.
fn names_of_the_hook() -> regex_lite::Regex {
    let hooks = read(".pre-commit-hooks.yaml").replace("\r\n", "\n");
    let (_, block) = hooks.split_once("files: |-\n").expect("the hook has a pattern");
    let lines: Vec<&str> = block.lines().map_while(|line| line.strip_prefix("    ")).collect();
    regex_lite::Regex::new(&lines.join("\n")).expect("a pattern")
}

/// Python's `re.search` and a search of ours agree on what is a Dockerfile, so that a commit is judged as the whole repository is.
#[test]
fn the_hook_passes_on_what_a_search_finds() {
    let pattern = names_of_the_hook();
    let ours = [
        "Dockerfile",
        "dockerfile.dev",
        "Dockerfile_dev",
        "a/Dockerfile-prod",
        "a/api.dockerfile",
        "Containerfile",
        "a/x.containerfile",
        ".devcontainer/Dockerfile",
        "docker-compose.yml",
        "a/compose.prod.yaml",
        "compose_dev.yml",
        "host/daemon.json",
        "host/prod.daemon.json",
        "host/docker-daemon.json",
        "host/docker.service",
        "host/docker.socket",
        "host/containerd.service",
        "host/docker.service.d/10-flags.conf",
        "host/docker.socket.d/mode.conf",
    ];
    let others = [
        "mydockerfile",
        "Dockerfiles/note.txt",
        "mycompose.yaml",
        "compose.json",
        "values.yaml",
        "package.json",
        "xdaemon.json",
        "host/nginx.service",
        "host/nginx.service.d/10.conf",
        "host/docker.service.d/note.txt",
        "10-flags.conf",
    ];
    let tree = tempfile::tempdir().unwrap();
    for name in ours.iter().chain(&others) {
        let path = tree.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        // What tells files apart that have a name in common with others'.
        let text = if name.contains("daemon.json") { "{\"icc\": false}\n" } else { "services: {}\n" };
        std::fs::write(path, text).unwrap();
    }
    let search = std::process::Command::new(env!("CARGO_BIN_EXE_plimsoll"))
        .args(["check", "--isolated", "--show-files"])
        .current_dir(tree.path())
        .output()
        .unwrap();
    let found = String::from_utf8(search.stdout).unwrap();
    let mut expected = ours.to_vec();
    expected.sort_unstable();
    assert_eq!(found.lines().collect::<Vec<_>>(), expected);
    let matched: Vec<&str> = ours.into_iter().chain(others).filter(|name| pattern.is_match(name)).collect();
    assert_eq!(matched, ours);
}

/// `tests/e2e/mirror.sh` without its part for pre-commit, which needs PyPI.
#[cfg(unix)]
#[test]
fn the_wheel_is_built_installed_and_run() {
    let works = |program: &str, args: &[&str]| {
        let output = std::process::Command::new(program).args(args).output();
        output.is_ok_and(|output| output.status.success())
    };
    for (program, args, what) in [
        ("bash", &["--version"] as &[&str], "bash"),
        ("maturin", &["--version"], "maturin"),
        ("python3", &["-c", "import ensurepip, venv"], "Python 3 with its module venv"),
    ] {
        if !works(program, args) {
            eprintln!("not tested: {what} is not installed");
            return;
        }
    }
    let output = std::process::Command::new("tests/e2e/mirror.sh")
        .arg("--wheel")
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let said = [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned());
    assert!(output.status.success(), "{}{}", said[0], said[1]);
}
