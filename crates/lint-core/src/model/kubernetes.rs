//! Kubernetes: manifests, the pods that they hold, and what Pod Security says of those.

pub mod access;
pub mod cluster;
pub mod control_plane;
pub mod credentials;
pub mod edit;
pub mod inner;
pub mod kinds;
pub mod kustomize;
pub mod lower;
pub mod manifest;
pub mod object;
pub mod pod;
pub mod pod_security;
pub mod recognise;
pub mod refusals;
pub mod skaffold;
pub mod steps;
pub mod strategic;
pub mod texts;
pub mod ties;
pub mod tree;
