//! `extra_hosts`: `name=address`, `name:address`.

use crate::compose::ast::field::Text;
use crate::compose::ast::pairs::ExtraHost;
use crate::compose::lower::excerpt;
use crate::compose::short::split::first_cut;

/// Splits at the first `=`, else at the first `:`. The error is in Compose's words.
pub(crate) fn split_host(text: &Text) -> Result<ExtraHost, String> {
    let whole = text.as_str();
    let cut = first_cut(whole, b'=').or_else(|| first_cut(whole, b':'));
    let Some(at) = cut else {
        return Err(format!("invalid additional host, missing IP: {}", excerpt(whole)));
    };
    if at == 0 && !text.is_unknown() {
        return Err("bad host name ''".to_owned());
    }
    let address = without_brackets(&text.slice(at + 1..whole.len()));
    Ok(ExtraHost { name: text.slice(0..at), address, origin: text.origin, via: None })
}

/// An IPv6 address without the brackets it may have.
pub(crate) fn without_brackets(address: &Text) -> Text {
    let text = address.as_str();
    if text.len() > 2 && text.starts_with('[') && text.ends_with(']') {
        address.slice(1..text.len() - 1)
    } else {
        address.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::split_host;
    use crate::compose::short::tests::{spans, text};

    #[test]
    fn parts_and_their_places() {
        for (written, expected) in [
            ("a=1.2.3.4", "name=a address=1.2.3.4"),
            ("a:1.2.3.4", "name=a address=1.2.3.4"),
            ("a=[::1]", "name=a address=::1"),
            ("a:::1", "name=a address=::1"),
            ("a:${IP:-host-gateway}", "name=a address=${IP:-host-gateway}"),
        ] {
            let host = split_host(&text(written)).unwrap();
            let places = [("name", Some(host.name.origin)), ("address", Some(host.address.origin))];
            assert_eq!(spans(written, &places), expected, "{written}");
        }
        assert_eq!(split_host(&text("a")).unwrap_err(), "invalid additional host, missing IP: a");
        assert_eq!(split_host(&text("=1")).unwrap_err(), "bad host name ''");
    }
}
