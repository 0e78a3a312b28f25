//! From what a configuration declares to policies that can be carried out.

use std::ops::Range;
use std::sync::Arc;

use crate::finding::policy::{self, Described};
use crate::policies::language::check::{Names, check};
use crate::policies::language::code::Code;
use crate::policies::language::evaluate::Param;
use crate::policies::language::parse::parse;
use crate::policies::language::tree::{Fault, Tree};
use crate::policies::language::types::Type;
use crate::policies::policy::{Policy, Suggested};
use crate::policies::template::{Part, Piece, Template, pieces};
use crate::policies::view::kind::Kind;
use crate::settings::{DeclaredPolicy, PolicyValue};

/// How many policies a run may have.
pub(crate) const MOST: usize = 256;

/// A fault of a policy: which of its texts, and the bytes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PolicyFault {
    pub(crate) part: PolicyPart,
    pub(crate) span: Range<usize>,
    pub(crate) message: String,
}

/// A text of a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PolicyPart {
    For,
    When,
    Require,
    Message,
    Help,
    /// The text of that number in `suggest`, in the order of the file.
    Suggest(usize),
}

/// The roots that a policy has, by what it is for.
pub(crate) fn roots(subject: Kind) -> &'static [(&'static str, Kind)] {
    const PROJECT: (&str, Kind) = ("project", Kind::Project);
    const SERVICE: (&str, Kind) = ("service", Kind::Service);
    const CONTAINER: (&str, Kind) = ("container", Kind::Container);
    match subject {
        Kind::Project => &[PROJECT],
        Kind::Service => &[SERVICE, CONTAINER, PROJECT],
        Kind::Container => &[CONTAINER, SERVICE, PROJECT],
        Kind::Image => &[("image", Kind::Image), PROJECT],
        Kind::Stage => &[("stage", Kind::Stage), PROJECT],
        Kind::Instruction => &[("instruction", Kind::Instruction), ("stage", Kind::Stage), PROJECT],
        Kind::Mount => &[("mount", Kind::Mount), CONTAINER, SERVICE, PROJECT],
        Kind::Port => &[("port", Kind::Port), CONTAINER, SERVICE, PROJECT],
        Kind::Variable => &[("variable", Kind::Variable), CONTAINER, SERVICE, PROJECT],
        _ => &[],
    }
}

/// What a policy can be for.
pub(crate) fn subject(word: &str) -> Option<Kind> {
    let kind = Kind::ALL.into_iter().find(|kind| kind.name() == word)?;
    DeclaredPolicy::SUBJECTS.contains(&word).then_some(kind)
}

/// Checks policies and makes them ready, each by itself.
pub(crate) fn compile(declared: &[DeclaredPolicy]) -> Vec<Result<Arc<Policy>, Vec<PolicyFault>>> {
    let mut texts: Vec<Text<'_>> = Vec::new();
    let mut faults: Vec<Vec<PolicyFault>> = Vec::new();
    for (of, policy) in declared.iter().enumerate() {
        let mut own = Vec::new();
        collect(of, policy, &mut texts, &mut own);
        faults.push(own);
    }
    let all: Vec<&str> =
        texts.iter().map(|text| text.text.get(text.span.clone()).unwrap_or_default()).collect();
    let trees = parse(&all);
    let mut read: Vec<(Text<'_>, Result<Tree, Fault>)> = texts.into_iter().zip(trees).collect();
    read.reverse();
    let mut compiled = Vec::new();
    for (of, (policy, faults)) in declared.iter().zip(faults).enumerate() {
        let mut own = Vec::new();
        while let Some(one) = read.pop_if(|(text, _)| text.of == of) {
            own.push(one);
        }
        compiled.push(one(policy, own, faults).map(Arc::new));
    }
    compiled
}

/// An expression, where in which text it stands, and whose it is.
struct Text<'d> {
    of: usize,
    part: PolicyPart,
    text: &'d str,
    span: Range<usize>,
}

/// The expressions of a policy, in the order in which [`one`] asks for them.
fn collect<'d>(
    of: usize,
    policy: &'d DeclaredPolicy,
    texts: &mut Vec<Text<'d>>,
    faults: &mut Vec<PolicyFault>,
) {
    let mut add = |part, text: &'d str, span| texts.push(Text { of, part, text, span });
    if let Some(when) = &policy.when {
        add(PolicyPart::When, when, 0..when.len());
    }
    add(PolicyPart::Require, &policy.require, 0..policy.require.len());
    let mut templates: Vec<(PolicyPart, &'d str)> = Vec::new();
    templates.extend(policy.message.iter().map(|text| (PolicyPart::Message, text.as_str())));
    templates.extend(policy.help.iter().map(|text| (PolicyPart::Help, text.as_str())));
    let mut suggested = Vec::new();
    policy.suggest.iter().for_each(|(_, value)| texts_of(value, &mut suggested));
    templates.extend(suggested.into_iter().enumerate().map(|(at, text)| (PolicyPart::Suggest(at), text)));
    for (part, text) in templates {
        match pieces(text) {
            Ok(pieces) => {
                for piece in pieces {
                    if let Piece::Expression(span) = piece {
                        add(part, text, span);
                    }
                }
            }
            Err(fault) => faults.push(PolicyFault { part, span: fault.span, message: fault.message }),
        }
    }
}

/// The texts of a value, in order.
pub(crate) fn texts_of<'v>(value: &'v PolicyValue, texts: &mut Vec<&'v str>) {
    match value {
        PolicyValue::Text(text) => texts.push(text),
        PolicyValue::List(values) => values.iter().for_each(|value| texts_of(value, texts)),
        PolicyValue::Map(entries) => entries.iter().for_each(|(_, value)| texts_of(value, texts)),
        _ => {}
    }
}

/// What the expressions of a policy may begin with, and what each has come to.
struct Making<'d> {
    names: Names,
    read: std::vec::IntoIter<(Text<'d>, Result<Tree, Fault>)>,
    faults: Vec<PolicyFault>,
    suggested: usize,
}

fn one(
    declared: &DeclaredPolicy,
    read: Vec<(Text<'_>, Result<Tree, Fault>)>,
    faults: Vec<PolicyFault>,
) -> Result<Policy, Vec<PolicyFault>> {
    let asks_project = read.iter().any(|(text, _)| text.text.contains(Kind::Project.name()));
    let Some(subject) = subject(&declared.subject) else {
        let message = format!("a policy is for one of {}", DeclaredPolicy::SUBJECTS.join(", "));
        return Err(vec![PolicyFault { part: PolicyPart::For, span: 0..declared.subject.len(), message }]);
    };
    let params: Vec<(String, Param)> =
        declared.params.iter().map(|(name, value)| (name.clone(), param(value))).collect();
    let types = params.iter().map(|(name, value)| (name.clone(), type_of(value))).collect();
    let names = Names { roots: roots(subject).to_vec(), params: types };
    let mut making = Making { names, read: read.into_iter(), faults, suggested: 0 };
    let when = declared.when.as_ref().and_then(|_| making.truth());
    let require = making.truth();
    let own_message;
    let message = match &declared.message {
        Some(message) => message,
        None => {
            own_message = format!("the policy `{}` is not met", declared.name);
            &own_message
        }
    };
    let message = making.template(message);
    let help = declared.help.as_ref().map(|help| making.template(help));
    let suggest = declared.suggest.iter().map(|(key, value)| (kept(key), making.suggested(value))).collect();
    match (require, making.faults.is_empty()) {
        (Some(require), true) => Ok(Policy {
            meta: policy::meta(&described(declared)),
            subject,
            when,
            require,
            message,
            help,
            unknown: declared.unknown,
            params,
            suggest,
            directory: declared.directory.clone(),
            asks_project,
        }),
        _ => Err(making.faults),
    }
}

impl Making<'_> {
    fn next(&mut self) -> Option<(PolicyPart, Code, Type, Range<usize>)> {
        let (text, tree) = self.read.next()?;
        let written = text.text.get(text.span.clone()).unwrap_or_default();
        let checked = tree.and_then(|tree| {
            let (code, kind) = check(written, &tree, &self.names)?;
            Ok((code, kind, tree.span))
        });
        match checked {
            Ok((code, kind, span)) => {
                Some((text.part, code, kind, text.span.start + span.start..text.span.start + span.end))
            }
            Err(fault) => {
                let span = text.span.start + fault.span.start..text.span.start + fault.span.end;
                self.faults.push(PolicyFault { part: text.part, span, message: fault.message });
                None
            }
        }
    }

    /// An expression that must be true or false.
    fn truth(&mut self) -> Option<Code> {
        let (part, code, kind, span) = self.next()?;
        if !matches!(kind, Type::Bool | Type::Any) {
            let message = format!("a truth value is needed here, and this is {kind}");
            self.faults.push(PolicyFault { part, span, message });
            return None;
        }
        Some(code)
    }

    fn template(&mut self, text: &str) -> Template {
        let parts = pieces(text).unwrap_or_default().into_iter().filter_map(|piece| match piece {
            Piece::Text(text) => Some(Part::Text(text)),
            Piece::Expression(_) => {
                let (part, code, kind, span) = self.next()?;
                let is_listed = match &kind {
                    Type::List(of) | Type::Map(of) => of.is_scalar(),
                    kind => kind.is_scalar(),
                };
                if !is_listed {
                    let message = format!("text is needed here, and this is {kind}");
                    self.faults.push(PolicyFault { part, span, message });
                    return None;
                }
                Some(Part::Code(code))
            }
        });
        Template(parts.collect())
    }

    fn suggested(&mut self, value: &PolicyValue) -> Suggested {
        match value {
            PolicyValue::Bool(true) => Suggested::Bare("true"),
            PolicyValue::Bool(false) => Suggested::Bare("false"),
            PolicyValue::Int(number) => Suggested::Bare(kept(&number.to_string())),
            PolicyValue::Decimal(number) => Suggested::Bare(kept(number)),
            PolicyValue::Text(text) => {
                self.suggested += 1;
                Suggested::Text(self.template(text))
            }
            PolicyValue::List(values) => {
                Suggested::List(values.iter().map(|value| self.suggested(value)).collect())
            }
            PolicyValue::Map(entries) => Suggested::Map(
                entries.iter().map(|(key, value)| (kept(key), self.suggested(value))).collect(),
            ),
        }
    }
}

/// A key that a fix writes, which lives as long as the process: there are as many as configurations name.
fn kept(text: &str) -> &'static str {
    use std::collections::HashSet;
    use std::sync::{Mutex, OnceLock, PoisonError};
    static KEPT: OnceLock<Mutex<HashSet<&'static str>>> = OnceLock::new();
    let mut all = KEPT.get_or_init(Mutex::default).lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = all.get(text) {
        return known;
    }
    let text: &'static str = text.to_owned().leak();
    all.insert(text);
    text
}

fn param(value: &PolicyValue) -> Param {
    match value {
        PolicyValue::Bool(value) => Param::Bool(*value),
        PolicyValue::Int(value) => Param::Int(*value),
        PolicyValue::Decimal(text) => Param::Double(text.parse().unwrap_or_default()),
        PolicyValue::Text(text) => Param::Text(text.clone()),
        PolicyValue::List(values) => Param::List(values.iter().map(param).collect()),
        PolicyValue::Map(entries) => {
            Param::Map(entries.iter().map(|(key, value)| (key.clone(), param(value))).collect())
        }
    }
}

fn type_of(param: &Param) -> Type {
    let joined = |mut types: Box<dyn Iterator<Item = Type> + '_>| {
        let first = types.next().unwrap_or(Type::Any);
        std::rc::Rc::new(types.fold(first, |one, other| one.joined(&other).unwrap_or(Type::Any)))
    };
    match param {
        Param::Bool(_) => Type::Bool,
        Param::Int(_) => Type::Int,
        Param::Double(_) => Type::Double,
        Param::Text(_) => Type::Text,
        Param::List(values) => Type::List(joined(Box::new(values.iter().map(type_of)))),
        Param::Map(entries) => Type::Map(joined(Box::new(entries.iter().map(|(_, value)| type_of(value))))),
    }
}

fn described(declared: &DeclaredPolicy) -> Described {
    // A message that holds expressions is about one place, and this is about all of them.
    let is_plain = |message: &&String| {
        pieces(message).is_ok_and(|pieces| !pieces.iter().any(|piece| matches!(piece, Piece::Expression(_))))
    };
    let summary = match declared.message.as_ref().filter(is_plain) {
        Some(message) => message.clone(),
        None => format!("The policy `{}` is not met.", declared.name),
    };
    let summary = summary.split_whitespace().collect::<Vec<_>>().join(" ");
    let stop = if summary.ends_with(['.', '!', '?']) { "" } else { "." };
    let why = declared.docs.as_deref().map(str::trim).filter(|docs| !docs.is_empty());
    let why = why.unwrap_or("It is a policy of this repository: its configuration says so.");
    let mut docs = format!("{summary}{stop}\n\n## Why\n{why}\n\n## Instead\n");
    match &declared.help {
        Some(help) => docs.push_str(help.trim()),
        None => docs.push_str("Make this true of each "),
    }
    if declared.help.is_none() {
        docs.push_str(&format!("{}:", declared.subject));
    }
    docs.push_str(&format!("\n\n```cel\n{}\n```\n", declared.require.trim()));
    if let Some(when) = &declared.when {
        docs.push_str(&format!("\nIt applies where\n\n```cel\n{}\n```\n", when.trim()));
    }
    Described {
        name: declared.name.clone(),
        docs,
        severity: declared.severity,
        category: declared.category,
        stride: declared.stride.clone(),
    }
}
