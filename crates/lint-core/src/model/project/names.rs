//! Names as Compose makes them up.

/// A directory's name as Compose makes a project's name of it: lower case, of letters, digits, `-` and `_`,
/// beginning with a letter or a digit. Empty when nothing is left.
///
/// ```
/// assert_eq!(lint_core::project::normalised_name("My App"), "myapp");
/// ```
#[must_use]
pub fn normalised_name(directory: &str) -> String {
    let name: String = directory
        .to_lowercase()
        .chars()
        .filter(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_'))
        .collect();
    name.trim_start_matches(['-', '_']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::normalised_name;

    #[test]
    fn a_directory_names_a_project() {
        for (directory, name) in
            [("My App", "myapp"), ("_a.b-c", "ab-c"), ("Übung", "bung"), ("...", ""), ("-_-", "")]
        {
            assert_eq!(normalised_name(directory), name);
        }
    }
}
