//! The parsers. None of them fails; whatever they say, they say of bytes that are there.

use lint_parser::compose::interpolate::{interpolate_settled, interpolate_value};
use lint_parser::compose::read::read;
use lint_parser::compose::value::SourceId;
use lint_parser::interpolation::template;
use lint_parser::json::{Json, JsonKind};
use lint_parser::syntax_error::{Parsed, SyntaxErrorKind};
use lint_parser::text::mapped::Mapped;
use lint_parser::{dotenv as env, image as reference, systemd as unit};

use super::spans;

/// Trees of long texts are long to print, and what goes wrong in them does in short ones.
const LENGTH: usize = 64 << 10;

fn placed<T: std::fmt::Debug>(text: &str, parsed: &Parsed<T>) {
    for error in &parsed.errors {
        spans::holds(text, error.span.range());
        assert!(!error.message.is_empty());
    }
    spans::hold(text, &parsed.tree);
}

/// Something of which a few names are set, one of them to what grows.
fn lookup(name: &str) -> Option<String> {
    match name.len() % 3 {
        0 => Some(format!("${{{name}}}")),
        1 => Some("1.27".to_owned()),
        _ => None,
    }
}

/// A Dockerfile: instructions follow one another, and the words of each can be taken apart.
pub fn dockerfile(text: &str) {
    if text.len() > LENGTH {
        return;
    }
    let parsed = lint_parser::dockerfile::parse(text);
    placed(text, &parsed);
    let mut at = 0;
    for instruction in &parsed.tree.instructions {
        assert!(instruction.span.start() >= at, "{instruction:?} begins before {at}");
        at = instruction.span.end();
        assert!(instruction.span.encloses(instruction.keyword.span));
        // Its parts are ranges of the joined line.
        if let Err(error) =
            lint_parser::dockerfile::expansion::parse(&instruction.arguments, parsed.tree.escape)
        {
            spans::holds(text, error.span.range());
        }
        shell_of(text, &instruction.arguments);
    }
    let mapped = lint_parser::dockerfile::parse_mapped(&Mapped::verbatim(text, 0));
    assert_eq!(parsed.tree, mapped.tree);
}

/// A script, and the scripts in it.
pub fn shell(text: &str) {
    if text.len() <= LENGTH {
        shell_of(text, &Mapped::verbatim(text, 0));
    }
}

fn shell_of(text: &str, script: &Mapped) {
    let parsed = lint_parser::shell::parse(script);
    for error in &parsed.errors {
        spans::holds(text, error.span.range());
    }
    // Parts of a tree are ranges of its script, which is the text only where nothing was joined.
    let is_whole = script.text() == text;
    if is_whole {
        spans::hold(text, &parsed.tree);
    }
    for site in parsed.tree.simple_commands() {
        spans::holds(text, site.command.text.span().range());
        for word in site.command.args() {
            spans::holds(text, word.span().range());
        }
        for invocation in site.command.invocations() {
            let _ = (invocation.name(), invocation.login_user());
            for word in invocation.args() {
                spans::holds(text, word.span().range());
            }
            let inner = invocation.script().map(|script| script.simple_commands()).unwrap_or_default();
            for site in inner {
                spans::holds(text, site.command.text.span().range());
            }
        }
    }
    if let Err(error) = lint_parser::shell::split::split(script) {
        spans::holds(text, error.span.range());
    }
}

/// YAML.
pub fn yaml(text: &str) {
    if text.len() <= LENGTH {
        placed(text, &lint_parser::yaml::parse(text));
    }
}

/// A Compose file: as it is written, and with its variables replaced.
pub fn compose(text: &str) {
    if text.len() > LENGTH {
        return;
    }
    // The typed view prints names as they are, and no spans but those of its errors.
    for error in &lint_parser::compose::parse(text).errors {
        spans::holds(text, error.span.range());
    }
    let stream = lint_parser::yaml::parse(text);
    let documents = read(&stream.tree, SourceId::default());
    for error in &documents.errors {
        spans::holds(text, error.span.range());
    }
    for document in &documents.tree {
        for interpolated in [interpolate_value(document, &lookup), interpolate_settled(document, &lookup)] {
            spans::hold(text, &interpolated);
            let lowered = lint_parser::compose::lower::lower(&interpolated.value);
            for error in &lowered.errors {
                spans::holds(text, error.origin.span.range());
            }
            for error in lint_parser::compose::casts::refused_casts(&interpolated.value) {
                spans::holds(text, error.origin.span.range());
            }
        }
    }
}

/// A text with variables: its parts are all of it, and without variables it stays as it is.
pub fn interpolation(text: &str) {
    let mapped = Mapped::verbatim(text, 0);
    let parsed = template::parse(&mapped);
    placed(text, &parsed);
    let interpolated = lint_parser::interpolation::interpolate(&mapped, &lookup);
    spans::hold(text, &interpolated);
    if !text.contains('$') {
        assert_eq!(interpolated.text.text(), text);
    }
    // What has been escaped reads as it was.
    let escaped = text.replace('$', "$$");
    let read = lint_parser::interpolation::interpolate(&Mapped::verbatim(&escaped, 0), &lookup);
    assert_eq!((read.text.text(), read.error), (text, None));
}

/// A file of variables.
pub fn dotenv(text: &str) {
    if text.len() > LENGTH {
        return;
    }
    let parsed = env::parse(text, &lookup);
    placed(text, &parsed);
    for variable in &parsed.tree {
        assert!(!variable.name.value.contains(['\n', '=']), "{variable:?}");
    }
}

/// JSON: what another reader takes, ours takes for the same.
pub fn json(text: &str) {
    if text.len() > LENGTH {
        return;
    }
    let parsed = lint_parser::json::parse(text);
    placed(text, &parsed);
    let theirs: Result<serde_json::Value, _> = serde_json::from_str(text);
    match (theirs, &parsed.tree) {
        (Ok(theirs), Some(ours)) => {
            let is_refused = parsed.errors.iter().any(|error| error.kind != SyntaxErrorKind::DuplicateKey);
            assert!(!is_refused, "{theirs}: {:?}", parsed.errors);
            assert!(is_same(ours, &theirs), "{ours:?} is not {theirs}");
        }
        (Ok(theirs), None) => panic!("{theirs} was not read: {:?}", parsed.errors),
        // Go takes half a surrogate pair, numbers that no float holds, and leaves how deep to us.
        (Err(error), Some(_)) if parsed.errors.is_empty() => {
            let words = error.to_string();
            let known = ["surrogate", "hex escape", "out of range", "recursion limit"];
            assert!(known.iter().any(|known| words.contains(known)), "{words}");
        }
        (Err(_), _) => {}
    }
}

fn is_same(ours: &Json, theirs: &serde_json::Value) -> bool {
    use serde_json::Value;
    match (&ours.kind, theirs) {
        (JsonKind::Null, Value::Null) => true,
        (JsonKind::Bool(ours), Value::Bool(theirs)) => ours == theirs,
        (JsonKind::Number(ours), Value::Number(theirs)) => ours.parse::<f64>().ok() == theirs.as_f64(),
        (JsonKind::String(ours), Value::String(theirs)) => ours == theirs,
        (JsonKind::Array(ours), Value::Array(theirs)) => {
            ours.len() == theirs.len() && ours.iter().zip(theirs).all(|(ours, theirs)| is_same(ours, theirs))
        }
        (JsonKind::Object(members), Value::Object(theirs)) => {
            let last = |name| ours.get(name).map(|member| &member.value);
            members.iter().all(|member| theirs.contains_key(&member.name))
                && theirs.iter().all(|(name, value)| last(name).is_some_and(|ours| is_same(ours, value)))
        }
        _ => false,
    }
}

/// A unit file of systemd, and the words of its values.
pub fn systemd(text: &str) {
    let parsed = unit::parse(text);
    placed(text, &parsed);
    for assignment in &parsed.tree.assignments {
        for word in unit::words(&assignment.value) {
            spans::hold(text, &word);
        }
    }
}

/// A reference of an image: its parts make it up again.
pub fn image(text: &str) {
    let parsed = match reference::parse(&Mapped::verbatim(text, 0)) {
        Ok(parsed) => parsed,
        Err(error) => return spans::holds(text, error.span.range()),
    };
    spans::hold(text, &parsed);
    let part = |before: &str, part: &Option<Mapped>, after: &str| {
        part.as_ref().map(|part| format!("{before}{}{after}", part.text())).unwrap_or_default()
    };
    let again = part("", &parsed.registry, "/")
        + parsed.path.text()
        + &part(":", &parsed.tag, "")
        + &part("@", &parsed.digest, "");
    assert_eq!(again, text);
}
