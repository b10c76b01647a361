//! Where bad air comes from: wind rose, pollution rose, and the mean over direction and speed of the wind,
//! beside the map. The radius of that last one is wind speed and no distance; what it points to is drawn on
//! the map as a sector of its own, in metres.

mod rose;

use egui::{DragValue, RichText, Ui, vec2};

use super::numbers::csv_ui;
use super::place::{place_name, place_ui, shown_place};
use super::series::series_of;
use crate::analysis::air::wind::{
    Cpf, CpfSector, Kernel, PolarGrid, PolarSurface, Rose, Sample, Sector, cpf, nwr, wind_mean,
};
use crate::analysis::air::{DistrictFigures, DistrictHours, Edition, Quantity};
use crate::domain::{Kind, Record, RecordId, WeatherSource, World};
use crate::geodesy::ring::distance_m;
use crate::geodesy::wkb;
use crate::ui::action::AirAction;
use crate::ui::ctx::Ctx;
use crate::ui::model::air::ShownSector;
use crate::ui::parts::air::number_words;
use crate::ui::widgets::{empty, named, note};

/// Ends of classes of wind speed, m/s: of the grades 1, 2 and 3 of the Chinese scale.
const SPEEDS_M_S: [f64; 3] = [1.6, 3.4, 5.5];
/// CPF is of hours above this percentile.
const PERCENTILE: u8 = 75;

/// What figures are made from: hours by their address, place, quantity.
type Key = (usize, Option<RecordId>, Quantity);

/// The page, and its last figures, which are dear to make.
pub struct WindPage {
    made: Option<(Key, Option<Figures>)>,
    radius_km: f64,
}

impl Default for WindPage {
    fn default() -> Self {
        Self { made: None, radius_km: 5.0 }
    }
}

/// What is shown of one place.
pub(super) struct Figures {
    /// Whose wind it is, how far that is from the place, km, and whether it is modelled.
    wind_of: String,
    away_km: f64,
    is_modelled: bool,
    pub(super) winds: Rose,
    pub(super) pollution: Rose,
    /// Ends of the classes of the pollution rose.
    pub(super) edges: Vec<f64>,
    pub(super) polar: PolarSurface,
    cpf: Option<Cpf>,
    /// Hours with wind and value.
    n: usize,
    calm: u32,
    steadiness: f64,
}

impl WindPage {
    /// Shows the three figures side by side.
    pub fn ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>, figures: &DistrictFigures) {
        let place = shown_place(ctx, figures);
        let Some(hours) = ctx.air.hours.as_ref() else { return };
        let key =
            (std::ptr::from_ref::<DistrictHours>(hours).addr(), place.place, ctx.air.quantity);
        if self.made.as_ref().is_none_or(|(known, _)| *known != key) {
            self.made = Some((key, make(ctx, figures, hours, place.place)));
        }
        let Some((_, Some(made))) = &self.made else {
            let what = ctx.tell("没有风的小时数据", "There are no hours with wind");
            let next = ctx.tell(
                "导入气象站的小时风速风向，或在“自动接入数据”中开启 Open-Meteo、METAR",
                "Import hourly wind of a weather station, or switch on Open-Meteo or METAR under live feeds",
            );
            return empty(ui, what, next);
        };
        let name = place_name(ctx, place);
        ui.horizontal_wrapped(|ui| {
            place_ui(ui, ctx, place);
            ui.label(note(about(ctx, made)));
            let file = format!("{name}_{}_{}", ctx.air.quantity.symbol(), ctx.tell("来向", "wind"));
            csv_ui(ui, ctx, &file, || rows(ctx, made));
        });
        let at = place.place;
        sector_ui(ui, ctx, made, at, &mut self.radius_km);
        let room = ui.available_size();
        let width = room.x / 3.0 - 12.0;
        let size = vec2(width, width.min(room.y.max(150.0)));
        ui.horizontal(|ui| {
            rose::rose_ui(ui, ctx, size, &rose::of_wind(ctx, made));
            rose::rose_ui(ui, ctx, size, &rose::of_pollution(ctx, made));
            rose::polar_ui(ui, ctx, size, &made.polar);
        });
    }
}

fn about(ctx: &Ctx<'_>, made: &Figures) -> String {
    let Figures { wind_of, away_km, n, calm, steadiness, .. } = made;
    let modelled =
        if made.is_modelled { ctx.tell("，模式值", ", modelled") } else { String::new() };
    ctx.tell(
        format!("风取自{wind_of}（{away_km:.1} 公里{modelled}）；{n} 小时，静风 {calm}，风向稳定度 {steadiness:.2}。只是线索，不是结论"),
        format!("wind of {wind_of} ({away_km:.1} km{modelled}); {n} hours, {calm} calm, steadiness {steadiness:.2}. A lead, no finding"),
    )
}

/// The wind of the place itself, else the nearest that is measured, else the nearest.
fn wind_of(
    world: &World,
    hours: &DistrictHours,
    place: Option<&Record>,
) -> Option<(RecordId, f64)> {
    let at = |record: &Record| {
        let bounds = wkb::bounds(record.geometry.as_ref()?)?;
        Some(bounds.middle())
    };
    let own = place.map(|record| record.id).filter(|id| hours.winds.contains_key(id));
    if let Some(own) = own {
        return Some((own, 0.0));
    }
    let from = place.and_then(at);
    let far = |id: &RecordId| {
        let to = world.get(*id).and_then(|record| at(record));
        from.zip(to).map_or(0.0, |(from, to)| distance_m(from, to) / 1000.0)
    };
    let mut all: Vec<(bool, f64, RecordId)> =
        hours.winds.keys().map(|id| (is_modelled(world, *id), far(id), *id)).collect();
    all.sort_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)));
    all.first().map(|(_, far, id)| (*id, *far))
}

fn is_modelled(world: &World, id: RecordId) -> bool {
    let record = world.get(id).filter(|record| record.kind == Kind::WeatherStation);
    record.is_some_and(|record| WeatherSource::of(record) == Some(WeatherSource::Modelled))
}

fn make(
    ctx: &Ctx<'_>,
    figures: &DistrictFigures,
    hours: &DistrictHours,
    place: Option<RecordId>,
) -> Option<Figures> {
    let world = ctx.world();
    let quantity = ctx.air.quantity;
    let record = place.and_then(|id| world.get(id));
    let (source, away_km) = wind_of(&world, hours, record.map(|it| &**it))?;
    let winds = hours.winds.get(&source)?;
    let own = place.map_or(Some(&figures.mean), |id| hours.stations.get(&id))?;
    let series = series_of(own, quantity);
    let samples: Vec<Sample> = series
        .iter()
        .filter_map(|(hour, concentration)| Some(Sample { wind: winds.get(hour)?, concentration }))
        .collect();
    if samples.is_empty() {
        return None;
    }
    let thresholds = quantity.thresholds(Edition::of(figures.through));
    let edges: Vec<f64> = thresholds.iter().map(|(value, _)| *value).take(4).collect();
    let (mut rose, mut pollution) = (Rose::new(&SPEEDS_M_S), Rose::new(&edges));
    for sample in &samples {
        rose.add(sample.wind, sample.wind.speed_m_s());
        pollution.add(sample.wind, sample.concentration);
    }
    let fastest = samples.iter().map(|it| it.wind.speed_m_s()).fold(1.0, f64::max);
    let grid = PolarGrid { directions: 72, speeds: 14, max_speed_m_s: fastest.min(12.0).ceil() };
    let mean = wind_mean(samples.iter().map(|it| it.wind));
    Some(Figures {
        wind_of: world.get(source).map(|it| it.name().to_owned()).unwrap_or_default(),
        away_km,
        is_modelled: is_modelled(&world, source),
        polar: nwr(&samples, grid, Kernel::default()),
        cpf: cpf(&samples, Sector::COUNT, PERCENTILE),
        winds: rose,
        pollution,
        edges,
        n: samples.len(),
        calm: mean.map_or(0, |mean| mean.calm),
        steadiness: mean.map_or(0.0, |mean| mean.steadiness),
    })
}

/// The sector from where high hours come most often, and the button that draws it on the map.
fn sector_ui(
    ui: &mut Ui,
    ctx: &Ctx<'_>,
    made: &Figures,
    place: Option<RecordId>,
    radius_km: &mut f64,
) {
    let Some(found) = &made.cpf else { return };
    let best = Sector::all()
        .zip(&found.sectors)
        .filter(|(_, it)| !it.is_few())
        .filter_map(|(sector, it)| Some((sector, it.probability()?, it)))
        .max_by(|a, b| a.1.total_cmp(&b.1));
    ui.horizontal_wrapped(|ui| {
        let Some((sector, share, counts)) = best else {
            ui.label(note(ctx.tell(
                "各方向的小时都太少，看不出来向",
                "Too few hours from any direction to tell",
            )));
            return;
        };
        let threshold = number_words(ctx.air.quantity, found.threshold);
        let (percent, above, n) = (share * 100.0, counts.above, counts.n);
        let name = ctx.say(sector.name());
        ui.label(RichText::new(ctx.tell(
            format!("高值（>{threshold}，第 {PERCENTILE} 百分位）最常来自{name}：{above}/{n} 小时，{percent:.0}%"),
            format!("high hours (> {threshold}, percentile {PERCENTILE}) come most often from {name}: {above}/{n}, {percent:.0} %"),
        )));
        let Some(place) = place else {
            ui.label(note(ctx.tell("选一个站可把该方向画到图上", "Select a station to draw it on the map")));
            return;
        };
        let is_drawn = ctx.air.sector.is_some();
        let words = if is_drawn { ctx.tell("收起方向", "Take it off") } else { ctx.tell("在图上画出该方向", "Draw it on the map") };
        let button = ui.button(words);
        let radius = ui.add(DragValue::new(radius_km).range(0.5..=30.0).speed(0.1).suffix(" km"));
        named(&radius, &ctx.tell("扇区半径，公里", "Radius of the sector, km"));
        if button.clicked() || (is_drawn && radius.changed()) {
            let half = 180.0 / Sector::COUNT as f64;
            let shown = ShownSector {
                place,
                from_deg: sector.center_deg() - half,
                to_deg: sector.center_deg() + half,
                radius_m: *radius_km * 1000.0,
            };
            let is_off = button.clicked() && is_drawn;
            ctx.actions.air(AirAction::Sector((!is_off).then_some(shown)));
        }
    });
}

fn rows(ctx: &Ctx<'_>, made: &Figures) -> Vec<Vec<String>> {
    let mut head = vec![ctx.tell("方向", "from"), ctx.tell("小时", "hours"), "CPF".to_owned()];
    let classes = |edges: &[f64], unit: &str| -> Vec<String> {
        let mut names = vec![edges.first().map_or_else(String::new, |it| format!("<{it} {unit}"))];
        names.extend(edges.iter().map(|it| format!("≥{it} {unit}")));
        names
    };
    head.extend(classes(&SPEEDS_M_S, "m/s"));
    head.extend(classes(&made.edges, ctx.air.quantity.unit()));
    let mut rows = vec![head];
    for (at, sector) in Sector::all().enumerate() {
        let speeds = (0..made.winds.classes()).map(|class| made.winds.count(sector, class));
        let values = (0..made.pollution.classes()).map(|class| made.pollution.count(sector, class));
        let of = made.cpf.as_ref().and_then(|found| found.sectors.get(at));
        let share = of.and_then(CpfSector::probability);
        let mut row = vec![
            ctx.say(sector.name()).to_owned(),
            of.map_or(0, |it| it.n).to_string(),
            share.map_or_else(String::new, |share| format!("{share:.3}")),
        ];
        row.extend(speeds.chain(values).map(|count| count.to_string()));
        rows.push(row);
    }
    rows.push(Vec::new());
    let (direction, speed) = (ctx.tell("风向 °", "from °"), ctx.tell("风速 m/s", "speed m/s"));
    rows.push(vec![direction, speed, ctx.tell("均值", "mean"), "n".to_owned()]);
    let grid = made.polar.grid;
    for speed in 0..grid.speeds {
        for direction in 0..grid.directions {
            let cell = made.polar.cell(direction, speed);
            let Some(value) = cell.value else { continue };
            rows.push(vec![
                format!("{:.0}", grid.direction_deg(direction)),
                format!("{:.2}", grid.speed_m_s(speed)),
                format!("{value:.2}"),
                cell.n.to_string(),
            ]);
        }
    }
    rows
}
