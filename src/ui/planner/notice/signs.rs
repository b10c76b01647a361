//! The annexes of a notice on the screen: its map, and the signs and cameras to put up.

use egui::{Align, Button, Image, Label, Layout, ScrollArea, Sense, Ui};
use egui_extras::{Column, TableBuilder};
use geo_types::Coord;
use lucide_icons::Icon;

use crate::domain::Text;
use crate::map::view::View;
use crate::report::notice::{Notice, SignPost};
use crate::ui::action::ViewAction;
use crate::ui::ctx::Ctx;
use crate::ui::model::notice::Drafted;
use crate::ui::widgets::{icon, named, note};

const ROW: f32 = 28.0;
/// A sign is looked at from here.
const ZOOM: f64 = 17.0;
/// The map is no wider, points.
const MAP_WIDTH: f32 = 700.0;

/// Words, width in points, and the column of the printed schedule.
const COLUMNS: [(Text, f32, usize); 5] = [
    (Text::new("措施", "Order"), 56.0, 1),
    (Text::new("位置", "Place"), 215.0, 2),
    (Text::new("标志", "Sign"), 130.0, 4),
    (Text::new("辅助标志", "Plate"), 110.0, 5),
    (Text::new("摄像机", "Camera"), 150.0, CAMERA),
];
const CAMERA: usize = 6;

/// Which annex is shown.
#[derive(Default)]
pub struct Annex {
    shows_map: bool,
}

impl Annex {
    /// Shows the schedule of signs and cameras, and exports it.
    pub fn ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>, drafted: &Drafted, notice: &Notice) {
        let uncovered = notice.entries.iter().filter(|entry| !entry.watch.is_sure()).count();
        let count = notice.entries.len();
        ui.horizontal_wrapped(|ui| {
            for (is_map, words) in [
                (true, Text::new("附件1 示意图", "Annex 1: the map")),
                (false, Text::new("附件2 标志与摄像头", "Annex 2: signs and cameras")),
            ] {
                let button = Button::selectable(self.shows_map == is_map, ctx.say(words));
                if ui.add(button).clicked() {
                    self.shows_map = is_map;
                }
            }
            ui.label(note(ctx.tell(
                format!("{count} 处，其中 {uncovered} 处未覆盖"),
                format!("{count} places, {uncovered} without a camera"),
            )));
        });
        if self.shows_map {
            map_ui(ui, ctx);
        } else {
            table_ui(ui, ctx, &drafted.rows, &notice.entries);
        }
    }
}

fn map_ui(ui: &mut Ui, ctx: &Ctx<'_>) {
    let map = ctx.planner.notice_map.as_ref().filter(|map| map.of.plan == ctx.planner.plan);
    if let Some(texture) = map.and_then(|map| map.picture.as_ref()) {
        ScrollArea::vertical().id_salt("notice map").auto_shrink(false).show(ui, |ui| {
            let width = ui.available_width().min(MAP_WIDTH);
            ui.add(Image::new(texture).max_width(width));
        });
    }
}

fn table_ui(ui: &mut Ui, ctx: &Ctx<'_>, rows: &[Vec<String>], entries: &[SignPost]) {
    let height = ui.available_height();
    ScrollArea::horizontal().id_salt("signs").auto_shrink(false).show(ui, |ui| {
        let mut table = TableBuilder::new(ui)
            .id_salt("notice signs")
            .sense(Sense::hover())
            .cell_layout(Layout::left_to_right(Align::Center))
            .resizable(true)
            .min_scrolled_height(60.0)
            .max_scroll_height((height - ROW).max(60.0))
            .auto_shrink(false)
            .column(Column::exact(64.0));
        for (_, width, _) in COLUMNS {
            table = table.column(Column::initial(width).at_least(40.0).clip(true));
        }
        table
            .header(ROW, |mut header| {
                header.col(|ui| drop(ui.label(note(ctx.tell("序号", "No.")))));
                for (words, ..) in COLUMNS {
                    header.col(|ui| drop(ui.label(note(ctx.say(words)))));
                }
            })
            .body(|body| {
                body.rows(ROW, entries.len(), |mut row| {
                    let place = row.index();
                    let Some((cells, entry)) = rows.get(place).zip(entries.get(place)) else {
                        return;
                    };
                    row.col(|ui| number_ui(ui, ctx, place + 1, entry));
                    for (_, _, column) in COLUMNS {
                        let text = cells.get(column).map(String::as_str).unwrap_or_default();
                        row.col(|ui| {
                            if column == CAMERA && !entry.watch.is_sure() {
                                let color = ctx.color(|t| t.watch);
                                ui.label(icon(Icon::TriangleAlert).color(color));
                            }
                            cell_ui(ui, text);
                        });
                    }
                });
            });
    });
}

fn cell_ui(ui: &mut Ui, text: &str) {
    ui.add(Label::new(text).truncate()).on_hover_text(text);
}

/// The number of a row, and the way to its place.
fn number_ui(ui: &mut Ui, ctx: &Ctx<'_>, number: usize, entry: &SignPost) {
    ui.label(number.to_string());
    let button = Button::new(icon(Icon::Crosshair)).small().frame_when_inactive(false);
    let button = ui.add(button);
    let words =
        ctx.tell(format!("在图上看标志 {number}"), format!("Show sign {number} on the map"));
    named(&button, &words);
    if button.on_hover_text(words).clicked() {
        ctx.actions.select(entry.record);
        let Coord { x, y } = entry.at;
        ctx.actions.view(ViewAction::Show(View { center: Coord { x, y }, zoom: ZOOM }));
    }
}
