//! `otf`: OrangeTheory from the command line.

use std::process::ExitCode;

use clap::Parser;
use clap::error::ErrorKind;
use otf::cli::Cli;
use otf::failure::Failure;

fn main() -> ExitCode {
    let result = Cli::try_parse().map_err(usage).and_then(|cli| {
        cli.global.start_logging();
        cli.run()
    });
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("otf: {failure}");
            failure.exit_code()
        }
    }
}

/// A wrong command line as one line, which names the option and the value. Help and version are printed here.
fn usage(error: clap::Error) -> Failure {
    if matches!(
        error.kind(),
        ErrorKind::DisplayHelp
            | ErrorKind::DisplayVersion
            | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
    ) {
        error.exit();
    }
    let text = error.to_string();
    let lines: Vec<&str> = text.lines().map(str::trim).take_while(|line| !line.is_empty()).collect();
    let line = lines.join(" ");
    Failure::usage(line.strip_prefix("error: ").unwrap_or(&line))
}
