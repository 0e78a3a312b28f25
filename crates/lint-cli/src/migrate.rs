//! Other linters' configuration files as ours.
//!
//! What has no counterpart becomes a comment that says so: nobody should believe that a setting was taken over
//! which was not.

mod kubernetes;

mod policies;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use lint_core::settings::NamePattern;
use lint_core::syntax::yaml;
use lint_core::syntax::yaml::node::{Node, NodeKind};
use lint_core::{Profile, rules};

use crate::migrate::policies::{labels, strict_labels, trusted};

/// Whose configuration a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tool {
    Hadolint,
    Dclint,
    ComposeLint,
    KubeLinter,
    Polaris,
    Checkov,
}

/// Our configuration file for another's.
///
/// # Errors
/// When the file is not one of those that are understood, with the reason.
pub(crate) fn migrate(file_name: &str, text: &str) -> Result<String, String> {
    let parsed = yaml::parse(text);
    if let Some(error) = parsed.errors.first() {
        return Err(error.message.clone());
    }
    let root = parsed.tree.documents.into_iter().next().and_then(|document| document.root);
    let entries = root.as_ref().map(entries).unwrap_or_default();
    let tool = tool(file_name, &entries)
        .ok_or("not a configuration file of hadolint, dclint, compose-lint, kube-linter, Polaris or Checkov that is known here")?;
    let mut ours = Ours { nearest: nearest(tool), ..Ours::default() };
    if tool == Tool::Hadolint {
        strict_labels(&entries, &mut ours);
    }
    for (key, value) in entries {
        match tool {
            Tool::Hadolint => hadolint(key, value, &mut ours),
            Tool::Dclint => dclint(key, value, &mut ours),
            Tool::ComposeLint => compose_lint(key, value, &mut ours),
            Tool::KubeLinter => kubernetes::kube_linter(key, value, &mut ours),
            Tool::Polaris => kubernetes::polaris(key, value, &mut ours),
            Tool::Checkov => kubernetes::checkov(key, value, &mut ours),
        }
    }
    Ok(ours.write(file_name))
}

fn tool(file_name: &str, entries: &[(&str, &Node)]) -> Option<Tool> {
    let name = file_name.to_ascii_lowercase();
    if name.contains("hadolint") {
        Some(Tool::Hadolint)
    } else if name.contains("dclint") {
        Some(Tool::Dclint)
    } else if name.contains("compose-lint") {
        Some(Tool::ComposeLint)
    } else if ["kube-linter", "kubelinter"].iter().any(|own| name.contains(own)) {
        Some(Tool::KubeLinter)
    } else if name.contains("polaris") {
        Some(Tool::Polaris)
    } else if name.contains("checkov") {
        Some(Tool::Checkov)
    } else {
        let has = |known: &[&str]| entries.iter().any(|(key, _)| known.contains(key));
        has(&["ignored", "trustedRegistries", "failure-threshold"]).then_some(Tool::Hadolint)
    }
}

/// What our file will say.
#[derive(Default)]
struct Ours {
    /// Keys with a single value.
    plain: BTreeMap<&'static str, String>,
    ignore: Vec<(String, Option<String>)>,
    severity: BTreeMap<String, &'static str>,
    /// By service: the rules, and why.
    services: BTreeMap<String, Vec<(String, Option<String>)>>,
    lists: BTreeMap<&'static str, Vec<String>>,
    /// What the other tool checks by its own settings, as policies: keys with values.
    policies: Vec<Vec<(&'static str, String)>>,
    lost: Vec<String>,
    /// What the profiles leave out of what the other tool finds, in lines.
    nearest: Vec<String>,
}

impl Ours {
    /// Whether a rule of ours is known by the name; if not, it is told.
    fn knows(&mut self, name: &str) -> bool {
        let known = !rules::find(name).is_empty();
        if !known {
            self.lost.push(format!("{name}: no rule here decides this"));
        }
        known
    }

    fn lose(&mut self, key: &str, why: &str) {
        self.lost.push(format!("{key}: {why}"));
    }

    fn write(self, file_name: &str) -> String {
        let mut text = format!("# Taken over from {}.\n", comment(file_name));
        for (key, value) in &self.plain {
            let _ = writeln!(text, "{key}: {value}");
        }
        for (key, values) in self.lists.iter().filter(|(_, values)| !values.is_empty()) {
            let _ = writeln!(text, "{key}:");
            for value in values {
                let _ = writeln!(text, "  - {}", quoted(value));
            }
        }
        if !self.policies.is_empty() {
            text.push_str("policies:\n");
            for policy in &self.policies {
                for (at, (key, value)) in policy.iter().enumerate() {
                    let dash = if at == 0 { "- " } else { "  " };
                    let _ = writeln!(text, "  {dash}{key}: {}", quoted(value));
                }
            }
        }
        let explained = |reason: &Option<String>| {
            reason.as_ref().map(|reason| format!("  # {}", comment(reason))).unwrap_or_default()
        };
        if !self.ignore.is_empty() {
            text.push_str("ignore:\n");
            for (name, reason) in &self.ignore {
                let _ = writeln!(text, "  - {}{}", quoted(name), explained(reason));
            }
        }
        if !self.severity.is_empty() {
            text.push_str("severity:\n");
            for (name, severity) in &self.severity {
                let _ = writeln!(text, "  {}: {severity}", quoted(name));
            }
        }
        if !self.services.is_empty() {
            text.push_str("per-service-ignores:\n");
            for (service, rules) in &self.services {
                let _ = writeln!(text, "  {}:", quoted(service));
                for (name, reason) in rules {
                    let _ = writeln!(text, "    - {}{}", quoted(name), explained(reason));
                }
            }
        }
        if !self.nearest.is_empty() {
            text.push('\n');
            for line in &self.nearest {
                let _ = writeln!(text, "# {line}");
            }
        }
        if !self.lost.is_empty() {
            text.push_str("\n# Not taken over:\n");
            for lost in &self.lost {
                let _ = writeln!(text, "#   {}", comment(lost));
            }
        }
        text
    }
}

impl Tool {
    /// Its name, and the kind of the references to its rules.
    fn name(self) -> &'static str {
        match self {
            Tool::Hadolint => "hadolint",
            Tool::Dclint => "dclint",
            Tool::ComposeLint => "compose-lint",
            Tool::KubeLinter => "kube-linter",
            Tool::Polaris => "polaris",
            Tool::Checkov => "checkov",
        }
    }
}

/// Which profile finds most of what another tool does: `default` has what nobody would want to ship, and the other's rules may lie
/// beyond it.
fn nearest(tool: Tool) -> Vec<String> {
    let name = tool.name();
    let of_profile = |wanted: Profile| {
        let rules = rules::catalogue().into_iter().filter(|rule| rule.profile == wanted);
        let named = rules.filter_map(|rule| {
            let theirs = rule.references.iter().filter(|reference| reference.kind() == name);
            let theirs: Vec<String> = theirs.map(|reference| reference.id()).collect();
            (!theirs.is_empty()).then(|| format!("{} ({})", rule.name, theirs.join(", ")))
        });
        let mut found: Vec<String> = named.collect();
        found.sort();
        found
    };
    let mut lines = Vec::new();
    let (strict, opt_in) = (of_profile(Profile::Strict), of_profile(Profile::OptIn));
    if strict.is_empty() && opt_in.is_empty() {
        return vec![format!(
            "The profile nearest to {name} is `default`: it has every rule that {name} shares with it."
        )];
    }
    lines.push(format!(
        "The profile nearest to {name} is `strict`; `default` leaves out what fails too many builds."
    ));
    for (list, what) in
        [(strict, "`profile: strict` adds"), (opt_in, "Only `extend-select`, or a severity, adds")]
    {
        if !list.is_empty() {
            lines.push(format!("{what}:"));
            lines.extend(list.iter().map(|entry| format!("  {entry}")));
        }
    }
    lines
}

fn hadolint(key: &str, value: &Node, ours: &mut Ours) {
    match key {
        "ignored" => {
            for name in texts(value) {
                if ours.knows(name) {
                    ours.ignore.push((name.to_owned(), None));
                }
            }
        }
        "trustedRegistries" => {
            let is_known = |name: &&str| !name.strip_prefix("*.").unwrap_or(name).contains('*');
            let (names, patterns): (Vec<_>, Vec<_>) = texts(value).into_iter().partition(is_known);
            if patterns.is_empty() {
                ours.lists.insert("trusted-registries", names.into_iter().map(str::to_owned).collect());
            } else {
                ours.policies.push(trusted(names.into_iter().chain(patterns)));
            }
        }
        "override" => {
            for (level, names) in entries(value) {
                let Some(severity) = level_severity(level) else {
                    ours.lose(&format!("override.{level}"), "no such level");
                    continue;
                };
                for name in texts(names) {
                    if ours.knows(name) {
                        ours.severity.insert(name.to_owned(), severity);
                    }
                }
            }
        }
        "failure-threshold" => match text(value) {
            Some("ignore" | "none") => drop(ours.plain.insert("fail-on", "never".to_owned())),
            level => match level.and_then(level_severity) {
                // What was asked for with `no-fail` counts more, wherever it stands.
                Some(severity) => {
                    ours.plain.entry("fail-on").or_insert_with(|| severity.to_owned());
                }
                None => ours.lose(key, "no such level"),
            },
        },
        "no-fail" if is_true(value) => drop(ours.plain.insert("fail-on", "never".to_owned())),
        "disable-ignore-pragma" if is_true(value) => {
            ours.plain.insert("suppressions", "{ allow-inline: false }".to_owned());
        }
        "no-fail" | "disable-ignore-pragma" => {}
        "format" => ours.lose(key, "pass --output-format, or set PLIMSOLL_OUTPUT_FORMAT"),
        "no-color" => ours.lose(key, "pass --color never, or set NO_COLOR"),
        "label-schema" => labels(value, ours),
        "strict-labels" => {}
        _ => ours.lose(key, "not known here"),
    }
}

fn dclint(key: &str, value: &Node, ours: &mut Ours) {
    match key {
        "rules" => {
            for (name, level) in entries(value) {
                let (level, has_options) = match &level.kind {
                    NodeKind::Sequence(items) => (items.first().and_then(text), items.len() > 1),
                    _ => (text(level), false),
                };
                if !ours.knows(name) {
                    continue;
                }
                match level {
                    Some("0") => ours.ignore.push((name.to_owned(), None)),
                    Some("1") => drop(ours.severity.insert(name.to_owned(), "medium")),
                    Some("2") => drop(ours.severity.insert(name.to_owned(), "high")),
                    _ => ours.lose(&format!("rules.{name}"), "no such level"),
                }
                if has_options {
                    ours.lose(&format!("rules.{name}"), "its options have no counterpart");
                }
            }
        }
        "exclude" => {
            ours.lists.insert("exclude", texts(value).into_iter().map(str::to_owned).collect());
        }
        "quiet" | "debug" => ours.lose(key, "pass --quiet or --verbose"),
        _ => ours.lose(key, "not known here"),
    }
}

fn compose_lint(key: &str, value: &Node, ours: &mut Ours) {
    if key != "rules" {
        ours.lose(key, "not known here");
        return;
    }
    for (name, settings) in entries(value) {
        if !ours.knows(name) {
            continue;
        }
        let settings = entries(settings);
        let reason = settings.iter().find(|(key, _)| *key == "reason").and_then(|(_, value)| text(value));
        for (key, value) in &settings {
            match *key {
                "enabled" if text(value) == Some("false") => {
                    ours.ignore.push((name.to_owned(), reason.map(str::to_owned)));
                }
                "enabled" | "reason" => {}
                "severity" => match text(value).and_then(severity) {
                    Some(severity) => drop(ours.severity.insert(name.to_owned(), severity)),
                    None => ours.lose(&format!("rules.{name}.severity"), "no such severity"),
                },
                "exclude_services" => {
                    let explained = entries(value).into_iter().map(|(service, why)| (service, text(why)));
                    let plain = texts(value).into_iter().map(|service| (service, None));
                    for (service, why) in explained.chain(plain) {
                        // A service's name is no pattern.
                        let service = NamePattern::escape(service);
                        let why = why.filter(|why| !why.is_empty()).map(str::to_owned);
                        ours.services.entry(service).or_default().push((name.to_owned(), why));
                    }
                }
                other => ours.lose(&format!("rules.{name}.{other}"), "not known here"),
            }
        }
    }
}

/// hadolint's levels, by the severity that shows as that level.
fn level_severity(level: &str) -> Option<&'static str> {
    match level {
        "error" => Some("high"),
        "warning" => Some("medium"),
        "info" => Some("low"),
        "style" => Some("style"),
        _ => None,
    }
}

fn severity(name: &str) -> Option<&'static str> {
    ["critical", "high", "medium", "low"].into_iter().find(|severity| severity.eq_ignore_ascii_case(name))
}

fn text(node: &Node) -> Option<&str> {
    match &node.kind {
        NodeKind::Scalar(scalar) => Some(scalar.text.text()),
        _ => None,
    }
}

fn is_true(node: &Node) -> bool {
    matches!(text(node), Some("true" | "True" | "TRUE" | "yes" | "on"))
}

fn texts(node: &Node) -> Vec<&str> {
    match &node.kind {
        NodeKind::Sequence(items) => items.iter().filter_map(text).collect(),
        _ => Vec::new(),
    }
}

fn entries(node: &Node) -> Vec<(&str, &Node)> {
    match &node.kind {
        NodeKind::Mapping(entries) => {
            entries.iter().filter_map(|entry| Some((text(&entry.key)?, &entry.value))).collect()
        }
        _ => Vec::new(),
    }
}

/// As YAML: plain where nobody can take it for anything else.
fn quoted(text: &str) -> String {
    let plain = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/'))
        && !["true", "false", "null", "yes", "no", "on", "off"].contains(&text.to_ascii_lowercase().as_str());
    if plain { text.to_owned() } else { serde_json::Value::from(text).to_string() }
}

/// Text of the other file on one line of a comment.
fn comment(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    lint_core::report::concise::printable(&words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_a_counterpart_is_taken_over_and_the_rest_is_told() {
        let text = "ignored: [DL1000, DL9999]\ntrustedRegistries: ['*.gcr.io', 'mirror-*.example', docker.io]\noverride:\n  error: [DL1000]\n  fatal: [x]\nfailure-threshold: warning\nformat: json\ndisable-ignore-pragma: true\n";
        insta::assert_snapshot!(migrate(".hadolint.yaml", text).unwrap(), @r#"
        # Taken over from .hadolint.yaml.
        fail-on: medium
        suppressions: { allow-inline: false }
        policies:
          - name: trusted-registries
            for: image
            require: "image.built || image.scratch || image.registry.matches('^([^/]*\\\\.gcr\\\\.io|docker\\\\.io|mirror-[^/]*\\\\.example)$')"
            message: "`{image.reference}` does not come from a trusted registry"
            severity: high
        ignore:
          - DL1000
        severity:
          DL1000: high

        # The profile nearest to hadolint is `strict`; `default` leaves out what fails too many builds.
        # `profile: strict` adds:
        #   apt-in-script (DL3027)
        #   constant-platform (DL3029)
        #   extracted-archive (DL3010)
        #   invalid-label-value (DL3051, DL3052, DL3053, DL3054)
        #   missing-healthcheck (DL3057)
        #   non-numeric-user (DL3066)
        #   package-cache-in-layer (DL3009, DL3019, DL3032, DL3036, DL3040, DL3042, DL3060)
        #   pipe-without-pipefail (DL4006)
        #   recommended-packages (DL3015)
        #   redundant-platform (DL3065)
        #   relative-copy-destination (DL3045)
        #   secret-like-name (DL3064)
        #   unpinned-package (DL3013, DL3016, DL3028, DL3062)
        # Only `extend-select`, or a severity, adds:
        #   cd-instead-of-workdir (DL3003)
        #   consecutive-runs (DL3059)
        #   curl-and-wget-installed (DL4001)
        #   invalid-label-key (DL3048)
        #   package-upgrade (DL3005, DL3017, DL3031, DL3035, DL3039)
        #   unpinned-system-package (DL3008, DL3018, DL3033, DL3037, DL3041)
        #   untrusted-registry (DL3026)
        #   wget-progress-bar (DL3047)

        # Not taken over:
        #   DL9999: no rule here decides this
        #   override.fatal: no such level
        #   format: pass --output-format, or set PLIMSOLL_OUTPUT_FORMAT
        "#);
        let text = r#"{"rules": {"invalid-yaml": 0, "invalid-schema": [2, {"a": 1}], "x": 1}, "exclude": ["a b"], "quiet": true}"#;
        insta::assert_snapshot!(migrate(".dclintrc.json", text).unwrap(), @r#"
        # Taken over from .dclintrc.json.
        exclude:
          - "a b"
        ignore:
          - invalid-yaml
        severity:
          invalid-schema: high

        # The profile nearest to dclint is `strict`; `default` leaves out what fails too many builds.
        # `profile: strict` adds:
        #   port-on-all-interfaces (no-unbound-port-interfaces)

        # Not taken over:
        #   rules.invalid-schema: its options have no counterpart
        #   x: no rule here decides this
        #   quiet: pass --quiet or --verbose
        "#);
        let text = "rules:\n  CL-0002: {enabled: false, reason: \"a\\nb\"}\n  CL-0007:\n    severity: low\n    exclude_services: {db: why, 'w*': ''}\nextra: 1\n";
        insta::assert_snapshot!(migrate(".compose-lint.yml", text).unwrap(), @r#"
        # Taken over from .compose-lint.yml.
        ignore:
          - CL-0002  # a b
        severity:
          CL-0007: low
        per-service-ignores:
          db:
            - CL-0007  # why
          "w[*]":
            - CL-0007

        # The profile nearest to compose-lint is `strict`; `default` leaves out what fails too many builds.
        # `profile: strict` adds:
        #   image-without-digest (CL-0019)
        #   port-on-all-interfaces (CL-0005)
        #   undropped-capabilities (CL-0006)

        # Not taken over:
        #   extra: not known here
        "#);
        for text in [text, "", "[]", "rules: [a]"] {
            for name in [".hadolint.yaml", ".dclintrc", ".compose-lint.yml"] {
                let ours = migrate(name, text).unwrap();
                assert!(lint_core::config::read(&ours).is_ok(), "{ours}");
            }
        }
        assert!(migrate("x.yaml", "a: 1").is_err() && migrate(".dclintrc", "{").is_err());
    }
}
