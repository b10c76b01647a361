//! The program without a window: one file a subcommand.

pub mod rings;
pub mod sample;

use std::process::ExitCode;

pub fn main() -> ExitCode {
    ExitCode::SUCCESS
}
