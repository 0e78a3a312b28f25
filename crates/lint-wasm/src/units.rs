//! Offsets as JavaScript counts them.

/// How many bytes lie between two places whose units are known.
const STEP: usize = 256;

/// How many units of UTF-16 precede the bytes of a text.
#[derive(Debug)]
pub(crate) struct Units {
    /// Before every `STEP`-th byte; empty where every character is one unit and one byte.
    steps: Vec<u32>,
}

impl Units {
    pub(crate) fn of(text: &str) -> Self {
        let mut steps = Vec::new();
        if !text.is_ascii() {
            let (mut count, mut next) = (0, 0);
            for (at, c) in text.char_indices() {
                while next <= at {
                    steps.push(count);
                    next += STEP;
                }
                count += width(c);
            }
            while next <= text.len() {
                steps.push(count);
                next += STEP;
            }
        }
        Self { steps }
    }

    /// The units before a byte offset; one inside a character is taken for where the character begins.
    pub(crate) fn before(&self, text: &str, offset: usize) -> u32 {
        let mut offset = offset.min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        if self.steps.is_empty() {
            return u32::try_from(offset).unwrap_or(u32::MAX);
        }
        let step = offset / STEP;
        let from = boundary(text, step * STEP).min(offset);
        let known = self.steps.get(step).copied().unwrap_or_default();
        known + text.get(from..offset).unwrap_or_default().chars().map(width).sum::<u32>()
    }

    /// The byte offset that so many units precede; half a character is its beginning.
    pub(crate) fn offset(&self, text: &str, units: u32) -> usize {
        if self.steps.is_empty() {
            return usize::try_from(units).unwrap_or(usize::MAX).min(text.len());
        }
        let step = self.steps.partition_point(|&known| known <= units).saturating_sub(1);
        let mut at = boundary(text, step * STEP);
        let mut count = self.steps.get(step).copied().unwrap_or_default();
        for c in text.get(at..).unwrap_or_default().chars() {
            count += width(c);
            if count > units {
                break;
            }
            at += c.len_utf8();
        }
        at
    }
}

/// The first boundary at or after an offset.
fn boundary(text: &str, offset: usize) -> usize {
    (offset..=text.len()).find(|&at| text.is_char_boundary(at)).unwrap_or(text.len())
}

fn width(c: char) -> u32 {
    if c.len_utf16() == 2 { 2 } else { 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_those_of_utf_16_and_lead_back() {
        for text in
            ["", "plain", &"é𐐀a\r\n".repeat(400), &format!("{}🦀{}", "x".repeat(255), "y".repeat(300))]
        {
            let units = Units::of(text);
            for (at, _) in text.char_indices().chain([(text.len(), ' ')]) {
                let expected = text[..at].encode_utf16().count();
                assert_eq!(units.before(text, at) as usize, expected, "{at}");
                assert_eq!(units.offset(text, u32::try_from(expected).unwrap()), at);
            }
            assert_eq!(units.offset(text, u32::MAX), text.len());
        }
        // Within a character.
        let text = "a𐐀b";
        assert_eq!((Units::of(text).before(text, 3), Units::of(text).offset(text, 2)), (1, 1));
    }
}
