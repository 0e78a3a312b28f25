//! What a container is told when it is started: who runs, what it may do, namespaces, its first program.

use lint_parser::compose::ast::field::{Attribute, List, Text};
use lint_parser::compose::ast::scalar::{ByteSize, Decimal};
use lint_parser::compose::value::Certainty;

use crate::model::build::BuildPlan;
use crate::model::build::stage::Stage;
use crate::model::build::user::{Accounts, UserKind, atoi};
use crate::model::container::health::{self, Health};
use crate::model::container::runtime_user::SetBy;
use crate::model::container::step_down::StepDown;
use crate::model::container::{Container, Image};
use crate::model::known::capabilities::{self, Capability, KnownCapability, Power};
use crate::policies::language::value::{Data, Source, Value};
use crate::policies::view::kind::Kind;
use crate::policies::view::parts::seconds;
use crate::policies::view::read::{self, Said, cast, in_dockerfile, of_list, setting, sorted, text};
use crate::policies::view::stage;

/// Who runs in a container.
pub(crate) fn user<'a>(container: &Container<'a>) -> Value<'a> {
    let user = &container.user;
    let at: Option<Source> = container.user_place().map(Source::at);
    let here = |value: Value<'a>| value.at(at.clone());
    let service = container.service.map(|of| of.service);
    let is_open =
        service.is_some_and(|service| service.fragment || !service.complete) && user.set_by != SetBy::Service;
    let written = user.text.as_deref().unwrap_or_default();
    // In `1000:${GID}` the user is known although the whole is not.
    let is_decided = !is_open && user.kind != UserKind::Unknown;
    let is_known = is_decided && user.unset.is_empty();
    let known = |value: Value<'a>| here(if is_known { value } else { Value::unknown() });
    let decided = |value: Value<'a>| here(if is_decided { value } else { Value::unknown() });
    let (name, group) = written.split_once(':').unwrap_or((written, ""));
    let root = match &user.kind {
        UserKind::Root(_) => Value::bool(true),
        UserKind::NotRoot => Value::bool(false),
        UserKind::Invalid(_) | UserKind::Unknown => Value::unknown(),
    };
    let uid = match (&user.kind, atoi(name)) {
        (UserKind::Root(_), _) => Some(0),
        (_, Some(uid)) => Some(uid),
        (_, None) => account(container, name),
    };
    let steps_down = match (&user.kind, &user.step_down) {
        (UserKind::Root(_), StepDown::Yes { .. }) => Value::bool(true),
        (UserKind::Root(_), StepDown::Unknown) => Value::unknown(),
        _ => Value::bool(false),
    };
    let set_by = match user.set_by {
        SetBy::Service => "service",
        SetBy::Instruction(_) => "dockerfile",
        SetBy::Base => "image",
    };
    Value::record(
        Kind::User,
        vec![
            ("text", known(Value::text(written))),
            ("name", decided(Value::text(name))),
            ("group", known(Value::text(group))),
            ("uid", decided(uid.map_or_else(Value::unknown, |uid| Value::int(uid).set(true)))),
            ("root", decided(root)),
            ("steps_down", decided(steps_down)),
            ("set_by", here(Value::text(set_by))),
        ],
    )
    .set(!written.is_empty())
    .at(at.clone())
}

/// The number of a user by name, in the image that it runs in.
fn account(container: &Container<'_>, name: &str) -> Option<i64> {
    match &container.image {
        Image::Built { plan, .. } => plan.target_stage()?.accounts.known.get(name)?.uid,
        Image::Named { facts, .. } => Accounts::of_image((*facts)?).known.get(name)?.uid,
        _ => None,
    }
}

/// The capabilities that the engine gives a container, worked out as it does.
pub(crate) fn capabilities_of(said: Said<'_>) -> Value<'_> {
    let spec = &said.service.spec;
    let privileged = said.switch("privileged", &spec.privileged);
    let (add, drop) = (said.texts("cap_add", &spec.cap_add), said.texts("cap_drop", &spec.cap_drop));
    let sources = privileged.sources.and(&add.sources).and(&drop.sources);
    let known = (privileged.as_bool(), names(&spec.cap_add), names(&spec.cap_drop));
    let (Some(is_privileged), Some(added), Some(dropped)) = known else {
        return Value::unknown().with(sources);
    };
    if add.is_unknown() || drop.is_unknown() {
        return Value::unknown().with(sources);
    }
    let given = |known: &'static KnownCapability| {
        let one = Capability::One(known);
        if is_privileged {
            true
        } else if added.contains(&Capability::All) {
            !dropped.contains(&one)
        } else if dropped.contains(&Capability::All) {
            added.contains(&one)
        } else {
            added.contains(&one) || known.power == Power::Default && !dropped.contains(&one)
        }
    };
    let all = capabilities::all().filter(|known| given(known)).map(|known| Value::text(known.name));
    Value::list(all.collect()).with(sources)
}

/// The capabilities of a list; `None` where a variable decides.
fn names(field: &Attribute<List<Text>>) -> Option<Vec<Capability>> {
    let Some(field) = field else { return Some(Vec::new()) };
    let items = &field.value.items;
    let is_unknown = items.iter().any(|item| item.value.is_unknown());
    let known = items.iter().filter_map(|item| capabilities::capability(item.value.as_str()));
    (!is_unknown).then(|| known.collect())
}

/// Whether programs gain nothing by being set-uid.
pub(crate) fn no_new_privileges(said: Said<'_>) -> Value<'_> {
    let mut value = Value::bool(false);
    for item in said.service.spec.security_opt.iter().flat_map(|options| &options.value.items) {
        let at = said.source(item.origin);
        if item.value.key.is_unknown() {
            value = Value::unknown().at(at);
        } else if item.value.key.as_str() == "no-new-privileges" {
            let read = match &item.value.value {
                None => Value::bool(true),
                Some(text) if text.is_unknown() => Value::unknown(),
                Some(text) => {
                    Value::bool(matches!(text.as_str(), "true" | "True" | "TRUE" | "1" | "t" | "T"))
                }
            };
            value = read.at(at);
        }
    }
    said.checked("security_opt", value)
}

/// How much of the host a container may use up. Compose refuses two limits that contradict each other.
pub(crate) fn limits(said: Said<'_>) -> Value<'_> {
    let (spec, project) = (&said.service.spec, said.project);
    let resources = spec.deploy.as_ref().and_then(|deploy| deploy.value.resources.as_ref());
    let deployed =
        resources.and_then(|resources| resources.value.limits.as_ref()).map(|limits| &limits.value);
    let bytes = |size: &ByteSize| Value::int(size.0.max(0));
    let number = |count: &i64| Value::int((*count).max(0));
    let decimal = |count: &Decimal| Value::double(count.0.max(0.0));
    let memory = cast(project, &spec.mem_limit, bytes)
        .or_else(|| cast(project, &deployed?.memory, bytes))
        .unwrap_or_else(|| said.checked("mem_limit", Value::int(0)));
    let cpus = cast(project, &spec.cpus, decimal)
        .or_else(|| cast(project, &deployed?.cpus, decimal))
        .unwrap_or_else(|| said.checked("cpus", Value::double(0.0)));
    let pids = cast(project, &spec.pids_limit, number)
        .or_else(|| cast(project, &deployed?.pids, number))
        .unwrap_or_else(|| said.checked("pids_limit", Value::int(0)));
    let fields = [("memory", memory), ("cpus", cpus), ("pids", pids)];
    Value::record(Kind::Limits, fields.map(|(name, value)| (name, bounded(value))).into())
}

/// A limit of nothing is none.
fn bounded(value: Value<'_>) -> Value<'_> {
    let is_set = match value.data {
        Data::Int(number) => number != 0,
        Data::Double(number) => number != 0.0,
        _ => true,
    };
    value.set(is_set)
}

/// How the engine sees that a container works.
pub(crate) fn health<'a>(container: &Container<'a>) -> Value<'a> {
    let of = container.service.map(|of| Said { project: of.project, service: of.service });
    let own = of.and_then(|said| Some((said, said.service.spec.healthcheck.as_ref()?)));
    let checked = match health::of(container) {
        Health::Checked => Value::bool(true),
        Health::Absent(_) => Value::bool(false),
        Health::Disabled(place) => Value::bool(false).set(true).at(Source::at(place)),
        Health::Open(_) | Health::Unknown => Value::unknown(),
    };
    let checked = match own {
        Some((said, check)) if checked.sources.is_empty() => checked.at(of_list(said.project, check)),
        _ => checked,
    };
    let mut fields = vec![("checked", checked)];
    let test = own.and_then(|(said, check)| read::command(said.project, &check.value.test));
    fields.push(("test", test.unwrap_or_else(|| Value::list(Vec::new()))));
    let time = |pick: fn(
        &lint_parser::compose::ast::lifecycle::Healthcheck,
    ) -> &Attribute<
        lint_parser::compose::ast::field::Cast<lint_parser::compose::ast::scalar::Nanoseconds>,
    >| {
        let value = own.and_then(|(said, check)| cast(said.project, pick(&check.value), seconds));
        value.unwrap_or_else(|| Value::double(0.0))
    };
    fields.push(("interval_seconds", time(|check| &check.interval)));
    fields.push(("timeout_seconds", time(|check| &check.timeout)));
    let retries =
        own.and_then(|(said, check)| cast(said.project, &check.value.retries, |count| Value::int(*count)));
    fields.push(("retries", retries.unwrap_or_else(|| Value::int(0))));
    Value::record(Kind::Health, fields)
}

/// Where the output goes.
pub(crate) fn logging(said: Said<'_>) -> Value<'_> {
    let Some(field) = &said.service.spec.logging else {
        let nothing = vec![("driver", Value::text("")), ("options", Value::map(Vec::new()))];
        return said.checked("logging", Value::record(Kind::Logging, nothing).set(false));
    };
    let options = field.value.options.iter().flat_map(|options| options.value.iter());
    let options = options.map(|(name, option)| {
        let value = match &option.value {
            Some(option) => text(said.project, &option.0, None),
            None => Value::text(""),
        };
        (name.into(), value)
    });
    let fields = vec![
        ("driver", read::field(said.project, &field.value.driver)),
        ("options", sorted(options.collect())),
    ];
    Value::record(Kind::Logging, fields).at(of_list(said.project, field))
}

/// What is started, where, and what stops it: what the service says, else what its image says.
pub(crate) fn start<'a>(
    said: Option<Said<'a>>,
    target: Option<(&'a BuildPlan, &'a Stage)>,
    name: &str,
) -> Value<'a> {
    let spec = said.map(|said| (said, &said.service.spec));
    let own = spec.and_then(|(said, spec)| match name {
        "entrypoint" => read::command(said.project, &spec.entrypoint),
        "command" => read::command(said.project, &spec.command),
        "workdir" => spec.working_dir.as_ref().map(|field| text(said.project, &field.value, field.via)),
        _ => spec.stop_signal.as_ref().map(|field| text(said.project, &field.value, field.via)),
    });
    if let Some(own) = own {
        return own;
    }
    // Another entrypoint takes the image's command away.
    let is_cleared = name == "command" && spec.is_some_and(|(_, spec)| spec.entrypoint.is_some());
    let of_image = match target {
        _ if is_cleared => Value::list(Vec::new()),
        Some((plan, stage)) => match name {
            "entrypoint" => stage::command(plan, stage.config.entrypoint.as_ref()),
            "command" => stage::command(plan, stage.config.cmd.as_ref()),
            "workdir" => match &stage.config.workdir {
                Some(set) => {
                    let value = set.value.as_deref().map_or_else(Value::unknown, Value::text);
                    value.at(in_dockerfile(plan, set.origin.span))
                }
                None => stage.config.base_workdir.map_or_else(Value::unknown, Value::text),
            },
            _ => setting(plan, stage.config.stopsignal.as_ref()),
        },
        None => Value::unknown(),
    };
    match said {
        Some(said) => said.checked(name, of_image),
        None => of_image,
    }
}

/// What a service alone says; `None` where there is no such field.
pub(crate) fn of_service<'a>(said: Said<'a>, name: &str) -> Option<Value<'a>> {
    let spec = &said.service.spec;
    Some(match name {
        "restart" => restart(said, false),
        "restart_most" => restart(said, true),
        "network_mode" => said.field("network_mode", &spec.network_mode),
        "networks" => networks(said),
        "pid" => {
            let value = match spec.pid.as_ref().map(|field| (field, &field.value)) {
                Some((field, Some(pid))) => text(said.project, pid, field.via),
                _ => Value::text(""),
            };
            said.checked("pid", value)
        }
        "ipc" => said.field("ipc", &spec.ipc),
        "uts" => said.field("uts", &spec.uts),
        "userns" => said.field("userns_mode", &spec.userns_mode),
        "cgroup" => {
            let value = cast(said.project, &spec.cgroup, |namespace| Value::text(namespace.word()));
            said.checked("cgroup", value.unwrap_or_else(|| Value::text("")))
        }
        "runtime" => said.field("runtime", &spec.runtime),
        "init" => said.switch("init", &spec.init),
        "stop_seconds" => {
            let value = cast(said.project, &spec.stop_grace_period, seconds);
            said.checked("stop_grace_period", value.unwrap_or_else(|| Value::double(10.0).set(false)))
        }
        "sysctls" => {
            let pairs = spec.sysctls.iter().flat_map(|field| &field.value.items);
            let pairs = pairs.map(|pair| {
                let value = pair
                    .value
                    .as_ref()
                    .map_or_else(Value::unknown, |value| text(said.project, value, pair.via));
                (pair.name.as_str().into(), value)
            });
            said.checked("sysctls", sorted(pairs.collect()))
        }
        _ => return None,
    })
}

/// When a container is restarted, or how often. What `deploy` says wins.
fn restart(said: Said<'_>, is_count: bool) -> Value<'_> {
    let spec = &said.service.spec;
    let deployed = spec.deploy.as_ref().and_then(|deploy| deploy.value.restart_policy.as_ref());
    if let Some(policy) = deployed.map(|policy| &policy.value) {
        if is_count {
            let count = cast(said.project, &policy.max_attempts, |count| Value::int(*count));
            return count.unwrap_or_else(|| Value::int(0));
        }
        let condition = policy.condition.as_ref();
        let at =
            condition.map(|field| read::source(said.project, field.origin, field.via, field.value.certainty));
        let value = match condition.map(|field| &field.value) {
            Some(text) if text.is_unknown() => Value::unknown(),
            Some(text) if text.as_str() == "none" => Value::text("no"),
            Some(text) if text.as_str() == "on-failure" => Value::text("on-failure"),
            _ => Value::text("always"),
        };
        return value.at(at);
    }
    let Some(field) = &spec.restart else {
        let none = if is_count { Value::int(0) } else { Value::text("no").set(false) };
        return said.checked("restart", none);
    };
    let at = read::source(said.project, field.origin, field.via, field.value.certainty);
    if field.value.is_unknown() {
        return Value::unknown().at(at);
    }
    let (word, count) = field.value.as_str().split_once(':').unwrap_or((field.value.as_str(), ""));
    let value = match is_count {
        true => Value::int(count.parse().unwrap_or(0)),
        false if word.is_empty() => Value::text("no"),
        false => Value::text(word),
    };
    value.at(at)
}

fn networks(said: Said<'_>) -> Value<'_> {
    let spec = &said.service.spec;
    let Some(field) = &spec.networks else {
        let own = if spec.network_mode.is_some() { Vec::new() } else { vec![Value::text("default")] };
        return said.checked("networks", Value::list(own).set(false));
    };
    let names = field.value.entries.iter().map(|entry| {
        Value::text(&entry.name).at(read::source(said.project, entry.field.key, field.via, Certainty::Known))
    });
    Value::list(names.collect()).at(of_list(said.project, field))
}
