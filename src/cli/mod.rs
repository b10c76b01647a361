//! The program without a window: one file a subcommand.

pub mod render;

use std::process::ExitCode;

pub fn main() -> ExitCode {
    ExitCode::SUCCESS
}
