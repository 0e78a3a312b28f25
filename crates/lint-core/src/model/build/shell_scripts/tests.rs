use std::sync::Arc;

use lint_parser::text::source::SourceFile;

use crate::model::build::dockerfile::ParsedDockerfile;
use crate::model::build::plan;
use crate::model::build::request::BuildRequest;
use crate::model::build::shell_scripts::{Shell, ShellScript, of_plan};

fn scripts(text: &str) -> Vec<ShellScript> {
    let parsed = ParsedDockerfile::parse(SourceFile::new("Dockerfile", text));
    of_plan(&plan(Arc::new(parsed), &BuildRequest::default()))
}

fn shells(text: &str) -> Vec<Shell> {
    scripts(text).iter().map(|script| script.shell).collect()
}

fn only(text: &str) -> ShellScript {
    let mut scripts = scripts(text);
    assert_eq!(scripts.len(), 1, "{text}");
    scripts.remove(0)
}

#[test]
fn the_shell_is_the_one_that_reads_the_script() {
    use Shell::{Ash, Bash, Dash, Ksh, Sh};
    for (text, expected) in [
        (
            "FROM debian\nRUN a\nFROM alpine\nRUN b\nFROM fedora\nRUN c\nFROM x\nRUN d",
            &[Dash, Ash, Bash, Sh][..],
        ),
        (
            "FROM alpine AS a\nSHELL [\"/bin/bash\", \"-c\"]\nRUN a\nSHELL [\"sh\", \"-c\"]\nRUN b",
            &[Bash, Ash],
        ),
        ("FROM alpine AS a\nSHELL [\"/bin/bash\", \"-c\"]\nFROM a\nRUN a", &[Bash]),
        ("FROM debian\nONBUILD RUN a\nCMD b\nENTRYPOINT c\nHEALTHCHECK CMD d", &[Dash; 4]),
        ("FROM debian\nRUN ln -sf /bin/bash /bin/sh\nRUN a", &[Sh, Sh]),
        ("FROM debian\nRUN <<E\n#!/usr/bin/env -S bash -e\na\nE\nRUN <<E\n#!/bin/sh\na\nE", &[Bash, Dash]),
        ("FROM debian\nRUN <<E\n#!/bin/ksh\na\nE\nRUN <<E\n#!/bin/busybox sh\na\nE", &[Ksh, Dash]),
        (
            "FROM debian\nRUN [\"/bin/bash\", \"-o\", \"pipefail\", \"-ec\", \"a\"]\nCMD [\"sh\", \"-c\", \"b\"]",
            &[Bash, Dash],
        ),
    ] {
        assert_eq!(shells(text), expected, "{text}");
    }
    for text in [
        "FROM debian\nSHELL [\"pwsh\", \"-c\"]\nRUN a\nSHELL [\"/bin/zsh\", \"-c\"]\nRUN b\nCMD c",
        "FROM mcr.microsoft.com/windows/servercore:ltsc2022\nRUN a\nSHELL [\"cmd\", \"/S\", \"/C\"]\nRUN b",
        "FROM debian\nRUN <<E\n#!/usr/bin/env python3\nimport os\nE\nRUN <<E\n#!/usr/bin/perl -e\na\nE",
        "FROM debian\nRUN [\"a\", \"-c\", \"b\"]\nRUN [\"bash\", \"script\", \"-c\", \"b\"]\nRUN [\"sh\"]\nRUN [\"sh\", \"-c\"]",
        "FROM debian\nRUN <<E\na",
        "FROM debian\nCMD ['node', 'a']\nRUN [\"npm\", \"ci\",]\nRUN",
        "FROM debian\nCMD [\"node\"]\nHEALTHCHECK NONE\nCOPY <<E /x\n$a\nE",
    ] {
        assert_eq!(shells(text), [], "{text}");
    }
    assert_eq!(shells("FROM debian\nRUN [ -e /x ] && [[ a = b ]]"), [Dash]);
}

#[test]
fn here_documents_stand_in_their_places_and_everything_maps_back() {
    let text = "FROM debian\nRUN cat <<A > f && \\\n  # why\n  3<<-B  id $x\n$y\nA\n\t\tz $z\n\tB\nRUN <<-E\n\tq\n\t\t$w\n\tE\n";
    let scripts = scripts(text);
    let first = &scripts[0].text;
    assert_eq!(first.text(), "cat <<A > f &&   3<<-B  id $x\n$y\nA\nz $z\nB");
    for part in ["$x", "$y", "$z", "A\n", "z $z"] {
        let at = first.text().find(part).unwrap();
        let part = part.trim_end();
        assert_eq!(first.span_of(at..at + part.len()).slice(text), part);
    }
    let second = &scripts[1].text;
    assert_eq!(second.text(), "q\n$w\n");
    assert_eq!(second.span_of(2..4).slice(text), "$w");
    assert_eq!(second.span_of(0..4).slice(text), "q\n\t\t$w");
    let backtick = "# escape=`\nFROM debian\nRUN a `\n  $x\n";
    let script = only(backtick);
    assert_eq!(script.text.text(), "a   $x");
    assert_eq!(script.text.span_of(4..6).slice(backtick), "$x");
}

#[test]
fn the_preamble_tells_what_the_build_sets() {
    let script = only(
        "ARG G=1\nFROM debian\nARG A=1.2\nARG B\nARG G\nENV C=x D=\"a b\" E=$B IFS=x\nENV F=*.c\nSHELL [\"bash\", \"-euo\", \"pipefail\", \"-c\"]\nRUN $A $B ${C} $D $E $F $G $IFS $PATH $H $http_proxy # C",
    );
    let expected = "set -e\nset -o pipefail\nexport A=1\nexport B='* *'\nexport C=1\nexport D='* *'\nexport E='* *'\nexport F='* *'\nexport G=1\nexport http_proxy='* *'\n";
    assert_eq!(script.preamble, expected);
    assert_eq!(only("FROM debian\nENV A=1\nRUN b").preamble, "");
    let script =
        "FROM debian\nENV A=1\nRUN <<E\n# b\n # shellcheck disable=SC2086\n\n$A\n# shellcheck disable=all\nE";
    assert_eq!(only(script).preamble, "# shellcheck disable=SC2086\nexport A=1\n");
    assert_eq!(only("FROM debian\nRUN <<E\n#!/bin/bash -e\na\nE").preamble, "set -e\n");
    assert_eq!(only("FROM debian\nRUN a $A\nENV A=1").preamble, "");
}

#[test]
fn findings_about_what_nobody_knows_here_are_moot() {
    let moot = |text: &str, code, part: &str| {
        let script = only(text);
        let at = script.text.text().rfind(part).expect("it is there");
        script.is_moot(code, at..at + part.len()).is_some()
    };
    assert!(moot("FROM debian\nRUN a", 2148, "") && moot("FROM debian\nRUN . x", 1091, "x"));
    assert!(!moot("FROM debian\nRUN $a", 2154, "$a") && moot("FROM x/y\nRUN ${a:-b}", 2154, "${a:-b}"));
    assert!(moot("FROM debian\nCMD $a", 2154, "$a"));
    assert!(!moot("FROM debian\nRUN local a", 3043, "local") && moot("FROM x/y\nRUN local a", 3043, "local"));
    assert!(moot("FROM x/y\nRUN A_B=c", 2034, "A_B") && !moot("FROM x/y\nRUN a_b=c", 2034, "a_b"));
    assert!(!moot("FROM debian\nRUN A_B=c", 2034, "A_B"));
    assert!(moot("FROM alpine\nRUN $RANDOM", 3028, "$RANDOM"));
    assert!(!moot("FROM debian\nRUN $RANDOM", 3028, "$RANDOM"));
    let quoted = |text: &str| moot(&format!("FROM debian\nRUN {text}"), 2086, "$a");
    assert!(quoted("b && export A=1 P=/x:$a") && quoted("readonly a_1=$a"));
    for text in [
        "$a",
        "make A=$a",
        "export A=1; make B=$a",
        "export $a",
        "export -p=$a",
        "export A $a",
        "export A=b $a",
    ] {
        assert!(!quoted(text), "{text}");
    }
}
