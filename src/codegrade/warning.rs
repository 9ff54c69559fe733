//! The `Warning` headers of a response, for the log (RFC 7234, section 5.5).

use http::HeaderMap;

/// A server can send many: more than this of one response are not logged.
const MOST: usize = 20;

/// Logs the warnings of a response. Whatever is malformed is skipped.
pub(super) fn log(endpoint: &str, headers: &HeaderMap) {
    let values = headers.get_all(http::header::WARNING).iter();
    for warning in values.filter_map(|value| value.to_str().ok()).flat_map(parse).take(MOST) {
        log::warn!("{endpoint}: the server {} warns: {} ({})", warning.agent, warning.text, warning.code);
    }
}

#[derive(Debug, PartialEq, Eq)]
struct Warning {
    code: u16,
    agent: String,
    text: String,
}

/// The warnings of a header's value, as far as they are well-formed.
fn parse(value: &str) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let mut rest = value;
    while let Some((warning, after)) = parse_first(rest) {
        warnings.push(warning);
        // The date that may follow has no use here.
        let after = after.trim_start();
        let after = match quoted(after) {
            Some((_, after)) => after.trim_start(),
            None => after,
        };
        let Some(next) = after.strip_prefix(',') else { break };
        rest = next;
    }
    warnings
}

/// `code agent "text"`, and what follows it.
fn parse_first(value: &str) -> Option<(Warning, &str)> {
    let (code, rest) = value.trim_start().split_once(' ')?;
    let (agent, rest) = rest.trim_start().split_once(' ')?;
    let (text, rest) = quoted(rest.trim_start())?;
    let is_code = code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_digit());
    let code = code.parse().ok().filter(|_| is_code)?;
    Some((Warning { code, agent: agent.to_owned(), text }, rest))
}

/// A quoted string (RFC 9110, section 5.6.4), and what follows it.
fn quoted(value: &str) -> Option<(String, &str)> {
    let mut text = String::new();
    let mut chars = value.strip_prefix('"')?.chars();
    loop {
        match chars.next()? {
            '"' => return Some((text, chars.as_str())),
            '\\' => text.push(chars.next()?),
            other => text.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(value: &str) -> Vec<(u16, String, String)> {
        parse(value).into_iter().map(|warning| (warning.code, warning.agent, warning.text)).collect()
    }

    #[test]
    fn well_formed_warnings_are_read() {
        let cases = [
            (r#"299 codegrade "Deprecated""#, "Deprecated"),
            (r#"299 codegrade:443   "say \"hi\" \\o/""#, r#"say "hi" \o/"#),
            (r#"199 - """#, ""),
            (r#"299 a "text" "Wed, 21 Oct 2015 07:28:00 GMT""#, "text"),
        ];
        for (value, text) in cases {
            assert_eq!(texts(value)[0].2, text, "{value}");
        }
        let two = texts(r#"299 a "one, two" "date", 214 b "three""#);
        assert_eq!(two, [(299, "a".into(), "one, two".into()), (214, "b".into(), "three".into())]);
    }

    #[test]
    fn malformed_ones_are_skipped() {
        for value in
            ["", "299", "299 agent", "299 agent text", r#"abc agent "text""#, r#"299 agent "text"#, "\\"]
        {
            assert_eq!(texts(value), [], "{value}");
        }
        assert_eq!(texts(r#"299 agent "text\"#), []);
        assert_eq!(texts(r#"299 a "good", broken"#).len(), 1);
        assert_eq!(texts(r#"+99 a "signed", -99 a "x""#), []);
    }
}
