//! The same layout in three files.

use std::process::Command;

use geo_types::Coord;
use jiff::civil::date;

use super::sample;
use super::tokens::{DARK, LIGHT, Palette};
use super::view::View;
use super::*;
use crate::domain::{ControlPointLevel, Kind, Lang, World};
use crate::geodesy::wkb::Bounds;

fn sheet(page: PageSize, lang: Lang, theme: Palette) -> PrintSpec<'static> {
    let (min, max) = (sample::place(-4300.0, -2800.0), sample::place(4500.0, 2300.0));
    PrintSpec {
        page,
        extent: Extent::Fit(Bounds { min, max }),
        title: "丰润区大气污染防治管控图",
        lang,
        theme,
        date: date(2026, 11, 23),
        is_internal: false,
        seal: None,
        base: None,
    }
}

fn hd() -> PageSize {
    PageSize::pixels(1920, 1080).unwrap()
}

fn plate_of(world: &World, sheet: &PrintSpec<'_>) -> Layout {
    let sketch = sketch(&LayerInput { world, lang: sheet.lang }, &|_| true);
    compose(&sketch, sheet).unwrap()
}

fn texts(layout: &Layout) -> Vec<&str> {
    let runs = layout.items.iter().filter_map(|item| match item {
        drawing::Primitive::Text(run) => Some(&*run.text),
        _ => None,
    });
    runs.collect()
}

#[test]
fn the_map_says_what_a_map_must_say() {
    let layout = plate_of(&sample::world(), &sheet(hd(), Lang::Zh, LIGHT));
    let all = texts(&layout).join("\n");
    for word in [
        "丰润区大气污染防治管控图",
        "500 m",
        "1000 m",
        "丰润区政府",
        "500 m 管控圈",
        "坐标系 WGS-84",
        "制图日期 2026年11月23日",
        "北",
        "1 km",
        "底图:无",
        "G102",
        "曹雪芹大街",
        "另有 1 条记录尚未定位,未上图。",
        "示例数据,非真实",
        "示例",
    ] {
        assert!(all.contains(word), "{word} is missing in\n{all}");
    }
}

#[test]
fn the_legend_lists_only_what_is_visible() {
    let view = View { center: sample::place(3950.0, -1800.0), zoom: 17.0 };
    let around = PrintSpec { extent: Extent::At(view), ..sheet(hd(), Lang::Zh, LIGHT) };
    let layout = plate_of(&sample::world(), &around);
    let texts = texts(&layout);
    assert!(texts.contains(&"高速公路"), "{texts:?}");
    for absent in ["国控", "餐饮", "拥堵(齿向排队侧)", "禁行", "抓拍摄像头", "示例数据,非真实"]
    {
        assert!(!texts.contains(&absent), "{absent} is out of sight: {texts:?}");
    }
}

#[test]
fn what_was_drawn_by_hand_lies_on_top_in_its_colour_with_its_words_and_a_row_in_the_legend() {
    let world = sample::world();
    let scene = LayerInput { world: &world, lang: Lang::Zh };
    let sheet = sheet(hd(), Lang::Zh, LIGHT);
    let drawn = compose(&sketch(&scene, &|_| true), &sheet).unwrap();
    let words = texts(&drawn);
    for word in ["会商标注", "手绘", "箭头", "圈", "先查这里", "从这里绕", "重点"]
    {
        assert!(words.contains(&word), "{word} is missing in {words:?}");
    }
    let is_symbol = |item: &drawing::Primitive| matches!(item, drawing::Primitive::Marker { .. });
    let is_ink = |item: &drawing::Primitive| match item {
        drawing::Primitive::Path { stroke: Some(stroke), .. } => {
            (stroke.width - 4.0).abs() < 1e-9 && stroke.is_round && stroke.color == LIGHT.act
        }
        _ => false,
    };
    // The first of the page: the legend has its own further down.
    let line = drawn.items.iter().position(is_ink).unwrap();
    let symbols_below = drawn.items[..line].iter().filter(|item| is_symbol(item)).count();
    assert!(symbols_below > 30, "{symbols_below} markers are below the line");
    let usual = compose(&sketch(&scene, &|layer| layer.is_usual()), &sheet).unwrap();
    assert!(texts(&usual).iter().all(|word| !["会商标注", "先查这里"].contains(word)));
}

#[test]
fn the_legend_of_a_sheet_is_complete_or_smaller() {
    let smallest = |layout: &Layout| {
        let runs = layout.items.iter().filter_map(|item| match item {
            drawing::Primitive::Text(run) => Some(run.size),
            _ => None,
        });
        runs.fold(f64::INFINITY, f64::min)
    };
    for lang in [Lang::Zh, Lang::En] {
        let said = |layout: &Layout| texts(layout).join("\n");
        let is_complete = |layout: &Layout| {
            !said(layout).contains("图例还有") && !said(layout).contains("rows of the legend")
        };
        for paper in [PaperSize::A3, PaperSize::A4] {
            let page = PageSize::paper(paper, false, 60).unwrap();
            let layout = plate_of(&sample::world(), &sheet(page, lang, LIGHT));
            assert!(is_complete(&layout), "{}", said(&layout));
        }
        let pages = (6..=12).map(|height| PageSize::pixels(1400, height * 90).unwrap());
        let layouts: Vec<_> =
            pages.map(|page| plate_of(&sample::world(), &sheet(page, lang, LIGHT))).collect();
        let is_smaller = |layout: &&Layout| smallest(layout) < 12.0 && is_complete(layout);
        assert!(layouts.iter().any(|layout| is_smaller(&layout)), "{lang:?}");
        assert!(layouts.iter().all(|layout| is_complete(layout) || smallest(layout) < 12.0));
    }
}

#[test]
fn every_text_stays_on_the_page_and_can_be_read() {
    let sizes = [
        hd(),
        PageSize::paper(PaperSize::A4, true, 100).unwrap(),
        PageSize::pixels(900, 640).unwrap(),
    ];
    for page in sizes {
        for lang in [Lang::Zh, Lang::En] {
            let layout = plate_of(&sample::world(), &sheet(page, lang, LIGHT));
            for item in &layout.items {
                let drawing::Primitive::Text(run) = item else { continue };
                // 10 only in a legend that is not complete otherwise.
                assert!(run.size >= 10.0, "{} is too small", run.text);
                let (sin, cos) = run.turn_deg.to_radians().sin_cos();
                let end = run.at + Coord { x: cos, y: sin } * run.width;
                for at in [run.at, end] {
                    let is_on = (-1.0..=page.width + 1.0).contains(&at.x)
                        && (0.0..=page.height).contains(&at.y);
                    assert!(is_on, "{} is cut at {at:?}", run.text);
                }
            }
        }
    }
}

#[test]
fn the_svg_is_well_formed_and_holds_the_names() {
    let svg = svg_from_layout(&plate_of(&sample::world(), &sheet(hd(), Lang::Zh, LIGHT))).unwrap();
    let mut reader = quick_xml::Reader::from_str(&svg);
    reader.config_mut().check_end_names = true;
    let (mut words, mut depth) = (String::new(), 0);
    loop {
        match reader.read_event().unwrap() {
            quick_xml::events::Event::Start(_) => depth += 1,
            quick_xml::events::Event::End(_) => depth -= 1,
            quick_xml::events::Event::Text(text) => words.push_str(&text.xml10_content()),
            quick_xml::events::Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(depth, 0);
    for name in ["丰润区政府", "浭阳新城二期", "曹雪芹大街"] {
        assert!(words.contains(name), "{name}");
    }
    assert!(svg.contains("<symbol id=\"site-restaurant-plain\""));
}

#[test]
fn the_same_plate_makes_the_same_bytes() {
    let make = || {
        let layout = plate_of(&sample::world(), &sheet(hd(), Lang::En, DARK));
        (svg_from_layout(&layout).unwrap(), pdf_from_layout(&layout).unwrap())
    };
    assert!(make() == make());
}

#[test]
fn a_ring_is_drawn_in_its_colour_and_the_margin_is_paper() {
    let world = sample::world();
    let view = View { center: sample::CENTER, zoom: 14.0 };
    let near = PrintSpec { extent: Extent::At(view), ..sheet(hd(), Lang::Zh, LIGHT) };
    let layout = plate_of(&world, &near);
    let pixmap = png::pixmap_from_layout(&layout).unwrap();
    let pixel = |x: f64, y: f64| {
        let pixel = pixmap.pixel(x.round() as u32, y.round() as u32).unwrap();
        [pixel.red(), pixel.green(), pixel.blue()]
    };
    assert_eq!(pixel(3.0, 900.0), [255, 255, 255]);
    // South of the point, where nothing else is: 500 m along the meridian.
    let projection = view::Projection::new(view, PageFrames::of(hd()).map);
    let south = projection.page_from_lonlat(sample::place(0.0, -500.0));
    let is_teal = (-2..=2).any(|step| {
        let [red, green, blue] = pixel(south.x, south.y + f64::from(step));
        red < 60 && green > 100 && blue > 90
    });
    assert!(is_teal, "no ring at {south:?}");
}

#[test]
fn chinese_can_be_selected_in_the_pdf() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("map.pdf");
    let page = PageSize::paper(PaperSize::A4, false, 150).unwrap();
    let layout = plate_of(&sample::world(), &sheet(page, Lang::Zh, LIGHT));
    std::fs::write(&file, pdf_from_layout(&layout).unwrap()).unwrap();
    let Ok(output) = Command::new("pdftotext").arg(&file).arg("-").output() else {
        eprintln!("SKIPPED: pdftotext is not installed, the text of the PDF was not looked at");
        return;
    };
    let text = String::from_utf8(output.stdout).unwrap();
    for word in ["丰润区大气污染防治管控图", "丰润区政府", "500 m", "砂石料场"]
    {
        assert!(text.contains(word), "{word} is not in\n{text}");
    }
    assert_eq!(text.matches("丰润区政府").count(), 1, "a halo is no second text");
}

/// Real tile archives, which may not enter the project: they lie beside it or the test is skipped.
#[test]
fn the_tiles_of_an_archive_lie_under_the_map() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/tiles");
    let shots = [
        ("protomaps_vector_ODbL_firenze.pmtiles", 11.2558, 43.7696, 14.3),
        ("usgs-mt-whitney-8-15-webp-512.pmtiles", -118.29, 36.58, 13.4),
    ];
    for (file, lon, lat, zoom) in shots {
        let path = root.join(file);
        if !path.exists() {
            eprintln!("SKIPPED: {} is not here", path.display());
            continue;
        }
        let source = crate::basemap::open(&path, None).unwrap();
        let extent = Extent::At(View { center: Coord { x: lon, y: lat }, zoom });
        let bare = PrintSpec { extent, ..sheet(hd(), Lang::Zh, LIGHT) };
        let under = PrintSpec { base: Some(&*source), ..bare };
        let world = moved_sample(Coord { x: lon, y: lat });
        let (bare, under) = (plate_of(&world, &bare), plate_of(&world, &under));
        assert!(under.warnings.is_empty(), "{file}: {:?}", under.warnings);
        let (bare, under) = (png_from_layout(&bare).unwrap(), png_from_layout(&under).unwrap());
        assert!(under.len() > bare.len() * 5 / 4, "{file}: {} and {}", bare.len(), under.len());
    }
}

fn moved_sample(to: Coord<f64>) -> World {
    use crate::domain::Record;
    let off = to - sample::CENTER;
    let wanted = [Kind::ControlPoint, Kind::Site, Kind::Restriction];
    let world = sample::world();
    let records = world.all().filter(|record| wanted.contains(&record.kind));
    records
        .map(|record| {
            let mut record = Record::clone(record);
            record.geometry = record.geometry.map(|geometry| {
                use geo::MapCoords as _;
                geometry.map_coords(|at| at + off)
            });
            record
        })
        .collect()
}

#[test]
fn ten_metres_are_a_millimetre_on_paper_at_one_to_ten_thousand_and_the_map_says_so() {
    for (paper, side_mm) in [(PaperSize::A1, 841.0), (PaperSize::A0, 1189.0)] {
        let page = PageSize::paper(paper, false, 40).unwrap();
        let center = sample::place(0.0, 0.0);
        let extent = Extent::Scale { center, denominator: 10_000 };
        let sheet = PrintSpec { extent, ..sheet(page, Lang::Zh, LIGHT) };
        let layout = plate_of(&sample::world(), &sheet);
        assert!(texts(&layout).contains(&"1:10,000"));
        let mm_per_unit = side_mm / page.width;
        let marks = layout.items.iter().filter_map(|item| match item {
            drawing::Primitive::Marker { marker, at, .. } => Some((*marker, *at)),
            _ => None,
        });
        let at_level = |wanted| {
            let is_of = move |(marker, at)| match marker {
                drawing::Marker::ControlPoint { level, .. } if level == wanted => Some(at),
                _ => None,
            };
            marks.clone().filter_map(is_of)
        };
        // The micro station lies 850 m east and 1500 m south of the national one.
        let off = at_level(ControlPointLevel::National).next().unwrap();
        let apart_mm = at_level(ControlPointLevel::Micro).map(|at| {
            let by = at - off;
            by.x.hypot(by.y) * mm_per_unit
        });
        let wanted_mm = 850.0_f64.hypot(1500.0) / 10.0;
        let nearest = apart_mm.map(|mm| (mm - wanted_mm).abs()).fold(f64::INFINITY, f64::min);
        assert!(nearest < 0.5, "off by {nearest} mm");
    }
}
