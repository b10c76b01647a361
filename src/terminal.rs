//! `shapan.com` of Windows: the program for a terminal. Windows lets no terminal wait for a program that
//! has a window, so this small one without starts `shapan.exe`, waits for it and ends as it does.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

fn main() -> ExitCode {
    let ran = env::current_exe().and_then(|own| {
        let program = program_of(&own);
        Command::new(program).args(env::args_os().skip(1)).env("SHAPAN_TERMINAL", "1").status()
    });
    match ran {
        // A program that was ended from outside has no status of its own.
        Ok(status) => status
            .code()
            .and_then(|code| u8::try_from(code).ok())
            .map_or(ExitCode::FAILURE, ExitCode::from),
        Err(error) => {
            use std::io::Write as _;
            // Nobody is left to tell when standard error itself is gone.
            drop(writeln!(std::io::stderr(), "shapan.exe: {error}"));
            ExitCode::from(2)
        }
    }
}

/// `shapan.exe` in the folder above, else beside.
fn program_of(own: &Path) -> PathBuf {
    let name = "shapan.exe";
    let above = own.parent().and_then(Path::parent).map(|folder| folder.join(name));
    above.filter(|program| program.is_file()).unwrap_or_else(|| own.with_file_name(name))
}
