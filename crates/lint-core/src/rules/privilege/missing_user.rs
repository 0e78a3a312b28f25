use crate::model::build::BuildPlan;
use crate::model::build::base_image::is_for_building_on;
use crate::model::build::stage::{Base, Stage};
use crate::model::build::system_shell::{self, SystemShell};
use crate::model::build::user::{RootForm, UserKind};
use crate::model::container::runtime_user::SetBy;
use crate::model::container::{Container, Image};
use crate::model::values::origin::Confidence;
use crate::rule::dockerfile_edits::{user_edit, user_lines};
use crate::rule::prelude::*;
use lint_parser::image;
use lint_parser::text::mapped::Mapped;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "missing-user",
        docs: "Nothing sets a user, so the container's main process runs as root.

## Why
Without `USER` an image runs as its base image does, and most base images run as root. Root in the
container is the same user as root on the host, held back by namespaces and capabilities alone: a
fault in the program becomes a way to change the container, and with one mount too many, the host.

## Instead
Create a user in the Dockerfile and end the last stage with `USER 10001`, or set `user:` on the
Compose service. Some base images bring a user that waits to be used: `USER node` in `node`.

## Fix safety
The program then runs as that user, and can write what is that user's alone. Offered where the Dockerfile says what is started, and
the base is one for programs of one's own: a user that the base brings (`node`), or one that is made for it.

## Limits
Images that begin as root and step down by themselves (`postgres`, `redis`, and others with their
own entrypoint) are not reported. What a base image runs as is known for common public images; for
an unknown one the finding is reported below its severity, since the base may set a user; and so it is when a
`daemon.json` with `userns-remap` is linted along, by which root is nobody in particular on the host.

An image for others to build on is reported as `low`, and told once for all of a repository: one that ends without a command of
its own and takes nothing of its build context, in an interpreter, a shell or an init that waits for a program, or with `ONBUILD`.
Nothing is said of a container action of GitHub's (an `action.yml` names the Dockerfile), which has to run as root.

## When to allow it
A base image for others to build on.
",
        severity: Severity::High,
        stride: &[Stride::ElevationOfPrivilege],
        references: &[
            Reference::cis("4.1"),
            Reference::Cwe(250),
            Reference::Owasp("#2"),
            Reference::Nist("4.1.2"),
            Reference::Kics("Missing User Instruction"),
            Reference::Trivy("DS-0002"),
            Reference::Checkov("CKV_DOCKER_3"),
            Reference::Semgrep("missing-user"),
            Reference::Semgrep("missing-user-entrypoint"),
            Reference::Tally("tally/stateful-root-runtime"), Reference::CisKubernetes("5.2.7"), Reference::KubeLinter("run-as-non-root"), Reference::Kubescape("C-0013"), Reference::Trivy("KSV-0012"), Reference::Checkov("CKV_K8S_23"), Reference::Polaris("runAsRootAllowed"), Reference::Kics("Containers Running As Root")],
        fixable: Fixable::Sometimes(UNSAFE),
        reach: Reach::Lasting,
        ..super::DEFAULTS
    },
    checks: &[Check::Container(check)],
};

fn check(container: &Container<'_>, cx: &mut Context<'_>) {
    let Some(user) = container.root_user() else { return };
    if user.set_by != SetBy::Base || container.is_rootless() {
        return;
    }
    let remapped = cx.daemon().userns_remap;
    match &container.image {
        Image::Built { .. } => {
            let Some((plan, stage)) = container.target() else { return };
            let file = &plan.dockerfile.file;
            let root = &plan.root_of(stage).base;
            let has_command = stage.config.entrypoint.is_some() || stage.config.cmd.is_some();
            // Files for other images to copy: without a command there is no process.
            if matches!(root, Base::Scratch) && !has_command && container.service.is_none() {
                return;
            }
            let message = match root {
                Base::Image(base) if base.facts.is_some() => {
                    let root = if user.kind == UserKind::Root(RootForm::WindowsAdministrator) {
                        "the administrator"
                    } else {
                        "root"
                    };
                    format!("nothing sets a user and `{}` runs as {root}", base.reference)
                }
                Base::Scratch => "nothing sets a user, so the container runs as root".to_owned(),
                _ => "nothing sets a user, so the container runs as root unless its base image sets one"
                    .to_owned(),
            };
            let mut draft = cx.report(Place::new(file, stage.base_span), message);
            if user.certainty == Confidence::Possible {
                draft = draft.at_most(Severity::Medium);
            }
            if remapped {
                draft = draft.weakened();
            }
            if container.service.is_none() && is_for_building_on(plan, stage) {
                draft = draft.for_base();
            }
            if let Some(key) = container.service_key() {
                draft = draft.label(key, "this service runs it");
            }
            let fix = with_user(plan, stage, has_command);
            draft.maybe_fix(fix).help(match user.kind {
                UserKind::Root(RootForm::WindowsAdministrator) => {
                    "end the stage with `USER ContainerUser`, if the program can run as that"
                }
                _ => "create a user and end the stage with `USER`, such as `USER 10001`",
            });
        }
        Image::Named { reference, facts: Some(facts) } => {
            let Some(key) = container.service_key() else { return };
            let runs = match facts.steps_down {
                Some(_) => "leaves root for its own command only",
                None => "runs as root",
            };
            let draft = cx.report(key, format!("nothing sets a user and `{reference}` {runs}"));
            let draft = if remapped { draft.weakened() } else { draft };
            draft
                .help(
                    "set a user that is not root, such as `user: \"10001:10001\"`, if the image can run as one",
                )
                .absent("user: \"10001:10001\"");
        }
        // Of an image by a name we know nothing of, nothing can be said.
        _ => {}
    }
}

/// Bases that programs of one's own are put on. Of servers that come with a program of theirs it is not known which files it
/// must write.
const FOR_PROGRAMS: [&str; 24] = [
    "alpine",
    "amazoncorretto",
    "buildpack-deps",
    "bun",
    "busybox",
    "debian",
    "denoland/deno",
    "eclipse-temurin",
    "elixir",
    "erlang",
    "golang",
    "haskell",
    "ibmjava",
    "julia",
    "node",
    "openjdk",
    "oven/bun",
    "perl",
    "pypy",
    "python",
    "ruby",
    "rust",
    "swift",
    "ubuntu",
];

/// The number of a user that is made: beyond those of people and of what distributions make.
const UID: u32 = 10001;

/// A `USER` at the end of the stage, made before where there is none.
fn with_user(plan: &BuildPlan, stage: &Stage, has_command: bool) -> Option<Fix> {
    let Base::Image(base) = &plan.root_of(stage).base else { return None };
    let name = image::parse(&Mapped::verbatim(&base.reference, 0)).ok()?.familiar_name().to_string();
    if !has_command || stage.accounts.windows || !FOR_PROGRAMS.contains(&name.as_str()) {
        return None;
    }
    let facts = base.facts?;
    let brought = facts.accounts().find(|(name, uid)| *name != "root" && uid.is_some_and(|uid| uid == 1000));
    if let Some((user, Some(uid))) = brought.filter(|(user, _)| *user != "ubuntu") {
        // The number, which everybody can tell from root.
        let edit = user_edit(plan, stage, &uid.to_string());
        return Fix::of(
            format!("End the stage with `USER {uid}`, which is `{user}`"),
            Applicability::Unsafe,
            [edit],
        );
    }
    let made = match system_shell::of_base(&plan.root_of(stage).base) {
        SystemShell::Ash => format!("RUN adduser -D -H -u {UID} app"),
        SystemShell::Dash => format!("RUN useradd --no-create-home --uid {UID} app"),
        SystemShell::Bash | SystemShell::Unknown => return None,
    };
    let is_taken = stage.accounts.known.contains_key("app");
    let edit = user_lines(plan, stage, &format!("{made}\nUSER {UID}")).filter(|_| !is_taken);
    Fix::of("Make a user and end the stage with it", Applicability::Unsafe, [edit])
}
