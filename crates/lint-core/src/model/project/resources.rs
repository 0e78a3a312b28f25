//! Which of a project's networks, volumes, secrets, configs and models its services use.

use lint_parser::compose::ast::scalar::MountType;
use lint_parser::compose::value::Origin;

use crate::model::project::effective::Project;
use crate::model::project::used::Used;

impl Used {
    /// What the services of a project use, of all profiles, and what the files use that are started behind it.
    #[must_use]
    pub fn of(project: &Project) -> Self {
        let mut used = project.used_by_overlays.clone();
        for service in &project.services {
            let spec = &service.spec;
            match (&spec.networks, &spec.network_mode) {
                (Some(networks), _) if !networks.value.entries.is_empty() => {
                    for (name, field) in networks.value.iter() {
                        used.networks.insert(name.to_owned());
                        used.networks.extend(chosen(project, field.key));
                    }
                }
                // A mode may be a network's name as well.
                (_, Some(mode)) if !matches!(mode.value.as_str(), "bridge" | "default" | "host" | "none") => {
                    used.networks.insert(mode.value.as_str().to_owned());
                }
                (_, Some(_)) => {}
                _ if spec.provider.is_none() => {
                    used.networks.insert("default".to_owned());
                }
                _ => {}
            }
            for mount in spec.volumes.iter().flat_map(|volumes| volumes.value.iter()) {
                let kind = mount.kind.as_deref().and_then(|kind| kind.value.known());
                // Compose prints no volume of a cluster that nothing else uses, which is used all the same.
                if let (Some(MountType::Cluster), Some(source)) = (kind, &mount.source) {
                    used.cluster_volumes.insert(source.value.as_str().to_owned());
                }
                if let (None | Some(MountType::Volume), Some(source)) = (kind, &mount.source) {
                    used.volumes.insert(source.value.as_str().to_owned());
                    used.volumes.extend(chosen(project, source.value.origin));
                }
            }
            let build = spec.build.as_deref().and_then(|build| build.value.secrets.as_deref());
            for secret in
                [spec.secrets.as_deref(), build].into_iter().flatten().flat_map(|list| list.value.iter())
            {
                used.secrets.extend(secret.source.as_ref().map(|source| source.value.as_str().to_owned()));
                used.secrets
                    .extend(secret.source.as_ref().and_then(|source| chosen(project, source.value.origin)));
            }
            for config in spec.configs.iter().flat_map(|configs| configs.value.iter()) {
                used.configs.extend(config.source.as_ref().map(|source| source.value.as_str().to_owned()));
                used.configs
                    .extend(config.source.as_ref().and_then(|source| chosen(project, source.value.origin)));
            }
            let credentials = spec.credential_spec.as_deref().and_then(|spec| spec.value.config.as_deref());
            used.credentials.extend(credentials.map(|config| config.value.as_str().to_owned()));
            used.models.extend(
                spec.models.iter().flat_map(|models| models.value.iter()).map(|(name, _)| name.to_owned()),
            );
        }
        used
    }
}

/// What stands for a name that a variable chooses: with another value it is another one, whatever the default.
fn chosen(project: &Project, at: Origin) -> Option<String> {
    let place = project.place(at);
    place.file.slice(place.span).contains('$').then(|| "$".to_owned())
}
