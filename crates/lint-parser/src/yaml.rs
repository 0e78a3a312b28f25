//! YAML, behind one wall: the only place that knows the YAML crate.

pub mod node;
