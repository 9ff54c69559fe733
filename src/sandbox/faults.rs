//! Which fault befalls which request.

use super::fault::Fault;
use super::http::Request;

/// When a fault happens.
#[derive(Clone, Debug)]
pub(super) struct DateRange {
    pub(super) method: Option<String>,
    pub(super) path: Option<String>,
    pub(super) operation: Option<String>,
    /// How many matching requests are spared first.
    pub(super) skip: u32,
    /// How often it still happens; `None` is always.
    pub(super) left: Option<u32>,
}

impl Default for DateRange {
    fn default() -> Self {
        Self { method: None, path: None, operation: None, skip: 0, left: Some(1) }
    }
}

impl DateRange {
    fn matches(&self, request: &Request) -> bool {
        self.method.as_deref().is_none_or(|method| method == request.method)
            && self.path.as_deref().is_none_or(|pattern| path_matches(pattern, &request.path))
            && self.operation.as_deref().is_none_or(|wanted| request.operation() == Some(wanted))
    }
}

/// The faults that are still to happen, in order.
#[derive(Debug, Default)]
pub(crate) struct Faults(Vec<Fault>);

impl Faults {
    pub(super) fn add(&mut self, fault: Fault) {
        self.0.push(fault);
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// The fault that befalls a request: the first that matches.
    pub(super) fn take(&mut self, request: &Request) -> Option<Fault> {
        self.0.retain(|fault| fault.when.left != Some(0));
        for fault in self.0.iter_mut().filter(|fault| fault.when.matches(request)) {
            if let Some(skip) = fault.when.skip.checked_sub(1) {
                fault.when.skip = skip;
                continue;
            }
            fault.when.left = fault.when.left.map(|left| left.saturating_sub(1));
            return Some(fault.clone());
        }
        None
    }
}

fn path_matches(pattern: &str, path: &str) -> bool {
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
    fn a_star_is_a_segment_or_at_the_end_the_rest() {
        assert!(path_matches("/v1/classes", "/v1/classes"));
        assert!(!path_matches("/v1/classes", "/v1/classes/7"));
        assert!(path_matches("/member/members/*/bookings", "/member/members/x/bookings"));
        assert!(!path_matches("/member/members/*/bookings", "/member/members/x/y/bookings"));
        assert!(path_matches("/mobile/*", "/mobile/v1/studios/x"));
        assert!(!path_matches("/mobile/*", "/mobile"));
    }
}
