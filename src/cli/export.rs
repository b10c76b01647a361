//! `shapan export`: records of a district to a file of any format that can be written.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use super::export_readings::{self, ReadingExport};
use super::filter::WhereFilter;
use super::{Context, Done, as_of, journaled};
use crate::domain::{EditKind, Kind, Lang, Localized, Record, World};
use crate::exchange;
use crate::exchange::attachments::{self, AttachmentBytes, Staged, WrittenAttachments};
use crate::exchange::formats;
use crate::exchange::write::{layers, replace};
use crate::geodesy::crs::Crs;
use crate::store::DistrictReader;

/// Write layers of a district to a file; the ending of its name says the format.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The district file.
    pub district: PathBuf,
    /// The file to write. One that exists is replaced as soon as the new one is complete.
    pub target: PathBuf,
    /// A layer by key or Chinese name; all that have records if not said.
    #[arg(long = "layer", value_name = "LAYER")]
    pub layers: Vec<Kind>,
    /// wgs84, cgcs2000, gcj02, bd09 or epsg:N.
    #[arg(long, value_name = "CRS", default_value = "wgs84")]
    pub crs: Crs,
    /// Only records whose field has this value; several must all hold. Fields and values go by
    /// key or Chinese name. `FIELD=` finds records where it is not set.
    #[arg(long = "where", value_name = "FIELD=VALUE")]
    pub filters: Vec<String>,
    /// Also write the photos and papers of the exported records, into a folder beside the target:
    /// for `out.xlsx` it is `out_附件`.
    #[arg(long)]
    pub with_attachments: bool,
    #[command(flatten)]
    pub of_readings: ReadingExport,
}

/// Why nothing was exported.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    #[error("the target is the district file itself: choose another name. File: {}", .0.display())]
    IsTheDistrict(PathBuf),
    #[error("the target is a folder: {}", .0.display())]
    IsAFolder(PathBuf),
    #[error(
        "another program has the target open, or left `{}` behind after a crash: close it first",
        .0.display()
    )]
    InUse(PathBuf),
    #[error("{} was not written: {why}", target.display())]
    NotWritten { target: PathBuf, why: exchange::Error },
}

impl Localized for ExportError {
    fn zh(&self) -> String {
        match self {
            Self::IsTheDistrict(path) => {
                format!("目标就是区域文件本身。请换一个文件名：{}", path.display())
            }
            Self::IsAFolder(path) => format!("目标是一个文件夹：{}", path.display()),
            Self::InUse(path) => format!(
                "目标文件正被另一程序打开，或其崩溃后留下了“{}”。请先关闭它。",
                path.display()
            ),
            Self::NotWritten { target, why } => {
                format!("未导出 {}：{}", target.display(), why.zh())
            }
        }
    }
}

/// Exports, journals that, and says on standard output how many records each layer has, and how many attachments
/// were written. Ends with 1 where a record names one that the district file does not have.
pub(crate) fn run(args: &Args, context: &Context) -> anyhow::Result<Done> {
    if args.of_readings.readings {
        let files = (&*args.district, &*args.target);
        return export_readings::run(files, &args.of_readings, context);
    }
    let world = &as_of::load(&args.district, context.as_of)?.0;
    let reader = DistrictReader::open(&args.district)?;
    let mut read = |name: &str| -> AttachmentBytes<anyhow::Error> {
        Ok(reader.attachment(name)?.map(|found| found.content))
    };
    let Exported { counts, attachments } = export(args, world, &mut read)?;
    drop(reader);
    let went_out = (&*args.target, &*asked(args, &counts), world);
    journaled::journal(&args.district, EditKind::Export, went_out, context);
    let mut out = std::io::stdout().lock();
    for (kind, count) in counts {
        writeln!(out, "{kind} {count}")?;
    }
    let Some(WrittenAttachments { count, missing }) = attachments else { return Ok(Done::Well) };
    writeln!(out, "attachments {count}")?;
    for name in &missing {
        let words = match context.lang {
            Lang::Zh => format!("区域文件里没有附件“{name}”，未导出"),
            Lang::En => format!("the attachment `{name}` is not in the district file"),
        };
        writeln!(std::io::stderr().lock(), "warning: {words}")?;
    }
    Ok(if missing.is_empty() { Done::Well } else { Done::WithFindings })
}

/// What was asked, as the journal keeps it.
fn asked(args: &Args, counts: &[(Kind, usize)]) -> Vec<String> {
    let layers = counts.iter().map(|(kind, count)| format!("{kind} {count}"));
    let mut asked = vec![layers.collect::<Vec<_>>().join(", ")];
    asked.extend(args.filters.iter().cloned());
    if args.crs != Crs::Wgs84 {
        asked.push(args.crs.to_string());
    }
    if args.with_attachments {
        asked.push("with attachments".to_owned());
    }
    asked
}

/// What was written: records of each layer, and the attachments where they were asked for.
#[derive(Debug, PartialEq, Eq)]
pub struct Exported {
    pub counts: Vec<(Kind, usize)>,
    pub attachments: Option<WrittenAttachments>,
}

/// The bytes of an attachment of the district by its name.
type ReadAttachment<'a> = &'a mut dyn FnMut(&str) -> AttachmentBytes<anyhow::Error>;

/// Writes the target as a whole or not at all, and then the attachments beside it.
pub fn export(args: &Args, world: &World, read: ReadAttachment<'_>) -> anyhow::Result<Exported> {
    let format = formats::by_name(&args.target)?;
    check_target(&args.district, &args.target)?;
    let asked: BTreeSet<Kind> = args.layers.iter().copied().collect();
    let kinds: Vec<Kind> =
        Kind::ALL.into_iter().filter(|kind| asked.is_empty() || asked.contains(kind)).collect();
    let filter = WhereFilter::of(&args.filters, &kinds, world)?;
    let keep = |record: &Record| filter.keeps(record);
    let count = |kind: &Kind| world.table(*kind).iter().filter(|record| keep(record)).count();
    let mut counts: Vec<(Kind, usize)> = kinds
        .into_iter()
        .filter(|kind| filter.knows(*kind))
        .map(|kind| (kind, count(&kind)))
        .collect();
    if asked.is_empty() && counts.iter().any(|(_, count)| *count > 0) {
        counts.retain(|(_, count)| *count > 0);
    }
    let kinds: Vec<Kind> = counts.iter().map(|(kind, _)| *kind).collect();
    let staged = args
        .with_attachments
        .then(|| {
            let records = kinds.iter().flat_map(|kind| world.table(*kind).iter());
            let names = attachments::names(records.map(AsRef::as_ref).filter(|r| keep(r)));
            attachments::stage(&attachments::folder_of(&args.target), &names, read)
        })
        .transpose()?;
    let mut layers = layers(world, &kinds, &args.crs, &keep);
    for layer in &mut layers {
        layer.filter = args.filters.join(" & ");
    }
    replace(&args.target, format, layers)
        .map_err(|why| ExportError::NotWritten { target: args.target.clone(), why })?;
    let attachments = staged.map(Staged::place).transpose().with_context(|| {
        format!("{} is written, its attachments are not", args.target.display())
    })?;
    Ok(Exported { counts, attachments })
}

fn check_target(district: &Path, target: &Path) -> Result<(), ExportError> {
    let real = |path: &Path| fs::canonicalize(path).ok();
    if real(target).is_some_and(|target| real(district) == Some(target)) {
        return Err(ExportError::IsTheDistrict(target.to_owned()));
    }
    if target.is_dir() {
        return Err(ExportError::IsAFolder(target.to_owned()));
    }
    // SQLite would play such a log into the new file.
    for ending in ["-wal", "-journal"] {
        let mut log = OsString::from(target);
        log.push(ending);
        if fs::metadata(&log).is_ok_and(|log| log.len() > 0) {
            return Err(ExportError::InUse(log.into()));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use jiff::Timestamp;
    use serde_json::json;
    use tempfile::TempDir;

    use super::*;
    use crate::domain::{Ids, Stamp, Value};

    fn world() -> World {
        let mut ids = Ids::new(Timestamp::UNIX_EPOCH, 1);
        let stamp = Stamp { actor: "t".into(), at: Timestamp::UNIX_EPOCH };
        let mut record = |kind: Kind, fields: &[(&str, &str)], floors: Option<i64>| {
            let extra = floors.map(|floors| json!({ "层数": floors }));
            let extra = extra.and_then(|extra| extra.as_object().cloned()).map(Arc::new);
            let mut record = Record::new(ids.next(), kind, &stamp);
            record.extra = extra;
            for (key, text) in fields {
                let value = Value::parse(kind.field(key).unwrap(), text).unwrap();
                assert!(record.set(key, value));
            }
            record
        };
        [
            record(
                Kind::Site,
                &[("name", "一"), ("kind", "餐饮"), ("township", "丰润镇")],
                Some(3),
            ),
            record(Kind::Site, &[("name", "二"), ("kind", "工地"), ("township", "丰润镇")], None),
            record(Kind::Site, &[("name", "三"), ("kind", "餐饮")], Some(5)),
            record(Kind::Road, &[("name", "京哈线"), ("class", "trunk")], None),
            record(Kind::Restriction, &[("name", "限行"), ("classes", "重型;中型")], None),
        ]
        .into_iter()
        .collect()
    }

    fn args(folder: &TempDir, layers: &[Kind], filters: &[&str]) -> Args {
        Args {
            district: folder.path().join("district.gpkg"),
            target: folder.path().join("out.gpkg"),
            layers: layers.to_vec(),
            crs: Crs::Wgs84,
            filters: filters.iter().map(|filter| (*filter).to_owned()).collect(),
            with_attachments: false,
            of_readings: ReadingExport {
                readings: false,
                from: None,
                to: None,
                span: crate::domain::reading::Span::Hour,
            },
        }
    }

    fn export(args: &Args, world: &World) -> anyhow::Result<Vec<(Kind, usize)>> {
        super::export(args, world, &mut |_| Ok(None)).map(|exported| exported.counts)
    }

    fn counts(layers: &[Kind], filters: &[&str]) -> Result<Vec<(Kind, usize)>, String> {
        let folder = tempfile::tempdir().unwrap();
        let args = args(&folder, layers, filters);
        let counts = export(&args, &world()).map_err(|error| error.to_string());
        assert_eq!(args.target.exists(), counts.is_ok());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), usize::from(counts.is_ok()));
        counts
    }

    #[test]
    fn layers_that_have_records_are_written_unless_others_are_asked_for() {
        let all = [(Kind::Site, 3), (Kind::Road, 1), (Kind::Restriction, 1)];
        assert_eq!(counts(&[], &[]), Ok(all.to_vec()));
        assert_eq!(counts(&[Kind::Camera], &[]), Ok(vec![(Kind::Camera, 0)]));
    }

    #[test]
    fn filters_go_by_key_or_label_and_must_all_hold() {
        for filter in ["kind=restaurant", "kind=餐饮", "类型 = 餐饮"] {
            assert_eq!(counts(&[Kind::Site], &[filter]), Ok(vec![(Kind::Site, 2)]), "{filter}");
        }
        let both = ["kind=餐饮", "township=丰润镇"];
        assert_eq!(counts(&[], &both), Ok(vec![(Kind::Site, 1)]));
        assert_eq!(counts(&[Kind::Site], &["township="]), Ok(vec![(Kind::Site, 1)]));
        assert_eq!(counts(&[], &["层数=5"]), Ok(vec![(Kind::Site, 1)]));
        assert_eq!(counts(&[], &["车型=重型"]), Ok(vec![(Kind::Restriction, 1)]));
        let first = world().table(Kind::Site).iter().next().unwrap().id;
        assert_eq!(counts(&[], &[&format!("id={first}")]), Ok(vec![(Kind::Site, 1)]));
    }

    #[test]
    fn nothing_selected_is_an_empty_file_of_the_layers_that_know_the_field() {
        assert_eq!(counts(&[], &["township=别处"]).map(|counts| counts.len()), Ok(6));
        let sites = counts(&[Kind::Site], &["township=别处"]);
        assert_eq!(sites, Ok(vec![(Kind::Site, 0)]));
    }

    #[test]
    fn a_field_or_value_that_is_not_known_is_refused_with_those_that_are() {
        let unknown = counts(&[Kind::Road], &["colour=red"]).unwrap_err();
        assert!(unknown.contains("colour") && unknown.contains("maxspeed_kmh"), "{unknown}");
        let value = counts(&[Kind::Road], &["class=road"]).unwrap_err();
        assert!(value.contains("motorway"), "{value}");
        assert!(counts(&[], &["kind"]).unwrap_err().contains("FIELD=VALUE"));
        // A word of one kind's choices need not be one of another's.
        assert_eq!(counts(&[], &["kind=limited"]).map(|counts| counts.len()), Ok(2));
    }

    #[test]
    fn a_target_is_replaced_whole_and_a_failure_leaves_it_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let args = args(&folder, &[], &[]);
        fs::write(&args.target, "old").unwrap();
        export(&args, &world()).unwrap();
        let written = fs::read(&args.target).unwrap();
        assert!(written.starts_with(b"SQLite format 3"));

        let osm = Args { target: folder.path().join("out.osm"), ..self::args(&folder, &[], &[]) };
        fs::write(&osm.target, "old").unwrap();
        let refused = export(&osm, &world()).unwrap_err();
        assert!(
            format!("{refused:#}").contains("not written: osm files can be read"),
            "{refused:#}"
        );
        assert_eq!(fs::read(&osm.target).unwrap(), b"old");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    #[test]
    fn where_the_target_cannot_be_written_no_attachments_are_left_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let mut args = args(&folder, &[], &[]);
        args.with_attachments = true;
        args.target = folder.path().join("out.osm");
        let mut world = world();
        let mut site = Record::clone(world.table(Kind::Site).iter().next().unwrap());
        let field = Kind::Site.field("attachments").unwrap();
        site.set("attachments", Value::parse(field, "雾炮.jpg").unwrap());
        world.load(Arc::new(site));
        let mut read = |_: &str| -> AttachmentBytes<anyhow::Error> { Ok(Some(b"photo".to_vec())) };
        let refused = super::export(&args, &world, &mut read).unwrap_err();
        assert!(format!("{refused:#}").contains("not written"), "{refused:#}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        args.target = folder.path().join("out.csv");
        args.layers = vec![Kind::Site];
        let written = super::export(&args, &world, &mut read).unwrap().attachments.unwrap();
        assert_eq!(written.count, 1);
        assert_eq!(fs::read(folder.path().join("out_附件/雾炮.jpg")).unwrap(), b"photo");
    }

    #[test]
    fn the_district_and_files_in_use_are_not_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let mut args = args(&folder, &[], &[]);
        fs::write(&args.district, "district").unwrap();
        args.target = folder.path().join(".").join("district.gpkg");
        let refused = export(&args, &world()).unwrap_err();
        assert!(refused.to_string().contains("district file itself"), "{refused}");
        args.target = folder.path().join("out.gpkg");
        fs::write(folder.path().join("out.gpkg-wal"), "log").unwrap();
        let refused = export(&args, &world()).unwrap_err();
        assert!(refused.to_string().contains("out.gpkg-wal"), "{refused}");
        args.target = folder.path().join("out.xyz");
        assert!(export(&args, &world()).unwrap_err().to_string().contains("no format"));
        assert_eq!(fs::read(&args.district).unwrap(), b"district");
    }
}
