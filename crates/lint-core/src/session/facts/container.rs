//! A container in words.

use std::fmt::Write as _;

use lint_parser::compose::ast::field::{Cast, List, Text};
use lint_parser::image;
use lint_parser::text::mapped::Mapped;

use crate::model::build::stage::Base;
use crate::model::build::user::UserKind;
use crate::model::container::runtime_user::{RuntimeUser, SetBy};
use crate::model::container::step_down::StepDown;
use crate::model::container::{Container, Image};
use crate::model::known::capabilities::added;
use crate::model::known::end_of_life;
use crate::model::known::image_facts::{self, ImageFacts, ImageUser};
use crate::model::paths::host_path::HostPath;
use crate::model::project::host_mounts::host_mounts;
use crate::model::project::limits::{self, Limit};
use crate::model::project::ports::{HostAddress, published};
use crate::model::project::service::Service;
use crate::session::facts::location;

/// Who the main process runs as: `root`, `10001`, `root, then postgres`; `None` where that is not known.
pub(super) fn user(user: &RuntimeUser) -> Option<String> {
    let text = user.text.as_deref().filter(|text| !text.is_empty());
    match (&user.kind, &user.step_down) {
        (UserKind::Root(_), StepDown::Yes { user: Some(to), .. }) => Some(format!("root, then {to}")),
        (UserKind::Root(_), StepDown::Yes { user: None, .. }) => Some("root, then another user".to_owned()),
        (UserKind::Root(_), StepDown::Unknown) => Some("root, at least at first".to_owned()),
        (UserKind::Root(_), StepDown::No) => Some("root".to_owned()),
        (UserKind::NotRoot, _) => Some(text.unwrap_or("a user that is not root").to_owned()),
        (UserKind::Invalid(_), _) => {
            Some(format!("{}, with which it does not start", text.unwrap_or("a user that is not there")))
        }
        (UserKind::Unknown, _) => None,
    }
}

/// `runs as root`; empty where that is not known.
pub(super) fn runs_as(container: &Container<'_>) -> String {
    user(&container.user).map(|user| format!("runs as {user}")).unwrap_or_default()
}

/// What decides the user, as the end of a sentence.
pub(super) fn why(container: &Container<'_>) -> String {
    let base = || match &container.image {
        Image::Named { reference, .. } => format!("the image `{reference}`"),
        _ => match container.target().map(|(plan, stage)| &plan.root_of(stage).base) {
            Some(Base::Image(image)) => {
                format!("the base image `{}`, since nothing sets a user", image.reference)
            }
            Some(Base::Scratch) => "Docker, since nothing sets a user and `scratch` has none".to_owned(),
            _ => "its image".to_owned(),
        },
    };
    match (container.user.set_by, container.user_place()) {
        (SetBy::Service, Some(place)) => format!("`user` in {}", location(&place)),
        (SetBy::Instruction(_), Some(place)) => format!("`USER` in {}", location(&place)),
        _ => base(),
    }
}

/// The container of a service, or of a Dockerfile by itself, as it would run.
pub(super) fn describe(name: &str, container: &Container<'_>) -> String {
    let mut text = format!("**{name}** as it would run\n");
    match user(&container.user) {
        Some(user) => line(&mut text, "User", &format!("{user} (set by {})", why(container))),
        None => line(&mut text, "User", "not known from the files"),
    }
    match &container.image {
        Image::Built { .. } => {
            if let Some((plan, stage)) = container.target() {
                let target =
                    stage.name.as_deref().map(|name| format!(", stage `{name}`")).unwrap_or_default();
                let file = plan.dockerfile.file.name();
                line(&mut text, "Image", &format!("built from `{file}`{target}"));
                if let Base::Image(base) = &plan.root_of(stage).base {
                    line(&mut text, "Base image", &format!("`{}`", base.reference));
                }
            }
        }
        Image::NoTarget { plan } => {
            let file = plan.dockerfile.file.name();
            line(&mut text, "Image", &format!("`{file}` has no such stage"));
        }
        Image::Named { reference, .. } => line(&mut text, "Image", &format!("`{reference}`")),
        Image::Unreadable { path, error, .. } => line(&mut text, "Image", &format!("`{path}`: {error}")),
        Image::Unknown => line(&mut text, "Image", "not known from the files"),
    }
    if let Some(of) = container.service {
        service(&mut text, of.service);
        let mounts = host_mounts(of.project, of.service);
        let mounts: Vec<String> = mounts
            .iter()
            .map(|mount| {
                let access = match mount.read_only {
                    Some(true) => "read-only",
                    Some(false) => "writable",
                    None => "perhaps writable",
                };
                format!("`{}` ({access})", host_path(&mount.source))
            })
            .collect();
        list(&mut text, "Mounted from the host", &mounts);
        limit(&mut text, of.service);
    } else if let Some((_, stage)) = container.target() {
        let mut ports: Vec<String> =
            stage.config.exposed.iter().map(|(port, _)| format!("`{port}`")).collect();
        ports.sort();
        list(&mut text, "Exposes", &ports);
    }
    text
}

fn service(text: &mut String, service: &Service) {
    let spec = &service.spec;
    let is = |cast: Option<&Cast<bool>>| cast.and_then(|cast| cast.value);
    if is(spec.privileged.as_ref().map(|field| &field.value)) == Some(true) {
        line(text, "Privileged", "yes: all capabilities and all devices of the host");
    } else {
        let names = |list: &[String], what: &str| match list {
            [] => String::new(),
            list => format!(", {what} {}", list.join(", ")),
        };
        let named = |list: &List<Text>| -> Vec<String> {
            added(list).map(|(_, one)| one.name().to_owned()).collect()
        };
        let added = spec.cap_add.as_ref().map(|list| named(&list.value)).unwrap_or_default();
        let dropped = spec.cap_drop.as_ref().map(|list| named(&list.value)).unwrap_or_default();
        let base = if dropped.iter().any(|name| name == "ALL") { "none" } else { "Docker's default set" };
        let dropped: Vec<String> = dropped.into_iter().filter(|name| name != "ALL").collect();
        line(text, "Capabilities", &format!("{base}{}{}", names(&added, "and"), names(&dropped, "without")));
    }
    let mut options: Vec<String> = Vec::new();
    if is(spec.read_only.as_ref().map(|field| &field.value)) == Some(true) {
        options.push("read-only root file system".to_owned());
    }
    for item in spec.security_opt.iter().flat_map(|options| &options.value.items) {
        options.push(format!("`{}`", item.value.text.as_str()));
    }
    list(text, "Security", &options);
    let host = [
        ("network", spec.network_mode.as_ref().map(|mode| mode.value.as_str())),
        ("PID", spec.pid.as_ref().and_then(|pid| pid.value.as_ref()).map(|pid| pid.as_str())),
        ("IPC", spec.ipc.as_ref().map(|ipc| ipc.value.as_str())),
        ("user", spec.userns_mode.as_ref().map(|mode| mode.value.as_str())),
    ];
    let shared: Vec<String> =
        host.iter().filter(|(_, mode)| *mode == Some("host")).map(|(name, _)| (*name).to_owned()).collect();
    list(text, "Namespaces shared with the host", &shared);
    let ports: Vec<String> = published(service)
        .iter()
        .map(|port| {
            let range = |range: Option<lint_parser::compose::ast::scalar::PortRange>| {
                range.map_or_else(|| "?".to_owned(), |range| format!("{range:?}"))
            };
            let address = match port.address {
                HostAddress::All => "every address",
                HostAddress::AllUnlessSet => "every address unless a variable says otherwise",
                HostAddress::One => "one address",
            };
            format!("{} on {address} → {}", range(port.published), range(port.target))
        })
        .collect();
    list(text, "Published ports", &ports);
}

fn limit(text: &mut String, service: &Service) {
    let limits = [
        ("memory", limits::memory(service)),
        ("processor time", limits::cpu(service)),
        ("processes", limits::pids(service)),
    ];
    let has = |wanted: fn(&Limit) -> bool| -> Vec<String> {
        limits.iter().filter(|(_, limit)| wanted(limit)).map(|(name, _)| (*name).to_owned()).collect()
    };
    list(text, "Limited", &has(|limit| *limit == Limit::Limited));
    list(text, "Without limit", &has(|limit| matches!(limit, Limit::Absent | Limit::Unlimited(_))));
}

/// What is known of an image by its name; empty where nothing is.
pub(super) fn image(reference: &str) -> String {
    let Ok(parsed) = image::parse(&Mapped::verbatim(reference, 0)) else { return String::new() };
    let mut text = format!("**`{reference}`**\n");
    let facts = parsed.effective_tag().and_then(|tag| image_facts::lookup(&parsed.normalized_name(), tag));
    match &facts {
        Some(facts) => known(&mut text, facts),
        None => line(&mut text, "Known of it", "nothing: what it runs as is up to the image"),
    }
    match end_of_life::ended(&parsed) {
        Some(ended) => line(&mut text, "Support", &ended.to_string()),
        None if facts.is_some() => {
            line(&mut text, "Support", &format!("no end of it was known on {}", end_of_life::dated()));
        }
        None => {}
    }
    if parsed.digest.is_none() && parsed.tag.is_none() {
        line(&mut text, "Tag", "`latest`, since none is written");
    }
    text
}

fn known(text: &mut String, facts: &ImageFacts) {
    let user = match facts.user {
        ImageUser::Root => "root".to_owned(),
        ImageUser::NotRoot(user) => user.to_owned(),
        ImageUser::WindowsAdministrator => "ContainerAdministrator".to_owned(),
        ImageUser::Unknown => "not known".to_owned(),
    };
    let steps = match facts.steps_down.as_ref().map(|step| step.user) {
        Some(Some(to)) => format!("; its entrypoint then becomes {to}"),
        Some(None) => "; its entrypoint then becomes another user".to_owned(),
        None => String::new(),
    };
    line(text, "Runs as", &format!("{user}{steps}"));
    let accounts: Vec<String> = facts
        .accounts()
        .filter(|(name, uid)| *name != "root" && uid.is_some_and(|uid| (1..60_000).contains(&uid)))
        .map(|(name, uid)| format!("{name} ({})", uid.unwrap_or_default()))
        .take(8)
        .collect();
    list(text, "Users it comes with", &accounts);
    let ports: Vec<String> = facts.exposes().into_iter().flatten().map(|port| format!("`{port}`")).collect();
    list(text, "Exposes", &ports);
    let volumes: Vec<String> = facts.volumes().map(|volume| format!("`{volume}`")).collect();
    list(text, "Volumes", &volumes);
    if let Some(has) = facts.healthcheck {
        line(text, "Health check", if has { "it has one" } else { "none" });
    }
}

fn line(text: &mut String, what: &str, said: &str) {
    let _ = write!(text, "\n- {what}: {said}");
}

fn list(text: &mut String, what: &str, items: &[String]) {
    if !items.is_empty() {
        line(text, what, &items.join(", "));
    }
}

fn host_path(path: &HostPath) -> String {
    match path {
        HostPath::Absolute(path) | HostPath::Relative(path) => path.clone(),
        HostPath::Home(path) => format!("~/{path}"),
        HostPath::Pipe(path) => format!("//./pipe/{path}"),
        HostPath::Ending(path) => format!("…/{path}"),
        HostPath::Unknown => "?".to_owned(),
    }
}
