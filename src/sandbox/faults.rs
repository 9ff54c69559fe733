//! Decides which fault a request meets.

use super::fault::Fault;
use super::http::Request;

/// When a fault happens.
#[derive(Clone, Debug)]
pub(super) struct Trigger {
    pub(super) method: Option<String>,
    pub(super) path: Option<String>,
    pub(super) operation: Option<String>,
    /// How many matching requests pass first.
    pub(super) skip: u32,
    /// How many times it still happens; `None` is without limit.
    pub(super) left: Option<u32>,
    /// If each path is counted separately: `skip` and `left` of the paths seen so far.
    pub(super) per_path: Option<Vec<(String, u32, Option<u32>)>>,
}

impl Default for Trigger {
    fn default() -> Self {
        Self { method: None, path: None, operation: None, skip: 0, left: Some(1), per_path: None }
    }
}

impl Trigger {
    /// Counts a matching request. Returns whether the fault happens to it.
    fn is_due(&mut self, path: &str) -> bool {
        let Some(paths) = &mut self.per_path else { return count(&mut self.skip, &mut self.left) };
        match paths.iter_mut().find(|(known, ..)| known == path) {
            Some((_, skip, left)) => count(skip, left),
            None => {
                let (mut skip, mut left) = (self.skip, self.left);
                let due = count(&mut skip, &mut left);
                paths.push((path.to_owned(), skip, left));
                due
            }
        }
    }

    fn matches(&self, request: &Request) -> bool {
        self.method.as_deref().is_none_or(|method| method == request.method)
            && self.path.as_deref().is_none_or(|pattern| path_matches(pattern, &request.path))
            && self.operation.as_deref().is_none_or(|wanted| request.operation() == Some(wanted))
    }
}

/// The faults that have not run out, in the order in which they were added.
#[derive(Debug, Default)]
pub(crate) struct Faults(Vec<Fault>);

impl Faults {
    pub(super) fn add(&mut self, fault: Fault) {
        self.0.push(fault);
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// The fault that a request meets: the first that matches and is due.
    pub(super) fn take(&mut self, request: &Request) -> Option<Fault> {
        self.0.retain(|fault| fault.trigger.left != Some(0) || fault.trigger.per_path.is_some());
        let mut matching = self.0.iter_mut().filter(|fault| fault.trigger.matches(request));
        matching.find_map(|fault| fault.trigger.is_due(&request.path).then(|| fault.clone()))
    }
}

fn count(skip: &mut u32, left: &mut Option<u32>) -> bool {
    if let Some(fewer) = skip.checked_sub(1) {
        *skip = fewer;
        return false;
    }
    let due = *left != Some(0);
    *left = left.map(|left| left.saturating_sub(1));
    due
}

/// Whether a path matches a pattern.
pub(super) fn path_matches(pattern: &str, path: &str) -> bool {
    let (mut wanted, mut got) = (pattern.split('/').peekable(), path.split('/'));
    loop {
        match (wanted.next(), got.next()) {
            (None, None) => return true,
            (Some("*"), Some(_)) if wanted.peek().is_none() => return true,
            (Some("*"), Some(_)) => {}
            (Some(wanted), Some(got)) if wanted == got => {}
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_matches_one_segment_or_the_rest() {
        assert!(path_matches("/v1/classes", "/v1/classes"));
        assert!(!path_matches("/v1/classes", "/v1/classes/7"));
        assert!(path_matches("/member/members/*/bookings", "/member/members/x/bookings"));
        assert!(!path_matches("/member/members/*/bookings", "/member/members/x/y/bookings"));
        assert!(path_matches("/mobile/*", "/mobile/v1/studios/x"));
        assert!(!path_matches("/mobile/*", "/mobile"));
    }
}
