//! The program started without a word: the sample district, so that a first look shows everything.

use std::ffi::OsString;
use std::io::Write as _;
use std::path::PathBuf;

use anyhow::Context as _;
use clap::Parser as _;

use super::{Context, Done, clock, load, render, sample};
use crate::analysis::{Index, Options, counts, rings};
use crate::domain::{Kind, Lang, World};

/// Opens the sample (made on the first start, and left as it is afterwards), prints its map, and
/// says what lies in it and what to do next.
pub(crate) fn run(context: &Context) -> anyhow::Result<Done> {
    let folder = folder().context("no folder is known where programs keep their data; set HOME")?;
    std::fs::create_dir_all(&folder)
        .with_context(|| format!("cannot make the folder {}", folder.display()))?;
    let district = folder.join("丰润(示例).gpkg");
    if !district.exists() {
        sample::write(&district, &clock::stamp(context.by.as_deref()))?;
    }
    let world = load(&district)?;
    let map = district.with_extension("png");
    print(&world, &district, &map, context.lang)?;
    tell(&world, &district, &map, context.lang)?;
    Ok(Done::Well)
}

/// Where this operating system lets a program keep what belongs to its user.
fn folder() -> Option<PathBuf> {
    let set =
        |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let home = || set("HOME").map(|home| home.join(".local/share"));
    let base = set("SHAPAN_HOME").or_else(|| {
        let base =
            if cfg!(windows) { set("LOCALAPPDATA") } else { set("XDG_DATA_HOME").or_else(home) };
        base.map(|base| base.join("shapan"))
    })?;
    Some(base)
}

#[derive(clap::Parser)]
struct Line {
    #[command(flatten)]
    args: render::Args,
}

fn print(
    world: &World,
    district: &std::path::Path,
    map: &std::path::Path,
    lang: Lang,
) -> anyhow::Result<()> {
    let words: [OsString; 5] =
        ["render".into(), district.into(), map.into(), "--fit".into(), "control_point".into()];
    let line = Line::try_parse_from(words)?;
    render::run(&line.args, world, clock::today(), lang)
}

fn tell(
    world: &World,
    district: &std::path::Path,
    map: &std::path::Path,
    lang: Lang,
) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    let (title, in_rings, next) = match lang {
        Lang::Zh => ("沙盘 · 示例区域 丰润(示例)", "控制圈内", "接下来"),
        Lang::En => ("Shapan · the sample district 丰润(示例)", "In the rings", "Next"),
    };
    writeln!(out, "{title}\n")?;
    for kind in Kind::ALL {
        writeln!(out, "  {:>4}  {}", world.table(kind).len(), kind.label().say(lang))?;
    }
    writeln!(out, "\n{in_rings}")?;
    let index = Index::of(world);
    for line in ring_lines(world, &index, lang) {
        writeln!(out, "  {line}")?;
    }
    let (file, picture) = match lang {
        Lang::Zh => ("文件", "地图"),
        Lang::En => ("file", "map"),
    };
    writeln!(out, "\n{file}  {}\n{picture}  {}\n\n{next}", district.display(), map.display())?;
    for command in [
        "new my.gpkg",
        "import my.gpkg sites.xlsx --crs gcj02",
        "rings my.gpkg",
        "render my.gpkg map.pdf",
        "--help",
    ] {
        writeln!(out, "  shapan {command}")?;
    }
    Ok(())
}

/// One line a ring: how many sites lie in it, and how many of them are not up to standard.
fn ring_lines(world: &World, index: &Index, lang: Lang) -> Vec<String> {
    let options = Options { kinds: vec![Kind::Site], ..Options::default() };
    let inside = rings(world, index, &options);
    let mut lines: Vec<(String, f64, usize, usize)> = Vec::new();
    for count in counts(&inside) {
        let name = count.control_point.name().to_owned();
        match lines.last_mut() {
            Some((last, radius_m, sites, bad))
                if *last == name && (*radius_m - count.radius_m).abs() < 0.5 =>
            {
                *sites += count.count;
                *bad += count.not_up_to_standard;
            }
            _ => lines.push((name, count.radius_m, count.count, count.not_up_to_standard)),
        }
    }
    lines
        .into_iter()
        .map(|(name, radius_m, sites, bad)| match lang {
            Lang::Zh => format!("{name} {radius_m} m：点位 {sites}，不达标 {bad}"),
            Lang::En => format!("{name} {radius_m} m: {sites} sites, {bad} not up to standard"),
        })
        .collect()
}
