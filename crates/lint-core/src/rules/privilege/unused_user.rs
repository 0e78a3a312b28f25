use crate::model::build::BuildPlan;
use crate::model::build::stage::Stage;
use crate::model::container::Container;
use crate::model::container::runtime_user::SetBy;
use crate::model::runs::Program;
use crate::model::values::shell_words::evaluate;
use crate::rule::dockerfile_edits::user_edit;
use crate::rule::prelude::*;
use lint_parser::dockerfile::ast::InstructionKind;

pub(super) static RULE: Rule = Rule {
    meta: RuleMeta {
        name: "unused-user",
        docs: "The Dockerfile creates a user, and the container runs as root all the same.

## Why
Creating a user changes nothing about who runs: that is `USER`'s work. Somebody meant this container not to be root,
and it is.

## Instead
End the stage with `USER` and the user's name or, better, number.

## Fix safety
The program then runs as that user, and can write what is that user's alone.

## Limits
Not reported where the entrypoint changes to another user (`gosu`, `su-exec`, `setpriv`), where the image gets a tool
that only serves to do so and its entrypoint cannot be read, where a service sets `user:`, and for programs that are known to leave root by themselves (`nginx`, `httpd`, `php-fpm`, `haproxy`,
`supervisord` and their kin) or must be root (`systemd`).
",
        severity: Severity::Medium,
        stride: &[Stride::ElevationOfPrivilege],
        references: &[
            Reference::cis("4.1"),
            Reference::Cwe(250),
            Reference::Owasp("#2"),
            Reference::Nist("4.1.2"),
            Reference::Tally("tally/user-created-but-never-used"),
        ],
        fixable: Fixable::Sometimes(UNSAFE),
        ..super::DEFAULTS
    },
    checks: &[Check::Container(check)],
};

/// Programs that start as root and give it up by their own configuration, or start others that do.
const OWN_USERS: [&str; 52] = [
    "apache2",
    "apache2-foreground",
    "apache2ctl",
    "apachectl",
    "atd",
    "avahi-daemon",
    "chronyd",
    "clamd",
    "cron",
    "crond",
    "cupsd",
    "dnsmasq",
    "dockerd",
    "dovecot",
    "exim",
    "freeradius",
    "freshclam",
    "haproxy",
    "httpd",
    "httpd-foreground",
    "icinga2",
    "init",
    "kea-dhcp4",
    "lighttpd",
    "mariadbd",
    "memcached",
    "mosquitto",
    "mysqld",
    "nagios",
    "named",
    "nginx",
    "ntpd",
    "opendkim",
    "php-fpm",
    "postfix",
    "proftpd",
    "pure-ftpd",
    "radiusd",
    "rsyslogd",
    "saslauthd",
    "slapd",
    "snmpd",
    "squid",
    "sshd",
    "supervisord",
    "systemd",
    "tor",
    "unbound",
    "varnishd",
    "vsftpd",
    "zabbix_agentd",
    "zabbix_server",
];

fn check(container: &Container<'_>, cx: &mut Context<'_>) {
    let Some(user) = container.root_user() else { return };
    let Some((plan, stage)) = container.target() else { return };
    let may_step_down = stage.config.entrypoint.is_some() && installs_step_down(plan, stage);
    if user.set_by == SetBy::Service || may_step_down || starts_own_user(plan) || names_own_user(plan, stage)
    {
        return;
    }
    for index in plan.chain(stage.index).flat_map(|stage| stage.instructions.clone()) {
        let is_run = plan.instruction(index).is_some_and(|run| matches!(run.kind, InstructionKind::Run(_)));
        if !is_run {
            continue;
        }
        let created = plan.programs(index).iter().find_map(|program| {
            // The engine's user for namespaces, which nothing runs as.
            let is_remap = program.args().iter().any(|word| word.is("dockremap"));
            if is_remap || !matches!(program.name(), Some("useradd" | "adduser")) {
                return None;
            }
            let mut created = program.args().iter().filter_map(|word| {
                let name = evaluate(word, plan.variables_at(index))?;
                let account = stage.accounts.known.get(&name)?;
                let here = account.origin.is_some_and(|origin| origin.instruction == index);
                (here && account.uid != Some(0)).then_some(name)
            });
            Some((program.span(), created.next_back()?))
        });
        if let Some((span, name)) = created {
            let file = &plan.dockerfile.file;
            let mut draft = cx
                .report(
                    Place::new(file, span),
                    format!("the user `{name}` is created, and the container runs as root"),
                )
                .supersedes_at("missing-user", Place::new(file, stage.base_span));
            if let Some(key) = container.service_key() {
                draft = draft.label(key, "which this service runs");
            }
            // The number, where it is known: everybody can tell it from root.
            let uid = stage.accounts.known.get(&name).and_then(|account| account.uid);
            let user = uid.map_or(name.clone(), |uid| uid.to_string());
            let edit = user_edit(plan, stage, &user);
            draft.help(format!("end the stage with `USER {name}`")).maybe_fix(Fix::of(
                format!("End the stage with `USER {user}`"),
                Applicability::Unsafe,
                [edit],
            ));
            return;
        }
    }
}

/// Whether the image gets a program that serves to leave root and for nothing else. With an entrypoint that cannot be
/// read, that is where the user is used: Gitea's image installs `su-exec` for the services below its `/usr/bin/entrypoint`.
fn installs_step_down(plan: &BuildPlan, stage: &Stage) -> bool {
    let mut instructions = plan.chain(stage.index).flat_map(|stage| stage.instructions.clone());
    instructions.any(|index| {
        let mut words = plan.programs(index).iter().flat_map(Program::args);
        words.any(|word| word.is("gosu") || word.is("su-exec"))
    })
}

/// Whether it starts a program that changes to a user of its own.
fn starts_own_user(plan: &BuildPlan) -> bool {
    started(plan).any(|program| {
        let name = program.name().unwrap_or_default();
        let name = name.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
        let is_called = |own: &&str| program.invocation().words.first().is_some_and(|word| word.is(own));
        OWN_USERS.contains(&name) || OWN_USERS.iter().any(is_called)
    })
}

/// Whether a command of the image names one of its users: that one may be changed to.
fn names_own_user(plan: &BuildPlan, stage: &Stage) -> bool {
    // `ONBUILD USER app`: the images that are built on this one use it.
    let used_later = plan.chain(stage.index).flat_map(|stage| stage.instructions.clone()).any(|index| {
        matches!(plan.instruction(index).map(|i| &i.kind), Some(InstructionKind::Onbuild(Some(trigger)))
            if matches!(trigger.kind, InstructionKind::User(_)))
    });
    let names_own = |text: &str| {
        let name = text.split('=').next_back().unwrap_or_default();
        let name = name.split(':').next().unwrap_or_default();
        name != "root" && stage.accounts.known.get(name).is_some_and(|account| account.origin.is_some())
    };
    let mut words = started(plan).flat_map(Program::args);
    used_later || words.any(|word| word.literal_text().is_some_and(|text| names_own(&text)))
}

/// What the image starts.
fn started(plan: &BuildPlan) -> impl Iterator<Item = &Program> {
    plan.started().flat_map(|origin| plan.programs(origin.instruction))
}
