//! How much of the node a container may use.

use std::sync::Arc;

use lint_parser::compose::value::Value;

use crate::model::kubernetes::cluster::Cluster;
use crate::model::kubernetes::lower::make::{self, Map};
use crate::model::kubernetes::pod::{Pod, PodContainer};
use crate::model::kubernetes::tree::{at, is_placeholder, text};

pub(super) fn add(service: &mut Map, pod: &Pod<'_>, container: &PodContainer<'_>, cluster: &Cluster) {
    for (resource, attribute) in [("memory", "mem_limit"), ("cpu", "cpus")] {
        let own = at(container.value, &["resources", "limits", resource]);
        // What bounds the pod bounds each container.
        let limit = own.or_else(|| pod.at(&["resources", "limits", resource]));
        match limit {
            Some(limit) => service.set(attribute, limit.origin, quantity(limit, resource)),
            None if cluster.has_default_limit(pod, resource) => {
                let head = container.head();
                service.set(attribute, head, make::unknown(head));
            }
            None => {}
        }
    }
}

/// A quantity of Kubernetes as Compose writes it: bytes, or processors.
fn quantity(value: &Arc<Value>, resource: &str) -> Arc<Value> {
    let written = text(value).filter(|text| !is_placeholder(text));
    let amount = written.and_then(parsed);
    match (amount, resource) {
        (Some(amount), "cpu") => make::text(&format!("{amount}"), value.origin),
        (Some(amount), _) => make::text(&format!("{}", amount.clamp(0.0, 9e18) as u64), value.origin),
        (None, _) => make::unknown(value.origin),
    }
}

/// `500m`, `1Gi`, `1.5G`, `1e3`.
fn parsed(text: &str) -> Option<f64> {
    const UNITS: [(&str, f64); 13] = [
        ("Ki", 1024.0),
        ("Mi", 1_048_576.0),
        ("Gi", 1_073_741_824.0),
        ("Ti", 1_099_511_627_776.0),
        ("Pi", 1_125_899_906_842_624.0),
        ("m", 1e-3),
        ("k", 1e3),
        ("M", 1e6),
        ("G", 1e9),
        ("T", 1e12),
        ("P", 1e15),
        ("E", 1e18),
        ("", 1.0),
    ];
    let text = text.trim();
    UNITS.iter().find_map(|(unit, factor)| {
        let number: f64 = text.strip_suffix(unit)?.parse().ok()?;
        number.is_finite().then_some(number * factor)
    })
}
