//! Drone and Woodpecker, whose steps are containers.

use std::sync::Arc;

use lint_parser::compose::value::Value;
use lint_parser::text::mapped::Mapped;
use lint_parser::text::span::Span;
use lint_parser::yaml::node::Node;

use crate::model::inputs::flags::Flags;
use crate::model::inputs::grammar::Flag;
use crate::model::inputs::pipeline::{Reader, entries, entry, expanded, get, items, key, scalar};
use crate::model::inputs::tree::{self, Map};
use crate::model::inputs::volumes::volume;
use crate::model::project::input::InputKind;

impl Reader<'_> {
    /// The steps of Drone and Woodpecker, each a container.
    pub(super) fn steps(&mut self, root: &Node) {
        for list in ["steps", "services", "pipeline"] {
            let Some(node) = get(root, list) else { continue };
            let named = entries(Some(node)).iter().map(|step| (key(step).to_owned(), &step.value));
            let listed = items(Some(node)).iter().map(|step| {
                let name = get(step, "name").and_then(scalar).map_or("step", Mapped::text);
                (name.to_owned(), step)
            });
            for (name, step) in named.chain(listed) {
                let Some(image) = entry(step, "image") else { continue };
                let Some(text) = scalar(&image.value) else { continue };
                let mut flags = Flags::default();
                if let Some(privileged) = entry(step, "privileged")
                    && scalar(&privileged.value).is_some_and(|text| text.text() == "true")
                {
                    let span = privileged.key.span.cover(privileged.value.span);
                    flags.service.set("privileged", privileged.key.span, tree::boolean(true, span));
                }
                for (written, attribute) in [("user", "user"), ("network_mode", "network_mode")] {
                    if let Some(text) = get(step, written).and_then(scalar) {
                        flags.value(Flag::Text(attribute), text.span(), &expanded(text));
                    }
                }
                for device in items(get(step, "devices")).iter().filter_map(scalar) {
                    flags.value(Flag::Item("devices"), device.span(), &expanded(device));
                }
                for mount in items(get(step, "volumes")) {
                    if let Some((at, mount)) = host_volume(root, mount) {
                        flags.service.push("volumes", at, mount);
                    }
                }
                for mount in items(get(step, "volumes")).iter().filter_map(scalar) {
                    flags.service.push("volumes", mount.span(), volume(&expanded(mount)));
                }
                self.environment(&mut flags, get(step, "environment"));
                self.add(flags, Some(text.clone()), &image.key, &name, InputKind::PlainJob);
            }
        }
    }
}

/// A directory of the host that a step of Drone's mounts by the name of a volume.
fn host_volume(root: &Node, mount: &Node) -> Option<(Span, Arc<Value>)> {
    let (name, target) = (get(mount, "name").and_then(scalar)?, get(mount, "path").and_then(scalar)?);
    let is_it = |volume: &&Node| {
        get(volume, "name").and_then(scalar).is_some_and(|other| other.text() == name.text())
    };
    let volume = items(get(root, "volumes")).iter().find(is_it)?;
    let source = get(get(volume, "host")?, "path").and_then(scalar)?;
    let mut made = Map::default();
    made.set("type", name.span(), tree::made("bind", name.span()));
    made.set("source", name.span(), tree::made(source.text(), name.span()));
    made.set("target", target.span(), tree::text(target));
    Some((mount.span, made.finish(mount.span)))
}
