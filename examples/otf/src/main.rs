//! `otf`: OrangeTheory from the command line.

use std::process::ExitCode;

use clap::Parser;
use otf::cli::Cli;

fn main() -> ExitCode {
    let cli = Cli::parse();
    cli.global.start_logging();
    match cli.run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("otf: {failure}");
            failure.exit_code()
        }
    }
}
