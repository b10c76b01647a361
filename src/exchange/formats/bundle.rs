//! Zips of spreadsheets, KML or whatever else a file can be, as mail programs and phones make them:
//! every file in it is read as if it lay beside the others.

use std::fs::File;
use std::io;
use std::path::Path;

use super::archive::{Archive, explained};
use super::by_ending;
use crate::domain::LocalizedText;
use crate::exchange::{Error, Format, ReadOptions, Sink};

/// A zip that is no shapefile.
pub struct Bundle;

/// A zip of more files is no delivery of a clerk.
const MAX_FILES: usize = 200;

impl Format for Bundle {
    fn name(&self) -> &'static str {
        "zip"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["zip"]
    }

    /// All of them, or the one that [`ReadOptions::layer`] names.
    fn read(&self, path: &Path, options: &ReadOptions, sink: &mut dyn Sink) -> Result<(), Error> {
        let mut archive = Archive::open(path, "zip")?;
        let known = readable(&archive);
        let wanted = options.layer.as_ref();
        let chosen: Vec<&String> =
            known.iter().filter(|name| wanted.is_none_or(|wanted| wanted == *name)).collect();
        if let (true, Some(layer)) = (chosen.is_empty(), wanted) {
            return Err(Error::NoSuchLayer { layer: layer.clone(), known: known.join(", ") });
        }
        if chosen.len() > MAX_FILES {
            return Err(Error::hostile(
                format!("压缩包里有超过 {MAX_FILES} 个文件"),
                format!("there are more than {MAX_FILES} files in the zip"),
            ));
        }
        let folder = tempfile::tempdir()?;
        for name in chosen {
            let plain = name.rsplit('/').next().unwrap_or(name);
            let Some(format) = by_ending(&plain.to_lowercase()) else { continue };
            // The ending tells the format; the rest of a name in an archive is nobody's path.
            let ending = plain.rsplit_once('.').map_or("", |(_, ending)| ending);
            let copy = folder.path().join(format!("entry.{ending}"));
            io::copy(&mut archive.reader(name)?, &mut File::create(&copy)?).map_err(explained)?;
            sink.warn(LocalizedText::new(
                format!("读取了压缩包中的 {name}"),
                format!("{name} in the zip was read"),
            ));
            format.read(&copy, &ReadOptions::default(), sink)?;
        }
        Ok(())
    }

    fn parts(&self, path: &Path) -> Result<Vec<String>, Error> {
        Ok(readable(&Archive::open(path, "zip")?))
    }
}

/// Whether a zip holds files of ours and no shapefile.
pub fn holds(path: &Path) -> bool {
    let Ok(archive) = Archive::open(path, "zip") else { return false };
    let is_shapefile = |name: &String| name.to_lowercase().ends_with(".shp");
    !archive.names().iter().any(is_shapefile) && !readable(&archive).is_empty()
}

/// In the order of the archive. A zip in a zip is never opened.
fn readable(archive: &Archive) -> Vec<String> {
    let is_readable = |name: &&String| {
        let plain = name.rsplit('/').next().unwrap_or(name).to_lowercase();
        let is_hidden = plain.starts_with('.') || name.starts_with("__MACOSX/");
        // A text beside sheets says what they are.
        let ending = plain.rsplit_once('.').map(|(_, ending)| ending);
        let is_other = matches!(ending, Some("zip" | "txt"));
        !is_hidden && !is_other && by_ending(&plain).is_some()
    };
    archive.names().iter().filter(is_readable).cloned().collect()
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::super::{by_name, of_file};
    use super::*;
    use crate::exchange::formats::archive::entry_options;
    use crate::exchange::formats::round_trip::read;

    fn zipped(entries: &[(&str, &str)]) -> (tempfile::TempDir, std::path::PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.zip");
        let mut zip = zip::ZipWriter::new(File::create(&path).unwrap());
        for (name, text) in entries {
            zip.start_file(*name, entry_options()).unwrap();
            zip.write_all(text.as_bytes()).unwrap();
        }
        zip.finish().unwrap();
        (folder, path)
    }

    #[test]
    fn sheets_and_placemarks_in_a_zip_are_read() {
        let kml = "<kml><Placemark><name>乙</name><Point><coordinates>1,2</coordinates></Point></Placemark></kml>";
        let (_folder, path) =
            zipped(&[("表/a.csv", "名称\n甲\n"), ("b.kml", kml), ("说明.txt", "x")]);
        let format = of_file(&path).unwrap();
        assert_eq!(format.name(), "zip");
        let read = read(format, &path).unwrap();
        let names: Vec<String> =
            read.rows.iter().map(|row| row.text("名称") + &row.text("name")).collect();
        assert_eq!(names, ["甲", "乙"]);
        assert_eq!(format.parts(&path).unwrap(), ["表/a.csv", "b.kml"]);
    }

    #[test]
    fn a_zip_of_nothing_readable_is_left_to_the_shapefiles() {
        let (_folder, path) = zipped(&[("说明.txt", "x")]);
        assert_eq!(of_file(&path).unwrap().name(), "shapefile");
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let named = |name: &str| by_name(Path::new(name)).err().unwrap();
        assert!(matches!(named("图.dwg"), Error::Foreign(what) if what.zh.contains("CAD")));
        assert!(matches!(named("a.pmtiles"), Error::Foreign(_)));
        assert!(matches!(named("a.unknown"), Error::UnknownFormat(_)));
    }
}
