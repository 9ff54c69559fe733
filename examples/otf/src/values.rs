//! Values that people type: times of day, weekdays, dates, class types. Each parser's error is shown by clap beside
//! the option's name.

use otf_api::ClassType;
use otf_api::jiff::civil::{Date, Time, Weekday};

/// A time of day on the studio's clock: `9:45`, `09:45` or `17:05`.
pub fn time_of_day(text: &str) -> Result<Time, String> {
    let invalid = || format!("{text:?} is not a time of day such as 9:45 or 17:05");
    let (hour, minute) = text.split_once(':').ok_or_else(invalid)?;
    let is_number = |part: &str, lengths: &[usize]| {
        lengths.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    if !is_number(hour, &[1, 2]) || !is_number(minute, &[2]) {
        return Err(invalid());
    }
    let number = |part: &str| part.parse::<i8>().map_err(|_| invalid());
    Time::new(number(hour)?, number(minute)?, 0, 0).map_err(|_| invalid())
}

/// A day of the week, by its English name or at least its first two letters.
pub fn weekday(text: &str) -> Result<Weekday, String> {
    let name = text.to_lowercase();
    Weekday::Monday
        .cycle_forward()
        .take(7)
        .find(|day| name.len() >= 2 && format!("{day:?}").to_lowercase().starts_with(&name))
        .ok_or_else(|| format!("{text:?} is not a day of the week such as sat or saturday"))
}

/// A date as `YYYY-MM-DD`.
pub fn date(text: &str) -> Result<Date, String> {
    let invalid = || format!("{text:?} is not a date such as 2026-04-11");
    let date = text.parse::<Date>().map_err(|_| invalid())?;
    if text.len() == 10 && date.year() >= 2000 { Ok(date) } else { Err(invalid()) }
}

/// A year from 2010, when the first studio opened.
pub fn year(text: &str) -> Result<i16, String> {
    text.parse()
        .ok()
        .filter(|year| (2010..=9999).contains(year))
        .ok_or_else(|| format!("{text:?} is not a year from 2010 on"))
}

/// A class type that the library knows: `orange_60`, `tread-50`, `Strength 50`.
pub fn class_type(text: &str) -> Result<ClassType, String> {
    let Ok(class_type) = text.parse::<ClassType>();
    if matches!(class_type, ClassType::Other(_)) {
        let known: Vec<String> = ClassType::KNOWN.iter().map(|known| known.as_str().to_lowercase()).collect();
        return Err(format!("unknown class type {text:?}; known ones are {}", known.join(", ")));
    }
    Ok(class_type)
}

/// A text that is not blank, without the blanks around it.
pub fn non_blank(text: &str) -> Result<String, String> {
    let text = text.trim();
    if text.is_empty() { Err("it is blank".to_owned()) } else { Ok(text.to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_day_need_no_leading_zero() {
        for (text, expected) in [("9:45", (9, 45)), ("09:45", (9, 45)), ("17:05", (17, 5)), ("0:00", (0, 0))]
        {
            let time = time_of_day(text).unwrap();
            assert_eq!((time.hour(), time.minute()), expected, "{text}");
        }
        for text in ["", "9", "9:4", "9:5:00", "24:00", "9:60", "-9:45", "+9:45", "009:45", "9:45am", "９:45"]
        {
            assert!(time_of_day(text).is_err(), "{text}");
        }
    }

    #[test]
    fn weekdays_may_be_shortened_to_two_letters() {
        assert_eq!(weekday("Sa"), Ok(Weekday::Saturday));
        assert_eq!(weekday("tues"), Ok(Weekday::Tuesday));
        for text in ["", "s", "sunn", "someday"] {
            assert!(weekday(text).is_err(), "{text}");
        }
    }

    #[test]
    fn dates_years_and_types_are_checked() {
        assert!(date("2026-04-11").is_ok());
        for text in ["2026-4-11", "-002026-04-11", "2026-02-29", "20260411", "0001-01-01", "today"] {
            assert!(date(text).is_err(), "{text}");
        }
        assert_eq!(year("2026"), Ok(2026));
        for text in ["-2026", "0", "1999", "26"] {
            assert!(year(text).is_err(), "{text}");
        }
        assert_eq!(class_type("Orange 60"), Ok(ClassType::Orange60));
        assert!(class_type("orange_61").unwrap_err().contains("orange_60"));
    }
}
