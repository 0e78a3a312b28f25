//! What BuildKit refuses after parsing, as far as that shows without the value of any variable.

use crate::dockerfile::ast::Dockerfile;
use crate::syntax_error::SyntaxError;

pub(super) fn validate(_tree: &Dockerfile, _errors: &mut Vec<SyntaxError>) {}
