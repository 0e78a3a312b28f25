//! What the editor's settings say.

use lint_core::config::{Options, is_selector, unknown_selector};
use lint_core::{RunProfile, Severity};
use serde_json::Value;

/// The settings of the section `plimsoll`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Settings {
    /// Whether anything is said at all.
    pub(crate) enable: bool,
    /// What is laid over the configuration files.
    pub(crate) options: Options,
    /// A configuration file for everything.
    pub(crate) config: Option<String>,
    /// The least severity that is shown.
    pub(crate) least: Option<Severity>,
    /// Whether findings of files are told that are not open.
    pub(crate) whole_workspace: bool,
    pub(crate) hints: bool,
    pub(crate) lenses: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            enable: true,
            options: Options::default(),
            config: None,
            least: None,
            whole_workspace: true,
            hints: true,
            lenses: true,
        }
    }
}

impl Settings {
    /// Reads them, and says what of them cannot be understood. What can be counts.
    pub(crate) fn read(value: &Value) -> (Self, Vec<String>) {
        let (mut settings, mut wrong) = (Self::default(), Vec::new());
        // `{"plimsoll": {…}}`, `{"settings": {…}}` or what is in them.
        let inner = ["plimsoll", "settings"]
            .iter()
            .find_map(|name| value.get(name).filter(|inner| inner.is_object()));
        if let Some(inner) = inner {
            return Self::read(inner);
        }
        for (name, value) in value.as_object().into_iter().flatten() {
            if let Err(expected) = settings.set(name, value) {
                wrong.push(format!("plimsoll.{name}: {expected}"));
            }
        }
        (settings, wrong)
    }

    fn set(&mut self, name: &str, value: &Value) -> Result<(), String> {
        // An editor that has no value sends none.
        if value.is_null() {
            return Ok(());
        }
        let word = || value.as_str().ok_or_else(|| "expected text".to_owned());
        let switch = || value.as_bool().ok_or_else(|| "expected true or false".to_owned());
        match name {
            "enable" => self.enable = switch()?,
            "profile" => {
                self.options.profile = match word()? {
                    "" => None,
                    "default" => Some(RunProfile::Default),
                    "strict" => Some(RunProfile::Strict),
                    "audit" => Some(RunProfile::Audit),
                    other => return Err(format!("expected default, strict or audit, found '{other}'")),
                }
            }
            "select" => self.options.select = selectors(value)?,
            "extendSelect" => self.options.extend_select = selectors(value)?,
            "ignore" => self.options.ignore = selectors(value)?,
            "configuration" => self.config = Some(word()?.to_owned()).filter(|path| !path.is_empty()),
            "minSeverity" => {
                self.least = match word()? {
                    "" => None,
                    text => Some(text.parse().map_err(|_| {
                        format!("expected info, low, medium, high or critical, found '{text}'")
                    })?),
                }
            }
            "diagnosticMode" => {
                self.whole_workspace = match word()? {
                    "workspace" => true,
                    "openFilesOnly" => false,
                    other => return Err(format!("expected workspace or openFilesOnly, found '{other}'")),
                }
            }
            "inlayHints" => self.hints = switched(value)?,
            "codeLens" => self.lenses = switched(value)?,
            // The extension's own.
            "path" | "trace" | "importStrategy" => {}
            _ => return Err("no such setting".to_owned()),
        }
        Ok(())
    }
}

/// `true`, or `{"enable": true}` as editors write groups of settings.
fn switched(value: &Value) -> Result<bool, String> {
    let inner = value.get("enable").unwrap_or(value);
    inner.as_bool().ok_or_else(|| "expected true or false".to_owned())
}

fn selectors(value: &Value) -> Result<Option<Vec<String>>, String> {
    let list = value.as_array().ok_or_else(|| "expected a list of rules".to_owned())?;
    let names = list
        .iter()
        .map(|name| name.as_str().map(str::to_owned).ok_or_else(|| "expected a list of rules".to_owned()));
    let names: Vec<String> = names.collect::<Result<_, _>>()?;
    if let Some(unknown) = names.iter().find(|name| !is_selector(name)) {
        return Err(unknown_selector(unknown));
    }
    Ok((!names.is_empty()).then_some(names))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_can_be_understood_counts() {
        let (settings, wrong) = Settings::read(&json!({"plimsoll": {
            "profile": "strict", "ignore": ["DL3008"], "select": [], "minSeverity": "medium", "codeLens": {"enable": false},
            "trace": {"server": "off"}, "configuration": "", "enable": "yes", "colour": 1, "extendSelect": ["no-such-rule"], "hints": null
        }}));
        assert_eq!(settings.options.profile, Some(RunProfile::Strict));
        assert_eq!(settings.options.ignore, Some(vec!["DL3008".to_owned()]));
        assert_eq!((settings.least, settings.lenses, settings.enable), (Some(Severity::Medium), false, true));
        assert_eq!(wrong.len(), 3, "{wrong:?}");
        assert_eq!(Settings::read(&Value::Null), (Settings::default(), Vec::new()));
        assert!(!Settings::read(&json!({"settings": {"enable": false}})).0.enable);
    }
}
