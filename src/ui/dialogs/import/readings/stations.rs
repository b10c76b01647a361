//! Whose readings they are: every station of the file, what it was found to be, and what else it may
//! become.

use egui::{Button, ComboBox, Label, ScrollArea, Ui, vec2};

use super::super::import_job::{ReadingWishes, StationWish};
use super::super::reading_look::ReadingLook;
use crate::domain::{Kind, Text};
use crate::exchange::readings::{FileKind, Match, SurveyedStation};
use crate::intake::file::kind_of_new;
use crate::ui::ctx::Ctx;
use crate::ui::widgets::{named_combo, note, row_height, strong};

/// Of the list, points.
const HEIGHT: f32 = 170.0;

/// Stations that are unknown come first: they are what a person has to say something about.
pub fn ui(ui: &mut Ui, ctx: &Ctx<'_>, look: &ReadingLook, wishes: &mut ReadingWishes) {
    let stations = &look.survey.stations;
    let mut order: Vec<usize> = (0..stations.len()).collect();
    let is_unknown = |at: &usize| stations.get(*at).is_some_and(|it| it.found.record().is_none());
    order.sort_by_key(|at| !is_unknown(at));
    let unknown = order.iter().take_while(|at| is_unknown(at)).count();
    let made = (0..stations.len())
        .filter(|at| matches!(wishes.stations.get(at), Some(StationWish::New(_))))
        .count();
    ui.horizontal_wrapped(|ui| {
        let (all, known) = (stations.len(), stations.len() - unknown);
        ui.label(strong(ctx.tell(
            format!("站点 {all}，对上 {known}，区内没有 {unknown}，将新建 {made}"),
            format!("{all} stations: {known} matched, {unknown} unknown, {made} to be made"),
        )));
        if unknown > 0 {
            let kind = kind_of_new(look.survey.kind);
            let words = ctx.tell(
                format!("区内没有的全部新建为{}", kind.label().zh),
                format!("Make all unknown ones: {}", kind.label().en),
            );
            let all = order.iter().take(unknown);
            if ui.add(Button::new(words)).clicked() {
                wishes.stations.extend(all.clone().map(|at| (*at, StationWish::New(kind))));
            }
            if ui.button(ctx.tell("全部不计", "Leave them out")).clicked() {
                wishes.stations.extend(all.map(|at| (*at, StationWish::LeaveOut)));
            }
        }
    });
    let height = row_height(ui);
    let area = ScrollArea::vertical().id_salt("reading stations").max_height(HEIGHT);
    area.auto_shrink([false, true]).show_rows(ui, height, order.len(), |ui, range| {
        for at in order.get(range).into_iter().flatten() {
            if let Some(station) = stations.get(*at) {
                let found = look.found.get(*at).map_or("", String::as_str);
                row_ui(ui, ctx, (*at, station, found), wishes, look.survey.kind);
            }
        }
    });
}

fn row_ui(
    ui: &mut Ui,
    ctx: &Ctx<'_>,
    (at, station, found): (usize, &SurveyedStation, &str),
    wishes: &mut ReadingWishes,
    kind: FileKind,
) {
    let wish = wishes.of(at, station.found);
    ui.horizontal(|ui| {
        ui.set_height(row_height(ui));
        let cell = |ui: &mut Ui, width: f32, text: &str| {
            ui.add_sized(vec2(width, 20.0), Label::new(text).truncate());
        };
        cell(ui, 130.0, &station.station.code);
        cell(ui, 170.0, &station.station.name);
        let rows = station.readings;
        ui.add_sized(
            vec2(90.0, 20.0),
            Label::new(note(ctx.tell(format!("{rows} 行"), format!("{rows} rows")))),
        );
        let shown = wish_words(ctx, wish, station.found, found);
        let mut all: Vec<StationWish> = Vec::new();
        all.extend(station.found.record().map(|_| StationWish::AsFound));
        let first = kind_of_new(kind);
        let second =
            if first == Kind::ControlPoint { Kind::WeatherStation } else { Kind::ControlPoint };
        all.extend([StationWish::New(first), StationWish::New(second), StationWish::LeaveOut]);
        let combo = ComboBox::from_id_salt(("reading station", at))
            .selected_text(&shown)
            .width(300.0)
            .show_ui(ui, |ui| {
                for choice in all {
                    let words = wish_words(ctx, choice, station.found, found);
                    if ui.selectable_label(choice == wish, words).clicked() {
                        wishes.stations.insert(at, choice);
                    }
                }
            });
        named_combo(&combo.response, station.station.called(), &shown);
    });
}

fn wish_words(ctx: &Ctx<'_>, wish: StationWish, found: Match, name: &str) -> String {
    match wish {
        StationWish::AsFound => match found {
            Match::Code(_) => ctx.tell(format!("按编码：{name}"), format!("by code: {name}")),
            Match::Name(_) => ctx.tell(format!("按名称：{name}"), format!("by name: {name}")),
            Match::Place(_, metres) => ctx.tell(
                format!("按位置：{name}（相距 {metres:.0} 米）"),
                format!("by place: {name} ({metres:.0} m)"),
            ),
            Match::Unknown => ctx.say(Text::new("区内没有", "unknown")).to_owned(),
        },
        StationWish::New(kind) => {
            let label = kind.label();
            ctx.tell(format!("新建{}", label.zh), format!("make: {}", label.en))
        }
        StationWish::LeaveOut => ctx.tell("不计", "left out"),
    }
}
