//! What a comment silences, and what it does not.

use std::collections::BTreeMap;

use lint_core::{Linter, Settings, Source};

/// The rules found, with their lines.
fn found(sources: &[Source], files: &[(&str, &str)], select: &[&str]) -> Vec<String> {
    let mut settings = Settings::default();
    settings.select = select.iter().map(|name| (*name).to_owned()).collect();
    let files: BTreeMap<String, String> =
        files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    let report = Linter::new(settings).lint_with(sources, &files);
    assert_eq!(report.failures, []);
    let line = |f: &lint_core::Finding| f.file().line(f.span().start());
    report.findings().iter().map(|f| format!("{}:{} {}", f.file().name(), line(f), f.rule().name)).collect()
}

fn compose(text: &str) -> Vec<String> {
    found(&[Source::compose("compose.yaml", text)], &[], &["privileged-service", "hygiene"])
}

fn dockerfile(text: &str) -> Vec<String> {
    found(&[Source::dockerfile("Dockerfile", text)], &[], &["root-user", "missing-user", "hygiene"])
}

#[test]
fn a_trailing_comment_covers_the_node_that_begins_on_its_line() {
    let silent = [
        "services:\n  a:\n    image: x:1\n    privileged: true # plimsoll: ignore[privileged-service] why\n",
        "services:\n  a: # plimsoll: ignore[privileged-service]\n    image: x:1\n    privileged: true\n",
        "services: # plimsoll: ignore[privileged-service]\n  a: { image: x:1, privileged: true }\n",
        "services:\n  a: { image: x:1, privileged: true } # plimsoll: ignore[privileged-service]\n",
    ];
    for text in silent {
        assert_eq!(compose(text), Vec::<String>::new(), "{text}");
    }
    let elsewhere =
        "services:\n  a:\n    image: x:1 # plimsoll: ignore[privileged-service]\n    privileged: true\n";
    assert_eq!(compose(elsewhere), ["compose.yaml:3 unused-ignore", "compose.yaml:4 privileged-service"]);
}

#[test]
fn a_comment_alone_covers_the_next_node_and_its_children() {
    let silent = [
        "services:\n  # plimsoll: ignore[privileged-service]\n  a:\n    image: x:1\n    privileged: true\n",
        "services:\n  a:\n    image: x:1\n    # plimsoll: ignore[privileged-service]\n\n    # another\n    privileged: true\n",
        "# plimsoll: ignore-file[privileged-service]\nservices:\n  a: { image: x:1, privileged: true }\n",
        "# plimsoll: ignore[CL-0002]\nservices:\n  a: { image: x:1, privileged: true }\n",
    ];
    for text in silent {
        assert_eq!(compose(text), Vec::<String>::new(), "{text}");
    }
    let other = "services:\n  # plimsoll: ignore[privileged-service]\n  a: { image: x:1 }\n  b: { image: x:1, privileged: true }\n";
    assert_eq!(compose(other), ["compose.yaml:2 unused-ignore", "compose.yaml:4 privileged-service"]);
}

#[test]
fn a_comment_where_a_shared_value_is_used_silences_that_use_alone() {
    let text = "x-p: &p\n  privileged: true\nservices:\n  a:\n    image: x:1\n    <<: *p # plimsoll: ignore[privileged-service]\n  b:\n    image: x:1\n    <<: *p\n";
    assert_eq!(compose(text), ["compose.yaml:2 privileged-service"]);
    let at_the_source = "x-p: &p\n  # plimsoll: ignore[privileged-service]\n  privileged: true\nservices:\n  a:\n    image: x:1\n    <<: *p\n  b:\n    image: x:1\n    <<: *p\n";
    assert_eq!(compose(at_the_source), Vec::<String>::new());
}

#[test]
fn text_that_looks_like_a_comment_is_text() {
    let block = "services:\n  a:\n    image: x:1\n    command: |\n      # plimsoll: ignore[privileged-service]\n    privileged: true\n";
    assert_eq!(compose(block), ["compose.yaml:6 privileged-service"]);
    let heredoc = "FROM alpine:3.21\nRUN <<EOF\n# plimsoll: ignore[root-user]\nEOF\nUSER root\n";
    assert_eq!(dockerfile(heredoc), ["Dockerfile:5 root-user"]);
}

#[test]
fn a_comment_covers_the_next_instruction_whatever_stands_between() {
    let silent = [
        "FROM alpine:3.21\n# plimsoll: ignore[root-user] why\nUSER root\n",
        "FROM alpine:3.21\n# plimsoll: ignore[root-user]\n\n# another comment\n\nUSER root\n",
        "FROM alpine:3.21\nUSER \\\n# plimsoll: ignore[DL3002]\n  root\n",
        "# plimsoll: ignore-file[root-user]\nFROM alpine:3.21\nUSER root\n",
        "# syntax=docker/dockerfile:1\n# plimsoll: ignore-file[root-user]\nFROM alpine:3.21\nUSER root\n",
    ];
    for text in silent {
        assert_eq!(dockerfile(text), Vec::<String>::new(), "{text}");
    }
    let too_early = "FROM alpine:3.21\n# plimsoll: ignore[root-user]\nRUN true\nUSER root\n";
    assert_eq!(dockerfile(too_early), ["Dockerfile:2 unused-ignore", "Dockerfile:4 root-user"]);
}

#[test]
fn an_absence_is_silenced_at_the_from_of_its_stage() {
    assert_eq!(dockerfile("# plimsoll: ignore[missing-user]\nFROM alpine:3.21\n"), Vec::<String>::new());
    assert_eq!(dockerfile("FROM alpine:3.21\n"), ["Dockerfile:1 missing-user"]);
}

#[test]
fn an_absence_is_silenced_at_the_name_of_its_service() {
    let select = ["writable-root-filesystem", "hygiene"];
    let text = "services:\n  a: # plimsoll: ignore[writable-root-filesystem]\n    image: x:1\n";
    assert_eq!(found(&[Source::compose("compose.yaml", text)], &[], &select), Vec::<String>::new());
}

#[test]
fn several_comments_add_up() {
    let text =
        "FROM alpine:3.21\n# plimsoll: ignore[root-user]\n# plimsoll: ignore[missing-user]\nUSER root\n";
    assert_eq!(dockerfile(text), ["Dockerfile:3 unused-ignore"]);
}

#[test]
fn a_comment_in_an_included_file_counts() {
    let main = "include: [infra.yaml]\n";
    let infra =
        "services:\n  a:\n    image: x:1\n    privileged: true # plimsoll: ignore[privileged-service]\n";
    let select = ["privileged-service", "hygiene"];
    let files = [("compose.yaml", main), ("infra.yaml", infra)];
    assert_eq!(found(&[Source::compose("compose.yaml", main)], &files, &select), Vec::<String>::new());
}

#[test]
fn names_of_rules_that_do_not_run_are_not_unused() {
    let text = "FROM alpine:3.21\n# plimsoll: ignore[privileged-service]\nUSER 1000\n";
    let sources = [Source::dockerfile("Dockerfile", text)];
    assert_eq!(found(&sources, &[], &["root-user", "hygiene"]), Vec::<String>::new());
    assert_eq!(found(&sources, &[], &["privileged-service", "hygiene"]), ["Dockerfile:2 unused-ignore"]);
}

#[test]
fn a_syntax_error_cannot_be_silenced() {
    let text = "# plimsoll: ignore-file[syntax-error]\nservices:\n\ta: b\n";
    let sources = [Source::compose("compose.yaml", text)];
    assert_eq!(found(&sources, &[], &["syntax-error"]), ["compose.yaml:3 syntax-error"]);
}

/// What `change` makes of a Compose file with `text`.
fn with(text: &str, change: impl Fn(&mut Settings)) -> Vec<String> {
    let mut settings = Settings::default();
    settings.select = ["privileged-service", "invalid-compose", "hygiene"].map(str::to_owned).to_vec();
    change(&mut settings);
    let report = Linter::new(settings).lint(&[Source::compose("compose.yaml", text)]);
    report.findings().iter().map(|f| f.rule().name.to_owned()).collect()
}

#[test]
fn a_comment_holds_to_the_end_of_its_last_day() {
    let text = "services:\n  a:\n    image: x:1\n    privileged: true # plimsoll: ignore[privileged-service] until=2027-01-31 why\n";
    let on = |day: &str| with(text, |settings| settings.today = day.parse().ok());
    assert_eq!(on("2027-01-31"), Vec::<String>::new());
    assert_eq!(on("2027-02-01"), ["privileged-service", "expired-ignore"]);
    // An embedder who does not say what day it is has no expired comments.
    assert_eq!(with(text, |_| {}), Vec::<String>::new());
}

#[test]
fn an_expired_comment_is_not_unused_as_well() {
    let text = "services:\n  a:\n    image: x:1 # plimsoll: ignore[privileged-service, no-such-rule] until=2020-01-01\n";
    let found = with(text, |settings| settings.today = "2027-01-01".parse().ok());
    assert_eq!(found, ["unknown-rule-in-ignore", "expired-ignore"]);
}

#[test]
fn a_reason_may_be_required() {
    let text = |why: &str| {
        format!(
            "services:\n  a:\n    image: x:1\n    privileged: true # plimsoll: ignore[privileged-service]{why}\n"
        )
    };
    let require = |settings: &mut Settings| settings.suppressions.require_reason = true;
    assert_eq!(with(&text(""), require), ["privileged-service", "malformed-ignore"]);
    assert_eq!(with(&text(" until=2099-01-01"), require), ["privileged-service", "malformed-ignore"]);
    assert_eq!(with(&text(" kernel module"), require), Vec::<String>::new());
}

#[test]
fn comments_may_be_without_effect() {
    let text = "services:\n  a:\n    image: x:1 # plimsoll: ignore[no-such-rule] until=2020-01-01\n    privileged: true # plimsoll: ignore[privileged-service]\n";
    let forbid = |settings: &mut Settings| {
        settings.suppressions.allow_inline = false;
        settings.today = "2027-01-01".parse().ok();
    };
    assert_eq!(with(text, forbid), ["privileged-service"]);
}

#[test]
fn comments_of_dclint_silence_what_dclint_reports_too() {
    let text = |comment: &str| {
        format!(
            "services:\n  a:\n    image: x:1\n    # another\n    {comment}\n\n    restart: [no]\n    privileged: true\n"
        )
    };
    let found = |comment: &str| with(&text(comment), |_| {});
    assert_eq!(found("# nothing"), ["invalid-compose", "privileged-service"]);
    assert_eq!(found("# dclint disable-line invalid-schema"), ["privileged-service"]);
    assert_eq!(found("# dclint disable-line"), ["privileged-service"]);
    assert_eq!(found("# dclint disable-file"), ["privileged-service"]);
    // Neither a name of ours nor one that nothing here answers to; and an unused one is none of our business.
    assert_eq!(
        found("# dclint disable-line invalid-compose, no-such-rule"),
        ["invalid-compose", "privileged-service"]
    );
    let deaf = with(&text("# dclint disable-file"), |settings| settings.suppressions.foreign.clear());
    assert_eq!(deaf, ["invalid-compose", "privileged-service"]);
}

#[test]
fn comments_of_hadolint_and_buildkit_silence_what_they_report_too() {
    let silent = [
        "FROM alpine:3.21\n# hadolint ignore=DL3002 # why\n# another\n\nUSER root\n",
        "FROM alpine:3.21\n# hadolint ignore=DL3000\n# hadolint ignore=DL3002\nUSER root\n",
        "FROM alpine:3.21\nUSER root\n# hadolint global ignore=DL3002\n",
        "# hadolint stage ignore=DL3002\nFROM alpine:3.21\nUSER root\n",
    ];
    for text in silent {
        assert_eq!(dockerfile(text), Vec::<String>::new(), "{text}");
    }
    let loud = [
        "FROM alpine:3.21\n# hadolint ignore=root-user\nUSER root\n",
        "FROM alpine:3.21\n# check=skip=all\nUSER root\n",
        "FROM alpine:3.21\n# hadolint ignore=DL3002\nRUN true\nUSER root\n",
    ];
    for text in loud {
        assert_eq!(dockerfile(text).len(), 1, "{text}");
    }
}

/// Of every form that the tools have, one that silences, and the same with nothing after it, beside it or above it changed that matters.
#[test]
fn every_form_of_other_tools_works_on_what_is_really_found() {
    let dockerfile = |text: &str| {
        let select = ["stage-name-casing", "sudo-in-run"];
        found(&[Source::dockerfile("Dockerfile", text)], &[], &select).len()
    };
    let stage = "FROM alpine:3.21 AS Base\nRUN true\n";
    for (silenced, text) in [
        (false, stage.to_owned()),
        (true, format!("# check=skip=StageNameCasing // our style, see #12\n{stage}")),
        (true, format!("ARG A\n# check=skip=StageNameCasing // our style\n# another\n\n# one more\n{stage}")),
        (true, format!("ARG A\n# check=skip=JSONArgsRecommended\n# check=skip=stagenamecasing\n{stage}")),
        (true, format!("ARG A\n# check=skip=JSONArgsRecommended,StageNameCasing\n{stage}")),
        (true, format!("ARG A\n# check=skip=all // generated\n{stage}")),
        (
            true,
            format!("# syntax=docker/dockerfile:1\n# check=skip=StageNameCasing;error=true\nARG A\n{stage}"),
        ),
        (false, format!("ARG A\n# check=skip=JSONArgsRecommended // StageNameCasing\n{stage}")),
        (false, format!("ARG A\n# check=skip=StageNameCasing\nARG B\n{stage}")),
        (true, "FROM a:1\n# hadolint ignore=DL3004\nRUN sudo x\n".to_owned()),
        (true, "FROM a:1\nRUN true && \\\n# hadolint ignore=DL3004 # why\n    sudo x\n".to_owned()),
        (
            true,
            "FROM a:1\n# hadolint ignore=DL3008\n# why\n# hadolint ignore=DL3004\n# because\nRUN sudo x\n"
                .to_owned(),
        ),
        (true, "FROM a:1\n# hadolint ignore=DL3008,DL3004 because it must\nRUN sudo x\n".to_owned()),
        (true, "FROM a:1\nRUN sudo x\n# hadolint stage ignore=DL3004\nRUN sudo y\n".to_owned()),
        (true, "# hadolint global ignore=DL3004\nFROM a:1\nRUN sudo x\nFROM a:1\nRUN sudo x\n".to_owned()),
        (false, "FROM a:1\nRUN <<E\n# hadolint ignore=DL3004\nsudo x\nE\n".to_owned()),
        (false, "FROM a:1\n# hadolint stage ignore=DL3004\nRUN x\nFROM a:1\nRUN sudo x\n".to_owned()),
    ] {
        assert_eq!(dockerfile(&text) == 0, silenced, "{text}");
    }
    let ports = |comment: &str, behind: &str| {
        format!("{comment}version: '3'\nservices:\n  a:\n    image: x:1\n    ports:\n      - 80:80{behind}\n")
    };
    let compose = |text: &str| {
        let sources = [Source::compose("compose.yaml", text)];
        found(&sources, &[], &["port-on-all-interfaces", "obsolete-version"]).join(" ")
    };
    let (version, port) = ("compose.yaml:1 obsolete-version", "compose.yaml:6 port-on-all-interfaces");
    assert_eq!(compose(&ports("", "")), format!("{version} {port}"));
    for behind in
        ["no-unbound-port-interfaces", "a, no-unbound-port-interfaces", "a no-unbound-port-interfaces"]
    {
        assert_eq!(compose(&ports("", &format!(" # dclint disable-line {behind}"))), version, "{behind}");
    }
    // Whoever silences everything has not seen what a security rule of another tool says.
    assert_eq!(compose(&ports("", " # dclint disable-line")), format!("{version} {port}"));
    let above = |comment: &str| {
        compose(&ports(&format!("{comment}\n"), "")).replace(":2 ", ":1 ").replace(":7 ", ":6 ")
    };
    assert_eq!(above("# dclint disable-line no-version-field"), port);
    assert_eq!(above("# dclint disable-line no-version-field\n").replace(":8 ", ":6 "), port);
    assert_eq!(above("# dclint disable no-version-field no-unbound-port-interfaces"), "");
    assert_eq!(above("# dclint disable-file"), port);
    assert_eq!(above("# dclint disable"), port);
}
