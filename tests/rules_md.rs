//! `rules.md` is what the rules say of themselves, with their fixtures as examples.

#[path = "rule_cases/texts.rs"]
#[allow(dead_code, reason = "only what a file is")]
mod texts;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use lint_core::fix::fix;
use lint_core::report::rules::markdown;
use lint_core::{Applicability, Category, Finding, Linter, NoFiles, RuleMeta, Settings, Source, rules};

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
            text.push_str(&fixed_example(rule));
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
            let language = match name.rsplit_once('.') {
                Some((_, "hcl")) => "hcl",
                Some((_, "yaml")) => "yaml",
                _ => "dockerfile",
            };
            let _ = write!(text, "\n{what}, `{name}`:\n\n```{language}\n{}\n```\n", example.trim_end());
        }
    }
    text
}

/// The first case of a rule that its fixes change, before and after: `bad-fix.*`, or else `bad.*`, or else another. The text
/// before is not repeated where the page has it.
fn fixed_example(rule: &RuleMeta) -> String {
    let folder = root().join("fixtures/rules").join(rule.name);
    let mut cases: Vec<PathBuf> =
        std::fs::read_dir(&folder).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    cases.retain(|case| case.is_file() && stem(case).starts_with("bad"));
    cases.sort_by_key(|case| (stem(case) != "bad-fix", stem(case) != "bad", case.clone()));
    let fixed = cases.iter().find_map(|case| {
        let name = case.file_name()?.to_string_lossy().into_owned();
        let (_, language) =
            EXAMPLES.iter().find(|(extension, _)| name.ends_with(&format!(".{extension}")))?;
        let before = std::fs::read_to_string(case).ok()?;
        Some((name, *language, fixed_text(rule, case, &before)?, before))
    });
    let Some((name, language, after, before)) = fixed else { return String::new() };
    let mut text = String::new();
    if stem(Path::new(&name)) != "bad" {
        let _ = write!(text, "\nFixed, from:\n\n```{language}\n{}\n```\n\nto:\n", before.trim_end());
    } else {
        text.push_str("\nFixed:\n");
    }
    let _ = write!(text, "\n```{language}\n{}\n```\n", after.trim_end());
    text
}

/// The name of a file up to its first dot.
fn stem(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.split('.').next().unwrap_or_default().to_owned()
}

/// What the fixes of a rule make of a case; `None` where they change nothing.
fn fixed_text(rule: &RuleMeta, case: &Path, before: &str) -> Option<String> {
    let name = case.file_name()?.to_string_lossy().into_owned();
    let kind = texts::kind(&name)?;
    let mut settings = Settings::default();
    settings.select = vec![rule.name.to_owned()];
    if rule.name.ends_with("-ignore") {
        settings.select.push("all".to_owned());
    }
    settings.today = "2030-01-01".parse().ok();
    let source = Source::new(name, kind, Some(before.to_owned()));
    let is_own = |finding: &Finding| finding.rule.name == rule.name;
    let fixed = fix(&Linter::new(settings), &[source], &NoFiles, Applicability::Unsafe, &is_own);
    fixed.files.into_iter().next().map(|file| file.after)
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
            if name.ends_with("Dockerfile") || name.ends_with(".yaml") || name.ends_with(".hcl") {
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
