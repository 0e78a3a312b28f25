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
        ("packaging/pre-commit-mirror/pyproject.toml", format!("\"plimsoll-lint=={VERSION}\"")),
        ("compose.yaml", format!("image: plimsoll:{VERSION}\n")),
        ("docs/ci.md", format!("plimsoll-lint/plimsoll@v{VERSION}\n")),
        ("docs/ci.md", format!("version: {VERSION}\n")),
        ("docs/ci.md", format!("plimsoll-lint/plimsoll/lint@{VERSION}\n")),
        ("docs/ci.md", format!("download/v{VERSION}/plimsoll-install.sh")),
        ("docs/ci.md", format!("plimsoll:{VERSION}-shell\n")),
        ("docs/install.md", format!("plimsoll_{VERSION}-1_amd64.deb")),
        ("docs/install.md", format!("download/v{VERSION}/plimsoll-install.ps1")),
        ("docs/rule-sets.md", format!("rules-as-of: {VERSION}\n")),
        ("docs/configuration.md", format!("rules-as-of: {VERSION}\n")),
        ("README.md", format!("download/v{VERSION}/plimsoll-install.sh")),
        ("packaging/container/shell.Dockerfile", format!("ARG VERSION={VERSION}\n")),
        ("action.yml", format!("default: {VERSION}\n")),
        ("packaging/gitlab/job.yml", format!("PLIMSOLL_VERSION: {VERSION}\n")),
        ("packaging/gitlab/component/templates/lint/template.yml", format!("default: {VERSION}\n")),
        ("packaging/megalinter/plimsoll.megalinter-descriptor.yml", format!("PLIMSOLL_VERSION={VERSION} ")),
        ("packaging/trunk/plugin.yaml", format!("known_good_version: {VERSION}\n")),
        ("docs/editors.md", format!("plimsoll-{VERSION}.vsix\n")),
        ("editors/vscode/package.json", format!("\"version\": \"{VERSION}\"")),
        ("packaging/wasm/package/package.json", format!("\"version\": \"{VERSION}\"")),
        ("editors/zed/extension.toml", format!("version = \"{VERSION}\"")),
        ("editors/emacs/plimsoll.el", format!(";; Version: {VERSION}\n")),
    ] {
        assert!(read(file).contains(&text), "{file} lacks {text:?}");
    }
}

/// crates.io shows the README, and both licences ask to travel with the code.
#[test]
fn every_crate_carries_its_readme_and_the_licences() {
    for library in ["lint-parser", "lint-core", "lint-disk", "lint-lsp", "lint-cli", "lint-wasm"] {
        for licence in ["LICENSE-MIT", "LICENSE-APACHE"] {
            assert_eq!(read(&format!("crates/{library}/{licence}")), read(licence), "{library}");
        }
        assert!(read(&format!("crates/{library}/README.md")).starts_with(&format!("# {library}\n")));
        // npm has that one.
        let is_published = library != "lint-wasm";
        assert!(
            !is_published
                || read("Cargo.toml").contains(&format!(
                    "{library} = {{ path = \"crates/{library}\", version = \"{VERSION}\" }}"
                ))
        );
    }
}

/// What makes JavaScript of the module must be of the version that the module was compiled with.
#[test]
fn the_bindings_are_of_one_version() {
    let of_crate = read("crates/lint-wasm/Cargo.toml");
    let version = of_crate.split_once("wasm-bindgen = \"=").unwrap().1.split_once('"').unwrap().0.to_owned();
    for (file, text) in [
        ("packaging/wasm/bindgen/Cargo.toml", format!("wasm-bindgen-cli-support = \"={version}\"")),
        (
            "packaging/wasm/bindgen/Cargo.lock",
            format!("name = \"wasm-bindgen-cli-support\"\nversion = \"{version}\""),
        ),
        ("Cargo.lock", format!("name = \"wasm-bindgen\"\nversion = \"{version}\"")),
    ] {
        assert!(read(file).contains(&text), "{file} lacks {text:?}");
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

fn has_python() -> bool {
    let works =
        std::process::Command::new("python3").arg("--version").output().is_ok_and(|o| o.status.success());
    if !works {
        eprintln!("not tested: Python 3 is not installed");
    }
    works
}

/// `packaging/release/release.py` around a program that only says so; this one writes the completions.
#[cfg(unix)]
#[test]
fn packages_are_the_same_every_time_and_hold_what_they_should() {
    if !has_python() {
        return;
    }
    let directory = tempfile::tempdir().unwrap();
    let program = directory.path().join("plimsoll");
    std::fs::write(&program, "#!/bin/sh\necho a program\n").unwrap();
    let program = program.to_str().unwrap();
    let target = "x86_64-unknown-linux-musl";
    let release = |out: &str, arguments: &[&str]| {
        let out = directory.path().join(out);
        let out = out.to_str().unwrap();
        let arguments = arguments.iter().map(|argument| if *argument == "OUT" { out } else { argument });
        let output = std::process::Command::new("python3")
            .arg("packaging/release/release.py")
            .args(arguments)
            .env("HOST_PROGRAM", env!("CARGO_BIN_EXE_plimsoll"))
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
    };
    let pair = format!("{target}={program}");
    for out in ["one", "two"] {
        release(out, &["archive", target, program, "OUT"]);
        release(out, &["archive", "x86_64-pc-windows-msvc", program, "OUT"]);
        release(out, &["wheel", target, program, "OUT"]);
        release(out, &["deb", target, program, "OUT"]);
        release(out, &["npm", "OUT", &pair]);
        release(out, &["image", "OUT", &pair]);
        release(out, &["sums", "OUT"]);
    }
    let sums = |out: &str| std::fs::read_to_string(directory.path().join(out).join("SHA256SUMS")).unwrap();
    assert_eq!(sums("one"), sums("two"));
    for name in [
        "plimsoll-x86_64-pc-windows-msvc.zip",
        "plimsoll-x86_64-unknown-linux-musl.tar.gz",
        &format!("plimsoll_{VERSION}-1_amd64.deb"),
        &format!("plimsoll-{VERSION}.tgz"),
        &format!("plimsoll-cli-linux-x64-{VERSION}.tgz"),
        "plimsoll-image-amd64.tar",
        &format!(
            "plimsoll_lint-{VERSION}-py3-none-manylinux2014_x86_64.manylinux_2_17_x86_64.musllinux_1_2_x86_64.whl"
        ),
    ] {
        assert!(sums("one").contains(&format!("  {name}\n")), "{name}: {}", sums("one"));
    }
    let image = std::fs::read_to_string(directory.path().join("one/image/index.json")).unwrap();
    assert!(image.contains(VERSION), "{image}");
    // The installer of these knows what they are.
    release("one", &["installers", "OUT"]);
    let installer = std::fs::read_to_string(directory.path().join("one/plimsoll-install.sh")).unwrap();
    let line = sums("one").lines().find(|line| line.ends_with("musl.tar.gz")).map(str::to_owned).unwrap();
    assert!(installer.contains(&line) && !installer.contains("@SUMS@") && !installer.contains("@VERSION@"));
}

/// A page for each rule and each file of docs/, and no link that leads nowhere.
#[test]
fn the_site_is_built() {
    if !has_python() {
        return;
    }
    let directory = tempfile::tempdir().unwrap();
    let output = std::process::Command::new("python3")
        .args(["packaging/site/build.py", "--program", env!("CARGO_BIN_EXE_plimsoll")])
        .arg(directory.path().join("site"))
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let page = std::fs::read_to_string(directory.path().join("site/rules/root-user.html")).unwrap();
    for said in ["DL3002", "What Plimsoll says of it", "plimsoll: ignore[root-user]"] {
        assert!(page.contains(said), "{said}");
    }
    assert!(directory.path().join("site/rules/CKV_DOCKER_3.html").exists());
}
