//! How large values are, and how two of them stand to one another, as in CEL.

use std::cmp::Ordering;
use std::rc::Rc;

use crate::policies::language::value::{Data, Unknown};

pub(super) fn size(data: &Data<'_>) -> usize {
    match data {
        Data::Text(text) => text.len(),
        Data::List(values) => values.len(),
        Data::Map(entries) => entries.len(),
        _ => 1,
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "as CEL compares numbers of two kinds, but for the last digits of large ones"
)]
pub(super) fn order(one: &Data<'_>, two: &Data<'_>) -> Option<Ordering> {
    match (one, two) {
        (Data::Int(one), Data::Int(two)) => Some(one.cmp(two)),
        (Data::Double(one), Data::Double(two)) => one.partial_cmp(two),
        (Data::Int(one), Data::Double(two)) => (*one as f64).partial_cmp(two),
        (Data::Double(one), Data::Int(two)) => one.partial_cmp(&(*two as f64)),
        (Data::Text(one), Data::Text(two)) => Some(one.cmp(two)),
        (Data::Bool(one), Data::Bool(two)) => Some(one.cmp(two)),
        _ => None,
    }
}

/// Whether two are equal, or what of them is not known.
pub(super) fn equal(one: &Data<'_>, two: &Data<'_>) -> Result<bool, Rc<Unknown>> {
    match (one, two) {
        (Data::Unknown(unknown), _) | (_, Data::Unknown(unknown)) => Err(Rc::clone(unknown)),
        (Data::List(one), Data::List(two)) => {
            if one.len() != two.len() {
                return Ok(false);
            }
            let mut unknown = None;
            for (one, two) in one.iter().zip(two.iter()) {
                match equal(&one.data, &two.data) {
                    Ok(true) => {}
                    Ok(false) => return Ok(false),
                    Err(why) => unknown = Some(why),
                }
            }
            unknown.map_or(Ok(true), Err)
        }
        (Data::Map(one), Data::Map(two)) => {
            if one.len() != two.len() {
                return Ok(false);
            }
            for (key, value) in one.iter() {
                let Some((_, other)) = two.iter().find(|(own, _)| own == key) else { return Ok(false) };
                if !equal(&value.data, &other.data)? {
                    return Ok(false);
                }
            }
            Ok(true)
        }
        (one, two) => Ok(order(one, two) == Some(Ordering::Equal)),
    }
}
