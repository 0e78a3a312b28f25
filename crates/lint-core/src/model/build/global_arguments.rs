//! The arguments `FROM` sees when nobody passes any: BuildKit judges them so even in a build that does.

use std::collections::BTreeMap;

use lint_parser::dockerfile::ast::{Dockerfile, InstructionKind};
use lint_parser::dockerfile::expansion::{self, Expanded, Value};
use lint_parser::text::mapped::Mapped;

/// What BuildKit predefines for `FROM`, with what it comes to for a build on and for `linux/amd64`; nothing
/// where that depends on the machine.
const PREDEFINED: [(&str, Option<&str>); 11] = [
    ("BUILDPLATFORM", Some("linux/amd64")),
    ("BUILDOS", Some("linux")),
    ("BUILDOSVERSION", Some("")),
    ("BUILDARCH", Some("amd64")),
    ("BUILDVARIANT", Some("")),
    ("TARGETPLATFORM", Some("linux/amd64")),
    ("TARGETOS", Some("linux")),
    ("TARGETOSVERSION", Some("")),
    ("TARGETARCH", Some("amd64")),
    ("TARGETVARIANT", Some("")),
    ("TARGETSTAGE", None),
];
/// Longest value worth keeping, in bytes: `ARG A=$A$A` over and over doubles it each time.
const LONGEST: usize = 4096;

/// The global `ARG`s with their defaults, over the arguments BuildKit predefines.
#[derive(Clone, Debug)]
pub struct GlobalArguments(BTreeMap<String, Argument>);

#[derive(Clone, Debug)]
struct Argument {
    value: Value,
    /// An `ARG` before the first `FROM` declares it.
    written: bool,
}

impl GlobalArguments {
    /// Those of a Dockerfile.
    #[must_use]
    pub fn defaults(tree: &Dockerfile) -> Self {
        let predefined = PREDEFINED.iter().map(|(name, value)| {
            let value = value.map_or(Value::Unknown, |value| Value::Known(value.into()));
            ((*name).to_owned(), Argument { value, written: false })
        });
        let mut arguments = Self(predefined.collect());
        let before = tree.instructions.iter();
        let before = before.take_while(|instruction| !matches!(instruction.kind, InstructionKind::From(_)));
        for instruction in before {
            let InstructionKind::Arg(pairs) = &instruction.kind else { continue };
            for pair in pairs {
                let name = pair.key.text();
                let value = pair.value.as_ref().map(|value| arguments.value(value, tree.escape));
                let unset = || Argument { value: Value::Unset, written: true };
                let argument = arguments.0.entry(name.to_owned()).or_insert_with(unset);
                argument.written = true;
                if let Some(value) = value {
                    argument.value = value;
                }
            }
        }
        arguments
    }

    fn value(&self, word: &Mapped, escape: char) -> Value {
        match self.expand(word, escape) {
            Some(expanded) if !expanded.unknown && expanded.text.text().len() <= LONGEST => {
                Value::Known(expanded.text.text().into())
            }
            _ => Value::Unknown,
        }
    }

    /// Whether an `ARG` declares the name, with a value or without, or BuildKit predefines it.
    #[must_use]
    pub fn declares(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// Whether an `ARG` before the first `FROM` declares the name.
    #[must_use]
    pub fn writes(&self, name: &str) -> bool {
        self.0.get(name).is_some_and(|argument| argument.written)
    }

    /// The names it declares, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// What a word of `FROM` comes to; `None` when BuildKit would refuse it.
    #[must_use]
    pub fn expand(&self, word: &Mapped, escape: char) -> Option<Expanded> {
        let parsed = expansion::parse(word, escape).ok()?;
        let value = |name: &str| self.0.get(name).map(|argument| argument.value.clone());
        expansion::expand(&parsed, |name| value(name).unwrap_or(Value::Unset)).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lint_parser::dockerfile;

    fn expand(text: &str, word: &str) -> String {
        let arguments = GlobalArguments::defaults(&dockerfile::parse(text).tree);
        arguments.expand(&Mapped::verbatim(word, 0), '\\').unwrap().text.text().to_owned()
    }

    #[test]
    fn defaults_see_the_arguments_before_them() {
        let text = "ARG A=1 B\nARG C=$A-$B\nFROM x\nARG D=4\n";
        assert_eq!(expand(text, "$A/$B/$C/$D"), "1//1-/");
        assert_eq!(expand(text, "base-$TARGETARCH$TARGETVARIANT"), "base-amd64");
        let arguments = GlobalArguments::defaults(&dockerfile::parse(text).tree);
        assert!(arguments.declares("B") && arguments.declares("BUILDPLATFORM") && !arguments.declares("D"));
    }

    #[test]
    fn values_that_double_are_given_up() {
        let text = format!("ARG A=xxxxxxxx\n{}FROM $A\n", "ARG A=$A$A\n".repeat(64));
        let arguments = GlobalArguments::defaults(&dockerfile::parse(&text).tree);
        assert!(arguments.expand(&Mapped::verbatim("$A", 0), '\\').unwrap().unknown);
    }
}
