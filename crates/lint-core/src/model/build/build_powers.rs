//! What a build may be given of the machine that builds, and the two places that speak of it: the service allows
//! it, and an instruction of the Dockerfile uses it.

use lint_parser::compose::ast::build::Build;
use lint_parser::compose::value::Origin;
use lint_parser::dockerfile::ast::{Instruction, InstructionKind};
use lint_parser::text::span::Span;

use crate::model::build::plan::BuildPlan;

/// Something that BuildKit hands out by entitlement alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BuildPower {
    /// The entitlement.
    pub entitlement: &'static str,
    /// The flag of `RUN` that uses it, and its value.
    pub flag: (&'static str, &'static str),
}

impl BuildPower {
    /// The network of the machine that builds.
    pub const HOST_NETWORK: Self = Self { entitlement: "network.host", flag: ("network", "host") };
    /// Every capability, and no security profile.
    pub const PRIVILEGES: Self = Self { entitlement: "security.insecure", flag: ("security", "insecure") };

    /// The elements of `build.entitlements` that allow it.
    pub fn allowed_by(self, build: &Build) -> impl Iterator<Item = Origin> {
        let items = build.entitlements.iter().flat_map(|list| &list.value.items);
        let names =
            items.filter(move |item| !item.value.is_unknown() && item.value.as_str() == self.entitlement);
        names.map(|item| item.origin)
    }

    /// The flag by which a `RUN` uses it; `operation` is the instruction of that index, or what its `ONBUILD` holds.
    #[must_use]
    pub fn used_by(self, plan: &BuildPlan, index: usize, operation: &Instruction) -> Option<Span> {
        let InstructionKind::Run(_) = &operation.kind else { return None };
        let (name, wanted) = self.flag;
        let flag = operation.flag(name)?;
        let value = plan.expand(index, flag.value.as_ref()?);
        (value.text() == Some(wanted)).then_some(flag.span)
    }
}
