//! Every output format: what it writes of a set of findings with everything in it, and of nothing at all.

#[path = "outputs/counts.rs"]
mod counts;
#[path = "outputs/docs.rs"]
mod docs;
#[path = "outputs/formats.rs"]
mod formats;
#[path = "outputs/json_schema.rs"]
mod json_schema;
#[path = "outputs/properties.rs"]
mod properties;
#[path = "outputs/sample.rs"]
mod sample;
#[path = "outputs/sarif.rs"]
mod sarif;
#[path = "outputs/schema.rs"]
mod schema;
#[path = "cli/tree.rs"]
mod tree;
