//! The command line: global options and the list of subcommands.

use clap::{ArgAction, Args, Parser, Subcommand};
use otf_api::{FileStore, Store};

use crate::commands::{
    accounts, book, bookings, calendar, cancel, chart, classes, codegrade, dashboard, doctor, drift, login,
    logout, mcp, sandbox, session, status, sync, tcx, watch, workouts,
};
use crate::failure::Result;
use crate::store::StoreLocation;
use crate::values;

/// OrangeTheory from the command line.
#[derive(Debug, Parser)]
#[command(name = "otf", version, arg_required_else_help = true, after_help = EXIT_CODES)]
pub struct Cli {
    #[command(flatten)]
    pub global: Global,
    #[command(subcommand)]
    pub command: Command,
}

const EXIT_CODES: &str = "\
Exit codes: 0 done, 1 failed, 2 wrong usage, 3 not signed in, 4 try again later, 5 outcome unknown.
After 5, look before you repeat the command: the write may have taken effect.

To try any command without an account, add --sandbox.";

/// Options that every subcommand takes.
#[derive(Args, Clone, Debug, Default)]
pub struct Global {
    /// The account's email address [default: OTF_EMAIL, else the most recently used account]
    #[arg(long, global = true, value_name = "EMAIL", value_parser = values::non_blank)]
    pub account: Option<String>,
    /// Print one line of JSON instead of text
    #[arg(long, global = true)]
    pub json: bool,
    /// Do not ask for confirmation
    #[arg(long, short, global = true)]
    pub yes: bool,
    /// Start a mock service for this command and use it
    #[arg(long, global = true, conflicts_with = "server")]
    pub sandbox: bool,
    /// Use the mock service at this URL; see `otf sandbox`
    #[arg(long, global = true, value_name = "URL")]
    pub server: Option<String>,
    /// Where tokens are stored: a directory, or a Redis shared by several machines, `redis://host:6379/`
    #[arg(long, global = true, env = "OTF_STORE", hide_env_values = true, value_name = "DIR|URL")]
    pub store: Option<StoreLocation>,
    /// Log each request, without any secret
    #[arg(long, short, global = true, action = ArgAction::Count)]
    pub verbose: u8,
}

impl Global {
    /// The store of `--store`, or the user's cache directory.
    pub fn open_store(&self) -> Result<Box<dyn Store>> {
        match &self.store {
            Some(location) => location.open(),
            None => Ok(Box::new(FileStore::new()?)),
        }
    }

    /// Logs to standard error: warnings, with `-v` each request.
    pub fn start_logging(&self) {
        let level = if self.verbose == 0 { log::LevelFilter::Warn } else { log::LevelFilter::Debug };
        env_logger::Builder::new().filter_level(level).filter_module("ureq", log::LevelFilter::Warn).init();
    }
}

/// The subcommands, each in a separate file.
#[derive(Debug, Subcommand)]
pub enum Command {
    Login(login::Login),
    Logout(logout::Logout),
    Accounts(accounts::Accounts),
    Session(session::Session),
    Doctor(doctor::Doctor),
    Classes(classes::Classes),
    Bookings(bookings::Bookings),
    Book(book::Book),
    Cancel(cancel::Cancel),
    Watch(watch::Watch),
    Calendar(calendar::Calendar),
    Workouts(workouts::Workouts),
    Sync(sync::Sync),
    Tcx(tcx::Tcx),
    Chart(chart::Chart),
    Dashboard(dashboard::Dashboard),
    Status(status::Status),
    Sandbox(sandbox::Sandbox),
    Drift(drift::Drift),
    Codegrade(codegrade::Codegrade),
    Mcp(mcp::Mcp),
}

impl Cli {
    /// Runs the subcommand.
    pub fn run(&self) -> Result {
        match &self.command {
            Command::Login(command) => command.run(&self.global),
            Command::Logout(command) => command.run(&self.global),
            Command::Accounts(command) => command.run(&self.global),
            Command::Session(command) => command.run(&self.global),
            Command::Doctor(command) => command.run(&self.global),
            Command::Classes(command) => command.run(&self.global),
            Command::Bookings(command) => command.run(&self.global),
            Command::Book(command) => command.run(&self.global),
            Command::Cancel(command) => command.run(&self.global),
            Command::Watch(command) => command.run(&self.global),
            Command::Calendar(command) => command.run(&self.global),
            Command::Workouts(command) => command.run(&self.global),
            Command::Sync(command) => command.run(&self.global),
            Command::Tcx(command) => command.run(&self.global),
            Command::Chart(command) => command.run(&self.global),
            Command::Dashboard(command) => command.run(&self.global),
            Command::Status(command) => command.run(&self.global),
            Command::Sandbox(command) => command.run(&self.global),
            Command::Drift(command) => command.run(&self.global),
            Command::Codegrade(command) => command.run(&self.global),
            Command::Mcp(command) => command.run(&self.global),
        }
    }
}
