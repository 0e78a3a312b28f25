//! A container as it would run.

use std::collections::HashSet;
use std::sync::Arc;

use lint_parser::compose::value::{Certainty, Origin};

use crate::model::build::BuildPlan;
use crate::model::build::stage::Stage;
use crate::model::container::{Container, Image};
use crate::model::project::security_options;
use crate::policies::language::value::{Data, Fields, Value};
use crate::policies::view::field::{Field, Shape, field};
use crate::policies::view::image;
use crate::policies::view::kind::Kind;
use crate::policies::view::parts;
use crate::policies::view::read::{self, Said, expanded, in_dockerfile, of_list, sorted, text};
use crate::policies::view::running;
use crate::policies::view::stage::{self, StageView};

const RESTARTS: &[&str] = &["no", "always", "on-failure", "unless-stopped"];
const SETTERS: &[&str] = &["service", "dockerfile", "image"];

pub(crate) const CONTAINER: &[Field] = &[
    field("name", Shape::Text, "The service's name; of a Dockerfile by itself the name of its target."),
    field("dockerfile", Shape::Text, "The Dockerfile it is built from; empty where an image is pulled."),
    field("user", Shape::One(Kind::User), "Who its program runs as."),
    field("image", Shape::One(Kind::Image), "What it runs."),
    field(
        "base",
        Shape::One(Kind::Image),
        "What the image that is built starts from; the image itself where it is pulled.",
    ),
    field("stage", Shape::One(Kind::Stage), "The stage that becomes the image, where it is built."),
    field("stages", Shape::Many(Kind::Stage), "All stages of the Dockerfile."),
    field("privileged", Shape::Bool, "Whether it has all capabilities and devices of the host."),
    field(
        "capabilities",
        Shape::Texts,
        "The capabilities it is given, without `CAP_`: Docker's own, more `cap_add`, less `cap_drop`.",
    ),
    field("no_new_privileges", Shape::Bool, "Whether programs gain nothing by being set-uid."),
    field("seccomp", Shape::Text, "The seccomp profile; empty for Docker's own, `unconfined` for none."),
    field("apparmor", Shape::Text, "The AppArmor profile; empty for Docker's own, `unconfined` for none."),
    field("security_options", Shape::Texts, "`security_opt` as it is written."),
    field("read_only", Shape::Bool, "Whether its root file system is read-only."),
    field("mounts", Shape::Many(Kind::Mount), "What it mounts: `volumes` and `tmpfs`."),
    field("devices", Shape::Many(Kind::Device), "The devices of the host it has."),
    field("ports", Shape::Many(Kind::Port), "What it publishes on the host."),
    field("exposes", Shape::Texts, "What its image says it listens on, as `80/tcp`."),
    field("limits", Shape::One(Kind::Limits), "How much of the host it may use up."),
    field("variables", Shape::Many(Kind::Variable), "Its environment, with who sets what."),
    field("environment", Shape::TextMap, "The same as names and values; values of secrets are withheld."),
    field("labels", Shape::TextMap, "Its labels, those of an image that is built included."),
    field("health", Shape::One(Kind::Health), "How the engine sees that it works."),
    field("logging", Shape::One(Kind::Logging), "Where its output goes."),
    field("restart", Shape::Word(RESTARTS), "When it is restarted; `no` where nothing is said."),
    field("restart_most", Shape::Int, "How often, of `on-failure:5`; 0 for no bound."),
    field("network_mode", Shape::Text, "`host`, `none`, `bridge`, `service:…`, or empty."),
    field("networks", Shape::Texts, "The networks it is in, as the project calls them."),
    field("pid", Shape::Text, "Its PID namespace: `host`, or empty."),
    field("ipc", Shape::Text, "Its IPC namespace: `host`, or empty."),
    field("uts", Shape::Text, "Its UTS namespace: `host`, or empty."),
    field("userns", Shape::Text, "Its user namespace: `host`, or empty."),
    field("cgroup", Shape::Text, "Its cgroup namespace: `host`, `private`, or empty."),
    field("runtime", Shape::Text, "The engine's runtime, where one is named."),
    field("init", Shape::Bool, "Whether an init process runs as PID 1."),
    field("entrypoint", Shape::Texts, "What it runs: the service's words, else the image's."),
    field("command", Shape::Texts, "What that is given: the service's words, else the image's."),
    field("workdir", Shape::Text, "The directory it starts in."),
    field("stop_signal", Shape::Text, "The signal that stops it, where one is named."),
    field("stop_seconds", Shape::Double, "How long it has until it is killed."),
    field("sysctls", Shape::TextMap, "Kernel parameters of its namespaces."),
    field("programs", Shape::Many(Kind::Program), "What the service and the image it builds run."),
    field("files", Shape::Many(Kind::File), "What the image that is built copies."),
    field("packages", Shape::Many(Kind::Package), "What the image that is built has installed by name."),
];

pub(crate) const USER: &[Field] = &[
    field("text", Shape::Text, "As it is written: `app`, `1000:1000`; empty where nobody says any."),
    field("name", Shape::Text, "The part before the colon."),
    field("group", Shape::Text, "The part behind it."),
    field("uid", Shape::Int, "The number of the user."),
    field("root", Shape::Bool, "Whether it starts as root."),
    field(
        "steps_down",
        Shape::Bool,
        "Whether the program leaves root by itself, as an entrypoint with `gosu` does.",
    ),
    field("set_by", Shape::Word(SETTERS), "Who says so."),
];

pub(crate) const LIMITS: &[Field] = &[
    field("memory", Shape::Int, "Memory in bytes; 0 for no limit."),
    field("cpus", Shape::Double, "Processors; 0 for no limit."),
    field("pids", Shape::Int, "Processes and threads; 0 for no limit."),
];

pub(crate) const HEALTH: &[Field] = &[
    field("checked", Shape::Bool, "Whether there is a health check, the service's own or the image's."),
    field("test", Shape::Texts, "The words of the service's own check."),
    field("interval_seconds", Shape::Double, "The time between two checks, where the service sets it."),
    field("timeout_seconds", Shape::Double, "How long a check may take, where the service sets it."),
    field("retries", Shape::Int, "How many failures make it unhealthy, where the service sets it."),
];

pub(crate) const LOGGING: &[Field] = &[
    field("driver", Shape::Text, "The driver; empty for the engine's own."),
    field("options", Shape::TextMap, "Its options."),
];

/// The fields that a service alone says.
const FIELDS_OF_SERVICE: [&str; 13] = [
    "restart",
    "restart_most",
    "network_mode",
    "networks",
    "pid",
    "ipc",
    "uts",
    "userns",
    "cgroup",
    "runtime",
    "init",
    "stop_seconds",
    "sysctls",
];

/// A container.
#[derive(Clone, Copy)]
pub(crate) struct ContainerView<'a> {
    pub(crate) container: &'a Container<'a>,
}

impl<'a> ContainerView<'a> {
    pub(crate) fn said(&self) -> Option<Said<'a>> {
        let of = self.container.service?;
        Some(Said { project: of.project, service: of.service })
    }

    fn target(&self) -> Option<(&'a BuildPlan, &'a Stage)> {
        self.container.target()
    }

    /// What only whoever starts it can say: of a Dockerfile by itself nobody knows it.
    fn of_service(&self, read: impl Fn(Said<'a>) -> Value<'a>) -> Value<'a> {
        self.said().map_or_else(Value::unknown, read)
    }

    fn image(&self) -> Value<'a> {
        let named = image::Named { usage: "service", ..image::Named::default() };
        let written = self.said().and_then(|said| {
            let image = said.service.spec.image.as_ref()?;
            Some((image, read::source(said.project, image.origin, image.via, image.value.certainty)))
        });
        let is_built = !matches!(self.container.image, Image::Named { .. })
            && (self.said().is_none_or(|said| said.service.spec.build.is_some())
                || matches!(self.container.image, Image::Built { .. }));
        let named = image::Named { is_built, ..named };
        match written {
            Some((image, at)) if image.value.is_unknown() => image::unknown(named, Some(at), None),
            Some((image, at)) => image::of(image.value.as_str(), named, Some(at)),
            None => image::none(named, false, None),
        }
    }

    fn labels(&self) -> Value<'a> {
        let mut all: Vec<(Arc<str>, Value<'a>)> = Vec::new();
        if let Some(said) = self.said() {
            all.extend(said.service.labels().iter().map(|label| {
                let value = match &label.value {
                    None => Value::text("").at(read::source(
                        said.project,
                        label.origin,
                        label.via,
                        Certainty::Known,
                    )),
                    Some(_) => said.pair(label),
                };
                (Arc::from(label.name.as_str()), value)
            }));
        }
        if let Some((plan, target)) = self.target()
            && let Data::Map(of_image) = stage::labels(plan, target).data
        {
            for (name, value) in of_image.iter() {
                if !all.iter().any(|(own, _)| own == name) {
                    all.push((Arc::clone(name), value.clone()));
                }
            }
        }
        let map = sorted(all);
        self.said().map_or(map.clone(), |said| said.checked("labels", map))
    }

    /// Its environment: name, value, who sets it.
    fn pairs(&self) -> Vec<(Arc<str>, Value<'a>, &'static str)> {
        let mut all: Vec<(Arc<str>, Value<'a>, &'static str)> = Vec::new();
        if let Some(said) = self.said() {
            let own = said.service.spec.environment.as_ref();
            for variable in said.service.environment() {
                let is_own = own.is_some_and(|own| own.value.get(variable.name.as_str()).is_some());
                let from = if is_own { "environment" } else { "env_file" };
                all.push((variable.name.as_str().into(), said.pair(&variable), from));
            }
        }
        if let Some((plan, target)) = self.target() {
            let known: HashSet<Arc<str>> = all.iter().map(|(name, ..)| Arc::clone(name)).collect();
            for (name, set) in target.config.env.iter() {
                if !known.contains(name) {
                    all.push((name.into(), expanded(plan, &set.value, set.origin), "image"));
                }
            }
        }
        all
    }

    /// The parts of a list: `mounts`, `ports`, `variables`.
    pub(crate) fn listed(&self, name: &str) -> Vec<Value<'a>> {
        match self.get(name).map(|value| value.data) {
            Some(Data::List(values)) => values.to_vec(),
            _ => Vec::new(),
        }
    }

    /// The image that a service names, where it names one.
    pub(crate) fn image_named(&self) -> Option<Value<'a>> {
        self.said()?.service.spec.image.as_ref()?;
        Some(self.image())
    }

    fn variables(&self) -> Vec<Value<'a>> {
        self.pairs().into_iter().map(|(name, value, from)| parts::variable(&name, value, from)).collect()
    }

    fn programs(&self) -> Value<'a> {
        let mut all = Vec::new();
        if let Some(said) = self.said() {
            all.extend(said.service.programs().iter().map(|program| {
                let origin = program.file.map(|source| Origin { source, span: program.span() });
                let at = origin.map_or_else(|| said.source(said.service.key), |origin| said.source(origin));
                stage::program(program, at)
            }));
        }
        if let Some((plan, target)) = self.target() {
            let stages = plan.chain(target.index).map(|stage| StageView { plan, stage });
            all.extend(stages.flat_map(StageView::instructions).flat_map(stage::InstructionView::programs));
        }
        Value::list(all)
    }

    fn packages(&self) -> Value<'a> {
        let Some((plan, target)) = self.target() else { return Value::list(Vec::new()) };
        let stages = plan.chain(target.index).map(|stage| StageView { plan, stage });
        Value::list(
            stages.flat_map(StageView::instructions).flat_map(stage::InstructionView::packages).collect(),
        )
    }

    /// What the service is called, or the stage where there is none.
    fn name(&self) -> Value<'a> {
        match (self.said(), self.target()) {
            (Some(said), _) => Value::text(&said.service.name).at(said.source(said.service.key)),
            (None, Some((plan, stage))) => {
                let name = stage.name.as_deref().unwrap_or_default();
                Value::text(name).at(in_dockerfile(plan, stage.from_span))
            }
            _ => Value::text(""),
        }
    }
}

impl<'a> Fields<'a> for ContainerView<'a> {
    fn kind(&self) -> Kind {
        Kind::Container
    }

    fn get(&self, name: &str) -> Option<Value<'a>> {
        let service = |read: &dyn Fn(Said<'a>) -> Value<'a>| self.of_service(read);
        let target = self.target();
        Some(match name {
            "name" => self.name(),
            "dockerfile" => match self.container.image.plan() {
                Some(plan) => Value::text(plan.dockerfile.file.name()),
                None => Value::text(""),
            },
            "user" => running::user(self.container),
            "image" => self.image(),
            "base" => match target {
                Some((plan, stage)) => StageView { plan, stage }.base(),
                None => self.image(),
            },
            "stage" => match target {
                Some((plan, stage)) => Value::asked(StageView { plan, stage }),
                None => Value::unknown(),
            },
            "stages" => {
                let plan = self.container.image.plan();
                let stages =
                    plan.iter().flat_map(|plan| plan.stages.iter().map(|stage| StageView { plan, stage }));
                Value::list(stages.map(Value::asked).collect())
            }
            "privileged" => service(&|said| said.switch("privileged", &said.service.spec.privileged)),
            "capabilities" => service(&running::capabilities_of),
            "no_new_privileges" => service(&running::no_new_privileges),
            "seccomp" | "apparmor" => service(&|said| {
                let value = match security_options::last(said.service, name) {
                    Some((item, value)) => Value::text(value.as_str()).at(said.source(item.origin)),
                    None => Value::text(""),
                };
                said.checked("security_opt", value)
            }),
            "security_options" => service(&|said| {
                let field = said.service.spec.security_opt.as_ref();
                let options = field.iter().flat_map(|field| &field.value.items);
                let all = options.map(|item| text(said.project, &item.value.text, None));
                let list = Value::list(all.collect()).at(field.map(|field| of_list(said.project, field)));
                said.checked("security_opt", list)
            }),
            "read_only" => service(&|said| said.switch("read_only", &said.service.spec.read_only)),
            "mounts" => service(&parts::mounts),
            "devices" => service(&parts::devices),
            "ports" => service(&parts::ports),
            "exposes" => match target {
                Some((plan, stage)) => StageView { plan, stage }.get("exposes")?,
                None => Value::list(Vec::new()),
            },
            "limits" => service(&running::limits),
            "variables" => Value::list(self.variables()),
            "environment" => {
                let pairs = self.pairs().into_iter();
                sorted(
                    pairs
                        .map(|(name, value, _)| (Arc::clone(&name), read::withheld(&name, value).0))
                        .collect(),
                )
            }
            "labels" => self.labels(),
            "health" => running::health(self.container),
            "logging" => service(&running::logging),
            "programs" => self.programs(),
            "packages" => self.packages(),
            "files" => {
                let chain = target.into_iter().flat_map(|(plan, stage)| {
                    plan.chain(stage.index).flat_map(move |stage| stage::files(plan, stage))
                });
                Value::list(chain.collect())
            }
            "entrypoint" | "command" | "workdir" | "stop_signal" => running::start(self.said(), target, name),
            _ if !FIELDS_OF_SERVICE.contains(&name) => return None,
            _ => match self.said() {
                Some(said) => running::of_service(said, name)?,
                None => Value::unknown(),
            },
        })
    }
}
