//! One session for many machines, in Redis; and the proof that they share one refresh.

use std::env;
use std::error::Error;
use std::process::{Child, Command, ExitCode, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use log::{LevelFilter, Log, Metadata, Record};
use otf_api::sandbox::{Fault, Rotation, Sandbox};
use otf_api::{BookingQuery, Otf, Store};
use otf_api_programs::redis_store::{LOCK_WAIT, RedisStore};
use otf_api_programs::{Result, Which, finish};

const HELP: &str = "\
Shows the next bookings, with a session that many machines share in Redis.

Usage: shared_store [--redis URL] [OPTIONS]

  --redis URL      the server, such as redis://user:password@host:6379/
                   [default: REDIS_URL, which other users of the machine do not
                   see as they see arguments]
  --name NAME      what the keys there begin with [default: otf-api:v0; with
                   --sandbox=URL otf-api-sandbox]
  --lease SECONDS  how long a lock outlives a machine that dies [default: 100]
  --sandbox=URL    against a sandbox that runs already
  --sandbox        proves, against the service on loopback that comes with the
                   crate, that machines share one refresh: processes of their own
                   meet with a session that has expired, also where refresh tokens
                   rotate, and where the one that has the lock is killed
  --processes N    how many of them [default: 16]

The first machine signs in, with OTF_EMAIL and OTF_PASSWORD or at a terminal; the
others need neither. A server that can't be reached costs a warning, and a sign-in.
";

struct Options {
    redis: String,
    name: Option<String>,
    lease: Option<u32>,
    processes: u8,
    service: Which,
}

fn main() -> ExitCode {
    if log::set_logger(&Warnings).is_ok() {
        log::set_max_level(LevelFilter::Warn);
    }
    finish("shared_store", run())
}

fn run() -> Result {
    let Some(options) = options().map_err(without_value)? else { return Ok(()) };
    let mut store = RedisStore::at(&options.redis)?;
    if let Some(lease) = options.lease {
        store.lease = Duration::from_secs(lease.into());
    }
    match (&options.service, options.name) {
        (Which::Sandbox, _) => {
            // What is kept there for real stays out of it.
            store.name = format!("otf-api-proof-{:016x}", getrandom::u64()?);
            let proved = Proof { redis: &options.redis, store: &store, processes: options.processes }.run();
            let cleared = store.clear();
            return proved.and(cleared.map_err(Into::into));
        }
        (_, Some(name)) => store.name = name,
        (Which::SandboxAt(_), None) => store.name = "otf-api-sandbox".to_owned(),
        (Which::Real, None) => {}
    }
    let service = options.service.connect_with(|builder| builder.store(store).lock_wait(LOCK_WAIT))?;
    let bookings = service.otf.bookings().list(&BookingQuery::new())?;
    for booking in &bookings {
        println!("{booking}");
    }
    if bookings.is_empty() {
        println!("nothing is booked");
    }
    Ok(())
}

fn options() -> Result<Option<Options>> {
    let (mut redis, mut name, mut lease, mut processes) = (env::var("REDIS_URL").ok(), None, None, 16);
    let mut service = Which::Real;
    let mut arguments = lexopt::Parser::from_env();
    while let Some(argument) = arguments.next()? {
        use lexopt::prelude::*;
        match argument {
            Long("redis") => redis = Some(arguments.value()?.string()?),
            Long("name") => name = Some(arguments.value()?.string()?),
            Long("lease") => lease = Some(arguments.value()?.parse()?),
            Long("processes") => processes = arguments.value()?.parse()?,
            Long("sandbox") => service = Which::sandbox(&mut arguments)?,
            Short('h') | Long("help") => {
                print!("{HELP}");
                return Ok(None);
            }
            _ => return Err(argument.unexpected().into()),
        }
    }
    if lease == Some(0) || processes == 0 {
        return Err("--lease and --processes have to be 1 or more".into());
    }
    let redis = redis.ok_or("--redis is missing; see --help")?;
    Ok(Some(Options { redis, name, lease, processes, service }))
}

/// An argument that does not fit may be the server's URL in the wrong place, with a password in it.
fn without_value(error: Box<dyn Error>) -> Box<dyn Error> {
    use lexopt::Error::{MissingValue, UnexpectedOption};
    match error.downcast_ref() {
        None | Some(MissingValue { .. } | UnexpectedOption(_)) => error,
        Some(_) => "an argument does not fit; see --help".into(),
    }
}

/// That many processes, each as good as a machine of its own, make one refresh.
struct Proof<'a> {
    redis: &'a str,
    store: &'a RedisStore,
    processes: u8,
}

impl Proof<'_> {
    /// How long the service takes to refresh: all of them want to while the first one does.
    const REFRESH: Duration = Duration::from_secs(1);

    fn run(&self) -> Result {
        // A client that can't reach its store would do without.
        self.store.keys("")?;
        self.share_one("refresh tokens that stay good", Rotation::Off, "InitiateAuth")?;
        self.share_one(
            "refresh tokens that rotate",
            Rotation::NewOperationOnly,
            "GetTokensFromRefreshToken",
        )?;
        self.outlive_a_holder()
    }

    fn share_one(&self, what: &str, rotation: Rotation, refresh: &str) -> Result {
        let sandbox = self.sandbox_with_an_expired_session(rotation)?;
        sandbox.fault(Fault::delay(Self::REFRESH).on_operation(refresh));
        self.list_by_all(&sandbox)?;
        shared(&sandbox, refresh, 1)?;
        let met = sandbox.requests().iter().filter(|request| request.status == Some(401)).count();
        println!("{what}: {} processes, {met} refused at first, 1 refresh", self.processes);
        Ok(())
    }

    /// The holder is killed while it waits for the pool's answer.
    fn outlive_a_holder(&self) -> Result {
        let sandbox = self.sandbox_with_an_expired_session(Rotation::Off)?;
        sandbox.fault(Fault::stall().on_operation("InitiateAuth"));
        let mut holder = self.start(&sandbox, Duration::from_secs(1))?;
        let begun = Instant::now();
        while sandbox.count_operation("InitiateAuth") == 0 && begun.elapsed() < Duration::from_secs(30) {
            thread::sleep(Duration::from_millis(5));
        }
        holder.kill()?;
        holder.wait()?;
        let killed = Instant::now();
        self.list_by_all(&sandbox)?;
        let took = killed.elapsed().as_secs_f64();
        shared(&sandbox, "InitiateAuth", 2)?;
        println!(
            "a holder killed in its refresh: {} processes, done {took:.1} s later, 1 refresh more",
            self.processes
        );
        Ok(())
    }

    /// A sandbox, and in the store a session of it: good by its own word, and refused by the service.
    fn sandbox_with_an_expired_session(&self, rotation: Rotation) -> Result<Sandbox> {
        let sandbox = Sandbox::start()?;
        sandbox.rotate_refresh_tokens(rotation);
        Otf::builder().sandbox(&sandbox).store(self.store.clone()).login()?;
        sandbox.expire_tokens();
        sandbox.clear_requests();
        Ok(sandbox)
    }

    /// Lists the bookings by so many processes at once.
    fn list_by_all(&self, sandbox: &Sandbox) -> Result {
        let start = |_| self.start(sandbox, self.store.lease);
        let processes: Vec<Child> = (0..self.processes).map(start).collect::<Result<_>>()?;
        for process in processes {
            let output = process.wait_with_output()?;
            if !output.status.success() || output.stdout.is_empty() {
                return Err(format!("a process has listed nothing ({})", output.status).into());
            }
        }
        Ok(())
    }

    /// Starts this program for an ordinary run.
    fn start(&self, sandbox: &Sandbox, lease: Duration) -> Result<Child> {
        let mut command = Command::new(env::current_exe()?);
        command.env("REDIS_URL", self.redis).args(["--name", &self.store.name]);
        command.args(["--lease", &lease.as_secs().to_string()]).arg(format!("--sandbox={}", sandbox.url()));
        Ok(command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn()?)
    }
}

/// Fails unless there were so many refreshes, and no password was needed.
fn shared(sandbox: &Sandbox, refresh: &str, expected: usize) -> Result {
    let refreshes = sandbox.count_operation(refresh);
    let sign_ins = sandbox.count_operation("RespondToAuthChallenge");
    if (refreshes, sign_ins) == (expected, 0) {
        return Ok(());
    }
    Err(format!("not shared: {refreshes} refreshes instead of {expected}, {sign_ins} sign-ins").into())
}

/// Shows the warnings of the client and of the store.
struct Warnings;

impl Log for Warnings {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.level() <= LevelFilter::Warn
    }

    fn log(&self, record: &Record<'_>) {
        if self.enabled(record.metadata()) {
            eprintln!("shared_store: warning: {}", record.args());
        }
    }

    fn flush(&self) {}
}
