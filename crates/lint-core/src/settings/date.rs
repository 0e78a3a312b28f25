//! Days of the calendar.

use std::fmt;
use std::str::FromStr;

/// A day, as `2027-01-31`.
///
/// ```
/// use lint_core::settings::Date;
///
/// let day: Date = "2027-01-31".parse()?;
/// assert!(day > Date::from_unix_days(20_000));
/// assert_eq!(day.to_string(), "2027-01-31");
/// # Ok::<(), lint_core::settings::NoDate>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: u16,
    month: u8,
    day: u8,
}

impl Date {
    /// A day of the Gregorian calendar; `None` when there is no such day.
    #[must_use]
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
        let days = match month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            2 if leap => 29,
            2 => 28,
            _ => return None,
        };
        (1..=days).contains(&day).then_some(Self { year, month, day })
    }

    /// The day that is so many days after 1970-01-01, as far as year 9999.
    #[must_use]
    pub fn from_unix_days(days: u32) -> Self {
        // Howard Hinnant's civil_from_days: years begin in March, so that the leap day is the last of its year.
        let days = u64::from(days.min(2_932_896)) + 719_468;
        let (era, day_of_era) = (days / 146_097, days % 146_097);
        let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted + 2) / 5 + 1;
        let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
        let year = year_of_era + era * 400 + u64::from(month <= 2);
        let small = |n: u64| u8::try_from(n).unwrap_or(1);
        Self { year: u16::try_from(year).unwrap_or(9999), month: small(month), day: small(day) }
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl FromStr for Date {
    type Err = NoDate;

    fn from_str(text: &str) -> Result<Self, NoDate> {
        let mut parts = text.split('-');
        let (Some(year), Some(month), Some(day), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(NoDate);
        };
        let small = |n: u16| u8::try_from(n).ok();
        let year = number(year, 4);
        let month = number(month, 2).and_then(small);
        let day = number(day, 2).and_then(small);
        match (year, month, day) {
            (Some(year), Some(month), Some(day)) => Date::new(year, month, day).ok_or(NoDate),
            _ => Err(NoDate),
        }
    }
}

/// A number written with exactly so many digits.
fn number(text: &str, digits: usize) -> Option<u16> {
    let exact = text.len() == digits && text.bytes().all(|b| b.is_ascii_digit());
    if exact { text.parse().ok() } else { None }
}

/// A text that is no day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoDate;

impl fmt::Display for NoDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a day; write it as 2027-01-31")
    }
}

impl std::error::Error for NoDate {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_compared_and_counted() {
        let day = |text: &str| text.parse::<Date>().unwrap();
        assert!(day("2027-01-31") < day("2027-02-01") && day("2026-12-31") < day("2027-01-01"));
        assert_eq!(day("2028-02-29").to_string(), "2028-02-29");
        for text in
            ["2027-02-29", "2100-02-29", "2027-13-01", "2027-1-1", "27-01-01", "x", "2027-01-01-1", ""]
        {
            assert_eq!(text.parse::<Date>(), Err(NoDate), "{text}");
        }
        assert_eq!(Date::from_unix_days(0).to_string(), "1970-01-01");
        assert_eq!(Date::from_unix_days(11_016).to_string(), "2000-02-29");
        assert_eq!(Date::from_unix_days(20_453).to_string(), "2025-12-31");
        assert_eq!(Date::from_unix_days(u32::MAX).to_string(), "9999-12-31");
    }
}
