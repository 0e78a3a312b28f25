//! Tests of the model against the fixtures of the repository. They stand inside the crate because what they look at is
//! not public.

mod canonical_properties;
mod compose_semantics;
mod project_bounds;
mod project_model;
mod project_properties;
mod stage_model;
