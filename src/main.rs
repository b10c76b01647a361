use std::process::ExitCode;

fn main() -> ExitCode {
    shapan::cli::main()
}
