//! What a container sees of files that are not its image's: mounts, secrets, configs, devices.

use crate::compose::ast::attributes::attributes;
use crate::compose::ast::field::{Cast, Form, List, Text};
use crate::compose::ast::pairs::Pairs;
use crate::compose::ast::scalar::{BindRecursive, ByteSize, DeviceCount, FileMode, MountType, SelinuxLabel};

attributes! {
    /// An element of `volumes` of a service.
    ///
    /// The short syntax fills the same fields: its options become `read_only`, `bind.propagation`,
    /// `bind.selinux` and `volume.nocopy`, as in Compose.
    pub struct Mount {
        /// What is mounted. The short syntax does not write it: there it is read off the source.
        kind = "type": Cast<MountType>,
        /// The host path or the name of the volume; none for an anonymous volume and a tmpfs.
        source: Text,
        /// Where in the container.
        target: Text,
        /// Whether the container may not write to it.
        read_only: Cast<bool>,
        /// A setting of Docker Desktop that is no longer used.
        consistency: Text,
        /// What concerns a bind mount.
        bind: BindOptions,
        /// What concerns a volume.
        volume: VolumeOptions,
        /// What concerns a tmpfs.
        tmpfs: TmpfsOptions,
        /// What concerns an image.
        image: ImageOptions,
    } plus {
        /// How it is written.
        form: Form,
        /// The options of the short syntax, known and unknown, in order. Compose ignores unknown ones.
        options: Vec<Text>,
    }
    requires ["type"]
}

attributes! {
    /// `bind` of a mount.
    pub struct BindOptions {
        /// How mounts below it spread: `private`, `rprivate`, `shared`, `rshared`, `slave`, `rslave`.
        propagation: Text,
        /// Whether a missing host path is made; true when absent.
        create_host_path: Cast<bool>,
        /// Whether mounts below the source come along.
        recursive: Cast<BindRecursive>,
        /// How SELinux relabels the source.
        selinux: Cast<SelinuxLabel>,
    }
}

attributes! {
    /// `volume` of a mount.
    pub struct VolumeOptions {
        /// Labels of the volume.
        labels: Pairs => distinct_pairs,
        /// Whether an empty volume stays empty instead of getting the image's files.
        nocopy: Cast<bool>,
        /// The part of the volume to mount.
        subpath: Text,
    }
}

attributes! {
    /// `tmpfs` of a mount.
    pub struct TmpfsOptions {
        /// Its size.
        size: Cast<ByteSize> => tmpfs_size,
        /// Its permissions.
        mode: Cast<FileMode> => tmpfs_mode,
    }
}

attributes! {
    /// `image` of a mount.
    pub struct ImageOptions {
        /// The part of the image to mount.
        subpath: Text,
    }
}

attributes! {
    /// An element of `secrets` or `configs` of a service or a build.
    pub struct FileGrant {
        /// The name of the secret or config; the short syntax is this alone.
        source: Text,
        /// Where in the container: `/run/secrets/<source>` or `/<source>` when absent.
        target: Text,
        /// The owner.
        uid: Text,
        /// The owning group.
        gid: Text,
        /// The permissions. Compose ignores them where it mounts a file of the host.
        mode: Cast<FileMode>,
    } plus {
        /// How it is written.
        form: Form,
    }
}

attributes! {
    /// An element of `devices` of a service.
    pub struct Device {
        /// The path on the host, or the name of a CDI device (`vendor.com/class=name`).
        source: Text,
        /// The path in the container. In the short syntax it may be left out, and is the source then.
        target: Text,
        /// Any of `r`, `w`, `m`; all of them when absent.
        permissions: Text,
    } plus {
        /// How it is written.
        form: Form,
        /// Whether the source is the name of a CDI device instead of a path.
        is_cdi: bool,
    }
    requires ["source"]
}

attributes! {
    /// A demand for devices: an element of `gpus` or `deploy.resources.reservations.devices`.
    pub struct DeviceRequest {
        /// What the devices must be able to do: `gpu`, `nvidia`, `compute`. `gpus` implies `gpu`.
        capabilities: List<Text> => distinct,
        /// How many; all when absent. Compose refuses it beside `device_ids`.
        count: Cast<DeviceCount>,
        /// Which.
        device_ids: List<Text> => distinct,
        /// The driver.
        driver: Text,
        /// Its options.
        options: Pairs,
    }
}

/// `gpus` of a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Gpus {
    /// `all`, or a text that depends on a variable.
    All(Text),
    /// Single demands.
    Requests(List<DeviceRequest>),
}
