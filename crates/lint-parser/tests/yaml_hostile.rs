//! Files made to hurt: none may overflow the stack, fill the memory or take more than moments.

use std::time::{Duration, Instant};

use lint_parser::compose::interpolate::interpolate_value;
use lint_parser::compose::read::{ALIAS_BUDGET, read};
use lint_parser::compose::value::{SourceId, Value, ValueKind};
use lint_parser::syntax_error::{Parsed, SyntaxErrorKind};
use lint_parser::yaml;

/// Reads a file on a thread with the stack a worker has, and within a time that only a blow-up exceeds.
fn run(text: String) -> Parsed<Vec<Value>> {
    let started = Instant::now();
    let worker = std::thread::Builder::new().stack_size(2 << 20).spawn(move || {
        let parsed = yaml::parse(&text);
        let values = read(&parsed.tree, SourceId(0));
        for value in &values.tree {
            drop(interpolate_value(value, &|_| None));
        }
        let mut errors = parsed.errors;
        errors.extend(values.errors);
        Parsed { tree: values.tree, errors }
    });
    let read = worker.unwrap().join().unwrap();
    assert!(started.elapsed() < Duration::from_secs(20), "took {:?}", started.elapsed());
    read
}

#[test]
fn deep_nesting_is_one_error() {
    let cases = ["[", "- ", "{a: ", "? ", "a: [", "[{", "!!str [", "- &a [", "[&a ", "- - "];
    for opening in cases {
        let mut errors = run(opening.repeat(100_000)).errors;
        // `? ? ?` also makes mappings of keys, which the reader refuses one by one.
        errors.retain(|error| error.kind == SyntaxErrorKind::Syntax);
        assert_eq!(errors.len(), 1, "{opening}: {errors:?}");
    }
    let mut ladder = String::new();
    for depth in 0..3000 {
        ladder.push_str(&format!("{}a:\n", " ".repeat(depth)));
    }
    assert_eq!(run(ladder).errors.len(), 1);
}

#[test]
fn nesting_up_to_the_limit_is_read() {
    let text = format!("{}{}", "[".repeat(250), "]".repeat(250));
    assert_eq!(run(text).errors, []);
    let text = format!("{}{}{}", "- ".repeat(250), "[".repeat(250), "]".repeat(250));
    assert_eq!(run(text).errors, []);
}

#[test]
fn a_chain_of_aliases_cannot_nest_without_end() {
    let mut text = "a0: &a0 [x]\n".to_owned();
    for i in 1..20_000 {
        text.push_str(&format!("a{i}: &a{i} [*a{}]\n", i - 1));
    }
    let read = run(text);
    assert!(read.errors[0].message.contains("too deeply"));
}

fn laughs(opening: &str, alias: &str, closing: &str) -> String {
    let mut text = format!("a0: &a0 {opening}k: x{closing}\n");
    for i in 1..40 {
        let aliases: Vec<String> = (0..10).map(|n| format!("{alias}{n}: *a{}", i - 1)).collect();
        text.push_str(&format!("a{i}: &a{i} {opening}{}{closing}\n", aliases.join(", ")));
    }
    text
}

#[test]
fn alias_bombs_are_refused_once() {
    let read = run(laughs("{", "k", "}"));
    assert_eq!(read.errors.len(), 1);
    assert!(read.errors[0].message.contains("bring in more than"));
}

#[test]
fn merge_bombs_are_refused_once() {
    let mut text = "a0: &a0 {k: x}\n".to_owned();
    for i in 1..40 {
        let aliases = vec![format!("*a{}", i - 1); 10].join(", ");
        text.push_str(&format!("a{i}: &a{i}\n  <<: [{aliases}]\n  k{i}: y\n"));
    }
    assert!(run(text).errors.len() <= 1);
    // Each mapping merges the one before and adds a key: the entries grow with the square.
    let mut text = "a0: &a0 {k: x}\n".to_owned();
    for i in 1..5000 {
        text.push_str(&format!("a{i}: &a{i} {{<<: *a{}, k{i}: y}}\n", i - 1));
    }
    assert_eq!(run(text).errors.len(), 1);
}

#[test]
fn ten_thousand_services_may_share_an_anchor() {
    let keys: String = (0..50).map(|i| format!("  k{i}: v\n")).collect();
    let services: String = (0..10_000).map(|i| format!("  s{i}:\n    <<: *base\n")).collect();
    let read = run(format!("x-base: &base\n{keys}services:\n{services}"));
    assert_eq!(read.errors, []);
    let services = read.tree[0].get("services").unwrap();
    let ValueKind::Mapping(services) = &services.value.kind else { panic!() };
    assert_eq!(services.entries.len(), 10_000);
    const { assert!(ALIAS_BUDGET > 510_000) };
}

#[test]
fn many_keys_are_compared_in_linear_time() {
    let text: String = (0..100_000).map(|i| format!("key{i}: v\n")).collect();
    assert_eq!(run(text).errors, []);
    let errors = run("key: v\n".repeat(50_000)).errors;
    assert_eq!(errors.len(), 49_999);
    assert!(errors.iter().all(|error| error.kind == SyntaxErrorKind::DuplicateKey));
}

#[test]
fn long_things_are_read() {
    let long = 2 << 20;
    for text in [
        format!("a: {}\n", "x".repeat(10 << 20)),
        format!("a: \"{}\"\n", "\\n".repeat(long / 2)),
        format!("a: '{}'\n", "''".repeat(long / 2)),
        format!("a: \"{}\"\n", "x\n ".repeat(long / 16)),
        format!("a: |\n{}", "  x\n".repeat(long / 16)),
        format!("a: >\n{}", "  x\n\n".repeat(long / 16)),
        format!("a: |\n{}  x\n", "\n".repeat(long / 16)),
        format!("a:\n{}  b: c\n", "  # comment\n".repeat(20_000)),
    ] {
        let head: String = text.chars().take(20).collect();
        assert_eq!(run(text).errors, [], "{head}");
    }
}

#[test]
fn many_small_things_are_read() {
    for text in [
        "---\n".repeat(50_000),
        "---\na: |\n\n".repeat(20_000),
        format!("[{}]", "a: &a b, ".repeat(20_000)),
        format!("a: [{}]\n", "x, ".repeat(100_000)),
        "- \n\n".repeat(50_000),
        "- # c\n".repeat(50_000),
        format!("a:\n{}", "- |\n".repeat(50_000)),
    ] {
        let head: String = text.chars().take(20).collect();
        assert_eq!(run(text).errors, [], "{head}");
    }
}

#[test]
fn many_faults_are_found_in_linear_time() {
    for document in [
        "---\na: b: c\n",
        "---\na:\n\tb: 1\n",
        "---\n-\t- a\n",
        "---\na: \"x\n",
        "---\na: \"\\q\n",
        "---\na: [\n",
        "---\n- a\nb\n",
    ] {
        assert!(run(document.repeat(20_000)).errors.len() >= 20_000, "{document}");
    }
    assert!(!run("a: x\0y\n".to_owned()).errors.is_empty());
    assert!(!run("\0".repeat(100_000)).errors.is_empty());
    let keys: String = (0..20_000).map(|i| format!("? {i}\n: v\n")).collect();
    assert_eq!(run(keys).errors.len(), 20_000);
    assert_eq!(run(format!("a: &a [{}]\n", "*a, ".repeat(50_000))).errors.len(), 50_000);
}
