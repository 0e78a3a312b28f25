//! What something is for the engine that runs it, said in one way however it is written: what two revisions are compared by.

use std::rc::Rc;

use crate::files::directory;
use crate::finding::label::Place;
use crate::policies::language::value::{Data, Part, Value, Why};
use crate::policies::view::kind::Kind;

/// What something is.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Portrait {
    /// `project`, `service` or `image`.
    pub kind: &'static str,
    /// What it is called.
    pub name: String,
    /// The first file of its project, or its Dockerfile.
    pub file: String,
    /// What is true of it.
    pub facts: Vec<Fact>,
}

/// Something that is true of it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Fact {
    /// What it is about: `user`, `port`, `capability`.
    pub aspect: &'static str,
    /// Which of several: the port, the path of a mount; empty where there is one.
    pub item: String,
    /// What is true of it.
    pub value: String,
    /// How much it opens: more than what it is compared with is worse. What is not there counts 0.
    pub weight: i32,
    /// Where it is written.
    pub at: Option<Place>,
}

/// Facts that are gathered.
struct Facts(Vec<Fact>);

impl Portrait {
    /// The directory of its file.
    #[must_use]
    pub fn directory(&self) -> &str {
        directory(&self.file)
    }
}

/// What is true of a project, a service or a container.
pub(crate) fn of(kind: Kind, file: &str, value: &Value<'_>) -> Option<Portrait> {
    let Data::Part(part) = &value.data else { return None };
    let name = text(part, "name");
    let mut facts = Facts(Vec::new());
    match kind {
        Kind::Project => facts.project(part),
        Kind::Service => facts.service(part),
        Kind::Container => facts.container(part),
        _ => return None,
    }
    let kind = match kind {
        Kind::Project => "project",
        Kind::Container if text(part, "dockerfile") == file => "image",
        _ => "service",
    };
    Some(Portrait {
        kind,
        name: if kind == "project" { String::new() } else { name },
        file: file.to_owned(),
        facts: facts.0,
    })
}

fn text(part: &Part<'_>, name: &str) -> String {
    part.get(name).map(|value| shown(&value)).unwrap_or_default()
}

/// A value in words.
fn shown(value: &Value<'_>) -> String {
    match &value.data {
        Data::Unknown(unknown) if unknown.why == Why::Withheld => "(a secret)".to_owned(),
        Data::Unknown(_) => "(unknown)".to_owned(),
        Data::List(values) => {
            let words: Vec<String> = values.iter().map(|value| quoted(&shown(value))).collect();
            words.join(" ")
        }
        data => data.to_string(),
    }
}

/// A word that can be told from its neighbours.
fn quoted(word: &str) -> String {
    if word.is_empty() || word.contains(char::is_whitespace) {
        format!("\"{word}\"")
    } else {
        word.to_owned()
    }
}

fn place(value: &Value<'_>) -> Option<Place> {
    value.sources.iter().find(|source| !source.is_around).map(|source| source.place.clone())
}

fn is_true(part: &Part<'_>, name: &str) -> bool {
    part.get(name).and_then(|value| value.as_bool()) == Some(true)
}

fn list<'a>(value: Option<Value<'a>>) -> Rc<[Value<'a>]> {
    match value.map(|value| value.data) {
        Some(Data::List(values)) => values,
        _ => Rc::from([]),
    }
}

impl Facts {
    fn add(
        &mut self,
        aspect: &'static str,
        item: impl Into<String>,
        value: impl Into<String>,
        weight: i32,
        at: Option<Place>,
    ) {
        self.0.push(Fact { aspect, item: item.into(), value: value.into(), weight, at });
    }

    /// A field that says something.
    fn field(&mut self, part: &Part<'_>, name: &str, aspect: &'static str, weight: impl Fn(&str) -> i32) {
        let Some(value) = part.get(name) else { return };
        let shown = shown(&value);
        if value.is_set || value.is_unknown() {
            self.add(aspect, "", shown.clone(), weight(&shown), place(&value));
        }
    }

    /// The texts of a list, each by itself.
    fn each(&mut self, part: &Part<'_>, name: &str, aspect: &'static str, weight: i32) {
        let Some(value) = part.get(name) else { return };
        if value.is_unknown() {
            self.add(aspect, "", "(unknown)", 0, place(&value));
        }
        for one in list(Some(value.clone())).iter() {
            self.add(aspect, shown(one), "", weight, place(one).or_else(|| place(&value)));
        }
    }

    /// The entries of a map.
    fn entries(&mut self, part: &Part<'_>, name: &str, aspect: &'static str) {
        if let Some(Data::Map(entries)) = part.get(name).map(|value| value.data) {
            for (key, value) in entries.iter() {
                self.add(aspect, &**key, shown(value), 0, place(value));
            }
        }
    }

    fn project(&mut self, part: &Part<'_>) {
        self.field(part, "name", "project name", |_| 0);
        for (name, aspect) in
            [("networks", "network"), ("volumes", "volume"), ("secrets", "secret"), ("configs", "config")]
        {
            for one in list(part.get(name)).iter() {
                let Data::Part(inner) = &one.data else { continue };
                let said = ["name", "driver", "internal", "external", "file", "variable"]
                    .into_iter()
                    .filter_map(|field| {
                        let value = inner.get(field).filter(|value| value.is_set || value.is_unknown())?;
                        Some(format!("{field} {}", shown(&value)))
                    });
                let said: Vec<String> = said.collect();
                let is_plain = said.as_slice() == ["driver local"];
                let said = if is_plain { String::new() } else { said.join(", ") };
                // What nobody configures is there by being used.
                if aspect != "network" || !said.is_empty() || text(inner, "key") != "default" {
                    self.add(aspect, text(inner, "key"), said, 0, place(one));
                }
            }
        }
    }

    fn service(&mut self, part: &Part<'_>) {
        self.field(part, "replicas", "replicas", |_| 0);
        for (name, aspect) in [
            ("container_name", "container name"),
            ("hostname", "host name"),
            ("platform", "platform"),
            ("pull_policy", "pull policy"),
        ] {
            self.field(part, name, aspect, |_| 0);
        }
        for (name, aspect) in [("profiles", "profile"), ("secrets", "secret"), ("configs", "config")] {
            self.each(part, name, aspect, 0);
        }
        self.entries(part, "deploy_labels", "deploy label");
        for one in list(part.get("depends_on")).iter() {
            let Data::Part(inner) = &one.data else { continue };
            let optional = if is_true(inner, "required") { "" } else { ", if it is there" };
            let value = format!("{}{optional}", text(inner, "condition"));
            self.add("dependency", text(inner, "service"), value, 0, place(one));
        }
    }

    fn container(&mut self, part: &Part<'_>) {
        self.user(part);
        self.images(part);
        self.field(part, "privileged", "privileged", |value| i32::from(value == "true") * 4);
        self.each(part, "capabilities", "capability", 1);
        self.field(part, "no_new_privileges", "no new privileges", |value| -i32::from(value == "true"));
        self.field(part, "read_only", "read-only root", |value| -i32::from(value == "true"));
        for (name, aspect) in [("seccomp", "seccomp"), ("apparmor", "AppArmor")] {
            self.field(part, name, aspect, |value| i32::from(value == "unconfined") * 2);
        }
        let host = |value: &str| i32::from(value == "host") * 3;
        for (name, aspect) in [
            ("network_mode", "network mode"),
            ("pid", "PID namespace"),
            ("ipc", "IPC namespace"),
            ("uts", "UTS namespace"),
            ("userns", "user namespace"),
            ("cgroup", "cgroup namespace"),
        ] {
            self.field(part, name, aspect, host);
        }
        for (name, aspect) in [
            ("restart", "restart"),
            ("restart_most", "restarts at most"),
            ("runtime", "runtime"),
            ("init", "init"),
            ("entrypoint", "entrypoint"),
            ("command", "command"),
            ("workdir", "working directory"),
            ("stop_signal", "stop signal"),
            ("stop_seconds", "seconds to stop"),
        ] {
            self.field(part, name, aspect, |_| 0);
        }
        self.each(part, "networks", "network", 0);
        self.each(part, "exposes", "exposed port", 0);
        self.mounts(part);
        self.ports(part);
        for one in list(part.get("devices")).iter() {
            let Data::Part(inner) = &one.data else { continue };
            let value = format!("at {} ({})", text(inner, "target"), text(inner, "permissions"));
            self.add("device", text(inner, "source"), value, 3, place(one));
        }
        self.limits(part);
        for one in list(part.get("variables")).iter() {
            let Data::Part(inner) = &one.data else { continue };
            let weight = i32::from(is_true(inner, "secret")) * 2;
            self.add("variable", text(inner, "name"), text(inner, "value"), weight, place(one));
        }
        self.entries(part, "labels", "label");
        self.entries(part, "sysctls", "kernel parameter");
        self.run(part);
    }

    fn user(&mut self, part: &Part<'_>) {
        let Some(user) = part.get("user") else { return };
        let Data::Part(inner) = &user.data else { return };
        let (root, uid) = (inner.get("root").and_then(|root| root.as_bool()), text(inner, "uid"));
        let group = text(inner, "group");
        let group = if group.is_empty() { String::new() } else { format!(":{group}") };
        let (value, weight) = match root {
            Some(true) if is_true(inner, "steps_down") => ("root, then another".to_owned(), 1),
            Some(true) => (format!("root{group}"), 2),
            Some(false) if uid == "(unknown)" => (format!("{}{group}", text(inner, "name")), 0),
            Some(false) => (format!("{uid}{group}"), 0),
            None => ("(unknown)".to_owned(), 0),
        };
        self.add("user", "", value, weight, place(&user));
    }

    fn images(&mut self, part: &Part<'_>) {
        for (name, aspect) in [("image", "image"), ("base", "base")] {
            let Some(image) = part.get(name) else { continue };
            let Data::Part(inner) = &image.data else { continue };
            if name == "base" && text(part, "dockerfile").is_empty() {
                continue;
            }
            let reference = match text(inner, "registry") {
                registry if registry.is_empty() || registry == "(unknown)" => text(inner, "reference"),
                registry => {
                    let part = |sign: &str, name: &str| match text(inner, name) {
                        text if text.is_empty() => String::new(),
                        text => format!("{sign}{text}"),
                    };
                    let short = text(inner, "name");
                    let name = if registry == "docker.io" {
                        short
                    } else {
                        format!("{registry}/{}", text(inner, "repository"))
                    };
                    format!("{name}{}{}", part(":", "tag"), part("@", "digest"))
                }
            };
            if !reference.is_empty() {
                self.add(aspect, "", reference, i32::from(is_true(inner, "ended")), place(&image));
            }
        }
    }

    fn mounts(&mut self, part: &Part<'_>) {
        for one in list(part.get("mounts")).iter() {
            let Data::Part(inner) = &one.data else { continue };
            let (kind, is_read_only) = (text(inner, "type"), is_true(inner, "read_only"));
            let source = match text(inner, "host_path") {
                path if path.is_empty() => text(inner, "source"),
                path => path.trim_end_matches('/').to_owned(),
            };
            let access = if is_read_only { ", read-only" } else { "" };
            let value =
                [kind, source].into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
            let weight = match (is_true(inner, "engine_socket"), is_true(inner, "host"), is_read_only) {
                (true, ..) => 5,
                (_, true, false) => 2 + i32::from(is_true(inner, "sensitive")),
                (_, true, true) => 1 + i32::from(is_true(inner, "sensitive")),
                _ => 0,
            };
            let target = text(inner, "target");
            let target = if target.len() > 1 { target.trim_end_matches('/').to_owned() } else { target };
            self.add("mount", target, format!("{value}{access}"), weight, place(one));
        }
    }

    fn ports(&mut self, part: &Part<'_>) {
        for one in list(part.get("ports")).iter() {
            let Data::Part(inner) = &one.data else { continue };
            let range = |first: &str, last: &str| match (text(inner, first), text(inner, last)) {
                (first, last) if first == last => first,
                (first, last) => format!("{first}-{last}"),
            };
            let published = match range("published", "published_last") {
                port if port == "0" => "a port that the engine chooses".to_owned(),
                port => port,
            };
            let address = match text(inner, "host_ip") {
                address if address.is_empty() || address == "0.0.0.0" => "every address".to_owned(),
                address => address,
            };
            let weight = if is_true(inner, "all_interfaces") { 2 } else { 1 };
            let item =
                format!("{} → {}/{}", published, range("target", "target_last"), text(inner, "protocol"));
            self.add("port", item, format!("on {address}"), weight, place(one));
        }
    }

    fn limits(&mut self, part: &Part<'_>) {
        if let Some(Data::Part(limits)) = part.get("limits").map(|value| value.data) {
            for (name, aspect) in
                [("memory", "memory limit"), ("cpus", "processor limit"), ("pids", "process limit")]
            {
                self.field(&limits, name, aspect, |_| -1);
            }
        }
        if let Some(Data::Part(health)) = part.get("health").map(|value| value.data) {
            self.field(&health, "checked", "health check", |value| -i32::from(value == "true"));
            for (name, aspect) in [
                ("test", "health test"),
                ("interval_seconds", "health interval"),
                ("timeout_seconds", "health timeout"),
                ("retries", "health retries"),
            ] {
                self.field(&health, name, aspect, |_| 0);
            }
        }
        if let Some(Data::Part(logging)) = part.get("logging").map(|value| value.data) {
            self.field(&logging, "driver", "log driver", |_| 0);
            self.entries(&logging, "options", "log option");
        }
    }

    /// What the build runs, installs and copies.
    fn run(&mut self, part: &Part<'_>) {
        for one in list(part.get("packages")).iter() {
            let Data::Part(inner) = &one.data else { continue };
            self.add("package", text(inner, "name"), text(inner, "version"), 0, place(one));
        }
        for one in list(part.get("programs")).iter() {
            let Data::Part(inner) = &one.data else { continue };
            if text(inner, "by") == "run" {
                self.add("build step", text(inner, "text"), "", 0, place(one));
            }
        }
        for one in list(part.get("files")).iter() {
            let Data::Part(inner) = &one.data else { continue };
            let value = [text(inner, "from"), text(inner, "owner"), text(inner, "mode")];
            let value: Vec<String> = value.into_iter().filter(|word| !word.is_empty()).collect();
            let item = format!("{} → {}", text(inner, "source"), text(inner, "target"));
            self.add("copied file", item, value.join(", "), 0, place(one));
        }
        if let Some(Data::Part(stage)) = part.get("stage").map(|value| value.data) {
            self.each(&stage, "volumes", "image volume", 0);
        }
    }
}
