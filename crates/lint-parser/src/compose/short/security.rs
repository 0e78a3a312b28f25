//! `security_opt`: `key=value`, `key:value`, `key`.

use crate::compose::ast::field::Text;
use crate::compose::ast::lifecycle::SecurityOpt;
use crate::compose::short::split::first_cut;

/// Splits as the engine does: at the first `=`; without one, at the first `:`, the separator of old.
pub(crate) fn split_security(text: &Text) -> SecurityOpt {
    let whole = text.as_str();
    match first_cut(whole, b'=').or_else(|| first_cut(whole, b':')) {
        Some(at) => SecurityOpt {
            text: text.clone(),
            key: text.slice(0..at),
            separator: Some(text.slice(at..at + 1)),
            value: Some(text.slice(at + 1..whole.len())),
        },
        None => SecurityOpt { text: text.clone(), key: text.clone(), separator: None, value: None },
    }
}

#[cfg(test)]
mod tests {
    use super::split_security;
    use crate::compose::short::tests::{spans, text};

    #[test]
    fn parts_and_their_places() {
        for (written, expected) in [
            ("no-new-privileges", "key=no-new-privileges"),
            ("no-new-privileges:true", "key=no-new-privileges separator=: value=true"),
            ("seccomp=unconfined", "key=seccomp separator== value=unconfined"),
            ("label=type:svirt_t", "key=label separator== value=type:svirt_t"),
            ("seccomp:${P:-a=b}", "key=seccomp separator=: value=${P:-a=b}"),
        ] {
            let option = split_security(&text(written));
            let found = spans(
                written,
                &[
                    ("key", Some(option.key.origin)),
                    ("separator", option.separator.map(|text| text.origin)),
                    ("value", option.value.map(|text| text.origin)),
                ],
            );
            assert_eq!(found, expected, "{written}");
        }
    }
}
