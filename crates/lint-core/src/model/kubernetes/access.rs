//! Who may do what: the rules of roles, and the bindings that give them.

use std::sync::Arc;

use lint_parser::compose::value::{Origin, Value};

use crate::model::kubernetes::object::Object;
use crate::model::kubernetes::tree::{self, get, list, string_at, text};

/// A rule of a role.
#[derive(Clone, Copy, Debug)]
pub struct Grant<'a> {
    value: &'a Arc<Value>,
}

impl<'a> Grant<'a> {
    /// The rules of a Role or ClusterRole; none of anything else.
    #[must_use]
    pub fn all_of(object: &'a Object) -> Vec<Self> {
        let is_role = matches!(object.kind.as_str(), "Role" | "ClusterRole");
        let has_group =
            matches!(object.group.as_str(), "rbac.authorization.k8s.io" | "authorization.openshift.io");
        match is_role && has_group {
            true => list(&object.value, "rules").iter().map(|value| Self { value }).collect(),
            false => Vec::new(),
        }
    }

    /// Where its verbs stand.
    #[must_use]
    pub fn origin(&self) -> Origin {
        tree::origin_of(self.value, &["verbs"])
    }

    fn holds(&self, key: &str, name: &str) -> bool {
        list(self.value, key).iter().any(|item| text(item) == Some(name))
    }

    /// Whether a verb is written.
    #[must_use]
    pub fn has_verb(&self, verb: &str) -> bool {
        self.holds("verbs", verb)
    }

    /// Whether it allows a verb.
    #[must_use]
    pub fn allows(&self, verb: &str) -> bool {
        self.has_verb(verb) || self.has_verb("*")
    }

    /// Whether a resource is written.
    #[must_use]
    pub fn has_resource(&self, resource: &str) -> bool {
        self.holds("resources", resource)
    }

    /// Whether it is about a group of the API; `*` is about each.
    #[must_use]
    pub fn has_group(&self, group: &str) -> bool {
        self.holds("apiGroups", group) || self.holds("apiGroups", "*")
    }

    /// Where the first of these resources stands.
    #[must_use]
    pub fn resource_among(&self, resources: &[&str]) -> Option<Origin> {
        let is_one = |name: &str| {
            resources.contains(&name)
                // `nodes/*` holds `nodes/proxy`.
                || name.strip_suffix("/*").is_some_and(|parent| {
                    resources.iter().any(|wanted| wanted.split_once('/').is_some_and(|(owner, _)| owner == parent))
                })
        };
        let found = list(self.value, "resources").iter().find(|item| text(item).is_some_and(is_one))?;
        Some(found.origin)
    }

    /// Whether it is for objects that it names.
    #[must_use]
    pub fn is_for_named(&self) -> bool {
        !list(self.value, "resourceNames").is_empty()
    }
}

/// Whether Kubernetes brings a role itself.
#[must_use]
pub fn is_own_role(object: &Object) -> bool {
    let is_bootstrap =
        string_at(&object.value, &["metadata", "labels", "kubernetes.io/bootstrapping"]).is_some();
    is_bootstrap
        || object.name.starts_with("system:")
        || matches!(object.name.as_str(), "cluster-admin" | "admin" | "edit" | "view")
}

/// What gives a role away.
#[derive(Clone, Debug)]
pub struct Binding<'a> {
    /// The role.
    pub role: &'a str,
    /// Kind, name and place of each that has it.
    pub subjects: Vec<(&'a str, &'a str, Origin)>,
}

/// Roles that show what everybody may know.
const PUBLIC: [&str; 8] = [
    "system:public-info-viewer",
    "system:discovery",
    "system:basic-user",
    "system:service-account-issuer-discovery",
    "kubeadm:bootstrap-signer-clusterinfo",
    "system:image-puller",
    "system:oauth-token-deleter",
    "system:scope-impersonation",
];

impl<'a> Binding<'a> {
    /// Reads a RoleBinding or ClusterRoleBinding.
    #[must_use]
    pub fn of(object: &'a Object) -> Option<Self> {
        if !matches!(object.kind.as_str(), "RoleBinding" | "ClusterRoleBinding")
            || object.group != "rbac.authorization.k8s.io"
        {
            return None;
        }
        let role = string_at(&object.value, &["roleRef", "name"])?;
        let subjects = list(&object.value, "subjects").iter().filter_map(|subject| {
            let name = get(subject, "name")?;
            Some((string_at(subject, &["kind"]).unwrap_or_default(), text(name)?, name.origin))
        });
        Some(Self { role, subjects: subjects.collect() })
    }

    /// Whether its role only shows what everybody may know.
    #[must_use]
    pub fn is_public(&self) -> bool {
        PUBLIC.contains(&self.role)
    }

    /// Whether its role commands the cluster.
    #[must_use]
    pub fn commands_cluster(&self) -> bool {
        matches!(self.role, "cluster-admin" | "admin" | "edit")
    }

    /// The users and groups that have it.
    pub fn subjects_named(&self) -> impl Iterator<Item = (&'a str, Origin)> {
        self.subjects
            .iter()
            .filter(|(kind, _, _)| *kind != "ServiceAccount")
            .map(|(_, name, origin)| (*name, *origin))
    }
}

/// Whether a name stands for everybody, or for every account.
#[must_use]
pub fn is_everybody(name: &str) -> bool {
    matches!(
        name,
        "system:anonymous" | "system:unauthenticated" | "system:authenticated" | "system:serviceaccounts"
    )
}
