//! Whatever a file holds and wherever a finding points, every format writes a document that can be read.

use lint_core::report::sarif::SarifRun;
use lint_core::report::{AcceptedBy, sarif as sarif_log};
use lint_core::syntax::text::source::SourceFile;
use lint_core::syntax::text::span::Span;
use lint_core::{Accepted, Applicability, Edit, Finding, Fix, Label, Place, Report};
use proptest::prelude::*;
use serde_json::Value;

use crate::{formats, json_schema, sample, sarif};

/// Text with what formats give a meaning to.
fn text() -> impl Strategy<Value = String> {
    proptest::collection::vec(
        prop_oneof![
            "[a-z]{1,3}",
            proptest::char::any().prop_map(String::from),
            proptest::sample::select(vec![
                "\n",
                "\r\n",
                "\r",
                "\t",
                " ",
                "`",
                "|",
                "::",
                "%",
                "](",
                "]]>",
                "&",
                "\"",
                "é",
                "😀",
                "\0",
                "\u{1b}[1m",
                "\u{9b}",
                "\u{fffe}",
                "\u{feff}",
                "@",
            ])
            .prop_map(str::to_owned),
        ],
        0..12,
    )
    .prop_map(|parts| parts.concat())
}

/// A span of a text, on character boundaries.
fn span(text: &str, (start, end): (usize, usize)) -> Span {
    let places: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let (start, end) = (places[start % places.len()], places[end % places.len()]);
    Span::new(start.min(end), start.max(end))
}

fn finding(template: &Finding, file: &SourceFile, words: &str, places: [(usize, usize); 3]) -> Finding {
    let [place, label, edit] = places.map(|place| span(file.text(), place));
    let mut finding = template.clone();
    finding.place = Place::new(file, place);
    finding.message = words.to_owned();
    finding.help = Some(words.to_owned());
    finding.service = Some(words.to_owned());
    finding.stage = Some(words.to_owned());
    finding.labels = vec![Label::new(Place::new(file, label), words)];
    finding.fixes =
        vec![Fix::new(words, Applicability::Unsafe, vec![Edit::new(Place::new(file, edit), words)])];
    finding
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_format_can_be_read_back(
        name in text(),
        body in text(),
        words in text(),
        places in proptest::array::uniform3((0..50_usize, 0..50_usize)),
    ) {
        let template = sample::report().findings.remove(0);
        let file = SourceFile::new(name, body);
        let mut report = Report::default();
        report.findings = vec![finding(&template, &file, &words, places)];
        let finding = report.findings[0].clone();
        let mut accepted = Accepted::new(finding, AcceptedBy::Comment);
        accepted.reason = Some(words);
        report.accepted = vec![accepted];
        let mut with_suppressed = SarifRun::default();
        with_suppressed.suppressed = true;
        let all = sarif_log::write(&report, &with_suppressed);
        for (format, text) in formats::written(&report).into_iter().chain([("sarif", all)]) {
            match format {
                "junit" | "checkstyle" => formats::well_formed(&text),
                "sarif" => {
                    let faults = json_schema::faults(&sarif::schema(), &serde_json::from_str(&text).unwrap());
                    prop_assert!(faults.is_empty(), "{faults:?}");
                }
                "json" | "gitlab" | "rdjson" => {
                    let read: Result<Value, _> = serde_json::from_str(&text);
                    prop_assert!(read.is_ok(), "{format}: {text}");
                }
                "concise" | "json-lines" | "github" => prop_assert_eq!(text.lines().count(), 1, "{}", text),
                _ => {}
            }
            let controls = text.chars().filter(|c| c.is_control() && *c != '\n').count();
            prop_assert_eq!(controls, 0, "{}: {:?}", format, text);
        }
    }
}
