//! Finding personal data by its form, anywhere in a text.

/// A piece at the beginning of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Span {
    Email,
    Url,
    Uuid,
    /// A JSON Web Token, or another run that is too long for a word.
    Token,
    /// `2026-04-28`, and the time where one follows.
    Date,
    /// A date with slashes and the year at its end.
    SlashDate,
    Phone,
    /// Letters and digits.
    Word,
}

/// The length of a piece, if a text begins with one.
type Length = fn(&str) -> Option<usize>;

/// The piece that a text begins with, and its length in bytes; `None` at a character that belongs to none.
pub(super) fn first(text: &str) -> Option<(Span, usize)> {
    let by_form: [(Span, Length); 7] = [
        (Span::Url, url),
        (Span::Email, email),
        (Span::Uuid, uuid),
        (Span::Token, token),
        (Span::Date, date),
        (Span::SlashDate, slash_date),
        (Span::Phone, phone),
    ];
    let found = by_form.into_iter().find_map(|(span, length)| length(text).map(|length| (span, length)));
    found.or_else(|| Some((Span::Word, word(text))).filter(|(_, length)| *length > 0))
}

/// Letters and digits, up to where an id, a date or a phone number follows without a gap: `member0b5c1f2e-…`.
fn word(text: &str) -> usize {
    const BEFORE_DASH: usize = 8;
    let length = run(text, char::is_alphanumeric);
    let word = text.get(..length).unwrap_or_default();
    if let Some(start) = length.checked_sub(BEFORE_DASH).filter(|start| *start > 0)
        && uuid(rest(text, start)).is_some()
    {
        return start;
    }
    let mut was_digit = true;
    for (at, c) in word.char_indices() {
        let begins = c.is_ascii_digit() && !was_digit;
        was_digit = c.is_ascii_digit();
        let longest = [date, slash_date, phone].into_iter().filter_map(|form| form(rest(text, at))).max();
        // What lies within the word is judged with the word.
        if begins && longest.is_some_and(|form| at.saturating_add(form) > length) {
            return at;
        }
    }
    length
}

/// How many bytes at the beginning are such letters.
fn run(text: &str, is_part: impl Fn(char) -> bool) -> usize {
    text.find(|c| !is_part(c)).unwrap_or(text.len())
}

/// What a piece is looked for in, so that a text is read in time that grows with its length only.
fn beginning(text: &str, longest: usize) -> &str {
    let cuts = (0..4).filter_map(|back| longest.checked_sub(back));
    if text.len() <= longest {
        text
    } else {
        cuts.filter_map(|cut| text.get(..cut)).next().unwrap_or_default()
    }
}

fn rest(text: &str, at: usize) -> &str {
    text.get(at..).unwrap_or_default()
}

fn url(text: &str) -> Option<usize> {
    let scheme = run(beginning(text, 16), |c| c.is_ascii_alphanumeric() || matches!(c, '+' | '.' | '-'));
    let has_scheme = scheme > 1 && rest(text, scheme).starts_with("://");
    let is_address = has_scheme || text.get(..4).is_some_and(|www| www.eq_ignore_ascii_case("www."));
    is_address.then(|| run(text, |c| !c.is_whitespace() && !matches!(c, '"' | '\'' | '<' | '>' | '`' | '\\')))
}

fn email(text: &str) -> Option<usize> {
    // RFC 5321, section 4.5.3.1.
    let text = beginning(text, 64 + 1 + 255);
    let local = run(text, |c| c.is_alphanumeric() || "._%+-'&=".contains(c));
    let domain = rest(text, local).strip_prefix('@')?;
    let length = run(domain, |c| c.is_alphanumeric() || matches!(c, '.' | '-'));
    let length = domain.get(..length)?.trim_end_matches(['.', '-']).len();
    (local > 0 && length > 0).then(|| local.saturating_add(1).saturating_add(length))
}

fn uuid(text: &str) -> Option<usize> {
    const LENGTH: usize = 36;
    let is_fit = |(place, byte): (usize, u8)| match place {
        8 | 13 | 18 | 23 => byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    };
    let uuid = text.get(..LENGTH)?;
    uuid.bytes().enumerate().all(is_fit).then_some(LENGTH)
}

fn token(text: &str) -> Option<usize> {
    const SHORTEST: usize = 40;
    let is_part = |c: char| c.is_ascii_alphanumeric() || "_-+.".contains(c);
    let seen = beginning(text, 256);
    let token = seen.get(..run(seen, is_part))?;
    let has = |is: fn(&u8) -> bool| token.as_bytes().iter().any(is);
    let is_random = has(u8::is_ascii_digit) && has(u8::is_ascii_lowercase) && has(u8::is_ascii_uppercase);
    let is_jwt = token.len() >= 16 && token.starts_with("eyJ");
    (is_jwt || token.len() >= SHORTEST && is_random).then(|| run(text, is_part))
}

fn date(text: &str) -> Option<usize> {
    let bytes = text.as_bytes().first_chunk::<10>()?;
    let is_fit = |(place, byte): (usize, &u8)| match place {
        4 | 7 => *byte == b'-',
        _ => byte.is_ascii_digit(),
    };
    if !bytes.iter().enumerate().all(is_fit) {
        return None;
    }
    let after = rest(text, 10);
    if after.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    Some(time(after).map_or(10, |time| time.saturating_add(10)))
}

/// The time after a date: `T10:00:00.000Z`, ` 10:00`, `T100000+0000`.
fn time(text: &str) -> Option<usize> {
    let digits = text.strip_prefix(['T', 't', ' '])?;
    let is_clock = digits.as_bytes().get(2) == Some(&b':') || !text.starts_with(' ');
    if !is_clock || !digits.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let clock = 1 + run(digits, |c| c.is_ascii_digit() || matches!(c, ':' | '.'));
    let zone = rest(text, clock);
    let offset = match zone.strip_prefix(['+', '-']) {
        Some(offset) => 1 + run(beginning(offset, 5), |c| c.is_ascii_digit() || c == ':'),
        None => usize::from(zone.starts_with(['Z', 'z'])),
    };
    Some(clock.saturating_add(offset))
}

fn slash_date(text: &str) -> Option<usize> {
    let length = run(beginning(text, 16), |c| c.is_ascii_digit() || c == '/');
    let mut parts = text.get(..length)?.split('/').map(str::len);
    let fits = |part: Option<usize>| part.is_some_and(|length| (1..=2).contains(&length));
    (fits(parts.next()) && fits(parts.next()) && parts.next() == Some(4) && parts.next().is_none())
        .then_some(length)
}

/// Digits with what people write between them, seven at least. Several numbers in a row are one piece.
fn phone(text: &str) -> Option<usize> {
    if !text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '(')) {
        return None;
    }
    let is_part = |c: char| c.is_ascii_digit() || " ().-+\u{a0}".contains(c);
    let seen = beginning(text, 64);
    let seen = seen.get(..run(seen, is_part))?;
    if seen.bytes().filter(u8::is_ascii_digit).count() < 7 {
        return None;
    }
    let phone = text.get(..run(text, is_part))?.trim_end_matches(|c: char| !c.is_ascii_digit());
    let is_divided = !phone.bytes().all(|byte| byte.is_ascii_digit());
    let ends = !rest(text, phone.len()).starts_with(char::is_alphanumeric);
    (ends || is_divided).then_some(phone.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Option<(Span, &str)> {
        first(text).map(|(span, length)| (span, &text[..length]))
    }

    #[test]
    fn pieces_and_where_they_end() {
        let uuid = "0b5c1f2e-6a41-4b0c-9d3e-7f1a2b3c4d5e";
        for (text, span, piece) in [
            ("pat.e+x@club.example.org, and", Span::Email, "pat.e+x@club.example.org"),
            ("pat@localhost.", Span::Email, "pat@localhost"),
            ("https://a.example/x?y=z\" b", Span::Url, "https://a.example/x?y=z"),
            ("s3://bucket/x", Span::Url, "s3://bucket/x"),
            (uuid, Span::Uuid, uuid),
            ("eyJhbGciOiJSUzI1NiJ9.e30.c2ln rest", Span::Token, "eyJhbGciOiJSUzI1NiJ9.e30.c2ln"),
            ("2026-04-28T10:00:00.000Z.", Span::Date, "2026-04-28T10:00:00.000Z"),
            ("2026-04-28 10:00:00 and", Span::Date, "2026-04-28 10:00:00"),
            ("2026-04-28 and", Span::Date, "2026-04-28"),
            ("02/29/1984)", Span::SlashDate, "02/29/1984"),
            ("(312) 555-0100 or", Span::Phone, "(312) 555-0100"),
            ("+64 9 555 0105", Span::Phone, "+64 9 555 0105"),
            ("3125550100", Span::Phone, "3125550100"),
            ("Tūī's", Span::Word, "Tūī"),
            ("2000 METER", Span::Word, "2000"),
            ("2G", Span::Word, "2G"),
        ] {
            assert_eq!(found(text), Some((span, piece)), "{text}");
        }
        for text in ["", " a", "(a)", "+", "@b"] {
            assert_eq!(found(text), None, "{text:?}");
        }
    }
}
