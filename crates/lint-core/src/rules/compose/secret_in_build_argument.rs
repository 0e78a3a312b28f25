use crate::model::container::Container;
use crate::model::secrets::{Verdict, connection, judge, name};
use crate::rule::prelude::*;
use lint_parser::dockerfile::ast::InstructionKind;

declare_rule! {
    /// A secret is handed to a build as an argument.
    ///
    /// ## Why
    /// Build arguments are no secret: the engine writes them into the history and the provenance of the image, where
    /// `docker history` shows them to everybody who has the image, and into the build cache. That is so whether the value is
    /// written here or comes from a variable.
    ///
    /// ## Instead
    /// `build.secrets`, and in the Dockerfile `RUN --mount=type=secret,id=...`: the secret is there while the instruction runs
    /// and nowhere else.
    ///
    /// ## When to allow it
    /// The value is no secret, whatever its name.
    pub(super) static RULE = {
        name: "secret-in-build-argument",
        severity: Severity::Medium,
        category: Category::Secrets,
        stride: &[Stride::InformationDisclosure],
        references: &[Reference::cis("4.10"), Reference::Cwe(538), Reference::Owasp("#12"), Reference::Nist("4.1.4"), Reference::BuildKit("SecretsUsedInArgOrEnv")],
        fixable: Fixable::Never,
        profile: Profile::Default,
        since: "0.1.0",
        checks: &[Check::Container(check)],
    }
}

fn check(container: &Container<'_>, cx: &mut Context<'_>) {
    let Some(of) = container.service else { return };
    let Some(build) = &of.service.spec.build else { return };
    let Some(arguments) = &build.value.args else { return };
    for pair in &arguments.value.items {
        let name = pair.name.as_str();
        let value = pair.value.as_ref().filter(|value| !value.is_unknown());
        let secret = match value {
            // Whatever it will be: it is handed over by this way.
            None => name::is_secret(name),
            Some(value) => {
                let verdict = judge(value.as_str());
                (name::is_secret(name) && matches!(verdict, Verdict::Literal | Verdict::Hash))
                    || connection::password(value.as_str()).is_some()
            }
        };
        if !secret {
            continue;
        }
        let mut draft = cx
            .report(
                of.project.place(pair.name.origin),
                format!("the build argument `{name}` stays readable in the image's history"),
            )
            .help("use `build.secrets` and `RUN --mount=type=secret`");
        if let Some(via) = pair.via.or(arguments.via) {
            draft = draft.scope(of.project.place(via));
        }
        if let Some(declaration) = declaration(container, name) {
            draft.label(declaration, "the Dockerfile takes it here");
        }
    }
}

/// The last `ARG` of that name: one in a stage takes the value where it is used, one before all stages does not.
fn declaration(container: &Container<'_>, name: &str) -> Option<Place> {
    let plan = container.image.plan()?;
    let mut instructions = plan.dockerfile.tree.instructions.iter().rev();
    let pair = instructions.find_map(|instruction| match &instruction.kind {
        InstructionKind::Arg(pairs) => pairs.iter().find(|pair| pair.key.text() == name),
        _ => None,
    })?;
    Some(Place::new(&plan.dockerfile.file, pair.key.span()))
}
