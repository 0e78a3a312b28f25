//! Secrets in the `ARG` and `ENV` of a Dockerfile.

use lint_parser::dockerfile::ast::Pair;

use crate::model::build::BuildPlan;
use crate::model::secrets::{Exposure, Verdict, in_variable, judge, name};

/// How an `ENV` writes a secret into the image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EnvSecret {
    /// With its text.
    Written(Exposure),
    /// From a build argument whose value is not known.
    FromArgument,
}

/// The secret that a pair of an `ENV` sets.
#[must_use]
pub fn env(plan: &BuildPlan, instruction: usize, pair: &Pair) -> Option<EnvSecret> {
    let name = pair.key.text();
    let value = plan.expand(instruction, pair.value.as_ref()?);
    match value.text().filter(|text| !text.is_empty()) {
        Some(text) => in_variable(name, text).map(EnvSecret::Written),
        None => (value.through_arguments && name::is_secret(name)).then_some(EnvSecret::FromArgument),
    }
}

/// Whether a build argument is a secret. Without a value, whatever it will be: it is handed over by this way.
#[must_use]
pub fn is_argument(name: &str, value: Option<&str>) -> bool {
    match value {
        None => name::is_secret(name),
        // The hash of a password can be tried out by whoever has it.
        Some(value) => {
            in_variable(name, value).is_some() || (name::is_secret(name) && judge(value) == Verdict::Hash)
        }
    }
}

/// Whether a pair of an `ARG` declares a secret.
#[must_use]
pub fn arg(plan: &BuildPlan, instruction: usize, pair: &Pair) -> bool {
    let value = pair.value.as_ref().map(|value| plan.expand(instruction, value));
    let value = value.as_ref().and_then(|value| value.text()).filter(|value| !value.is_empty());
    is_argument(pair.key.text(), value)
}
