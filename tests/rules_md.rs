//! `rules.md` is what the rules say of themselves, with their fixtures as examples.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use lint_core::report::rules::markdown;
use lint_core::{Category, RuleMeta, rules};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn rules_md_is_up_to_date() {
    let path = root().join("rules.md");
    let rendered = render();
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&path, &rendered).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(written == rendered, "rules.md is stale; run: BLESS=1 cargo test --test rules_md");
}

fn render() -> String {
    let mut text = String::from(
        "# Rules\n\n<!-- Generated from the rules and their fixtures: BLESS=1 cargo test --test rules_md -->\n\n\
         CIS numbers are those of the CIS Docker Benchmark 1.8.0; where an older version has another number, that stands \
         beside it.\n",
    );
    for category in Category::ALL.iter().copied() {
        let rules: Vec<_> = rules::catalogue().into_iter().filter(|r| r.category == category).collect();
        if rules.is_empty() {
            continue;
        }
        let _ = write!(
            text,
            "\n## {}\n\n| rule | severity | profile | what it finds |\n|---|---|---|---|\n",
            title(category)
        );
        for rule in &rules {
            let _ = writeln!(
                text,
                "| [{0}](#{0}) | {1} | {2} | {3} |",
                rule.name,
                rule.severity,
                rule.profile.name(),
                rule.summary().replace('|', "\\|"),
            );
        }
        for rule in rules {
            let _ = write!(text, "\n{}", markdown(rule, 3));
            text.push_str(&examples(rule));
        }
    }
    text
}

fn title(category: Category) -> String {
    let name = category.name().replace('-', " ");
    let mut chars = name.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// What the files of a canonical pair may be, and the language their text is shown in.
const EXAMPLES: [(&str, &str); 5] = [
    ("Dockerfile", "dockerfile"),
    ("compose.yaml", "yaml"),
    ("daemon.json", "json"),
    ("docker.service", "ini"),
    ("docker.socket", "ini"),
];

/// The canonical pair of a rule: `bad.*` and `good.*`, or folders of those names.
fn examples(rule: &RuleMeta) -> String {
    let mut text = String::new();
    for (stem, what) in [("bad", "Flagged"), ("good", "Not flagged")] {
        let folder = root().join("fixtures/rules").join(rule.name);
        for (extension, language) in EXAMPLES {
            if let Ok(example) = std::fs::read_to_string(folder.join(format!("{stem}.{extension}"))) {
                let _ = write!(text, "\n{what}:\n\n```{language}\n{}\n```\n", example.trim_end());
            }
        }
        for (name, example) in files(&folder.join(stem)) {
            let language = if name.ends_with("Dockerfile") { "dockerfile" } else { "yaml" };
            let _ = write!(text, "\n{what}, `{name}`:\n\n```{language}\n{}\n```\n", example.trim_end());
        }
    }
    text
}

/// The Compose files and Dockerfiles below a folder, by path relative to it; nothing without the folder.
fn files(folder: &Path) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(path) = open.pop() {
        if let Ok(entries) = std::fs::read_dir(&path) {
            open.extend(entries.flatten().map(|entry| entry.path()));
        } else if let (Ok(name), Ok(text)) = (path.strip_prefix(folder), std::fs::read_to_string(&path)) {
            let name = name.to_string_lossy().replace('\\', "/");
            if name.ends_with("Dockerfile") || name.ends_with(".yaml") {
                files.insert(name, text);
            }
        }
    }
    files
}

#[test]
fn rules_keep_their_word() {
    let mut names = std::collections::HashSet::new();
    for rule in rules::catalogue() {
        let name = rule.name;
        assert!(names.insert(name), "two rules are called {name}");
        let kebab = name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        assert!(kebab, "{name} is not kebab-case");
        for prefix in ["no-", "require-"] {
            assert!(!name.starts_with(prefix), "{name} names the remedy; name the fault");
        }
        let file = rule.source_file();
        assert!(root().join(&file).is_file(), "{name}, of {}, is not in {file}", rule.category.name());
        assert!(rule.docs.contains("## Why\n"), "{name} does not say why");
        assert!(rule.docs.contains("## Instead\n"), "{name} does not say what to do instead");
        assert!(
            !rule.summary().is_empty() && rule.summary().len() < 120,
            "{name}: the summary is one short line"
        );
        assert!(
            !rule.category.is_security() || !rule.stride.is_empty(),
            "{name} guards against an attacker and names no threat"
        );
    }
}

#[test]
fn every_rule_file_is_listed() {
    let listed: Vec<_> = rules::catalogue().iter().map(|rule| root().join(rule.source_file())).collect();
    let folder = root().join("crates/lint-core/src/rules");
    for group in std::fs::read_dir(folder).unwrap().flatten().filter(|entry| entry.path().is_dir()) {
        for file in std::fs::read_dir(group.path()).unwrap().flatten() {
            assert!(listed.contains(&file.path()), "{} is not listed in its group", file.path().display());
        }
    }
}

#[test]
fn every_fixture_folder_belongs_to_a_rule() {
    let names: Vec<_> = rules::catalogue().iter().map(|rule| rule.name).collect();
    for folder in std::fs::read_dir(root().join("fixtures/rules")).unwrap().flatten() {
        let name = folder.file_name().to_string_lossy().into_owned();
        assert!(names.contains(&name.as_str()), "fixtures/rules/{name} belongs to no rule");
    }
}
