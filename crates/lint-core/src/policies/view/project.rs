//! Projects and their services, as the files say them.

use std::sync::Arc;

use lint_parser::compose::value::Certainty;

use crate::model::container::Container;
use crate::model::project::Project;
use crate::model::project::input::InputKind;
use crate::model::project::service::Service;
use crate::policies::language::value::{Fields, Source, Value};
use crate::policies::view::container::ContainerView;
use crate::policies::view::field::{Field, Shape, field};
use crate::policies::view::kind::Kind;
use crate::policies::view::read::{self, Said, cast, of_list, sorted, text};
use crate::policies::view::running;

const KINDS: &[&str] = &[
    "compose",
    "command",
    "service-create",
    "quadlet",
    "devcontainer",
    "pipeline",
    "bake",
    "build",
    "kubernetes",
    "dockerfile",
];

pub(crate) const PROJECT: &[Field] = &[
    field("path", Shape::Text, "Its first file, or the Dockerfile; from the directory of the configuration."),
    field("directory", Shape::Text, "The directory of that file."),
    field("files", Shape::Texts, "All its files."),
    field("kind", Shape::Word(KINDS), "What its containers are written as."),
    field("name", Shape::Text, "The name it gives itself; empty where it gives none."),
    field("services", Shape::Many(Kind::Service), "Its services, those of every profile."),
    field("networks", Shape::Many(Kind::Network), "The networks it declares."),
    field("volumes", Shape::Many(Kind::Volume), "The volumes it declares."),
    field("secrets", Shape::Many(Kind::Secret), "The secrets it declares."),
    field("configs", Shape::Many(Kind::Secret), "The configs it declares."),
];

pub(crate) const SERVICE: &[Field] = &[
    field("name", Shape::Text, "Its name."),
    field("container", Shape::One(Kind::Container), "The container that it starts."),
    field(
        "build",
        Shape::One(Kind::Build),
        "How its image is built; `has(service.build)` tells whether it is.",
    ),
    field("profiles", Shape::Texts, "The profiles that start it; always where there are none."),
    field("labels", Shape::TextMap, "The labels that it sets."),
    field("deploy_labels", Shape::TextMap, "The labels of the service itself, under `deploy`."),
    field("annotations", Shape::TextMap, "Its annotations."),
    field("depends_on", Shape::Many(Kind::Dependency), "What must be there first."),
    field("env_files", Shape::Many(Kind::EnvFile), "Its files of variables."),
    field("container_name", Shape::Text, "The container's name, where it is given one."),
    field("hostname", Shape::Text, "The host name, where it is given one."),
    field("platform", Shape::Text, "The platform, where one is named."),
    field("pull_policy", Shape::Text, "When its image is pulled, where that is said."),
    field("replicas", Shape::Int, "How many containers it starts."),
    field("secrets", Shape::Texts, "The secrets it is granted."),
    field("configs", Shape::Texts, "The configs it is granted."),
    field("networks", Shape::Texts, "The networks it is in."),
];

pub(crate) const BUILD: &[Field] = &[
    field("context", Shape::Text, "The directory or address that is built, as it is written."),
    field("dockerfile", Shape::Text, "The Dockerfile, as it is written."),
    field("target", Shape::Text, "The stage that is asked for."),
    field("args", Shape::TextMap, "The build arguments; values of secrets are withheld."),
    field("tags", Shape::Texts, "Further names of the image."),
    field("platforms", Shape::Texts, "What it is built for."),
    field("network", Shape::Text, "The network of its `RUN`."),
    field("privileged", Shape::Bool, "Whether the build runs privileged."),
];

pub(crate) const DEPENDENCY: &[Field] = &[
    field("service", Shape::Text, "The other service."),
    field(
        "condition",
        Shape::Word(&["service_started", "service_healthy", "service_completed_successfully"]),
        "What is waited for.",
    ),
    field("required", Shape::Bool, "Whether it must be there at all."),
];

pub(crate) const ENV_FILE: &[Field] = &[
    field("path", Shape::Text, "The file, as it is written."),
    field("required", Shape::Bool, "Whether it must be there."),
];

pub(crate) const NETWORK: &[Field] = &[
    field("key", Shape::Text, "What the project calls it."),
    field("name", Shape::Text, "Its name in the engine, where the project gives one."),
    field("driver", Shape::Text, "Its driver; empty for the engine's own choice."),
    field("internal", Shape::Bool, "Whether it is cut off from the world."),
    field("external", Shape::Bool, "Whether somebody else makes it."),
    field("attachable", Shape::Bool, "Whether single containers may join."),
    field("labels", Shape::TextMap, "Its labels."),
];

pub(crate) const VOLUME: &[Field] = &[
    field("key", Shape::Text, "What the project calls it."),
    field("name", Shape::Text, "Its name in the engine, where the project gives one."),
    field("driver", Shape::Text, "Its driver; `local` where none is named."),
    field("options", Shape::TextMap, "The driver's options."),
    field("external", Shape::Bool, "Whether somebody else makes it."),
    field("labels", Shape::TextMap, "Its labels."),
];

pub(crate) const SECRET: &[Field] = &[
    field("key", Shape::Text, "What the project calls it."),
    field("file", Shape::Text, "The file that holds it."),
    field("variable", Shape::Text, "The environment variable that holds it."),
    field("external", Shape::Bool, "Whether somebody else makes it."),
];

/// A project, or a Dockerfile by itself.
#[derive(Clone)]
pub(crate) struct ProjectView<'a> {
    /// The first file, from the directory of the configuration.
    pub(crate) path: Arc<str>,
    pub(crate) project: Option<&'a Project>,
    /// The containers of its services, as far as they have been made.
    pub(crate) containers: &'a [Option<Container<'a>>],
}

/// A service.
#[derive(Clone, Copy)]
pub(crate) struct ServiceView<'a> {
    pub(crate) said: Said<'a>,
    pub(crate) container: Option<&'a Container<'a>>,
}

impl<'a> Fields<'a> for ProjectView<'a> {
    fn kind(&self) -> Kind {
        Kind::Project
    }

    fn get(&self, name: &str) -> Option<Value<'a>> {
        let directory = crate::files::directory(&self.path);
        let project = self.project;
        Some(match name {
            "path" => Value::text(&self.path),
            "directory" => Value::text(directory),
            "kind" => Value::text(project.map_or("dockerfile", |project| match project.input.kind {
                InputKind::Compose => "compose",
                InputKind::CommandLine => "command",
                InputKind::ServiceCreate => "service-create",
                InputKind::Quadlet => "quadlet",
                InputKind::DevContainer => "devcontainer",
                InputKind::Job | InputKind::PlainJob => "pipeline",
                InputKind::Bake => "bake",
                InputKind::Build => "build",
                InputKind::Kubernetes => "kubernetes",
            })),
            "files" => match project {
                Some(project) => Value::list(project.files.iter().map(|file| Value::text(file)).collect()),
                None => Value::list(vec![Value::text(&self.path)]),
            },
            "name" => match project.and_then(|project| Some((project, project.name.as_ref()?))) {
                Some((project, name)) => text(project, name, None),
                None => Value::text(""),
            },
            "services" => {
                let services = project.into_iter().flat_map(|project| {
                    project.services.iter().enumerate().map(move |(at, service)| ServiceView {
                        said: Said { project, service },
                        container: self.containers.get(at).and_then(Option::as_ref),
                    })
                });
                Value::list(
                    services
                        .map(|view| Value::asked(view).at(view.said.source(view.said.service.key)))
                        .collect(),
                )
            }
            "networks" => self.declared(networks),
            "volumes" => self.declared(volumes),
            "secrets" => self.declared(|project| {
                let all = project.spec.secrets.iter().flat_map(|all| &all.value.entries);
                all.map(|one| {
                    let spec = &one.field.value;
                    secret(project, one, &spec.file, &spec.environment, spec.external.as_deref())
                })
                .collect()
            }),
            "configs" => self.declared(|project| {
                let all = project.spec.configs.iter().flat_map(|all| &all.value.entries);
                all.map(|one| {
                    let spec = &one.field.value;
                    secret(project, one, &spec.file, &spec.environment, spec.external.as_deref())
                })
                .collect()
            }),
            _ => return None,
        })
    }
}

impl<'a> ProjectView<'a> {
    fn declared(&self, all: impl Fn(&'a Project) -> Vec<Value<'a>>) -> Value<'a> {
        match self.project {
            Some(project) if project.opaque => Value::unknown(),
            Some(project) => Value::list(all(project)),
            None => Value::list(Vec::new()),
        }
    }
}

use lint_parser::compose::ast::field::{Attribute, Field as Written, Named, Text};
use lint_parser::compose::ast::pairs::Pairs;
use lint_parser::compose::ast::resource::External;

fn key<'a, T>(project: &Project, one: &Named<T>) -> (Value<'a>, Source) {
    let at = read::source(project, one.field.key, one.field.via, Certainty::Known);
    (Value::text(&one.name).at(at.clone()), at)
}

fn is_external<'a>(project: &Project, field: Option<&Written<External>>) -> Value<'a> {
    let Some(field) = field else { return Value::bool(false) };
    field.value.is_external().map_or_else(Value::unknown, Value::bool).at(of_list(project, field))
}

/// The pairs of an attribute.
fn pairs<'a>(project: &Project, field: &Attribute<Pairs>) -> Value<'a> {
    let pairs = field.iter().flat_map(|field| &field.value.items).map(|pair| {
        let value = match &pair.value {
            Some(value) => text(project, value, pair.via),
            None => Value::text(""),
        };
        (Arc::from(pair.name.as_str()), read::withheld(pair.name.as_str(), value).0)
    });
    sorted(pairs.collect())
}

fn networks(project: &Project) -> Vec<Value<'_>> {
    let all = project.spec.networks.iter().flat_map(|all| &all.value.entries);
    let record = |one: &Named<lint_parser::compose::ast::network::Network>| {
        let ((name, at), spec) = (key(project, one), &one.field.value);
        Value::record(
            Kind::Network,
            vec![
                ("key", name),
                ("name", read::field(project, &spec.name)),
                ("driver", read::field(project, &spec.driver)),
                ("internal", read::switch(project, &spec.internal)),
                ("external", is_external(project, spec.external.as_deref())),
                ("attachable", read::switch(project, &spec.attachable)),
                ("labels", pairs(project, &spec.labels)),
            ],
        )
        .at(at)
    };
    all.map(record).collect()
}

fn volumes(project: &Project) -> Vec<Value<'_>> {
    let all = project.spec.volumes.iter().flat_map(|all| &all.value.entries);
    let record = |one: &Named<lint_parser::compose::ast::resource::Volume>| {
        let ((name, at), spec) = (key(project, one), &one.field.value);
        let options = spec.driver_opts.iter().flat_map(|options| options.value.iter());
        let options = options.map(|(name, option)| (name.into(), text(project, &option.value.0, option.via)));
        let driver = match &spec.driver {
            Some(driver) => text(project, &driver.value, driver.via),
            None => Value::text("local"),
        };
        Value::record(
            Kind::Volume,
            vec![
                ("key", name),
                ("name", read::field(project, &spec.name)),
                ("driver", driver),
                ("options", sorted(options.collect())),
                ("external", is_external(project, spec.external.as_deref())),
                ("labels", pairs(project, &spec.labels)),
            ],
        )
        .at(at)
    };
    all.map(record).collect()
}

fn secret<'a, T>(
    project: &Project,
    one: &Named<T>,
    file: &Attribute<Text>,
    variable: &Attribute<Text>,
    external: Option<&Written<External>>,
) -> Value<'a> {
    let (name, at) = key(project, one);
    Value::record(
        Kind::Secret,
        vec![
            ("key", name),
            ("file", read::field(project, file)),
            ("variable", read::field(project, variable)),
            ("external", is_external(project, external)),
        ],
    )
    .at(at)
}

impl<'a> Fields<'a> for ServiceView<'a> {
    fn kind(&self) -> Kind {
        Kind::Service
    }

    fn get(&self, name: &str) -> Option<Value<'a>> {
        let said = self.said;
        let (project, service): (&'a Project, &'a Service) = (said.project, said.service);
        let spec = &service.spec;
        Some(match name {
            "name" => Value::text(&service.name).at(said.source(service.key)),
            "container" => match self.container {
                Some(container) => Value::asked(ContainerView { container }).at(said.source(service.key)),
                None => Value::unknown(),
            },
            "build" => self.build(),
            "profiles" => said.texts("profiles", &spec.profiles),
            "labels" => {
                let labels = service.labels();
                let labels = labels.iter().map(|label| (Arc::from(label.name.as_str()), said.pair(label)));
                said.checked("labels", sorted(labels.collect()))
            }
            "deploy_labels" => {
                let labels = spec.deploy.as_ref().map(|deploy| pairs(project, &deploy.value.labels));
                said.checked("deploy", labels.unwrap_or_else(|| Value::map(Vec::new())))
            }
            "annotations" => said.checked("annotations", pairs(project, &spec.annotations)),
            "depends_on" => self.dependencies(),
            "env_files" => self.env_files(),
            "container_name" => said.field("container_name", &spec.container_name),
            "hostname" => said.field("hostname", &spec.hostname),
            "platform" => said.field("platform", &spec.platform),
            "pull_policy" => said.field("pull_policy", &spec.pull_policy),
            "replicas" => {
                let own = cast(project, &spec.scale, |count| Value::int(*count));
                let deployed = spec.deploy.as_ref();
                let deployed = deployed
                    .and_then(|deploy| cast(project, &deploy.value.replicas, |count| Value::int(*count)));
                deployed.or(own).unwrap_or_else(|| said.checked("scale", Value::int(1).set(false)))
            }
            "secrets" | "configs" => {
                let grants = if name == "secrets" { &spec.secrets } else { &spec.configs };
                let all = grants.iter().flat_map(|field| field.value.iter());
                let all = all
                    .filter_map(|grant| grant.source.as_ref())
                    .map(|source| text(project, &source.value, None));
                let list =
                    Value::list(all.collect()).at(grants.as_ref().map(|field| of_list(project, field)));
                said.checked(name, list)
            }
            "networks" => running::of_service(said, "networks")?,
            _ => return None,
        })
    }
}

impl<'a> ServiceView<'a> {
    fn build(&self) -> Value<'a> {
        let said = self.said;
        let project = said.project;
        let Some(field) = &said.service.spec.build else {
            let nothing = BUILD.iter().map(|field| {
                let value = match field.shape {
                    Shape::Bool => Value::bool(false),
                    Shape::Texts => Value::list(Vec::new()),
                    Shape::TextMap => Value::map(Vec::new()),
                    _ => Value::text(""),
                };
                (field.name, value)
            });
            return said.checked("build", Value::record(Kind::Build, nothing.collect()).set(false));
        };
        let build = &field.value;
        let or = |attribute: &Attribute<Text>, otherwise: &str| match attribute {
            Some(field) => text(project, &field.value, field.via),
            None => Value::text(otherwise).set(false),
        };
        let inline = build.dockerfile_inline.is_some();
        Value::record(
            Kind::Build,
            vec![
                ("context", or(&build.context, ".")),
                ("dockerfile", or(&build.dockerfile, if inline { "" } else { "Dockerfile" })),
                ("target", or(&build.target, "")),
                ("args", pairs(project, &build.args)),
                ("tags", read::texts(project, &build.tags)),
                ("platforms", read::texts(project, &build.platforms)),
                ("network", or(&build.network, "")),
                ("privileged", read::switch(project, &build.privileged)),
            ],
        )
        .at(of_list(project, field))
    }

    fn dependencies(&self) -> Value<'a> {
        let (said, project) = (self.said, self.said.project);
        let field = said.service.spec.depends_on.as_ref();
        let all = field.iter().flat_map(|field| &field.value.entries).map(|entry| {
            let at = read::source(project, entry.field.key, entry.field.via, Certainty::Known);
            let spec = &entry.field.value;
            let condition = cast(project, &spec.condition, |condition| Value::text(condition.word()));
            let required = cast(project, &spec.required, |on| Value::bool(*on));
            Value::record(
                Kind::Dependency,
                vec![
                    ("service", Value::text(&entry.name).at(at.clone())),
                    ("condition", condition.unwrap_or_else(|| Value::text("service_started").at(at.clone()))),
                    ("required", required.unwrap_or_else(|| Value::bool(true).at(at.clone()))),
                ],
            )
            .at(at)
        });
        let list = Value::list(all.collect()).at(field.map(|field| of_list(project, field)));
        said.checked("depends_on", list)
    }

    fn env_files(&self) -> Value<'a> {
        let (said, project) = (self.said, self.said.project);
        let field = said.service.spec.env_file.as_ref();
        let all = field.iter().flat_map(|field| field.value.iter()).map(|file| {
            let required = cast(project, &file.required, |on| Value::bool(*on));
            let path = read::field(project, &file.path);
            let sources = path.sources.clone();
            let required = required.unwrap_or_else(|| Value::bool(true).with(sources.clone()));
            Value::record(Kind::EnvFile, vec![("path", path), ("required", required)]).with(sources)
        });
        let list = Value::list(all.collect()).at(field.map(|field| of_list(project, field)));
        said.checked("env_file", list)
    }
}
