//! JSON as types of ours, which is what `serde_json::from_str` does: with the reader that is there in any case, and knows the
//! place of each value.
//!
//! `serde_json` writes. Its reader would be a second one in the module for browsers, where each byte is downloaded.

use std::cell::Cell;
use std::fmt;

use lint_parser::json::{Json, JsonKind, Member};
use lint_parser::syntax_error::SyntaxErrorKind;
use serde::de::value::StrDeserializer;
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, Error, Expected, IntoDeserializer as _, MapAccess,
    SeqAccess, Unexpected, Visitor,
};

/// Reads a text that is one value.
///
/// ```
/// let read = lint_core::json::read::<Vec<String>>("[\"a\", \"\\ud83d\\ude00\"]");
/// assert_eq!(read, Ok(vec!["a".to_owned(), "😀".to_owned()]));
/// let error = lint_core::json::read::<Vec<String>>("[\n  1]").unwrap_err();
/// assert_eq!(error, "invalid type: integer `1`, expected a string (line 2, column 3)");
/// ```
///
/// # Errors
/// When it is no JSON or no such value: what is wrong, and where.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, String> {
    from(&parse(text)?).map_err(|fault| located(text, fault.at, &fault.message))
}

/// The value that a text is. Names that are there twice are left to who reads it.
fn parse(text: &str) -> Result<Json, String> {
    let parsed = lint_parser::json::parse(text);
    let fault = parsed.errors.into_iter().find(|error| error.kind != SyntaxErrorKind::DuplicateKey);
    match (fault, parsed.tree) {
        (Some(fault), _) => Err(located(text, fault.span.start(), &fault.message)),
        (None, Some(json)) => Ok(json),
        (None, None) => Err("invalid JSON: there is nothing in it".to_owned()),
    }
}

/// Why a value is not of a type.
#[derive(Debug)]
pub(crate) struct Fault {
    /// The byte at fault.
    pub(crate) at: usize,
    /// What is wrong.
    pub(crate) message: String,
}

/// A value as a type of ours.
pub(crate) fn from<T: DeserializeOwned>(json: &Json) -> Result<T, Fault> {
    let at = Cell::new(json.span.start());
    T::deserialize(Reader { json, at: &at }).map_err(|NoSuch(message)| Fault { at: at.get(), message })
}

fn located(text: &str, at: usize, message: &str) -> String {
    let before = text.get(..at).unwrap_or(text);
    let line = before.rsplit('\n').next().unwrap_or_default();
    let (line, column) = (before.matches('\n').count() + 1, line.chars().count() + 1);
    format!("{message} (line {line}, column {column})")
}

#[derive(Debug)]
struct NoSuch(String);

impl fmt::Display for NoSuch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for NoSuch {}

impl Error for NoSuch {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

/// A value that is read. Each method knows what it wants: one that took whatever is there would have every type bring code for
/// what it refuses.
#[derive(Clone, Copy)]
struct Reader<'j> {
    json: &'j Json,
    /// What is being read: reading ends at the first fault.
    at: &'j Cell<usize>,
}

impl<'j> Reader<'j> {
    fn is_not(self, expected: &dyn Expected) -> NoSuch {
        let found = match &self.json.kind {
            JsonKind::Null => Unexpected::Other("null"),
            JsonKind::Bool(value) => Unexpected::Bool(*value),
            JsonKind::Number(number) => match (number.parse(), number.parse()) {
                (Ok(number), _) => Unexpected::Signed(number),
                (_, Ok(number)) => Unexpected::Unsigned(number),
                _ => Unexpected::Other(number),
            },
            JsonKind::String(text) => Unexpected::Str(text),
            JsonKind::Array(_) => Unexpected::Seq,
            JsonKind::Object(_) => Unexpected::Map,
        };
        NoSuch::invalid_type(found, expected)
    }

    fn number<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NoSuch> {
        let JsonKind::Number(number) = &self.json.kind else { return Err(self.is_not(&visitor)) };
        if let Ok(number) = number.parse() {
            return visitor.visit_u64(number);
        }
        if let Ok(number) = number.parse() {
            return visitor.visit_i64(number);
        }
        match number.parse::<f64>() {
            Ok(number) if number.is_finite() => visitor.visit_f64(number),
            _ => Err(NoSuch("number out of range".to_owned())),
        }
    }

    fn items(self) -> Option<Items<'j>> {
        match &self.json.kind {
            JsonKind::Array(items) => Some(Items { items: items.iter(), at: self.at }),
            _ => None,
        }
    }

    fn members(self) -> Option<Members<'j>> {
        match &self.json.kind {
            JsonKind::Object(members) => {
                Some(Members { members: members.iter(), value: None, whole: self.json, at: self.at })
            }
            _ => None,
        }
    }
}

macro_rules! numbers {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NoSuch> {
            self.number(visitor)
        }
    )*};
}

impl<'de> Deserializer<'de> for Reader<'_> {
    type Error = NoSuch;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NoSuch> {
        match &self.json.kind {
            JsonKind::Null => visitor.visit_unit(),
            JsonKind::Bool(value) => visitor.visit_bool(*value),
            JsonKind::Number(_) => self.number(visitor),
            JsonKind::String(text) => visitor.visit_str(text),
            JsonKind::Array(_) => self.deserialize_seq(visitor),
            JsonKind::Object(_) => self.deserialize_map(visitor),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NoSuch> {
        match self.json.kind {
            JsonKind::Bool(value) => visitor.visit_bool(value),
            _ => Err(self.is_not(&visitor)),
        }
    }

    numbers! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64
        deserialize_f32 deserialize_f64
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NoSuch> {
        match &self.json.kind {
            JsonKind::String(text) => visitor.visit_str(text),
            _ => Err(self.is_not(&visitor)),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NoSuch> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NoSuch> {
        match self.json.kind {
            JsonKind::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, NoSuch> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NoSuch> {
        match self.items() {
            Some(items) => visitor.visit_seq(items),
            None => Err(self.is_not(&visitor)),
        }
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NoSuch> {
        match self.members() {
            Some(members) => visitor.visit_map(members),
            None => Err(self.is_not(&visitor)),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, NoSuch> {
        self.deserialize_map(visitor)
    }

    /// Of enums there are words alone.
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, NoSuch> {
        match &self.json.kind {
            JsonKind::String(word) => visitor.visit_enum(text(word)),
            _ => Err(self.is_not(&visitor)),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NoSuch> {
        visitor.visit_unit()
    }

    serde::forward_to_deserialize_any! {
        i128 u128 char bytes byte_buf unit unit_struct tuple tuple_struct identifier
    }
}

fn text(text: &str) -> StrDeserializer<'_, NoSuch> {
    text.into_deserializer()
}

struct Items<'j> {
    items: std::slice::Iter<'j, Json>,
    at: &'j Cell<usize>,
}

impl<'de> SeqAccess<'de> for Items<'_> {
    type Error = NoSuch;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, NoSuch> {
        let Some(json) = self.items.next() else { return Ok(None) };
        self.at.set(json.span.start());
        seed.deserialize(Reader { json, at: self.at }).map(Some)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.items.len())
    }
}

struct Members<'j> {
    members: std::slice::Iter<'j, Member>,
    value: Option<&'j Json>,
    whole: &'j Json,
    at: &'j Cell<usize>,
}

impl<'de> MapAccess<'de> for Members<'_> {
    type Error = NoSuch;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, NoSuch> {
        let Some(member) = self.members.next() else {
            // What is missing is missing in the whole.
            self.at.set(self.whole.span.start());
            return Ok(None);
        };
        self.at.set(member.name_span.start());
        self.value = Some(&member.value);
        seed.deserialize(text(&member.name)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, NoSuch> {
        let json = self.value.unwrap_or(self.whole);
        self.at.set(json.span.start());
        seed.deserialize(Reader { json, at: self.at })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;
    use serde::Deserialize;
    use serde_json::Value;

    use super::read;

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Word {
        One,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    struct Newtype(f64);

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Whole {
        text: String,
        #[serde(default)]
        number: Option<u32>,
        #[serde(default)]
        word: Option<Word>,
        #[serde(default)]
        map: BTreeMap<String, bool>,
        #[serde(default)]
        list: Vec<Newtype>,
    }

    #[test]
    fn values_of_types() {
        for text in [
            r#"{"text": "\ud83d\ude00\u0000\u007f\t\/", "number": 4294967295, "word": "one", "list": [1, -2, 0.5e1]}"#,
            r#"{"text": "", "number": null, "map": {"a": true, "b": false, "a": false}, "list": [18446744073709551615]}"#,
            " {\n\"text\" : \"é\"\r\n}\t",
        ] {
            assert_eq!(read::<Whole>(text).unwrap(), serde_json::from_str(text).unwrap());
        }
    }

    #[test]
    fn faults_have_their_places() {
        let deep = format!("{{\"text\": {}1{}}}", "[".repeat(200), "]".repeat(200));
        let all: String = [
            "",
            "{\"text\": 1",
            "{\"text\": \"é\"} x",
            "[]",
            "{\"text\": [], \"number\": 1}",
            "{\"text\": \"\",\n \"number\": 1.5}",
            "{\"text\": \"\", \"number\": 4294967296}",
            "{\"text\": \"\", \"number\": -1}",
            "{\"text\": \"\", \"list\": [1e999]}",
            "{\"text\": \"\", \"word\": \"two\"}",
            "{\"text\": \"\", \"word\": {\"one\": null}}",
            "{\"text\": \"\", \"map\": {\"a\": null}}",
            "{\"text\": \"\",\n\"text\": \"\"}",
            "{\"text\": \"\",\n\"texts\": \"\"}",
            "\n{\"number\": 1}",
            &deep,
        ]
        .iter()
        .map(|text| format!("{}\n", read::<Whole>(text).unwrap_err()))
        .collect();
        insta::assert_snapshot!(all);
    }

    #[test]
    fn a_text_of_brackets_alone_is_refused() {
        for text in ["[".repeat(1_000_000), "{\"a\":".repeat(1_000_000)] {
            assert!(read::<Value>(&text).unwrap_err().contains("nested too deeply"));
        }
    }

    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<u64>().prop_map(Value::from),
            // The crate reads others inexactly.
            any::<i32>().prop_map(|eighths| Value::from(f64::from(eighths) / 8.0)),
            ".{0,6}".prop_map(Value::from),
            "[\"\\\\/\\x00-\\x1f\\x7f😀]{0,6}".prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 24, 4, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                proptest::collection::btree_map(".{0,3}", inner, 0..4)
                    .prop_map(|entries| Value::Object(entries.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_alike(value in value()) {
            let text = value.to_string();
            prop_assert_eq!(read::<Value>(&text), serde_json::from_str(&text).map_err(|error| error.to_string()));
            prop_assert_eq!(read::<Value>(&serde_json::to_string_pretty(&value).unwrap()).unwrap(), read::<Value>(&text).unwrap());
        }

        #[test]
        fn nothing_is_read_that_the_crate_refuses(text in "[\\[\\]{}:,\"\\\\ u0d8-9.\n\u{1}\u{7f}é]{0,16}") {
            if let Ok(read) = read::<Value>(&text) {
                // Halves of pairs stand for a sign that says so.
                prop_assume!(!read.to_string().contains('\u{fffd}'));
                prop_assert_eq!(read, serde_json::from_str::<Value>(&text).unwrap());
            }
        }
    }
}
