//! How the image of a service is built.

use crate::compose::ast::attributes::attributes;
use crate::compose::ast::field::{Cast, Form, List, Map, Text};
use crate::compose::ast::mount::FileGrant;
use crate::compose::ast::pairs::{ExtraHosts, Pairs, Ulimit};
use crate::compose::ast::scalar::{Attestation, ByteSize};

attributes! {
    /// `build`.
    pub struct Build {
        /// The directory or URL the build reads; `.` when absent.
        context: Text,
        /// The Dockerfile, relative to the context; `Dockerfile` when absent.
        dockerfile: Text,
        /// The text of a Dockerfile. Compose refuses it beside `dockerfile`.
        dockerfile_inline: Text,
        /// Privileges the build may use: `network.host`, `security.insecure`.
        entitlements: List<Text>,
        /// Build arguments; one without a value takes Compose's own environment variable.
        args: Pairs => environment,
        /// SSH agents or keys lent to the build; a name without a value is the default agent's.
        ssh: Pairs => distinct_pairs,
        /// Labels of the image.
        labels: Pairs,
        /// Where to read cache from.
        cache_from: List<Text>,
        /// Where to write cache to.
        cache_to: List<Text>,
        /// Whether to build without cache.
        no_cache: Cast<bool>,
        /// Stages to build without cache.
        no_cache_filter: List<Text> => one_or_list,
        /// Named contexts: a directory, an URL, `docker-image://...`, `service:name`.
        additional_contexts: Pairs => contexts,
        /// The network of `RUN`: `host`, `none`, or a name.
        network: Text,
        /// Whether to attest how the image was built.
        provenance: Cast<Attestation>,
        /// Whether to attest what is in the image.
        sbom: Cast<Attestation>,
        /// Whether to pull base images even if they are there.
        pull: Cast<bool>,
        /// The stage to build; the last one when absent.
        target: Text,
        /// The size of `/dev/shm` during the build.
        shm_size: Cast<ByteSize> => whole_size,
        /// Lines of `/etc/hosts` during the build.
        extra_hosts: ExtraHosts => distinct_hosts,
        /// The isolation of a Windows build.
        isolation: Text,
        /// Whether the build runs privileged.
        privileged: Cast<bool>,
        /// Secrets lent to the build.
        secrets: List<FileGrant>,
        /// Further names of the image.
        tags: List<Text>,
        /// Resource limits of the build.
        ulimits: Map<Ulimit> => build_limits,
        /// Platforms to build for.
        platforms: List<Text>,
    } plus {
        /// Short: one text is the context.
        form: Form,
    }
}
