//! `security_opt` as the Engine goes through it: in order, where the last word on a subject counts.

use lint_parser::compose::ast::field::{Item, Text};
use lint_parser::compose::ast::lifecycle::SecurityOpt;

use crate::model::project::service::Service;

/// The value a service gives an option that can be given once (`seccomp`, `apparmor`): the last one.
///
/// `None` when the option is not given, when its value is not known, or when a later entry may be the same
/// option, because a variable decides what it is.
#[must_use]
pub fn last<'s>(service: &'s Service, key: &str) -> Option<(&'s Item<SecurityOpt>, &'s Text)> {
    let options = &service.spec.security_opt.as_ref()?.value;
    let item = options
        .items
        .iter()
        .rev()
        .find(|item| item.value.key.is_unknown() || item.value.key.as_str() == key)?;
    if item.value.key.is_unknown() {
        return None;
    }
    let value = item.value.value.as_ref().filter(|value| !value.is_unknown())?;
    Some((item, value))
}

/// Every known value of an option that can be given often (`label`), in order.
pub fn all<'s>(
    service: &'s Service,
    key: &'static str,
) -> impl Iterator<Item = (&'s Item<SecurityOpt>, &'s Text)> {
    let items = service.spec.security_opt.iter().flat_map(|options| &options.value.items);
    items.filter(move |item| !item.value.key.is_unknown() && item.value.key.as_str() == key).filter_map(
        |item| {
            let value = item.value.value.as_ref().filter(|value| !value.is_unknown())?;
            Some((item, value))
        },
    )
}
