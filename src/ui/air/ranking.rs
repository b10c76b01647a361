//! Stations and townships side by side over the month.

use std::cmp::Ordering;

use egui::{Button, RichText, ScrollArea, Ui};

use super::dust::{PARTICLES, behind_words};
use super::numbers::csv_ui;
use super::others::Others;
use super::place::place_name;
use super::target::method_ui;
use crate::analysis::air::rank::Standing;
use crate::analysis::air::{
    CompositeIndex, DistrictFigures, IndexMethod, PlaceAir, Pollutant, Quantity,
    rounding::half_even, standings,
};
use crate::domain::Text;
use crate::ui::action::{Action, ViewAction};
use crate::ui::ctx::Ctx;
use crate::ui::parts::air::number_words;
use crate::ui::widgets::{empty, named, note, row_height};

/// The page: of what, and by which method.
#[derive(Default)]
pub struct Ranking {
    of: Of,
    method: IndexMethod,
    others: Others,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Of {
    #[default]
    Stations,
    Townships,
    /// The district among other cities.
    Others,
}

impl Ranking {
    /// Shows the table, the best first.
    pub fn ui(&mut self, ui: &mut Ui, ctx: &Ctx<'_>, figures: &DistrictFigures) {
        let figures = figures.ranked();
        ui.horizontal(|ui| {
            for (of, words) in [
                (Of::Stations, Text::new("站点", "Stations")),
                (Of::Townships, Text::new("乡镇", "Townships")),
                (Of::Others, Text::new("与他市", "Among cities")),
            ] {
                let tab = Button::selectable(self.of == of, ctx.say(words));
                if ui.add(tab).clicked() {
                    self.of = of;
                }
            }
            method_ui(ui, ctx, &mut self.method, "method of the ranking");
            let month = figures.period.ends().0.strftime("%Y-%m");
            let through = figures.through.strftime("%m-%d");
            ui.label(note(ctx.tell(
                format!("{month}，至 {through}；小者居前，同值同名次"),
                format!("{month} through {through}; small is good, equal values share a rank"),
            )));
            if self.of != Of::Others {
                let is_of_townships = self.of == Of::Townships;
                let places = if is_of_townships { &figures.townships } else { &figures.stations };
                csv_ui(ui, ctx, &ctx.tell("排名", "ranking"), || self.rows(ctx, places));
            }
        });
        if self.of == Of::Others {
            return self.others.ui(ui, ctx, figures, self.method);
        }
        let places = if self.of == Of::Townships { &figures.townships } else { &figures.stations };
        if places.is_empty() {
            let what = ctx.tell("控制点没有填写乡镇", "No control point says its township");
            let next =
                ctx.tell("在控制点卡片中填写所属乡镇", "Fill it in on the card of the point");
            return empty(ui, what, next);
        }
        let mut rows: Vec<(&PlaceAir, Option<Standing>)> =
            places.iter().zip(standings(places, self.method)).collect();
        rows.sort_by(|a, b| order(a.1).cmp(&order(b.1)).then_with(|| worse(a.0, b.0)));
        self.table_ui(ui, ctx, &rows);
    }

    fn rows(&self, ctx: &Ctx<'_>, places: &[PlaceAir]) -> Vec<Vec<String>> {
        let mut rows = vec![columns(ctx)];
        let has_dust = places.iter().any(|place| place.air.dust_days > 0);
        if has_dust {
            let of = PARTICLES.map(|it| {
                let symbol = it.symbol();
                ctx.tell(format!("{symbol}扣沙"), format!("{symbol} dust deducted"))
            });
            let index = ctx.tell("综合指数扣沙", "index dust deducted");
            rows[0].extend([index].into_iter().chain(of));
        }
        for (place, standing) in places.iter().zip(standings(places, self.method)) {
            let index = place.index(self.method);
            let primary: Vec<&str> =
                index.iter().flat_map(|it| it.primary().map(Pollutant::symbol)).collect();
            let days = &place.air.days;
            let mut row = vec![
                standing.map_or_else(String::new, |it| it.rank.to_string()),
                place_name(ctx, place),
                place.township.clone(),
                index_words(index.as_ref()),
                primary.join(" "),
                format!("{} / {}", days.good(), days.valid()),
            ];
            row.extend(Pollutant::ALL.map(|pollutant| {
                let value = place.air.raw[pollutant].value;
                value.map_or_else(String::new, |value| {
                    let value = half_even(value, pollutant.decimals());
                    format!("{value:.*}", usize::from(pollutant.decimals()))
                })
            }));
            if has_dust {
                row.push(index_words(place.index_dust_deducted(self.method).as_ref()));
                row.extend(PARTICLES.map(|it| {
                    let value = place.air.dust_deducted[it].value;
                    value.map_or_else(String::new, |value| number_words(Quantity::Of(it), value))
                }));
            }
            rows.push(row);
        }
        rows
    }

    fn table_ui(&self, ui: &mut Ui, ctx: &Ctx<'_>, rows: &[(&PlaceAir, Option<Standing>)]) {
        let columns = columns(ctx);
        let height = row_height(ui);
        ScrollArea::both().id_salt("air ranking").auto_shrink(false).show(ui, |ui| {
            egui::Grid::new("air ranking rows")
                .striped(false)
                .min_row_height(height - 6.0)
                .spacing([18.0, 4.0])
                .show(ui, |ui| {
                    for words in &columns {
                        ui.label(note(words));
                    }
                    ui.end_row();
                    for (place, standing) in rows {
                        self.row_ui(ui, ctx, place, *standing);
                        ui.end_row();
                    }
                });
        });
    }

    fn row_ui(&self, ui: &mut Ui, ctx: &Ctx<'_>, place: &PlaceAir, standing: Option<Standing>) {
        let rank = standing.map_or_else(
            || "—".to_owned(),
            |it| {
                ctx.tell(
                    format!("{}（倒{}）", it.rank, it.bottom_rank),
                    format!("{} (−{})", it.rank, it.bottom_rank),
                )
            },
        );
        ui.label(rank);
        let name = place_name(ctx, place);
        let index = place.index(self.method);
        let value = index_words(index.as_ref());
        let is_chosen = place.place.is_some_and(|id| ctx.chosen_station() == Some(id));
        let row = ui.selectable_label(is_chosen, RichText::new(&name));
        named(&row, &format!("{name} {value}"));
        if let Some(id) = place.place.filter(|_| row.clicked()) {
            ctx.actions.send(Action::Select(vec![id]));
            ctx.actions.view(ViewAction::ShowRecord(id));
        }
        ui.label(&place.township);
        let deducted = place.index_dust_deducted(self.method).map_or_else(String::new, |index| {
            let value = index_words(Some(&index));
            ctx.tell(format!("（扣沙 {value}）"), format!(" (dust deducted {value})"))
        });
        ui.horizontal(|ui| {
            ui.spacing_mut().item_spacing.x = 0.0;
            ui.label(RichText::new(value).strong());
            if !deducted.is_empty() {
                ui.label(note(deducted));
            }
        });
        ui.label(index.map_or_else(String::new, |index| {
            index.primary().map(Pollutant::symbol).collect::<Vec<_>>().join(" ")
        }));
        let days = &place.air.days;
        ui.label(format!("{}/{}", days.good(), days.valid()));
        for pollutant in Pollutant::ALL {
            let average = place.air.raw[pollutant];
            let words = average.value.map_or_else(
                || "—".to_owned(),
                |value| {
                    let value = half_even(value, pollutant.decimals());
                    format!("{value:.*}", usize::from(pollutant.decimals()))
                },
            );
            let tip = ctx.tell(
                format!("{} 天有效，共 {} 天", average.n, average.of),
                format!("{} valid days of {}", average.n, average.of),
            );
            ui.horizontal(|ui| {
                ui.spacing_mut().item_spacing.x = 0.0;
                ui.label(words).on_hover_text(tip);
                if let Some(behind) = behind_words(ctx, place, pollutant) {
                    ui.label(note(behind));
                }
            });
        }
    }
}

/// Without a rank last.
fn order(standing: Option<Standing>) -> usize {
    standing.map_or(usize::MAX, |it| it.rank)
}

/// Those without an index by their fine particles.
fn worse(a: &PlaceAir, b: &PlaceAir) -> Ordering {
    let of = |place: &PlaceAir| place.air.raw[Pollutant::Pm25].value.unwrap_or(f64::INFINITY);
    of(a).total_cmp(&of(b)).then_with(|| a.name.cmp(&b.name))
}

fn columns(ctx: &Ctx<'_>) -> Vec<String> {
    let mut columns: Vec<String> = [
        Text::new("名次", "Rank"),
        Text::new("名称", "Name"),
        Text::new("乡镇", "Township"),
        Text::new("综合指数", "Index"),
        Text::new("首要", "Primary"),
        Text::new("优良/有效天", "Good/valid days"),
    ]
    .map(|words| ctx.say(words).to_owned())
    .into();
    columns.extend(Pollutant::ALL.map(|pollutant| match pollutant {
        Pollutant::Co => "CO-95".to_owned(),
        Pollutant::O3 => "O3-8h-90".to_owned(),
        other => other.symbol().to_owned(),
    }));
    columns
}

/// With two decimals; a dash where one of the six pollutants is missing.
pub fn index_words(index: Option<&CompositeIndex>) -> String {
    index.map_or_else(|| "—".to_owned(), |index| format!("{:.2}", index.published()))
}
