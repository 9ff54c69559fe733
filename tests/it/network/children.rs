//! Jobs of processes with an environment, a network or a logger of their own.

pub(crate) fn job(job: &str) {
    match job {
        #[cfg(target_os = "linux")]
        "network servfail" => super::names::servfail(),
        #[cfg(target_os = "linux")]
        "network no-thread" => super::names::no_thread(),
        "network environment" => super::environment::look_at_it(),
        "network trace" => super::trace::log_everything(),
        _ => panic!("no job {job}"),
    }
}
