//! Where public images keep their data, and volumes that are mounted elsewhere.

use lint_parser::compose::value::Origin;
use lint_parser::image::ImageReference;

use crate::files::{file_name, normalise};
use crate::model::known::image_facts;
use crate::model::project::service::Service;

/// A volume that holds none of the data it is meant for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Beside {
    /// The mount.
    pub origin: Origin,
    /// Where it is.
    pub mounted: String,
    /// Where the data lies.
    pub data: String,
    /// Whether the image does not start with it.
    pub refused: bool,
}

/// PostgreSQL's own directory, and the one below it that was the volume up to version 17.
const POSTGRES: &str = "/var/lib/postgresql";
const POSTGRES_DATA: &str = "/var/lib/postgresql/data";

/// The mounts of a service beside the volumes its image declares. None where the service says by itself where the data
/// lies, or a mount's place is not known.
#[must_use]
pub fn beside(service: &Service, image: &ImageReference) -> Vec<Beside> {
    let Some(mounts) = mounts(service) else { return Vec::new() };
    let Some(tag) = image.effective_tag() else { return Vec::new() };
    let name = image.normalized_name();
    if is_postgres(&image_facts::canonical(&name)) {
        return postgres(service, tag, &mounts);
    }
    let Some(facts) = image_facts::lookup(&name, tag) else { return Vec::new() };
    let declared: Vec<&str> = facts.volumes().collect();
    let is_mounted = |path: &str| mounts.iter().any(|(mount, _)| mount == path);
    let mut found = Vec::new();
    for (mount, origin) in &mounts {
        let hidden = declared.iter().find(|path| is_below(path, mount) && !is_mounted(path));
        // Something of the image lies in the mount besides: it is not for the data alone.
        let holds_other = declared.contains(&mount.as_str());
        if let Some(data) = hidden.filter(|_| !holds_other && mount != "/") {
            let (mounted, data) = (mount.clone(), (*data).to_owned());
            found.push(Beside { origin: *origin, mounted, data, refused: false });
        }
    }
    found
}

fn is_postgres(name: &str) -> bool {
    matches!(
        name,
        "docker.io/library/postgres"
            | "docker.io/postgis/postgis"
            | "docker.io/pgvector/pgvector"
            | "docker.io/timescale/timescaledb"
    )
}

fn postgres(service: &Service, tag: &str, mounts: &[(String, Origin)]) -> Vec<Beside> {
    // Whoever moves the data knows where it lies.
    if service.variable("PGDATA").is_some() {
        return Vec::new();
    }
    let from_18 = major(tag).is_none_or(|major| major >= 18);
    let data = if from_18 { POSTGRES } else { POSTGRES_DATA };
    if mounts.iter().any(|(mount, _)| mount == data) {
        return Vec::new();
    }
    let wrong = mounts.iter().find(|(mount, _)| {
        let parent_or_child = is_below(mount, POSTGRES) || mount == POSTGRES || is_below(POSTGRES, mount);
        // `/var/lib/postgres`, `/pgdata`: where it lies elsewhere.
        let last = file_name(mount);
        let seems_data =
            matches!(last, "pgdata" | "postgres" | "postgresql-data" | "postgres-data" | "pg_data");
        mount != "/" && (parent_or_child || seems_data) && !is_version(mount)
    });
    let found = wrong.map(|(mount, origin)| Beside {
        origin: *origin,
        mounted: mount.clone(),
        data: data.to_owned(),
        refused: from_18 && mount == POSTGRES_DATA,
    });
    found.into_iter().collect()
}

/// Below the directory of a version, which may be meant: `/var/lib/postgresql/18/docker`.
fn is_version(mount: &str) -> bool {
    let rest = mount.strip_prefix(POSTGRES).and_then(|rest| rest.strip_prefix('/'));
    rest.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

/// The version of PostgreSQL a tag names: `17.2-alpine`, `pg16`, `2.14.2-pg13`, `16-3.4` of PostGIS.
fn major(tag: &str) -> Option<u32> {
    let of_pg = tag.split('-').find_map(|part| part.strip_prefix("pg")?.split('.').next()?.parse().ok());
    of_pg.or_else(|| tag.split(['-', '.']).next()?.parse().ok())
}

/// Where volumes and directories of the host are mounted; `None` when one of the places is not known.
fn mounts(service: &Service) -> Option<Vec<(String, Origin)>> {
    let mut mounts = Vec::new();
    for volumes in service.spec.volumes.iter() {
        if !volumes.value.invalid.is_empty() {
            return None;
        }
        for item in &volumes.value.items {
            let target = item.value.target.as_ref().filter(|target| !target.value.is_unknown())?;
            mounts.push((normalise(target.value.as_str()), item.origin));
        }
    }
    Some(mounts)
}

/// Whether a path lies below a directory.
fn is_below(path: &str, directory: &str) -> bool {
    path.strip_prefix(directory).is_some_and(|rest| rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_name_versions() {
        for (tag, version) in [
            ("17.2-alpine", Some(17)),
            ("9.6", Some(9)),
            ("pg16", Some(16)),
            ("0.8.0-pg17", Some(17)),
            ("2.14.2-pg13", Some(13)),
            ("latest", None),
            ("alpine", None),
        ] {
            assert_eq!(major(tag), version, "{tag}");
        }
    }
}
