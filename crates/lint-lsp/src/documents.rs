//! The documents that are open, as the client has them.

use std::collections::BTreeMap;

use lint_core::session::{Encoding, Position, Positions};
use serde::Deserialize;

use crate::uri;

/// A document that is open.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    /// Its address, as the client wrote it.
    pub(crate) uri: String,
    pub(crate) language: String,
    pub(crate) version: i32,
    pub(crate) text: String,
    /// Where its lines are.
    pub(crate) positions: Positions,
}

/// The open documents, by [`uri::key`].
#[derive(Debug, Default)]
pub(crate) struct Documents(BTreeMap<String, Document>);

/// A change, as the client tells it. One without a range replaces everything.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Change {
    range: Option<lsp_types::Range>,
    text: String,
}

impl Documents {
    /// A document is the client's from now on. One that is opened again is a new one.
    pub(crate) fn open(
        &mut self,
        uri: &str,
        language: &str,
        version: i32,
        text: String,
        encoding: Encoding,
    ) -> String {
        let key = uri::key(uri);
        let positions = Positions::new(&text, encoding);
        let document =
            Document { uri: uri.to_owned(), language: language.to_owned(), version, text, positions };
        self.0.insert(key.clone(), document);
        key
    }

    /// Applies changes in their order, each to what the one before has made; the key, if the document is open.
    pub(crate) fn change(
        &mut self,
        uri: &str,
        version: i32,
        changes: Vec<Change>,
        encoding: Encoding,
    ) -> Option<String> {
        let key = uri::key(uri);
        let document = self.0.get_mut(&key)?;
        document.version = version;
        for change in changes {
            match change.range {
                None => document.text = change.text,
                Some(range) => {
                    let at = |position: lsp_types::Position| {
                        let position = Position::new(position.line, position.character);
                        document.positions.offset(&document.text, position)
                    };
                    let (start, end) = (at(range.start), at(range.end));
                    document.text.replace_range(start.min(end)..start.max(end), &change.text);
                }
            }
            document.positions = Positions::new(&document.text, encoding);
        }
        Some(key)
    }

    pub(crate) fn close(&mut self, uri: &str) -> Option<(String, Document)> {
        let key = uri::key(uri);
        self.0.remove(&key).map(|document| (key, document))
    }

    pub(crate) fn get(&self, key: &str) -> Option<&Document> {
        self.0.get(key)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&String, &Document)> {
        self.0.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn changed(text: &str, changes: &str) -> String {
        let mut documents = Documents::default();
        documents.open("file:///a", "x", 1, text.to_owned(), Encoding::Utf16);
        let changes: Vec<Change> = serde_json::from_str(changes).unwrap();
        let key = documents.change("file:///a", 2, changes, Encoding::Utf16).unwrap();
        documents.get(&key).unwrap().text.clone()
    }

    #[test]
    fn changes_apply_one_after_the_other() {
        let range = |a: u32, b: u32, c: u32, d: u32| {
            format!(
                "\"range\":{{\"start\":{{\"line\":{a},\"character\":{b}}},\"end\":{{\"line\":{c},\"character\":{d}}}}}"
            )
        };
        let two =
            format!("[{{{},\"text\":\"xy\"}},{{{},\"text\":\"\"}}]", range(0, 0, 0, 1), range(0, 1, 0, 2));
        assert_eq!(changed("abc", &two), "xbc");
        assert_eq!(changed("abc", "[{\"text\":\"new\"}]"), "new");
        let after = format!("[{{{},\"text\":\"!\"}}]", range(0, 3, 0, 3));
        assert_eq!(changed("𐐀é\r\nb", &after), "𐐀é!\r\nb");
        // Beyond every end, in the wrong order, inside of a pair.
        let beyond = format!("[{{{},\"text\":\"!\"}}]", range(9, 9, 99, 9));
        assert_eq!(changed("a\n", &beyond), "a\n!");
        let backwards = format!("[{{{},\"text\":\"\"}}]", range(1, 0, 0, 0));
        assert_eq!(changed("a\nb", &backwards), "b");
        let inside = format!("[{{{},\"text\":\"x\"}}]", range(0, 1, 0, 1));
        assert_eq!(changed("𐐀", &inside), "x𐐀");
    }
}
