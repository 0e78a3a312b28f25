use std::collections::HashSet;

use crate::model::build::BuildPlan;
use crate::model::project::spelled_out::is_spelled_out;
use crate::model::project::variables::Variable;
use crate::model::runs::{hooks, words_of};
use crate::model::secrets::arguments::in_arguments;
use crate::model::secrets::dockerfile::{EnvSecret, env};
use crate::model::secrets::{Exposure, in_variable, name};
use crate::rule::check::{InstructionSubject, ServiceSubject, StageSubject};
use crate::rule::prelude::*;
use lint_parser::compose::ast::field::Text;
use lint_parser::compose::value::Certainty;
use lint_parser::dockerfile::ast::{InstructionKind, Pair};
use lint_parser::shell::word::Word;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "secret-in-environment",
        docs: "A secret is written out in the environment of a container or an image.

## Why
The file is copied, mailed and committed, and the secret with it. Environment variables are also the least private
place of a container: `docker inspect` shows them to everybody who may use the engine, every process of the
container inherits them, and crash reports carry them away. What `ENV` sets stands in the image for everybody who can
pull it, and a later `ENV` does not take it out again.

## Instead
Keep the secret in a file of its own that is not committed, and give it to the service by `secrets`; many images read
it from there when told by a variable that ends in `_FILE` (`POSTGRES_PASSWORD_FILE=/run/secrets/db_password`).
Where the program takes the environment alone, write `${DB_PASSWORD:?}` and set the variable where the project is
deployed. In a Dockerfile, leave the variable out: give it to the container when it is run, and to an instruction of
the build by `RUN --mount=type=secret`.

## Fix safety
The fixes are only shown, since the secret has to be put elsewhere by hand, and changed. For images that read it from a file one
names the file in `secrets`; the other has Compose insist on a variable. What is in an `env_file` or a Dockerfile has none.

## Limits
A secret is told by its variable's name and its value together, by the password in a URL or connection string, and by the
options in variables such as `REDIS_ARGS`. Names that only point at a secret (`_FILE`, `_ID`, `_NAME`), references,
switches, paths, hashes, public keys and obvious placeholders (`<password>`, `your-token-here`) are not reported. What
the project's `.env` sets is not either: that file is the place for it. A default (`${DB_PASSWORD:-changeme}`)
and the lines of an `env_file` are reported as medium, and so is `ENV` in a stage whose configuration does not reach
the image. `ENV` is reported without a value of its own when a build argument gives it one. BuildKit goes by the
name alone, so that `GPG_KEY` of every Python image and `SSH_AUTH_SOCK` are secrets to it; here the value has a say, and
`secret-like-name` of the strict profile has the rest.

## When to allow it
The value is no secret: a test database that lives as long as the test.
",
        severity: Severity::High,
        stride: &[Stride::InformationDisclosure],
        references: &[
            Reference::cis("4.10"),
            Reference::cis("7.4"),
            Reference::Cwe(526),
            Reference::Cwe(798),
            Reference::Owasp("#12"),
            Reference::Nist("4.1.4"),
            Reference::ComposeLint("CL-0020"),
            Reference::ComposeLint("CL-0021"),
            Reference::Hadolint("DL3064"),
            Reference::Trivy("DS-0031"),
            Reference::Kics("Passwords And Secrets"),
            Reference::BuildKit("SecretsUsedInArgOrEnv"),
            Reference::Kics("Secrets Stored In Dockerfile"),
            Reference::Tally("tally/ruby/secrets-in-arg-or-env"), Reference::CisKubernetes("5.4.1"), Reference::KubeLinter("env-var-secret"), Reference::Kubescape("C-0012"), Reference::Checkov("CKV_K8S_35"), Reference::Polaris("sensitiveContainerEnvVar"), Reference::Kubescape("C-0207")],
        fixable: Fixable::Sometimes(DISPLAY),
        ..super::DEFAULTS
    },
    checks: &[Check::Service(check), Check::Dockerfile(dockerfile)],
};

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    for variable in subject.service.environment() {
        variable_check(subject, cx, &variable);
    }
    let pairs = hooks(subject.spec()).filter_map(|hook| hook.environment.as_ref());
    for pair in pairs.flat_map(|environment| &environment.value.items) {
        let (name, value) = (pair.name.clone(), pair.value.clone());
        variable_check(subject, cx, &Variable { name, value, origin: pair.origin, via: pair.via });
    }
}

fn variable_check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>, variable: &Variable) {
    let Some(value) = &variable.value else { return };
    // A name without a value has taken it from the project's `.env`.
    if value.origin.source != variable.name.origin.source {
        return;
    }
    let name = variable.name.as_str();
    // The password of a database that ends with a test, or that somebody develops with, opens nothing.
    if !subject.project.input.is_lasting() && !is_made_at_random(value.as_str()) {
        return;
    }
    let Some(message) = message(subject, name, value) else { return };
    let in_file = subject.service.env_files.iter().any(|used| Some(used.at) == variable.via);
    let draft = subject
        .report_at(cx, variable.name.origin, message)
        .help("move it into `secrets`, or refer to a variable that is set where the project is deployed");
    let draft = match (in_file, in_variable(name, value.as_str())) {
        (false, Some(Exposure::Value)) => {
            draft.maybe_fix(from_secret(subject, variable)).maybe_fix(from_variable(subject, variable))
        }
        _ => draft,
    };
    let draft = if in_file || value.certainty == Certainty::Default {
        draft.at_most(Severity::Medium)
    } else {
        draft
    };
    if let Some(via) = variable.via {
        draft.scope(subject.project.place(via));
    }
}

/// Whether a value is none that somebody made up: long, of letters and digits, and of no words.
fn is_made_at_random(value: &str) -> bool {
    let has = |is: fn(&u8) -> bool| value.bytes().any(|byte| is(&byte));
    let lower = value.to_ascii_lowercase();
    let is_word =
        ["test", "pass", "secret", "local", "dev", "example", "dummy", "change", "admin", "user", "://"];
    value.len() >= 20
        && has(u8::is_ascii_digit)
        && has(u8::is_ascii_alphabetic)
        && !is_word.iter().any(|word| lower.contains(word))
}

/// Images whose entrypoint reads a variable from the file that `NAME_FILE` names.
const READS_FILES: [&str; 6] = [
    "docker.io/library/mariadb",
    "docker.io/library/mongo",
    "docker.io/library/mysql",
    "docker.io/library/nextcloud",
    "docker.io/library/postgres",
    "docker.io/library/wordpress",
];
/// Their variables.
const READ_FROM_FILES: [&str; 9] = [
    "MARIADB_PASSWORD",
    "MARIADB_ROOT_PASSWORD",
    "MONGO_INITDB_ROOT_PASSWORD",
    "MYSQL_PASSWORD",
    "MYSQL_ROOT_PASSWORD",
    "NEXTCLOUD_ADMIN_PASSWORD",
    "POSTGRES_PASSWORD",
    "REDIS_HOST_PASSWORD",
    "WORDPRESS_DB_PASSWORD",
];

/// The variable replaced by its `_FILE`, and the secret that is the file.
fn from_secret(subject: &ServiceSubject<'_>, variable: &Variable) -> Option<Fix> {
    let (editor, name) = (subject.editor(), variable.name.as_str());
    let image = subject.image()?.normalized_name();
    if !READS_FILES.contains(&&*image) || !READ_FROM_FILES.contains(&name) {
        return None;
    }
    let secret = name.to_ascii_lowercase();
    let path = format!("/run/secrets/{secret}");
    let value = variable.value.as_ref()?;
    let is_pair = value.origin == variable.origin;
    let moved = match is_pair {
        true => editor
            .rename_key(variable.name.origin, &format!("{name}_FILE"))?
            .and(editor.replace(value.origin, &path)?)?,
        false => editor.replace(variable.origin, &format!("{name}_FILE={path}"))?,
    };
    let granted = match &subject.spec().secrets {
        Some(secrets) => editor.append(secrets.origin, &[Yaml::text(&*secret)])?,
        None => editor.add_to_service(subject.service, &[("secrets", Yaml::texts([&*secret]))])?,
    };
    let file = Yaml::Map(vec![("file", Yaml::text(format!("./secrets/{secret}.txt")))]);
    let declared = editor.add_to_section(subject.service, "secrets", &secret, file)?;
    Some(moved.and(granted)?.and(declared)?.shown("Read it from a secret"))
}

/// The value replaced by a variable that must be set.
fn from_variable(subject: &ServiceSubject<'_>, variable: &Variable) -> Option<Fix> {
    let name = variable.name.as_str();
    let insists = format!("${{{name}:?}}");
    let value = variable.value.as_ref()?;
    let change = match value.origin == variable.origin {
        true => subject.editor().replace(value.origin, &insists)?,
        false => subject.editor().replace(variable.origin, &format!("{name}={insists}"))?,
    };
    Some(change.shown("Take it from a variable that must be set, as in `.env`"))
}

fn message(subject: &ServiceSubject<'_>, name: &str, value: &Text) -> Option<String> {
    let exposure = in_variable(name, value.as_str());
    let (range, message) = match exposure {
        Some(Exposure::Value) => (0..value.as_str().len(), format!("the secret in `{name}` is written out")),
        Some(Exposure::Connection(range)) => {
            (range, format!("the password in the address in `{name}` is written out"))
        }
        Some(Exposure::Setting(range)) => {
            (range, format!("a password among the settings in `{name}` is written out"))
        }
        Some(Exposure::Pair(range)) => (range, format!("the password in `{name}` is written out")),
        None if name::is_arguments(name) && !value.is_unknown() => {
            let words: Vec<Word> = words_of(&value.mapped)?.into_iter().map(Word::of_literal).collect();
            let secret = in_arguments("", &words).into_iter().next()?;
            let option =
                secret.option.map_or_else(|| "an address".to_owned(), |option| format!("`{option}`"));
            (0..value.as_str().len(), format!("the secret that `{name}` gives to {option} is written out"))
        }
        None => return None,
    };
    is_spelled_out(subject.project, value, range).then_some(message)
}

fn dockerfile(plan: &BuildPlan, cx: &mut Context<'_>) {
    let chain: HashSet<usize> = plan.shipped().map(|stage| stage.index).collect();
    for stage in plan.reachable() {
        for subject in (StageSubject { plan, stage }).instructions() {
            let instruction = match &subject.instruction.kind {
                InstructionKind::Onbuild(Some(trigger)) => trigger,
                _ => subject.instruction,
            };
            let InstructionKind::Env(pairs) = &instruction.kind else { continue };
            for pair in pairs {
                let Some(message) = message_of_pair(&subject, pair) else { continue };
                let draft = cx.report(subject.place(pair.key.span()), message).help(
                    "give it to the container when it is run, or to the build by `RUN --mount=type=secret`",
                );
                if !chain.contains(&stage.index) {
                    draft.at_most(Severity::Medium);
                }
            }
        }
    }
}

fn message_of_pair(subject: &InstructionSubject<'_>, pair: &Pair) -> Option<String> {
    let name = pair.key.text();
    Some(match env(subject.plan, subject.index, pair)? {
        EnvSecret::Written(Exposure::Value) => format!("the secret in `{name}` is written into the image"),
        EnvSecret::Written(Exposure::Connection(_)) => {
            format!("the password in the address in `{name}` is written into the image")
        }
        EnvSecret::Written(Exposure::Setting(_)) => {
            format!("a password among the settings in `{name}` is written into the image")
        }
        EnvSecret::Written(Exposure::Pair(_)) => {
            format!("the password in `{name}` is written into the image")
        }
        EnvSecret::FromArgument => format!("a build argument is written into the image as `{name}`"),
    })
}
