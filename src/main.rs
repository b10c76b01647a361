//! The program: the window or a command, as the command line says. All else is in the library.

#![cfg_attr(windows, windows_subsystem = "windows")]

use std::process::ExitCode;

use shapan::settings::desktop;
use shapan::{cli, ui};

/// A district is a million small things: with the C library's allocator a third of the time of
/// opening one goes into `malloc`.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    desktop::attach_terminal();
    match cli::main() {
        cli::Invocation::Command(code) => code,
        cli::Invocation::Window { district, lang, by } => ui::run(ui::Start { district, lang, by }),
    }
}
