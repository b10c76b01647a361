//! High values: what waits, its clocks, where it may come from, who is told; the rules and how well
//! they do.

pub mod board;
mod detail;
mod findings;
mod list;
mod numbers;
mod on_map;
mod rules;
mod sources;
pub mod strip;
mod words;
pub mod work;

use egui::{Align, Button, Layout, Rect, Ui, UiBuilder};

pub use self::detail::step_words;
pub use self::on_map::{Behind, OnMap};
use super::command::Command;
use super::ctx::Ctx;
use super::widgets::{empty, icon_button};
use crate::domain::Text;

/// The panel below the map.
#[derive(Default)]
pub struct EpisodesPanel {
    page: Page,
    detail: detail::Detail,
    rules: rules::RulesPage,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Page {
    #[default]
    Episodes,
    Numbers,
    Rules,
}

impl Page {
    const ALL: [Self; 3] = [Self::Episodes, Self::Numbers, Self::Rules];

    const fn words(self) -> Text {
        match self {
            Self::Episodes => Text::new("处置", "Episodes"),
            Self::Numbers => Text::new("统计", "Statistics"),
            Self::Rules => Text::new("规则", "Rules"),
        }
    }
}

impl EpisodesPanel {
    /// Shows the page that is open.
    pub fn ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) {
        ui.set_min_height(ui.available_height());
        ui.horizontal(|ui| {
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                icon_button(ui, ctx, Command::Dock, true);
                if self.page == Page::Episodes {
                    list::all_ui(ui, ctx);
                }
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    for page in Page::ALL {
                        let tab = Button::selectable(page == self.page, ctx.say(page.words()));
                        if ui.add(tab).clicked() {
                            self.page = page;
                        }
                    }
                });
            });
        });
        ui.add_space(2.0);
        match self.page {
            Page::Episodes => self.episodes_ui(ui, ctx),
            Page::Numbers => numbers::ui(ui, ctx),
            Page::Rules => self.rules.ui(ui, ctx),
        }
    }

    fn episodes_ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>) {
        if ctx.episode_list().is_empty() {
            return nothing_ui(ui, ctx);
        }
        let all = ui.available_rect_before_wrap();
        let list = (all.width() * 0.25).clamp(200.0, 340.0);
        let detail = ((all.width() - list) * 0.5).max(260.0);
        let columns = [
            Rect::from_x_y_ranges(all.left()..=all.left() + list - 10.0, all.y_range()),
            Rect::from_x_y_ranges(
                all.left() + list..=all.left() + list + detail - 10.0,
                all.y_range(),
            ),
            Rect::from_x_y_ranges(all.left() + list + detail..=all.right(), all.y_range()),
        ];
        let line = ui.visuals().widgets.noninteractive.bg_stroke;
        for column in &columns[1..] {
            ui.painter().vline(column.left() - 5.0, all.y_range(), line);
        }
        let column = |ui: &mut Ui, rect: Rect, show: &mut dyn FnMut(&mut Ui)| {
            let mut own = ui.new_child(UiBuilder::new().max_rect(rect));
            own.shrink_clip_rect(rect.expand(2.0));
            show(&mut own);
        };
        column(ui, columns[0], &mut |ui| list::ui(ui, ctx));
        column(ui, columns[1], &mut |ui| self.detail.ui(ui, ctx));
        column(ui, columns[2], &mut |ui| sources::ui(ui, ctx));
        ui.allocate_rect(all, egui::Sense::hover());
    }
}

/// What to do where nothing was found.
fn nothing_ui(ui: &mut Ui, ctx: &Ctx<'_>) {
    if ctx.air.hours.is_none() {
        let what = ctx
            .tell("还没有空气监测数据，无从预警", "There are no readings, so nothing can be found");
        let next = ctx.tell(
            "把站点小时值文件拖到窗口上，或 shapan import 区域.gpkg 文件；值守机可运行 shapan watch 区域.gpkg",
            "Drop a file of hourly values on the window, or shapan import DISTRICT.gpkg FILE; a duty server may run shapan watch DISTRICT.gpkg",
        );
        return empty(ui, what, next);
    }
    if ctx.episodes.rows.of().is_none() {
        return empty(ui, ctx.tell("正在按规则查找…", "Looking for high values…"), "");
    }
    let what = ctx.tell("近7天没有需要处置的高值", "Nothing of the last seven days needed anybody");
    let next = ctx.tell(
        "“全部”里有关注和超标；阈值在“规则”页",
        "“All” has attention and limits; thresholds stand under Rules",
    );
    empty(ui, what, next);
}
