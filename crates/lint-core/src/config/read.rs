//! Reads a configuration file: every fault in it with its place, or the options.
//!
//! The values come from `serde_yaml` (`values`), which knows no places. Our own tree of the same text is checked first, so
//! that every fault it would find is already told, and nothing of an unexpected shape reaches it.

use std::collections::BTreeMap;

use lint_parser::text::near::nearest;
use lint_parser::text::source::SourceFile;
use lint_parser::text::span::Span;
use lint_parser::yaml;
use lint_parser::yaml::node::{Node, NodeKind, ScalarStyle};

use crate::config::keys::{KEYS, Key, Shape};
use crate::config::options::Options;
use crate::config::policies;
use crate::config::scalars::{is_typed, shown};
use crate::config::selectors::{is_selector, unknown_policy, unknown_rule, unknown_selector};
use crate::config::values;
use crate::finding::policy;
use crate::finding::release::{NoRelease, Release};
use crate::rules;
use crate::settings::pattern::{NamePattern, PathPattern};

/// The largest configuration file that is read, in bytes.
pub const LIMIT: usize = 1024 * 1024;

/// What a configuration file says.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Configuration {
    /// The options.
    pub options: Options,
    /// Where the keys at the root stand that are set.
    pub places: BTreeMap<&'static str, Span>,
    /// The policies that rules are named with, `policy/our-registries-only`, and where. Which there are is known once all files
    /// are that this one extends.
    pub named_policies: Vec<(String, Span)>,
}

impl Configuration {
    /// What is wrong with the policies that it names, of which none is among those that are `declared`, by it or by what it
    /// extends.
    ///
    /// ```
    /// let configuration = lint_core::config::read("policies: [no-latest]\nignore: [policy/no-latset]\n").unwrap();
    /// let errors = configuration.unknown_policies(&["no-latest"]);
    /// assert_eq!(errors[0].message, "there is no policy `policy/no-latset`; did you mean `policy/no-latest`?");
    /// ```
    #[must_use]
    pub fn unknown_policies(&self, declared: &[&str]) -> Vec<ConfigError> {
        let unknown = self.named_policies.iter();
        unknown.filter_map(|(name, span)| Some(fault(*span, unknown_policy(name, declared)?))).collect()
    }
}

/// A fault in a configuration file.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ConfigError {
    /// The bytes at fault.
    pub span: Span,
    /// What is wrong, in one line.
    pub message: String,
}

/// Reads a configuration file. One that is empty says nothing.
///
/// # Errors
/// Every fault found, in the order of the file.
///
/// ```
/// use lint_core::config::{Layer, Options, read};
/// use lint_core::syntax::text::source::SourceFile;
/// use lint_core::{RunProfile, Settings};
///
/// let configuration = read("profile: strict\nignore: [unpinned-image]\n").unwrap();
/// let mut flags = Options::default();
/// flags.extend_select = Some(vec!["unpinned-image".to_owned()]);
/// let layers = [Layer::new("", configuration.options), Layer::new("", flags)];
/// let settings = Settings::resolve(&layers, "")?;
/// assert_eq!(settings.profile, RunProfile::Strict);
/// // The last word counts.
/// assert!(settings.ignore.is_empty());
///
/// let file = SourceFile::new("plimsoll.yaml", "profil: strict\n");
/// let errors = read(file.text()).unwrap_err();
/// assert_eq!(errors[0].located(&file), "plimsoll.yaml:1:1: unknown key `profil`; did you mean `profile`?");
/// # Ok::<(), String>(())
/// ```
pub fn read(text: &str) -> Result<Configuration, Vec<ConfigError>> {
    if text.len() > LIMIT {
        return Err(vec![fault(Span::at(0), format!("larger than {LIMIT} bytes"))]);
    }
    let parsed = yaml::parse(text);
    if !parsed.errors.is_empty() {
        return Err(parsed.errors.into_iter().map(|error| fault(error.span, error.message)).collect());
    }
    let mut documents = parsed.tree.documents.iter();
    let root = documents.next().and_then(|document| document.root.as_ref());
    if let Some(second) = documents.next() {
        let span = second.root.as_ref().map(|root| Span::at(root.span.start())).unwrap_or_default();
        return Err(vec![fault(span, "a second document; a configuration file has one")]);
    }
    let Some(root) = root.filter(|root| !is_null(root)) else { return Ok(Configuration::default()) };
    let mut checker = Checker::default();
    checker.section(root, KEYS, "the configuration");
    if !checker.errors.is_empty() {
        return Err(checker.errors);
    }
    let mut places = BTreeMap::new();
    if let NodeKind::Mapping(entries) = &root.kind {
        for entry in entries {
            if let Some(key) = KEYS.iter().find(|key| scalar(&entry.key) == Some(key.name)) {
                places.insert(key.name, entry.span());
            }
        }
    }
    match values::of::<Options>(text) {
        Ok(options) => {
            check_policies(root, &options)?;
            Ok(Configuration { options, places, named_policies: checker.named })
        }
        Err(error) => Err(vec![fault(Span::at(error.at.min(text.len())), error.message)]),
    }
}

/// What only their own language finds in policies.
fn check_policies(root: &Node, options: &Options) -> Result<(), Vec<ConfigError>> {
    let (Some(written), NodeKind::Mapping(entries)) = (&options.policies, &root.kind) else { return Ok(()) };
    let Some(entry) = entries.iter().find(|entry| scalar(&entry.key) == Some("policies")) else {
        return Ok(());
    };
    let mut errors = Vec::new();
    policies::check(&entry.value, written, &mut |span, message| errors.push(fault(span, message)));
    errors.sort_by_key(|error| (error.span.start(), error.span.end()));
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

impl ConfigError {
    /// One line: `path:line:column: message`.
    #[must_use]
    pub fn located(&self, file: &SourceFile) -> String {
        let at = file.line_column(self.span.start());
        format!("{}:{}:{}: {}", file.name(), at.line, at.column, self.message)
    }
}

/// Reads the version whose rules are kept to.
///
/// # Errors
/// When it is none, or a later one than this: its rules are not known here.
pub fn release(text: &str) -> Result<Release, String> {
    let release: Release =
        text.parse().map_err(|error: NoRelease| format!("`{}` is {error}", shown(text)))?;
    if release > Release::CURRENT {
        return Err(format!("the rules of {release} need Plimsoll {release}; this is {}", Release::CURRENT));
    }
    Ok(release)
}

fn fault(span: Span, message: impl Into<String>) -> ConfigError {
    ConfigError { span, message: message.into() }
}

#[derive(Default)]
struct Checker {
    errors: Vec<ConfigError>,
    /// The policies that are named as rules.
    named: Vec<(String, Span)>,
}

impl Checker {
    fn say(&mut self, node: &Node, message: impl Into<String>) {
        self.errors.push(fault(node.span, message));
    }

    fn section(&mut self, node: &Node, keys: &[Key], what: &str) {
        let mut seen: Vec<&str> = Vec::new();
        for (name, key_node, value) in self.entries(node, what) {
            let Some(key) = keys.iter().find(|key| key.name == name) else {
                let near = nearest(name, keys.iter().map(|key| key.name));
                let names = || keys.iter().map(|key| key.name).collect::<Vec<_>>().join(", ");
                let meant = match near.first() {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => format!("there are {}", names()),
                };
                self.say(key_node, format!("unknown key `{}`; {meant}", shown(name)));
                continue;
            };
            if seen.contains(&name) {
                self.say(key_node, format!("the key `{name}` is there twice"));
            }
            seen.push(name);
            if !is_null(value) {
                self.value(value, key.shape, key.name);
            }
        }
    }

    fn value(&mut self, node: &Node, shape: Shape, what: &str) {
        match shape {
            Shape::Text => drop(self.text(node, what)),
            Shape::Release => {
                if let Some(text) = self.text(node, what)
                    && let Err(error) = release(text)
                {
                    self.say(node, format!("`{what}`: {error}"));
                }
            }
            Shape::Flag => {
                if !matches!(plain(node), Some("true" | "false")) {
                    self.say(node, format!("`{what}` is true or false"));
                }
            }
            Shape::Word(words) => self.word(node, words, what),
            Shape::Words(words) => {
                self.items(node, what).into_iter().for_each(|item| self.word(item, words, what));
            }
            Shape::Texts => {
                for item in self.items(node, what) {
                    self.text(item, what);
                }
            }
            Shape::Patterns => {
                for item in self.items(node, what) {
                    if let Some(text) = self.text(item, what)
                        && let Err(error) = PathPattern::new("", text.strip_prefix('!').unwrap_or(text))
                    {
                        self.say(item, format!("`{}` is no pattern: {error}", shown(text)));
                    }
                }
            }
            Shape::Rules => self.rules(node, what),
            Shape::RuleWords(_) | Shape::PathRules | Shape::NameRules | Shape::TextMap => {
                self.named_values(node, shape, what);
            }
            Shape::ListsOrSections(keys) => self.lists_or_sections(node, keys, what),
            Shape::Sections(keys) => {
                for item in self.items(node, what) {
                    self.required_section(item, keys, keys.first().map_or("", |key| key.name), what);
                }
            }
            Shape::Section(keys) => self.section(node, keys, &format!("`{what}`")),
            Shape::Values => drop(self.distinct(node, what)),
            Shape::Policies(keys) => {
                for item in self.items(node, what) {
                    match &item.kind {
                        NodeKind::Scalar(_) => drop(self.text(item, what)),
                        _ => self.section(item, keys, &format!("an item of `{what}`")),
                    }
                }
            }
        }
    }

    /// Names that somebody else chooses, each with a value of one kind.
    fn named_values(&mut self, node: &Node, shape: Shape, what: &str) {
        for (name, key, value) in self.distinct(node, what) {
            match shape {
                Shape::RuleWords(words) => {
                    if rules::find(name).is_empty() && policy::own_name(name).is_none() {
                        self.say(key, unknown_rule(name));
                    }
                    self.name(name, key);
                    self.word(value, words, name);
                }
                Shape::PathRules => {
                    if let Err(error) = PathPattern::new("", name) {
                        self.say(key, format!("`{}` is no pattern: {error}", shown(name)));
                    }
                    self.scoped(value, name);
                }
                Shape::NameRules => {
                    if let Err(error) = NamePattern::new(name) {
                        self.say(key, format!("`{}` is no pattern: {error}", shown(name)));
                    }
                    self.scoped(value, name);
                }
                _ => drop(self.text(value, name)),
            }
        }
    }

    fn lists_or_sections(&mut self, node: &Node, keys: &[Key], what: &str) {
        for item in self.items(node, what) {
            match (&item.kind, keys.first()) {
                (NodeKind::Mapping(_), Some(first)) => self.required_section(item, keys, first.name, what),
                _ => {
                    for text in self.items(item, what) {
                        self.text(text, what);
                    }
                }
            }
        }
    }

    /// A section in which one of the keys must be.
    fn required_section(&mut self, node: &Node, keys: &[Key], required: &str, what: &str) {
        self.section(node, keys, &format!("an item of `{what}`"));
        let NodeKind::Mapping(entries) = &node.kind else { return };
        let said = entries.iter().find(|entry| scalar(&entry.key) == Some(required));
        if said.is_none_or(|entry| is_null(&entry.value)) {
            self.say(node, format!("an item of `{what}` needs `{required}`"));
        }
    }

    /// Rules, or rules with a reason.
    fn scoped(&mut self, node: &Node, what: &str) {
        const EXPLAINED: &[Key] = &[
            Key { name: "rules", docs: "", shape: Shape::Rules },
            Key { name: "reason", docs: "", shape: Shape::Text },
        ];
        let NodeKind::Mapping(entries) = &node.kind else {
            self.rules(node, what);
            return;
        };
        self.section(node, EXPLAINED, "");
        let rules = entries.iter().find(|entry| scalar(&entry.key) == Some("rules"));
        if rules.is_none_or(|entry| is_null(&entry.value)) {
            self.say(node, format!("`{}` names no rules", shown(what)));
        }
    }

    fn rules(&mut self, node: &Node, what: &str) {
        for item in self.items(node, what) {
            let Some(name) = self.text(item, what) else { continue };
            if !is_selector(name) {
                self.say(item, unknown_selector(name));
            }
            self.name(name, item);
        }
    }

    /// Takes note of a policy's name.
    fn name(&mut self, name: &str, node: &Node) {
        if policy::own_name(name).is_some_and(policy::is_name) {
            self.named.push((name.to_owned(), node.span));
        }
    }

    fn word(&mut self, node: &Node, words: &[&str], what: &str) {
        let Some(text) = scalar(node) else {
            self.say(node, format!("`{}` is one of {}", shown(what), words.join(", ")));
            return;
        };
        if !words.contains(&text) {
            let meant = match nearest(text, words.iter().copied()).first() {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("there are {}", words.join(", ")),
            };
            self.say(node, format!("`{}` cannot be `{}`; {meant}", shown(what), shown(text)));
        }
    }

    /// Text. A plain scalar that YAML takes for something else is refused: of `3.20` it would keep `3.2`.
    fn text<'a>(&mut self, node: &'a Node, what: &str) -> Option<&'a str> {
        let Some(text) = scalar(node) else {
            self.say(node, format!("`{}` takes text, not {}", shown(what), kind(node)));
            return None;
        };
        if plain(node).is_some_and(is_typed) {
            let message = if text.is_empty() {
                format!("`{}` needs text here; write \"\" for none", shown(what))
            } else {
                let text = shown(text);
                format!("YAML takes `{text}` for something else than text; write \"{text}\"")
            };
            self.say(node, message);
            return None;
        }
        Some(text)
    }

    fn items<'a>(&mut self, node: &'a Node, what: &str) -> Vec<&'a Node> {
        match &node.kind {
            NodeKind::Sequence(items) => items.iter().collect(),
            _ => {
                let message = match scalar(node) {
                    Some(text) => format!("`{}` takes a list: write [{}]", shown(what), shown(text)),
                    None => format!("`{}` takes a list, not {}", shown(what), kind(node)),
                };
                self.say(node, message);
                Vec::new()
            }
        }
    }

    /// The entries of a mapping with their keys as text.
    fn entries<'a>(&mut self, node: &'a Node, what: &str) -> Vec<(&'a str, &'a Node, &'a Node)> {
        let NodeKind::Mapping(entries) = &node.kind else {
            self.say(node, format!("{what} is a mapping, not {}", kind(node)));
            return Vec::new();
        };
        let mut found = Vec::new();
        for entry in entries {
            match scalar(&entry.key) {
                Some(name) => found.push((name, &entry.key, &entry.value)),
                None => self.say(&entry.key, format!("a key is text, not {}", kind(&entry.key))),
            }
        }
        found
    }

    fn distinct<'a>(&mut self, node: &'a Node, what: &str) -> Vec<(&'a str, &'a Node, &'a Node)> {
        let mut seen = std::collections::HashSet::new();
        let entries = self.entries(node, &format!("`{what}`"));
        for (name, key, _) in &entries {
            if !seen.insert(*name) {
                self.say(key, format!("`{}` is there twice", shown(name)));
            }
            if plain(key).is_some_and(is_typed) {
                let name = shown(name);
                self.say(key, format!("YAML takes `{name}` for something else than text; write \"{name}\""));
            }
        }
        entries
    }
}

fn scalar(node: &Node) -> Option<&str> {
    match &node.kind {
        NodeKind::Scalar(scalar) => Some(scalar.text.text()),
        _ => None,
    }
}

fn plain(node: &Node) -> Option<&str> {
    match &node.kind {
        NodeKind::Scalar(scalar) if scalar.style == ScalarStyle::Plain => Some(scalar.text.text()),
        _ => None,
    }
}

fn is_null(node: &Node) -> bool {
    matches!(plain(node), Some("" | "~" | "null" | "Null" | "NULL"))
}

fn kind(node: &Node) -> &'static str {
    match &node.kind {
        NodeKind::Scalar(_) if is_null(node) => "nothing",
        NodeKind::Scalar(_) => "text",
        NodeKind::Sequence(_) => "a list",
        NodeKind::Mapping(_) => "a mapping",
        NodeKind::Alias(_) => "an alias; write it out",
    }
}

#[cfg(test)]
mod tests;
