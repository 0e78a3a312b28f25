use crate::model::project::Project;
use crate::rule::prelude::*;
use lint_parser::compose::ast::field::Named;
use lint_parser::compose::ast::network::Network;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "unencrypted-overlay-network",
        docs: r#"An overlay network sends its traffic unencrypted.

## Why
An overlay network reaches over several hosts, and what services say to each other goes over the wire between them.
Swarm encrypts what its managers say, not this: whoever can listen between the hosts reads it.

## Instead
```yaml
networks:
  backend:
    driver: overlay
    driver_opts:
      encrypted: ""
```

## Fix safety
The fix is unsafe: the network is made anew, and its traffic costs more.

## Limits
Networks that are made elsewhere (`external`) are not reported: how they are made does not show.

## When to allow it
The hosts are joined by an encrypted network already, and the second encryption costs too much.
"#,
        severity: Severity::Medium,
        stride: &[Stride::InformationDisclosure],
        references: &[
            Reference::cis("7.3"),
            Reference::Cwe(319),
            Reference::Owasp("#5"),
            Reference::Nist("4.3.3"),
        ],
        fixable: Fixable::Sometimes(UNSAFE),
        reach: Reach::Compose,
        ..super::DEFAULTS
    },
    checks: &[Check::Project(check)],
};

fn check(project: &Project, cx: &mut Context<'_>) {
    let networks = project.spec.networks.iter().flat_map(|networks| &networks.value.entries);
    for network in networks {
        let spec = &network.field.value;
        let Some(driver) = &spec.driver else { continue };
        let overlay = !driver.value.is_unknown() && driver.value.as_str() == "overlay";
        let external =
            spec.external.as_ref().is_some_and(|external| external.value.is_external() != Some(false));
        let unreadable = spec.rest.invalid("driver_opts").is_some();
        let encrypted =
            spec.driver_opts.as_ref().is_some_and(|options| options.value.get("encrypted").is_some());
        if !overlay || external || unreadable || encrypted {
            continue;
        }
        cx.report(
            project.place(driver.origin),
            format!("the traffic of the overlay network `{}` is not encrypted", network.name),
        )
        .maybe_fix(with_encryption(project, network))
        .help("add `encrypted: \"\"` to its `driver_opts`");
    }
}

fn with_encryption(project: &Project, network: &Named<Network>) -> Option<Fix> {
    let on = ("encrypted", Yaml::text(""));
    let change = match &network.field.value.driver_opts {
        Some(options) => project.editor().add_to_key(options.key, &[on])?,
        None => project.editor().add_to_key(network.field.key, &[("driver_opts", Yaml::Map(vec![on]))])?,
    };
    Some(change.unsafely("Encrypt its traffic"))
}
