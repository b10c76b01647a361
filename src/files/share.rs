//! Whether a file lies on a network share, where machines do not see each other's locks. What is
//! refused there is `store::open`'s affair.

use std::path::Path;

use super::folder_of;

const NETWORK: [&str; 12] = [
    "nfs",
    "nfs4",
    "cifs",
    "smb3",
    "smbfs",
    "smb2",
    "fuse.sshfs",
    "afpfs",
    "9p",
    "davfs",
    "fuse.davfs2",
    "afs",
];

/// The name of the network file system, `None` on a local disk.
pub fn network_filesystem(path: &Path) -> Option<String> {
    // A share that does not answer cannot say where it lies; its path does.
    let place = path.canonicalize().or_else(|_| folder_of(path).canonicalize());
    let place = place.or_else(|_| std::path::absolute(path)).ok()?;
    if is_unc(&place) || is_mapped(path) {
        return Some("SMB".to_owned());
    }
    let mounts = std::fs::read_to_string("/proc/self/mountinfo").ok()?;
    filesystem_of(&mounts, &place).filter(|name| NETWORK.contains(&name.as_str()))
}

/// Whether it lies on a drive that stands for a folder of a server. Windows alone knows.
#[cfg(windows)]
fn is_mapped(path: &Path) -> bool {
    use std::path::{Component, Prefix};
    let Ok(whole) = std::path::absolute(path) else { return false };
    let Some(Component::Prefix(prefix)) = whole.components().next() else { return false };
    let (Prefix::Disk(drive) | Prefix::VerbatimDisk(drive)) = prefix.kind() else { return false };
    let root = format!("{}:\\", char::from(drive));
    winsafe::GetDriveType(Some(&root)) == winsafe::co::DRIVE::REMOTE
}

#[cfg(not(windows))]
const fn is_mapped(_path: &Path) -> bool {
    false
}

/// `\\server\share`, which Windows mostly makes of a mapped drive too.
fn is_unc(path: &Path) -> bool {
    let text = path.to_string_lossy();
    text.starts_with(r"\\?\UNC\") || (text.starts_with(r"\\") && !text.starts_with(r"\\?\"))
}

/// The type of the mount that holds `path`, from the text of Linux's `mountinfo` (proc(5)).
fn filesystem_of(mounts: &str, path: &Path) -> Option<String> {
    let mut best: Option<(usize, String)> = None;
    for line in mounts.lines() {
        let (place, kind) = line.split_once(" - ")?;
        let mount = place.split(' ').nth(4)?.replace("\\040", " ");
        let is_longer = best.as_ref().is_none_or(|(length, _)| mount.len() >= *length);
        if path.starts_with(&mount) && is_longer {
            best = Some((mount.len(), kind.split(' ').next()?.to_owned()));
        }
    }
    best.map(|(_, kind)| kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_innermost_mount_tells_the_file_system() {
        let mounts = "22 1 254:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw\n\
                      90 22 0:50 / /mnt/office\\040share rw shared:9 - cifs //server/office rw\n";
        let on = |path: &str| filesystem_of(mounts, Path::new(path));
        assert_eq!(on("/home/a.gpkg").as_deref(), Some("ext4"));
        assert_eq!(on("/mnt/office share/a.gpkg").as_deref(), Some("cifs"));
        assert_eq!(on("/mnt/office/a.gpkg").as_deref(), Some("ext4"));
    }

    #[test]
    fn a_unc_path_is_a_share() {
        assert!(is_unc(Path::new(r"\\server\office\a.gpkg")));
        assert!(is_unc(Path::new(r"\\?\UNC\server\office\a.gpkg")));
        assert!(!is_unc(Path::new(r"\\?\C:\a.gpkg")));
    }
}
