use crate::model::command_lines::hooks;
use crate::model::secrets::arguments::in_arguments;
use crate::model::secrets::{Exposure, in_variable, name};
use crate::model::service::Variable;
use crate::model::spelled_out::is_spelled_out;
use crate::rule::check::ServiceSubject;
use crate::rule::prelude::*;
use lint_parser::compose::ast::field::Text;
use lint_parser::compose::value::Certainty;
use lint_parser::shell::split::split;
use lint_parser::shell::word::Word;

declare_rule! {
    /// A secret is written out in the environment of a container.
    ///
    /// ## Why
    /// The file is copied, mailed and committed, and the secret with it. Environment variables are also the least private
    /// place of a container: `docker inspect` shows them to everybody who may use the engine, every process of the
    /// container inherits them, and crash reports carry them away.
    ///
    /// ## Instead
    /// Keep the secret in a file of its own that is not committed, and give it to the service by `secrets`; many images read
    /// it from there when told by a variable that ends in `_FILE` (`POSTGRES_PASSWORD_FILE=/run/secrets/db_password`).
    /// Where the program takes the environment alone, write `${DB_PASSWORD:?}` and set the variable where the project is
    /// deployed.
    ///
    /// ## Limits
    /// A secret is told by its variable's name and its value together, by the password in a URL or connection string, and by the
    /// options in variables such as `REDIS_ARGS`. Names that only point at a secret (`_FILE`, `_ID`, `_NAME`), references,
    /// switches, paths, hashes, public keys and obvious placeholders (`<password>`, `your-token-here`) are not reported. What
    /// the project's `.env` sets is not either: that file is the place for it. A default (`${DB_PASSWORD:-changeme}`)
    /// and the lines of an `env_file` are reported as medium.
    ///
    /// ## When to allow it
    /// The value is no secret: a test database that lives as long as the test.
    pub(super) static RULE = {
        name: "secret-in-environment",
        severity: Severity::High,
        category: Category::Secrets,
        stride: &[Stride::InformationDisclosure],
        references: &[Reference::cis("4.10"), Reference::cis("7.4"), Reference::Cwe(526), Reference::Cwe(798), Reference::Owasp("#12"), Reference::Nist("4.1.4"), Reference::ComposeLint("CL-0020"), Reference::ComposeLint("CL-0021"), Reference::Kics("Passwords And Secrets"), Reference::BuildKit("SecretsUsedInArgOrEnv")],
        fixable: Fixable::Never,
        profile: Profile::Default,
        since: "0.1.0",
        checks: &[Check::Service(check)],
    }
}

fn check(subject: &ServiceSubject<'_>, cx: &mut Context<'_>) {
    for variable in subject.service.environment() {
        variable_check(subject, cx, &variable);
    }
    let pairs = hooks(subject.service).filter_map(|hook| hook.environment.as_ref());
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
    let Some(message) = message(subject, name, value) else { return };
    let in_file = subject.service.env_files.iter().any(|used| Some(used.at) == variable.via);
    let draft = subject
        .report_at(cx, variable.name.origin, message)
        .help("move it into `secrets`, or refer to a variable that is set where the project is deployed");
    let draft = if in_file || value.certainty == Certainty::Default {
        draft.at_most(Severity::Medium)
    } else {
        draft
    };
    if let Some(via) = variable.via {
        draft.scope(subject.project.place(via));
    }
}

fn message(subject: &ServiceSubject<'_>, name: &str, value: &Text) -> Option<String> {
    let exposure = in_variable(name, value.as_str());
    let (range, message) = match exposure {
        Some(Exposure::Value) => (0..value.as_str().len(), format!("the secret in `{name}` is written out")),
        Some(Exposure::Connection(range)) => {
            (range, format!("the password in the address in `{name}` is written out"))
        }
        Some(Exposure::Pair(range)) => (range, format!("the password in `{name}` is written out")),
        None if name::is_arguments(name) && !value.is_unknown() => {
            let words: Vec<Word> =
                split(&value.mapped).ok()?.words.into_iter().map(Word::of_literal).collect();
            let secret = in_arguments("", &words).into_iter().next()?;
            let option =
                secret.option.map_or_else(|| "an address".to_owned(), |option| format!("`{option}`"));
            (0..value.as_str().len(), format!("the secret that `{name}` gives to {option} is written out"))
        }
        None => return None,
    };
    is_spelled_out(subject.project, value, range).then_some(message)
}
