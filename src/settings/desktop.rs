//! What the desktop around the program is able to do. Preferences are not here but in `settings`.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::{env, io};

use crate::files::folder_of;

/// Which ways of wgpu to a screen are tried, in which order, each where the one before it failed.
const GRAPHICS: [&str; 3] = ["dx12", "vulkan", "gl"];
/// What wgpu asks for the ways that it may take, with commas between them.
const WAYS: &str = "WGPU_BACKEND";

/// Whether there is anything installed that shows dialogs for files: a desktop portal or zenity.
/// Windows and macOS always have their own. Reads the disk: for jobs.
pub fn may_show_dialogs() -> bool {
    if cfg!(not(target_os = "linux")) {
        return true;
    }
    let listed = |name: &str, else_in: &str| -> Vec<PathBuf> {
        let known = env::var_os(name).filter(|known| !known.is_empty());
        env::split_paths(&known.unwrap_or_else(|| else_in.into())).collect()
    };
    let portal = "dbus-1/services/org.freedesktop.portal.Desktop.service";
    listed("PATH", "").iter().any(|folder| folder.join("zenity").is_file())
        || listed("XDG_DATA_DIRS", "/usr/local/share:/usr/share")
            .iter()
            .chain(&listed("XDG_DATA_HOME", ""))
            .any(|folder| folder.join(portal).is_file())
}

/// Opens a file with the program that the desktop has for it. Starts a program: for jobs.
pub fn open(file: &Path) -> io::Result<()> {
    if cfg!(windows) {
        start(Command::new("explorer.exe").arg(file))
    } else if cfg!(target_os = "macos") {
        start(Command::new("open").arg(file))
    } else {
        start(Command::new("xdg-open").arg(file))
    }
}

/// Shows the folder of a file, with the file chosen where the desktop can do that. Starts a program:
/// for jobs.
pub fn show_in_folder(file: &Path) -> io::Result<()> {
    if cfg!(windows) {
        let mut chosen = std::ffi::OsString::from("/select,");
        chosen.push(file);
        start(Command::new("explorer.exe").arg(chosen))
    } else if cfg!(target_os = "macos") {
        start(Command::new("open").arg("-R").arg(file))
    } else {
        start(Command::new("xdg-open").arg(folder_of(file)))
    }
}

/// Calls whoever is near: the sound that the desktop has for a warning. Starts a program where the system
/// has no bell of its own, and takes as long as the sound: for jobs.
pub fn ring() -> io::Result<()> {
    #[cfg(windows)]
    {
        winsafe::MessageBeep(winsafe::co::MBP::WARNING).map_err(io::Error::other)
    }
    #[cfg(target_os = "macos")]
    {
        start(Command::new("osascript").args(["-e", "beep 2"]))
    }
    #[cfg(not(any(windows, target_os = "macos")))]
    {
        // The theme of the desktop has a sound for it; else a player gets a tone of our own.
        let theme = start(Command::new("canberra-gtk-play").args(["-i", "dialog-warning"]));
        if theme.is_ok() {
            return theme;
        }
        let mut file = tempfile::Builder::new().suffix(".wav").tempfile()?;
        io::Write::write_all(&mut file, &tone())?;
        let mut last = theme;
        for player in ["pw-play", "paplay", "aplay"] {
            last = start(Command::new(player).arg(file.path()));
            if last.is_ok() {
                break;
            }
        }
        last
    }
}

/// Two short tones, 880 and 660 Hz, as a WAV file: PCM of 16 bits, 16 kHz, one channel.
#[cfg(any(test, not(any(windows, target_os = "macos"))))]
fn tone() -> Vec<u8> {
    const RATE: u32 = 16_000;
    let mut samples: Vec<i16> = Vec::new();
    for pitch_hz in [880.0, 660.0] {
        for at in 0..RATE / 4 {
            let t = f64::from(at) / f64::from(RATE);
            // Rises and falls within a hundredth of a second, so that it does not click.
            let edge = (t.min(0.25 - t) * 100.0).clamp(0.0, 1.0);
            let wave = (std::f64::consts::TAU * pitch_hz * t).sin();
            samples.push((wave * edge * 0.6 * f64::from(i16::MAX)) as i16);
        }
    }
    let data = samples.len() as u32 * 2;
    let mut wav = Vec::with_capacity(44 + samples.len() * 2);
    wav.extend(b"RIFF");
    wav.extend((36 + data).to_le_bytes());
    wav.extend(b"WAVEfmt ");
    wav.extend(16_u32.to_le_bytes());
    wav.extend(1_u16.to_le_bytes());
    wav.extend(1_u16.to_le_bytes());
    wav.extend(RATE.to_le_bytes());
    wav.extend((RATE * 2).to_le_bytes());
    wav.extend(2_u16.to_le_bytes());
    wav.extend(16_u16.to_le_bytes());
    wav.extend(b"data");
    wav.extend(data.to_le_bytes());
    for sample in &samples {
        wav.extend(sample.to_le_bytes());
    }
    wav
}

/// Waits for what only hands over; fails where there is no such program. The Explorer of Windows
/// answers with an error although it did what it was asked, so its answer counts for nothing.
fn start(command: &mut Command) -> io::Result<()> {
    let quiet = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let status = quiet.status()?;
    if status.success() || cfg!(windows) {
        Ok(())
    } else {
        Err(io::Error::other(status.to_string()))
    }
}

/// Takes the terminal that the program was started from: Windows gives none to a program with a window,
/// so that a double click opens no black one beside it.
pub fn attach_terminal() {
    #[cfg(windows)]
    {
        use std::os::windows::io::AsRawHandle as _;
        // What goes to a file or to another program has its handle already.
        let is_untold = io::stdout().as_raw_handle().is_null();
        if is_untold || env::var_os("SHAPAN_TERMINAL").is_some() {
            // After a double click there is none, and nobody to read.
            winsafe::AttachConsole(winsafe::PidParent::Parent).ok();
        }
    }
}

/// The ways to a screen that are left when `failed` has failed, as wgpu names it; where that is not
/// known, the first that was tried. `None` when none is left.
pub fn graphics_left(failed: Option<&str>) -> Option<String> {
    let asked = env::var(WAYS).ok().filter(|asked| !asked.is_empty());
    left(asked.as_deref(), failed)
}

fn left(asked: Option<&str>, failed: Option<&str>) -> Option<String> {
    let mut ways: Vec<&str> = match asked {
        Some(asked) => asked.split(',').map(str::trim).collect(),
        None => GRAPHICS.to_vec(),
    };
    let at = ways.iter().position(|way| Some(*way) == failed).unwrap_or_default();
    if !ways.is_empty() {
        ways.remove(at);
    }
    (!ways.is_empty()).then(|| ways.join(","))
}

/// Starts the program again as it was started, with these ways to a screen alone, and waits until it
/// ends: a driver that failed once is not asked again by the same process.
pub fn start_again(graphics: &str) -> io::Result<ExitStatus> {
    let again = env::args_os().skip(1);
    Command::new(env::current_exe()?).args(again).env(WAYS, graphics).status()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tone_is_a_wave_file_of_half_a_second() {
        let wav = tone();
        let number = |at: usize| u32::from_le_bytes(wav[at..at + 4].try_into().unwrap());
        assert_eq!((&wav[..4], &wav[8..16]), (&b"RIFF"[..], &b"WAVEfmt "[..]));
        assert_eq!((number(4) as usize, number(24)), (wav.len() - 8, 16_000));
        assert_eq!(number(40), 16_000, "two bytes a sample, 8,000 samples");
        let loudest = wav[44..].as_chunks::<2>().0.iter().map(|it| i16::from_le_bytes(*it)).max();
        assert!((15_000..=19_700).contains(&loudest.unwrap()), "heard, and not cut off");
    }

    #[test]
    fn every_way_to_a_screen_is_tried_once_and_then_no_more() {
        assert_eq!(left(None, Some("dx12")).as_deref(), Some("vulkan,gl"));
        assert_eq!(left(None, Some("gl")).as_deref(), Some("dx12,vulkan"));
        assert_eq!(left(None, None).as_deref(), Some("vulkan,gl"));
        let (mut asked, mut count) = (None, 0);
        while let Some(ways) = left(asked.as_deref(), Some("metal")) {
            (asked, count) = (Some(ways), count + 1);
        }
        assert_eq!(count, 2);
        assert_eq!(left(Some("vulkan"), Some("vulkan")), None, "who asks for one gets no other");
    }
}
