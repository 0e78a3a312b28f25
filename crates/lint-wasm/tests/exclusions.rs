//! Lists as in a `.gitignore` mean what the crate `ignore` takes them for, which reads those on disk.

use ignore::gitignore::{Gitignore, GitignoreBuilder};
use lint_core::settings::Exclusions;
use proptest::prelude::*;

fn of_ignore(text: &str) -> Gitignore {
    let mut builder = GitignoreBuilder::new("");
    for line in text.lines() {
        let _ = builder.add_line(None, line);
    }
    builder.build().unwrap()
}

fn same(text: &str, path: &str) -> Result<(), TestCaseError> {
    let (theirs, ours) = (of_ignore(text), Exclusions::of_text(text));
    for is_directory in [false, true] {
        let theirs = theirs.matched(path, is_directory);
        let theirs = if theirs.is_none() { None } else { Some(theirs.is_ignore()) };
        prop_assert_eq!(ours.decides(path, is_directory), theirs, "{:?} {}", text, path);
    }
    let theirs = theirs.matched_path_or_any_parents(path, false).is_ignore();
    prop_assert_eq!(ours.covers(path), theirs, "{:?} {}", text, path);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn lists_say_the_same(
        lines in prop::collection::vec(
            prop::collection::vec("[ab]|[ab]b|\\*|\\*\\*|/|\\*\\*/|/\\*\\*|\\?|\\[ab\\]|\\[|\\{a,b\\}|!|#|\\\\| |\\.a|ä", 0..5),
            0..4,
        ),
        path in prop::collection::vec("[ab]{1,2}|\\.a|a\\.b|ä|!a|#b| a", 1..4),
    ) {
        let lines: Vec<String> = lines.into_iter().map(|parts| parts.concat()).collect();
        same(&lines.join("\n"), &path.join("/"))?;
    }
}

#[test]
fn lists_as_people_write_them() {
    let text = "\u{feff}# built\nnode_modules/\n*.log\n!keep.log\n/build\ndocs/**/*.pdf\n**/tmp\nlogs/**\n\\!odd\n\\#odd\nblank\\ \n*.py[cod]\n\n!/a/b/";
    let paths = [
        "node_modules",
        "x/node_modules/y",
        "a.log",
        "keep.log",
        "build/x",
        "x/build",
        "docs/a/b.pdf",
        "docs/b.pdf",
        "tmp/x",
        "a/tmp",
        "logs",
        "logs/x/y",
        "!odd",
        "#odd",
        "blank ",
        "x.pyc",
        "a/b/c.log",
    ];
    for path in paths {
        same(text.trim_start_matches('\u{feff}'), path).unwrap();
    }
    assert!(Exclusions::of_text(text).covers("node_modules/x"));
    assert!(Exclusions::new(["a{"]).is_err());
}
