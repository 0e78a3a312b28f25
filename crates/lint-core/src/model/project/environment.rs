//! What variables are replaced with, and what a container's environment is made of.

use std::collections::HashMap;
use std::sync::Arc;

use lint_parser::compose::ast;
use lint_parser::compose::value::Origin;

use crate::model::project::loader::{Context, Loader};
use crate::model::service::VariablesFile;

/// The variables of a project.
#[derive(Debug, Default)]
pub(super) struct Environment {
    id: usize,
    variables: HashMap<String, String>,
}

impl Environment {
    pub(super) fn id(&self) -> usize {
        self.id
    }

    pub(super) fn of_project(name: Option<String>) -> Arc<Environment> {
        let _ = name;
        Arc::new(Environment::default())
    }
}

impl Loader<'_> {
    pub(super) fn project_name(&mut self, files: &[String], directory: &str) -> Option<String> {
        let _ = (files, directory);
        None
    }
    pub(super) fn environment(
        &mut self,
        files: &[(String, Option<Origin>)],
        directory: &str,
        outer: Option<&Arc<Environment>>,
    ) -> Arc<Environment> {
        let _ = (files, directory);
        outer.cloned().unwrap_or_default()
    }
    pub(super) fn env_files(
        &mut self,
        spec: &ast::service::Service,
        name: &str,
        context: &Context,
    ) -> Vec<Arc<VariablesFile>> {
        let _ = (spec, name, context);
        Vec::new()
    }
    pub(super) fn label_files(
        &mut self,
        spec: &ast::service::Service,
        name: &str,
        context: &Context,
    ) -> Vec<Arc<VariablesFile>> {
        let _ = (spec, name, context);
        Vec::new()
    }
}
