use std::process::ExitCode;

/// A district is a million small things: with the C library's allocator a third of the time of
/// opening one goes into `malloc`.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    shapan::cli::main()
}
