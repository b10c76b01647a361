//! `shapan render`: the map as a picture or a page, without a window.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::str::FromStr as _;

use anyhow::{Context as _, bail};
use clap::Args as ClapArgs;
use geo_types::Coord;
use jiff::civil::{Date, DateTime};

use super::{Context, Done, as_of, journaled};
use crate::analysis::air::Hour;
use crate::basemap::{self, TileSource};
use crate::domain::{AreaRole, EditKind, Kind, Lang, Record, RecordId, World};
use crate::files;
use crate::geodesy::mercator::MAX_LAT;
use crate::geodesy::wkb::{self, Bounds};
use crate::intake::hours::hours;
use crate::map::view::View;
use crate::map::{
    Extent, Layer, LayerInput, Mark, PageSize, PaperSize, PrintSpec, Sketch, compose_wall, layers,
    pdf_from_layout, png_from_layout, sketch, svg_from_layout, tokens,
};
use crate::network::orders::holds;
use crate::report::wall::{self, WallAir};
use crate::settings::clock;
use crate::store::DistrictReader;

#[derive(Clone, Debug, ClapArgs)]
pub struct Args {
    /// The district file.
    pub district: PathBuf,
    /// What to write: a .svg, .png or .pdf file.
    pub target: PathBuf,
    /// Show a record (by code, name or id) or a layer whole.
    #[arg(long, value_name = "RECORD|LAYER", conflicts_with = "view")]
    pub fit: Option<String>,
    /// Show a place: WGS-84 longitude and latitude in degrees, and the zoom.
    #[arg(long, value_name = "LON,LAT,ZOOM", value_parser = view, allow_hyphen_values = true)]
    pub view: Option<View>,
    /// The size in pixels.
    #[arg(long, value_name = "WIDTHxHEIGHT", value_parser = size, default_value = "1920x1080", conflicts_with = "paper")]
    pub size: (u32, u32),
    /// A sheet of paper instead; upright where the district is.
    #[arg(long, value_parser = paper)]
    pub paper: Option<PaperSize>,
    /// One to so much on that sheet, around the middle of what is shown: 10000 for 1:10,000.
    #[arg(long, value_name = "N", requires = "paper", conflicts_with = "view", value_parser = clap::value_parser!(u32).range(100..=50_000_000))]
    pub scale: Option<u32>,
    /// Pixels an inch, for a picture of a sheet of paper.
    #[arg(long, value_name = "N", default_value_t = 150, value_parser = clap::value_parser!(u32).range(30..=1200))]
    pub dpi: u32,
    /// Only these layers, separated by commas.
    #[arg(long, value_name = "LAYERS", value_delimiter = ',')]
    pub layers: Vec<String>,
    /// What stands at the head of the page (else the name of the district).
    #[arg(long, value_name = "TEXT")]
    pub title: Option<String>,
    /// A tile archive or a folder of tiles under the map, or none.
    #[arg(long, value_name = "FILE|FOLDER|none", default_value = "none")]
    pub basemap: String,
    /// Draw orders that do not hold at this moment, local time, as such: 2026-11-23T10:00
    #[arg(long, value_name = "TIME")]
    pub at: Option<DateTime>,
    /// Write 内部使用 across the map.
    #[arg(long)]
    pub watermark: bool,
    /// Statistics beside the map, as a wall map has them: standards, decisions, rings, sprint.
    #[arg(long)]
    pub stats: bool,
}

fn paper(text: &str) -> Result<PaperSize, String> {
    match text.to_ascii_uppercase().as_str() {
        "A4" => Ok(PaperSize::A4),
        "A3" => Ok(PaperSize::A3),
        "A1" => Ok(PaperSize::A1),
        "A0" => Ok(PaperSize::A0),
        _ => Err("A4, A3, A1 or A0".to_owned()),
    }
}

fn size(text: &str) -> Result<(u32, u32), String> {
    let sides = text.split_once(['x', 'X', '×']);
    sides
        .and_then(|(width, height)| Some((width.trim().parse().ok()?, height.trim().parse().ok()?)))
        .ok_or_else(|| "width and height in pixels, as 1920x1080".to_owned())
}

fn view(text: &str) -> Result<View, String> {
    let wrong = || "longitude, latitude and zoom, as 118.156,39.832,14".to_owned();
    let numbers: Vec<f64> = text
        .split(',')
        .map(|part| part.trim().parse().ok())
        .collect::<Option<_>>()
        .ok_or_else(wrong)?;
    let [lon, lat, zoom] = *numbers else { return Err(wrong()) };
    if !(-180.0..=180.0).contains(&lon) || !(-MAX_LAT..=MAX_LAT).contains(&lat) {
        return Err("the place is not on the map: longitude comes first".to_owned());
    }
    if !(0.0..=22.0).contains(&zoom) {
        return Err("a zoom is between 0 and 22".to_owned());
    }
    Ok(View { center: Coord { x: lon, y: lat }, zoom })
}

/// Does what was asked and writes the answer to standard output.
pub(crate) fn run(args: &Args, context: &Context) -> anyhow::Result<Done> {
    let (world, day) = as_of::load(&args.district, context.as_of)?;
    // A map of the past has the values of its day, none of today.
    let air = if args.stats && context.as_of.is_none() {
        let reader = DistrictReader::open(&args.district)?;
        let hours = hours(&reader.readings(&world)?, day)?;
        hours.and_then(|hours| WallAir::of(&hours, Hour::containing(clock::now()).plus(-1)))
    } else {
        None
    };
    draw(args, (&world, air.as_ref()), day, context.lang)?;
    let mut asked = vec!["map".to_owned()];
    asked.extend(args.fit.clone());
    asked.extend((!args.layers.is_empty()).then(|| args.layers.join(", ")));
    journaled::journal(&args.district, EditKind::Paper, (&args.target, &asked, &world), context);
    Ok(Done::Well)
}

/// Draws the world of a district into the target file, which appears whole or not at all.
fn draw(
    args: &Args,
    (world, air): (&World, Option<&WallAir>),
    today: Date,
    lang: Lang,
) -> anyhow::Result<()> {
    let write = writer(&args.target)?;
    let shown = shown_layers(&args.layers)?;
    let is_shown = |layer: &dyn Layer| shown.iter().any(|key| *key == layer.key());
    let mut sketch = sketch(&LayerInput { world, lang }, &is_shown);
    if let Some(air) = air {
        air.label(&mut sketch, world);
    }
    if let Some(at) = args.at {
        let rests = |id| world.get(id).is_some_and(|order| !holds(order, at));
        sketch.rest(&rests, false);
    }
    let extent = extent(args, world, &sketch)?;
    let page = page(args, extent)?;
    let base = open_base(&args.basemap)?;
    let title = args.title.clone().unwrap_or_else(|| default_title(world, lang));
    let sheet = PrintSpec {
        page,
        extent,
        title: &title,
        lang,
        theme: tokens::LIGHT,
        date: today,
        is_internal: args.watermark,
        seal: world.seal,
        base: base.as_deref(),
    };
    let changed = |at: jiff::Timestamp| at.to_zoned_datetime(clock::office()).datetime();
    let data_time = wall::changed_at(world).map(changed);
    let board = args.stats.then(|| wall::board(world, air, today, data_time, lang));
    let layout = compose_wall(&sketch, &sheet, board.as_ref())?;
    for warning in &layout.warnings {
        writeln!(std::io::stderr().lock(), "warning: {}", warning.say(lang))?;
    }
    put(&args.target, &write(&layout)?)
}

type MapEncoder = fn(&crate::map::Layout) -> anyhow::Result<Vec<u8>>;

/// By the ending of the file's name.
fn writer(target: &Path) -> anyhow::Result<MapEncoder> {
    let ending = target.extension().and_then(|e| e.to_str()).map(str::to_lowercase);
    match ending.as_deref() {
        Some("svg") => Ok(|layout| Ok(svg_from_layout(layout)?.into_bytes())),
        Some("png") => Ok(|layout| Ok(png_from_layout(layout)?)),
        Some("pdf") => Ok(|layout| Ok(pdf_from_layout(layout)?)),
        _ => bail!("a map is written as .svg, .png or .pdf: {}", target.display()),
    }
}

/// In place of what was there, whole.
pub(super) fn put(target: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    files::write_whole(target, bytes)
        .with_context(|| format!("the file cannot be written: {}", target.display()))
}

fn shown_layers(names: &[String]) -> anyhow::Result<Vec<&'static str>> {
    if names.is_empty() {
        let usual = layers::ALL.iter().filter(|layer| layer.is_usual());
        return Ok(usual.map(|layer| layer.key()).collect());
    }
    let keys: Vec<&str> = layers::ALL.iter().map(|layer| layer.key()).collect();
    names
        .iter()
        .map(|name| {
            layers::by_name(name).map(Layer::key).with_context(|| {
                format!("there is no layer `{name}`; the layers are {}", keys.join(", "))
            })
        })
        .collect()
}

fn open_base(name: &str) -> anyhow::Result<Option<Box<dyn TileSource>>> {
    if name == "none" {
        return Ok(None);
    }
    Ok(Some(basemap::open(Path::new(name), None)?))
}

fn page(args: &Args, extent: Extent) -> anyhow::Result<PageSize> {
    let Some(paper) = args.paper else {
        return Ok(PageSize::pixels(args.size.0, args.size.1)?);
    };
    // As tall as it is wide on the ground is decided by degrees at the latitude of the middle.
    let is_tall = match extent {
        Extent::At(_) | Extent::Scale { .. } => false,
        Extent::Fit(Bounds { min, max }) => {
            let narrow = f64::midpoint(min.y, max.y).to_radians().cos();
            (max.y - min.y) > (max.x - min.x) * narrow * 1.1
        }
    };
    Ok(PageSize::paper(paper, is_tall, args.dpi)?)
}

fn extent(args: &Args, world: &World, sketch: &Sketch) -> anyhow::Result<Extent> {
    if let Some(view) = args.view {
        return Ok(Extent::At(view));
    }
    let bounds = match &args.fit {
        Some(wanted) => fit(wanted, world)?,
        None => everything(world, sketch)
            .context("the district holds nothing that has a position: nothing to draw")?,
    };
    let Some(denominator) = args.scale else { return Ok(Extent::Fit(bounds)) };
    Ok(Extent::Scale { center: bounds.middle(), denominator })
}

/// Rings and sites; where there are neither, the district; else whatever there is.
fn everything(world: &World, sketch: &Sketch) -> Option<Bounds> {
    let work = bounds_of(world.table(Kind::Site).iter().filter_map(|site| site.geometry.as_ref()));
    let rings = rings(sketch, None);
    let district = world.table(Kind::Area).iter().filter(|area| AreaRole::District.is_of(area));
    union(work, rings)
        .or_else(|| bounds_of(district.filter_map(|area| area.geometry.as_ref())))
        .or_else(|| bounds_of(world.all().filter_map(|record| record.geometry.as_ref())))
}

fn fit(wanted: &str, world: &World) -> anyhow::Result<Bounds> {
    if let Some(record) = find(wanted, world) {
        let own = record.geometry.as_ref().and_then(wkb::bounds);
        let around = ring_bounds(world, Some(record.id));
        return union(own, around)
            .with_context(|| format!("`{wanted}` has no position yet: place it on the map first"));
    }
    let Some(layer) = layers::by_name(wanted) else {
        bail!("there is neither a record nor a layer `{wanted}`");
    };
    let records = world.table(layer.kind()).iter().filter_map(|record| record.geometry.as_ref());
    let rings = (layer.kind() == Kind::ControlPoint).then(|| ring_bounds(world, None)).flatten();
    union(bounds_of(records), rings)
        .with_context(|| format!("the layer `{wanted}` holds nothing that has a position"))
}

/// By code, then by id, then by name.
fn find<'a>(wanted: &str, world: &'a World) -> Option<&'a Record> {
    let by_code = Kind::ALL.into_iter().find_map(|kind| world.table(kind).by_code(wanted));
    let by_id = || RecordId::from_str(wanted).ok().and_then(|id| world.get(id));
    let by_name = || world.all().find(|record| record.name() == wanted);
    by_code.or_else(by_id).or_else(by_name).map(AsRef::as_ref)
}

/// The rings as they are drawn, of one control point or of all.
fn ring_bounds(world: &World, of: Option<RecordId>) -> Option<Bounds> {
    let scene = LayerInput { world, lang: Lang::Zh };
    rings(&sketch(&scene, &|layer| layer.key() == "rings"), of)
}

fn rings(sketch: &Sketch, of: Option<RecordId>) -> Option<Bounds> {
    let is_wanted = |mark: &&Mark| {
        matches!(mark.symbol, crate::map::Symbol::Ring { .. })
            && (of.is_none() || mark.subject == of)
    };
    bounds_of(sketch.marks.iter().filter(is_wanted).filter_map(Mark::geometry))
}

fn bounds_of<'a>(geometries: impl Iterator<Item = &'a geo_types::Geometry<f64>>) -> Option<Bounds> {
    geometries.filter_map(wkb::bounds).fold(None, |all, one| union(all, Some(one)))
}

fn union(one: Option<Bounds>, other: Option<Bounds>) -> Option<Bounds> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one.joined_with(other)),
        (one, other) => one.or(other),
    }
}

fn default_title(world: &World, lang: Lang) -> String {
    let mut areas = world.table(Kind::Area).iter();
    let district = areas.find(|area| AreaRole::District.is_of(area));
    let name = district.map_or("", |area| area.name());
    match lang {
        Lang::Zh => format!("{name}大气污染防治管控图"),
        Lang::En if name.is_empty() => "Air pollution control map".to_owned(),
        Lang::En => format!("{name}: air pollution control map"),
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;
    use jiff::civil::date;

    use super::*;
    use crate::map::sample;

    #[derive(clap::Parser)]
    struct Line {
        #[command(flatten)]
        args: Args,
    }

    fn args(words: &[&str]) -> Result<Args, clap::Error> {
        let words = ["render", "district.gpkg"].iter().chain(words);
        Line::try_parse_from(words).map(|line| line.args)
    }

    fn rendered(name: &str, words: &[&str]) -> anyhow::Result<Vec<u8>> {
        let folder = tempfile::tempdir()?;
        let target = folder.path().join(name);
        let words: Vec<&str> =
            [target.to_str().unwrap()].into_iter().chain(words.iter().copied()).collect();
        draw(&args(&words)?, (&sample::world(), None), date(2026, 11, 23), Lang::Zh)?;
        assert_eq!(std::fs::read_dir(folder.path())?.count(), 1, "only the map is left there");
        Ok(std::fs::read(target)?)
    }

    #[test]
    fn the_ending_of_the_target_decides_what_is_written() {
        let small = ["--size", "640x400"];
        assert!(rendered("map.png", &small).unwrap().starts_with(b"\x89PNG"));
        assert!(rendered("map.pdf", &small).unwrap().starts_with(b"%PDF"));
        assert!(rendered("map.svg", &small).unwrap().starts_with(b"<svg"));
        let error = rendered("map.gif", &small).unwrap_err().to_string();
        assert!(error.contains(".svg, .png or .pdf"), "{error}");
    }

    #[test]
    fn a_map_fits_a_record_by_code_or_name_and_a_layer_by_any_of_its_names() {
        let bar = |words: &[&str]| {
            let svg = String::from_utf8(rendered("map.svg", words).unwrap()).unwrap();
            svg.contains("丰润区政府</text>")
        };
        assert!(bar(&["--fit", "3576A"]));
        assert!(bar(&["--fit", "丰润区政府"]));
        assert!(bar(&["--fit", "控制点"]));
        assert!(bar(&["--fit", "site", "--layers", "rings,control_points"]));
        assert!(!bar(&["--fit", "七树庄镇站"]));
        assert!(!bar(&["--layers", "roads"]));
        let error = rendered("map.svg", &["--fit", "nowhere"]).unwrap_err().to_string();
        assert!(error.contains("neither a record nor a layer"), "{error}");
        let error = rendered("map.svg", &["--fit", "未定位的堆场"]).unwrap_err().to_string();
        assert!(error.contains("has no position yet"), "{error}");
    }

    #[test]
    fn what_holds_from_seven_is_drawn_at_rest_at_five_to_seven() {
        let timed = |record: &std::sync::Arc<Record>| {
            let mut record = Record::clone(record);
            record.set("hours", Some(crate::domain::Value::text("07:00-19:00")));
            record
        };
        let world: World = sample::world().all().map(timed).collect();
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("map.svg");
        let is_said = |at: &[&str]| {
            let words: Vec<&str> =
                [target.to_str().unwrap()].into_iter().chain(at.iter().copied()).collect();
            draw(&args(&words).unwrap(), (&world, None), date(2026, 11, 23), Lang::Zh).unwrap();
            std::fs::read_to_string(&target).unwrap().contains("此刻未生效")
        };
        assert!(is_said(&["--at", "2026-12-07T06:55"]));
        assert!(!is_said(&["--at", "2026-12-07T07:05"]));
        assert!(!is_said(&[]), "without a moment the map shows what there is");
    }

    #[test]
    fn a_control_point_is_fitted_with_its_rings() {
        let around = fit("3576A", &sample::world()).unwrap();
        let height_m = (around.max.y - around.min.y) * 111_030.0;
        assert!((height_m - 2000.0).abs() < 5.0, "{height_m}");
    }

    #[test]
    fn what_cannot_be_drawn_is_refused_with_the_reason() {
        for words in [["--view", "39.8,118.1,14"], ["--size", "big"], ["--paper", "A5"]] {
            let words: Vec<&str> = ["map.png"].into_iter().chain(words).collect();
            assert!(args(&words).is_err(), "{words:?}");
        }
        let error = rendered("map.png", &["--size", "90000x90000"]).unwrap_err().to_string();
        assert!(error.contains("too large"), "{error}");
        let error = rendered("map.png", &["--layers", "wind"]).unwrap_err().to_string();
        assert!(error.contains("there is no layer `wind`"), "{error}");
        let error = rendered("map.png", &["--basemap", "tiles.zip"]).unwrap_err().to_string();
        assert!(error.contains(".mbtiles or a .pmtiles"), "{error}");
    }

    #[test]
    fn an_empty_district_is_told_so() {
        let args = args(&["map.png"]).unwrap();
        let error = draw(&args, (&World::default(), None), date(2026, 11, 23), Lang::Zh)
            .unwrap_err()
            .to_string();
        assert!(error.contains("nothing to draw"), "{error}");
    }

    #[test]
    fn paper_lies_down_for_a_wide_district_and_stands_for_a_tall_one() {
        let args = args(&["map.pdf", "--paper", "a4"]).unwrap();
        let is_tall = |width: f64, height: f64| {
            let max = Coord { x: 118.0 + width, y: 39.8 + height };
            let bounds = Bounds { min: Coord { x: 118.0, y: 39.8 }, max };
            let page = page(&args, Extent::Fit(bounds)).unwrap();
            page.height_pt > page.width_pt
        };
        assert!(!is_tall(0.2, 0.1) && is_tall(0.1, 0.2));
    }
}
