//! Hostile scripts: each must be read in a thread of 2 MB stack, in time that grows with its length alone.

use std::time::{Duration, Instant};

use lint_parser::shell;
use lint_parser::shell::split::split;
use lint_parser::text::mapped::Mapped;

/// A debug build needs less than two seconds for any of them; reading the text anew for each of its parts
/// would take many minutes.
const LIMIT: Duration = Duration::from_secs(30);

/// Bytes per script.
const LENGTH: usize = 1 << 18;

fn cases() -> Vec<(&'static str, String)> {
    let times = |piece: &str| piece.repeat(LENGTH / piece.len());
    let pairs = |open: &str, inside: &str, close: &str, n: usize| {
        format!("{}{inside}{}", open.repeat(n), close.repeat(n))
    };
    vec![
        ("substitutions, open", times("$( ")),
        ("substitutions, closed", pairs("$(", "x", ")", 100_000)),
        (
            "substitutions, 60 deep over a long word",
            format!("{}{}{}", "$(".repeat(60), times("x "), ")".repeat(60)),
        ),
        ("parameters, open", times("${")),
        ("parameters, words open", times("${a:-")),
        ("parameters, closed", pairs("${a:-", "x", "}", 100_000)),
        ("parameters in double quotes", times("\"${a:-")),
        ("a single quote", format!("echo '{}", times("x"))),
        ("a double quote", format!("echo \"{}", times("x"))),
        ("quotes", times("'\"")),
        ("one word", times("w")),
        ("one escaped word", times("\\w")),
        ("pipes", times("a|")),
        ("pipes alone", times("|")),
        ("semicolons", times("a;")),
        ("semicolons alone", times(";")),
        ("ands", times("a&&")),
        ("backgrounds", times("a&")),
        ("here-documents, operators", times("<<A ")),
        ("here-documents, open", times("cat <<A\n")),
        ("here-documents, closed", times("cat <<A\nx\nA\n")),
        ("here-documents with tabs", times("cat <<-A\n\tx $y\n\tA\n")),
        ("here-documents in substitutions", times("$(cat <<A\n")),
        ("backticks", times("`")),
        ("backticks, escaped", times("`\\`")),
        ("backticks, long inside", format!("`{}`", times("\\\\"))),
        ("parentheses", times("(")),
        ("parentheses, spaced", times("( ")),
        ("parentheses, closed", pairs("(", "x", ")", 100_000)),
        ("closing parentheses", times(")")),
        ("arithmetic, open", times("$((")),
        ("arithmetic, spoilt by comments", times("((: # (((\n:))\n")),
        ("arithmetic, subshells", times("((a) )\n")),
        ("groups", times("{ ")),
        ("braces", times("{")),
        ("braces in words", times("a{b,")),
        ("braces, closed", pairs("{a,", "x", "}", 100_000)),
        ("brackets", times("[")),
        ("brackets in words", times("a[b")),
        ("brackets then a bracket", format!("{}]", times("["))),
        ("globs", times("*?")),
        ("extended globs", times("*(")),
        ("extended globs, closed", times("*(a)")),
        ("ifs", times("if ")),
        ("ifs with conditions", times("if a; then ")),
        ("cases", times("case a in b) ")),
        ("case items", format!("case a in {} esac", times("b) c;; "))),
        ("case patterns", format!("case a in {}", times("b|"))),
        ("functions", times("f() {\n")),
        ("function heads", times("f() ")),
        ("tests", times("[[ ")),
        ("regexes", format!("[[ a =~ {}", times("(|"))),
        ("process substitutions", times("<( ")),
        ("arrays", times("a=(")),
        ("subscripts", times("a[b]=")),
        ("subscripts, open", times("a[ ")),
        ("descriptors", times("1")),
        ("descriptors with names", times("{a}")),
        ("redirections", times("> ")),
        ("comments", times("#\n")),
        ("continuations", times("\\\n")),
        ("backslashes", times("\\")),
        ("dollars", times("$")),
        ("dollar quotes", times("$'")),
        ("dollar quotes, escapes", format!("echo $'{}'", times("\\x41"))),
        ("negations", times("! ")),
        ("times", times("time ")),
        ("tildes", times("~ ~")),
        ("newlines", times("\n")),
        ("wrappers", times("sudo ")),
        ("finds", times("find -exec ")),
        ("shells", times("sh -c ")),
        ("wide characters", times("😀 \\é")),
        ("everything in everything", times("if { case \"${a:-$(")),
        ("everything in everything, spaced", times("while ( f() { for x in `cat <(")),
        ("zero bytes", times("\0")),
    ]
}

#[test]
fn hostile_scripts_cost_no_more_than_their_length() {
    for (name, text) in cases() {
        let started = Instant::now();
        let reader = std::thread::Builder::new().stack_size(2 << 20).spawn(move || {
            let text = Mapped::verbatim(&text, 7);
            let parsed = shell::parse(&text);
            for site in parsed.tree.simple_commands() {
                for invocation in site.command.invocations() {
                    let _ = (invocation.script(), invocation.login_user());
                }
            }
            assert_eq!(parsed.tree.unparsed.is_some(), !parsed.errors.is_empty());
            assert_eq!(parsed.tree, parsed.tree.clone());
            let _ = split(&text);
        });
        let read = reader.expect("a thread starts").join();
        assert!(read.is_ok(), "{name} panicked");
        let taken = started.elapsed();
        assert!(taken < LIMIT, "{name} took {taken:?}");
        if std::env::var_os("SHOW_TIMES").is_some() {
            eprintln!("{taken:>10.1?} {name}");
        }
    }
}
