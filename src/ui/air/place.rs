//! Whose air is shown: a station or the district, by name, and how to change it.

use egui::Ui;

use crate::analysis::air::{DistrictFigures, PlaceAir};
use crate::ui::action::Action;
use crate::ui::ctx::Ctx;
use crate::ui::widgets::{note, strong};

/// The station that is selected, else the district.
pub fn shown_place<'a>(ctx: &Ctx<'_>, figures: &'a DistrictFigures) -> &'a PlaceAir {
    let chosen = ctx.chosen_station();
    let of = |place| figures.stations.iter().find(|it| it.place == Some(place));
    chosen.and_then(of).unwrap_or(&figures.district)
}

/// `丰润区政府`, or the mean of how many stations.
pub fn place_name(ctx: &Ctx<'_>, place: &PlaceAir) -> String {
    let count = place.stations;
    match (place.place, place.name.is_empty()) {
        (_, false) => place.name.clone(),
        (Some(_), true) => ctx.tell("无名站", "station"),
        (None, true) => {
            ctx.tell(format!("全区（{count} 站均值）"), format!("District (mean of {count})"))
        }
    }
}

/// The name of what is shown, with how to change it.
pub fn place_ui(ui: &mut Ui, ctx: &Ctx<'_>, place: &PlaceAir) {
    ui.label(strong(place_name(ctx, place)));
    if place.place.is_some() {
        if ui.button(ctx.tell("看全区", "Whole district")).clicked() {
            ctx.actions.send(Action::Select(Vec::new()));
        }
    } else {
        ui.label(note(ctx.tell("在图上或排名中点一个站看它", "Click a station to see its own")));
    }
}
