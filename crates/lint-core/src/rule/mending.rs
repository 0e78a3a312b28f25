//! Repairs that several rules offer.

use lint_parser::compose::ast::field::{Form, Item};
use lint_parser::compose::ast::mount::Mount;
use lint_parser::compose::value::Origin;

use crate::finding::fix::Fix;
use crate::model::container::Image;
use crate::model::daemon::is_daemon_image;
use crate::model::edits::{Change, Yaml};
use crate::model::known::privileges::{needs_all, of_image, of_program};
use crate::model::paths::host_path::HostPath;
use crate::model::project::host_mounts::{HostMount, Way, host_mounts};
use crate::model::project::namespaces::{Namespace, in_host};
use crate::rule::subject::ServiceSubject;

impl<'a> ServiceSubject<'a> {
    /// Takes the service out of a namespace of the host, where it says by itself that it is in it.
    #[must_use]
    pub fn leave_host(&self, namespace: Namespace) -> Option<Fix> {
        let found = in_host(self.project, self.service, namespace)?;
        let spec = self.spec();
        let (name, key) = match namespace {
            Namespace::Pid => ("pid", spec.pid.as_ref()?.key),
            Namespace::Ipc => ("ipc", spec.ipc.as_ref()?.key),
            Namespace::Network => ("network_mode", spec.network_mode.as_ref()?.key),
        };
        if found.host != found.origin {
            return None;
        }
        let change = self.editor().remove_key(key)?;
        let title = format!("Remove `{name}`");
        // Without a port that is published nobody would reach the program any more.
        let is_cut_off = namespace == Namespace::Network && spec.ports.is_none();
        Some(if is_cut_off { change.shown(title) } else { change.unsafely(title) })
    }

    /// The element of `volumes` that a mount of the host is written as, where the service says it itself.
    #[must_use]
    pub fn written_mount(&self, mount: &HostMount) -> Option<&'a Item<Mount>> {
        let is_own = mount.way == Way::Bind && mount.declared.is_none();
        let mut items = self.service.spec.volumes.iter().flat_map(|mounts| &mounts.value.items);
        let is_it = |item: &&Item<Mount>| {
            item.origin == mount.origin
                || item.value.source.as_ref().is_some_and(|source| source.origin == mount.origin)
        };
        items.find(is_it).filter(|_| is_own)
    }

    /// Makes a mount of the host read-only.
    #[must_use]
    pub fn read_only_mount(&self, mount: &HostMount) -> Option<Fix> {
        let item = self.written_mount(mount)?;
        let editor = self.editor();
        let spec = &item.value;
        let change: Change = match &spec.form {
            Form::Long => match &spec.read_only {
                Some(read_only) => editor.replace_value(read_only.origin, &Yaml::Bare("true"))?,
                None => editor.add_to_value(item.origin, &[("read_only", Yaml::Bare("true"))])?,
            },
            Form::Short(text) if text.is_unknown() => return None,
            Form::Short(text) => match spec.options.iter().find(|option| option.as_str() == "rw") {
                Some(option) => editor.replace_part(option, "ro")?,
                None if spec.options.is_empty() => editor.suffix(text.origin, ":ro")?,
                None => editor.suffix(text.origin, ",ro")?,
            },
        };
        Some(change.unsafely("Mount it read-only"))
    }

    /// The capabilities and devices that commands, mounts and the image show; `None` where a program needs everything.
    #[must_use]
    pub fn shown_privileges(&self) -> Option<(Vec<&'static str>, Vec<String>)> {
        let (mut capabilities, mut devices): (Vec<&str>, Vec<String>) = (Vec::new(), Vec::new());
        let mut needs = Vec::new();
        if is_daemon_image(self.service) {
            return None;
        }
        let built = self.container.and_then(|container| match &container.image {
            Image::Built { plan, .. } => {
                let config = &plan.target_stage()?.config;
                let set = [config.entrypoint.as_ref(), config.cmd.as_ref()];
                Some(
                    set.into_iter()
                        .flatten()
                        .flat_map(|set| plan.programs(set.origin.instruction))
                        .collect::<Vec<_>>(),
                )
            }
            _ => None,
        });
        for program in self.service.programs().iter().chain(built.into_iter().flatten()) {
            let Some(name) = program.name() else { continue };
            if needs_all(name) {
                return None;
            }
            needs.extend(of_program(name));
        }
        if let Some(image) = self.image() {
            needs.extend(of_image(&image.normalized_name()));
        }
        for need in needs {
            capabilities.extend(need.capabilities);
            devices.extend(need.devices.iter().map(|device| format!("{device}:{device}")));
        }
        for mount in host_mounts(self.project, self.service) {
            if let HostPath::Absolute(path) = &mount.source
                && mount.way == Way::Bind
                && path.starts_with("/dev/")
                && path != "/dev/shm"
            {
                devices.push(format!("{path}:{path}"));
            }
        }
        capabilities.sort_unstable();
        capabilities.dedup();
        devices.sort_unstable();
        devices.dedup();
        Some((capabilities, devices))
    }

    /// Takes out a capability that has been added, unless the image or a command is known to need it.
    #[must_use]
    pub fn remove_capability(&self, item: Origin, name: &str) -> Option<Fix> {
        let (needed, _) = self.shown_privileges()?;
        let is_needed = needed.contains(&name);
        let change = self.editor().remove_item(item).filter(|_| !is_needed)?;
        Some(change.unsafely(format!("Remove `{name}`")))
    }
}
