//! Gives the program of Windows its icon, its version and its manifest. Does nothing for other systems.

use std::path::Path;
use std::process::Command;
use std::{env, io};

fn main() {
    println!("cargo:rerun-if-changed=assets/build.rs");
    println!("cargo:rerun-if-changed=assets/windows");
    if env::var("CARGO_CFG_TARGET_OS").as_deref() != Ok("windows") {
        return;
    }
    if let Err(why) = link_resources() {
        println!("cargo:warning=the program gets no icon, version and manifest: {why}");
    }
}

fn link_resources() -> Result<(), String> {
    let said = |name: &str| env::var(name).map_err(|error| format!("{name}: {error}"));
    let folder = said("OUT_DIR")?;
    let version = said("CARGO_PKG_VERSION")?;
    let numbers = format!("{},0", version.replace('.', ","));
    let defined = [format!("VERSION_NUMBERS={numbers}"), format!("VERSION_WORDS=\"{version}\"")];
    let is_gnu = said("CARGO_CFG_TARGET_ENV")? == "gnu";
    let object = Path::new(&folder).join(if is_gnu { "shapan.o" } else { "shapan.res" });
    let tools: &[&str] =
        if is_gnu { &["x86_64-w64-mingw32-windres", "windres"] } else { &["rc", "llvm-rc"] };
    let mut tried = Vec::new();
    for tool in tools {
        let mut command = Command::new(tool);
        command.current_dir("assets/windows");
        if is_gnu {
            for word in &defined {
                command.arg(format!("-D{}", word.replace('"', "\\\"")));
            }
            command.args(["-c", "65001", "-O", "coff", "shapan.rc"]).arg(&object);
        } else {
            for word in &defined {
                command.args(["/d", word]);
            }
            command.args(["/c", "65001", "/fo"]).arg(&object).arg("shapan.rc");
        }
        match command.output() {
            Ok(output) if output.status.success() => {
                println!("cargo:rustc-link-arg-bins={}", object.display());
                return Ok(());
            }
            Ok(output) => tried.push(format!(
                "{tool}: {}",
                String::from_utf8_lossy(&output.stderr).replace('\n', " ")
            )),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                tried.push(format!("{tool} is not here"));
            }
            Err(error) => tried.push(format!("{tool}: {error}")),
        }
    }
    Err(tried.join("; "))
}
