//! Names as people type them.

/// Whether two names differ in nothing but case, blanks, `_` and `-`.
pub(crate) fn same_name(one: &str, other: &str) -> bool {
    fn letters(name: &str) -> impl Iterator<Item = char> + '_ {
        name.chars().filter(|c| !matches!(c, '_' | '-') && !c.is_whitespace()).map(|c| c.to_ascii_lowercase())
    }
    letters(one).eq(letters(other))
}
