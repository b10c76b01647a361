//! What the desktop around the window is able to do. Preferences are not here but in `settings`.

use std::env;
use std::path::PathBuf;

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
