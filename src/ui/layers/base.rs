//! What lies under all layers: the base map of choice, and on which datum it was cut.

use egui::{ComboBox, Ui};
use lucide_icons::Icon;

use crate::basemap::Datum;
use crate::domain::Text;
use crate::settings::{BaseChoice, Preference};
use crate::ui::base;
use crate::ui::command::Command;
use crate::ui::ctx::Ctx;
use crate::ui::widgets::{icon, named, named_combo, note};

/// Shows the base map that is chosen, and others to choose.
pub fn ui(ui: &mut Ui, ctx: &Ctx<'_>) {
    ui.add_space(4.0);
    ui.horizontal(|ui| {
        ui.label(icon(Icon::Map));
        let name = match &ctx.settings.base {
            BaseChoice::None => ctx.say(base::NONE).to_owned(),
            _ => crate::ui::parts::words::base_name(ctx),
        };
        let change = ui.small_button(ctx.tell("更换…", "Change…"));
        named(&change, &ctx.tell("更换底图", "Change the base map"));
        if change.clicked() {
            ctx.actions.command(Command::Settings);
        }
        ui.add(egui::Label::new(name).truncate());
    });
    if let BaseChoice::File { datum, .. } = &ctx.settings.base {
        datum_ui(ui, ctx, datum.as_deref());
    }
}

/// Many archives say nothing of their datum, or something wrong: the person may know better.
fn datum_ui(ui: &mut Ui, ctx: &Ctx<'_>, stated: Option<&str>) {
    let as_file = match stated {
        None => ctx.tell(
            format!("按文件（{}）", ctx.datum.name()),
            format!("as the file says ({})", ctx.datum.name()),
        ),
        Some(_) => ctx.tell("按文件", "as the file says"),
    };
    let shown = stated.unwrap_or(&as_file).to_owned();
    ui.indent("base", |ui| {
        ui.horizontal(|ui| {
            let title = ctx.say(Text::new("坐标基准", "Datum of the base map"));
            ui.label(note(title));
            let combo =
                ComboBox::from_id_salt("base datum").selected_text(&shown).show_ui(ui, |ui| {
                    let choices = [
                        (None, as_file.as_str()),
                        (Some(Datum::Wgs84.name()), Datum::Wgs84.name()),
                        (Some(Datum::Gcj02.name()), Datum::Gcj02.name()),
                    ];
                    for (choice, words) in choices {
                        if ui.selectable_label(stated == choice, words).clicked() {
                            state(ctx, choice);
                        }
                    }
                });
            named_combo(&combo.response, title, &shown);
        });
    });
}

fn state(ctx: &Ctx<'_>, choice: Option<&'static str>) {
    ctx.actions.prefer(Preference::BaseDatum(choice));
}
