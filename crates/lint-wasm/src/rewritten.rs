//! Any value in JSON, as a text that YAML reads alike.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// A value, written anew: JSON escapes some characters as YAML does not.
#[derive(Debug, PartialEq)]
pub(crate) struct Rewritten(pub(crate) String);

impl<'de> Deserialize<'de> for Rewritten {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Rewriter).map(Rewritten)
    }
}

struct Rewriter;

impl<'de> Visitor<'de> for Rewriter {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E: Error>(self) -> Result<String, E> {
        Ok("null".to_owned())
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<String, E> {
        Ok(value.to_string())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<String, E> {
        Ok(value.to_string())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<String, E> {
        Ok(value.to_string())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<String, E> {
        Ok(value.to_string())
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<String, E> {
        quoted(text)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<String, A::Error> {
        let mut written = Vec::new();
        while let Some(Rewritten(item)) = items.next_element()? {
            written.push(item);
        }
        Ok(format!("[{}]", written.join(",")))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<String, A::Error> {
        let mut written = Vec::new();
        while let Some((name, Rewritten(value))) = entries.next_entry::<String, _>()? {
            written.push(format!("{}:{value}", quoted::<A::Error>(&name)?));
        }
        Ok(format!("{{{}}}", written.join(",")))
    }
}

fn quoted<E: Error>(text: &str) -> Result<String, E> {
    let written = serde_json::to_string(text).map_err(E::custom)?;
    // What YAML takes with an escape alone, and JSON as it is.
    let must_go = |c: char| c.is_control() || matches!(c, '\u{feff}' | '\u{fffe}' | '\u{ffff}');
    if !written.contains(must_go) {
        return Ok(written);
    }
    let escaped = |c: char| match must_go(c) {
        true => format!("\\u{:04x}", u32::from(c)),
        false => c.to_string(),
    };
    Ok(written.chars().map(escaped).collect())
}

#[cfg(test)]
mod tests {
    use super::Rewritten;
    use lint_core::config::read;

    #[test]
    fn what_is_written_anew_says_the_same() {
        let text = r#"{"a": [null, true, -1, 18446744073709551615, 1.5, 1e3], "b\/": {"c": "\ud83d\ude00\t\"\\\/"}, "d": [], "e": {}}"#;
        let Rewritten(written) = lint_core::json::read(text).unwrap();
        assert_eq!(
            written,
            r#"{"a":[null,true,-1,18446744073709551615,1.5,1000],"b/":{"c":"😀\t\"\\/"},"d":[],"e":{}}"#
        );
        let (before, after): (serde_json::Value, serde_json::Value) = (
            serde_json::from_str(&text.replace("1e3", "1000")).unwrap(),
            serde_json::from_str(&written).unwrap(),
        );
        assert_eq!(before, after);
    }

    #[test]
    fn every_character_reaches_the_options() {
        let all: String = ('\0'..='\u{ff}').chain("\u{2028}\u{fffe}\u{feff}😀".chars()).collect();
        let setup = serde_json::json!({"build-args": {"A": all}}).to_string();
        let Rewritten(written) = lint_core::json::read(&setup).unwrap();
        assert_eq!(read(&written).unwrap().options.build_args.unwrap()["A"], all);
    }
}
