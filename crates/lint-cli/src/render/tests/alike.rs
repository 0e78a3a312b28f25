//! Findings that are told together.

use super::*;

#[test]
fn findings_that_differ_in_their_service_only_are_shown_once() {
    let file = SourceFile::new("compose.yaml", "x-common: &common\n  privileged: true\n");
    let findings = |messages: [&str; 3]| {
        ["api", "db", "web"]
            .into_iter()
            .zip(messages)
            .map(|(service, message)| {
                let mut finding = finding(&file, "true");
                finding.service = Some(service.to_owned());
                finding.message = message.to_owned();
                finding
            })
            .collect::<Vec<_>>()
    };
    insta::assert_snapshot!(show_in(UTF8, findings(["it is privileged"; 3])), @r"
     critical: it is privileged [privileged-service]
      ╭─[compose.yaml:2:15]
    1 │ x-common: &common
    2 │   privileged: true
      ·               ────
      ╰────
     note: it applies to services `api`, `db` and `web`
     help: mend it
     docs: https://github.com/plimsoll-lint/plimsoll/blob/main/rules.md#privileged-service
     │ (elevation of privilege; CIS 5.5)
    ");
    let named = show_in(UTF8, findings(["`api` is privileged", "`db` is privileged", "`web` is privileged"]));
    assert!(named.contains("note: the same goes for services `db` and `web`\n"), "{named}");
    assert_eq!(named.matches("is privileged [").count(), 1, "{named}");
}

#[test]
fn what_services_lack_is_one_thing_and_counted_for_each_rule() {
    let text =
        "services:\n  api:\n    image: a\n  web:\n    image: a\n  db:\n    image: a\n    read_only: true\n";
    let report = Linter::default().lint(&[Source::compose("compose.yaml", text)]);
    let mut findings = report.findings;
    let rules = ["new-privileges-allowed", "writable-root-filesystem"];
    findings.retain(|finding| rules.contains(&finding.rule.name));
    insta::assert_snapshot!(show_as(Look { terminal: UTF8, accessible: false, docs: DocsChoice::Auto, summary: true, fixable: Fixable::default(), sort: None, group_by: None }, findings), @r"
      low: `api` and 1 other service lack 2 settings that would contain them
       ╭─[compose.yaml:2:3]
     1 │ services:
     2 │   api:
       ·   ───
     3 │     image: a
       ╰────
      note: processes in this container can gain new privileges:
      │ `no-new-privileges` is not set [new-privileges-allowed] (low)
      note: the container's root file system is writable: `read_only` is not set;
      │ `db` sets it [writable-root-filesystem] (low)
      note: the same goes for service `web`
      help: add what the program can live with, such as, below `api:`
              security_opt:
                - no-new-privileges=true
              read_only: true
      docs: https://github.com/plimsoll-lint/plimsoll/blob/main/rules.md#new-privileges-allowed
      │ (elevation of privilege; CIS 5.26)
      docs: https://github.com/plimsoll-lint/plimsoll/blob/main/rules.md#writable-root-filesystem
      │ (tampering; CIS 5.13)

      low: processes in this container can gain new privileges:
      │ `no-new-privileges` is not set [new-privileges-allowed]
       ╭─[compose.yaml:6:3]
     5 │     image: a
     6 │   db:
       ·   ──
     7 │     image: a
       ╰────
      help: add `no-new-privileges=true` to `security_opt`
      fix: Set `no-new-privileges=true` (--fix --unsafe-fixes)

    Found 5 problems (5 low) in 1 file, shown as 2; 2 files checked.
    ");
}

#[test]
fn lines_below_one_key_are_added_to_it() {
    let text = "services:\n  api:\n    image: a\n    deploy: {resources: {limits: {memory: 5g}}}\n";
    let mut settings = lint_core::Settings::default();
    settings.profile = lint_core::RunProfile::Strict;
    let mut findings = Linter::new(settings).lint(&[Source::compose("compose.yaml", text)]).findings;
    findings.retain(|finding| finding.rule.name.starts_with("unlimited-"));
    let shown = show_in(UTF8, findings);
    let lines = "deploy:\n  resources:\n    limits:\n      cpus: \"1.0\"\n      pids: 200\n";
    let lines: String = lines.lines().map(|line| format!("          {line}\n")).collect();
    assert!(shown.contains(&lines), "{shown}");
}
