//! An editor, whose texts change while they are typed: `cargo run -p lint-core --example session`.

use std::collections::BTreeMap;

use lint_core::session::{Encoding, Positions, Session};
use lint_core::{Linter, Source};

fn main() {
    let files = BTreeMap::from([("Dockerfile".to_owned(), "FROM debian:12\nCMD [\"nginx\"]\n".to_owned())]);
    let mut session = Session::new(Linter::default(), Box::new(files));
    session.set_sources([Source::compose("compose.yaml", "services:\n  web:\n    build: .\n")]);
    // What is typed lies over what was saved; only what that bears on is judged again.
    session.open("Dockerfile", "FROM debian:12\nUSER 1000\nCMD [\"nginx\"]\n");
    session.judge(&|| false);
    for file in session.take_changed() {
        for finding in session.findings(&file) {
            let at = Positions::new(finding.file().text(), Encoding::Utf16)
                .position(finding.file().text(), finding.span().start());
            println!("{file}:{}:{}: {}", at.line, at.character, finding.message());
        }
        session.facts(&file).subjects.iter().for_each(|it| println!("{file}: {} {}", it.name, it.runs_as));
    }
}
