//! The environment variables that stand in for flags.

use clap::ValueEnum;

/// A variable whose value is one of a few names; unset and empty are the same, since CI systems set variables
/// to nothing when they have no value for them.
///
/// # Errors
/// A message that says which variable holds what it should not.
pub(crate) fn named<T: ValueEnum>(variable: &str) -> Result<Option<T>, String> {
    parsed(variable, |text| {
        T::from_str(text, true).map_err(|_| {
            let names: Vec<_> = T::value_variants().iter().filter_map(ValueEnum::to_possible_value).collect();
            let names: Vec<_> = names.iter().map(clap::builder::PossibleValue::get_name).collect();
            format!("expected one of {}", names.join(", "))
        })
    })
}

/// A variable that `parse` understands.
///
/// # Errors
/// A message that says which variable holds what it should not.
pub(crate) fn parsed<T>(
    variable: &str,
    parse: impl FnOnce(&str) -> Result<T, String>,
) -> Result<Option<T>, String> {
    let Some(value) = std::env::var_os(variable).filter(|value| !value.is_empty()) else { return Ok(None) };
    let value = value.to_string_lossy();
    parse(&value).map(Some).map_err(|why| format!("invalid value '{value}' in {variable}: {why}"))
}
